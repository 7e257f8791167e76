"""The share of a question that texts hold: as arrays, what a reading of one text at a time gives."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.bootstrap import Engine
from assistant.knowledge.holding import build_held, wanted_of
from assistant.knowledge.lexical import CONCEPT_WEIGHT, build_lexical
from assistant.knowledge.query import Query, Word
from assistant.knowledge.shelf import said_in
from assistant.knowledge.unit import Block, UnitKind
from tests.builders import BULLET, a_reference, a_searcher, a_unit, an_index, an_off_topic

TERMS = ["a", "b", "c", "d", "§0", "§1"]
TEXTS = st.lists(st.lists(st.sampled_from(TERMS), max_size=5), max_size=4)
UNITS = st.lists(TEXTS, min_size=1, max_size=6)
WORDS = st.builds(
    Word,
    st.sampled_from([*TERMS[:4], "absent"]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sets(st.sampled_from(TERMS[4:])).map(lambda found: tuple(sorted(found))),
)
CONCEPTS = st.sets(st.sampled_from(TERMS[4:])).map(sorted)


def share(query: Query, held: set[str], weight: dict[str, float]) -> float:
    """The definition, for one text."""
    concepts = {term for term, _ in query.terms if term.startswith("§")}
    total = found = 0.0
    for word in query.words:
        total += weight[word.term]
        if word.term in held:
            found += weight[word.term] * max(word.known, 0.5)
        elif held & set(word.concepts):
            found += weight[word.term] * CONCEPT_WEIGHT
        elif held & concepts and word.known:
            found += weight[word.term] * 0.3
    return min(found / total, 1.0) if total else 0.0


@example([[["§0"]]], [Word("a", 0.0, ("§1",))], ["§0"])
@given(UNITS, st.lists(WORDS, max_size=4), CONCEPTS)
def test_shares_are_those_of_the_definition_for_every_text_and_the_best_of_each_unit(
    units: list[list[list[str]]], words: list[Word], concepts: list[str]
) -> None:
    index = build_lexical([[term for text in texts for term in text] for texts in units])
    held = build_held(units, index.vocabulary)
    query = Query("", tuple(words), tuple((concept, 0.6) for concept in concepts), None)
    weight = {word.term: index.weight(word.term) for word in words}

    shares = wanted_of(query, index).shares(held, held.size)

    texts = [set(text) for one in units for text in (one or [[]])]
    assert shares == pytest.approx([share(query, text, weight) for text in texts], abs=1e-5)
    best = [max((share(query, set(text), weight) for text in one), default=0.0) for one in units]
    assert held.best(shares) == pytest.approx(best, abs=1e-5)


def test_a_term_out_of_the_vocabulary_is_left_and_nothing_indexed_holds_nothing() -> None:
    held = build_held([[["inconnu", "a"]]], {"a": 0})
    empty = build_held([], {})

    assert held.documents_of("inconnu").tolist() == []
    assert held.documents_of("a").tolist() == [0]
    assert empty.best(wanted_of(Query("", (), (), None), build_lexical([])).shares(empty, 0)).shape == (0,)  # fmt: skip


def test_a_unit_says_its_title_and_its_text_and_none_of_its_questions() -> None:
    unit = a_unit("x", "On **arrose**.", Block(BULLET, "Un."), title="Soins", questions=("Q ?",))

    assert said_in(unit) == ["Soins\nOn arrose.\nUn."]


def test_an_off_topic_subject_says_its_questions_and_an_import_nothing() -> None:
    imported = a_unit("i", "On arrose.", kind=UnitKind.IMPORTED)

    assert said_in(an_off_topic(questions=("Pleut-il ?", "Neige ?"))) == ["Pleut-il ?", "Neige ?"]
    assert said_in(imported) == []


def test_body_is_the_title_and_the_text_without_the_questions() -> None:
    units = (
        a_unit(
            "x", "On arrose le soir. On taille en mars.", title="Soins", questions=("Rosier ?",)
        ),
        a_unit("autre", "Rien.", title="Rien", questions=(), references=(a_reference(),)),
    )
    searcher = a_searcher(an_index(units))

    def signals(question: str) -> tuple[float, float]:
        found = searcher.search(question)[1][0].signals
        return found.coverage, found.body

    assert signals("arrose taille") == pytest.approx((1, 1))
    assert signals("soins arrose") == pytest.approx((1, 1))
    assert signals("rosier") == pytest.approx((1, 0))


def test_an_off_topic_subject_has_its_best_question_for_body() -> None:
    subject = an_off_topic(questions=("Va-t-il pleuvoir ?", "Neige demain ?"))
    searcher = a_searcher(an_index((subject, a_unit())))

    found = {hit.unit.id: hit.signals for hit in searcher.search("neige pleuvoir demain")[1]}

    mine = found[subject.id]
    assert mine.coverage == pytest.approx(1)
    assert mine.body == pytest.approx(2 / 3)


def test_on_the_real_content_each_arm_is_what_reading_units_one_by_one_gives(
    engine: Engine,
) -> None:
    searcher, analyzer = engine.answerer.searcher, engine.index.analyzer
    units, whole = searcher.shelf.units, searcher.shelf.whole
    chance = random.Random(12)
    numbers = chance.sample(range(len(units)), 60)
    asked = [q for unit in chance.sample(units, 40) for q in unit.questions[:1]]
    for question in (*asked, "mecenta de competance pour mon asso", "xyzzy", ""):
        query = searcher.reader.read(question)
        _, _, _, _, _, coverage, body = searcher.signals(query)
        weight = {word.term: whole.weight(word.term) for word in query.words}
        terms = {w.term for w in query.words} | {c for w in query.words for c in w.concepts}
        terms |= {term for term, _ in query.terms}
        for n in numbers:
            said = [set(analyzer.terms(text)) for text in said_in(units[n])]
            known = {term for term in terms if searcher.shelf.holds(n, term)}
            best = max(share(query, one & known, weight) for one in said)
            assert coverage[n] == pytest.approx(share(query, known, weight), abs=1e-5)
            assert body[n] == pytest.approx(best, abs=1e-5)
