"""Search: each arm's evidence, the priors, and what the real content must find."""

import random

import pytest

from assistant.bootstrap import Engine
from assistant.knowledge.search import ARMS, Arms, Context, Searcher, Weights
from assistant.knowledge.unit import UnitKind
from tests.builders import a_reader, a_searcher, a_unit, an_index, an_off_topic

UNITS = (
    a_unit("arrosage", "On arrose un jardin le soir.", title="Arroser un jardin"),
    a_unit(
        "taille",
        "On taille un rosier en mars.",
        title="Tailler un rosier",
        questions=("Quand tailler ?",),
        step=2,
    ),
    a_unit(
        "engrais",
        "Le fumier nourrit la terre.",
        title="Nourrir la terre",
        questions=("Quel engrais ?",),
    ),
)
TWINS = tuple(
    a_unit(
        name,
        "On vend ses légumes au marché.",
        title="Vendre ses légumes",
        questions=("Où vendre ?",),
        actors=actors,
    )
    for name, actors in (("asso", ("association",)), ("boite", ("entreprise",)), ("tous", ()))
)


def found(searcher: Searcher, question: str, **options: object) -> list[str]:
    return [hit.unit.id for hit in searcher.search(question, **options)[1]]  # type: ignore[arg-type]


def test_the_unit_that_speaks_of_it_comes_first() -> None:
    searcher = a_searcher(an_index(UNITS))

    assert found(searcher, "tailler un rosier")[0] == "taille"
    assert found(searcher, "fumier")[0] == "engrais"
    assert found(searcher, "quand tailer")[0] == "taille"


def test_a_synonym_finds_what_the_word_itself_would() -> None:
    searcher = a_searcher(an_index(UNITS, [["fumier", "crottin"]]))

    assert found(searcher, "crottin")[0] == "engrais"


def test_nothing_is_found_for_nothing() -> None:
    searcher = a_searcher(an_index(UNITS))

    assert found(searcher, "") == []
    assert found(searcher, "?!") == []


def test_an_empty_shelf_finds_nothing() -> None:
    assert found(a_searcher(an_index([])), "tailler un rosier") == []


def test_k_limits_and_scores_decrease() -> None:
    _, hits = a_searcher(an_index(UNITS)).search("un jardin, un rosier, du fumier", k=2)

    assert len(hits) == 2
    assert hits[0].signals.score >= hits[1].signals.score


@pytest.mark.parametrize(
    ("actor", "first"), [("association", "asso"), ("entreprise", "boite"), (None, "asso")]
)
def test_who_asks_moves_their_cards_up(actor: str | None, first: str) -> None:
    searcher = a_searcher(an_index(TWINS))

    assert found(searcher, "où vendre ses légumes", actor=actor)[0] == first


def test_who_asks_moves_the_cards_of_others_down() -> None:
    searcher = a_searcher(an_index(TWINS))

    assert found(searcher, "vendre ses légumes", actor="entreprise") == ["boite", "tous", "asso"]


def test_what_was_just_shown_and_the_step_reached_move_up() -> None:
    searcher = a_searcher(an_index(TWINS))
    stepped = a_searcher(
        an_index(
            [
                TWINS[0],
                a_unit(
                    "etape",
                    *TWINS[0].blocks,
                    title=TWINS[0].title,
                    questions=TWINS[0].questions,
                    step=4,
                ),
            ]
        )
    )

    assert found(searcher, "vendre ses légumes", context=Context(("boite",)))[0] == "boite"
    assert found(stepped, "vendre ses légumes", context=Context((), 4))[0] == "etape"


def test_priors_can_be_left_out() -> None:
    index = an_index(TWINS)
    searcher = Searcher(
        index.ours, a_reader(index), index.embedder, weights=Weights(), arms=Arms(priors=False)
    )

    assert found(searcher, "vendre ses légumes", actor="entreprise") == ["asso", "boite", "tous"]


@pytest.mark.parametrize(
    ("arms", "silent"),
    [
        (Arms(lexical=False), {"whole", "title", "question", "body"}),
        (Arms(dense=False), {"dense_question", "dense_passage"}),
        (Arms(questions=False), {"question", "dense_question"}),
    ],
)
def test_an_arm_left_out_says_nothing(arms: Arms, silent: set[str]) -> None:
    index = an_index(UNITS)
    searcher = Searcher(index.ours, a_reader(index), index.embedder, arms=arms)

    signals = searcher.search("Quand tailler un rosier en mars ?")[1][0].signals

    names = {*ARMS}
    assert {name for name in names if getattr(signals, name) == 0} == silent


def test_evidence_lies_between_zero_and_one(engine: Engine) -> None:
    for question in (
        "Quelles sont les sept étapes ?",
        "asso",
        "le le le",
        "mécénat mécénat mécénat de compétences",
    ):
        for hit in engine.answerer.searcher.search(question, k=30)[1]:
            signals = hit.signals
            assert 0 <= signals.coverage <= 1
            assert 0 <= signals.whole <= 1
            assert 0 <= signals.question <= 1
            assert 0 <= signals.body <= 1
            assert -1e-6 <= signals.dense_question <= 1 + 1e-6


def test_coverage_is_whole_for_a_units_own_words_and_null_for_others() -> None:
    searcher = a_searcher(an_index(UNITS))

    assert searcher.search("tailler rosier mars")[1][0].signals.coverage == pytest.approx(1)
    half = searcher.search("tailler abracadabra")[1][0].signals.coverage
    assert 0 < half < 1


def test_each_card_is_found_by_its_own_questions(engine: Engine) -> None:
    pairs = [
        (question, unit.id)
        for unit in engine.index.ours.units
        if unit.kind in (UnitKind.CARD, UnitKind.EXAMPLE)
        for question in unit.questions
    ]
    sample = random.Random(20).sample(pairs, 400)

    missed = [(q, i) for q, i in sample if i not in found(engine.answerer.searcher, q, k=5)]

    assert len(missed) <= 20, missed


def test_the_same_search_gives_the_same_numbers(engine: Engine) -> None:
    searcher = engine.answerer.searcher

    assert searcher.search("les risques pour mon asso") == searcher.search(
        "les risques pour mon asso"
    )


def test_a_question_asked_word_for_word_finds_its_unit_before_one_that_says_more_of_it() -> None:
    asks = a_unit("demande", "Rien.", title="Rien", questions=("Quand semer les radis ?",))
    says = a_unit("dit", "On sème les radis en mars.", title="Semer", questions=("Et les radis ?",))
    index = an_index((says, asks))
    without = Searcher(index.ours, a_reader(index), index.embedder, weights=Weights(same=0.0))

    def lead(searcher: Searcher, question: str) -> float:
        hits = {hit.unit.id: hit.signals.score for hit in searcher.search(question)[1]}
        return hits["demande"] - hits["dit"]

    gained = lead(a_searcher(index), "semer radis ?") - lead(without, "semer radis ?")
    assert gained == pytest.approx(Weights().same)
    assert lead(a_searcher(index), "semer radis mars") == pytest.approx(
        lead(without, "semer radis mars")
    )


def test_coverage_is_read_but_not_weighed_without_the_lexical_arm() -> None:
    index = an_index(UNITS)
    searcher = Searcher(
        index.ours, a_reader(index), index.embedder, arms=Arms(lexical=False, dense=False)
    )
    query = searcher.reader.read("tailler un rosier")

    assert searcher.signals(query)[5].max() == pytest.approx(1)
    assert searcher.rank(query) == []


def test_without_synonyms_a_concept_holds_nothing() -> None:
    index = an_index(UNITS, [["fumier", "crottin"]])

    def coverage(**arms: bool) -> float:
        searcher = Searcher(index.ours, a_reader(index), index.embedder, arms=Arms(**arms))
        return float(searcher.signals(searcher.reader.read("crottin"))[5].max())

    assert coverage() == pytest.approx(0.6)
    assert coverage(synonyms=False) == 0


def test_without_authored_questions_an_off_topic_subject_has_nothing_to_hold_with() -> None:
    index = an_index((an_off_topic(questions=("Va-t-il pleuvoir ?",)), *UNITS))

    def held(**arms: bool) -> float:
        searcher = Searcher(index.ours, a_reader(index), index.embedder, arms=Arms(**arms))
        *_, body = searcher.signals(searcher.reader.read("pleuvoir"))
        return float(body[0])

    assert held() == pytest.approx(1)
    assert held(questions=False) == 0
