"""Whether what was found answers the question: a calibrated reading of evidence.

A logistic model over raw signals and the words of the question (``evidence``), never over the
fused score alone. It is fitted by ``python -m eval calibrate`` on questions that were written for
it (``knowledge.asked``); its threshold comes from the development set. Signals' weights are in
``abstention.json``; those of words, hashed into ``BUCKETS``, in ``abstention.npy``.
"""

import json
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import FEATURES, Evidence
from assistant.knowledge.analysis import stems, words
from assistant.knowledge.search import SAME
from assistant.knowledge.stems import stem
from assistant.knowledge.unit import Unit

WEIGHTS = Path(__file__).parent / "abstention.json"
WORDS = Path(__file__).parent / "abstention.npy"
BUCKETS = 2**15

_QUESTION = FEATURES.index("question")
NO_WORDS: NDArray[np.float32] = np.zeros(BUCKETS, dtype=np.float32)


@dataclass(frozen=True)
class AbstentionModel:
    """Probability that the best unit answers, and the threshold under which to abstain.

    ``words`` has the weight of each bucket that a trait of the question falls into.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    words: NDArray[np.float32] = field(default_factory=NO_WORDS.copy)

    def confidence(self, evidence: Evidence) -> float:
        """A probability between 0 and 1."""
        total = self.bias + sum(w * v for w, v in zip(self.weights, evidence.values, strict=True))
        total += float(self.words[list(buckets(evidence.traits))].sum()) if evidence.traits else 0.0
        return 1 / (1 + math.exp(-max(min(total, 40.0), -40.0)))

    def answers(self, evidence: Evidence) -> bool:
        """Whether to answer; never when nothing of the question was found.

        Always when the unit is asked for in the very words of one of its authored questions,
        which it answers: whatever a host's own cards speak of, the model has never met it.
        """
        if evidence.values[_QUESTION] >= SAME:
            return True
        return evidence.values[0] > 0 and self.confidence(evidence) >= self.threshold


def buckets(traits: Iterable[str]) -> tuple[int, ...]:
    """The buckets of traits, each once, ascending."""
    return tuple(sorted({zlib.crc32(trait.encode()) % BUCKETS for trait in traits}))


@lru_cache(maxsize=4)
def load_model(path: Path = WEIGHTS, words_path: Path = WORDS) -> AbstentionModel:
    """The fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return AbstentionModel(
        weights=tuple(data["weights"][name] for name in FEATURES),
        bias=data["bias"],
        threshold=data["threshold"],
        words=np.load(words_path).astype(np.float32),
    )


def presumes(question: str, unit: Unit, assertions: Sequence[Sequence[str]]) -> bool:
    """Whether the question takes for granted something that the unit does not say.

    Only a question that asks for a reason presumes (« pourquoi le guide interdit-il… »).
    ``assertions`` are groups of words of one meaning; when the question uses one of a group
    and the unit none, the unit does not say it.
    """
    tokens = words(question)
    text = f" {' '.join(tokens)} "
    if not any(f" {opening} " in text for opening in _REASONS):
        return False
    said = f" {' '.join(stems(' '.join((unit.title, unit.text, *unit.questions))))} "
    asked = f" {' '.join(stem(word) for word in tokens)} "
    for group in assertions:
        phrases = [f" {' '.join(stems(phrase))} " for phrase in group]
        if any(p in asked for p in phrases) and not any(p in said for p in phrases):
            return True
    return False


_REASONS = (
    "pourquoi", "pk", "pq", "pour quelle raison", "pour quelles raisons", "raison", "raisons",
    "comment se fait", "motif", "cause", "causes", "explique pourquoi", "puisque",
    "depuis que", "alors que", "comme le guide",
    "selon le guide", "si le guide", "vu que", "etant donne que",
)  # fmt: skip
