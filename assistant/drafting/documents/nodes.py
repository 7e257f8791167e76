"""What an article is made of. Field names are the published JSON keys (French, ASCII)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.casefile.provenance import Origin


class Node(BaseModel):
    """A frozen piece of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Node):
    """Text of the template, typeset."""

    type: Literal["texte"] = "texte"
    texte: str
    gras: bool = False


class Value(Node):
    """What somebody gave, exactly as given, or what was computed from it.

    ``derive_de`` names the slots that a computed value comes from.
    """

    type: Literal["valeur"] = "valeur"
    slot: str
    texte: str
    origine: Origin
    derive_de: tuple[str, ...] = ()
    gras: bool = False


class Missing(Node):
    """A value that nobody gave: printed as « [À COMPLÉTER : …] », or « [À NÉGOCIER : …] »."""

    type: Literal["manquant"] = "manquant"
    slot: str
    libelle: str
    texte: str
    a_negocier: bool = False
    gras: bool = False


class Note(Node):
    """A dated figure with its reserve, or a remark of the tool."""

    type: Literal["note"] = "note"
    texte: str
    cle: str | None = None
    a_verifier: bool = False
    gras: bool = False


Inline = Annotated[Words | Value | Missing | Note, Field(discriminator="type")]
Inlines = tuple[Inline, ...]


class Paragraph(Node):
    """One paragraph."""

    type: Literal["paragraphe"] = "paragraphe"
    clause: str
    contenu: Inlines


class Bullets(Node):
    """A list, numbered or not."""

    type: Literal["liste"] = "liste"
    clause: str
    ordonnee: bool = False
    elements: tuple[Inlines, ...]


class Column(Node):
    """The head of a column; ``nombre`` aligns it to the right."""

    titre: str
    nombre: bool = False


class Table(Node):
    """A table with its caption and head; the last row is a total when ``total``."""

    type: Literal["table"] = "table"
    clause: str
    titre: str
    colonnes: tuple[Column, ...]
    lignes: tuple[tuple[Inlines, ...], ...]
    total: bool = False


class Position(Node):
    """What one side wants, in its words."""

    partie: str
    texte: str


class Negotiation(Node):
    """A point that is still discussed, with each side's position."""

    type: Literal["negociation"] = "negociation"
    clause: str
    slot: str
    titre: str
    positions: tuple[Position, ...]


class SignatureBox(Node):
    """Where one party signs."""

    designation: Inlines
    nom: Inlines
    qualite: Inlines


class Signatures(Node):
    """The signature block, never cut by a page break."""

    type: Literal["signatures"] = "signatures"
    clause: str
    cases: tuple[SignatureBox, ...]


Block = Annotated[
    Paragraph | Bullets | Table | Negotiation | Signatures, Field(discriminator="type")
]


def plain(content: Inlines) -> str:
    """The text of a run of inlines."""
    return "".join(inline.texte for inline in content)


def inlines(block: Block) -> Inlines:
    """Every inline of a block, in reading order."""
    match block:
        case Paragraph():
            return block.contenu
        case Bullets():
            return tuple(i for item in block.elements for i in item)
        case Table():
            return tuple(i for row in block.lignes for cell in row for i in cell)
        case Signatures():
            return tuple(
                i for box in block.cases for i in (*box.designation, *box.nom, *box.qualite)
            )
        case _:
            return ()


def text_of(block: Block) -> str:
    """A block as plain lines."""
    match block:
        case Paragraph():
            return plain(block.contenu)
        case Bullets():
            return "\n".join(f"- {plain(item)}" for item in block.elements)
        case Table():
            head = " | ".join(column.titre for column in block.colonnes)
            rows = [" | ".join(plain(cell) for cell in row) for row in block.lignes]
            return "\n".join((block.titre, head, *rows))
        case Negotiation():
            lines = (f"{p.partie} : {p.texte}" for p in block.positions)
            return "\n".join((block.titre, *lines))
        case _:
            return "\n".join(plain((*b.designation, *b.nom, *b.qualite)) for b in block.cases)
