"""Make the answer out of units: lead first, then what is needed, every statement marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.reply import Citation
from assistant.knowledge.analysis import is_informative, stems
from assistant.knowledge.sentences import sentences
from assistant.knowledge.unit import Block, BlockKind, Unit

BUDGET = 1_200  # characters, markers apart
_MARKER_LIKE = re.compile(r"\[(S\d+)\]")


@dataclass(frozen=True, slots=True)
class Composition:
    """The text with its markers, and their sources in order."""

    text: str
    citations: tuple[Citation, ...]


def compose(
    units: Sequence[Unit], *, question: str, titles: dict[str, str], budget: int = BUDGET
) -> Composition:
    """Write the units in order within ``budget`` characters.

    ``titles`` gives the short title of each document id. Later units get what room is left;
    blocks are kept in their order, and when they do not all fit, those that share words with
    ``question`` come first.
    """
    wanted = {stem for stem in stems(question) if is_informative(stem)}
    markers = _Markers(titles)
    written: list[str] = []
    room = budget
    for position, unit in enumerate(units):
        fitting = _fitting(unit.blocks, wanted, room)
        for block in fitting or [_shortened(unit.blocks[0], room)] * (position == 0):
            written.append(_line(block, markers.of(unit, block)))
            room -= len(block.text) + 1
    return Composition(_joined(written), markers.citations())


class _Markers:
    """Numbers passages in the order in which they are first used."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = titles
        self._cited: dict[str, Citation] = {}

    def of(self, unit: Unit, block: Block) -> str:
        passages = {passage.id: passage for passage in unit.passages()}
        marks = ""
        for reference in block.references:
            passage = passages[f"{unit.id}#{reference + 1}"]
            if passage.id not in self._cited:
                number = len(self._cited) + 1
                source = passage.reference
                self._cited[passage.id] = Citation(
                    id=f"S{number}",
                    title=unit.title,
                    document=self._titles.get(source.document, source.document),
                    page=source.page,
                    section=source.section,
                    passage=passage.text,
                    url=unit.url,
                )
            marks += f"[{self._cited[passage.id].id}]"
        return marks

    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._cited.values())


def _fitting(blocks: Sequence[Block], wanted: set[str], room: int) -> list[Block]:
    """The blocks to keep, in their order: all when they fit.

    When they do not, the lead, without which the others say nothing, and the blocks nearest to
    the question; none when the lead has no room.
    """
    if len(blocks[0].text) + 1 > room:
        return []
    order = sorted(
        range(len(blocks)),
        key=lambda n: (n > 0, -len(wanted & set(stems(blocks[n].text))), n),
    )
    kept: list[int] = []
    for n in order:
        if len(blocks[n].text) + 1 <= room:
            kept.append(n)
            room -= len(blocks[n].text) + 1
    return [blocks[n] for n in sorted(kept)]


def _shortened(block: Block, room: int) -> Block:
    """The first sentences of a block too long for an answer: at least one, in any case."""
    kept: list[str] = []
    for sentence in sentences(block.text):
        if kept and sum(len(text) + 1 for text in (*kept, sentence)) > room:
            break
        kept.append(sentence)
    return replace(block, text=" ".join(kept))


def unmarked(text: str) -> str:
    """A source's text in which nothing passes for one of our markers: « [S1] » is « (S1) »."""
    return _MARKER_LIKE.sub(r"(\1)", text)


def _line(block: Block, marks: str) -> str:
    text = unmarked(block.text)
    if block.kind is BlockKind.PARAGRAPH:
        return " ".join(f"{sentence} {marks}" for sentence in sentences(text))
    prefix = "- " if block.kind is BlockKind.BULLET else "1. "
    return f"{prefix}{text} {marks}"


def _joined(lines: Sequence[str]) -> str:
    text = ""
    number = 0
    for position, line in enumerate(lines):
        listed = line.startswith(("- ", "1. "))
        previous = position > 0 and lines[position - 1].startswith(("- ", "1. "))
        if position:
            text += "\n" if listed and previous else "\n\n"
        if line.startswith("1. "):
            number = number + 1 if previous else 1
            text += f"{number}. {line[3:]}"
        else:
            text += line
    return text
