"""The PDF: Typst source from the tree, compiled in a scratch directory."""

import tempfile
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.rendering import glyphs, typesetting
from assistant.drafting.rendering.pandoc import RenderingFailed
from assistant.drafting.rendering.tree import Tree
from assistant.drafting.rendering.word import Frame, frame_of

RESOURCES = Path(__file__).parent / "resources"
FRONT = 3


@cache
def _page() -> str:
    return (RESOURCES / "accord.typ").read_text(encoding="utf-8")


def opening(frame: Frame) -> str:
    """The page of a document: what comes before its blocks."""
    title, day = typesetting.literal(frame.title), frame.day
    page, of = typesetting.literal(frame.page), typesetting.literal(frame.of)
    return (
        f"{_page()}\n#show: accord.with(titre: {title}, entete: {title},"
        f" projet: {typesetting.literal(frame.draft)}, mots: (page: {page}, sur: {of}),"
        f" date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n\n"
    )


def source(document: DocumentConvention) -> str:
    """The Typst source of a document."""
    tree = Tree(document, "typst").build()["blocks"]
    front = FRONT if document.projet else FRONT - 1
    head = opening(frame_of(document))
    summary = typesetting.literal(document.mots["sommaire"])
    outline = f"#outline(title: {summary}, target: heading.where(level: 2), depth: 2)"
    return "\n\n".join(
        (head + typesetting.blocks(tree[:front]), outline, typesetting.blocks(tree[front:]))
    )


def _compiled(path: Path, day: date, standards: Any) -> bytes:
    import typst

    stamp = datetime.combine(day, time(), tzinfo=UTC)
    found = typst.compile(
        str(path),
        format="pdf",
        font_paths=[str(RESOURCES / "polices")],
        ignore_system_fonts=True,
        pdf_standards=standards,
        timestamp=int(stamp.timestamp()),
    )
    return bytes(found)


def render(document: DocumentConvention) -> bytes:
    """A tagged PDF/UA-1; characters that no bundled font has are replaced, and said.

    Raises ``RenderingFailed``.
    """
    printable = glyphs.printable(document)
    return compiled(source(printable), document.genere_le)


def compiled(text: str, day: date) -> bytes:
    """Typst source as a tagged PDF/UA-1; raises ``RenderingFailed``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.typ"
        path.write_text(text, encoding="utf-8")
        try:
            return _compiled(path, day, ["ua-1"])
        except RuntimeError:
            pass
        try:
            # a glyph that a bold or italic face lacks: still tagged, without the claim to UA-1
            return _compiled(path, day, [])
        except RuntimeError as error:
            raise RenderingFailed(raison=str(error)[:200]) from error
