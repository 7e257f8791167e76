"""The rules of domain/conventions.md §2: conditions here, messages in ``corpus/regles.yaml``."""
