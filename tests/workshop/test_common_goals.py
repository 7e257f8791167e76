"""The four common objectives, weighed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activities.common_goals import GOALS
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.voting import Vote

PEOPLE = "a1 a2 a3 e1 e2 e3"


def points(*numbers: int) -> dict[str, list[str]]:
    return {f"points-{goal}": [str(n)] for goal, n in zip(GOALS, numbers, strict=True)}


def goals(**config) -> Vote:
    return Vote("objectifs-communs", PEOPLE, **config)


def test_the_four_objectives_are_weighed_by_the_room_and_by_actor() -> None:
    vote = goals().all({f"a{n}": points(10, 0, 0, 0) for n in (1, 2, 3)})
    vote.all({f"e{n}": points(0, 5, 5, 0) for n in (1, 2, 3)})

    results = vote.results

    assert [share.label for share in results.room.shares] == [
        "Équilibre performance et engagement", "Articulation des modèles économiques",
        "Innovation sociétale", "Projet de territoire",
    ]  # fmt: skip
    assert [[share.mean for share in w.shares] for w in results.weighings] == [
        [5.0, 2.5, 2.5, 0.0], [10.0, 0.0, 0.0, 0.0], [0.0, 5.0, 5.0, 0.0]
    ]  # fmt: skip
    assert [share.percent for share in results.room.shares] == [50, 25, 25, 0]
    assert [share.id for share in results.actors[1].heaviest] == ["hybridation", "innovation"]


def test_the_number_of_points_is_that_of_the_configuration() -> None:
    vote = goals(points=4).give("a1", points(1, 1, 1, 1))

    with pytest.raises(Refused) as refused:
        vote.give("a2", points(4, 3, 2, 1))

    assert refused.value.details == {"nombre": 6}
    assert [share.percent for share in vote.results.room.shares] == [25] * 4


@pytest.mark.parametrize("config", [{"points": 1}, {"points": 21}, {"autre": 1}])
def test_a_configuration_that_makes_no_sense_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        activities()["objectifs-communs"].configured(config)


def test_nothing_is_shown_of_an_empty_room() -> None:
    assert (goals().results.room, goals().results.actors) == (None, ())


def test_the_sheet_has_a_column_a_group() -> None:
    (sheet,) = goals().all({f"a{n}": points(10, 0, 0, 0) for n in (1, 2, 3)}).tables()

    assert sheet.columns == ("Objectif", "Salle (moyenne, 3)", "association (moyenne, 3)")
    assert sheet.rows[0] == ("Équilibre performance et engagement", 10.0, 10.0)


cuts = st.lists(st.integers(0, 3), min_size=10, max_size=10)
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), cuts, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_order_does_not_matter_hidden_answers_do_not_count_and_totals_hold(given_, rnd) -> None:
    forms = {who: points(*(c.count(g) for g in range(4))) for who, c in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    vote = goals().all(forms)

    assert vote.results == goals().all(dict(shuffled)).results
    assert vote.results == goals().all({w: points(10, 0, 0, 0) for w in forms}).all(forms).results
    for weighing in vote.results.weighings:
        assert sum(share.total for share in weighing.shares) == 10 * weighing.people
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == goals().all(rest).results
