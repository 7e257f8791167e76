"""Read the answer's Markdown subset into typed nodes; templates write them as HTML.

Paragraphs, ``-`` bullets, ``1.`` steps, ``**bold**`` and ``[S1]`` markers exist; everything
else is text, so content can never become markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.composition import unmarked
from assistant.knowledge.sentences import sentences
from assistant.knowledge.unit import Block, BlockKind

_ITEM = re.compile(r"^(?:-|(\d+)\.)\s+(.*)$", re.DOTALL)
_MARKS = re.compile(r"\s*((?:\[S\d+\]\s?)+)")
_MARK = re.compile(r"\[S(\d+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said up to its markers; ``number`` counts from 1 in the whole answer."""

    number: int
    inlines: tuple[Inline, ...]
    marks: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(inline.text for inline in self.inlines)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Phrases one after the other; ``lines`` breaks are spaces."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Bullets, or steps when ``start`` says where their numbers begin."""

    items: tuple[tuple[Phrase, ...], ...]
    start: int | None = None


Node = Paragraph | Listing


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a passage; ``phrase`` is the number of the phrase that cites it."""

    inlines: tuple[Inline, ...]
    phrase: int | None = None


def parse(text: str) -> tuple[Node, ...]:
    """Read an answer."""
    nodes: list[Node] = []
    counter = iter(range(1, 10_000))
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        _read_paragraph(paragraph, nodes, counter)
    return tuple(nodes)


def from_blocks(blocks: Sequence[Block], *, marked: bool) -> tuple[Node, ...]:
    """Lay out a card's own blocks; with ``marked``, each ends with its references."""
    lines: list[str] = []
    previous: BlockKind | None = None
    for number, block in enumerate(blocks):
        marks = "".join(f"[S{n + 1}]" for n in block.references) if marked else ""
        prefix = {BlockKind.BULLET: "- ", BlockKind.STEP: f"{_step(blocks, number)}. "}
        listed = block.kind is not BlockKind.PARAGRAPH
        if number and not (listed and previous is block.kind):
            lines.append("")
        lines.append(f"{prefix.get(block.kind, '')}{unmarked(block.text)} {marks}".rstrip())
        previous = block.kind
    return parse("\n".join(lines))


def phrases(nodes: Sequence[Node]) -> Iterator[Phrase]:
    """Every phrase of an answer, in order."""
    for node in nodes:
        if isinstance(node, Paragraph):
            yield from node.phrases
        else:
            for item in node.items:
                yield from item


def extracts(passage: str, cited: Sequence[Phrase]) -> tuple[tuple[Extract, ...], ...]:
    """A passage, line by line, with the sentences that ``cited`` phrases repeat told apart."""
    numbers: dict[str, int] = {}
    for phrase in cited:
        numbers.setdefault(_comparable(phrase.text), phrase.number)
    lines: list[tuple[Extract, ...]] = []
    for line in passage.split("\n"):
        whole = numbers.get(_comparable(line))
        if whole is not None:
            lines.append((Extract(inlines(line), whole),))
            continue
        lines.append(
            tuple(
                Extract(inlines(sentence), numbers.get(_comparable(sentence)))
                for sentence in sentences(line)
            )
        )
    return tuple(lines)


def inlines(text: str) -> tuple[Inline, ...]:
    """Cut a text at its bold parts."""
    found: list[Inline] = []
    position = 0
    for match in _BOLD.finditer(text):
        if match.start() > position:
            found.append(Inline(text[position : match.start()]))
        found.append(Inline(match[1], bold=True))
        position = match.end()
    if position < len(text):
        found.append(Inline(text[position:]))
    return tuple(found)


def fragments(text: str) -> Iterator[str]:
    """The answer piece by piece: one sentence or one list item, joined they give ``text``."""
    position = 0
    for match in re.finditer(r"(?:\[S\d+\])+(?:\s+|$)|\n+", text):
        if match.end() > position:
            yield text[position : match.end()]
            position = match.end()
    if position < len(text):
        yield text[position:]


def _read_paragraph(paragraph: str, nodes: list[Node], counter: Iterator[int]) -> None:
    items: list[str] = []
    start: int | None = None
    loose: list[str] = []
    for line in paragraph.split("\n"):
        match = _ITEM.match(line.strip())
        if match is None:
            (items or loose).append(line)
            continue
        if not items:
            start = int(match[1]) if match[1] else None
        items.append(match[2])
    if loose:
        nodes.append(Paragraph(_phrases(" ".join(loose), counter)))
    if items:
        nodes.append(Listing(tuple(_phrases(item, counter) for item in items), start))


def _phrases(text: str, counter: Iterator[int]) -> tuple[Phrase, ...]:
    made: list[Phrase] = []
    position = 0
    for match in _MARKS.finditer(text):
        said = text[position : match.start()]
        marks = tuple(int(n) for n in _MARK.findall(match[1]))
        made.append(Phrase(next(counter), inlines(said.strip()), marks))
        position = match.end()
    rest = text[position:].strip()
    if rest:
        made.append(Phrase(next(counter), inlines(rest)))
    return tuple(made)


def _step(blocks: Sequence[Block], number: int) -> int:
    first = number
    while first and blocks[first - 1].kind is BlockKind.STEP:
        first -= 1
    return number - first + 1


def _comparable(text: str) -> str:
    return " ".join(text.replace("**", "").split())
