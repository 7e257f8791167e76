"""The crossed evaluation: gaps between types of actors, and nobody given away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.playing import Play, rectangular

ITEMS = [{"id": "pilotage", "label": "Pilotage"}, {"id": "cadrage", "label": "Cadrage"}]
ACTORS = ("association", "entreprise", "collectivite", None)


def crossed(counts=(3, 3, 0, 0), **config) -> Play:
    """People by type of actor: a1, a2… e1… c1… n1…"""
    played = Play("evaluation-croisee", **{"items": ITEMS, **config})
    for letter, actor, count in zip("aecn", ACTORS, counts, strict=True):
        played.comes(*(f"{letter}{n}" for n in range(1, count + 1)), actor=actor)
    return played.opens()


def marks(pilotage="", cadrage="", suite="") -> dict[str, list[str]]:
    return {
        "note.pilotage": [str(pilotage)], "note.cadrage": [str(cadrage)], "suite": [suite],
    }  # fmt: skip


def told(played: Play, **by_name: tuple) -> Play:
    for who, given_marks in by_name.items():
        played.says(who, marks(*given_marks))
    return played


def line(played: Play, name: str):
    (found,) = [gap for gap in played.results.gaps if gap.id == name]
    return found


def test_the_biggest_gap_comes_first_and_is_to_be_discussed() -> None:
    played = told(
        crossed(),
        a1=(4, 1), a2=(4, 1), a3=(5, 2), e1=(4, 4), e2=(4, 4), e3=(4, 5),
    )  # fmt: skip

    assert [(gap.id, gap.gap, gap.wide) for gap in played.results.gaps] == [
        ("cadrage", 3.0, True),
        ("pilotage", 0.3, False),
    ]
    assert [(m.actor, m.mean, m.x) for m in line(played, "cadrage").by_actor] == [
        ("association", 1.3, 0.075),
        ("entreprise", 4.3, 0.825),
    ]
    assert line(played, "cadrage").mean == 2.8
    assert played.results.actors == ("association", "entreprise")
    assert not played.results.withheld


@pytest.mark.parametrize(
    ("counts", "actors", "mean", "gap", "withheld"),
    [
        ((3, 3, 0, 0), ["association", "entreprise"], 3.0, 0.0, False),
        ((3, 2, 0, 0), ["association"], None, None, True),  # two left: their mean would show
        ((3, 1, 1, 1), ["association"], 3.0, None, True),  # three left, mixed
        ((3, 0, 0, 2), ["association"], None, None, False),
        ((2, 2, 2, 0), [], 3.0, None, True),
        ((1, 0, 0, 0), [], 3.0, None, True),
        ((0, 0, 0, 4), [], 3.0, None, False),
        ((4, 3, 3, 0), ["association", "entreprise", "collectivite"], 3.0, 0.0, False),
        ((5, 4, 1, 0), ["association", "entreprise"], None, 0.0, True),
        ((0, 0, 0, 0), [], None, None, False),
    ],
)
def test_below_three_people_an_actor_is_not_shown(counts, actors, mean, gap, withheld) -> None:
    played = crossed(counts)
    for person in played.story.room.here:
        played.says(person.id, marks(3))

    found = line(played, "pilotage")
    assert [one.actor for one in found.by_actor] == actors
    assert (found.mean, found.gap, found.people) == (mean, gap, sum(counts))
    assert played.results.withheld is withheld
    assert line(played, "cadrage").people == 0


def test_the_threshold_holds_subject_by_subject() -> None:
    played = told(crossed(), a1=(1, 1), a2=(1,), a3=(1, 1), e1=(5, 5), e2=(5, 5), e3=(5, 5))

    assert line(played, "pilotage").gap == 4.0
    assert [m.actor for m in line(played, "cadrage").by_actor] == ["entreprise"]


def test_the_room_says_what_it_would_do_next() -> None:
    played = told(crossed(), a1=("", "", "modifier"), e1=(3, "", "modifier"), e2=(3, 3, "achever"))

    assert [(c.id, c.count) for c in played.results.decisions] == [
        ("reconduire", 0), ("modifier", 2), ("changer_de_categorie", 0), ("achever", 1),
    ]  # fmt: skip
    assert played.sheets()[1][1] == ("modifier", 2)


def test_without_a_decision_none_is_asked_nor_exported() -> None:
    played = crossed(decision=False)

    assert (played.results.decisions, len(played.sheets())) == ((), 1)
    with pytest.raises(Refused):
        played.says("a1", marks(3, 3, "achever"))


def test_the_subjects_are_those_of_the_grid_with_what_the_interview_says_of_them() -> None:
    subjects = Play("evaluation-croisee").scene.config.items

    assert [s.label for s in subjects][:5] == [
        "Qualité des actions", "Moyens humains", "Moyens financiers", "Autres moyens",
        "Cadrage préalable",
    ]  # fmt: skip
    assert len(subjects) == 11
    helps = {s.label: s.help for s in subjects}
    assert helps["Pilotage"].startswith("les décisions ont-elles été prises")
    assert helps["Évaluation"] is not None
    assert helps["Moyens humains"] is None


def test_the_sheet_shows_what_the_screen_shows() -> None:
    played = told(
        crossed((3, 3, 1, 0)), a1=(1,), a2=(1,), a3=(1,), e1=(5,), e2=(5,), e3=(4,), c1=(2,)
    )

    assert played.sheets()[0] == [
        ("Pilotage", 7, None, 1.0, 4.7, 3.7, "oui"),
        ("Cadrage", 0, None, None, None, None, None),
    ]
    assert rectangular(played.activity.tables(played.scene))
    told_by = played.activity.said(played.activity.value(played.scene.mine("a1")[0]))
    assert told_by == "Notes données\u00a0: 1"


@pytest.mark.parametrize(
    "form",
    [marks(), marks(0), marks(6), marks("x"), {"note.ailleurs": ["3"]}, marks(3, 3, "fuir"), {}],
)
def test_what_is_no_evaluation_is_refused(form) -> None:
    with pytest.raises(Refused):
        crossed().says("a1", form)


@pytest.mark.parametrize("config", [{"items": []}, {"items": [*ITEMS, ITEMS[0]]}, {"autre": 1}])
def test_wrong_subjects_are_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        crossed().activity.configured(config)


def test_who_says_again_what_they_are_is_counted_there() -> None:
    played = told(crossed((3, 0, 0, 0)), a1=(1,), a2=(1,), a3=(1,))
    from assistant.workshop.events import Introduced

    played.story.add(Introduced(actor="entreprise"), by="a1")
    assert line(played, "pilotage").by_actor == ()


NAMES = ("a1", "a2", "a3", "e1", "e2", "e3", "c1", "n1")


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 5), st.integers(1, 5)), max_size=14),
    st.randoms(),
)
def test_only_the_last_marks_count_in_any_order_and_no_small_group_shows(said, random) -> None:
    def played(order) -> Play:
        made = crossed((3, 3, 1, 1))
        for who, *given_marks in order:
            made.says(who, marks(*given_marks))
        return made

    last = [(who, *rest) for who, rest in {w: (p, c) for w, p, c in said}.items()]
    one, other = played(said), played(random.sample(last, len(last)))
    assert one.results == other.results
    voters = {who for who, _, _ in last}
    for gap in one.results.gaps:
        assert gap.people == len(voters)
        shown = {mean.actor[0] for mean in gap.by_actor}
        assert all(sum(who[0] == letter for who in voters) >= 3 for letter in shown)
        left = [who for who in voters if who[0] not in shown]
        if gap.mean is not None and shown:
            assert len(left) == 0 or len(left) >= 3
    gaps = [gap.gap for gap in one.results.gaps if gap.gap is not None]
    assert gaps == sorted(gaps, reverse=True)
