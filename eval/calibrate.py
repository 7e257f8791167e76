"""Fit the abstention model: ``python -m eval calibrate``.

On the questions written apart from the cards (``assistant.knowledge.asked``) and on the open sets
of questions, which are true to life: they weigh much more each, the more as the embedding model is
trained on the written questions that have an answer.
Written questions are weighted so that no form of question (« combien », a figure, a long one) tells
by itself that there is no answer: their authors asked more details of what is absent. Questions of
a card that search does not find are left out: nothing of them can be learned.

The threshold is chosen on sets left out of the fit, one after the other.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from assistant.answering.abstention import BUCKETS, WEIGHTS, WORDS, buckets, load_model
from assistant.answering.answerer import Answerer
from assistant.answering.evidence import FEATURES, Evidence
from assistant.answering.manners import wrong_count
from assistant.knowledge.analysis import words as words_of
from assistant.knowledge.asked import load_asked
from assistant.settings import load_settings
from eval.dataset import OPEN, Case, load_cases

Array = NDArray[np.float64]
ASKED = "asked"
SETS = ("near_dev", "near_blind", *OPEN)
LEFT_OUT = OPEN  # one after the other, to choose the threshold
PENALTY = 3.3  # inverse of the variance that weights may have, signals being of variance 1
WEIGHT_OF_SETS, WEIGHT_OF_ASKED, MOST = 3.0, 0.15, 4.0
# The threshold refuses this share of the answerable questions of ``MIX``, left out: the sets where
# questions without an answer are of every kind; in ``field_*`` nearly all are near misses.
WRONGLY_REFUSED = 0.03
MIX = ("dev", "blind", "test", "unseen", "opened")
LONG = 60  # characters
_FORMS = (
    {"combien", "cb", "cmb", "nombre"},
    {"pourquoi", "pk", "pq", "raison", "puisque", "comme"},
    {"qui", "ki"},
    {"quand", "date", "annee", "kan"},
    {"comment", "coment", "cmt"},
    {"quel", "quelle", "quels", "quelles", "kel", "kelle"},
    {"ou", "adresse"},
    {"quoi", "koi", "que"},
)


@dataclass(frozen=True)
class Learned:
    """Questions to fit on: the set of each, its text, its evidence and whether it has an answer."""

    sets: NDArray[np.str_]
    questions: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    answered: Array


def calibrate(answerer: Answerer) -> float:
    """Write ``abstention.json`` and ``abstention.npy``; the threshold."""
    learned = gather(answerer)
    dense, words = read(learned.evidence)
    mean, scale = dense.mean(axis=0), dense.std(axis=0) + 1e-9
    design = sparse.hstack([sparse.csr_matrix((dense - mean) / scale), words], format="csr")
    weight = weights_of(learned)
    threshold, left_out = _threshold(learned, design, weight)
    theta = fit(design, learned.answered, weight)
    signals = theta[: len(FEATURES)] / scale
    np.save(WORDS, theta[len(FEATURES) : -1].astype(np.float16))
    model = {
        "weights": dict(zip(FEATURES, (round(float(w), 4) for w in signals), strict=True)),
        "bias": round(float(theta[-1] - signals @ mean), 4),
        "threshold": round(threshold, 4),
        "left_out": left_out,
    }
    WEIGHTS.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    load_model.cache_clear()
    return threshold


def _threshold(
    learned: Learned, design: Any, weight: Array
) -> tuple[float, dict[str, dict[str, float]]]:
    """The probability under which ``WRONGLY_REFUSED`` of the sets left out is; how each fares."""
    found = []
    for name in LEFT_OUT:
        out = learned.sets == name
        theta = fit(design[~out], learned.answered[~out], weight[~out])
        score = 1 / (1 + np.exp(-(design[out] @ theta[:-1] + theta[-1])))
        found.append((name, score, learned.answered[out]))
    answerable = np.concatenate(
        [score[target == 1] for name, score, target in found if name in MIX]
    )
    threshold = float(np.quantile(answerable, WRONGLY_REFUSED))
    figures = {
        name: {
            "area": round(area(score, target), 4),
            "wrongly_refused": round(float((score[target == 1] < threshold).mean()), 4),
            "wrongly_answered": round(float((score[target == 0] >= threshold).mean()), 4),
        }
        for name, score, target in found
    }
    for name, figure in figures.items():
        print(f"{name:8} left out: {figure}")
    return threshold, figures


def weights_of(learned: Learned) -> Array:
    """The weight of each question."""
    strata = [_stratum(question) for question in learned.questions]
    apart = learned.sets == ASKED
    answered = learned.answered
    kinds = list(zip(strata, answered, strict=True))
    of_kind = Counter(kind for kind, is_apart in zip(kinds, apart, strict=True) if is_apart)
    of_stratum = Counter(one for one, is_apart in zip(strata, apart, strict=True) if is_apart)
    balance = [
        min(MOST, of_stratum[stratum] / 2 / max(of_kind[stratum, target], 5))
        for stratum, target in kinds
    ]
    return np.where(apart, WEIGHT_OF_ASKED * np.array(balance), WEIGHT_OF_SETS)


def _stratum(question: str) -> tuple[int, bool, bool]:
    """How a question is asked, whatever it asks."""
    said = set(words_of(question))
    form = next((n for n, known in enumerate(_FORMS) if said & known), len(_FORMS))
    return form, any(c.isdigit() for c in question), len(question) > LONG


def is_settled(answerer: Answerer, case: Case) -> bool:
    """Whether a rule answers before any search."""
    return _settled(answerer, case.question)


def _settled(answerer: Answerer, question: str) -> bool:
    return (
        answerer.recognizer.intention(question) is not None
        or wrong_count(question, answerer.manners.comptes) is not None
    )


def gather(answerer: Answerer) -> Learned:
    """Every question to fit on; an asked question is not compared with itself."""
    found: list[tuple[str, str, Evidence, bool]] = []
    for asked in load_asked(load_settings().corpus):
        if _settled(answerer, asked.question):
            continue
        _, hits, evidence = answerer.evidence(asked.question, known=True)
        if not asked.code.answered or any(hit.unit.id == asked.unit for hit in hits):
            found.append((ASKED, asked.question, evidence, asked.code.answered))
    for name in SETS:
        cases = [case for case in load_cases(name) if not is_settled(answerer, case)]
        found += [(name, c.question, _evidence(answerer, c), c.answerable) for c in cases]
    sets, questions, evidence_of, answered = zip(*found, strict=True)
    return Learned(np.array(sets), questions, evidence_of, np.array(answered, dtype=float))


def _evidence(answerer: Answerer, case: Case) -> Evidence:
    return answerer.evidence(case.question, actor=case.actor)[2]


def read(evidence: Sequence[Evidence]) -> tuple[Array, Any]:
    """Signals (n, features) and words (n, buckets), the latter sparse."""
    dense = np.array([one.values for one in evidence])
    rows = [buckets(one.traits) for one in evidence]
    columns = np.array([bucket for row in rows for bucket in row], dtype=np.int64)
    starts = np.cumsum([0, *map(len, rows)])
    ones = np.ones(len(columns))
    return dense, sparse.csr_matrix((ones, columns, starts), shape=(len(rows), BUCKETS))


def fit(design: Any, target: Array, weight: Array) -> Array:
    """Weighted logistic regression, with an L2 penalty on all but the bias, which comes last."""

    def loss(theta: Array) -> tuple[float, Array]:
        score = design @ theta[:-1] + theta[-1]
        wrong = weight * (1 / (1 + np.exp(-np.clip(score, -40, 40))) - target)
        value = (weight * (np.logaddexp(0, score) - target * score)).sum()
        value += PENALTY / 2 * (theta[:-1] ** 2).sum()
        return float(value), np.append(design.T @ wrong + PENALTY * theta[:-1], wrong.sum())

    start = np.zeros(design.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x)


def area(score: Array, target: Array) -> float:
    """Area under the ROC curve: how often a question with an answer scores above one without."""
    ranks = np.empty(len(score))
    ranks[np.argsort(score, kind="stable")] = np.arange(len(score))
    yes, no = int(target.sum()), int((1 - target).sum())
    return float((ranks[target == 1].sum() - yes * (yes - 1) / 2) / (yes * no))
