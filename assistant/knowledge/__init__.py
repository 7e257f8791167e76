"""Cards and imported documents → passages → embeddings → index → search."""
