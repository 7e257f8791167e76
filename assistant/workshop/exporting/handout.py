"""What a participant takes home, on their own phone: what they wrote, and what the room was shown.

Pure. Results are there only where the trainer showed them, as the phone showed them then.
"""

from collections.abc import Iterator
from typing import Any

from assistant.workshop.activities.quiz import Quiz
from assistant.workshop.activity import Scene
from assistant.workshop.agenda import Item
from assistant.workshop.exporting.minutes import Told, answer, asked_in, key_pages
from assistant.workshop.exporting.pictures import AnyActivity, sketch
from assistant.workshop.exporting.report import Block, Heading, Line, Report, listed
from assistant.workshop.room import Person

COMMITMENTS = "engagements"


def handout(told: Told, person: Person) -> Report:
    """The hand-out of one participant."""
    words = told.words
    mine = tuple(_mine(told, person))
    return Report(
        title=words("fiche", titre=told.room.agenda.title),
        note_title=words("avertissement_titre"),
        note=words("avertissement_fiche"),
        page=words("page"),
        of=words("sur"),
        unprintable=words("caracteres", liste="{liste}"),
        day=told.days()[-1],
        blocks=(
            *_commitments(told, person),
            Heading(1, words("mes_contributions")),
            *(mine or (Line(words("rien_de_moi")),)),
            *_shown(told),
            *_answers(told),
            *_pages(told),
        ),
    )


def _scene(told: Told, item: Item) -> tuple[AnyActivity, Scene[Any]] | None:
    activity = told.activities.get(item.kind)
    if activity is None or not told.room.stage(item.id).round:
        return None
    return activity, activity.scene(told.room, item)


def _given(told: Told, item: Item, person: Person) -> tuple[str, ...]:
    """What they gave to an item in all its rounds, hidden by the trainer or not: it is theirs."""
    found = _scene(told, item)
    if found is None:
        return ()
    activity, scene = found
    own = (e for e in scene.stage.entries.values() if e.participant == person.id)
    return tuple(
        activity.told(scene, activity.value(entry))
        for entry in sorted(own, key=lambda entry: (entry.round, entry.seq))
        if entry.value is not None
    )


def _commitments(told: Told, person: Person) -> Iterator[Block]:
    made = [
        text
        for item in told.room.agenda.items
        if item.kind == COMMITMENTS
        for text in _given(told, item, person)
    ]
    if made:
        yield Heading(1, told.words("mes_engagements"))
        yield listed(*made)


def _mine(told: Told, person: Person) -> Iterator[Block]:
    for item in told.room.agenda.items:
        if item.kind != COMMITMENTS and (texts := _given(told, item, person)):
            yield Heading(2, item.title)
            yield listed(*texts)


def _shown(told: Told) -> Iterator[Block]:
    """What the screen or the phones were shown; a quiz once its answers are known."""
    started = False
    for item in told.room.agenda.items:
        found = _scene(told, item)
        if found is None or item.kind == COMMITMENTS:
            continue
        activity, scene = found
        seen = scene.stage.on_screen or scene.stage.on_phones
        secret = isinstance(activity, Quiz) and not activity.revealed(scene)
        if not seen or secret or not scene.entries:
            continue
        if not started:
            yield Heading(1, told.words("resultats"))
            started = True
        yield Heading(2, item.title)
        yield from sketch(activity, scene, told.words, level=3)


def _answers(told: Told) -> Iterator[Block]:
    answered, _ = asked_in(told.room)
    if answered:
        yield Heading(1, told.words("questions"))
    for question in answered:
        yield Heading(2, question.text)
        yield from answer(question.reply or {}, told.words)


def _pages(told: Told) -> Iterator[Block]:
    if found := key_pages(told):
        yield Heading(1, told.words("a_retenir"))
        yield listed(*found)
