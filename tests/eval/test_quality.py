"""The development set stays above the thresholds that ``make eval`` fails under."""

from assistant.bootstrap import Engine
from eval.dataset import load_cases
from eval.quality import evaluate, failures, figures


def test_answers_stay_above_the_thresholds(engine: Engine) -> None:
    assert failures(figures(evaluate(engine.answerer, load_cases("dev")))) == []
