"""Text → unit vectors.

The default model is a SentenceTransformer made of one static embedding table; its files are
read directly (tokenizers + safetensors), because importing torch would cost seconds and
hundreds of megabytes. ``tests/knowledge/test_embedding.py`` shows that the vectors are equal
to those of the library. Any other SentenceTransformer is loaded through the library.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from assistant.errors import IndexUnavailable
from assistant.knowledge.analysis import words

Vectors = NDArray[np.float32]  # (texts, dimension), rows of norm 1 or 0

DEFAULT_MODEL = Path(__file__).parent / "embedding_model"


class Embedder(Protocol):
    """What the index asks of an embedding model.

    Two methods, because some models prefix queries and passages differently.
    """

    @property
    def digest(self) -> str:
        """Changes whenever the vectors would."""
        ...

    def embed_queries(self, texts: list[str]) -> Vectors:
        """Unit vectors of questions."""
        ...

    def embed_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors of passages."""
        ...


def normalized(vectors: NDArray[Any]) -> Vectors:
    """Rows scaled to norm 1; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


class StaticEmbedder:
    """A SentenceTransformer ``StaticEmbedding`` read without torch: the mean of token vectors."""

    def __init__(self, directory: Path = DEFAULT_MODEL) -> None:
        modules = json.loads((directory / "modules.json").read_text(encoding="utf-8"))
        folder = directory / modules[0]["path"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = load_file(folder / "model.safetensors")["embedding.weight"]
        self._digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()

    @property
    def digest(self) -> str:
        """A hash of the weights."""
        return self._digest

    def embed_queries(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`; the model makes no difference between the two."""
        return self._embed(texts)

    def embed_passages(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`."""
        return self._embed(texts)

    def _embed(self, texts: list[str]) -> Vectors:
        means = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                means[row] = self._table[encoding.ids].mean(axis=0)
        return normalized(means)


class SentenceTransformerEmbedder:
    """Any other SentenceTransformer, by path or name, never downloaded behind one's back."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise IndexUnavailable("modele_sans_bibliotheque", modele=name) from error
        try:
            self._model = SentenceTransformer(name, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            raise IndexUnavailable("modele_introuvable", modele=name) from error
        self._name = name

    @property
    def digest(self) -> str:
        """The name and the dimension: weights behind one name are taken not to change."""
        return f"{self._name}:{self._model.get_embedding_dimension()}"

    def embed_queries(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`; the model's own query prompt applies."""
        return normalized(self._model.encode_query(texts, show_progress_bar=False))

    def embed_passages(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`; the model's own document prompt applies."""
        return normalized(self._model.encode_document(texts, show_progress_bar=False))


class WordHashEmbedder:
    """The double: words hashed into buckets, so that overlap means similarity. No weights."""

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension

    @property
    def digest(self) -> str:
        """The dimension says it all."""
        return f"word-hash-{self._dimension}"

    def embed_queries(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`."""
        return self._embed(texts)

    def embed_passages(self, texts: list[str]) -> Vectors:
        """See :class:`Embedder`."""
        return self._embed(texts)

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                hashed = hashlib.blake2b(word.encode(), digest_size=4).digest()
                vectors[row, int.from_bytes(hashed, "big") % self._dimension] += 1
        return normalized(vectors)


def load_embedder(name: str | None) -> Embedder:
    """The shipped model, or the SentenceTransformer called ``name`` (a path or a name).

    Raises ``IndexUnavailable`` with what to do when it cannot be loaded.
    """
    return SentenceTransformerEmbedder(name) if name else StaticEmbedder()
