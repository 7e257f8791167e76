"""From a rendered clause to blocks: paragraphs, lists, bold; marks become the nodes they stand for.

Only the template's own text is parsed. Values come back from their marks afterwards, whole.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.drafting.documents.language import CLOSE, DIGIT, OPEN
from assistant.drafting.documents.nodes import (
    Block,
    Bullets,
    Inline,
    Inlines,
    Paragraph,
    Value,
    Words,
)
from assistant.typography import french

_MARK = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_BOLD = re.compile(r"(\*\*.+?\*\*)", re.DOTALL)
_ITEM = re.compile(r"^(?:(-)|\d+\.)\s+")
_SPACES = re.compile(r"[ \t\n]+")
_ENDS = (".", "!", "?", "…")
# what a mark stands for: one inline, or the items of a list
Placed = Inline | tuple[Value, ...]


def _index(digits: str) -> int:
    return int("".join(str(ord(digit) - DIGIT) for digit in digits))


def _typeset(text: str) -> str:
    return french(_SPACES.sub(" ", text).replace("'", "\u2019"))


def _single(placed: Placed, *, bold: bool) -> list[Inline]:
    if not isinstance(placed, tuple):
        return [placed.model_copy(update={"gras": True}) if bold else placed]
    spaced: list[Inline] = []
    for value in placed:
        spaced += [Words(texte="\u202f; ", gras=bold), value] if spaced else [value]
    return spaced


def inline(text: str, placed: Sequence[Placed]) -> Inlines:
    """One run of text: bold and marks, typeset as French."""
    found: list[Inline] = []
    for part in _BOLD.split(_typeset(text)):
        bold = part.startswith("**") and part.endswith("**") and len(part) > 4
        inner = part[2:-2] if bold else part
        for number, piece in enumerate(_MARK.split(inner)):
            if number % 2:
                found += _single(placed[_index(piece)], bold=bold)
            elif piece:
                found.append(Words(texte=piece, gras=bold))
    return tuple(_closed(found))


def _closed(found: Sequence[Inline]) -> Iterator[Inline]:
    """One full stop after a value that already ends its sentence, not two."""
    before: Inline | None = None
    for node in found:
        if (
            isinstance(before, Value)
            and before.texte.rstrip().endswith(_ENDS)
            and isinstance(node, Words)
            and node.texte.startswith(".")
            and not node.texte.startswith("..")
        ):
            rest = node.texte[1:]
            if rest:
                yield node.model_copy(update={"texte": rest})
        else:
            yield node
        before = node


def _alone(text: str, placed: Sequence[Placed]) -> tuple[Value, ...] | None:
    whole = _MARK.fullmatch(text.strip())
    target = placed[_index(whole[1])] if whole else None
    return target if isinstance(target, tuple) else None


def _runs(paragraph: str) -> list[tuple[str, list[str]]]:
    """The lines of a paragraph as runs: text, bullets (« - ») or numbered items (« 1. »)."""
    runs: list[tuple[str, list[str]]] = []
    for line in paragraph.splitlines():
        item = _ITEM.match(line.strip())
        if item:
            kind = "bullets" if item[1] else "numbers"
            text = line.strip()[item.end() :]
            if runs and runs[-1][0] == kind:
                runs[-1][1].append(text)
            else:
                runs.append((kind, [text]))
        elif runs:
            runs[-1][1][-1] += "\n" + line
        else:
            runs.append(("text", [line]))
    return runs


def blocks(text: str, placed: Sequence[Placed], *, clause: str) -> list[Block]:
    """A rendered clause as blocks."""
    found: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip()):
        if not paragraph.strip():
            continue
        items = _alone(paragraph, placed)
        if items is not None:
            found.append(Bullets(clause=clause, elements=tuple((item,) for item in items)))
            continue
        for kind, lines in _runs(paragraph):
            if kind == "text":
                found.append(Paragraph(clause=clause, contenu=inline(lines[0].strip(), placed)))
            else:
                elements = tuple(inline(line.strip(), placed) for line in lines)
                found.append(Bullets(clause=clause, ordonnee=kind == "numbers", elements=elements))
    return _joined(found)


def _joined(found: list[Block]) -> list[Block]:
    """Lists that follow each other (one item a paragraph in a loop) are one list."""
    joined: list[Block] = []
    for block in found:
        last = joined[-1] if joined else None
        if (
            isinstance(block, Bullets)
            and isinstance(last, Bullets)
            and last.ordonnee == block.ordonnee
        ):
            joined[-1] = last.model_copy(update={"elements": last.elements + block.elements})
        else:
            joined.append(block)
    return joined
