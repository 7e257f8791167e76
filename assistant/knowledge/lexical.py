"""BM25 over French terms, as arrays that load in milliseconds.

Okapi BM25 (Robertson & Zaragoza 2009, « The Probabilistic Relevance Framework », eq. 3.15),
with the idf of Lucene so that no term weighs less than zero. Weights are computed once, at
build time: a query is a sum of a few sparse columns.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75


@dataclass(frozen=True)
class LexicalIndex:
    """Term → (documents, weights), in compressed sparse columns.

    ``columns[t] : columns[t + 1]`` are the places of term ``t`` in ``documents`` and
    ``weights``; ``idf[t]`` is its inverse document frequency (natural logarithm).
    """

    vocabulary: dict[str, int]
    columns: NDArray[np.int64]
    documents: NDArray[np.int32]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    size: int

    def scores(self, terms: Iterable[tuple[str, float]]) -> NDArray[np.float32]:
        """BM25 of every document for weighted query terms; shape ``(size,)``."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms:
            number = self.vocabulary.get(term)
            if number is not None:
                place = slice(self.columns[number], self.columns[number + 1])
                total[self.documents[place]] += weight * self.weights[place]
        return total

    def documents_of(self, term: str) -> NDArray[np.int32]:
        """The documents that hold ``term``, ascending."""
        number = self.vocabulary.get(term)
        if number is None:
            return self.documents[:0]
        return self.documents[self.columns[number] : self.columns[number + 1]]

    def weight(self, term: str) -> float:
        """The idf of ``term``; for an unknown term that of a term met once."""
        number = self.vocabulary.get(term)
        if number is None:
            return math.log(1 + (self.size + 0.5) / 1.5)
        return float(self.idf[number])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What to save; the vocabulary is saved apart, in the order of its numbers."""
        return {
            "columns": self.columns,
            "documents": self.documents,
            "weights": self.weights,
            "idf": self.idf,
            "size": np.array([self.size]),
        }


CONCEPT_WEIGHT = 0.6  # a synonym is weaker evidence than the word itself


@dataclass(frozen=True)
class OverlapIndex:
    """How much of a short text and of a query is common to both, weighted by idf.

    The Dice coefficient over terms, in [0, 1]: 1 when they have the same informative words.
    """

    terms: LexicalIndex
    totals: NDArray[np.float32]

    def scores(self, terms: Sequence[tuple[str, float]], total: float) -> NDArray[np.float32]:
        """Dice of every text with a query of weighted ``terms`` whose idf sum is ``total``."""
        common = self.terms.scores(terms)
        share: NDArray[np.float32] = 2 * common / np.maximum(self.totals + total, 1e-6)
        return np.minimum(share, np.float32(1.0))


def build_overlap(texts: Sequence[Sequence[str]]) -> OverlapIndex:
    """Index short ``texts``, each a sequence of terms; a repeated term counts once."""
    terms = build_lexical([list(dict.fromkeys(text)) for text in texts], k1=0, b=0)
    totals = np.array([weighted_total(terms, set(text)) for text in texts], dtype=np.float32)
    return OverlapIndex(terms, totals)


def weighted_total(index: LexicalIndex, terms: Iterable[str]) -> float:
    """The idf sum of ``terms``, concepts weighing less."""
    return sum(
        index.weight(term) * (CONCEPT_WEIGHT if term.startswith("§") else 1.0) for term in terms
    )


def build_lexical(
    documents: Sequence[Sequence[str]], *, k1: float = K1, b: float = B
) -> LexicalIndex:
    """Index ``documents``, each a sequence of terms."""
    counts = [Counter(document) for document in documents]
    lengths = np.array([max(len(document), 1) for document in documents], dtype=np.float64)
    average = lengths.mean() if len(lengths) else 1.0
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, counter in enumerate(counts):
        for term, count in counter.items():
            postings.setdefault(term, []).append((number, count))
    vocabulary = {term: number for number, term in enumerate(sorted(postings))}
    columns = np.zeros(len(vocabulary) + 1, dtype=np.int64)
    places: list[NDArray[np.int32]] = []
    weights: list[NDArray[np.float32]] = []
    idf = np.zeros(len(vocabulary), dtype=np.float32)
    for term, number in vocabulary.items():
        pairs = np.array(postings[term], dtype=np.int64)
        where, frequency = pairs[:, 0], pairs[:, 1].astype(np.float64)
        idf[number] = math.log(1 + (len(documents) - len(where) + 0.5) / (len(where) + 0.5))
        norm = k1 * (1 - b + b * lengths[where] / average)
        places.append(where.astype(np.int32))
        weights.append((idf[number] * frequency * (k1 + 1) / (frequency + norm)).astype(np.float32))
        columns[number + 1] = columns[number] + len(where)
    return LexicalIndex(
        vocabulary=vocabulary,
        columns=columns,
        documents=np.concatenate(places) if places else np.zeros(0, dtype=np.int32),
        weights=np.concatenate(weights) if weights else np.zeros(0, dtype=np.float32),
        idf=idf,
        size=len(documents),
    )
