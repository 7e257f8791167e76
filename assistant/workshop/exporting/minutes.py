"""The minutes of a workshop: what the room said, activity by activity, in the order of the agenda.

Pure. Nobody is named unless ``Asked.names``; what the trainer hid is nowhere.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from assistant.casefile.display import long_date
from assistant.casefile.source import Source
from assistant.workshop import events as ev
from assistant.workshop.activities import Registry
from assistant.workshop.activities.gathering import ACTORS, SMALLEST
from assistant.workshop.activity import Scene
from assistant.workshop.agenda import Item
from assistant.workshop.exporting.pictures import AnyActivity, counted, sketch
from assistant.workshop.exporting.report import Block, Grid, Heading, Line, Listed, Report, listed
from assistant.workshop.exporting.words import Words
from assistant.workshop.progress import Progress, progress
from assistant.workshop.room import Person, Question, Room
from assistant.workshop.synthesis import Claim, standing

_MARKS = re.compile(r"\[S(\d+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Told:
    """A workshop to tell: its room, its history, what reads them; ``now`` ends what goes on."""

    room: Room
    history: Sequence[ev.Recorded]
    activities: Registry
    words: Words
    now: datetime
    zone: tzinfo | None = UTC  # None is that of this machine
    names: bool = False

    @property
    def progress(self) -> Progress:
        """How far it went, and in what time."""
        return progress(self.room, self.history, now=self.now)

    def days(self) -> tuple[date, ...]:
        """The days on which somebody did something in the room, in order."""
        lived = [item for item in self.history if not isinstance(item.event, ev.AgendaSet)]
        moments = [item.at for item in lived or self.history]
        return tuple(sorted({moment.astimezone(self.zone).date() for moment in moments}))

    def scenes(self, item: Item) -> tuple[Scene[Any], ...]:
        """An item round by round, the last one last; a round that shows nothing more is left out.

        None for an item that was never opened, or whose kind is not known any more.
        """
        activity = self.activities.get(item.kind)
        stage = self.room.stage(item.id)
        if activity is None or not stage.round:
            return ()
        last = activity.scene(self.room, item)
        shown = activity.tables(last)
        earlier = tuple(
            scene
            for number in range(1, stage.round)
            for scene in (replace(last, stage=replace(stage, round=number)),)
            if activity.tables(scene) != shown
        )
        return (*earlier, last)

    def source(self, source: Source) -> str:
        """« Le guide, p. 46 »."""
        say = next(iter(self.activities.values())).tools.texts.say
        if source.reference:
            return source.reference
        name = say("origines", source.document)
        if source.page is None:
            return name
        last = f"-{source.last_page}" if source.last_page else ""
        return say("atelier", "source_page", document=name, page=f"{source.page}{last}")


def minutes(told: Told, claims: Sequence[Claim] = (), *, model: str = "") -> Report:
    """The minutes; of ``claims``, which a model proposed, only those that still stand are kept."""
    room, words = told.room, told.words
    note = words("avertissement_noms") if told.names else words("avertissement")
    return Report(
        title=words("titre", titre=room.agenda.title),
        note_title=words("avertissement_titre"),
        note=note,
        page=words("page"),
        of=words("sur"),
        unprintable=words("caracteres", liste="{liste}"),
        day=told.days()[-1],
        blocks=(
            *_essentials(told),
            *_synthesis(told, standing(claims, room), model),
            *(block for item in room.agenda.items for block in _item(told, item)),
            *_not_done(told),
            *_questions(told),
            *_pages(told),
            *_way(told),
        ),
    )


def _essentials(told: Told) -> Iterator[Block]:
    room, words, days = told.room, told.words, told.days()
    agenda = room.agenda
    yield Heading(1, words("essentiel"))
    when = words("date", jour=long_date(days[0]))
    if len(days) > 1:
        when = words("dates", debut=long_date(days[0]), fin=long_date(days[-1]))
    lines = [when]
    duration = words.duration(agenda.minutes)
    lines.append(words("format", duree=duration, moments=len(agenda.items)))
    spent = sum(step.spent for step in told.progress.steps)
    if spent >= 60:
        lines.append(words("duree_reelle", duree=words.duration(round(spent / 60))))
    lines.append(_people(told))
    if room.tables:
        lines.append(words("tables", nombre=room.tables))
    cases = next(iter(told.activities.values())).tools.cases
    if agenda.case and agenda.case in cases:
        lines.append(words("cas", titre=cases[agenda.case].title))
    if told.names:
        named = (who(person, words) for person in room.here)
        lines.append(words("noms", noms=", ".join(named)))
    yield listed(*lines)


def who(person: Person | None, words: Words) -> str:
    """A pseudonym, or a number."""
    if person is None:
        return ""
    return person.name or words("anonyme", numero=person.number)


def _people(told: Told) -> str:
    here, words = told.room.here, told.words
    say = next(iter(told.activities.values())).tools.texts.say
    groups = Counter(person.actor for person in here)
    if any(0 < count < SMALLEST for count in groups.values()) or set(groups) <= {None}:
        return words("participants", nombre=len(here))
    detail = ", ".join(
        words("acteur_nombre", acteur=say("atelier", actor).lower(), nombre=groups[actor])
        for actor in ACTORS
        if groups[actor]
    )
    return words("participants_acteurs", nombre=len(here), detail=detail)


def _item(told: Told, item: Item) -> Iterator[Block]:
    scenes, words = told.scenes(item), told.words
    activity = told.activities.get(item.kind)
    taken = {step.item.id for step in told.progress.steps if step.spent}
    if activity is None or (not scenes and (item.kind != "expose" or item.id not in taken)):
        return
    yield Heading(1, item.title)
    yield Line(words("but", texte=item.purpose), soft=True)
    if not scenes:
        yield from sketch(activity, activity.scene(told.room, item), words)
        return
    question = getattr(scenes[-1].config, "question", None)
    if question:
        yield Line(words("question", texte=question))
    # the last round says what the others were
    yield from _scene(activity, scenes[-1], words)


def _scene(activity: AnyActivity, scene: Scene[Any], words: Words) -> Iterator[Block]:
    every = scene.stage.entries.values()
    if activity.kind != "expose":
        given = counted(tuple(e for e in every if not e.hidden and e.value is not None))
        if not given:
            yield Line(words("rien"))
            return
        yield Line(words("participation", nombre=given, passes=scene.abstentions), soft=True)
    yield from sketch(activity, scene, words)


def _not_done(told: Told) -> Iterator[Block]:
    left = [step.item.title for step in told.progress.steps if step.state in ("skipped", "next")]
    if left and told.progress.begun:
        yield Heading(1, told.words("jamais_faits"))
        yield listed(*left)


def asked_in(room: Room) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """What the room asked that got an answer, and what did not; what was dropped is in neither."""
    kept = [question for question in room.questions if not question.dropped]
    return tuple(q for q in kept if q.reply), tuple(q for q in kept if not q.reply)


def _questions(told: Told) -> Iterator[Block]:
    words = told.words
    answered, left = asked_in(told.room)
    if answered:
        yield Heading(1, words("questions"))
    for question in answered:
        yield Heading(2, question.text)
        yield from answer(question.reply or {}, words)
    if left:
        yield Heading(1, words("questions_ouvertes"))
        yield listed(*(words("guillemets", texte=question.text) for question in left))


def answer(reply: Mapping[str, Any], words: Words) -> Iterator[Block]:
    """What the guide answers, with its sources."""
    bullets: list[str] = []
    for line in spoken(str(reply.get("answer", ""))).split("\n"):
        if line.startswith("- "):
            bullets.append(line[2:])
            continue
        if bullets:
            yield listed(*bullets)
            bullets = []
        if line.strip():
            yield Line(line.strip())
    if bullets:
        yield listed(*bullets)
    if found := sources(reply, words):
        yield Listed(tuple((source, ()) for source in found))


def spoken(text: str) -> str:
    """An answer without its Markdown; ``[S1]`` becomes « [1] »."""
    return _BOLD.sub(r"\1", _MARKS.sub(r"[\1]", text))


def sources(reply: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """The citations of an answer as lines."""
    return tuple(
        words(
            "source_page" if cited.get("page") else "source",
            numero=str(cited["id"]).removeprefix("S"),
            titre=cited["title"],
            document=cited["document"],
            **({"page": cited["page"]} if cited.get("page") else {}),
        )
        for cited in reply.get("citations", ())
    )


def _pages(told: Told) -> Iterator[Block]:
    if found := key_pages(told):
        yield Heading(1, told.words("a_retenir"))
        yield listed(*found)


def key_pages(told: Told) -> tuple[str, ...]:
    """The pages behind what was done, moment by moment."""
    done = {step.item.id for step in told.progress.steps if step.state in ("done", "current")}
    return tuple(
        told.words("page_moment", pages=" ; ".join(map(told.source, item.pages)), moment=item.title)
        for item in told.room.agenda.items
        if item.pages and item.id in done
    )


def _way(told: Told) -> Iterator[Block]:
    found = agenda_grid(told)
    if told.progress.begun:
        yield Heading(1, found.title)
        yield replace(found, columns=(found.columns[0], *found.columns[2:]),
                      rows=tuple((row[0], *row[2:]) for row in found.rows))  # fmt: skip


def agenda_grid(told: Told) -> Grid:
    """The agenda, planned and as it went; minutes."""
    words, steps = told.words, told.progress.steps
    heads = ("activite", "sorte", "prevu", "reel", "etat")
    rows = tuple(
        (s.item.title, s.item.kind, s.item.minutes, round(s.spent / 60, 1) if s.spent else None,
         words("etat_done" if s.state == "current" and told.room.ended else f"etat_{s.state}"))
        for s in steps
    )  # fmt: skip
    whole = (words("total"), None, told.room.agenda.minutes,
             round(sum(s.spent for s in steps) / 60, 1), None)  # fmt: skip
    return Grid(words("deroule"), tuple(words(head) for head in heads), (*rows, whole))


def _synthesis(told: Told, claims: Sequence[Claim], model: str) -> Iterator[Block]:
    if not claims:
        return
    words = told.words
    texts = contributions(told)
    yield Heading(1, words("synthese"))
    yield Line(words("synthese_note"), soft=True)
    yield Listed(tuple(
        (
            claim.text,
            tuple(
                words("synthese_source", numero=n, texte=texts.get(n, "")) for n in claim.entries
            ),
        )
        for claim in claims
    ))  # fmt: skip
    if model:
        yield Line(words("synthese_modele", nom=model), soft=True)


def contributions(told: Told) -> dict[int, str]:
    """Every contribution that counts, by its number, in the words of its activity."""
    found = {}
    for item in told.room.agenda.items:
        activity = told.activities.get(item.kind)
        if activity is None:
            continue
        scene = activity.scene(told.room, item)
        for entry in scene.stage.entries.values():
            if entry.value is not None and not entry.hidden:
                found[entry.seq] = activity.told(scene, activity.value(entry))
    return found
