"""One generation of the index: a directory built whole, then only ever copied and read.

``manifest.json`` is written last; a directory without it, or whose files do not have the
digests it names, is not a generation.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assistant.errors import IndexUnavailable
from assistant.knowledge.analysis import Analyzer, words
from assistant.knowledge.asked import EMPTY, Asked, AskedIndex, read_asked, write_asked
from assistant.knowledge.embedding import Embedder
from assistant.knowledge.shelf import (
    Progress,
    Shelf,
    count_records,
    read_json,
    read_shelf,
    write_json,
    write_shelf,
)
from assistant.knowledge.unit import Unit, UnitKind
from assistant.knowledge.vectors import ChromaClient, MappedVectorIndex, VectorIndex

FORMAT = 26  # raise when the files change shape or the analysis changes
LOCK_NAME = "lock"
OURS = "fiches"
IMPORTED = "documents"
CHROMA = "chroma"


@dataclass(frozen=True)
class Index:
    """Everything search needs, open.

    ``spellings`` are the words seen in the content, unstemmed, for correcting queries.
    """

    ours: Shelf
    imported: Shelf
    analyzer: Analyzer
    embedder: Embedder
    spellings: tuple[str, ...]
    key: str
    asked: AskedIndex = EMPTY

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, on either shelf."""
        return self.ours.unit(unit_id) or self.imported.unit(unit_id)

    def knows(self, term: str) -> bool:
        """Whether a stem occurs anywhere in the content."""
        return term in self.ours.whole.vocabulary or term in self.imported.whole.vocabulary


class Material(NamedTuple):
    """What a generation is made of; ``groups`` are interchangeable expressions."""

    units: Sequence[Unit]
    groups: Sequence[Sequence[str]] = ()
    asked: Sequence[Asked] = ()


def build_generation(
    directory: Path,
    *,
    key: str,
    material: Material,
    embedder: Embedder,
    progress: Progress | None = None,
) -> None:
    """Write a whole generation into the empty ``directory``."""
    units = material.units
    analyzer = Analyzer(material.groups)
    imported = [unit for unit in units if unit.kind is UnitKind.IMPORTED]
    shelves = {OURS: [u for u in units if u.kind is not UnitKind.IMPORTED], IMPORTED: imported}
    client = ChromaClient(directory / CHROMA) if imported else None
    total = sum(map(count_records, shelves.values()))
    before = 0
    for name, shelf in shelves.items():
        write_shelf(
            directory / name,
            units=shelf,
            analyzer=analyzer,
            embedder=embedder,
            by_question=MappedVectorIndex(directory / f"{name}-questions"),
            by_passage=_passage_vectors(directory, name, client, size=count_records(shelf)),
            progress=_shifted(progress, before, total),
        )
        before += count_records(shelf)
    if client is not None:
        client.close()
    write_asked(directory, material.asked, embedder)
    write_json(directory / "groups.json", [list(group) for group in material.groups])
    write_json(directory / "spellings.json", sorted(_spellings(units)))
    digests = {
        path.relative_to(directory).as_posix(): _digest(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != LOCK_NAME
    }
    write_json(directory / "manifest.json", {"format": FORMAT, "key": key, "files": digests})


def is_whole(directory: Path, *, key: str) -> bool:
    """Whether ``directory`` holds the generation ``key``, complete."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        if (manifest["format"], manifest["key"]) != (FORMAT, key):
            return False
        return all(
            _digest(directory / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _digest(path: Path) -> str:
    """A damaged vector file makes Chroma crash the process: its bytes are checked first."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_generation(directory: Path, *, embedder: Embedder) -> Index:
    """Open a private copy of a generation.

    Raises ``IndexUnavailable`` when anything in it cannot be read or does not agree.
    """
    try:
        client = ChromaClient(directory / CHROMA) if (directory / CHROMA).exists() else None
        index = Index(
            ours=_open_shelf(directory, client, OURS),
            imported=_open_shelf(directory, client, IMPORTED),
            analyzer=Analyzer(read_json(directory / "groups.json")),
            embedder=embedder,
            spellings=tuple(read_json(directory / "spellings.json")),
            key=read_json(directory / "manifest.json")["key"],
            asked=read_asked(directory),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(raison=type(error).__name__) from error
    for shelf in (index.ours, index.imported):
        if shelf.records() != count_records(shelf.units):
            raise IndexUnavailable(raison="count")
    return index


def _open_shelf(directory: Path, client: ChromaClient | None, name: str) -> Shelf:
    return read_shelf(
        directory / name,
        by_question=MappedVectorIndex(directory / f"{name}-questions"),
        by_passage=_passage_vectors(directory, name, client),
    )


def _passage_vectors(
    directory: Path, name: str, client: ChromaClient | None, *, size: int = 0
) -> VectorIndex:
    """Imports, which have no end, in Chroma; our own passages, few, compared exactly."""
    if name == IMPORTED and client is not None:
        return client.collection(name, size=size)
    return MappedVectorIndex(directory / f"{name}-passages")


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(before + done, total)


def _spellings(units: Iterable[Unit]) -> set[str]:
    found: set[str] = set()
    for unit in units:
        for text in (unit.title, unit.text, *unit.questions):
            found.update(word for word in words(text) if len(word) > 3 and word.isalpha())
    return found
