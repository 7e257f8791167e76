"""Closing commitments: collected by term, without a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.playing import Play, rectangular, text_of

QUESTION = "Quel premier pas ?"


def closing(**config) -> Play:
    return Play("engagements", question=QUESTION, **config).comes("ana", "bob", "cem").opens()


def promise(what: str, when: str = "", own: str = "") -> dict[str, list[str]]:
    return {"quoi": [what], "quand": [when], "quand_autre": [own]}


def drawn(played: Play) -> list[tuple[str | None, list[str]]]:
    return [(term.when, [p.what for p in term.promises]) for term in played.results.terms]


def test_commitments_are_sorted_by_term_as_offered_then_own_then_none() -> None:
    played = (
        closing()
        .says("ana", promise("Écrire", "ce mois-ci"))
        .says("bob", promise("Appeler", "demain"))
        .says("bob", promise("Relire", "autre", "au printemps"))
        .says("cem", promise("Dormir", "", ""))
        .says("cem", promise("Chercher", "autre", "Demain"))
    )

    assert drawn(played) == [
        ("demain", ["Appeler", "Chercher"]),
        ("ce mois-ci", ["Écrire"]),
        ("au printemps", ["Relire"]),
        (None, ["Dormir"]),
    ]
    assert (played.results.people, played.results.total) == (3, 5)
    assert played.sheets() == [
        [
            ("demain", "Appeler"), ("demain", "Chercher"), ("ce mois-ci", "Écrire"),
            ("au printemps", "Relire"), (None, "Dormir"),
        ]
    ]  # fmt: skip
    assert rectangular(played.activity.tables(played.scene))


def test_nothing_shows_who_committed() -> None:
    played = closing().says("bob", promise("Appeler", "demain"))

    assert "bob" not in text_of(played.results) + text_of(played.sheets())


def test_each_finds_their_own_in_words() -> None:
    played = closing().says("ana", promise("Appeler", "demain")).says("ana", promise("Relire"))
    told = [played.activity.said(v) for _, v in played.activity.values(played.scene.mine("ana"))]

    assert told == ["Appeler – demain", "Relire"]


def test_terms_may_be_one_or_several() -> None:
    assert closing(when="Avant quand ?").scene.config.when == ("Avant quand\u202f?",)
    assert closing(when=["lundi", "mardi"]).scene.config.when == ("lundi", "mardi")
    assert closing().scene.config.when[0] == "demain"


@pytest.mark.parametrize("config", [{"when": []}, {"per_person": 0}, {"autre": 1}])
def test_a_wrong_closing_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        closing().activity.configured({"question": QUESTION, **config})


@pytest.mark.parametrize("form", [promise(" "), promise("x" * 201), promise("x", "y" * 61), {}])
def test_what_commits_to_nothing_is_refused(form) -> None:
    with pytest.raises(Refused):
        closing().says("ana", form)


def test_an_empty_commitment_is_told_what_is_missing() -> None:
    with pytest.raises(Refused, match="texte_vide"):
        closing().says("ana", promise(" ", "demain"))


def test_there_are_so_many_commitments_a_person_and_each_may_be_taken_back() -> None:
    played = closing(per_person=1).says("ana", promise("Un"))
    with pytest.raises(Refused, match="assez_d_engagements"):
        played.says("ana", promise("Deux"))
    played.takes_back("ana", played.scene.mine("ana")[0].key).says("ana", promise("Deux"))

    assert drawn(played) == [(None, ["Deux"])]


def test_a_hidden_commitment_does_not_count() -> None:
    played = closing().says("ana", promise("Nuire", "demain")).hides("ana")

    assert (played.results.total, played.results.terms) == (0, ())
    assert played.sheets() == [[]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ana", "bob", "cem"]),
            st.sampled_from(["Appeler", "appeler", "Écrire", "Relire"]),
            st.sampled_from(["", "demain", "Demain", "ce mois-ci", "un jour", "Un jour"]),
        ),
        max_size=8,
    ),
    st.randoms(),
)
def test_the_order_of_commitments_does_not_matter(said, random) -> None:
    def played(order) -> Play:
        made = closing(per_person=6)
        for who, what, when in order[:6]:
            made.says(who, promise(what, "autre", when))
        return made

    kept = said[:6]
    one, other = played(kept), played(random.sample(kept, len(kept)))
    assert drawn(one) == drawn(other)
    assert one.results.total == len(kept) == sum(len(t.promises) for t in one.results.terms)
