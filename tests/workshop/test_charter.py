"""Priorities among principles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.voting import Vote

PEOPLE = "a1 a2 a3 e1 e2 e3"
OWN = ["Franchise", "Respect", "Lenteur"]


def charter(**config) -> Vote:
    return Vote("charte", PEOPLE, **{"principles": OWN, **config})


def kept(*names: str) -> dict[str, list[str]]:
    return {"principe": list(names)}


def test_principles_are_ranked_by_how_many_keep_them() -> None:
    vote = charter().all({f"a{n}": kept("Respect", "Lenteur") for n in (1, 2, 3)})
    vote.all({f"e{n}": kept("Respect") for n in (1, 2, 3)})

    results = vote.results

    assert [(p.text, p.people, p.percent, p.actors) for p in results.principles] == [
        ("Respect", 6, 100, (("association", 3), ("entreprise", 3))),
        ("Lenteur", 3, 50, (("association", 3), ("entreprise", 0))),
        ("Franchise", 0, 0, (("association", 0), ("entreprise", 0))),
    ]
    assert results.people == 6


def test_the_principles_are_those_of_the_method_when_none_are_given() -> None:
    vote = Vote("charte", "a1")
    offered = vote.activity.principles(vote.scene.config)

    assert len(offered) == 9
    assert vote.give("a1", kept(*offered[:3])).results.principles[0].text == offered[0]


def test_a_principle_sent_with_plain_spaces_is_the_same_principle() -> None:
    vote = charter(principles=["Dire : tout", "Respect"])

    vote.give("a1", kept("Dire : tout"))

    assert vote.results.principles[0].people == 1


@pytest.mark.parametrize(
    ("form", "code", "details"),
    [
        ({}, "aucun_principe", {}),
        (kept(*OWN), "principes_en_trop", {"nombre": 2, "donnes": 3}),
        (kept("Autre chose"), "contribution_refusee", {}),
    ],
)
def test_what_does_not_fit_is_refused_kindly(form, code: str, details) -> None:
    with pytest.raises(Refused) as refused:
        charter(picks=2).give("a1", form)

    assert (refused.value.name, refused.value.details) == (code, details)


def test_the_same_principle_twice_counts_once() -> None:
    vote = charter().give("a1", kept("Respect", "Respect"))

    assert vote.results.principles[0].people == 1


@pytest.mark.parametrize(
    "config", [{"picks": 0}, {"principles": ["Un"]}, {"principles": ["A", "A"]}]
)
def test_a_configuration_that_makes_no_sense_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        activities()["charte"].configured(config)


def test_the_sheet_has_a_line_a_principle() -> None:
    (sheet,) = charter().give("a1", kept("Lenteur")).give("a2", None).tables()

    assert sheet.columns == ("Principe", "Personnes", "Part (%)")
    assert sheet.rows == (("Lenteur", 1, 100), ("Franchise", 0, 0), ("Respect", 0, 0))


chosen = st.sets(st.sampled_from(OWN), min_size=1, max_size=3)
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), chosen, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_order_replacement_hiding_and_totals(given_, rnd) -> None:
    forms = {who: kept(*sorted(names)) for who, names in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    vote = charter().all(forms)
    results = vote.results

    assert results == charter().all(dict(shuffled)).results
    assert results == charter().all(dict.fromkeys(forms, kept("Respect"))).all(forms).results
    assert sum(p.people for p in results.principles) == sum(len(v) for v in given_.values())
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == charter().all(rest).results
