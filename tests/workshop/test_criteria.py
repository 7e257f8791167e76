"""Candidate partners on the criteria of their kind."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activities.criteria import ActorMark, Criteria
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.voting import Vote, a_case

PEOPLE = "a1 a2 a3 e1 e2 e3"
SIG = ("pertinence", "credibilite", "fiabilite", "viabilite", "efficacite", "potentiel")
TWO = [{"id": "jardins", "name": "Les Jardins"}, {"id": "velo", "name": "Le Vélo"}]


def criteria(grid: str = "sig", **config) -> Vote:
    return Vote("criteres", PEOPLE, **{"grid": grid, "candidates": TWO, **config})


def marks(candidate: str = "jardins", **given_: int | str) -> dict[str, list[str]]:
    made = {f"note.{candidate}.{name}": [str(mark)] for name, mark in given_.items()}
    return {"vu": [candidate], **made}


def test_the_six_criteria_and_the_five_are_those_of_the_method() -> None:
    activity = criteria().activity
    assert isinstance(activity, Criteria)

    sig = activity.criteria(criteria().scene.config)
    eco = activity.criteria(criteria("eco").scene.config)

    assert tuple(choice.valeur for choice in sig) == SIG
    assert [choice.valeur for choice in eco] == [
        "confiance", "egalite", "reflexion", "dialogue", "valeurs"
    ]  # fmt: skip


def test_marks_give_means_spread_and_what_is_to_be_asked() -> None:
    vote = criteria().give("a1", marks(pertinence=5, viabilite=1))
    vote.give("a2", marks(pertinence=3, viabilite=5)).give("e1", marks(pertinence=4))

    first = vote.results.candidates[0]
    pertinence, viabilite = first.criteria[0], first.criteria[3]

    assert (pertinence.counts, pertinence.mean, pertinence.spread) == ((0, 0, 1, 1, 1), 4.0, 0.82)
    assert (pertinence.low, pertinence.high, pertinence.unknown) == (3, 5, 0)
    assert (viabilite.mean, viabilite.spread, viabilite.unknown) == (3.0, 2.0, 1)
    assert (pertinence.divided, viabilite.divided) == (False, True)
    assert (first.candidate.id, first.people, first.mean) == ("jardins", 3, 3.5)
    assert first.criteria[1].mean is None


def test_types_of_actors_that_are_far_apart_are_shown_to_be() -> None:
    vote = criteria().all({f"a{n}": marks(pertinence=5, fiabilite=4) for n in (1, 2, 3)})
    vote.all({f"e{n}": marks(pertinence=2, fiabilite=3) for n in (1, 2, 3)})

    pertinence, _, fiabilite, *_ = vote.results.candidates[0].criteria

    assert pertinence.actors == (ActorMark("association", 5.0, 3), ActorMark("entreprise", 2.0, 3))
    assert (pertinence.gap, pertinence.opposed) == (3.0, True)
    assert (fiabilite.gap, fiabilite.opposed) == (1.0, False)


def test_types_of_actors_are_not_shown_below_three_marks_on_a_criterion() -> None:
    vote = criteria().all({f"a{n}": marks(pertinence=5) for n in (1, 2, 3)})
    vote.give("a3", marks(fiabilite=2))

    assert vote.results.candidates[0].criteria[0].actors == ()
    assert vote.results.withheld is False


def test_candidates_are_ranked_by_their_means() -> None:
    vote = criteria().give("a1", {**marks(pertinence=2), **marks("velo", pertinence=4)})

    assert [one.candidate.id for one in vote.results.candidates] == ["velo", "jardins"]


def test_candidates_come_one_after_another() -> None:
    vote = criteria()

    assert vote.private("a1").current.id == "jardins"
    vote.give("a1", marks(pertinence=4))
    assert vote.private("a1").current.id == "velo"
    assert vote.private("a1").done[0][1] == {"pertinence": 4}


def test_passing_skips_one_candidate_and_keeps_the_marks() -> None:
    vote = criteria().give("a1", marks(pertinence=4)).give("a1", None)

    assert vote.private("a1").current is None
    assert [dict(given_) for _, given_ in vote.private("a1").done] == [{"pertinence": 4}, {}]
    assert [one.people for one in vote.results.candidates] == [1, 0]
    assert vote.activity.told(vote.scene, vote.activity.values(vote.scene.entries)[0][1]) == (
        "Les Jardins : pertinence 4"
    )


def test_passing_everybody_is_an_abstention() -> None:
    vote = criteria().give("a1", None).give("a1", None)

    assert (vote.scene.abstentions, vote.results.people) == (1, 0)
    assert vote.private("a1").current is None


def test_the_candidates_of_a_case_are_those_that_the_grid_is_for() -> None:
    activity = activities()["criteres"]
    tools = replace(activity.tools, cases={"un-cas": a_case()})

    for grid, expected in (("sig", ["jardins"]), ("eco", ["usine"])):
        own = Criteria(tools)
        config = own.configured({"grid": grid, "case": "un-cas"})
        assert [candidate.id for candidate in own.candidates(config)] == expected


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"grid": "sig"}, "case"),
        ({"grid": "sig", "case": "aucun"}, "case"),
        ({"grid": "autre", "candidates": TWO}, "grid"),
        ({"grid": "sig", "candidates": [TWO[0], TWO[0]]}, "candidates"),
        ({"grid": "sig", "candidates": []}, "candidates"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(config, field: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        activities()["criteres"].configured(config)

    assert refused.value.details["champ"] == field


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "aucune_note"),
        (marks(), "aucune_note"),
        (marks(pertinence=""), "aucune_note"),
        (marks(pertinence=6), "contribution_refusee"),
        (marks(pertinence=0), "contribution_refusee"),
        (marks(autre=3), "contribution_refusee"),
        (marks("personne", pertinence=3), "contribution_refusee"),
    ],
)
def test_what_does_not_fit_is_refused(form, code: str) -> None:
    with pytest.raises(Refused) as refused:
        criteria().give("a1", form)

    assert refused.value.name == code


def test_there_is_a_sheet_a_candidate() -> None:
    first, second = criteria().give("a1", marks(pertinence=4)).tables()

    assert (first.title, second.title) == ("Les Jardins", "Le Vélo")
    assert first.rows[0] == ("pertinence", 4.0, 4, 4, 0.0, 1, 0, None)
    assert second.rows[0] == ("pertinence", None, None, None, None, 0, 0, None)


given_marks = st.dictionaries(st.sampled_from(SIG), st.integers(1, 5), min_size=1)
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), given_marks, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_order_replacement_hiding_and_totals(given_, rnd) -> None:
    forms = {who: marks(**held) for who, held in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    vote = criteria().all(forms)
    results = vote.results

    assert results == criteria().all(dict(shuffled)).results
    before = dict.fromkeys(forms, marks("velo", fiabilite=1))
    assert results == criteria().all(before).all(forms).results
    for one in results.candidates[0].criteria:
        assert one.people + one.unknown == results.candidates[0].people
        assert one.mean is None or one.low <= one.mean <= one.high
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == criteria().all(rest).results
