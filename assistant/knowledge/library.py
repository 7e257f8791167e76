"""Imported documents: what was read from a user's own files, one JSON file a document.

The library is content, not index: it is what an index is rebuilt from.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidContent, StorageUnavailable
from assistant.knowledge.content import Section, SourceDocument
from assistant.knowledge.corpus import term_slug
from assistant.knowledge.unit import Block, BlockKind, Reference, Unit, UnitKind


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of an imported document: its heading, its page when there is one, its text."""

    heading: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document as it was read. ``digest`` is that of the file's bytes."""

    id: str
    title: str
    file_name: str
    digest: str
    pages: int | None
    chunks: tuple[Chunk, ...]


class Library:
    """The imported documents of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, document: ImportedDocument) -> bool:
        """Keep ``document``, replacing the version with its id; True when there was one.

        Raises ``StorageUnavailable``; the previous version is intact when it does.
        """
        path = self._directory / f"{document.id}.json"
        existed = path.exists()
        data = {
            "id": document.id,
            "title": document.title,
            "file_name": document.file_name,
            "digest": document.digest,
            "pages": document.pages,
            "chunks": [[chunk.heading, chunk.page, chunk.text] for chunk in document.chunks],
        }
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._directory, suffix=".part")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(data, file, ensure_ascii=False)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise StorageUnavailable(dossier=str(self._directory)) from error
        return existed

    def remove(self, document_id: str) -> bool:
        """Forget a document; False when it is not there."""
        path = self._directory / f"{document_id}.json"
        if path not in self._paths():
            return False
        path.unlink()
        return True

    def all(self) -> tuple[ImportedDocument, ...]:
        """Every imported document, by id. Raises ``InvalidContent`` naming a damaged file."""
        return tuple(self._read(path) for path in self._paths())

    def digest(self) -> str:
        """Changes whenever an import does."""
        digest = hashlib.sha256()
        for path in self._paths():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time and size of every document: changes with them, and costs no reading."""
        stats = [(path.name, path.stat()) for path in self._paths()]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def units(self) -> tuple[Unit, ...]:
        """One unit a chunk, one block a paragraph of it."""
        return tuple(
            Unit(
                id=f"document-{document.id}-{number}",
                kind=UnitKind.IMPORTED,
                title=chunk.heading or document.title,
                blocks=tuple(
                    Block(BlockKind.PARAGRAPH, line, (0,)) for line in chunk.text.split("\n")
                ),
                references=(Reference(document.id, chunk.page, chunk.heading or document.title),),
                url=f"/documents/{document.id}#passage-{number}",
            )
            for document in self.all()
            for number, chunk in enumerate(document.chunks, start=1)
        )

    def documents(self) -> tuple[SourceDocument, ...]:
        """The imported documents, described like the sources."""
        return tuple(
            SourceDocument(
                id=document.id,
                titre=document.title,
                titre_court=document.title,
                auteur=document.file_name,
                date="import",
                pages=document.pages,
                sections=(Section(titre=document.title),),
            )
            for document in self.all()
        )

    def _paths(self) -> list[Path]:
        return sorted(self._directory.glob("*.json")) if self._directory.is_dir() else []

    @staticmethod
    def _read(path: Path) -> ImportedDocument:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            chunks = tuple(Chunk(*chunk) for chunk in data.pop("chunks"))
            return ImportedDocument(**data, chunks=chunks)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InvalidContent("import_abime", fichier=str(path)) from error


def document_id(file_name: str) -> str:
    """The stable id of an imported file: from its name, so that a new version replaces it."""
    return f"import-{term_slug(Path(file_name).stem) or 'document'}"
