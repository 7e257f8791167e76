"""Paragraphs → passages that stay under their heading and keep their page."""

import re
from collections.abc import Iterator, Sequence

from assistant.knowledge.cleaning import Paragraph
from assistant.knowledge.library import Chunk

TARGET = 900  # characters: about the size of a card
SHORTEST = 60
LONGEST_HEADING = 160
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+")


def chunk(paragraphs: Sequence[Paragraph], *, title: str, target: int = TARGET) -> list[Chunk]:
    """Passages of about ``target`` characters, none across a heading or a page.

    No text is lost or repeated: the passages, joined, are the paragraphs that are not
    headings; a heading with nothing under it is kept as text of the next passage's heading.
    """
    chunks: list[Chunk] = []
    heading = title
    gathered: list[str] = []
    page: int | None = None
    bare = False  # nothing stands under the heading yet

    def flush() -> None:
        nonlocal gathered
        if gathered:
            chunks.append(Chunk(heading, page, "\n".join(gathered)))
            gathered = []

    for paragraph in paragraphs:
        if paragraph.level:
            flush()
            both = f"{heading} — {paragraph.text}"
            heading = both if bare and len(both) <= LONGEST_HEADING else paragraph.text
            bare = True
            page = paragraph.page
            continue
        if gathered and (paragraph.page != page):
            flush()
        page = paragraph.page
        bare = False
        for piece in pieces(paragraph.text, target):
            size = sum(map(len, gathered)) + len(piece)
            if gathered and size > target and sum(map(len, gathered)) >= SHORTEST:
                flush()
            gathered.append(piece)
    flush()
    return chunks


def pieces(text: str, target: int) -> Iterator[str]:
    """``text`` in pieces of at most about ``target`` characters, cut at sentences, then words."""
    if len(text) <= target * 1.4:
        yield text
        return
    current = ""
    for sentence in _SENTENCE.split(text):
        for part in _words(sentence, target):
            if current and len(current) + len(part) > target:
                yield current
                current = part
            else:
                current = f"{current} {part}".strip()
    if current:
        yield current


def _words(sentence: str, target: int) -> Iterator[str]:
    while len(sentence) > target:
        cut = sentence.rfind(" ", 0, target)
        cut = cut if cut > 0 else target
        yield sentence[:cut]
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
