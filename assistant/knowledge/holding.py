"""How much of a question a text holds: the share of its information, of every text at once.

The information of a word is its idf over whole units. A word that a text holds counts in full
(by half at least when it had to be corrected), one whose concept the text holds for
``CONCEPT_WEIGHT``, and a word known to the content, in a text that holds some other concept of
the question, for ``CONCEPT_SHARE``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.lexical import CONCEPT_WEIGHT, LexicalIndex

if TYPE_CHECKING:
    from assistant.knowledge.query import Query, Word

CONCEPT_SHARE = 0.3  # what a concept adds to the information of the words it stands for
CORRECTED_HELD = 0.5  # the least that a word held counts for
Scores = NDArray[np.float32]


class Postings(Protocol):
    """What tells which texts hold a term."""

    def documents_of(self, term: str) -> NDArray[np.int32]:
        """The texts that hold ``term``, ascending."""
        ...


@dataclass(frozen=True)
class HeldIndex:
    """Term → the texts that hold it; the texts of unit ``n`` follow one another from ``starts[n]``.

    Terms have the numbers that they have over whole units, whose vocabulary this shares.
    """

    vocabulary: dict[str, int]
    columns: NDArray[np.int32]
    documents: NDArray[np.int32]
    starts: NDArray[np.int32]
    size: int

    def documents_of(self, term: str) -> NDArray[np.int32]:
        """The texts that hold ``term``, ascending."""
        number = self.vocabulary.get(term)
        if number is None:
            return self.documents[:0]
        return self.documents[self.columns[number] : self.columns[number + 1]]

    def best(self, scores: Scores) -> Scores:
        """The best score among the texts of each unit; shape ``(units,)``."""
        if not len(self.starts):
            return scores[:0]
        found: Scores = np.maximum.reduceat(scores, self.starts)
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What to save beside the vocabulary of whole units."""
        return {
            "columns": self.columns,
            "documents": self.documents,
            "starts": self.starts,
            "size": np.array([self.size]),
        }


def build_held(units: Sequence[Sequence[Iterable[str]]], vocabulary: dict[str, int]) -> HeldIndex:
    """Index the texts of each unit, each a sequence of terms; those out of ``vocabulary`` are left.

    A unit without any text gets an empty one, so that it has a score.
    """
    pairs: list[tuple[int, int]] = []
    starts: list[int] = []
    size = 0
    for texts in units:
        starts.append(size)
        for terms in texts or [()]:
            pairs += [(vocabulary[term], size) for term in set(terms) if term in vocabulary]
            size += 1
    pairs.sort()
    counts = np.bincount([term for term, _ in pairs], minlength=len(vocabulary))
    return HeldIndex(
        vocabulary=vocabulary,
        columns=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        documents=np.array([text for _, text in pairs], dtype=np.int32),
        starts=np.array(starts, dtype=np.int32),
        size=size,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks to be held: its words with their information, and its concepts."""

    words: tuple[tuple["Word", float], ...]
    concepts: tuple[str, ...]

    def shares(self, postings: Postings, size: int) -> Scores:
        """The share of the information held by each of ``size`` texts, in [0, 1]."""
        found = np.zeros(size, dtype=np.float32)
        total = sum(weight for _, weight in self.words)
        if not total:
            return found
        loose = np.zeros(size, dtype=np.float32)
        for concept in self.concepts:
            loose[postings.documents_of(concept)] = CONCEPT_SHARE
        everywhere = 0.0  # the information of the words that any concept of the question helps
        for word, weight in self.words:
            held = postings.documents_of(word.term)
            full = max(word.known, CORRECTED_HELD)
            if word.concepts:
                level = loose.copy() if word.known else np.zeros_like(loose)
                for concept in word.concepts:
                    level[postings.documents_of(concept)] = CONCEPT_WEIGHT
                level[held] = full
                found += np.float32(weight) * level
            elif word.known:
                everywhere += weight
                found[held] += np.float32(weight) * (np.float32(full) - loose[held])
            else:
                found[held] += np.float32(weight * full)
        found += np.float32(everywhere) * loose
        share: Scores = np.minimum(found / np.float32(total), np.float32(1.0))
        return share


def wanted_of(query: "Query", index: LexicalIndex) -> Wanted:
    """What ``query`` asks to be held, its words weighed over the whole units of ``index``."""
    return Wanted(
        tuple((word, index.weight(word.term)) for word in query.words),
        tuple(term for term, _ in query.terms if term.startswith("§")),
    )
