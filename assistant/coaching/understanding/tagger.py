"""What each word of a message says, by a small trained network; numpy alone at run time.

Hashed words (``features.py``), three dilated convolutions (Yu and Koltun 2016) and what the whole
message holds (its maximum), then one independent probability a label for each word. Trained by
``training.py`` on messages written by a grammar; nothing of ``eval/datasets`` is read.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.coaching.understanding.features import Common, Tokens, common

DEFAULT_TAGGER = Path(__file__).parent / "tagger.safetensors"
KNOWN = "common"
DILATIONS = (1, 2, 4)
_APART = 2
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """The weights of one trained network, by name."""

    weights: Mapping[str, Array]

    def probabilities(self, tokens: Tokens) -> Array:
        """For each word and label, how likely the word says it; ``tokens`` holds a word."""
        weights = self.weights
        rows = np.concatenate([np.asarray(f, dtype=np.intp) for f in tokens.features])
        offsets = np.cumsum([0, *(len(f) for f in tokens.features[:-1])])
        hidden = np.add.reduceat(weights["table"][rows], offsets, axis=0)
        hidden = _relu(hidden @ weights["into"] + weights["into_bias"])
        for number, dilation in enumerate(DILATIONS):
            hidden = hidden + self._convolved(hidden, number, dilation)
        whole = _relu(hidden.max(axis=0) @ weights["whole"] + weights["whole_bias"])
        whole = whole @ weights["top_whole"] + weights["top_bias"]
        top = _relu(hidden @ weights["top"] + whole)
        scores = top @ weights["out"] + weights["out_bias"]
        made: Array = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
        return made

    def _convolved(self, hidden: Array, number: int, dilation: int) -> Array:
        size = len(hidden)
        wide = np.zeros((size + 2 * dilation, hidden.shape[1]), dtype=np.float32)
        wide[dilation : dilation + size] = hidden
        around = np.concatenate(
            [wide[:size], wide[dilation : dilation + size], wide[2 * dilation :]], axis=1
        )
        return _relu(around @ self.weights[f"conv{number}"] + self.weights[f"conv{number}_bias"])


def _relu(values: NDArray[Any]) -> Array:
    made: Array = np.maximum(values, 0)
    return made


@dataclass(frozen=True, slots=True)
class Tagger:
    """Networks that differ by their first weights and say the mean of what they find."""

    labels: tuple[str, ...]
    networks: tuple[Network, ...]
    # the digest of what they were trained on, and the common words of it
    grammar: str = ""
    known: Common = field(default_factory=lambda: common(()))

    def probabilities(self, tokens: Tokens) -> Array:
        """For each word and label, how likely the word says it; shape (words, labels)."""
        if not tokens.starts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        made: Array = np.mean([one.probabilities(tokens) for one in self.networks], axis=0)
        return made


@lru_cache(maxsize=2)
def load_tagger(path: Path = DEFAULT_TAGGER) -> Tagger:
    """Read the shipped weights; raises ``FileNotFoundError`` when there are none."""
    from safetensors import safe_open

    networks: dict[str, dict[str, Array]] = {}
    known = common(())
    with safe_open(str(path), framework="np") as file:
        said = file.metadata()
        names = list(file.keys())  # a file of tensors is no mapping
        for name in names:
            if name == KNOWN:
                known = file.get_tensor(name)
                continue
            number, _, short = name.partition(".")
            networks.setdefault(number, {})[short] = file.get_tensor(name).astype(np.float32)
    made = tuple(Network(networks[number]) for number in sorted(networks))
    return Tagger(tuple(said["labels"].split(" ")), made, said["grammar"], known)


def runs(
    values: Sequence[float], floor: float, edge: float, cuts: Container[int] = ()
) -> list[tuple[int, int]]:
    """The stretches over ``edge`` that reach ``floor``; a gap of one word is bridged.

    The words of ``cuts`` bridge nothing: they part two stretches.
    """
    found: list[tuple[int, int]] = []
    for place, value in enumerate(values):
        if value >= edge:
            gap = place - found[-1][1] if found else _APART
            if gap == 0 or (gap == 1 and place - 1 not in cuts):
                found[-1] = (found[-1][0], place + 1)
            else:
                found.append((place, place + 1))
    return [(first, last) for first, last in found if max(values[first:last]) >= floor]
