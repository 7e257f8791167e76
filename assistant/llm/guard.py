"""Whether a sentence written by a model may be shown: only what its cited passages say.

Strict on purpose (design.md, law 1): a sentence that is right and dropped costs style, one that is
wrong and kept costs trust. What is checked: it cites; its quantities, references and names are in
the cited sentences that it restates, in the same order, about the same things; it denies, obliges,
allows and forbids as they do; it promises nothing; most of its words are theirs.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from assistant.knowledge.analysis import STOP_WORDS, is_informative, stems
from assistant.knowledge.content import load_yaml, validate
from assistant.llm.citations import read
from assistant.llm.evidence import Saying, Words, sayings
from assistant.llm.names import Vocabulary, vocabulary
from assistant.llm.quantities import Quantity, grounds

COVERAGE = 0.6  # share of a sentence's informative words that its passages or the question hold
_SUPPORTS = 3  # source sentences that one sentence may join
_REMEMBERED = 512  # passages read, kept for the next sentence
_LIST_MARK = re.compile(r"^\s*(?:[-*+•–]|\d{1,3}[.)]|#{1,6})\s+")


class Dropped(StrEnum):
    """Why a sentence is not shown."""

    UNCITED = "uncited"
    UNKNOWN_SOURCE = "unknown_source"
    EMPTY = "empty"
    PROMISE = "promise"
    NUMBER = "number"
    DATE = "date"
    REFERENCE = "reference"
    NAME = "name"
    CONTEXT = "context"  # said in the passage, of something else
    POLARITY = "polarity"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``text`` is the sentence with its markers settled at the end, as answers place them.

    ``detail`` is what was not found: part of a message, for tests and screens, never for logs.
    """

    kept: bool
    reason: Dropped | None
    text: str
    cites: tuple[str, ...]
    unknown: int = 0
    detail: str = field(default="", repr=False)


class Guard:
    """Judges sentences; ``texts`` are those of the corpus, from which it learns common words."""

    def __init__(self, words: Words, texts: Iterable[str]) -> None:
        self._words = words
        self._vocabulary = vocabulary(texts)
        self._promises = tuple(re.compile(pattern) for pattern in words.promesses)
        self._guarantee = re.compile(words.garanties)
        self._read: OrderedDict[str, tuple[Saying, ...]] = OrderedDict()

    @property
    def words(self) -> Words:
        """The expressions of ``corpus/garde.yaml``."""
        return self._words

    @property
    def vocabulary(self) -> Vocabulary:
        """What it takes for ordinary words."""
        return self._vocabulary

    def judge(self, sentence: str, passages: Mapping[str, str], *, question: str = "") -> Verdict:
        """Keep or drop one sentence.

        ``passages`` are the given texts by source id (« S1 »). The words of ``question`` may be
        repeated; its numbers and names ground nothing.
        """
        cited = read(sentence, passages.keys())
        bare = _LIST_MARK.sub("", cited.bare)
        said = Saying(bare.strip(), self._words, self._vocabulary)
        reason, detail = self._reason(said, [passages[n] for n in cited.ids], question)
        if not cited.ids:
            reason = Dropped.UNKNOWN_SOURCE if cited.unknown else Dropped.UNCITED
            detail = ""
        return Verdict(reason is None, reason, cited.settled, cited.ids, cited.unknown, detail)

    def _reason(
        self, said: Saying, texts: Sequence[str], question: str
    ) -> tuple[Dropped | None, str]:
        if not said.stems:
            return Dropped.EMPTY, ""
        if (promise := self._promise(said)) is not None:
            return Dropped.PROMISE, promise
        evidence = [saying for text in texts for saying in self._sayings(text)]
        if not evidence:
            return Dropped.UNCITED, ""
        support = _support(said, evidence)
        checks = (
            _quantities(said, evidence, support),
            _names(said, evidence, support),
            _coverage(said, evidence, question),
            _order(said, support),
            _binding(said, evidence),
            _polarity(said, support, self._words.retenus),
        )
        for found in checks:
            for reason, detail in found:
                return reason, detail
        return None, ""

    def _promise(self, said: Saying) -> str | None:
        for pattern in self._promises:
            if (match := pattern.search(said.flat)) is not None:
                return match[0]
        match = self._guarantee.search(said.flat)
        return match[0] if match and not said.negations else None

    def _sayings(self, passage: str) -> tuple[Saying, ...]:
        known = self._read.get(passage)
        if known is None:
            known = self._read[passage] = sayings(passage, self._words, self._vocabulary)
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return known


def load_guard(corpus: Path, texts: Iterable[str]) -> Guard:
    """The guard of a content directory; ``texts`` are the bodies of its units."""
    path = corpus / "garde.yaml"
    data = load_yaml(path.read_text(encoding="utf-8"), name=path.name)
    return Guard(validate(Words, data, name=path.name), texts)


def counted(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many were kept (« kept ») and dropped, by reason."""
    return Counter(v.reason.value if v.reason else "kept" for v in verdicts)


_Found = Iterator[tuple[Dropped, str]]
_REASONS = {
    "date": Dropped.DATE, "weekday": Dropped.DATE, "article": Dropped.REFERENCE,
    "ref": Dropped.REFERENCE, "page": Dropped.REFERENCE,
}  # fmt: skip


def _support(said: Saying, evidence: Sequence[Saying]) -> list[Saying]:
    """The source sentences that ``said`` restates: the nearest, then those its rest is from."""
    rest = set(said.stems)
    chosen: list[Saying] = []
    while len(chosen) < _SUPPORTS:
        best = max(evidence, key=lambda e: _likeness(rest, said, e))
        if best in chosen or len(rest & best.stems) < (2 if chosen else 1):
            break
        chosen.append(best)
        rest -= best.stems
    return chosen


def _likeness(rest: set[str], said: Saying, saying: Saying) -> tuple[float, float]:
    shared = len(rest & saying.stems)
    whole = len(said.stems & saying.stems)
    return 2 * shared / (len(rest) + len(saying.stems) or 1), whole


def _quantities(said: Saying, evidence: Sequence[Saying], support: Sequence[Saying]) -> _Found:
    for stated in said.quantities:
        if not any(grounds(q, stated) for e in evidence for q in e.quantities):
            yield _REASONS.get(stated.kind, Dropped.NUMBER), " ".join(stated.value)
    for stated in said.quantities:
        found = [q for e in support for q in e.quantities if grounds(q, stated)]
        if all(q.mode != stated.mode for q in found):
            yield Dropped.CONTEXT, " ".join((stated.mode, *stated.value))


def _names(said: Saying, evidence: Sequence[Saying], support: Sequence[Saying]) -> _Found:
    words = {t.word for e in evidence for t in e.tokens}
    capitals = {t.word for e in evidence for t in e.tokens if t.capital}
    for token in said.names:
        if token.opening or not token.capital:
            held = token.word in words or (not token.acronym and _related(token.word, words))
        else:
            held = token.word in capitals
        if not held:
            yield Dropped.NAME, token.word
    near = {t.word for e in support for t in e.tokens}
    pairs = frozenset().union(*(e.pairs for e in evidence))
    for token in said.names:
        if token.capital and not token.opening and token.word not in near | STOP_WORDS:
            yield Dropped.CONTEXT, token.word
    for before, after in pairwise(said.tokens):
        joined = after.joined and before.capital and after.capital and not before.opening
        if joined and (before.word, after.word) not in pairs:
            yield Dropped.NAME, f"{before.word} {after.word}"


def _related(word: str, words: Iterable[str]) -> bool:
    """Whether a word is another form of one of ``words``: « notifiée » of « notifié »."""
    root = word[: max(5, len(word) - 3)]
    return any(other.startswith(root) for other in words)


def _coverage(said: Saying, evidence: Sequence[Saying], question: str) -> _Found:
    held = frozenset().union(*(e.stems for e in evidence))
    asked = {s for s in stems(question) if is_informative(s) and not s[0].isdigit()}
    own = {s for s in said.stems if s[0] != "#"} or said.stems
    if not own & held or len(own & (held | asked)) < COVERAGE * len(own):
        yield Dropped.UNSUPPORTED, " ".join(sorted(own - held))


def _order(said: Saying, support: Sequence[Saying]) -> _Found:
    """Two names, or two values of a kind, in the order of the sentence that holds both."""
    for first, second in pairwise(said.sequence):
        both = [e.sequence for e in support if {first, second} <= set(e.sequence)]
        if first != second and not any((first, second) in pairwise(names) for names in both):
            yield Dropped.CONTEXT, f"{first} {second}"
    for first_value, second_value in _successive(said.quantities):
        holding = [
            [(a, b) for a in _places(e, first_value) for b in _places(e, second_value)]
            for e in support
        ]
        if any(holding) and not any(a < b for pairs in holding for a, b in pairs):
            yield Dropped.CONTEXT, " ".join((*first_value.value, *second_value.value))


def _successive(found: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """Each value with the next different one of its kind."""
    for kind in dict.fromkeys(q.kind for q in found):
        for first, second in pairwise(q for q in found if q.kind == kind):
            if first.key != second.key:
                yield first, second


def _places(saying: Saying, quantity: Quantity) -> list[int]:
    return [n for n, q in enumerate(saying.quantities) if grounds(q, quantity)]


def _binding(said: Saying, evidence: Sequence[Saying]) -> _Found:
    """Each value beside the words that its source puts beside it, not beside another's."""
    for stated in said.quantities:
        mine: set[str] = set()
        others: set[str] = set()
        for saying in evidence:
            for quantity in saying.quantities:
                if grounds(quantity, stated):
                    mine |= saying.near(quantity, 6)
                elif quantity.kind == stated.kind:
                    others |= saying.near(quantity)
        near = said.near(stated)
        follows = said.after(stated)
        if near & (others - mine) and (not near & mine or follows in others - mine):
            yield Dropped.CONTEXT, " ".join(stated.value)
        if stated.kind == "count" and near and mine and not near & mine:
            yield Dropped.CONTEXT, " ".join(stated.value)


def _polarity(said: Saying, support: Sequence[Saying], kept: Sequence[str]) -> _Found:
    if not support:
        return
    if said.negations not in {support[0].negations, sum(e.negations for e in support)}:
        yield Dropped.POLARITY, str(said.negations)
    groups: Counter[str] = sum((e.groups for e in support), Counter())
    for name in said.groups:
        if said.groups[name] > groups[name]:
            yield Dropped.POLARITY, name
    for name in kept:
        if name in support[0].groups and name not in said.groups:
            yield Dropped.POLARITY, name
