"""Characters that the bundled fonts can draw; the others are replaced by their number, and said."""

from functools import cache
from pathlib import Path
from typing import Any

from assistant.drafting.documents.document import DocumentConvention
from assistant.typography import french

COVERAGE = Path(__file__).parent / "resources" / "glyphes.txt"


@cache
def covered() -> frozenset[int]:
    """Every code point that can be drawn (``resources/glyphes.txt``: ranges in hexadecimal)."""
    found: set[int] = set()
    for line in COVERAGE.read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def replaced(text: str, unknown: dict[str, None]) -> str:
    """The text with « [U+1F600] » for what cannot be drawn; ``unknown`` collects the characters."""
    known = covered()
    if all(ord(c) in known for c in text):
        return text
    pieces = []
    for character in text:
        if ord(character) in known:
            pieces.append(character)
        else:
            name = f"U+{ord(character):04X}"
            unknown[name] = None
            pieces.append(f"[{name}]")
    return "".join(pieces)


def _walk(value: Any, unknown: dict[str, None]) -> Any:
    if isinstance(value, str):
        return replaced(value, unknown)
    if isinstance(value, dict):
        return {key: _walk(item, unknown) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, unknown) for item in value]
    return value


def printable(document: DocumentConvention) -> DocumentConvention:
    """The document with every character drawable, and a remark when some were not."""
    unknown: dict[str, None] = {}
    value = _walk(document.model_dump(mode="json"), unknown)
    if not unknown:
        return document
    remark = french(document.mots["caracteres"].format(liste=", ".join(unknown)))
    value["remarques"] = [*value["remarques"], remark]
    return DocumentConvention.model_validate(value)
