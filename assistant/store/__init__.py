"""What people said and were answered, kept on their own machine."""
