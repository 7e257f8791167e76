"""Messages written by a grammar, to train the tagger; nothing here runs in a conversation."""
