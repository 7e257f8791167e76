"""Set the ranking weights and the abstention model on the development set.

Both are small (nine and ten numbers) and both are reported with cross-validation, so that the
figures of the quality card are not those of memory.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.abstention import FEATURES, WEIGHTS
from assistant.bootstrap import Engine
from assistant.knowledge.query import Query
from assistant.knowledge.search import Context, Searcher, Weights
from eval.dataset import Case, load_cases
from eval.scorers import covered

Array = NDArray[np.float64]
SEED = 5
FOLDS = 5


@dataclass(frozen=True)
class Signals:
    """The raw arrays of one question over every unit, and which units answer it."""

    query: Query
    arms: NDArray[np.float32]  # (5, units), in the order of search.ARMS
    relevant: NDArray[np.bool_]


def gather(engine: Engine, cases: Sequence[Case]) -> list[Signals]:
    """Read the signals of answerable single-section cases that some unit answers in full."""
    searcher = engine.answerer.searcher
    texts = [f"{unit.title} {unit.text}" for unit in searcher.shelf.units]
    gathered = []
    for case in cases:
        if case.kind in {"unanswerable", "multi"}:
            continue
        query = searcher.reader.read(case.question, actor=case.actor)
        relevant = np.array([covered(text, case.facts) == len(case.facts) for text in texts])
        relevant &= np.array([bool(unit.references) for unit in searcher.shelf.units])
        if relevant.any():
            gathered.append(Signals(query, np.stack(searcher.signals(query)), relevant))
    return gathered


def tune(engine: Engine, *, rounds: int = 3000) -> dict[str, Any]:
    """Random search around the present weights for the best mean reciprocal rank."""
    signals = gather(engine, load_cases("dev"))
    searcher = engine.answerer.searcher
    rng = random.Random(SEED)
    best = Weights()
    best_score = _score(searcher, signals, best)
    print(f"{len(signals)} cases; now {best_score:.4f}")
    for _ in range(rounds):
        trial = _near(best, rng)
        score = _score(searcher, signals, trial)
        if score > best_score:
            best, best_score = trial, score
            print(f"{score:.4f} {trial}")
    return {"weights": best.__dict__, "score": best_score}


def _near(weights: Weights, rng: random.Random) -> Weights:
    values = dict(weights.__dict__)
    for name in rng.sample([n for n in values if n not in {"step", "conversation"}], 2):
        if name == "kinds":
            kinds = dict(values["kinds"])
            kind = rng.choice(list(kinds))
            kinds[kind] = round(kinds[kind] + rng.gauss(0, 0.03), 3)
            values["kinds"] = kinds
        else:
            scale = 0.03 if "actor" in name else 0.1
            values[name] = round(values[name] + rng.gauss(0, scale), 3)
    return Weights(**values)


def _score(searcher: Searcher, signals: Sequence[Signals], weights: Weights) -> float:
    tried = Searcher(searcher.shelf, searcher.reader, searcher.embedder, weights=weights)
    total = 0.0
    for one in signals:
        fused = tried.fused(one.query, tuple(one.arms), Context())
        order = np.argsort(-fused, kind="stable")[:10]
        hits = one.relevant[order]
        first = int(np.argmax(hits)) if hits.any() else None
        total += (
            0.0 if first is None else 0.6 * (first == 0) + 0.4 * (first < 5) / (1 + 0.1 * first)
        )
    return total / len(signals)


def calibrate(engine: Engine) -> dict[str, Any]:
    """Fit the abstention model, choose its threshold, and report both by cross-validation."""
    cases = [case for case in load_cases("dev") if not _handled_before(engine, case)]
    features = np.array(
        [engine.answerer.evidence(case.question, actor=case.actor)[2].values for case in cases]
    )
    answerable = np.array([case.answerable for case in cases], dtype=float)
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(cases))
    held_out = np.zeros(len(cases))
    for fold in range(FOLDS):
        weights, bias = fit(features[folds != fold], answerable[folds != fold])
        held_out[folds == fold] = probability(features[folds == fold], weights, bias)
    threshold = choose(held_out, answerable)
    wrongly_answered = float((held_out[answerable == 0] >= threshold).mean())
    wrongly_refused = float((held_out[answerable == 1] < threshold).mean())
    print(f"cross-validated: wrongly answered {wrongly_answered:.3f} of those left to the model, ")
    print(f"wrongly refused {wrongly_refused:.3f}, threshold {threshold:.3f}")
    weights, bias = fit(features, answerable)
    model = {
        "weights": dict(zip(FEATURES, (round(float(w), 4) for w in weights), strict=True)),
        "bias": round(float(bias), 4),
        "threshold": round(float(threshold), 4),
    }
    WEIGHTS.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    return model


def _handled_before(engine: Engine, case: Case) -> bool:
    """Whether manners or a wrong count settle the case before any search."""
    reply = engine.answerer.answer(case.question, actor=case.actor)
    return (
        not case.answerable
        and reply.reason is not None
        and (reply.reason.value in {"unsafe", "not_grounded"})
    )


def fit(features: Array, target: Array, *, penalty: float = 0.001) -> tuple[Array, float]:
    """Logistic regression, both classes weighing the same, L2 penalty; Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    share = target.mean()
    importance = np.where(target == 1, 0.5 / share, 0.5 / (1 - share))
    theta = np.zeros(x.shape[1])
    ridge = penalty * len(x) * np.eye(x.shape[1])
    ridge[-1, -1] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -40, 40)))
        gradient = x.T @ (importance * (p - target)) + ridge @ theta
        hessian = (x * (importance * p * (1 - p))[:, None]).T @ x + ridge
        theta = theta - np.linalg.solve(hessian, gradient)
    return theta[:-1], float(theta[-1])


def probability(features: Array, weights: Array, bias: float) -> Array:
    """The model's probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(features @ weights + bias, -40, 40))))


def choose(probabilities: Array, answerable: Array, *, refused: float = 0.02) -> float:
    """The threshold under which at most ``refused`` of the answerable questions fall."""
    return float(np.quantile(probabilities[answerable == 1], refused))
