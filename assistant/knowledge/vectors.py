"""Nearest vectors: a mapped file for our own, Chroma for imports, and a brute-force double."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.errors import IndexUnavailable
from assistant.knowledge.embedding import Vectors

SEARCH_BREADTH = 400  # ef_search: with Chroma's default, 17 % of the true neighbours are lost


@dataclass(frozen=True, slots=True)
class Record:
    """One vector to store: of a question or of a passage.

    ``text`` is kept beside a passage's vector, and is None for a question: Chroma indexes the
    words of what it keeps, which took two thirds of a build.
    """

    id: str
    text: str | None


class VectorIndex(Protocol):
    """What search asks of a vector store."""

    def add(self, records: Sequence[Record], vectors: Vectors) -> None:
        """Store records whose ids are new."""
        ...

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The ``k`` nearest ids with their cosine, best first; ``vector`` has shape (1, d)."""
        ...

    def count(self) -> int:
        """How many records are stored."""
        ...

    def matrix(self) -> tuple[list[str], Vectors] | None:
        """Every id and, in the same order, its vector; None when comparing with all is dear."""
        ...


class InMemoryVectorIndex:
    """Brute force: exact, for tests and as the oracle of recall."""

    def __init__(self) -> None:
        self._vectors: dict[str, Vectors] = {}

    def add(self, records: Sequence[Record], vectors: Vectors) -> None:
        """See :class:`VectorIndex`."""
        for record, vector in zip(records, vectors, strict=True):
            self._vectors[record.id] = vector

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """See :class:`VectorIndex`; ties are broken by id."""
        if not self._vectors:
            return []
        ids = sorted(self._vectors)
        cosines = np.stack([self._vectors[i] for i in ids]) @ vector[0]
        order = np.argsort(-cosines, kind="stable")[:k]
        return [(ids[i], float(cosines[i])) for i in order]

    def count(self) -> int:
        """See :class:`VectorIndex`."""
        return len(self._vectors)

    def matrix(self) -> tuple[list[str], Vectors] | None:
        """See :class:`VectorIndex`."""
        ids = sorted(self._vectors)
        return ids, np.stack([self._vectors[i] for i in ids]) if ids else np.zeros((0, 0), "f4")


class MappedVectorIndex:
    """Vectors in a file that is mapped, not read: exact, for some tens of thousands.

    ``<place>.f32`` holds the vectors one after the other, ``<place>.ids`` their ids, a line
    each; both only ever grow.
    """

    def __init__(self, place: Path) -> None:
        self._file = place.with_suffix(".f32")
        self._ids_file = place.with_suffix(".ids")

    def add(self, records: Sequence[Record], vectors: Vectors) -> None:
        """See :class:`VectorIndex`."""
        with self._file.open("ab") as file, self._ids_file.open("a", encoding="utf-8") as ids:
            file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
            ids.writelines(f"{record.id}\n" for record in records)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """See :class:`VectorIndex`; ties are broken by id."""
        ids, matrix = self.matrix()
        if not ids:
            return []
        cosines = matrix @ vector[0]
        pairs = sorted(zip(ids, cosines.tolist(), strict=True), key=lambda p: (-p[1], p[0]))
        return pairs[:k]

    def count(self) -> int:
        """See :class:`VectorIndex`."""
        return len(self._ids())

    def matrix(self) -> tuple[list[str], Vectors]:
        """See :class:`VectorIndex`."""
        ids = self._ids()
        if not ids:
            return [], np.zeros((0, 0), dtype=np.float32)
        width = self._file.stat().st_size // (4 * len(ids))
        return ids, np.memmap(self._file, dtype=np.float32, mode="r", shape=(len(ids), width))

    def _ids(self) -> list[str]:
        if not self._ids_file.exists():
            return []
        return self._ids_file.read_text(encoding="utf-8").splitlines()


class ChromaClient:
    """An embedded Chroma, with our own vectors and cosine.

    A directory belongs to one process: ``index_store.py`` gives each its own copy.
    """

    def __init__(self, directory: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._errors = (ChromaError, ValueError, RuntimeError, OSError)
        try:
            self._client = chromadb.PersistentClient(
                str(directory), settings=Settings(anonymized_telemetry=False)
            )
        except self._errors as error:
            raise IndexUnavailable(raison=type(error).__name__) from error

    def collection(self, name: str, *, size: int = 0) -> "ChromaVectorIndex":
        """The collection ``name``, made when it is not there.

        ``size`` records are to be added: the graph is then written once, at the last of them,
        rather than every thousand (a third less time, and nothing to replay at opening).
        """
        once = max(size, 1_000)
        try:
            collection = self._client.get_or_create_collection(
                name,
                embedding_function=None,
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "ef_search": SEARCH_BREADTH,
                        "batch_size": once,
                        "sync_threshold": once,
                    }
                },
            )
        except self._errors as error:
            raise IndexUnavailable(raison=type(error).__name__) from error
        return ChromaVectorIndex(collection, batch=self._client.get_max_batch_size())

    def close(self) -> None:
        """Release the files, so that the directory can be moved or removed."""
        self._client.close()  # type: ignore[attr-defined]  # on the client, not on its interface


class ChromaVectorIndex:
    """One Chroma collection."""

    def __init__(self, collection: Any, *, batch: int) -> None:
        self._collection = collection
        self._batch = batch

    def add(self, records: Sequence[Record], vectors: Vectors) -> None:
        """See :class:`VectorIndex`."""
        for start in range(0, len(records), self._batch):
            batch = records[start : start + self._batch]
            texts = [record.text for record in batch if record.text is not None]
            self._collection.add(
                ids=[record.id for record in batch],
                documents=texts or None,
                embeddings=vectors[start : start + self._batch],
            )

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """See :class:`VectorIndex`; ties are broken by id."""
        found = self._collection.query(query_embeddings=vector, n_results=k, include=["distances"])
        distances = found["distances"] or [[]]
        pairs = [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances[0], strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def count(self) -> int:
        """See :class:`VectorIndex`."""
        return int(self._collection.count())

    def matrix(self) -> None:
        """See :class:`VectorIndex`: the graph is there so as not to compare with all."""
