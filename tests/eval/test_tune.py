"""The fit of the ranking weights: what it learns, what holds it, and that chance has no part."""

import json
from dataclasses import replace

import numpy as np
import pytest

from assistant.bootstrap import Engine
from assistant.knowledge.search import ARMS, WEIGHTS, Weights
from eval.dataset import load_cases
from eval.tune import (
    BEFORE,
    FIRST,
    NAMES,
    Choices,
    Gatherer,
    as_mapping,
    cross_validated,
    fit,
    regression,
    together,
    weights_of,
)


def some_choices(questions: int = 80, units: int = 50, seed: int = 3) -> Choices:
    """Questions whose unit is told by ``body`` first, then ``coverage``."""
    chance = np.random.default_rng(seed)
    features = chance.random((questions, units, len(NAMES)))
    told = 3 * features[:, :, NAMES.index("body")] + features[:, :, NAMES.index("coverage")]
    relevant = told == told.max(axis=1, keepdims=True)
    return Choices(features, np.zeros((questions, units)), relevant, np.ones(questions))


def test_what_tells_the_unit_gets_the_weight() -> None:
    weights, _ = fit(replace(some_choices(), share=np.full(80, 1 / 80)))

    ordered = sorted(NAMES, key=lambda name: -weights[NAMES.index(name)])
    assert ordered[0] == "body"
    before = weights_of(BEFORE)
    assert weights[NAMES.index("coverage")] > before[NAMES.index("coverage")]


def test_a_stronger_penalty_keeps_nearer_to_where_it_starts() -> None:
    choices, base = some_choices(), weights_of(BEFORE)

    far, near, still = (
        float(np.abs(regression(choices, base, penalty=penalty) - base).max())
        for penalty in (1.0, 100.0, 1e9)
    )

    assert far > near > still
    assert still < 1e-5


def test_nothing_moves_at_the_end_of_the_fit() -> None:
    choices, base = some_choices(), weights_of(BEFORE)
    found = regression(choices, base, penalty=1.0)

    again = regression(choices, base, penalty=1.0)
    assert np.array_equal(found, again)
    for n in range(len(NAMES)):
        for step in (-0.05, 0.05):
            moved = found.copy()
            moved[n] += step
            assert _objective(choices, moved, base) < _objective(choices, found, base)


def _objective(choices: Choices, weights: np.ndarray, base: np.ndarray) -> float:
    scores = choices.scores(weights)
    right = np.where(choices.relevant, scores, -np.inf)
    likelihood = np.logaddexp.reduce(right, axis=1) - np.logaddexp.reduce(scores, axis=1)
    return float(choices.share @ likelihood - ((weights - base) ** 2).sum())


def test_a_question_whose_unit_is_not_among_the_first_is_left_out() -> None:
    choices = some_choices(questions=2)
    relevant = np.zeros_like(choices.relevant)
    relevant[0, FIRST - 1] = relevant[1, FIRST] = True

    kept = replace(choices, relevant=relevant).learnable()

    assert len(kept.share) == 1
    assert kept.share.sum() == pytest.approx(1)
    assert kept.relevant[0, FIRST - 1]


def test_every_question_weighs_the_same_whatever_its_set() -> None:
    both = together([some_choices(90, 30), some_choices(30, 30)])

    assert np.allclose(both.share, 1 / 120)


def test_a_set_is_judged_by_weights_fitted_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = {"one": some_choices(40, 30), "two": some_choices(30, 30), "three": some_choices(20, 30)}
    fitted_on = []

    def counted(choices: Choices) -> tuple[np.ndarray, float]:
        fitted_on.append(len(choices.share))
        return weights_of(BEFORE), 1.0

    monkeypatch.setattr("eval.tune.fit", counted)
    before, after = cross_validated(sets)

    assert fitted_on == [50, 60, 70]
    assert before == after


def test_what_is_written_makes_the_weights() -> None:
    written = as_mapping(weights_of(BEFORE), 0.5)

    assert Weights(**written) == replace(
        BEFORE, same=written["same"], actor=0.06, other_actor=-0.03, step=0.01, conversation=0.025
    )


def test_the_shipped_weights_are_the_defaults_and_no_evidence_counts_against_a_unit() -> None:
    assert Weights() == Weights(**json.loads(WEIGHTS.read_text(encoding="utf-8")))
    assert all(getattr(Weights(), name) >= 0 for name in ARMS)
    assert sum(getattr(Weights(), name) > 0 for name in ARMS) >= len(ARMS) - 1


def test_a_case_is_read_as_search_reads_it_and_its_top_score_keeps_its_scale(
    engine: Engine,
) -> None:
    searcher = engine.answerer.searcher
    cases = [case for case in load_cases("dev") if case.kind != "multi"][::6]

    choices = Gatherer(searcher).choices(cases)

    assert choices.relevant[:, :FIRST].any(axis=1).sum() > len(cases) / 2
    unanswerable = [n for n, case in enumerate(cases) if not case.answerable]
    assert not choices.relevant[unanswerable].any()
    before = choices.scores(weights_of(BEFORE)).max(axis=1).mean()
    now = np.mean([searcher.search(c.question, actor=c.actor)[1][0].signals.score for c in cases])
    assert now == pytest.approx(before, rel=0.05)
