"""``assistant ingest``: files and folders → the library."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import CallerError
from assistant.knowledge.chunking import chunk
from assistant.knowledge.cleaning import clean
from assistant.knowledge.corpus import term_slug
from assistant.knowledge.library import ImportedDocument, Library, document_id
from assistant.knowledge.readers import READERS, Unreadable, read_file


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was read."""

    file: str
    document: str
    passages: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not, and why (a key of ``raisons_lecture``)."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every file."""

    imported: tuple[Imported, ...]
    refused: tuple[Refused, ...]


def import_paths(
    paths: Sequence[Path],
    *,
    library: Library,
    noise: Iterable[str],
    max_bytes: int,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Read every file of ``paths`` (folders: every file of a known format below them).

    A file that cannot be read is named with its reason and the rest goes on. Raises
    ``CallerError`` when a path does not exist, before anything is read, and
    ``StorageUnavailable`` when the library cannot be written.
    """
    files = list(_files(paths))
    labels = tuple(noise)
    imported: list[Imported] = []
    refused: list[Refused] = []
    taken: set[str] = set()
    for number, path in enumerate(files, start=1):
        try:
            document = read_document(path, noise=labels, max_bytes=max_bytes)
        except Unreadable as error:
            refused.append(Refused(str(path), error.reason))
        else:
            document = replace(document, id=_unused(document.id, path, taken))
            taken.add(document.id)
            replaced = library.save(document)
            imported.append(Imported(str(path), document.id, len(document.chunks), replaced))
        if progress:
            progress(number, len(files))
    return Outcome(tuple(imported), tuple(refused))


def read_document(path: Path, *, noise: Iterable[str], max_bytes: int) -> ImportedDocument:
    """One file, cleaned and cut into passages. Raises ``Unreadable``."""
    raw = read_file(path, max_bytes=max_bytes)
    chunks = chunk(clean(raw.pages, noise=noise), title=raw.title)
    if not chunks:
        raise Unreadable("vide")
    paged = any(page.number for page in raw.pages)
    return ImportedDocument(
        id=document_id(path.name),
        title=raw.title,
        file_name=path.name,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        pages=len(raw.pages) if paged else None,
        chunks=tuple(chunks),
    )


def _unused(identifier: str, path: Path, taken: set[str]) -> str:
    """Two files of one name in one import are two documents: the second takes its folder's name."""
    if identifier not in taken:
        return identifier
    named = f"{identifier}-{term_slug(path.resolve().parent.name) or 'dossier'}"
    number = 2
    unused = named
    while unused in taken:
        unused = f"{named}-{number}"
        number += 1
    return unused


def _files(paths: Sequence[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.exists():
            raise CallerError("fichier_introuvable", fichier=str(path))
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READERS
            )
        else:
            yield path
