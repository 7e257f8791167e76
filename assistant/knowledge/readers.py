"""Files → pages of lines. One reader a format; each raises ``Unreadable`` with a reason.

Readers keep what a format says (headings, pages) and nothing else; cleaning the noise of
extraction is ``cleaning.py``.
"""

import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Line:
    """A line or a paragraph. ``level`` is 1 to 6 for a heading that the format declares."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of one page; ``number`` is None when the format has no pages."""

    number: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as it was read."""

    title: str
    pages: tuple[Page, ...]


class Unreadable(Exception):
    """Why a file cannot be read: a key of ``raisons_lecture`` in ``corpus/messages.yaml``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def read_text(path: Path) -> RawDocument:
    """Plain text; form feeds separate pages."""
    text = _decoded(path)
    parts = text.split("\f")
    paged = len(parts) > 1
    pages = tuple(
        Page(number if paged else None, tuple(Line(line) for line in part.splitlines()))
        for number, part in enumerate(parts, start=1)
    )
    return RawDocument(path.stem.replace("-", " ").replace("_", " ").capitalize(), pages)


def read_markdown(path: Path) -> RawDocument:
    """Markdown: headings and blocks; emphasis, links and images give their text."""
    from markdown_it import MarkdownIt

    lines: list[Line] = []
    level = 0
    row: list[str] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(_decoded(path)):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            lines += [Line(" | ".join(row or ())), Line("")]
            row = None
        elif token.type in {"fence", "code_block"}:
            lines += [*(Line(text) for text in token.content.splitlines()), Line("")]
        elif token.type == "inline":
            text = _inline_text(token)
            if row is not None:
                row.append(text)
            else:
                lines += [Line(text, level), Line("")]
    return RawDocument(_first_heading(lines) or path.stem, (Page(None, tuple(lines)),))


def _inline_text(token: "Token") -> str:
    """What a reader sees: emphasis and links give their text, images and HTML nothing."""
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in token.children or ()
        if child.type not in {"image", "html_inline"}
    )


_UNSEEN = (
    "script", "style", "nav", "footer", "header", "noscript", "template", "svg", "button", "select",
    "title",
)  # fmt: skip
_BLOCKS = (
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "blockquote", "pre", "dt", "dd", "div",
    "section", "article", "aside", "main", "body", "caption", "figcaption", "address", "ul", "ol",
)  # fmt: skip


def read_html(path: Path) -> RawDocument:
    """HTML: the text of each innermost block, once; scripts and menus are left out."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(path.read_bytes(), "html.parser")
    except ParserRejectedMarkup as error:
        raise Unreadable("endommage") from error
    title = soup.title.get_text(strip=True) if soup.title else ""
    for tag in soup(_UNSEEN):
        tag.decompose()
    for tag in soup("br"):
        tag.replace_with(" ")
    for tag in soup(["td", "th"]):
        tag.append(" | ")
    lines: list[Line] = []
    for _, group in groupby(soup.strings, key=lambda text: id(text.find_parent(_BLOCKS))):
        strings = list(group)  # by id: two tags of the same content are equal
        block = strings[0].find_parent(_BLOCKS)
        name = block.name if block else ""
        level = int(name[1]) if name[:1] == "h" and name[1:].isdigit() else 0
        text = " ".join("".join(strings).split()).strip(" |")
        if text:
            lines += [Line(text, level), Line("")]
    return RawDocument(title or _first_heading(lines) or path.stem, (Page(None, tuple(lines)),))


def read_docx(path: Path) -> RawDocument:
    """Word: paragraphs by style, and tables row by row."""
    import zipfile

    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        document = docx.Document(str(path))
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Unreadable("endommage") from error
    lines: list[Line] = []
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
                lines += [Line(" | ".join(cell for cell in cells if cell)), Line("")]
        else:
            style = (item.style.name if item.style else "") or ""
            lines += [Line(" ".join(item.text.split()), _style_level(style)), Line("")]
    title = document.core_properties.title or _first_heading(lines) or path.stem
    return RawDocument(title, (Page(None, tuple(lines)),))


def read_pdf(path: Path) -> RawDocument:
    """PDF: the text of each page, which pypdf finds."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("endommage")
        pages = tuple(
            Page(number, tuple(Line(line) for line in (page.extract_text() or "").splitlines()))
            for number, page in enumerate(reader.pages, start=1)
        )
        title = str((reader.metadata and reader.metadata.title) or "").strip()
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("endommage") from error
    return RawDocument(title or path.stem, pages)


READERS: dict[str, Callable[[Path], RawDocument]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}


# What the libraries raise, among others, when the bytes of a file make no sense.
_DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError,
    SyntaxError, TypeError, ValueError, zlib.error,
)  # fmt: skip


def read_file(path: Path, *, max_bytes: int) -> RawDocument:
    """Read ``path`` by its extension. Raises ``Unreadable``."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable("format_inconnu")
    try:
        if path.stat().st_size > max_bytes:
            raise Unreadable("trop_gros")
        document = reader(path)
    except OSError as error:
        raise Unreadable("acces") from error
    except _DAMAGED as error:
        raise Unreadable("endommage") from error
    if not any(line.text.strip() for line in all_lines(document)):
        raise Unreadable("vide")
    return document


def all_lines(document: RawDocument) -> Iterator[Line]:
    """Every line, in order."""
    for page in document.pages:
        yield from page.lines


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("encodage")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _first_heading(lines: list[Line]) -> str | None:
    return next((line.text for line in lines if line.level and line.text), None)


def _style_level(style: str) -> int:
    name, _, number = style.rpartition(" ")
    if name in {"Heading", "Titre"} and number.isdigit():
        return min(int(number), 6)
    return 1 if style in {"Title", "Titre"} else 0
