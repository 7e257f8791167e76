"""Any language model behind one port: it words and reads, it never decides (design.md, law 2)."""
