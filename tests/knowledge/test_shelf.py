"""A shelf: units, their terms, and the cosine of the best record of each."""

import numpy as np
import pytest

from assistant.knowledge import shelf as shelf_module
from assistant.knowledge.analysis import Analyzer
from assistant.knowledge.embedding import WordHashEmbedder
from assistant.knowledge.shelf import (
    count_records,
    lexical_terms,
    passage_records,
    question_records,
)
from assistant.knowledge.unit import Block
from assistant.knowledge.vectors import InMemoryVectorIndex
from tests.builders import BULLET, a_reference, a_shelf, a_unit

UNITS = [
    a_unit("arrosage", "On arrose le soir.", Block(BULLET, "jamais à midi", (1,)), references=(a_reference(1), a_reference(2))),
    a_unit("taille", "On taille en mars.", title="Tailler un rosier", questions=("Quand tailler ?", "taille rosier")),
    a_unit("muette", "Rien.", title="Rien", questions=()),
]  # fmt: skip


def test_each_question_and_each_passage_is_a_record_of_its_unit() -> None:
    assert [(r.id, r.text, owner) for r, owner in question_records(UNITS)] == [
        ("arrosage|0", None, 0), ("taille|0", None, 1), ("taille|1", None, 1),
    ]  # fmt: skip
    assert [(r.id, owner) for r, owner in passage_records(UNITS)] == [
        ("arrosage#1", 0), ("arrosage#2", 0), ("taille#1", 1), ("muette#1", 2),
    ]  # fmt: skip
    assert count_records(UNITS) == a_shelf(UNITS).records() == 7


def test_a_title_counts_twice() -> None:
    terms = lexical_terms(a_unit("x", "On **taille**.", title="Rosier", questions=()), Analyzer())

    assert (terms.count("rosi") or terms.count("rosier")) == 2
    assert not any("*" in term for term in terms)


def test_a_shelf_knows_its_units_and_their_terms() -> None:
    shelf = a_shelf(UNITS)

    assert shelf.unit("taille") == UNITS[1]
    assert shelf.unit("inconnue") is None
    assert shelf.holds(1, "mar") or shelf.holds(1, "mars")
    assert not shelf.holds(0, "mars")
    assert not shelf.holds(0, "jamais-vu")
    assert set(shelf.passages()) == {"arrosage#1", "arrosage#2", "taille#1", "muette#1"}


@pytest.mark.parametrize("question", ["Quand tailler ?", "taille rosier"])
def test_a_unit_has_the_cosine_of_its_best_record(question: str) -> None:
    vector = WordHashEmbedder().embed_queries([question])

    best = a_shelf(UNITS).by_question.of(vector)

    assert best[1] == pytest.approx(1, abs=1e-5)
    assert best[2] == 0
    assert best[0] < 1


def test_out_of_an_index_not_compared_as_a_whole_the_nearest_are_the_same_and_the_others_are_not_above(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    units = [
        a_unit(f"u{n}", f"Le potager numéro {n} donne {'tomates ' * (n % 7)}.", questions=())
        for n in range(60)
    ]
    vector = WordHashEmbedder().embed_queries(["potager tomates"])
    exact = a_shelf(units).by_passage.of(vector)
    monkeypatch.setattr(InMemoryVectorIndex, "matrix", lambda _: None)
    monkeypatch.setattr(shelf_module, "NEIGHBOURS", 20)

    asked = a_shelf(units).by_passage
    approximate = asked.of(vector)

    assert asked.matrix is None
    near = np.argsort(-exact, kind="stable")[:15]
    assert np.allclose(approximate[near], exact[near], atol=1e-5)
    assert (approximate >= exact - 1e-5).all()
    assert approximate.max() == pytest.approx(exact.max(), abs=1e-5)


def test_an_empty_shelf_has_nothing() -> None:
    shelf = a_shelf()

    assert shelf.by_question.of(WordHashEmbedder().embed_queries(["rosier"])).shape == (0,)
    assert (shelf.records(), shelf.passages(), shelf.unit("x")) == (0, {}, None)
