"""Paragraphs cut into sentences."""

import re
from itertools import zip_longest

SENTENCE_END = re.compile(r"(?<=[.!?…])([\u00a0\u202f ]*»)?\s+(?=[«A-ZÉÈÀÂÊÎÔÇ0-9])")
_ABBREVIATIONS = (
    "art.",
    "p.",
    "etc.",
    "cf.",
    "ex.",
    "M.",
    "Mme.",
    "n°",
    "St.",
    "vol.",
    "L.",
    "R.",
    "D.",
)


def sentences(text: str) -> list[str]:
    """Cut a paragraph into sentences, known abbreviations not being ends."""
    parts = SENTENCE_END.split(text)  # a sentence, its closing guillemets or None, a sentence…
    joined: list[str] = []
    for part in map(
        "".join, zip_longest(parts[::2], (mark or "" for mark in parts[1::2]), fillvalue="")
    ):
        if joined and joined[-1].endswith(_ABBREVIATIONS):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined
