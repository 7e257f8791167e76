"""Files → pages of lines. One reader a format; each raises ``Unreadable`` with a reason.

Readers keep what a format says (headings, pages) and nothing else; cleaning the noise of
extraction is ``cleaning.py``.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


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
    row: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(_decoded(path)):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            lines += [Line(" | ".join(row)), Line("")]
        elif token.type in {"fence", "code_block"}:
            lines += [*(Line(text) for text in token.content.splitlines()), Line("")]
        elif token.type == "inline":
            text = "".join(
                "\n" if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or ()
                if child.type != "image" and child.type != "html_inline"
            )
            if token.level and row is not None and "\n" not in text and _in_table(token.level):
                row.append(text)
            lines += [Line(text.replace("\n", " "), level), Line("")]
    return RawDocument(_first_heading(lines) or path.stem, (Page(None, tuple(lines)),))


def _in_table(level: int) -> bool:
    return level >= 4


def read_html(path: Path) -> RawDocument:
    """HTML: headings, paragraphs, list items and table cells; scripts and menus are left out."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "html.parser")
    for tag in soup(["script", "style", "nav", "footer", "header", "noscript", "template", "svg"]):
        tag.decompose()
    lines: list[Line] = []
    blocks = ["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "blockquote", "pre", "dt", "dd"]
    for tag in soup.find_all(blocks):
        if tag.find(blocks) and tag.name in {"li", "blockquote", "dd"}:
            text = " ".join(str(s) for s in tag.find_all(string=True, recursive=False))
        else:
            text = tag.get_text(" ", strip=True)
        level = int(tag.name[1]) if tag.name[0] == "h" and tag.name[1:].isdigit() else 0
        lines += [Line(" ".join(text.split()), level), Line("")]
    if not lines:
        lines = [Line(line) for line in soup.get_text("\n").splitlines()]
    title = soup.title.get_text(strip=True) if soup.title else ""
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
        title = str((reader.metadata or {}).get("/Title") or "").strip()
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
