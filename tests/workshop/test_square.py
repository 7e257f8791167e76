"""The carré magique of the room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching.recommendation.square import GOALS
from assistant.workshop.activities.square import Place
from assistant.workshop.activity import Refused
from tests.workshop.voting import Vote


def points(*numbers: int | str) -> dict[str, list[str]]:
    """Processus, modele_eco, innovation, positionnement."""
    return {f"points-{goal}": [str(n)] for goal, n in zip(GOALS, numbers, strict=True)}


def square(people: str = "a1 a2 a3 e1") -> Vote:
    return Vote("carre-magique", people)


def test_the_points_of_the_room_are_averaged_and_balanced() -> None:
    vote = square().give("a1", points(10, 0, 0, 0)).give("a2", points(0, 0, 10, 0))
    vote.give("e1", points(4, 3, 2, 1))

    room = vote.results.weighed.room

    assert [(s.id, s.mean, s.percent) for s in room.shares] == [
        ("processus", 4.67, 47), ("modele_eco", 1.0, 10), ("innovation", 4.0, 40),
        ("positionnement", 0.33, 3),
    ]  # fmt: skip
    # x = (12 + 1 - 14 - 3) / 30, y = (12 + 3 - 14 - 1) / 30
    assert vote.results.places == (Place(None, 3, -0.13, 0.0),)
    assert [share.id for share in room.heaviest] == ["processus"]


def test_each_goal_alone_stands_in_its_corner() -> None:
    corners = {
        goal: square("a1").give("a1", points(*(10 * (g == goal) for g in GOALS))).results.places[0]
        for goal in GOALS
    }

    assert {goal: (place.x, place.y) for goal, place in corners.items()} == {
        "processus": (-1, -1), "modele_eco": (-1, 1), "innovation": (1, 1),
        "positionnement": (1, -1),
    }  # fmt: skip


def test_each_type_of_actor_has_its_own_place_and_its_own_words() -> None:
    vote = square("a1 a2 a3 e1 e2 e3")
    vote.all({f"a{n}": points(10, 0, 0, 0) for n in (1, 2, 3)})
    vote.all({f"e{n}": points(0, 0, 10, 0) for n in (1, 2, 3)})

    results = vote.results

    assert [(p.actor, p.people, p.x, p.y) for p in results.places] == [
        (None, 6, 0.0, 0.0), ("association", 3, -1.0, -1.0), ("entreprise", 3, 1.0, 1.0)
    ]  # fmt: skip
    assert [w.shares[0].label for w in results.weighed.weighings] == [
        "mobiliser des personnes et faire évoluer vos façons de faire",
        "mobiliser des compétences",
        "impliquer mes équipes",
    ]


@pytest.mark.parametrize(
    ("form", "code", "number"),
    [
        (points(3, 3, 1, 1), "points_restent", 2),
        (points(3, 3, 3, 0), "points_restent_un", 1),
        (points(10, 1, 0, 0), "points_en_trop_un", 1),
        (points(10, 10, 0, 0), "points_en_trop", 10),
        (points("", "", "", ""), "points_restent", 10),
    ],
)
def test_a_wrong_total_says_kindly_how_far_it_is(form, code: str, number: int) -> None:
    vote = square()

    with pytest.raises(Refused) as refused:
        vote.give("a1", form)

    assert (refused.value.name, refused.value.details) == (code, {"nombre": number})
    assert vote.results.places == ()


@pytest.mark.parametrize(
    "form",
    [{}, points("-1", 11, 0, 0), points("dix", 0, 0, 0), points(2.5, 2.5, 5, 0),
     {**points(10, 0, 0, 0), "points-autre": ["0"]}],
)  # fmt: skip
def test_what_is_not_points_is_refused(form) -> None:
    with pytest.raises(Refused) as refused:
        square().give("a1", form)

    assert refused.value.name == "contribution_refusee"


def test_abstaining_is_an_answer_that_weighs_nothing() -> None:
    vote = square().give("a1", points(10, 0, 0, 0)).give("a2", None)

    assert (vote.scene.abstentions, vote.results.weighed.room.people) == (1, 1)


allotments = st.lists(st.integers(0, 3), min_size=10, max_size=10).map(
    lambda goals: tuple(goals.count(goal) for goal in range(4))
)
PEOPLE = "a1 a2 a3 e1 e2 e3 c1"
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), allotments, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_totals_hold(given_, rnd) -> None:
    forms = {who: points(*four) for who, four in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)

    first = square(PEOPLE).all(forms).results
    second = square(PEOPLE).all(dict(shuffled)).results

    assert first == second
    for weighing in first.weighed.weighings:
        assert sum(share.total for share in weighing.shares) == 10 * weighing.people
    assert all(-1 <= p.x <= 1 and -1 <= p.y <= 1 for p in first.places)


@given(votes, allotments)
def test_replacing_an_answer_equals_having_given_only_the_last(given_, before) -> None:
    forms = {who: points(*four) for who, four in given_.items()}
    changed = square(PEOPLE).all({who: points(*before) for who in forms})

    assert changed.all(forms).results == square(PEOPLE).all(forms).results


@given(votes)
def test_a_hidden_answer_does_not_count(given_) -> None:
    forms = {who: points(*four) for who, four in given_.items()}
    who = next(iter(forms))

    hidden = square(PEOPLE).all(forms).hide(who).results

    assert hidden == square(PEOPLE).all({w: f for w, f in forms.items() if w != who}).results


def test_the_sheets_hold_the_means_and_the_places() -> None:
    means, places = square().give("a1", points(4, 3, 2, 1)).tables()

    assert means.columns == ("Objectif", "Salle (moyenne, 1)")
    assert [row[1] for row in means.rows] == [4.0, 3.0, 2.0, 1.0]
    assert places.rows == (("Salle", 1, -0.4, 0.0),)


def test_an_empty_room_has_no_place_and_empty_sheets() -> None:
    vote = square()

    assert vote.results.places == ()
    assert vote.tables()[0].rows == ()


def test_a_contribution_is_told_by_what_got_points() -> None:
    vote = square()

    told = vote.activity.told(vote.scene, vote.activity.Value(points={"innovation": 10}))

    assert told == "inventer une réponse nouvelle\u00a0: 10"
