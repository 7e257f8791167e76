"""Fit the abstention model on questions that the index and the embedding have not seen.

One authored question in eight is taken out of its card, and three off-topic subjects in ten
are taken out whole; an embedding is trained and an index built without them. The questions
taken out, and the development set, are then asked: cards' questions should be answered, those
of the missing subjects refused. The shipped index has them all back.
"""

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.abstention import FEATURES, WEIGHTS
from assistant.answering.answerer import Answerer
from assistant.bootstrap import build_answerer, build_library, concept_groups
from assistant.knowledge.corpus import load_corpus
from assistant.knowledge.embedding import StaticEmbedder
from assistant.knowledge.index_store import IndexStore
from assistant.knowledge.training import save, train, training_texts
from assistant.knowledge.unit import Unit, UnitKind
from assistant.settings import Settings
from assistant.texts import load_texts
from eval.dataset import load_cases

Array = NDArray[np.float64]
SEED = 11
QUESTIONS_OUT = 0.12
SUBJECTS_OUT = 0.30
FEWEST = 6  # questions under which a card keeps them all
FOLDS = 5
DEVELOPMENT_WEIGHT = 4.0  # a question written without the cards says more than a card's own
WRONGLY_REFUSED = 0.02  # share of the answerable development questions under the threshold


@dataclass(frozen=True)
class Sample:
    """Questions with the evidence found for them, whether they have an answer, and a weight."""

    features: Array
    answerable: Array
    weights: Array
    development: NDArray[np.bool_]


def calibrate(settings: Settings) -> dict[str, Any]:
    """Write ``abstention.json`` and report, by cross-validation, what it does."""
    sample = gather(settings)
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(sample.answerable))
    held_out = np.zeros(len(sample.answerable))
    for fold in range(FOLDS):
        inside = folds != fold
        weights, bias = fit(
            sample.features[inside], sample.answerable[inside], sample.weights[inside]
        )
        held_out[~inside] = probability(sample.features[~inside], weights, bias)
    threshold = choose(held_out[sample.development & (sample.answerable == 1)])
    for name, rows in (("development", sample.development), ("authored", ~sample.development)):
        yes, no = rows & (sample.answerable == 1), rows & (sample.answerable == 0)
        print(
            f"{name}: wrongly answered {(held_out[no] >= threshold).mean():.3f} of {no.sum()},"
            f" wrongly refused {(held_out[yes] < threshold).mean():.3f} of {yes.sum()}"
        )
    weights, bias = fit(sample.features, sample.answerable, sample.weights)
    model = {
        "weights": dict(zip(FEATURES, (round(float(w), 4) for w in weights), strict=True)),
        "bias": round(float(bias), 4),
        "threshold": round(threshold, 4),
    }
    WEIGHTS.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    return model


def gather(settings: Settings) -> Sample:
    """Ask what was taken out, and the development set, of an index that lacks it."""
    corpus = load_corpus(settings.corpus)
    kept, questions, subjects = take_out(corpus.units)
    with tempfile.TemporaryDirectory() as directory:
        model = Path(directory) / "model"
        save(*train(training_texts(kept)), model)
        embedder = StaticEmbedder(model)
        store = IndexStore(Path(directory) / "index", embedder=embedder)
        index = store.open("held-out", lambda: (kept, concept_groups(corpus.terms)))
        answerer = build_answerer(
            index, settings, library=build_library(settings), texts=load_texts(settings.corpus)
        )
        rows = [(evidence_of(answerer, q), 1.0, 1.0, False) for q in questions]
        rows += [(evidence_of(answerer, q), 0.0, 1.0, False) for q in subjects]
        for case in load_cases("dev"):
            values = evidence_of(answerer, case.question, case.actor)
            rows.append((values, float(case.answerable), DEVELOPMENT_WEIGHT, True))
        store.close()
    features, answerable, weights, development = zip(*rows, strict=True)
    return Sample(
        np.array(features), np.array(answerable), np.array(weights), np.array(development)
    )


def evidence_of(answerer: Answerer, question: str, actor: str | None = None) -> tuple[float, ...]:
    """The values that the abstention model reads."""
    return answerer.evidence(question, actor=actor)[2].values


def take_out(units: Sequence[Unit]) -> tuple[list[Unit], list[str], list[str]]:
    """The units without what is held out, the questions taken, the questions of lost subjects."""
    rng = random.Random(SEED)
    kept: list[Unit] = []
    questions: list[str] = []
    subjects: list[str] = []
    for unit in units:
        if unit.kind is UnitKind.OFF_TOPIC and rng.random() < SUBJECTS_OUT:
            subjects += unit.questions
        elif unit.kind is UnitKind.CARD and len(unit.questions) >= FEWEST:
            out = {q for q in unit.questions if rng.random() < QUESTIONS_OUT}
            questions += sorted(out)
            kept.append(replace(unit, questions=tuple(q for q in unit.questions if q not in out)))
        else:
            kept.append(unit)
    return kept, questions, subjects


def fit(
    features: Array, target: Array, weights: Array, *, penalty: float = 1e-4
) -> tuple[Array, float]:
    """Logistic regression, both classes weighing the same, L2 penalty; Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    positive, negative = weights[target == 1].sum(), weights[target == 0].sum()
    importance = weights * np.where(target == 1, 0.5 / positive, 0.5 / negative)
    theta = np.zeros(x.shape[1])
    ridge = penalty * np.eye(x.shape[1])
    ridge[-1, -1] = 1e-9
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -40, 40)))
        gradient = x.T @ (importance * (p - target)) + ridge @ theta
        hessian = (x * (importance * p * (1 - p))[:, None]).T @ x + ridge
        theta = theta - np.linalg.solve(hessian, gradient)
    return theta[:-1], float(theta[-1])


def probability(features: Array, weights: Array, bias: float) -> Array:
    """The model's probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(features @ weights + bias, -40, 40))))


def choose(probabilities: Array) -> float:
    """The threshold under which few of these answerable questions fall."""
    return float(np.quantile(probabilities, WRONGLY_REFUSED))
