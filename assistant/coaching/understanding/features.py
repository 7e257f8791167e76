"""What the tagger sees of a message: its words, as numbers.

Each word is a handful of places in one hashed table: the word, its beginnings and endings, pieces
of three and four letters (as in fastText, Bojanowski et al. 2017), the word classes that the
patterns of ``comprehension.yaml`` already know, and whether it is a common word at all: a name in
small letters is not.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.coaching.understanding.lexicon import Lexicon, stem
from assistant.coaching.understanding.organisations import KINDS
from assistant.coaching.understanding.text import Message

BUCKETS = 16_384
COMMON = 1 << 17  # places for the words that are common
LONGEST = 240  # words looked at; what follows in a longer message is for the patterns
_WORD = re.compile(r"[a-z]+|\d+(?:[ .,]\d+)*|[^\w\s]")
_CLASSES = (
    "objet_salarie", "objet_bien", "objet_argent", "objet_prestation", "verbe_donner",
    "verbe_preter", "verbe_payer", "verbe_vendre", "verbe_aider", "verbe_recevoir",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a message by their places in the working text, and their features."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    features: tuple[tuple[int, ...], ...]


Common = NDArray[np.uint8]


def common(words: Iterable[str]) -> Common:
    """Folded words as places in a table of bits."""
    table = np.zeros(COMMON, dtype=np.uint8)
    for word in words:
        table[zlib.crc32(word.encode()) % COMMON] = 1
    return np.packbits(table)


def tokens(message: Message, lexicon: Lexicon, known: Common) -> Tokens:
    """The first words of ``message`` with the buckets of each; ``known`` are the common words."""
    found = [m.span() for m in _WORD.finditer(message.work)][:LONGEST]
    classes = _classes(message, lexicon, found)
    return Tokens(
        starts=tuple(start for start, _ in found),
        ends=tuple(end for _, end in found),
        features=tuple(
            (
                *_of_word(message.work[start:end]), *_shape(message, start),
                *_rarity(message.work[start:end], known), *classes[place],
                *_families(message.work[start:end], lexicon),
            )
            for place, (start, end) in enumerate(found)
        ),
    )  # fmt: skip


def bucket(name: str) -> int:
    """The place of a feature in the table: the same on every machine."""
    return zlib.crc32(name.encode()) % BUCKETS


_RARE = bucket("rare")
_SHORT = 3


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[int, ...]:
    if word[0].isdigit():
        digits = re.sub(r"\D", "", word)
        size = "year" if re.fullmatch(r"20\d\d", word) else str(min(len(digits), 7))
        return (bucket("#"), bucket(f"#{size}"), bucket(f"w:{word}"))
    if not word.isalpha():
        return (bucket(f"w:{word}"),)
    edged = f"<{word}>"
    names = [f"w:{word}", f"w:{word}", f"p:{word[:4]}", f"s:{word[-3:]}"]
    names += [f"g:{edged[i : i + 4]}" for i in range(max(1, len(edged) - 3))]
    return tuple(bucket(name) for name in names[:16])


def _rarity(word: str, known: Common) -> tuple[int, ...]:
    if len(word) < _SHORT or not word.isalpha():
        return ()
    place = zlib.crc32(word.encode()) % COMMON
    if known[place >> 3] >> (7 - (place & 7)) & 1:
        return ()
    return (_RARE,)


def _families(word: str, lexicon: Lexicon) -> list[int]:
    return [bucket(f"family:{name}") for name in lexicon.families.get(stem(word), ())]


def _shape(message: Message, start: int) -> tuple[int, ...]:
    first = message.span(start, start + 1)[0]
    if first < len(message.original) and message.original[first].isupper():
        opens = first == 0 or message.original[max(0, first - 2)] in ".!?\n"
        return (bucket("shape:opening" if opens else "shape:capital"),)
    return ()


def _classes(
    message: Message, lexicon: Lexicon, found: Sequence[tuple[int, int]]
) -> list[list[int]]:
    classes: list[list[int]] = [[] for _ in found]
    patterns = [(f"org:{kind}", lexicon.context(f"org_{kind}")) for kind in KINDS]
    patterns += [(name, lexicon.context(name)) for name in _CLASSES]
    end = found[-1][1] if found else 0
    for name, pattern in patterns:
        place, number = 0, bucket(f"class:{name}")
        for match in pattern.finditer(message.work, 0, end):
            while place < len(found) and found[place][1] <= match.start():
                place += 1
            reached = place
            while reached < len(found) and found[reached][0] < match.end():
                classes[reached].append(number)
                reached += 1
    return classes
