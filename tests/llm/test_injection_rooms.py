"""Attacks in a workshop: pseudonyms, contributions, questions, quizzes, and a synthesis that obeys."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from tests.llm.attacking import SECRET, Site, a_site, attacks, outside, problems, visible
from tests.web.serving import unclosable
from tests.workshop.building import agenda, item
from web.owner import COOKIE

HARMLESS = {
    "pseudonyme": "Zoé", "contribution": "confiance", "question_salle": "Comment faire ?",
    "quiz": "Combien d'étapes ?",
}  # fmt: skip
Words = dict[str, list[str]]


@pytest.fixture(scope="module")
def site(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(lambda _: unclosable(engine), tmp_path_factory.mktemp("rooms"), led=True) as made:
        yield made


def quizzed(quiz: Any, texts: list[str]) -> list[str]:
    """The first questions of the bank, in these words; their ids."""
    names = list(quiz.bank)[: len(texts)]
    for name, text in zip(names, texts, strict=True):
        held = quiz.bank[name]
        choices = tuple(
            one.model_copy(update={"text": f"{text} {n}"}) for n, one in enumerate(held.choices)
        )
        words = {"question": text, "explanation": text, "choices": choices}
        quiz.bank = {**quiz.bank, name: held.model_copy(update=words)}
    return names


class Room:
    """A workshop where everything was said by somebody hostile."""

    def __init__(self, site: Site, words: Words) -> None:
        self.services: Any = site.client.app.state.services  # type: ignore[attr-defined]
        self.trainer = site.another()
        self.trainer.post("/dossiers")
        owner = self.trainer.cookies[COOKIE]
        title = words["quiz"][0]
        names = quizzed(self.services.workshops.activities["quiz"], words["quiz"])
        steps = agenda(
            item("accueil", "expose", points=words["quiz"]), item("mots"),
            item("jeu", "quiz", questions=names),
        )  # fmt: skip
        steps = steps.model_copy(
            update={
                "title": title[:100],
                "items": tuple(
                    one.model_copy(update={"title": title, "instructions": title, "purpose": title})
                    for one in steps.items
                ),
            }
        )
        made = self.services.workshops.create(owner, steps)
        self.id, self.code, self.screen = made.id, made.code, made.screen
        self.command("aller", item="mots")
        self.command("ouvrir")
        self.phones = [self.enter(site.another(), name) for name in words["pseudonyme"]]
        for n, word in enumerate(words["contribution"]):
            self.say(self.phones[n % len(self.phones)] if n < len(self.phones)
                     else self.enter(site.another(), "Zoé"), word)  # fmt: skip
        for text in words["question_salle"]:
            nonce = f"nonce-{len(text):08}"
            sent = self.phones[0].post(
                f"/salle/{self.id}/question",
                data={"question": text, "envoi": nonce, "_envoi": nonce},
            )
            assert sent.status_code in (200, 422), sent.text
        self.command("montrer", item="mots", where="screen", on="true")
        self.command("montrer", item="mots", where="phones", on="true")

    def command(self, action: str, **fields: object) -> None:
        self.trainer.post(f"/ateliers/{self.id}/commande", data={"action": action, **fields})

    def enter(self, phone: TestClient, name: str) -> TestClient:
        entered = phone.post("/rejoindre", data={"code": self.code, "nom": name})
        assert entered.url.path == f"/salle/{self.id}"
        return phone

    def say(self, phone: TestClient, word: str) -> None:
        page = phone.get(f"/salle/{self.id}").text
        nonce = re.search(r'name="_envoi" value="([^"]+)"', page)
        assert nonce
        data = {"_activite": "mots", "_envoi": nonce[1], "mot": [word]}
        phone.post(f"/salle/{self.id}/contribuer", data=data)

    def pages(self) -> dict[str, str]:
        led = f"/ateliers/{self.id}"
        found = {
            page: self.trainer.get(led + page).text
            for page in ("", "/animer", "/deroule", "/deroule/mots", "/synthese")
        }
        found["phone"] = self.phones[0].get(f"/salle/{self.id}").text
        found["screen"] = self.phones[0].get(f"/ecran/{self.screen}").text
        found["list"] = self.trainer.get("/ateliers").text
        return found

    def quiz(self) -> dict[str, str]:
        """The pages once the quiz is open and its answers are shown."""
        self.command("aller", item="jeu")
        self.command("ouvrir")
        self.command("montrer", item="jeu", where="screen", on="true")
        self.command("montrer", item="jeu", where="phones", on="true")
        asked = self.pages()
        self.command("fermer")
        return {**{f"open {name}": html for name, html in asked.items()}, **self.pages()}

    def decided(self) -> Any:
        room = self.services.workshops.room(self.id)
        return (
            [one.id for one in room.agenda.items], room.locked, len(room.people),
            room.stage("mots").open if hasattr(room.stage("mots"), "open") else None,
        )  # fmt: skip


def hostile() -> Words:
    return {name: [a.payload for a in attacks(name)] for name in HARMLESS}


@pytest.fixture(scope="module")
def room(site: Site) -> Room:
    return Room(site, hostile())


@pytest.fixture(scope="module")
def twin(site: Site) -> Room:
    return Room(site, {name: [text] * len(hostile()[name]) for name, text in HARMLESS.items()})


def test_no_page_of_a_hostile_room_loads_or_runs_anything(room: Room) -> None:
    for name, html in room.pages().items():
        assert problems(html) == [], name
        assert SECRET not in html


def test_a_hostile_quiz_is_words(site: Site) -> None:
    pages = Room(site, hostile()).quiz()
    assert "&lt;img src=//mechant.example" in pages["open phone"]
    for name, html in pages.items():
        assert problems(html) == [], name


def test_what_is_said_moves_nothing(room: Room, twin: Room) -> None:
    assert room.decided() == twin.decided()


def test_what_is_said_is_there_as_words(room: Room) -> None:
    """The attacks did go through: they are kept, and the screen shows them as text."""
    kept = room.services.workshops.room(room.id)
    entries = str(kept.stage("mots").entries)
    assert sum(a.payload[:12] in entries for a in attacks("contribution")) >= 5
    shown = room.pages()["screen"]
    assert "&lt;" in shown or "mechant" in shown
    assert len(kept.people) >= len(attacks("pseudonyme"))


def test_a_synthesis_that_obeys_is_judged_and_its_prompt_is_that_of_a_harmless_room(
    site: Site, room: Room, twin: Room
) -> None:
    found = []
    for one in (twin, room):
        site.obeying.new()
        one.trainer.post(f"/ateliers/{one.id}/synthese")
        found.append(site.obeying.new())
        html = one.trainer.get(f"/ateliers/{one.id}/synthese").text
        assert problems(html) == []
        assert not [
            w for w in ("PIRATÉ", "/?d=", SECRET, "1 234 567", "9999") if w in visible(html)
        ]
    calm, attacked = found
    assert calm
    assert attacked
    assert {outside(p) for p in attacked} == {outside(p) for p in calm}


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_exports_of_a_hostile_room_hold_no_formula(room: Room, form: str) -> None:
    answer = room.trainer.get(f"/ateliers/{room.id}/export.{form}")
    if answer.status_code == 404:
        pytest.skip("no such form")
    assert answer.status_code == 200
    if form == "csv":
        cells = re.split(r'[;,\n]"?', answer.text)
        assert not [cell for cell in cells if cell[:1] in "=@" and cell]
    if form == "xlsx":
        import io

        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
