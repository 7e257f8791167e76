"""One message, as really typed, into typed findings, beliefs and a command; no language model."""

from assistant.coaching.understanding.lexicon import Lexicon, load_lexicon
from assistant.coaching.understanding.model import (
    Belief,
    Command,
    Expectation,
    Finding,
    Option,
    Reading,
    Span,
)
from assistant.coaching.understanding.reader import read_message

__all__ = [
    "Belief", "Command", "Expectation", "Finding", "Lexicon", "Option", "Reading", "Span",
    "load_lexicon", "read_message",
]  # fmt: skip
