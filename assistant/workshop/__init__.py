"""Live sessions with a room of phones: what happens is events, what is seen is their fold."""
