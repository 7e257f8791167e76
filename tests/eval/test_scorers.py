"""Scorers are pure functions: each says yes and no when it should."""

import pytest

from assistant.answering.reply import Citation, Reply, Status
from assistant.knowledge.unit import Passage
from eval.scorers import covered, flattened, holds, invalid_citations, reciprocal_rank
from tests.builders import a_unit

PASSAGES: dict[str, Passage] = {
    p.id: p for p in a_unit("x", "On arrose un jardin le soir.").passages()
}


def a_citation(**changes: object) -> Citation:
    values = {
        "id": "S1", "title": "Arroser", "document": "Le guide", "page": 12, "section": "La section",
        "passage": "On arrose un jardin le soir.", "url": "/fiches/x",
    }  # fmt: skip
    return Citation(**{**values, **changes})  # type: ignore[arg-type]


def a_reply(answer: str, *citations: Citation) -> Reply:
    return Reply(Status.ANSWERED, answer, citations)


@pytest.mark.parametrize(
    ("text", "fact", "held"),
    [
        ("Il y en a 57\u202f% en 2021.", ["57 %"], True),
        ("Il y en a 57%.", ["57 %", "57 pour cent"], True),
        ("1\u202f200 salariés", ["1200 salariés"], True),
        ("L’Œuvre d’ÉTÉ", ["l'oeuvre d'ete"], True),
        ("Ce **gras** mot", ["gras mot"], True),
        ("en 2017", [" 7 "], False),
        ("les 7 étapes", [" 7 "], True),
        ("rien", ["57 %"], False),
        ("rien", [], False),
    ],
)
def test_a_fact_is_held_in_any_of_its_wordings(text: str, fact: list[str], held: bool) -> None:
    assert holds(text, fact) is held


def test_facts_are_counted() -> None:
    assert covered("a et b", [["a"], ["b", "x"], ["c"]]) == 2


def test_flattening_joins_thousands_and_not_dates() -> None:
    assert flattened("1 200 000 € le 3 mai 2021") == "1200000€ le 3 mai 2021"


def test_a_sound_reply_has_no_invalid_citation() -> None:
    assert (
        invalid_citations(a_reply("On arrose. [S1]\n\n- le soir [S1]", a_citation()), PASSAGES)
        == []
    )
    assert invalid_citations(a_reply("Bonjour"), PASSAGES) == []


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (a_reply("On arrose. [S1] [S2]", a_citation()), "S2 resolves to nothing"),
        (a_reply("On arrose. [S1]", a_citation(), a_citation(id="S2")), "S2 is never used"),
        (
            a_reply("On arrose. [S1]", a_citation(passage="On arrose un jardin le soir")),
            "not a passage",
        ),
        (a_reply("On arrose. [S1]", a_citation(page=13)), "another page"),
        (a_reply("On arrose. [S1]", a_citation(section="Autre")), "another page or section"),
        (a_reply("On arrose. [S1]\n\nEt puis.", a_citation()), "no marker: Et puis."),
    ],
)
def test_each_fault_of_a_citation_is_found(reply: Reply, problem: str) -> None:
    found = invalid_citations(reply, PASSAGES)

    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    ("ranks", "score"),
    [([True], 1), ([False, True, True], 0.5), ([False] * 3 + [True], 0.25), ([False], 0), ([], 0)],
)
def test_the_reciprocal_rank_is_that_of_the_first_hit(ranks: list[bool], score: float) -> None:
    assert reciprocal_rank(ranks) == score
