"""Raw signals → whether to answer."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.abstention import (
    FEATURES,
    AbstentionModel,
    Evidence,
    evidence_for,
    load_model,
    presumes,
)
from assistant.knowledge.search import Hit
from assistant.knowledge.unit import Block
from tests.builders import BULLET, a_hit, a_query, a_shelf, a_unit, an_off_topic


def read(
    question: str, *hits: Hit, terms: Sequence[str] = ("jardin",), unknown: Sequence[str] = ()
) -> dict[str, float]:
    shelf = a_shelf([hit.unit for hit in hits])
    return evidence_for(question, a_query(*terms, unknown=unknown), hits, shelf).as_mapping()


def test_the_best_units_own_signals_are_read() -> None:
    evidence = read(
        "un jardin ?",
        a_hit(coverage=0.9, whole=0.8, question=0.7, dense_question=0.6, dense_passage=0.4),
    )

    assert (evidence["coverage"], evidence["whole"], evidence["question"]) == (0.9, 0.8, 0.7)
    assert (evidence["dense_question"], evidence["dense_passage"]) == (0.6, 0.4)
    assert evidence["off_topic_margin"] == 0.3


def test_an_off_topic_subject_is_never_the_best_unit() -> None:
    evidence = read(
        "un jardin ?",
        a_hit(an_off_topic(), coverage=0.9, score=0.8),
        a_hit(coverage=0.2, score=0.7),
    )

    assert evidence["coverage"] == 0.2
    assert evidence["off_topic_margin"] == pytest.approx(-0.1)


def test_the_margin_over_off_topic_subjects_is_bounded() -> None:
    near, far = a_hit(score=5.0), a_hit(an_off_topic(), score=0.1)

    assert read("un jardin ?", near, far)["off_topic_margin"] == 0.3
    assert (
        read("un jardin ?", a_hit(score=0.1), a_hit(an_off_topic(), score=5.0))["off_topic_margin"]
        == -0.3
    )


def test_without_any_unit_there_is_no_evidence() -> None:
    assert set(read("un jardin ?").values()) == {0.0}
    assert set(read("un jardin ?", a_hit(an_off_topic())).values()) == {0.0}


def test_unknown_words_count_by_their_weight() -> None:
    weight = a_shelf([a_unit()]).whole.weight
    expected = weight("rare") / (weight("rare") + weight("jardin"))

    assert read("…", a_hit(), terms=("jardin", "rare"), unknown=("rare",))[
        "unknown_share"
    ] == pytest.approx(expected)
    assert read("…", a_hit(), terms=("jardin",))["unknown_share"] == 0


def test_the_rarest_missing_word_counts() -> None:
    weight = a_shelf([a_unit()]).whole.weight

    assert read("…", a_hit(), terms=("jardin", "absent"))["rarest_missing"] == pytest.approx(
        weight("absent") / 10
    )
    assert read("…", a_hit(), terms=("jardin",))["rarest_missing"] == 0


def test_a_question_without_a_word_has_evidence() -> None:
    assert read("日本語 ?", a_hit(), terms=())["missing_number"] == 0


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("un jardin en 2019 ?", True),
        ("un jardin en 2021 ?", False),
        ("un jardin de 1 200 m ?", True),
        ("l'étape 5 ?", False),
        ("un jardin ?", False),
    ],
)
def test_a_number_that_the_unit_does_not_hold_is_missing(question: str, missing: bool) -> None:
    unit = a_unit("x", "Un jardin en 2021, l'étape 4.")

    assert read(question, a_hit(unit))["missing_number"] == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Que dit Greenpeace des jardins ?", True),
        ("Que dit Monet des jardins ?", False),
        ("Monet ? Greenpeace", False),
        ("Greenpeace a-t-il un jardin ?", False),
        ("QUE DIT GREENPEACE ?", False),
        ("que dit greenpeace ?", False),
    ],
)
def test_a_name_that_the_unit_does_not_hold_is_missing(question: str, missing: bool) -> None:
    assert read(question, a_hit(a_unit("x", "Le jardin de Monet.")))["missing_name"] == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Combien de tomates ?", False),
        ("combien de rosiers ?", True),
        ("cb de tomate", False),
        ("Combien ?", False),
        ("Combien de temps ?", False),
        ("Des rosiers ?", False),
    ],
)
def test_a_quantity_needs_a_sentence_with_a_number_and_the_thing(
    question: str, missing: bool
) -> None:
    unit = a_unit("x", "Le potager a trois tomates.", Block(BULLET, "Des rosiers aussi."))

    assert read(question, a_hit(unit))["missing_quantity"] == missing


ASSERTIONS = [["interdit", "interdire", "prohibe"], ["jamais"]]


@pytest.mark.parametrize(
    ("question", "says", "presumed"),
    [
        ("Pourquoi le guide interdit-il les tomates ?", "Les tomates poussent.", True),
        ("Pourquoi le guide interdit-il les tomates ?", "Il prohibe les tomates.", False),
        ("Pour quelle raison faut-il ne jamais arroser ?", "On arrose.", True),
        ("Le guide interdit-il les tomates ?", "Les tomates poussent.", False),
        ("Pourquoi des tomates ?", "Les tomates poussent.", False),
    ],
)
def test_only_a_question_that_asks_why_presumes(question: str, says: str, presumed: bool) -> None:
    assert presumes(question, a_unit("x", says), ASSERTIONS) is presumed


@given(
    st.lists(st.floats(-5, 5), min_size=len(FEATURES), max_size=len(FEATURES)), st.floats(-50, 50)
)
def test_confidence_is_a_probability(values: list[float], bias: float) -> None:
    model = AbstentionModel((1.0,) * len(FEATURES), bias, 0.5)
    evidence = Evidence(tuple(values))

    assert 0 <= model.confidence(evidence) <= 1
    assert model.answers(evidence) is (values[0] > 0 and model.confidence(evidence) >= 0.5)


def test_confidence_is_the_logistic_of_the_weighted_sum() -> None:
    model = AbstentionModel((2.0,) + (0.0,) * (len(FEATURES) - 1), -1.0, 0.5)

    assert model.confidence(Evidence((1.0,) + (0.0,) * (len(FEATURES) - 1))) == pytest.approx(
        1 / (1 + math.exp(-1))
    )


def test_the_fitted_model_answers_on_coverage_and_not_on_nothing() -> None:
    model = load_model()
    weights = dict(zip(FEATURES, model.weights, strict=True))

    assert 0 < model.threshold < 1
    assert weights["coverage"] > 0
    assert not model.answers(Evidence((0.0,) * len(FEATURES)))
