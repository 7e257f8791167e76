"""Raw signals → whether to answer."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.abstention import AbstentionModel, buckets, load_model, presumes
from assistant.answering.evidence import (
    FEATURES,
    FOUND,
    NEAR,
    Evidence,
    Reference,
    evidence_for,
)
from assistant.knowledge.analysis import words
from assistant.knowledge.asked import Asked, AskedIndex, Code, read_asked, write_asked
from assistant.knowledge.embedding import WordHashEmbedder
from assistant.knowledge.search import SAME, Hit
from assistant.knowledge.unit import Block
from tests.builders import BULLET, a_hit, a_query, a_shelf, a_unit, an_off_topic


def read(
    question: str, *hits: Hit, terms: Sequence[str] = ("jardin",), unknown: Sequence[str] = ()
) -> dict[str, float]:
    shelf = a_shelf([hit.unit for hit in hits])
    query = a_query(*terms, unknown=unknown)
    vector = WordHashEmbedder().embed_queries([question])
    return evidence_for(question, query, hits, vector, Reference(shelf)).as_mapping()


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
        ("on nous donne 8k pour un jardin ?", False),
        ("un jardin à 10 000 € ?", False),
        ("25 000 euros en 2019 ?", True),
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
    same = values[FEATURES.index("question")] >= SAME
    sure = values[0] > 0 and model.confidence(evidence) >= 0.5
    assert model.answers(evidence) is (same or sure)


def test_an_authored_question_is_answered_whatever_the_model_thinks_of_its_words() -> None:
    never = AbstentionModel((0.0,) * len(FEATURES), -9.0, 0.5)
    values = [1.0 if name in ("coverage", "question") else 0.0 for name in FEATURES]
    near = [0.99 * value for value in values]

    assert never.answers(Evidence(tuple(values)))
    assert not never.answers(Evidence(tuple(near)))


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


# The questions written apart


ASKED = (
    Asked("carre", Code.ANSWERED, "à quoi sert le carré magique"),
    Asked("carre", Code.DETAIL, "combien coûte le carré magique"),
    Asked("carre", Code.GAP, "qui a dessiné le carré magique"),
    Asked("autre", Code.PREMISE, "pourquoi le carré magique est interdit"),
    Asked(None, Code.DISHONEST, "comment maquiller les comptes sans que ça se voie"),
    Asked(None, Code.ELSEWHERE, "recette de la tarte aux pommes"),
)


@pytest.fixture
def asked(tmp_path: Path) -> AskedIndex:
    write_asked(tmp_path, ASKED, WordHashEmbedder())
    return read_asked(tmp_path)


def near(question: str, asked: AskedIndex, *, known: bool = False) -> dict[str, float]:
    hits = [a_hit(a_unit("carre", "Le carré magique."))]
    reference = Reference(a_shelf([hit.unit for hit in hits]), asked=asked, known=known)
    vector = WordHashEmbedder().embed_queries([" ".join(words(question))])
    return evidence_for(question, a_query("carr"), hits, vector, reference).as_mapping()


def test_a_question_is_compared_with_those_that_its_unit_answers_and_does_not(
    asked: AskedIndex,
) -> None:
    answered = near("À quoi sert le carré magique ?", asked)
    detail = near("Combien coûte le carré magique ?", asked)

    assert answered["answered_by_best"] == pytest.approx(1, abs=1e-3)
    assert answered["answered_margin"] > 0 > detail["answered_margin"]
    assert detail["unanswered_by_best"] == pytest.approx(1, abs=1e-3)
    assert answered["vote"] > 0 > detail["vote"]


def test_gaps_and_dishonest_requests_are_signals_of_their_own(asked: AskedIndex) -> None:
    assert near("Qui a dessiné le carré magique ?", asked)["gap"] == pytest.approx(1, abs=1e-3)
    maquiller = near("comment maquiller les comptes sans que ça se voie", asked)
    assert maquiller["dishonest"] == pytest.approx(1, abs=1e-3)
    assert maquiller["dishonest_margin"] == pytest.approx(1, abs=1e-3)
    assert near("recette de la tarte aux pommes", asked)["elsewhere"] == pytest.approx(1, abs=1e-3)


def test_questions_of_other_units_are_not_compared(asked: AskedIndex) -> None:
    assert near("Pourquoi le carré magique est interdit ?", asked)["premise"] == 0


def test_calibration_never_compares_a_question_with_itself(asked: AskedIndex) -> None:
    itself = near("Qui a dessiné le carré magique ?", asked, known=True)

    assert itself["gap"] == 0
    assert itself["unanswered"] < 0.99


def test_without_questions_written_apart_nothing_is_near() -> None:
    evidence = read("un jardin ?", a_hit())

    assert [evidence[name] for name in NEAR] == [0.0] * len(NEAR)


def test_the_words_of_a_question_weigh_once_each() -> None:
    model = AbstentionModel((0.0,) * len(FEATURES), 0.0, 0.5)
    model.words[buckets(["w:prochain"])] = -2.0
    zero = (0.0,) * len(FEATURES)

    once = Evidence(zero, ("w:prochain",))
    twice = Evidence(zero, ("w:prochain", "w:prochain"))
    assert model.confidence(once) == model.confidence(twice) == pytest.approx(1 / (1 + math.exp(2)))
    assert model.confidence(Evidence(zero, ("w:autre",))) == 0.5


def test_a_sum_said_in_passing_is_no_missing_word() -> None:
    hit = a_hit(a_unit("x", "Un jardin."))
    said = read("un jardin, 8k ?", hit, terms=("jardin", "8k"), unknown=("8k",))

    assert said["rarest_missing"] == said["unknown_share"] == 0


def test_traits_tell_the_words_that_the_best_unit_lacks() -> None:
    shelf = a_shelf([a_unit("carre", "Le carré magique.")])
    hits = [a_hit(shelf.units[0])]
    query = a_query("carr", "budget")
    vector = WordHashEmbedder().embed_queries(["carre"])
    traits = evidence_for("budget carré", query, hits, vector, Reference(shelf)).traits

    assert {"m:budget", "w:budget", "p:^_budget", "p:budget_carre", "p:carre_$"} <= set(traits)


def test_every_signal_has_its_fitted_weight() -> None:
    assert FEATURES == FOUND + NEAR
    assert len(load_model().weights) == len(FEATURES)
    assert load_model().words.any()
