"""Where the words that someone claims to quote stand in a message, whatever its typography."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CLUSTER = re.compile(r"\s+|.[\u0300-\u036f]*", re.DOTALL)
_TYPOGRAPHY = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "‐": "-",
    "−": "-", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "œ": "oe", "Œ": "OE", "æ": "ae",
    "Æ": "AE",
}  # fmt: skip
# the French put a space before these and inside their quotes, others do not
_TIGHT_BEFORE, _QUOTE = frozenset(";:!?%€"), '"'
_EDGES = " .,;:!?\"'()-"
_MOST = 20  # places of the same words that are looked at
LONGEST = 400  # characters of what is quoted


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without its typography; each character leads back to those it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def folded(text: str) -> Folded:
    """``text`` with plain quotes, dashes and ligatures, single spaces, and nothing invisible."""
    written: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        for character in _plain(match[0]):
            last = written[-1] if written else ""
            if character == " " and last in (" ", _QUOTE):
                continue
            if last == " " and (character in _TIGHT_BEFORE or character == _QUOTE):
                for column in (written, starts, ends):
                    column.pop()
            written.append(character)
            starts.append(match.start())
            ends.append(match.end())
    return Folded("".join(written), tuple(starts), tuple(ends))


def _plain(cluster: str) -> str:
    if cluster[0].isspace():
        return " "
    if unicodedata.category(cluster[0]) in ("Cc", "Cf"):
        return ""
    return _TYPOGRAPHY.get(cluster, unicodedata.normalize("NFC", cluster))


def bare(words: str) -> str:
    """Claimed words without typography nor the marks around them."""
    return folded(words[: 2 * LONGEST]).text.strip(_EDGES)


def places(words: str, message: Folded) -> Iterator[tuple[int, int]]:
    """Each place of ``words`` in the original of ``message``; never the inside of a word."""
    wanted = bare(words)
    if not wanted or len(wanted) > LONGEST or not any(c.isalnum() for c in wanted):
        return
    if len(wanted) == 1 and not wanted.isdigit():
        return
    text, place = message.text, -1
    for _ in range(_MOST):
        place = text.find(wanted, place + 1)
        if place < 0:
            return
        end = place + len(wanted)
        if not (_joined(text, place) or _joined(text, end)):
            yield message.starts[place], message.ends[end - 1]


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place belong to one word."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
