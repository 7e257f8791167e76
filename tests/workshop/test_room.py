"""What events make of a room, and that nothing but their order counts."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop import events as ev
from assistant.workshop import stamps
from assistant.workshop.room import advance, fold
from tests.workshop.building import Story, activities, item


def words(*given: str, nonce: str = "n") -> ev.Contributed:
    return ev.Contributed(item="mots", value={"words": list(given)}, nonce=nonce)


def opened() -> Story:
    return Story().people("ana", "bob").add(ev.Chosen(item="mots"), ev.Opened(item="mots"))


def test_who_comes_in_is_there_in_the_order_of_arrival() -> None:
    room = opened().room

    assert [(p.name, p.number) for p in room.here] == [("ana", 1), ("bob", 2)]


def test_a_second_contribution_under_the_same_key_replaces_the_first() -> None:
    story = opened().add(words("a"), by="ana").add(words("b", nonce="m"), by="ana")

    entries = story.room.stage("mots").entries

    assert [entry.value for entry in entries.values()] == [{"words": ["b"]}]


def test_two_people_do_not_replace_each_other() -> None:
    story = opened().add(words("a"), by="ana").add(words("b"), by="bob")

    assert len(story.room.stage("mots").entries) == 2


def test_two_rounds_keep_their_contributions_apart() -> None:
    story = opened().add(words("a"), by="ana")
    story.add(ev.Opened(item="mots", round=2)).add(words("b", nonce="m"), by="ana")

    rounds = {entry.round for entry in story.room.stage("mots").entries.values()}

    assert rounds == {1, 2}


def test_putting_someone_out_takes_away_what_they_said() -> None:
    story = opened().add(words("a"), by="ana").add(words("b"), by="bob")
    story.add(ev.Asked(text="Pourquoi ?", nonce="q"), by="ana").add(ev.Paced(pace="vite"), by="ana")

    room = story.add(ev.Removed(participant="ana")).room

    assert [p.id for p in room.here] == ["bob"]
    assert [e.participant for e in room.stage("mots").entries.values()] == ["bob"]
    assert room.questions == ()
    assert room.paces == {}


def test_a_hidden_contribution_stays_hidden_when_it_is_sent_again() -> None:
    story = opened().add(words("gros mot"), by="ana")
    entry = next(iter(story.room.stage("mots").entries.values()))

    story.add(ev.Moderated(entry=entry.seq, hidden=True)).add(words("encore", nonce="m"), by="ana")

    assert all(e.hidden for e in story.room.stage("mots").entries.values())


def test_opening_starts_the_timer_and_closing_stops_it() -> None:
    story = opened()

    assert story.room.timer is not None
    assert story.room.timer.seconds == 5 * 60
    assert story.add(ev.Closed(item="mots")).room.timer is None


def test_what_is_undone_counts_for_nothing_and_what_came_after_stays() -> None:
    story = (
        opened().add(ev.Shown(item="mots", where="screen", visible=True)).add(words("a"), by="ana")
    )
    shown = next(r.seq for r in story.history if isinstance(r.event, ev.Shown))

    room = story.add(ev.Undone(seq=shown)).room

    assert not room.stage("mots").on_screen
    assert len(room.stage("mots").entries) == 1
    assert shown not in [seq for _, seq in room.undoable]


def test_an_agenda_without_the_current_item_goes_back_to_the_welcome_page() -> None:
    story = opened().add(ev.AgendaSet(agenda=Story(item("autre")).room.agenda))

    assert story.room.current is None


def test_the_same_question_heard_twice_is_one_question() -> None:
    story = opened()
    story.add(ev.Asked(text="Quoi ?", nonce="q"), by="ana").add(
        ev.Asked(text="Quoi ?", nonce="q"), by="ana"
    )

    assert len(story.room.questions) == 1


def test_a_phone_is_told_of_its_own_and_of_the_scene_but_not_of_others() -> None:
    story = opened()
    before = stamps.phone(story.room, activities(), "ana")

    story.add(words("b"), by="bob")
    assert stamps.phone(story.room, activities(), "ana") == before
    assert stamps.screen(story.room) == str(story.room.revision)

    story.add(words("a"), by="ana")
    mine = stamps.phone(story.room, activities(), "ana")
    assert mine != before

    story.add(ev.Shown(item="mots", where="phones", visible=True))
    shown = stamps.phone(story.room, activities(), "ana")
    assert shown != mine
    story.add(words("c", nonce="m"), by="bob")
    assert stamps.phone(story.room, activities(), "ana") != shown
    assert stamps.phone(story.room, activities(), "nobody") == "sorti"


happening = st.lists(
    st.sampled_from(
        [
            (ev.TRAINER, ev.Chosen(item="mots")),
            (ev.TRAINER, ev.Opened(item="mots")),
            (ev.TRAINER, ev.Opened(item="mots", round=2)),
            (ev.TRAINER, ev.Closed(item="mots")),
            (ev.TRAINER, ev.Shown(item="mots", where="screen", visible=True)),
            (ev.TRAINER, ev.Locked(locked=True)),
            (ev.TRAINER, ev.Arranged(tables=2)),
            (ev.TRAINER, ev.Seated(tables={"ana": 1, "bob": 2})),
            (ev.TRAINER, ev.Removed(participant="bob")),
            (ev.TRAINER, ev.Undone(seq=5)),
            (ev.TRAINER, ev.Moderated(entry=6, hidden=True)),
            (ev.TRAINER, ev.Ended()),
            ("ana", words("a", nonce="1")),
            ("ana", words("b", nonce="2")),
            ("bob", words("c", nonce="3")),
            ("ana", ev.Withdrawn(item="mots", key="", nonce="4")),
            ("bob", ev.Asked(text="?", nonce="5")),
            ("ana", ev.Paced(pace="perdu")),
            ("bob", ev.Introduced(name="Robert", actor="entreprise")),
        ]
    ),
    max_size=25,
)


@given(happening, st.integers(0, 25))
def test_a_room_brought_up_to_date_is_the_room_folded_whole(
    happened: list[tuple[str, ev.Event]], cut: int
) -> None:
    story = Story().people("ana", "bob")
    for by, event in happened:
        story.add(event, by=by)
    past, new = story.history[: 3 + cut], story.history[3 + cut :]

    assert advance(fold(past), past, new) == fold(story.history)


@given(happening)
def test_only_what_was_sent_is_there(happened: list[tuple[str, ev.Event]]) -> None:
    story = Story().people("ana", "bob")
    for by, event in happened:
        story.add(event, by=by)

    for entry in story.room.stage("mots").entries.values():
        sent = [r for r in story.history if r.seq == entry.seq]
        assert sent[0].by == entry.participant
        assert isinstance(sent[0].event, ev.Contributed)
