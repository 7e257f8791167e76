"""Take out what extraction leaves behind, and give a document its paragraphs back.

Pure functions of lines. What counts as noise: labels of links (``bruit`` in
``corpus/langage.yaml``), page numbers, headers that come back page after page, rails of
steps, tables of contents, remains of markup.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.knowledge.analysis import fold
from assistant.knowledge.readers import Line, Page

REPEATED = 3  # times a short line must come back to be a running header
HEADER_LENGTH = 90
HEADING_LENGTH = 110

_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SUPERSCRIPT = re.compile(r"\^\{([^}]*)\}|<sup>(.*?)</sup>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sup|sub|ul|li|td|tr|table)\s*/?>", re.IGNORECASE
)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_ATX = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_RAIL = re.compile(r"^[-–•*\s]*(?:etape|phase|partie)\s*\d+$")
_CONTENTS = re.compile(r"(?:\.{4,}|\t)\s*\d{1,3}$")
_NUMBER_ONLY = re.compile(r"^[\W\d_]+$")
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)+\.?|[IVX]+[.)])\s+\S")
_STEP = re.compile(r"^(?:étape|partie|chapitre|titre|annexe|article)\s+\w+\s*[:.–-]", re.IGNORECASE)
_FOOTNOTE_REFERENCE = re.compile(r"(?<=[a-zé»)])[¹²³⁴⁵⁶⁷⁸⁹⁰]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A clean paragraph, or a heading when ``level`` is not 0."""

    text: str
    page: int | None
    level: int = 0


def clean(pages: Sequence[Page], *, noise: Iterable[str]) -> list[Paragraph]:
    """The paragraphs and headings of a document, without noise, in order."""
    labels = {_plain(label) for label in noise}
    headers = running_headers(pages)
    kept: list[Paragraph] = []
    for page in pages:
        seen_on_page: set[str] = set()
        for group in _groups(page.lines):
            lines = []
            for line in group:
                text, level = tidy(line)
                plain = _plain(text)
                if not plain:
                    continue
                if plain in labels or _RAIL.match(plain) or _CONTENTS.search(line.text.rstrip()):
                    continue
                if plain in headers and (plain in seen_on_page or not level):
                    continue
                seen_on_page.add(plain)
                lines.append((text, level))
            kept.extend(_paragraphs(lines, page.number))
    return _joined(kept)


def running_headers(pages: Sequence[Page]) -> set[str]:
    """Short lines that come back: at the edges of pages, or anywhere in unpaged text."""
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [_plain(tidy(line)[0]) for line in page.lines if line.text.strip()]
        if page.number is None:
            counts.update(line for line in lines if line and len(line) <= HEADER_LENGTH)
        else:
            counts.update(
                {line for line in lines[:3] + lines[-3:] if 0 < len(line) <= HEADER_LENGTH}
            )
    return {line for line, count in counts.items() if count >= REPEATED}


def tidy(line: Line) -> tuple[str, int]:
    """One line without markup, and its heading level."""
    text = "".join(
        c for c in line.text if c in "\t " or not unicodedata.category(c).startswith(("C", "Zl"))
    )
    level = line.level
    atx = _ATX.match(text.strip())
    if atx and not level:
        level, text = len(atx[1]), atx[2]
    text = _MARKDOWN_LINK.sub(r"\1", text)
    text = _SUPERSCRIPT.sub(lambda m: m[1] if m[1] and m[1].isalpha() else "", text)
    text = _TAG.sub(" ", text)
    text = _EMPHASIS.sub("", text)
    text = _FOOTNOTE_REFERENCE.sub("", text)
    text = " ".join(text.replace("|", " | ").split()).strip(" |")
    if not level and is_heading(text):
        level = 3
    return text, level


def is_heading(text: str) -> bool:
    """Whether an unmarked line reads as a heading: capitals, numbered, or « Étape n : … »."""
    if not 4 <= len(text) <= HEADING_LENGTH or text.endswith((".", ",", ";", "…")):
        return False
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 5 and sum(c.isupper() for c in letters) >= 0.8 * len(letters):
        return len(text.split()) >= 2 or len(letters) >= 6
    if _STEP.match(text):
        return True
    return bool(_NUMBERED.match(text)) and len(text) <= 80 and ":" not in text[-2:]


def _plain(text: str) -> str:
    folded = fold(text).strip(" -–—•*·:>")
    return "" if _NUMBER_ONLY.match(folded) else " ".join(folded.split())


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if line.text.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _paragraphs(lines: Sequence[tuple[str, int]], page: int | None) -> Iterator[Paragraph]:
    current: list[str] = []
    for text, level in lines:
        starts_item = text.startswith(("- ", "• ", "▪ ", "o ", "– "))
        if (level or starts_item) and current:
            yield Paragraph(_unwrapped(current), page)
            current = []
        if level:
            yield Paragraph(text, page, level)
        else:
            current.append(text)
    if current:
        yield Paragraph(_unwrapped(current), page)


def _unwrapped(lines: Sequence[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        text = text[:-1] + line if _is_cut(text, line) else f"{text} {line}"
    return text


def _is_cut(text: str, following: str) -> bool:
    return len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and following[:1].islower()


def _joined(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Rejoin a sentence that a page, a figure or a blank line cut in two."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        last = joined[-1] if joined else None
        if (
            last
            and not last.level
            and not paragraph.level
            and paragraph.text[:1].islower()
            and last.text[-1:] not in ".!?:;»…"
        ):
            joined[-1] = Paragraph(_unwrapped([last.text, paragraph.text]), last.page)
        else:
            joined.append(paragraph)
    return joined
