"""The threshold of abstention: chosen on sets left out, of those alone that are of every kind."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from assistant.answering.evidence import NOTHING
from eval.calibrate import LEFT_OUT, MIX, WRONGLY_REFUSED, Learned, _threshold, area


def learned(scores: dict[str, list[float]]) -> tuple[Learned, Any]:
    """Every question has an answer but the first of each set; its one signal is its logit."""
    sets = np.array([name for name, values in scores.items() for _ in values])
    answered = np.array([float(n > 0) for values in scores.values() for n in range(len(values))])
    logits = np.array([value for values in scores.values() for value in values])
    questions = ("",) * len(sets)
    evidence = (NOTHING,) * len(sets)
    return Learned(sets, questions, evidence, answered), sparse.csr_matrix(logits[:, None])


def test_the_threshold_refuses_its_share_of_the_mixed_sets_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eval.calibrate.fit", lambda *_: np.array([1.0, 0.0]))
    scores = {name: [-9.0, *np.linspace(1, 3, 100)] for name in MIX}
    scores |= {name: [-9.0, *np.linspace(-3, -1, 100)] for name in LEFT_OUT if name not in MIX}
    found, design = learned(scores)

    threshold, figures = _threshold(found, design, np.ones(len(found.answered)))

    assert set(figures) == set(LEFT_OUT)
    assert figures["dev"]["wrongly_refused"] == pytest.approx(WRONGLY_REFUSED, abs=0.011)
    assert figures["field_1"]["wrongly_refused"] == 1
    assert 1 / (1 + np.exp(-1)) < threshold < 1 / (1 + np.exp(-1.2))


def test_a_set_is_scored_by_a_fit_that_has_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def counted(design: Any, *_: Any) -> np.ndarray:
        sizes.append(design.shape[0])
        return np.array([1.0, 0.0])

    monkeypatch.setattr("eval.calibrate.fit", counted)
    scores = {name: [-9.0, *([2.0] * (n + 1))] for n, name in enumerate(LEFT_OUT)}
    found, design = learned(scores)
    _threshold(found, design, np.ones(len(found.answered)))

    total = len(found.answered)
    assert sizes == [total - (n + 2) for n in range(len(LEFT_OUT))]


def test_area_is_how_often_a_question_with_an_answer_scores_above_one_without() -> None:
    assert area(np.array([0.1, 0.9, 0.5]), np.array([0.0, 1.0, 1.0])) == 1
    assert area(np.array([0.7, 0.9, 0.5]), np.array([0.0, 1.0, 1.0])) == 0.5
