"""Fit the ranking weights by softmax regression, on the open sets of questions.

The weights make the fused score of a unit, times a temperature, the logarithm of how likely it
is to be the one that answers (multinomial logit, McFadden 1974). They are fitted on the questions
of ``eval.dataset.OPEN`` that one unit answers, and held (L2) to the weights first set on the
development set alone, ``BEFORE``: what questions do not settle stays as it was. Newton's method,
no chance in it: the same content gives the same weights. The questions written apart in the
content are not read: the embedding model is trained on them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.bootstrap import Engine
from assistant.knowledge.search import ARMS, WEIGHTS, Searcher, Weights
from assistant.knowledge.unit import UnitKind
from eval.dataset import OPEN, Case, load_cases
from eval.scorers import covered

Array = NDArray[np.float64]
BEFORE = Weights(
    whole=0.22,
    title=0.12,
    question=0.17,
    dense_question=0.38,
    dense_passage=0.55,
    coverage=0.0,
    body=0.0,
    same=0.0,
    actor=0.12,
    other_actor=-0.06,
    step=0.02,
    conversation=0.05,
    term_aside=-0.24,
    kinds={"exemple": -0.04, "terme": -0.26},
)
SAME = 0.1  # weight of a question that a unit asks word for word, for ``python -m eval reach``
CANDIDATES = 200  # first units, by ``BEFORE``, that a question chooses among
FIRST = 40  # a question whose unit is not among these is worded for another, or for several
PENALTY = 3e-5  # of 3e-3 to 3e-6, the best on sets left out (0.875, 0.875, 0.878, 0.878)
TEMPERATURE = 10.0  # where the search for it starts
STEPS = 100
NEAR = 1e-6
NAMES = (*ARMS, "exemple", "terme", "term_aside")


@dataclass(frozen=True)
class Choices:
    """Questions, each a choice among its first units.

    ``features`` (questions, units, ``NAMES``) are what is weighed, ``offset`` the priors that
    are not fitted, ``relevant`` the units that answer, ``share`` what each question weighs.
    """

    features: Array
    offset: Array
    relevant: NDArray[np.bool_]
    share: Array

    def scores(self, weights: Array, scale: float = 1.0) -> Array:
        """The fused scores; ``scale`` multiplies the priors that are not fitted."""
        return np.asarray(self.features @ weights + scale * self.offset)

    def only(self, kept: NDArray[np.bool_]) -> "Choices":
        """Some of the questions."""
        return Choices(
            self.features[kept], self.offset[kept], self.relevant[kept], self.share[kept]
        )

    def learnable(self) -> "Choices":
        """The questions that have a unit among the first, weighing 1 together."""
        kept = self.only(np.asarray(self.relevant[:, :FIRST].any(axis=1)))
        return Choices(
            kept.features, kept.offset, kept.relevant, kept.share / max(kept.share.sum(), 1e-9)
        )


def tune(engine: Engine) -> dict[str, Any]:
    """Fit, report on sets left out, and write ``ranking.json``."""
    gatherer = Gatherer(engine.answerer.searcher)
    sets = {name: gatherer.choices(load_cases(name)) for name in OPEN}
    learnt = together([choices.learnable() for choices in sets.values()])
    print(f"{len(learnt.share)} questions")
    before, after = cross_validated(sets)
    print(f"first unit right, sets left out: {before:.4f} before, {after:.4f} after")
    fitted, temperature = fit(learnt)
    development = sets["dev"]
    top = development.scores(weights_of(BEFORE)).max(axis=1).mean()
    scale = float(top / development.scores(fitted, temperature).max(axis=1).mean())
    found = as_mapping(fitted * scale, temperature * scale)
    WEIGHTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


class Gatherer:
    """Reads questions as choices among the units of one shelf."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = Searcher(
            searcher.shelf, searcher.reader, searcher.embedder, weights=BEFORE
        )
        self._units = searcher.shelf.units
        kinds = [unit.kind for unit in self._units]
        self._examples = np.array([kind is UnitKind.EXAMPLE for kind in kinds], dtype=np.float64)
        self._terms = np.array([kind is UnitKind.TERM for kind in kinds], dtype=np.float64)

    def choices(self, cases: Sequence[Case]) -> Choices:
        """Cases of one section, each for the units that hold all its facts, if it has any."""
        rows = []
        for case in cases:
            if case.kind != "multi":
                features, offset, first = self._read(case.question, case.actor)
                rows.append((features, offset, np.array([self._answers(case, n) for n in first])))
        return _choices(rows)

    def _answers(self, case: Case, number: int) -> bool:
        unit = self._units[number]
        if not case.answerable or not unit.references:
            return False
        return covered(f"{unit.title} {unit.text}", case.facts) == len(case.facts)

    def _read(self, question: str, actor: str | None) -> tuple[Array, Array, NDArray[np.intp]]:
        query = self._searcher.reader.read(question, actor=actor)
        arms = self._searcher.signals(query)
        fused = self._searcher.fused(query, arms).astype(np.float64)
        first = np.argsort(-fused, kind="stable")[:CANDIDATES]
        aside = np.zeros_like(self._terms) if query.defines else self._terms
        features = np.stack([*arms, self._examples, self._terms, aside], axis=1)[first]
        return features, fused[first] - features @ weights_of(BEFORE), first


def _choices(rows: Sequence[tuple[Array, Array, NDArray[np.bool_]]]) -> Choices:
    features, offset, relevant = (np.stack(column) for column in zip(*rows, strict=True))
    return Choices(features, offset, relevant, np.ones(len(rows)))


def together(sets: Sequence[Choices]) -> Choices:
    """All of them, each question weighing the same; they weigh 1 together."""
    count = sum(len(choices.share) for choices in sets)
    return Choices(
        np.concatenate([choices.features for choices in sets]),
        np.concatenate([choices.offset for choices in sets]),
        np.concatenate([choices.relevant for choices in sets]),
        np.full(count, 1 / max(count, 1)),
    )


def fit(choices: Choices) -> tuple[Array, float]:
    """The weights in units of the logit, and the temperature of ``BEFORE``."""
    start = weights_of(BEFORE)
    alone = Choices(
        choices.scores(start)[..., None],
        np.zeros_like(choices.offset),
        choices.relevant,
        choices.share,
    )
    temperature = float(regression(alone, np.array([TEMPERATURE]), penalty=0.0)[0])
    return regression(choices, temperature * start, scale=temperature), temperature


def regression(
    choices: Choices, base: Array, *, scale: float = 1.0, penalty: float = PENALTY
) -> Array:
    """The most likely weights, held to ``base`` by ``penalty`` times the squared distance.

    A question with several relevant units is right with any: each Newton step aims at the
    probabilities that they have among themselves.
    """
    x, share = choices.features, choices.share[:, None]
    theta, likelihood, p = base, *_likelihood(choices, base, scale)
    for _ in range(STEPS):
        right = p * choices.relevant
        target = right / np.maximum(right.sum(axis=1, keepdims=True), 1e-300)
        gradient = np.tensordot(share * (target - p), x, 2) - 2 * penalty * (theta - base)
        mean = np.einsum("qu,quf->qf", p, x)
        spread = np.tensordot((share * p)[..., None] * x, x, ((0, 1), (0, 1)))
        hessian = spread - (share * mean).T @ mean + 2 * penalty * np.eye(len(theta))
        step = np.linalg.solve(hessian, gradient)
        while np.abs(step).max() > NEAR:
            trial = theta + step
            reached, p = _likelihood(choices, trial, scale)
            reached -= penalty * float(((trial - base) ** 2).sum())
            if reached > likelihood:
                theta, likelihood = trial, reached
                break
            step = step / 2
        else:
            break
    return theta


def _likelihood(choices: Choices, weights: Array, scale: float) -> tuple[float, Array]:
    """The logarithm of the likelihood, and the probability of each unit."""
    scores = choices.scores(weights, scale)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    right = (p * choices.relevant).sum(axis=1)
    return float(choices.share @ np.log(np.maximum(right, 1e-300))), p


def cross_validated(sets: Mapping[str, Choices]) -> tuple[float, float]:
    """How often the first unit is right, under ``BEFORE`` and fitted without the set it is in.

    Of the questions that one unit answers, whether or not search finds it.
    """
    before = after = total = 0.0
    for name, choices in sets.items():
        held_out = choices.only(np.asarray(choices.relevant.any(axis=1)))
        others = [other.learnable() for one, other in sets.items() if one != name]
        weights, temperature = fit(together(others))
        was, now = (
            _right(held_out, held_out.scores(weights_of(BEFORE))),
            _right(held_out, held_out.scores(weights, temperature)),
        )
        count = len(held_out.share)
        print(f"{name:8} left out: {was / count:.3f} before, {now / count:.3f} after")
        before, after, total = before + was, after + now, total + count
    return before / total, after / total


def _right(choices: Choices, scores: Array) -> float:
    first = choices.relevant[np.arange(len(scores)), scores.argmax(axis=1)]
    return float((first * choices.share).sum())


def weights_of(weights: Weights) -> Array:
    """The fitted weights, in the order of ``NAMES``."""
    flat = {**weights.__dict__, **weights.kinds}
    return np.array([flat[name] for name in NAMES])


def as_mapping(fitted: Array, scale: float) -> dict[str, Any]:
    """What ``ranking.json`` holds: ``fitted`` by name, the other priors times ``scale``."""
    values = dict(zip(NAMES, (round(float(value), 4) for value in fitted), strict=True))
    kinds = {kind: values.pop(kind) for kind in BEFORE.kinds}
    aside = ("actor", "other_actor", "step", "conversation")
    kept = {name: round(scale * getattr(BEFORE, name), 4) for name in aside}
    return {**values, "same": SAME, **kept, "kinds": kinds}
