"""What may be done in a room, by whom, and when."""

import pytest

from assistant.errors import AssistantError, CallerError, NotFound
from assistant.workshop import commands, editing
from assistant.workshop import events as ev
from assistant.workshop.activity import Closed, InvalidConfig, Refused
from assistant.workshop.commands import Command, DoorClosed, Moved, Over, PutOut, directing
from assistant.workshop.room import Room
from tests.workshop.building import Story, activities, agenda, item


def direct(story: Story, action: str, **fields) -> Story:
    return story.add(*directing(story.room, activities(), Command(action=action, **fields)))


def contribute(
    room: Room, by: str = "ana", *words: str, nonce: str = "nonce-1", item: str = "mots"
):
    form = {"mot": list(words or ("confiance",))}
    return commands.contributing(room, activities(), by, item, form=form, nonce=nonce)


def started() -> Story:
    return direct(direct(Story().people("ana", "bob"), "aller", item="mots"), "ouvrir")


def test_the_trainer_walks_through_the_agenda_and_back() -> None:
    story = Story()
    seen = []
    for action in ("suivant", "suivant", "suivant", "suivant", "precedent"):
        direct(story, action)
        seen.append(story.room.current)

    assert seen == ["accueil", "mots", "fin", "fin", "mots"]


def test_a_double_click_on_next_moves_once() -> None:
    story = direct(Story(), "suivant", seen="")

    with pytest.raises(Moved):
        direct(story, "suivant", seen="")


def test_leaving_an_item_closes_it_and_one_undo_takes_both_back() -> None:
    story = direct(started(), "suivant")
    assert story.room.stage("mots").phase == "closed"

    direct(story, "annuler")

    assert story.room.current == "mots"
    assert story.room.stage("mots").phase == "open"


def test_opening_one_item_closes_the_other() -> None:
    story = direct(started(), "ouvrir", item="fin")

    assert story.room.stage("mots").phase == "closed"
    assert story.room.stage("fin").phase == "open"


def test_what_is_open_takes_contributions_and_what_is_not_refuses_them() -> None:
    story = started()
    assert contribute(story.room)
    with pytest.raises(Closed):
        contribute(story.room, item="fin")
    direct(story, "fermer")
    with pytest.raises(Closed):
        contribute(story.room)


def test_what_is_sent_twice_counts_once() -> None:
    story = started()
    story.add(*contribute(story.room), by="ana")

    assert contribute(story.room) == ()


def test_an_abstention_is_an_answer() -> None:
    story = started()
    story.add(
        *commands.contributing(story.room, activities(), "ana", "mots", form=None, nonce="n" * 9),
        by="ana",
    )
    found = story.room.item
    assert found is not None

    scene = activities()["nuage"].scene(story.room, found)

    assert (scene.contributors, scene.abstentions, scene.entries) == (1, 1, ())


def test_what_an_activity_cannot_take_is_refused_with_its_reason() -> None:
    with pytest.raises(Refused) as refused:
        contribute(started().room, "ana", "a", "b", "c", "d")

    assert refused.value.name == "trop_de_mots"


@pytest.mark.parametrize("who", ["eve", ""])
def test_a_stranger_does_nothing(who: str) -> None:
    with pytest.raises(PutOut):
        contribute(started().room, who)


def test_who_was_put_out_does_nothing() -> None:
    story = direct(started(), "exclure", participant="ana")

    with pytest.raises(PutOut):
        contribute(story.room)


def test_a_locked_or_full_or_ended_room_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    story = started()
    assert commands.joining(story.room, "  Zoé  ", None, 3) == ev.Joined(name="Zoé")
    with pytest.raises(DoorClosed):
        commands.joining(direct(started(), "verrouiller").room, None, None, None)
    with pytest.raises(Over):
        commands.joining(direct(started(), "terminer").room, None, None, None)
    monkeypatch.setattr(commands, "MAX_PEOPLE", 2)
    with pytest.raises(DoorClosed):
        commands.joining(story.room, None, None, None)


def test_nothing_comes_in_after_the_end_but_the_end_can_be_undone() -> None:
    story = direct(started(), "terminer")
    with pytest.raises(Over):
        contribute(story.room)
    with pytest.raises(Over):
        direct(story, "suivant")

    direct(story, "annuler")

    assert not story.room.ended
    assert story.room.stage("mots").phase == "open"


def test_participants_are_spread_evenly_over_the_tables() -> None:
    story = Story().people(*"abcdefg")
    direct(story, "tables", tables=3)
    story.add(ev.Introduced(table=2), by="a").add(ev.Introduced(table=2), by="b")

    direct(story, "placer")

    tables = [person.table for person in story.room.here]
    assert sorted(tables.count(n) for n in (1, 2, 3)) == [2, 2, 3]
    assert tables[:2] == [2, 2]


def test_fewer_tables_leave_nobody_at_one_that_is_gone() -> None:
    story = Story().people("a")
    direct(story, "tables", tables=3)
    story.add(ev.Introduced(table=3), by="a")

    assert direct(story, "tables", tables=2).room.people["a"].table is None


def test_questions_are_limited_and_never_empty() -> None:
    story = started()
    with pytest.raises(CallerError):
        commands.asking(story.room, "ana", "   ", nonce="n")
    for number in range(commands.MAX_QUESTIONS):
        story.add(*commands.asking(story.room, "ana", "Et ?", nonce=f"n{number}"), by="ana")
    with pytest.raises(CallerError) as refused:
        commands.asking(story.room, "ana", "Et ?", nonce="last")

    assert refused.value.name == "assez_de_questions"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("aller", {"item": "nulle-part"}),
        ("masquer", {"entry": 99}),
        ("grouper", {"entries": (99,)}),
        ("exclure", {"participant": "eve"}),
        ("repondre", {"question": 99}),
        ("montrer", {"item": "mots"}),
        ("danser", {}),
    ],
)
def test_a_command_about_nothing_is_refused(action: str, fields: dict[str, object]) -> None:
    with pytest.raises((NotFound, CallerError)):
        direct(started(), action, **fields)


def test_an_agenda_is_checked_before_it_replaces_another() -> None:
    room = started().room
    for wrong in (
        agenda(item("x", "danse")),
        agenda(item("x", "nuage", words=99)),
        agenda(item("x"), item("x")),
    ):
        with pytest.raises(InvalidConfig):
            editing.replaced(room, activities(), wrong)

    assert editing.replaced(room, activities(), room.agenda) == ()
    assert len(editing.replaced(room, activities(), agenda(item("x")))) == 1


def test_every_refusal_has_its_sentence() -> None:
    from assistant.texts import load_texts
    from tests.builders import ROOT

    texts = load_texts(ROOT / "corpus")
    errors: list[AssistantError] = [
        Over(), DoorClosed(), PutOut(), Moved(), Closed(), Refused(), NotFound("code_inconnu"),
        Refused("trop_de_mots", nombre=3), InvalidConfig(activite="nuage", champ="words"),
        CallerError("assez_de_questions", nombre=20), NotFound("contribution_inconnue"),
        NotFound("question_inconnue"), NotFound("activite_inconnue"), NotFound("format_inconnu"),
        NotFound("lien_animation_inconnu"), NotFound("atelier_inconnu"),
        CallerError("trop_de_tentatives"),
    ]  # fmt: skip
    for error in errors:
        assert "{" not in texts.explain(error)
        assert texts.explain(error) != texts.explain(AssistantError())


def test_a_minute_more_is_added_to_what_is_left() -> None:
    story = direct(Story(), "chrono", seconds=300)
    before = story.room.timer
    assert before

    direct(story, "prolonger", seconds=60)

    after = story.room.timer
    assert after
    assert (after.ends_at - before.ends_at).total_seconds() == 60
    assert after.seconds == 360


def test_a_minute_more_after_the_end_begins_now() -> None:
    story = direct(Story(), "chrono", seconds=1)
    for _ in range(5):
        direct(story, "verrouiller")
    direct(story, "prolonger", seconds=60)

    timer = story.room.timer
    assert timer
    assert (timer.ends_at - story.history[-1].at).total_seconds() == 60


def test_a_minute_more_without_a_timer_starts_one() -> None:
    timer = direct(Story(), "prolonger", seconds=60).room.timer

    assert timer
    assert timer.seconds == 60


def test_spreading_mixes_the_actors() -> None:
    actors = {"ana": "association", "bob": "association", "cid": "entreprise", "dan": "entreprise"}
    story = Story().people(*actors, actors=actors)
    direct(direct(story, "tables", tables=2), "placer")

    seated = [(person.table, person.actor) for person in story.room.here]
    assert sorted(seated, key=str) == [
        (1, "association"), (1, "entreprise"), (2, "association"), (2, "entreprise"),
    ]  # fmt: skip


def test_somebody_is_moved_to_a_table_that_exists() -> None:
    story = direct(Story().people("ana"), "tables", tables=2)

    direct(story, "deplacer", participant="ana", table=2)
    assert story.room.people["ana"].table == 2
    assert directing(story.room, activities(), Command(action="deplacer", participant="ana",
                                                       table=2)) == ()  # fmt: skip
    with pytest.raises(NotFound):
        direct(story, "deplacer", participant="ana", table=3)
    direct(story, "deplacer", participant="ana")
    assert story.room.people["ana"].table is None


def test_an_answer_leaves_the_screen_and_stays_in_the_list() -> None:
    story = Story().people("ana")
    story.add(*commands.asking(story.room, "ana", "Pourquoi ?", nonce="12345678"), by="ana")
    number = story.room.questions[0].seq
    direct(story, "repondre", question=number, reply={"status": "answered"})
    assert story.room.answered == number

    direct(story, "retirer")

    assert story.room.answered is None
    assert story.room.questions[0].reply == {"status": "answered"}
    assert directing(story.room, activities(), Command(action="retirer")) == ()
    direct(story, "annuler")
    assert story.room.answered == number


def test_what_is_grouped_is_ungrouped_whatever_name_is_typed() -> None:
    story = started()
    story.add(*contribute(story.room), by="ana")
    number = story.history[-1].seq
    direct(story, "grouper", entries=(number,), group="  A  ")
    assert [e.group for e in story.room.stage("mots").entries.values()] == ["A"]

    direct(story, "degrouper", entries=(number,), group="A")

    assert [e.group for e in story.room.stage("mots").entries.values()] == [None]
