"""A proof: what a side has not shared is on no page, in no export and in no answer of the API."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx import Response

from assistant.coaching.method import load_method
from assistant.coaching.sides import PRIVATE, Side
from tests.builders import CORPUS
from tests.web.conftest import Person

QUESTIONS = tuple(load_method(CORPUS).by_id)
# What each parameter of an address may be. A route with a new parameter has to say it here.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "number": tuple("1234567"),
    "question_id": QUESTIONS,
    "name": ("mecenat_financier", "partenariat"),
    "form": ("docx", "json"),  # one text makes every format
    "seq": tuple("123456"),
}
NUMBERS = {"dependance_pct": 41.73, "budget_disponible": 31415}
CHOICES = {
    "criteres_sig": {"pertinence": 5, "potentiel": 1}, "criteres_eco": {"confiance": 5},
    "historique_conflit": "oui", "partenaire_type": "fondation", "conflits_interets": ["client"],
}  # fmt: skip
OTHER_CHOICES = {
    "criteres_sig": {"pertinence": 2, "potentiel": 3}, "criteres_eco": {"confiance": 1},
    "historique_conflit": "non", "partenaire_type": "entreprise", "conflits_interets": ["elu"],
}  # fmt: skip
LISTS = {"lignes_rouges", "exclusions", "priorites_clauses", "sujets_sensibles", "risques"}
WORDS = sorted(PRIVATE - set(NUMBERS) - set(CHOICES))
NOTE, TALK = "zqxnoteprivee", "zqxbavardage"


def marker(slot: str) -> str:
    return "zqx" + slot.replace("_", "")


def secret(slot: str) -> Any:
    if slot == "candidats":
        return [{"nom": marker(slot), "commentaire": marker(slot)}]
    return [marker(slot)] if slot in LISTS else marker(slot)


SECRETS: dict[str, Any] = {**NUMBERS, **CHOICES, **{slot: secret(slot) for slot in WORDS}}
TRACES = [marker(slot) for slot in WORDS] + ["41.73", "41,73", "31415", NOTE, TALK]


@dataclass
class Round:
    """A case file and the browsers of its sides."""

    app: FastAPI
    id: str
    people: dict[Side, TestClient]
    links: dict[Side, str]

    @property
    def page(self) -> str:
        return f"/dossiers/{self.id}"

    @property
    def api(self) -> str:
        return f"/api/v1/dossiers/{self.id}"

    def addresses(self) -> Iterator[str]:
        """Every address of the application that reads this case file, and those that list it."""
        yield "/dossiers"
        yield "/dossiers?archives=true"
        yield "/api/v1/dossiers"
        yield f"{self.page}?depuis=0"
        for seq in PARAMETERS["seq"]:
            yield f"{self.page}/documents/partenariat.json?version={seq}"
            yield f"{self.page}/documents/partenariat/differences?avant={seq}&apres=0"
        for route in described(self.app):
            names = [n for n in re.findall(r"{(\w+)(?::\w+)?}", route) if n != "dossier_id"]
            assert set(names) <= set(PARAMETERS), f"PARAMETERS must say what {names} may be"
            for values in product(*(PARAMETERS[name] for name in names)):
                address = route.replace("{dossier_id}", self.id)
                for name, value in zip(names, values, strict=True):
                    address = re.sub(rf"{{{name}(:\w+)?}}", value, address)
                yield address

    def read(self, side: Side) -> dict[str, str]:
        """All that a side can read."""
        client = self.people[side]
        return {address: readable(client.get(address)) for address in self.addresses()}

    def share(self, side: Side, *slots: str) -> None:
        response = self.people[side].put(f"{self.api}/sharing", json={"shared": list(slots)})
        assert response.status_code == 200, response.text

    def confide(self, side: Side, values: dict[str, Any]) -> None:
        """Everything that is to stay private."""
        client = self.people[side]
        client.post(f"{self.page}/messages", data={"message": f"{TALK} ?"})
        client.post(f"{self.page}/questions/D2-01", data={"note": NOTE})
        response = client.post(f"{self.api}/answers", json={"values": values})
        assert response.status_code == 200, response.text
        versions = f"{self.page}/documents/partenariat/versions"
        assert "v1" in client.post(versions, data={"nom": "v1"}).text


def described(app: FastAPI) -> list[str]:
    """The address of every route that reads a case file, pages and API."""
    found = [
        context.path
        for context in iter_route_contexts(app.routes)
        if context.path and "{dossier_id}" in context.path and "GET" in (context.methods or ())
    ]
    assert {"/dossiers/{dossier_id}", "/api/v1/dossiers/{dossier_id}/export"} <= set(found)
    return found


def readable(response: Response) -> str:
    """The text of a page or of a file, whatever it is packed in."""
    assert response.status_code < 500, response.text
    raw = response.content
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            raw = b"\n".join(packed.read(name) for name in packed.namelist())
    elif raw.startswith(b"%PDF"):
        from pypdf import PdfReader

        raw = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(raw)).pages).encode()
    return re.sub(r"[\s\u00a0\u202f]", "", raw.decode("utf-8", errors="replace")).casefold()


def traces(pages: dict[str, str], wanted: list[str] = TRACES) -> dict[str, list[str]]:
    found = {address: [t for t in wanted if t in text] for address, text in pages.items()}
    return {address: there for address, there in found.items() if there}


@pytest.fixture
def gathered(app: FastAPI, person: Person) -> Round:
    return gather(app, person)


def gather(app: FastAPI, person: Person) -> Round:
    owner = person()
    made = owner.post("/api/v1/dossiers", json={"title": "Festival"}).json()
    held = Round(app, made["id"], {"porteur": owner}, {})
    guests: tuple[Side, ...] = ("partenaire", "tiers")
    for side in guests:
        sent = {"side": side, "name": f"Invité {side}"}
        invited = owner.post(f"{held.api}/invitations", json=sent).json()
        held.links[side] = invited["url"].removeprefix("http://testserver")
        held.people[side] = person()
        assert held.people[side].post(held.links[side]).status_code == 200
    return held


AUTHORS: tuple[Side, ...] = ("porteur", "partenaire")


def test_the_secrets_cover_every_private_slot() -> None:
    assert set(SECRETS) == PRIVATE


@pytest.mark.parametrize("author", AUTHORS)
def test_nothing_private_is_read_by_another_side(gathered: Round, author: Side) -> None:
    gathered.confide(author, SECRETS)
    assert traces(gathered.read(author))  # the author does read it: the traces can be found

    for side in gathered.people:
        if side != author:
            assert traces(gathered.read(side)) == {}


@pytest.mark.parametrize("author", AUTHORS)
def test_what_is_shared_is_read_until_it_is_hidden(gathered: Round, author: Side) -> None:
    reader: Side = "partenaire" if author == "porteur" else "porteur"
    gathered.confide(author, SECRETS)
    for slot in sorted(PRIVATE):
        gathered.share(author, slot)
        for side in (reader, "tiers"):
            client = gathered.people[side]
            page = {"page": readable(client.get(f"{gathered.page}/croise"))}
            shown = client.get(f"{gathered.api}/crossed").json()
            items = shown["own"] + shown["marks"]
            assert {i["slot"].partition(".")[0] for i in items} == {slot}
            if slot in WORDS:
                assert traces(page) == {"page": [marker(slot)]}
            exported = client.get(f"{gathered.api}/export").json()["events"]
            told = {s.partition(".")[0] for e in exported for s in e["event"].get("values", {})}
            assert told == {slot}

    gathered.share(author, *PRIVATE)
    read = traces(gathered.read(reader))
    assert {t for there in read.values() for t in there} >= {marker(slot) for slot in WORDS}
    assert not {NOTE, TALK} & {t for there in read.values() for t in there}
    gathered.share(author)
    assert traces(gathered.read(reader)) == {}


def test_the_page_of_what_i_share_opens_and_closes(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    owner, reader = gathered.people["porteur"], gathered.people["partenaire"]

    owner.post(f"{gathered.page}/partage", data={"partage": ["lignes_rouges", "risques"]})
    assert marker("risques") in readable(reader.get(f"{gathered.page}/croise"))
    owner.post(
        f"{gathered.page}/partage",
        data={"partage": ["risques"], "montre": ["risques", "lignes_rouges"]},
    )
    assert traces({"": readable(reader.get(f"{gathered.page}/croise"))}) == {
        "": [marker("risques")]
    }


def test_a_page_left_open_shares_nothing_that_was_hidden_since(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    owner, reader = gathered.people["porteur"], gathered.people["partenaire"]
    gathered.share("porteur", "risques")
    gathered.share("porteur")  # in another tab
    owner.post(
        f"{gathered.page}/partage",
        data={"partage": ["risques", "exclusions"], "montre": ["risques"]},
    )

    assert traces({"": readable(reader.get(f"{gathered.page}/croise"))}) == {
        "": [marker("exclusions")]
    }


def test_a_page_cannot_share_what_is_not_private_nor_for_another_side(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    intruder = gathered.people["partenaire"]
    intruder.post(f"{gathered.page}/partage", data={"partage": sorted(PRIVATE)})

    assert traces(gathered.read("partenaire")) == {}
    assert intruder.put(f"{gathered.api}/sharing", json={"shared": ["don"]}).status_code == 422


def test_undoing_a_share_hides_again(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    gathered.share("porteur", *PRIVATE)
    assert traces(gathered.read("partenaire"))
    gathered.people["porteur"].post(f"{gathered.page}/annuler")

    assert traces(gathered.read("partenaire")) == {}


def test_undoing_is_only_for_what_one_did_oneself(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    gathered.share("porteur", *PRIVATE)
    gathered.share("porteur")
    gathered.people["partenaire"].post(f"{gathered.page}/annuler")

    assert traces(gathered.read("partenaire")) == {}


def test_a_copy_and_an_import_by_a_guest_hold_nothing_private(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    guest = gathered.people["partenaire"]
    guest.post(f"{gathered.page}/questions/D2-01", data={"maturite": "3"})
    copied = guest.post(f"{gathered.page}/dupliquer", follow_redirects=False).headers["location"]
    taken = guest.get(f"{gathered.api}/export").json()
    brought = guest.post("/api/v1/dossiers/import", json=taken).json()

    for identifier in (copied.rpartition("/")[2], brought["id"]):
        copy = Round(gathered.app, identifier, {"porteur": guest}, {})
        assert traces(copy.read("porteur")) == {}
        # what the guest said is the first side of the copy
        assert guest.get(f"{copy.api}").json()["facts"]["maturite"] == 3


def test_a_guest_who_asks_for_a_summary_gets_only_what_is_seen(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    for message in ("récapitule", "pourquoi ?", "annule", "reviens en arrière"):
        said = gathered.people["partenaire"].post(
            f"{gathered.api}/messages", json={"message": message}
        )
        assert traces({message: readable(said)}) == {}


def test_a_withdrawn_link_leads_nowhere_any_more(gathered: Round) -> None:
    owner, guest = gathered.people["porteur"], gathered.people["partenaire"]
    for one in owner.get(f"{gathered.api}/invitations").json():
        if one["side"] == "partenaire":
            owner.delete(f"{gathered.api}/invitations/{one['id']}")

    listed = [a for a in gathered.addresses() if gathered.id in a]
    assert {guest.get(a).status_code for a in listed} == {404}
    assert gathered.id not in guest.get("/dossiers").text
    assert guest.get(gathered.links["partenaire"]).status_code == 404
    assert guest.post(gathered.links["partenaire"]).status_code == 404
    for path, data in (("/messages", {"message": "x"}), ("/partage", {"partage": "risques"}),
                       ("/questions/D2-01", {"maturite": "1"}), ("/dupliquer", {})):  # fmt: skip
        assert guest.post(f"{gathered.page}{path}", data=data).status_code == 404
    assert gathered.people["tiers"].get(gathered.page).status_code == 200


def test_what_another_side_reads_does_not_depend_on_what_is_private(
    app: FastAPI, person: Person
) -> None:
    """Two case files that differ only in private values read the same to a guest."""
    read = []
    for choices in (CHOICES, OTHER_CHOICES):
        held = gather(app, person)
        held.confide("porteur", {**SECRETS, **choices})
        held.people["porteur"].post(f"{held.api}/answers", json={"values": {"don.montant": 800}})
        pages = held.read("partenaire")
        read.append({a.replace(held.id, ""): neutral(text, held.id) for a, text in pages.items()})

    differing = [address for address in read[0] if read[0][address] != read[1][address]]
    assert differing == []


def neutral(text: str, identifier: str) -> str:
    """Without names and moments that are new each time."""
    text = text.replace(identifier, "").replace(identifier[:8], "")
    return re.sub(r"\d{4}-\d\d-\d\dt[\d:.]+(z|\+00:00)?|\d\d/\d\d/\d{4},\d\d:\d\d", "", text)


def test_the_file_that_leaves_names_no_private_word(gathered: Round) -> None:
    gathered.confide("porteur", SECRETS)
    page = gathered.people["partenaire"].get(f"{gathered.page}/export.json")

    assert [e["event"]["kind"] for e in json.loads(page.text)["events"]] == ["versioned"]
