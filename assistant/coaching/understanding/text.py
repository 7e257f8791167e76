"""A message prepared for reading: folded, repaired, cut; every place leads back to its words."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.coaching.understanding.lexicon import Lexicon
from assistant.knowledge.analysis import fold

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_TYPOGRAPHY = str.maketrans({
    "’": "'", "ʼ": "'", "`": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "–": "-", "—": "-", "‑": "-", "“": '"', "”": '"', "«": '"', "»": '"', "\u2010": "-",
})  # fmt: skip
# what is looked at around a word is at most this long: reading stays linear
_LONGEST = 800
_SENTENCE = re.compile(r"[^.!?;\n]*(?:[.!?;\n]+|$)")
# a dot between two digits, or of an abbreviation, ends nothing
_INNER_DOT = re.compile(r"(?<=\d)\.(?=\d)|(?<=\b[a-z])\.(?=[a-z]\b)|(?<=\bst)\.|(?<=\bm)\.")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the working text, by its places there."""

    start: int
    end: int
    question: bool = False

    def holds(self, place: int) -> bool:
        """Whether ``place`` is inside."""
        return self.start <= place < self.end


@dataclass(frozen=True, slots=True)
class Message:
    """``work`` is what patterns read; ``span`` leads back to the original text."""

    original: str
    work: str
    sentences: tuple[Passage, ...]
    # words whose length changed: place in work and end, place in the original and end
    _changed: tuple[tuple[int, int, int, int], ...] = ()
    _starts: tuple[int, ...] = field(default=())
    _origins: tuple[int, ...] = field(default=())
    _sentence_starts: tuple[int, ...] = field(default=())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a place in the working text, blanks trimmed."""
        first, last = self._back(start, at_end=False), self._back(end, at_end=True)
        words = self.original[first:last]
        first += len(words) - len(words.lstrip())
        return first, max(first, first + len(words.strip()))

    def place(self, original: int) -> int:
        """The place in the working text of a place in the original."""
        number = bisect_right(self._origins, original) - 1
        if number < 0:
            return original
        start, end, _, last = self._changed[number]
        return end + original - last if original >= last else start

    def sentence(self, place: int) -> Passage:
        """The sentence that holds ``place``."""
        number = max(0, bisect_right(self._sentence_starts, place) - 1)
        return self.sentences[number] if self.sentences else Passage(0, 0)

    def clause(self, place: int) -> Passage:
        """What stands between two commas around ``place``, in its sentence."""
        around = self.sentence(place)
        first = max(self.work.rfind(mark, around.start, place) for mark in ",:()") + 1
        ends = [e for m in ",:()" if (e := self.work.find(m, place, around.end)) >= 0]
        return Passage(max(first, around.start), min(ends, default=around.end))

    def _back(self, place: int, *, at_end: bool) -> int:
        number = bisect_right(self._starts, place - at_end) - 1
        if number < 0:
            return place
        _, work_end, start, end = self._changed[number]
        if place >= work_end:
            return end + place - work_end
        return end if at_end else start


class Preparer:
    """Prepares messages with one lexicon; remembers the words it has seen."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._word = lru_cache(maxsize=20_000)(self._read_word)

    def prepare(self, text: str) -> Message:
        """Fold and repair ``text``; linear in its length."""
        parts: list[str] = []
        changed: list[tuple[int, int, int, int]] = []
        place = size = 0
        for match in _WORD.finditer(text):
            gap = text[place : match.start()].translate(_TYPOGRAPHY)
            word = self._word(match[0])
            parts += (gap, word)
            size += len(gap)
            if len(word) != match.end() - match.start() or not word.isascii():
                changed.append((size, size + len(word), match.start(), match.end()))
            size += len(word)
            place = match.end()
        parts.append(text[place:].translate(_TYPOGRAPHY))
        work = "".join(parts)
        sentences = tuple(_sentences(work))
        return Message(
            text, work, sentences, tuple(changed), tuple(c[0] for c in changed),
            tuple(c[2] for c in changed), tuple(s.start for s in sentences),
        )  # fmt: skip

    def _read_word(self, word: str) -> str:
        folded = fold(word)
        lexicon = self._lexicon
        if folded in lexicon.words.fautes:
            return fold(lexicon.words.fautes[folded])
        if len(folded) < 6 or not folded.isalpha() or folded in lexicon.protected:
            return folded
        if folded[:-1] in lexicon.protected and folded[-1] in "sxe":
            return folded
        return self._repaired(folded)

    def _repaired(self, word: str) -> str:
        allowed = 1 if len(word) < 11 else 2
        best, distance = word, allowed + 1
        for known in self._lexicon.vocabulary.get(word[0], ()):
            if abs(len(known) - len(word)) <= allowed:
                found = OSA.distance(word, known, score_cutoff=distance - 1)
                if found < distance:
                    best, distance = known, found
        return best


def _sentences(work: str) -> Iterator[Passage]:
    # one character for one character: places stay
    cut = _INNER_DOT.sub("·", work)
    for match in _SENTENCE.finditer(cut):
        asked = match[0].rstrip().endswith("?")
        start = match.start()
        while match.end() - start > _LONGEST:
            blank = cut.rfind(" ", start, start + _LONGEST)
            end = blank + 1 if blank > start else start + _LONGEST
            yield Passage(start, end, asked)
            start = end
        if match.end() > start:
            yield Passage(start, match.end(), asked)
