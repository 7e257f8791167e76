"""A report as a value: the same text, in the same order, for every format."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from assistant.workshop.activity import Cells
from assistant.workshop.exporting.charts import Chart

_LAYOUT = "\n\t"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (a part) to 3, under the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``soft`` is set apart from what the room said."""

    text: str
    bold: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list; an item may have lines of its own under it."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; ``alt`` says in words what it shows."""

    chart: Chart
    alt: str


Block = Heading | Line | Listed | Grid | Picture


@dataclass(frozen=True, slots=True)
class Report:
    """``page`` and ``of`` are the words round page numbers; ``note`` is what to know first.

    ``unprintable`` says that characters could not be printed: « {liste} » is put in.
    """

    title: str
    note_title: str
    note: str
    page: str
    of: str
    unprintable: str
    day: date
    blocks: tuple[Block, ...]


def listed(*items: str) -> Listed:
    """A list of single lines."""
    return Listed(tuple((item, ()) for item in items))


def clean(text: str) -> str:
    """Without what no file may hold: control characters, lone surrogates, non-characters."""
    return "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if _allowed(c))


def _allowed(character: str) -> bool:
    if character in _LAYOUT:
        return True
    # U+FDD0 to U+FDEF and the last two of each plane are no characters
    point = ord(character)
    nothing = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
    return not nothing and unicodedata.category(character) not in ("Cc", "Cs")
