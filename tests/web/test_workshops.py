"""A room of phones, its trainer and its screen: who may do what, and what is left afterwards."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from assistant.settings import Settings
from assistant.store.database import FILE_NAME
from assistant.workshop.commands import ACTIONS
from tests.web.serving import unclosable
from tests.workshop.building import agenda, item
from web.app import create_app
from web.owner import COOKIE

Person = Callable[[], TestClient]


@dataclass
class Workshop:
    """A workshop led by ``trainer``, in an application of its own."""

    app: FastAPI
    trainer: TestClient
    person: Person
    id: str
    code: str
    screen: str

    def command(self, action: str, **fields: object):
        data = {"action": action, **fields}
        return self.trainer.post(f"/ateliers/{self.id}/commande", data=data)

    def enter(self, name: str = "") -> TestClient:
        phone = self.person()
        entered = phone.post("/rejoindre", data={"code": self.code, "nom": name})
        assert entered.url.path == f"/salle/{self.id}"
        return phone

    def page(self, phone: TestClient) -> str:
        return phone.get(f"/salle/{self.id}").text

    def projected(self) -> str:
        return self.person().get(f"/ecran/{self.screen}").text

    def say(self, phone: TestClient, *words: str, nonce: str = "", **more: str):
        nonce = nonce or re.search(r'name="_envoi" value="([^"]+)"', self.page(phone))[1]
        data = {"_activite": "mots", "_envoi": nonce, "mot": list(words), **more}
        return phone.post(f"/salle/{self.id}/contribuer", data=data)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workshops")


@pytest.fixture(scope="module")
def application(engine: Engine, directory: Path) -> Iterator[tuple[FastAPI, TestClient]]:
    made = create_app(Settings(data=directory), build=lambda _: unclosable(engine))
    with TestClient(made) as client:
        yield made, client


@pytest.fixture
def workshop(application: tuple[FastAPI, TestClient]) -> Workshop:
    app, running = application

    def person() -> TestClient:
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = running.portal
        return client

    trainer = person()
    trainer.post("/dossiers")
    owner = trainer.cookies[COOKIE]
    steps = agenda(item("accueil", "expose", points=["Bienvenue"]), item("mots"), item("fin"))
    made = app.state.services.workshops.create(owner, steps)
    return Workshop(app, trainer, person, made.id, made.code, made.screen)


def opened(workshop: Workshop) -> Workshop:
    workshop.command("aller", item="mots")
    workshop.command("ouvrir")
    return workshop


def test_a_phone_comes_in_with_the_code_and_without_a_name(workshop: Workshop) -> None:
    phone = workshop.person()

    for typed in (workshop.code.lower(), f" {workshop.code[:3]}-{workshop.code[3:]} "):
        assert phone.get("/rejoindre", params={"code": typed}).status_code == 200
    entered = phone.post("/rejoindre", data={"code": workshop.code})

    assert "L’atelier va commencer" in entered.text
    assert "<strong>1</strong>" in workshop.projected()


def test_a_phone_that_was_closed_comes_back_where_it_was(workshop: Workshop) -> None:
    phone = opened(workshop).enter("Zoé")
    workshop.say(phone, "confiance")

    again = phone.get(f"/r/{workshop.code}")

    assert again.url.path == f"/salle/{workshop.id}"
    assert 'value="confiance"' in again.text
    assert len(workshop.app.state.services.workshops.room(workshop.id).here) == 1


def test_a_late_comer_finds_the_activity_that_is_open(workshop: Workshop) -> None:
    assert 'name="mot"' in workshop.page(opened(workshop).enter())


def test_a_word_goes_from_a_phone_to_the_screen_when_the_trainer_shows_it(
    workshop: Workshop,
) -> None:
    phone = opened(workshop).enter()
    assert workshop.say(phone, "confiance").url.query == b"envoye=oui"
    assert "confiance" not in workshop.projected()

    workshop.command("montrer", item="mots", where="screen", on="true")
    assert "confiance" in workshop.projected()
    other = workshop.enter()
    assert "confiance" not in workshop.page(other)

    workshop.command("montrer", item="mots", where="phones", on="true")
    assert "confiance" in workshop.page(other)


def test_a_hidden_word_leaves_every_screen(workshop: Workshop) -> None:
    phone = opened(workshop).enter()
    workshop.say(phone, "grossier")
    workshop.command("montrer", item="mots", where="screen", on="true")
    room = workshop.app.state.services.workshops.room(workshop.id)
    entry = next(iter(room.stage("mots").entries.values()))

    workshop.command("masquer", entry=entry.seq)

    assert "grossier" not in workshop.projected()


def test_the_same_sending_counts_once_and_a_second_one_replaces(workshop: Workshop) -> None:
    phone = opened(workshop).enter()
    for _ in range(3):
        workshop.say(phone, "un", nonce="same-nonce")
    workshop.say(phone, "deux")
    workshop.command("montrer", item="mots", where="screen", on="true")

    shown = workshop.projected()

    assert "deux" in shown
    assert ">un " not in shown


def test_passing_is_an_answer(workshop: Workshop) -> None:
    phone = opened(workshop).enter()
    answer = workshop.say(phone, _passe="oui")

    assert "vous passez" in answer.text
    assert "<strong>1</strong> sur 1" in workshop.projected()


def test_a_contribution_out_of_time_or_shape_is_refused_in_french(workshop: Workshop) -> None:
    phone = workshop.enter()
    early = workshop.say(phone, "trop tôt", nonce="12345678")
    assert early.status_code == 409
    assert "n’est pas ouverte" in early.text

    opened(workshop)
    for words in (("a", "b", "c", "d"), ("",), ("x" * 41,), ("a\x00b",)):
        refused = workshop.say(phone, *words, nonce="12345678")
        assert refused.status_code == 422, words
        assert "<main" in refused.text
        assert f'href="/salle/{workshop.id}"' in refused.text, "back to the room, not the site"
        assert 'href="/conversation">Poser' not in refused.text


def test_a_trainer_is_warned_of_an_address_that_no_phone_can_open(workshop: Workshop) -> None:
    for where in ("", "/animer"):
        address = f"/ateliers/{workshop.id}{where}"
        local = workshop.trainer.get(address, headers={"host": "127.0.0.1:8000"}).text
        shared = workshop.trainer.get(address, headers={"host": "192.168.0.10:8000"}).text

        assert "aucun téléphone ne pourra entrer" in local
        assert "aucun téléphone ne pourra entrer" not in shared


def test_nothing_is_left_to_arrange_once_it_has_ended(workshop: Workshop) -> None:
    assert "b-exclure" in _cockpit_after(workshop, "verrouiller", on="true")
    assert "b-exclure" not in _cockpit_after(workshop, "terminer")


def _cockpit_after(workshop: Workshop, action: str, **given: str) -> str:
    if action != "terminer":
        workshop.enter()
    workshop.command(action, **given)
    return workshop.trainer.get(f"/ateliers/{workshop.id}/animer").text


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_participant_cannot_do_what_the_trainer_does(workshop: Workshop, action: str) -> None:
    phone = opened(workshop).enter()
    before = workshop.app.state.services.workshops.room(workshop.id)

    for who in (phone, workshop.person()):
        answer = who.post(f"/ateliers/{workshop.id}/commande", data={"action": action})
        assert answer.status_code == 404

    assert workshop.app.state.services.workshops.room(workshop.id) == before


@pytest.mark.parametrize("page", ["", "/animer", "/flux", "/deroule"])
def test_the_trainer_pages_do_not_exist_for_anybody_else(workshop: Workshop, page: str) -> None:
    for who in (workshop.enter(), workshop.person()):
        assert who.get(f"/ateliers/{workshop.id}{page}").status_code == 404


def test_a_stranger_is_not_in_the_room(workshop: Workshop) -> None:
    opened(workshop)
    stranger = workshop.person()
    for path in ("", "/flux"):
        assert stranger.get(f"/salle/{workshop.id}{path}").status_code == 403
    for path in ("contribuer", "rythme"):
        assert stranger.post(f"/salle/{workshop.id}/{path}", data={}).status_code == 403


def test_a_key_of_one_room_opens_no_other(
    workshop: Workshop, application: tuple[FastAPI, TestClient]
) -> None:
    other = workshop.app.state.services.workshops.create("o" * 43, agenda())
    phone = workshop.enter()
    secret = next(value for name, value in phone.cookies.items() if name.startswith("salle_"))
    phone.cookies.set(f"salle_{other.id[:13]}", secret)

    assert phone.get(f"/salle/{other.id}").status_code == 403


def test_the_screen_shows_no_name_and_no_secret(workshop: Workshop) -> None:
    phone = opened(workshop).enter("Pseudonyme-Zoé")
    workshop.say(phone, "confiance")
    workshop.command("montrer", item="mots", where="screen", on="true")
    shown = workshop.projected()

    assert "Pseudonyme-Zoé" not in shown
    assert "Pseudonyme-Zoé" not in workshop.page(workshop.enter())
    for value in (*phone.cookies.values(), *workshop.trainer.cookies.values()):
        assert value not in shown


def test_who_is_put_out_sees_the_door_again(workshop: Workshop) -> None:
    phone = workshop.enter()
    room = workshop.app.state.services.workshops.room(workshop.id)
    workshop.command("exclure", participant=room.here[0].id)

    assert phone.get(f"/salle/{workshop.id}").status_code == 403


def test_a_trainer_link_opens_the_lead_once_replaced_it_opens_nothing(workshop: Workshop) -> None:
    first = workshop.trainer.post(f"/ateliers/{workshop.id}/lien")
    link = re.search(r"/animation/([\w-]{43})", first.text)[1]
    other = workshop.person()

    assert other.get(f"/animation/{link}").url.path == f"/ateliers/{workshop.id}/animer"
    workshop.trainer.post(f"/ateliers/{workshop.id}/lien")
    assert workshop.person().get(f"/animation/{link}").status_code == 404
    assert other.get(f"/ateliers/{workshop.id}/animer").status_code == 200


def test_a_question_of_the_room_is_answered_on_the_screen_with_its_sources(
    workshop: Workshop,
) -> None:
    phone = workshop.enter()
    asked = {"question": "Combien d'étapes dans la méthode ?", "envoi": "12345678"}
    phone.post(f"/salle/{workshop.id}/question", data=asked)
    number = workshop.app.state.services.workshops.room(workshop.id).questions[0].seq

    workshop.command("repondre", question=number)

    for page in (workshop.projected(), workshop.page(phone)):
        assert "Combien d" in page
        assert "reponse-sources" in page


def test_after_the_end_the_code_opens_nothing_and_phones_are_thanked(workshop: Workshop) -> None:
    phone = workshop.enter()
    workshop.command("terminer")

    assert "Merci" in workshop.page(phone)
    assert workshop.person().get(f"/r/{workshop.code}").status_code == 404


def test_erasing_leaves_nothing_of_what_was_said(workshop: Workshop, directory: Path) -> None:
    phone = opened(workshop).enter("Pseudounique77")
    workshop.say(phone, "motunique4242")
    phone.post(
        f"/salle/{workshop.id}/question",
        data={"question": "questionunique99 ?", "envoi": "12345678"},
    )

    workshop.trainer.post(f"/ateliers/{workshop.id}/effacer")

    assert phone.get(f"/salle/{workshop.id}").status_code == 403
    assert workshop.person().get(f"/ecran/{workshop.screen}").status_code == 404
    files = [path for path in directory.iterdir() if path.name.startswith(FILE_NAME)]
    kept = b"".join(path.read_bytes() for path in files)
    for secret in (b"Pseudounique77", b"motunique4242", b"questionunique99"):
        assert secret not in kept
    with sqlite3.connect(directory / FILE_NAME) as database:
        for table in ("workshop", "workshop_event", "workshop_key"):
            column = "id" if table == "workshop" else "workshop_id"
            query = f"SELECT count(*) FROM {table} WHERE {column} = ?"
            assert database.execute(query, (workshop.id,)).fetchone() == (0,)


def test_codes_are_guessed_slowly(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.limits import Limiter
    from web.routes import workshop_room

    monkeypatch.setattr(workshop_room, "guesses", Limiter(rate=5, per=60.0))
    statuses = [workshop.person().get(f"/r/AAAA{n}A").status_code for n in range(3, 12)]

    assert statuses == [404] * 5 + [429] * 4


def test_the_door_takes_scripts_as_words(workshop: Workshop) -> None:
    phone = opened(workshop).enter("<script>alert(1)</script>")
    workshop.say(phone, "<img src=x onerror=alert(1)>")
    workshop.command("montrer", item="mots", where="screen", on="true")

    assert "<img" not in workshop.projected()
    cockpit = workshop.trainer.get(f"/ateliers/{workshop.id}/animer").text
    assert "<script>alert" not in cockpit
    assert "<img" not in cockpit
