"""Other programs use what this project knows: MCP clients, LangChain chains."""
