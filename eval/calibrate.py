"""Fit the abstention model on the development set, and report it by cross-validation.

The index is the shipped one: the set was written from the sources alone, without the cards and
without the off-topic subjects. Fitting on authored questions and subjects taken out of the
index was tried and was worse on every set: a subject that nobody wrote down looks like a card.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.abstention import FEATURES, WEIGHTS
from assistant.answering.answerer import Answerer
from assistant.answering.manners import wrong_count
from eval.dataset import Case, load_cases

Array = NDArray[np.float64]
SEED = 5
FOLDS = 8
PENALTY = 1e-3
WRONGLY_REFUSED = 0.02  # share of the answerable questions under the threshold


def calibrate(answerer: Answerer) -> dict[str, Any]:
    """Write ``abstention.json``; what manners and wrong counts settle is left out."""
    cases = [case for case in load_cases("dev") if not is_settled(answerer, case)]
    features, target = gather(answerer, cases)
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(cases))
    held_out = np.zeros(len(cases))
    for fold in range(FOLDS):
        weights, bias = fit(features[folds != fold], target[folds != fold])
        held_out[folds == fold] = probability(features[folds == fold], weights, bias)
    threshold = float(np.quantile(held_out[target == 1], WRONGLY_REFUSED))
    wrong = (held_out[target == 0] >= threshold).mean()
    print(f"cross-validated: wrongly answered {wrong:.3f} of {int((target == 0).sum())}")
    weights, bias = fit(features, target)
    model = {
        "weights": dict(zip(FEATURES, (round(float(w), 4) for w in weights), strict=True)),
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
    }
    WEIGHTS.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    return model


def is_settled(answerer: Answerer, case: Case) -> bool:
    """Whether a rule answers before any search."""
    return (
        answerer.recognizer.intention(case.question) is not None
        or wrong_count(case.question, answerer.manners.comptes) is not None
    )


def gather(answerer: Answerer, cases: Sequence[Case]) -> tuple[Array, Array]:
    """The evidence of each case, and whether it has an answer."""
    features = [answerer.evidence(c.question, actor=c.actor)[2].values for c in cases]
    return np.array(features), np.array([float(case.answerable) for case in cases])


def fit(features: Array, target: Array) -> tuple[Array, float]:
    """Logistic regression, both classes weighing the same, L2 penalty; Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    importance = np.where(target == 1, 0.5 / target.sum(), 0.5 / (1 - target).sum())
    theta = np.zeros(x.shape[1])
    ridge = PENALTY * np.eye(x.shape[1])
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
