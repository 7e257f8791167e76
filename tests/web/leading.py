"""A workshop and who leads it, for the tests of the trainer's pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.workshop.agenda import Agenda
from assistant.workshop.room import Room
from tests.workshop.building import agenda, item
from web.owner import COOKIE


@dataclass
class Led:
    """A workshop led by ``trainer``."""

    app: FastAPI
    trainer: TestClient
    person: Callable[[], TestClient]
    id: str

    @property
    def room(self) -> Room:
        return self.app.state.services.workshops.room(self.id)

    def path(self, place: str = "") -> str:
        return f"/ateliers/{self.id}{place}"

    def get(self, place: str = "") -> str:
        answer = self.trainer.get(self.path(place))
        assert answer.status_code == 200
        return unescape(answer.text)

    def post(self, place: str, **fields: Any):
        return self.trainer.post(self.path(place), data=fields)

    def command(self, action: str, **fields: Any):
        return self.post("/commande", action=action, **fields)

    def enter(self, name: str = "", actor: str = "") -> TestClient:
        phone = self.person()
        code = self.app.state.services.workshops.store.session(self.id).code
        phone.post("/rejoindre", data={"code": code, "nom": name, "acteur": actor})
        return phone

    def say(self, phone: TestClient, *words: str) -> None:
        """Words for the cloud that is open; none is to pass."""
        page = phone.get(f"/salle/{self.id}").text
        nonce = re.search(r'name="_envoi" value="([^"]+)"', page)
        assert nonce
        sent: dict[str, Any] = {"_activite": self.room.current, "_envoi": nonce[1]}
        sent |= {"mot": list(words)} if words else {"_passe": "oui"}
        phone.post(f"/salle/{self.id}/contribuer", data=sent)


def leading(app: FastAPI, person: Callable[[], TestClient], made: Agenda | None = None) -> Led:
    """A new workshop: a talk, a cloud that can be left out, another."""
    trainer = person()
    trainer.post("/dossiers")
    steps = made or agenda(
        item("accueil", "expose", points=["Bienvenue"]),
        item("mots").model_copy(update={"spare": True}),
        item("fin"),
    )
    session = app.state.services.workshops.create(trainer.cookies[COOKIE], steps)
    return Led(app, trainer, person, session.id)
