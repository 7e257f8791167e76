"""The role play: who plays what, what only they read, how each table ends."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from assistant.workshop.commands import contributing
from assistant.workshop.events import Introduced, Removed
from tests.workshop.playing import Play, a_case, a_role, over, rectangular, text_of

ROLES = ("presidente", "gerant", "maire")
REGISTRY = over(a_case(roles=[a_role(name) for name in ROLES]))


def play(tables: int = 0, **config) -> Play:
    return Play("jeu-de-role", registry=REGISTRY, case="le-don", **config).arranged(tables)


def seated(*counts: int) -> Play:
    """So many people at each table, named by table and place: t1p1…"""
    played = play(len(counts))
    for table, count in enumerate(counts, 1):
        played.comes(*(f"t{table}p{n}" for n in range(1, count + 1)), table=table)
    return played


def held(played: Play) -> dict[str, tuple[int, tuple[str, ...]]]:
    hands = played.activity.hands(played.scene)  # type: ignore[attr-defined]
    return {who: (hand.table, hand.roles) for who, hand in hands.items()}


def by_table(played: Play) -> dict[int, Counter]:
    found: dict[int, Counter] = {}
    for table, roles in held(played).values():
        found.setdefault(table, Counter()).update(roles)
    return found


def outcome(issue: str = "accord", conceded: str = "") -> dict[str, list[str]]:
    return {"issue": [issue], "concede": [conceded]}


def test_nobody_holds_a_role_before_it_opens() -> None:
    played = seated(3)

    assert held(played) == {}
    assert played.private("t1p1") is None
    assert [role.name for role in played.results.roles] == [f"Rôle {name}" for name in ROLES]


def test_every_role_is_played_once_at_each_table_and_the_rest_observe() -> None:
    played = seated(3, 5, 2, 1).opens()

    assert held(played) == {
        "t1p1": (1, ("presidente",)), "t1p2": (1, ("gerant",)), "t1p3": (1, ("maire",)),
        "t2p1": (2, ("gerant",)), "t2p2": (2, ("maire",)), "t2p3": (2, ("presidente",)),
        "t2p4": (2, ()), "t2p5": (2, ()),
        "t3p1": (3, ("gerant", "maire")), "t3p2": (3, ("presidente",)),
        "t4p1": (4, ("presidente", "gerant", "maire")),
    }  # fmt: skip
    assert [(t.table, t.players, t.observers) for t in played.results.tables] == [
        (1, 3, 0), (2, 3, 2), (3, 2, 0), (4, 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("people", "groups"),
    [(1, {1: 1}), (3, {1: 3}), (5, {1: 5}), (6, {1: 3, 2: 3}), (8, {1: 4, 2: 4})],
)
def test_without_tables_groups_are_made(people, groups) -> None:
    played = play().comes(*(f"p{n}" for n in range(people))).opens()

    assert Counter(table for table, _ in held(played).values()) == groups
    assert all(count == Counter(ROLES) for count in by_table(played).values())


def test_who_has_no_table_joins_the_emptiest_that_is_used() -> None:
    played = play(4).comes("a", "b", table=1).comes("c", table=2).comes("d").opens()

    assert held(played)["d"][0] == 2


def test_who_comes_late_takes_the_role_that_nobody_plays_then_shares_then_observes() -> None:
    played = seated(3, 2).opens()
    played.story.add(Removed(participant="t1p2"))
    played.comes("late1", table=1).comes("late2", table=1)
    played.comes("late3", table=2).comes("late4", table=2)

    now = held(played)
    assert now["late1"] == (1, ("gerant",))
    assert now["late2"] == (1, ())
    assert now["t2p1"] == (2, ("presidente", "gerant"))
    assert now["late3"] == (2, ("gerant",))
    assert now["late4"] == (2, ("presidente",))
    assert played.private("late3").shared
    assert not played.private("late1").shared


def test_who_observed_steps_in_when_a_player_leaves() -> None:
    played = seated(4).opens()
    assert held(played)["t1p4"] == (1, ())
    played.story.add(Removed(participant="t1p1"))

    assert held(played)["t1p4"] == (1, ("presidente",))


def test_who_moves_plays_at_the_new_table() -> None:
    played = seated(3, 2).opens()
    played.story.add(Introduced(table=2), by="t1p1")

    assert held(played)["t1p1"] == (2, ("gerant",))
    assert by_table(played)[1] == Counter(["gerant", "maire"])


def test_opening_again_deals_nothing_again() -> None:
    played = seated(3, 4).opens()
    before = held(played)
    played.comes("late", table=1).does("fermer").opens()

    assert {who: hand for who, hand in held(played).items() if who != "late"} == before
    assert "late" in played.scene.config.deal


def test_instructions_are_only_on_the_phone_of_who_holds_the_role() -> None:
    played = seated(4).opens()
    played.says("t1p1", outcome("accord", "Un an."))

    everywhere = text_of(played.results) + text_of(played.sheets()) + text_of(played.scene.config)
    assert "SECRET" not in everywhere
    for person, role in (("t1p1", "presidente"), ("t1p2", "gerant")):
        shown = text_of(played.private(person))
        assert f"SECRET de {role}" in shown
        assert shown.count("SECRET") == 1
    observer = played.private("t1p4")
    assert (observer.observer, observer.roles, "SECRET" in text_of(observer)) == (True, (), False)


def test_the_last_who_writes_at_a_table_wins() -> None:
    played = seated(3, 3, 3).opens()
    played.says("t1p1", outcome("desaccord")).says("t1p2", outcome("accord", "Un an."))
    played.says("t2p1", outcome("accord_partiel", "La durée."))

    assert [(t.table, t.label, t.conceded) for t in played.results.tables] == [
        (1, "Accord", "Un an."), (2, "Accord partiel", "La durée."), (3, None, None),
    ]  # fmt: skip
    assert [(t.status, t.count) for t in played.results.tally] == [
        ("accord", 1), ("accord_partiel", 1), ("desaccord", 0),
    ]  # fmt: skip
    assert played.private("t1p3").written.conceded == "Un an."
    assert played.sheets() == [
        [(1, "Accord", "Un an."), (2, "Accord partiel", "La durée."), (3, None, None)]
    ]
    assert rectangular(played.activity.tables(played.scene))
    last = played.scene.mine("t1p2")[0]
    assert played.activity.said(played.activity.value(last)) == "Accord – Un an."


def test_hiding_the_last_word_of_a_table_gives_way_to_the_one_before() -> None:
    played = seated(3).opens()
    played.says("t1p1", outcome("desaccord")).says("t1p2", outcome("accord")).hides("t1p2")

    assert played.results.tables[0].status == "desaccord"


def test_a_table_is_never_what_a_phone_says_it_is() -> None:
    played = seated(1, 1).opens()
    played.says("t1p1", {**outcome(), "table": ["2"]})

    assert [(t.table, t.status) for t in played.results.tables] == [(1, "accord"), (2, None)]


@pytest.mark.parametrize(
    "form", [{}, outcome("victoire"), outcome("accord", "x" * 401), {"concede": ["Un an."]}]
)
def test_what_is_no_outcome_is_refused(form) -> None:
    with pytest.raises(Refused):
        seated(3).opens().says("t1p1", form)


def test_an_abstention_leaves_the_table_without_outcome() -> None:
    played = seated(3).opens().says("t1p1", None)

    assert played.results.tables[0].status is None
    assert played.scene.abstentions == 1


@pytest.mark.parametrize("config", [{}, {"case": "inconnu"}, {"case": "le-don", "minutes": 0}])
def test_a_wrong_play_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        REGISTRY["jeu-de-role"].configured(config)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=6))
def test_dealing_is_balanced_and_the_same_each_time(counts) -> None:
    played, again = seated(*counts).opens(), seated(*counts).opens()

    assert held(played) == held(again)
    assert set(held(played)) == {person.id for person in played.story.room.here}
    for table, count in enumerate(counts, 1):
        sizes = [len(roles) for t, roles in held(played).values() if t == table]
        assert len(sizes) == count
        if count:
            assert by_table(played)[table] == Counter(ROLES)
            assert max(sizes) - min(sizes) <= 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["t1p1", "t1p2", "t2p1", "t2p2"]),
            st.sampled_from(["accord", "accord_partiel", "desaccord"]),
        ),
        max_size=8,
    )
)
def test_totals_are_those_of_the_last_words(said) -> None:
    played = seated(2, 2).opens()
    for who, issue in said:
        played.says(who, outcome(issue))
    last = {who[:2]: issue for who, issue in said}

    assert {f"t{t.table}": t.status for t in played.results.tables if t.status} == last
    assert sum(tally.count for tally in played.results.tally) == len(last)


def test_who_is_not_there_writes_nothing() -> None:
    played = seated(3).opens()
    played.story.add(Removed(participant="t1p1"))

    from assistant.workshop.commands import PutOut

    with pytest.raises(PutOut):
        contributing(
            played.story.room, REGISTRY, "t1p1", "moment", form=outcome(), nonce="nonce-000"
        )
