"""What retrieval finds: a unit of knowledge, whatever it was written as.

Cards, example sheets, glossary terms, imported chunks and out-of-scope topics all become
``Unit`` values; search and answering know only these.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class UnitKind(StrEnum):
    """Where a unit comes from; the values are stored in the index."""

    CARD = "fiche"
    EXAMPLE = "exemple"
    TERM = "terme"
    IMPORTED = "document"
    OFF_TOPIC = "hors_champ"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a statement comes from: document id, page when the document is paged, section."""

    document: str
    page: int | None
    section: str


class BlockKind(StrEnum):
    """The three shapes of a block of text."""

    PARAGRAPH = "paragraphe"
    BULLET = "puce"
    STEP = "etape"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, bullet or numbered step, with the references (0-based) that support it."""

    kind: BlockKind
    text: str
    references: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of knowledge. ``blocks[0]`` is the lead: it answers by itself."""

    id: str
    kind: UnitKind
    title: str
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]
    questions: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    step: int | None = None
    nature: str = ""
    see_also: tuple[str, ...] = ()
    url: str = ""

    @property
    def text(self) -> str:
        """The whole body, a block a line."""
        return "\n".join(block.text for block in self.blocks)

    def passages(self) -> tuple["Passage", ...]:
        """One passage a reference: the blocks which that reference supports."""
        made = []
        for index, reference in enumerate(self.references):
            blocks = [block.text for block in self.blocks if index in block.references]
            if blocks:
                made.append(
                    Passage(f"{self.id}#{index + 1}", self.id, "\n".join(blocks), reference)
                )
        return tuple(made)

    def to_json(self) -> dict[str, Any]:
        """A plain mapping that ``unit_from_json`` reads back equal."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Passage:
    """The exact text that the index holds for one reference of one unit."""

    id: str
    unit_id: str
    text: str
    reference: Reference


def unit_from_json(data: dict[str, Any]) -> Unit:
    """Rebuild a unit from :meth:`Unit.to_json`."""
    return Unit(
        id=data["id"],
        kind=UnitKind(data["kind"]),
        title=data["title"],
        blocks=tuple(
            Block(BlockKind(b["kind"]), b["text"], tuple(b["references"])) for b in data["blocks"]
        ),
        references=tuple(Reference(**r) for r in data["references"]),
        questions=tuple(data["questions"]),
        actors=tuple(data["actors"]),
        step=data["step"],
        nature=data["nature"],
        see_also=tuple(data["see_also"]),
        url=data["url"],
    )
