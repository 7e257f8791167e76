"""Groups that are too small to be shown, and the square, the goals: points shared out."""

import pytest

from assistant.workshop.activities.gathering import by_actor, mean, percent
from assistant.workshop.room import Entry
from tests.workshop.building import NOON
from tests.workshop.voting import Vote


def shown(people: str) -> tuple[dict[str, int], bool]:
    room = Vote("charte", people).room
    entries = [(Entry(i, who, "", {}, NOON, 1), who) for i, who in enumerate(people.split())]
    sides = by_actor(room, entries)
    return {actor: len(held) for actor, held in sides.shown}, sides.withheld


@pytest.mark.parametrize(
    ("people", "groups", "withheld"),
    [
        ("", {}, False),
        ("a1 a2", {}, True),
        ("a1 a2 a3", {"association": 3}, False),
        ("a1 a2 a3 e1 e2 e3", {"association": 3, "entreprise": 3}, False),
        # one mayor alone would be known by taking the others away: the smallest goes too
        ("a1 a2 a3 a4 e1 e2 e3 c1", {"association": 4}, True),
        ("a1 a2 a3 e1 e2 e3 c1 c2", {"association": 3}, True),
        ("a1 a2 a3 c1", {}, True),
        # three who are left out, or who gave no type, hide one another
        ("a1 a2 a3 e1 e2 c1", {"association": 3}, True),
        ("a1 a2 a3 c1 n1 n2", {"association": 3}, True),
        ("a1 a2 a3 c1 n1", {}, True),
        # who gave no type cannot be recognised by it
        ("a1 a2 a3 n1", {"association": 3}, False),
    ],
)
def test_a_group_is_shown_when_nobody_can_be_told_apart(
    people: str, groups: dict[str, int], withheld: bool
) -> None:
    assert shown(people) == (groups, withheld)


def test_whoever_was_put_out_has_no_type() -> None:
    vote = Vote("charte", "a1")

    sides = by_actor(vote.room, [(Entry(1, "stranger", "", {}, NOON, 1), "x")])

    assert (sides.shown, sides.withheld) == ((), False)


def test_means_and_shares_of_nothing_are_zero() -> None:
    assert (mean([]), mean([1, 2, 2]), percent(1, 0), percent(1, 3)) == (0.0, 1.67, 0, 33)
