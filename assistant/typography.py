"""French typography for everything people read.

Authors write plain apostrophes and spaces; the loader applies these rules once, so that the
index, the answer and the page hold the same characters.
"""

import re

NARROW = "\u202f"  # narrow no-break space: before ; ! ? % and inside large numbers
NO_BREAK = "\u00a0"  # no-break space: before : and inside guillemets

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_HIGH_PUNCTUATION = re.compile(r"[ \u00a0\u202f]+([;!?])")
_COLON = re.compile(r"[ \u00a0\u202f]+:(?!\S)")
_OPENING = re.compile(r"«[ \u00a0\u202f]*")
_CLOSING = re.compile(r"[ \u00a0\u202f]*»")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNIT = re.compile(r"(?<=\d)[ \u00a0\u202f]*([%‰€])")
_AMOUNT = re.compile(r"(?<=\d) (?=(?:million|milliard|M€|Md€|euros|k€|ans|mois|jours)\b)")


def french(text: str) -> str:
    """Return ``text`` with typographic apostrophes and French no-break spaces.

    Idempotent: ``french(french(t)) == french(t)``.
    """
    text = _APOSTROPHE.sub("\u2019", text)
    text = _THOUSANDS.sub(NARROW, text)
    text = _UNIT.sub(NARROW + r"\1", text)
    text = _AMOUNT.sub(NO_BREAK, text)
    text = _HIGH_PUNCTUATION.sub(NARROW + r"\1", text)
    text = _OPENING.sub("«" + NO_BREAK, text)
    text = _CLOSING.sub(NO_BREAK + "»", text)
    return _COLON.sub(NO_BREAK + ":", text)
