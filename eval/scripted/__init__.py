"""Language models of our own making, good and bad, over the real OpenAI protocol."""
