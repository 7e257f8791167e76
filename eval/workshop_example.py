"""A whole workshop played by a script: what the examples show and the tests of exports read.

Every decision goes through the same commands as a real room; a seed settles who says what, so
that the same content gives the same workshop.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.workshop import commands
from assistant.workshop import events as ev
from assistant.workshop.activities import Registry
from assistant.workshop.activity import Form, Refused
from assistant.workshop.agenda import Agenda, Item, load_formats
from assistant.workshop.commands import Command
from assistant.workshop.room import Person, Room, advance, fold
from assistant.workshop.starters import load_starters

DATA = Path(__file__).parent / "datasets" / "workshop" / "salle.yaml"
PEOPLE = 22
TYPES: Sequence[Any] = ("association", "entreprise", "association", "collectivite", "entreprise",
                        "association", None)  # fmt: skip


class Played:
    """A workshop as it goes; ``history`` is all that happened."""

    def __init__(self, activities: Registry, agenda: Agenda, *, seed: int = 5) -> None:
        self.activities = activities
        self.said: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
        self.dice = random.Random(seed)  # who says what
        self.now: datetime = self.said["jour"]
        self.history: list[ev.Recorded] = []
        self._count = 0
        self._room = fold([])
        self._add([ev.AgendaSet(agenda=agenda)], ev.TRAINER)

    @property
    def room(self) -> Room:
        """The room now."""
        return self._room

    def _add(self, events: Sequence[ev.Event], by: str) -> None:
        new = [
            ev.Recorded(seq=len(self.history) + rank, at=self.now, by=by, event=event)
            for rank, event in enumerate(events, 1)
        ]
        self._room = advance(self._room, self.history, new)
        self.history += new

    def direct(self, action: str, **given: Any) -> None:
        """What the trainer does."""
        events = commands.directing(self.room, self.activities, Command(action=action, **given))
        self._add(events, ev.TRAINER)

    def come(self, people: int = PEOPLE) -> None:
        """The room comes in, half of it with a pseudonym."""
        names = self.said["noms"]
        for rank in range(people):
            self.now += timedelta(seconds=7)
            name = names[rank // 2 % len(names)] if rank % 2 == 0 else None
            joined = commands.joining(self.room, name, TYPES[rank % len(TYPES)], None)
            self._add([joined], f"00000000-0000-4000-8000-{rank:012}")
        if self.said["tables"]:
            self.direct("tables", tables=self.said["tables"])
            self.direct("placer")

    def give(self, who: str, item: str, form: Form | None) -> bool:
        """One contribution; False when it is refused."""
        self._count += 1
        self.now += timedelta(seconds=2)
        try:
            made = commands.contributing(
                self.room, self.activities, who, item, form=form, nonce=f"envoi-{self._count:06}"
            )
        except Refused:
            return False
        self._add(made, who)
        return True

    def play(self, item: Item) -> None:
        """One moment, from its opening to its results."""
        start = self.now
        self.direct("aller", item=item.id)
        activity = self.activities[item.kind]
        if item.kind != "expose":
            for turn in range(activity.turns(activity.configured(item.config))):
                self.direct("ouvrir" if not turn else "tour", item=item.id)
                self._speak(item, turn)
                self.direct("fermer", item=item.id)
            self.direct("montrer", item=item.id, where="screen")
            self.direct("montrer", item=item.id, where="phones")
        share = self.dice.choice((0.8, 1.0, 1.0, 1.3))
        self.now = max(self.now, start + timedelta(seconds=round(item.minutes * 60 * share)))

    def _speak(self, item: Item, turn: int) -> None:
        forms = SPEAKERS.get(item.kind)
        for person in self.room.here:
            if forms is None or self.dice.random() < 0.07:
                self.give(person.id, item.id, None)
                continue
            for form in forms(self, item, person, turn):
                self.give(person.id, item.id, form)

    def some(self, name: str, count: int = 1) -> list[str]:
        """Lines of the script, at random."""
        found: list[str] = self.dice.sample(self.said[name], count)
        return found

    @cached_property
    def reply(self) -> Mapping[str, Any]:
        """What the guide answers."""
        return {
            "status": "answered", "answer": self.said["reponse"], "reason": None, "step": 5,
            "citations": [self.said["source"]], "suggestions": [], "related": [],
        }  # fmt: skip

    def ask(self) -> None:
        """Two questions of the room, of which the trainer picks one; how fast it goes."""
        here = self.room.here
        for person, text in zip(here, self.said["questions"], strict=False):
            self._count += 1
            nonce = f"envoi-{self._count:06}"
            self._add(commands.asking(self.room, person.id, text, nonce=nonce), person.id)
        for person in here[: len(here) // 2]:
            pace: ev.Pace = self.dice.choice(("bien", "bien", "vite", "lent"))
            self._add(commands.pacing(self.room, person.id, pace), person.id)
        first = self.room.questions[0]
        self.direct("repondre", question=first.seq, reply=self.reply)
        self.direct("retirer")

    def moderate(self, item: str) -> None:
        """The trainer hides one contribution, puts another forward, groups two that are alike."""
        entries = [e for e in self.room.stage(item).entries.values() if e.value is not None]
        self.direct("masquer", entry=entries[0].seq)
        self.direct("epingler", entry=entries[1].seq)
        alike = [e.seq for e in entries[2:] if "la personne" in str((e.value or {}).get("text"))]
        alike += [
            e.seq for e in entries[2:] if "seule personne" in str((e.value or {}).get("text"))
        ]
        if alike:
            group = self.said["risques"][1]
            self.direct("grouper", entries=tuple(dict.fromkeys(alike)), group=group)


Speaker = Callable[[Played, Item, Person, int], Iterator[Form]]


def _cloud(play: Played, _item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    yield {"mot": play.some("mots", 3)}


def _quiz(play: Played, item: Item, _who: Person, turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    answers = {}
    for question in activity.questions(activity.configured(item.config)):
        known = play.dice.random() < 0.4 + 0.3 * turn
        letters = [letter for letter, _ in question.lettered]
        answers[f"q-{question.id}"] = [question.answer if known else play.dice.choice(letters)]
    yield answers


def _dots(play: Played, item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    config = activity.configured(item.config)
    options = [option.id for option in activity.options(config)]
    yield {"gommette": play.dice.sample(options[: 3 * config.dots], config.dots)}


def _points(play: Played, item: Item, who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    names = list(activity.goals())
    total = getattr(activity.configured(item.config), "points", 10)
    lead = {"association": 1, "entreprise": 3, "collectivite": 2}.get(who.actor or "", 0)
    given = dict.fromkeys(names, 0)
    for _ in range(total):
        given[names[lead] if play.dice.random() < 0.5 else play.dice.choice(names)] += 1
    yield {f"points-{name}": [str(points)] for name, points in given.items()}


def _criteria(play: Played, item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    config = activity.configured(item.config)
    form: dict[str, list[str]] = {}
    for rank, candidate in enumerate(activity.candidates(config)):
        for criterion in activity.criteria(config):
            mark = min(5, max(1, round(play.dice.gauss(4 - rank, 1))))
            form[f"note.{candidate.id}.{criterion.valeur}"] = [str(mark)]
    yield form


def _charter(play: Played, item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    config = activity.configured(item.config)
    yield {"principe": play.dice.sample(activity.principles(config)[:6], config.picks)}


def _wall(play: Played, item: Item, _who: Person, turn: int) -> Iterator[Form]:
    if turn:
        texts = [e.seq for e in play.room.stage(item.id).entries.values()
                 if e.round == 1 and e.value is not None and not e.hidden]  # fmt: skip
        yield {"tour": ["2"], "voix": [str(n) for n in play.dice.sample(texts, 3)]}
        return
    column = play.dice.choice(("risques", "freins"))
    yield {"colonne": [column], "texte": play.some(column)}


def _express(play: Played, item: Item, who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    values = {
        "objectifs.commun": play.some("objectifs"),
        "perimetre.geographique": play.some("lieux"),
        "perimetre.beneficiaires": play.some("beneficiaires"),
        "duree.date_debut": [play.dice.choice(("2027-01-04", "2027-03-01"))],
        "duree.mois": [play.dice.choice(("12", "18", "24"))],
        "pilotage.frequence": [play.dice.choice(("mensuelle", "trimestrielle"))],
        "communication.temporalite": ["apres_resultats"],
        "litiges.alerte": play.some("alertes"),
    }
    slots = [slot for slot in activity.configured(item.config).slots if slot in values]
    if not slots:
        return
    for slot in play.dice.sample(slots, min(2, len(slots))):
        if slot != "litiges.alerte" or who.table == 1:
            yield {"slot": [slot], slot: values[slot]}


def _crossed(play: Played, item: Item, who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    shift = {"association": 0.8, "entreprise": -0.6}.get(who.actor or "", 0.0)
    form = {
        f"note.{subject.id}": [str(min(5, max(1, round(play.dice.gauss(3.2 + shift, 0.9)))))]
        for subject in activity.configured(item.config).items
    }
    yield {**form, "suite": [play.dice.choice(("reconduire", "modifier", "modifier"))]}


def _role(play: Played, _item: Item, who: Person, _turn: int) -> Iterator[Form]:
    if play.dice.random() < 0.4:
        issue = ("accord", "accord_partiel", "desaccord", "accord")[(who.table or 1) % 4]
        yield {"issue": [issue], "concede": play.some("concessions")}


def _closing(play: Played, _item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    when = play.dice.choice(("demain", "cette semaine", "ce mois-ci"))
    yield {"quoi": play.some("engagements"), "quand": [when]}


def _mood(play: Played, item: Item, _who: Person, _turn: int) -> Iterator[Form]:
    activity: Any = play.activities[item.kind]
    marks = {
        f"note.{question.id}": [str(play.dice.choice((3, 4, 4, 5)))]
        for question in activity.configured(item.config).questions
    }
    yield {**marks, "mot": play.some("fins") if play.dice.random() < 0.5 else [""]}


SPEAKERS: Mapping[str, Speaker] = {
    "nuage": _cloud, "quiz": _quiz, "gommettes": _dots, "carre-magique": _points,
    "objectifs-communs": _points, "criteres": _criteria, "charte": _charter, "mur": _wall,
    "convention-express": _express, "evaluation-croisee": _crossed, "jeu-de-role": _role,
    "engagements": _closing, "satisfaction": _mood,
}  # fmt: skip


def agenda_of(corpus: Path, title: str) -> Agenda:
    """The half day, with a role play and a crossed evaluation: every kind of activity."""
    half_day = next(found for found in load_formats(corpus) if found.id == "quatre-heures")
    starters = load_starters(corpus)
    more = tuple(starters[kind].item(kind) for kind in ("jeu-de-role", "evaluation-croisee"))
    items = half_day.items
    cut = next(n for n, item in enumerate(items) if item.kind == "engagements")
    return Agenda(title=title, items=(*items[:cut], *more, *items[cut:]), case=half_day.case)


def played(activities: Registry, corpus: Path) -> Played:
    """The whole workshop, to its end; its last moment is left out."""
    title = yaml.safe_load(DATA.read_text(encoding="utf-8"))["titre"]
    play = Played(activities, agenda_of(corpus, title))
    play.come()
    *items, _last = play.room.agenda.items
    for item in items:
        play.play(item)
        if item.kind == "carre-magique":
            play.ask()
        if item.kind == "mur":
            play.moderate(item.id)
    play.direct("terminer")
    return play
