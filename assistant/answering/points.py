"""What an answer has to say: the points of the extractive one, and those that a text holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.knowledge.analysis import is_informative, stems
from assistant.knowledge.sentences import sentences
from assistant.llm.quantities import Quantity, grounds, quantities

HELD = 0.7  # share of a point's informative stems that a text must hold to have said it
ENOUGH = 1 / 3  # share of the points under which a model's text is too little of an answer

_MARKER = re.compile(r"\s*\[S\d+\]")
_MARKED = re.compile(r"(?<=\])\s+(?=[^\s\[])")
_ITEM = re.compile(r"^(?:- |\d+\. )")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# a sentence that opens so is understood with the one before it
_LEANS = re.compile(
    r"^\W*(?:elles?|ils?|ce|cet|cette|ces|cela|ceci|c['’]|leurs?|s(?:on|a|es)|l['’]un|chacune?|"
    r"celui|celles?|ceux|y|en|mais|or|donc|aussi|ainsi|sinon|enfin|et|puis|ensuite)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Point:
    """One statement of an extractive answer, markers included; ``line`` is where it stands."""

    text: str
    line: int

    @property
    def listed(self) -> bool:
        """Whether it is an item of a list."""
        return _ITEM.match(self.text) is not None

    @cached_property
    def bare(self) -> str:
        """What it says, without markers."""
        return _MARKER.sub("", _ITEM.sub("", self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its informative stems."""
        return _informative(self.bare)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers, dates and references."""
        return quantities(self.bare)

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of what it prints in bold: the name of a list's item."""
        return frozenset().union(*(_informative(bold) for bold in _BOLD.findall(self.bare)))


def points_of(answer: str) -> tuple[Point, ...]:
    """The points of an extractive answer: each list item, each sentence of a paragraph."""
    found: list[Point] = []
    for number, line in enumerate(answer.split("\n")):
        if _ITEM.match(line):
            found.append(Point(line.strip(), number))
        elif line.strip():
            found += [Point(part.strip(), number) for part in _MARKED.split(line)]
    return tuple(found)


@dataclass(frozen=True)
class Saying:
    """A text, read for what it holds."""

    stems: frozenset[str]
    quantities: tuple[Quantity, ...]

    def holds(self, point: Point) -> bool:
        """Whether it says ``point``: its quantities, its names, most of its words."""
        said = len(point.stems & self.stems) >= HELD * len(point.stems)
        return (
            said
            and point.names <= self.stems
            and all(any(grounds(own, q) for own in self.quantities) for q in point.quantities)
        )


def read(text: str) -> Saying:
    """What ``text``, a sentence or several, says as a whole."""
    bare = _MARKER.sub("", text)
    found = [q for line in bare.split("\n") for s in sentences(line) for q in quantities(s)]
    return Saying(_informative(bare), tuple(found))


def missing(points: Sequence[Point], said: Sequence[str]) -> list[Point]:
    """The points that none of the sentences ``said`` holds, nor two that follow one another.

    An item of a list must be in one: « Régional : 44 % » is said of nothing else. A sentence that
    leans on the one before it (« Elle… ») comes with it.
    """
    alone = [read(sentence) for sentence in said]
    joined = [read(f"{first} {second}") for first, second in pairwise(said)]
    absent = [
        not any(saying.holds(point) for saying in (alone if point.listed else alone + joined))
        for point in points
    ]
    for n in range(len(points) - 1, 0, -1):
        together = points[n].line == points[n - 1].line and not points[n].listed
        if absent[n] and together and _LEANS.match(points[n].bare):
            absent[n - 1] = True
    return [point for point, is_absent in zip(points, absent, strict=True) if is_absent]


def _informative(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(text) if is_informative(stem))
