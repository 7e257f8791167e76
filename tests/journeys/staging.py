"""Rooms that have played an activity, drawn as pages without a server: fast, the same each time."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from typing import Any
from urllib.parse import urlsplit

from assistant.workshop import commands
from assistant.workshop.agenda import Agenda
from assistant.workshop.commands import Command
from assistant.workshop.events import (
    TRAINER,
    AgendaSet,
    Answered,
    Arranged,
    Asked,
    Event,
    Joined,
    Recorded,
)
from assistant.workshop.room import Room, apply
from assistant.workshop.session import Session
from tests.workshop.building import NOON, activities, item
from web.qr import qr_svg
from web.rendering import STATIC, html
from web.security import HEADERS
from web.workshop_pages import ScreenPage
from web.workshop_views import answer_view, phone_page, scene_view

ITEM = "moment"
CASE = "cantine-sans-gachis"
Form = Mapping[str, Sequence[str]]
ACTORS = ("association", "entreprise", "collectivite")
LONG = "Une phrase assez longue pour qu'il faille bien la couper quelque part"
SESSION = Session(
    id="0" * 32,
    title="Faire alliance sur le territoire",
    code="H7KQ4M",
    screen="s" * 43,
    created_at=NOON,
    updated_at=NOON,
    expires_at=NOON,
    ended_at=None,
    revision=1,
)


def _marks(prefix: str, names: Sequence[str], n: int) -> dict[str, list[str]]:
    return {f"{prefix}{name}": [str(1 + (n + rank) % 5)] for rank, name in enumerate(names)}


def _dots(n: int) -> Form:
    dots = activities()["gommettes"]
    config = dots.configured(AGENDA["gommettes"])
    options = [o.id for found in dots.families(config).values() for o in found]  # type: ignore[attr-defined]
    return {"gommette": [options[(n * n + k * 3) % len(options)] for k in range(3)]}


def _points(kind: str) -> Callable[[int], Form]:
    def form(n: int) -> Form:
        goals = list(activities()[kind].goals())  # type: ignore[attr-defined]
        return {
            f"points-{goal}": [str((10, 0, 0, 0)[(n + k) % 4] if n % 2 else (4, 3, 2, 1)[k])]
            for k, goal in enumerate(goals)
        }

    return form


def _criteria(n: int) -> Form:
    criteria = activities()["criteres"]
    config = criteria.configured(AGENDA["criteres"])
    names = [c.valeur for c in criteria.criteria(config)]  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for candidate in criteria.candidates(config):  # type: ignore[attr-defined]
        found |= {"vu": [*found.get("vu", []), candidate.id]}
        found |= _marks(f"note.{candidate.id}.", names, n)
    return found


def _charter(n: int) -> Form:
    charter = activities()["charte"]
    texts = charter.principles(charter.configured({}))  # type: ignore[attr-defined]
    return {"principe": [texts[(n + k * k) % len(texts)] for k in range(3)][: 1 + n % 3]}


def _crossed(n: int) -> Form:
    crossed = activities()["evaluation-croisee"]
    config = crossed.configured({})
    names = [subject.id for subject in config.items]
    return _marks("note.", names, n * (1 + n % 3)) | {"suite": [list(crossed.decisions)[n % 2]]}  # type: ignore[attr-defined]


def _satisfaction(n: int) -> Form:
    config = activities()["satisfaction"].configured({})
    return _marks("note.", [q.id for q in config.questions], n) | {"mot": [f"{LONG}, {n}"]}


QUIZ = ["taux-2021-premiere-pratique", "mot-alliance", "taux-mecenat-deux-dates"]
AGENDA: dict[str, dict[str, Any]] = {
    "expose": {"points": ["Alliance : la vision", "Coopération : l'action", LONG]},
    "nuage": {"question": "Pour vous, une alliance, c'est…", "words": 3},
    "quiz": {"questions": QUIZ[2:]},
    "gommettes": {"question": "Quelles fragilités faire reculer ensemble, ici ?", "dots": 3,
                  "per_option": 1},
    "carre-magique": {},
    "objectifs-communs": {},
    "criteres": {"grid": "sig", "case": CASE},
    "mur": {"question": "Qu'est-ce qui pourrait mal tourner ?"},
    "charte": {"picks": 3},
    "convention-express": {"case": CASE, "slots": ["objectifs.commun", "duree.mois"]},
    "evaluation-croisee": {},
    "jeu-de-role": {"case": CASE},
    "engagements": {"question": "Quel premier pas ferez-vous ?"},
    "satisfaction": {},
}  # fmt: skip
WORDS = ("confiance", "durée", "transparence", "projet commun", "réciprocité", "écoute", "clarté",
         "territoire", "patience", "intérêt général", "le temps long", "une promesse tenue")  # fmt: skip
FORMS: dict[str, Callable[[int], Form]] = {
    "nuage": lambda n: {"mot": [WORDS[n % 12], WORDS[n % 5], f"mot rare {n}"]},
    "quiz": lambda n: {f"q-{QUIZ[2]}": ["abcd"[n % 4]]},
    "gommettes": _dots,
    "carre-magique": _points("carre-magique"),
    "objectifs-communs": _points("objectifs-communs"),
    "criteres": _criteria,
    "mur": lambda n: {"colonne": [("risques", "freins")[n % 2]], "texte": [f"{LONG}, dit {n}"]},
    "charte": _charter,
    "convention-express": lambda n: {
        "slot": ["objectifs.commun"], "objectifs.commun": [f"{LONG} {n}"]
    },
    "evaluation-croisee": _crossed,
    "jeu-de-role": lambda n: {
        "issue": [("accord", "accord_partiel", "desaccord")[n % 3]], "concede": [f"{LONG} {n}"]
    },
    "engagements": lambda n: {"quoi": [f"{LONG}, {n}"], "quand_autre": ["avant l'été"]},
    "satisfaction": _satisfaction,
}  # fmt: skip
KINDS = tuple(AGENDA)


@dataclass
class Played:
    """One item, played by people numbered from 0; everything goes through real decisions."""

    kind: str
    config: Mapping[str, Any] | None = None
    tables: int = 0
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        self.room = Room(agenda=Agenda(title="?", items=()))
        made = item(ITEM, self.kind, **(AGENDA[self.kind] if self.config is None else self.config))
        said = "Répondez de votre place, en quelques mots. Vous pouvez passer."
        self._add(AgendaSet(agenda=Agenda(title=SESSION.title, items=(
            made.model_copy(update={"title": "Ce qui nous rassemble", "instructions": said}),))))  # fmt: skip
        if self.tables:
            self._add(Arranged(tables=self.tables))

    def _add(self, *events: Event, by: str = TRAINER) -> None:
        for event in events:
            seq = self.room.revision + 1
            at = NOON + timedelta(milliseconds=seq)
            self.room = apply(self.room, Recorded(seq=seq, at=at, by=by, event=event))

    def come(self, people: int) -> "Played":
        for n in range(people):
            table = 1 + n % self.tables if self.tables else None
            self._add(Joined(name=f"Nom-secret-{n}", actor=ACTORS[n % 3], table=table), by=f"p{n}")
        return self

    def does(self, action: str, **given: Any) -> "Played":
        command = Command(action=action, **{"item": ITEM, **given})
        self._add(*commands.directing(self.room, activities(), command))
        return self

    def says(self, n: int, form: Form | None) -> "Played":
        made = commands.contributing(
            self.room, activities(), f"p{n}", ITEM, form=form, nonce=f"nonce-{self.room.revision}"
        )
        self._add(*made, by=f"p{n}")
        return self

    def answered(self, people: int) -> "Played":
        """Open, and everybody answers as their number says."""
        self.come(people)
        if self.kind not in FORMS:
            return self.does("aller")
        self.does("ouvrir")
        for n in range(people):
            self.says(n, FORMS[self.kind](n))
        return self

    def shown(self) -> "Played":
        if self.kind in FORMS:
            self.does("montrer", where="screen").does("montrer", where="phones")
        return self

    def screen(self, **changes: Any) -> str:
        """The page of the projection."""
        room = replace(self.room, **changes) if changes else self.room
        page = ScreenPage(
            session=SESSION,
            room=room,
            view=scene_view(room, activities(), now=NOON),
            join_host="192.168.1.24:8000/rejoindre",
            qr=qr_svg("http://192.168.1.24:8000/r/H7KQ4M", label="QR"),
            stamp=str(room.revision),
            answer=answer_view(room, {}),
        )
        return html(page)

    def phone(self, n: int = 0, sent: str | None = None) -> str:
        """The page of one phone."""
        person = self.room.people[f"p{n}"]
        return html(
            phone_page(
                SESSION, self.room, activities(), person, now=NOON, sent=sent, short_titles={}
            )
        )


class _House(ThreadingHTTPServer):
    """Pages that were drawn here, with our style, scripts and headers, and no application."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.drawn: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _House

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path.startswith("/static/"):
            name = asked.path.removeprefix("/static/")
            # read once by the browser, not once a page
            lasting = {"Cache-Control": "max-age=3600"}
            self._give((STATIC / name).read_bytes(), guess_type(name)[0], lasting)
        elif asked.query.isdecimal():
            self._give(self.server.drawn[int(asked.query)], "text/html", HEADERS)
        else:
            self.connection.recv(1)  # a stream stays open and says nothing until the page leaves

    def _give(self, body: bytes, kind: str | None, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing of what is asked."""


@cache
def _house() -> _House:
    return _House()


def stage(page: Any, text: str) -> None:
    """Open a page that was drawn here, with its style, scripts and headers, and no application."""
    house = _house()
    house.drawn.append(text.encode())
    page.goto(f"http://127.0.0.1:{house.server_port}/page?{len(house.drawn) - 1}")


def plays(people: int, kinds: Sequence[str] = KINDS) -> Iterator[tuple[str, Played]]:
    """Kinds, answered by so many people and shown everywhere; the wall in both its rounds."""
    for kind in kinds:
        tables = {"convention-express": 6, "jeu-de-role": 4}.get(kind, 0)
        yield kind, Played(kind, tables=tables).answered(people).shown()
    if "mur" in kinds:
        wall = Played("mur").answered(people).does("tour")
        entries = sorted(e.seq for e in wall.room.stage(ITEM).entries.values())
        for n in range(people):
            wall.says(n, {"tour": ["2"], "voix": [str(entries[n * n % len(entries)])]})
        yield "mur-2", wall.shown()
    if "quiz" in kinds:
        yield "quiz-3", Played("quiz", {"questions": QUIZ}).come(3).does("ouvrir").shown()
        yield "quiz-clos", Played("quiz").answered(people).does("fermer").shown()


def asked(question: str, reply: Mapping[str, Any]) -> Played:
    """A question of the room, picked by the trainer."""
    played = Played("nuage").come(2)
    played._add(Asked(text=question, nonce="nonce-of-a-question"), by="p0")
    played._add(Answered(question=played.room.revision, reply=reply))
    return played
