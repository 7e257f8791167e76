"""One case file, from the first answer to the signed text: what is known, by slot name."""
