"""Where generations live, how they are swapped, and why no process ever waits for another.

A Chroma directory belongs to exactly one process (a second opener can hang for minutes), so a
generation is built once, never opened again where it lies, and copied for each process that
wants it. Copies carry a lock held for the life of the process; a copy whose lock is free was
left by a process that died, and is removed by the next one.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assistant.errors import IndexUnavailable, StorageUnavailable
from assistant.knowledge.embedding import Embedder
from assistant.knowledge.generation import (
    FORMAT,
    LOCK_NAME,
    Index,
    Material,
    build_generation,
    is_whole,
    open_generation,
)
from assistant.knowledge.shelf import Progress

Content = Callable[[], Material]


class IndexStore:
    """The index directory of one data directory.

    ``content_digest`` identifies what is indexed; ``content`` reads it, only when a
    generation must be built.
    """

    def __init__(self, directory: Path, *, embedder: Embedder) -> None:
        self._directory = directory
        self._embedder = embedder
        self._locks: list[IO[bytes]] = []

    def key(self, content_digest: str) -> str:
        """The name of the generation for that content under this model."""
        text = f"{FORMAT}|{content_digest}|{self._embedder.digest}"
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def open(
        self, content_digest: str, content: Content, progress: Progress | None = None
    ) -> Index:
        """An index of the content, building it when missing, stale or broken.

        Raises ``StorageUnavailable`` when it must be built and nothing can be written, and
        ``IndexUnavailable`` when a fresh build cannot be opened either.
        """
        key = self.key(content_digest)
        place = self._directory / key
        if not is_whole(place, key=key):
            self._build(place, key, content, progress)
        try:
            return self._open_copy(place)
        except IndexUnavailable:
            shutil.rmtree(place, ignore_errors=True)  # whole to look at, and yet unreadable
            self._build(place, key, content, progress)
            return self._open_copy(place)

    def _build(self, place: Path, key: str, content: Content, progress: Progress | None) -> None:
        material = content()
        with _writing():
            self._directory.mkdir(parents=True, exist_ok=True)
            self._remove_abandoned(self._directory, prefix="build-")
            work, lock = self._locked_directory(self._directory, prefix="build-")
            build_generation(
                work, key=key, material=material, embedder=self._embedder, progress=progress
            )
            if not is_whole(place, key=key):
                shutil.rmtree(place, ignore_errors=True)
            try:
                work.rename(place)
            except OSError:  # another process built the same generation first
                shutil.rmtree(work, ignore_errors=True)
                if not is_whole(place, key=key):
                    raise
            finally:
                lock.close()
            self._remove_stale(keep=place)

    def _open_copy(self, place: Path) -> Index:
        try:
            copy, lock = self._private_directory()
            shutil.copytree(
                place, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(LOCK_NAME)
            )
        except (OSError, shutil.Error) as error:
            raise StorageUnavailable(dossier=str(self._directory)) from error
        self._locks.append(lock)  # held until the process ends
        return open_generation(copy, embedder=self._embedder)

    def _private_directory(self) -> tuple[Path, IO[bytes]]:
        copies = self._directory / "copies"
        try:
            copies.mkdir(exist_ok=True)
            self._remove_abandoned(copies, prefix="copie-")
            return self._locked_directory(copies, prefix="copie-")
        except OSError:  # read-only data directory: the system's temporary one will do
            shared = Path(tempfile.gettempdir())
            self._remove_abandoned(shared, prefix="cote-a-cote-copie-")
            return self._locked_directory(shared, prefix="cote-a-cote-copie-")

    @staticmethod
    def _locked_directory(parent: Path, *, prefix: str) -> tuple[Path, IO[bytes]]:
        directory = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = (directory / LOCK_NAME).open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return directory, lock

    @staticmethod
    def _remove_abandoned(parent: Path, *, prefix: str) -> None:
        for directory in parent.glob(f"{prefix}*"):
            try:
                with (directory / LOCK_NAME).open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(directory, ignore_errors=True)
            except OSError:  # in use, just being made, or somebody else's
                continue

    def _remove_stale(self, *, keep: Path) -> None:
        for directory in self._directory.iterdir():
            if directory.is_dir() and directory != keep and len(directory.name) == len(keep.name):
                shutil.rmtree(directory, ignore_errors=True)

    def close(self) -> None:
        """Remove this process's copies."""
        for lock in self._locks:
            shutil.rmtree(Path(lock.name).parent, ignore_errors=True)
            lock.close()
        self._locks.clear()


@contextmanager
def _writing() -> Iterator[None]:
    """Translate what a full or read-only disk raises."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(dossier=str(error.filename or "")) from error
