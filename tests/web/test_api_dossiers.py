"""Case files for programs: what is kept, what clashes, what is refused."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Person

API = "/api/v1/dossiers"


def opened(client: TestClient, title: str = "Festival") -> str:
    response = client.post(API, json={"title": title})
    assert response.status_code == 201
    return f"{API}/{response.json()['id']}"


def answer(client: TestClient, dossier: str, values: dict[str, Any], **more: Any) -> Any:
    return client.post(f"{dossier}/answers", json={"values": values, **more})


def test_a_case_file_is_opened_listed_renamed_put_aside_and_erased(client: TestClient) -> None:
    dossier = opened(client, "")
    (listed,) = client.get(API).json()
    assert listed["title"] == "Nouveau partenariat"
    assert (listed["side"], listed["mine"], listed["revision"]) == ("porteur", True, 0)

    assert (
        client.patch(dossier, json={"title": "Jardins", "archived": True}).json()["title"]
        == "Jardins"
    )
    assert client.get(API).json() == []
    assert len(client.get(API, params={"archived": True}).json()) == 1
    assert client.delete(dossier).status_code == 204
    assert client.get(dossier).status_code == 404


def test_it_says_what_is_known_what_is_missing_and_what_to_ask(client: TestClient) -> None:
    dossier = opened(client)
    answer(client, dossier, {"don": {"montant": 8000}, "acteur_type": "association"})
    answer(client, dossier, {"don.frequence": "unique"})
    found = client.get(dossier).json()

    assert found["facts"]["don"]["montant"] == 8000
    assert found["facts"]["acteur_type"] == "association"
    assert found["missing"]
    assert found["question"]["slots"]
    assert [p["step"] for p in found["progress"]] == list(range(1, 8))
    assert {"categorie", "modele", "contrat", "reasons", "missing"} <= set(found["recommendation"])


def test_nested_answers_leave_their_neighbours_alone(client: TestClient) -> None:
    dossier = opened(client)
    answer(client, dossier, {"duree.date_debut": "2027-01-01"})
    answer(client, dossier, {"duree": {"date_fin": "2027-12-31"}})

    assert client.get(dossier).json()["facts"]["duree"] == {
        "date_debut": "2027-01-01", "date_fin": "2027-12-31",
    }  # fmt: skip


def test_a_message_gets_parts(client: TestClient) -> None:
    dossier = opened(client)
    reply = client.post(
        f"{dossier}/messages", json={"message": "Une entreprise nous donne 8k."}
    ).json()

    assert reply["parts"][0]["kind"] == "understood"
    assert reply["parts"][-1]["kind"] == "question"
    assert reply["events"] >= 2


def test_what_changed_since_is_reported_and_nothing_is_lost(client: TestClient) -> None:
    dossier = opened(client)
    base = answer(client, dossier, {"maturite": 1}).json()["revision"]
    answer(client, dossier, {"maturite": 2})
    late = answer(client, dossier, {"maturite": 3, "urgence": True}, base=base)

    assert late.status_code == 409
    assert late.json()["recorded"] == ["urgence"]
    assert late.json()["clashes"] == [{"slot": "maturite", "held": 2, "sent": 3}]
    assert client.get(dossier).json()["facts"] == {"maturite": 2, "urgence": True}
    assert answer(client, dossier, {"maturite": 3}, base=late.json()["revision"]).status_code == 200


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"inconnu": 1}, "slot_inconnu"),
        ({"don": {"montant": 8, "inconnu": 1}}, "slot_inconnu"),
        ({"don.montant": -8}, "slot_nombre"),
        ({"date_cible": "2027-02-30"}, "slot_date"),
        ({"parties.99999999.siren": "732829320"}, "slot_inconnu"),
        ({"attentes": ["\ud800"]}, "slot_valeur"),
        ({"engagements": {"\ud800": ["x"]}}, "slot_valeur"),
        ({"objectif_carre": {"processus": 4}}, "slot_dix_points"),
    ],
)
def test_answers_that_cannot_be_are_refused_and_change_nothing(
    client: TestClient, values: dict[str, Any], code: str
) -> None:
    dossier = opened(client)
    body = json.dumps({"values": {"maturite": 2, **values}})
    headers = {"content-type": "application/json"}
    response = client.post(f"{dossier}/answers", content=body, headers=headers)

    assert response.status_code == 422
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"] == code
    assert client.get(dossier).json()["revision"] == 0


def test_an_export_is_imported_again(client: TestClient) -> None:
    dossier = opened(client)
    answer(client, dossier, {"maturite": 2, "lignes_rouges": ["x"]})
    made = client.post(f"{API}/import", json=client.get(f"{dossier}/export").json())

    assert made.status_code == 201
    assert client.get(f"{API}/{made.json()['id']}").json()["facts"] == {
        "maturite": 2, "lignes_rouges": ["x"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "dossier_illisible"),
        ({"format": "cote-a-cote/dossier", "version": 2, "title": "", "events": []}, "dossier_trop_recent"),
        ({"format": "cote-a-cote/dossier", "version": 1, "title": "", "events": [], "side": "x"}, "dossier_illisible"),
    ],
)  # fmt: skip
def test_what_is_not_a_case_file_is_refused(
    client: TestClient, value: dict[str, Any], code: str
) -> None:
    response = client.post(f"{API}/import", json=value)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert client.get(API).json() == []


def test_a_title_that_no_page_can_show_is_refused(client: TestClient) -> None:
    raw = '{"format":"cote-a-cote/dossier","version":1,"title":"\\ud800","events":[]}'
    headers = {"content-type": "application/json"}
    response = client.post(f"{API}/import", content=raw, headers=headers)

    assert (response.status_code, response.json()["code"]) == (422, "dossier_illisible")


def test_links_are_given_once_listed_and_withdrawn(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    made = owner.post(f"{dossier}/invitations", json={"side": "tiers", "name": "Mairie", "days": 7})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "private, no-store"
    (listed,) = owner.get(f"{dossier}/invitations").json()
    assert {**listed, "url": made.json()["url"]} == made.json()
    assert listed["standing"] == "waiting"

    guest.post(made.json()["url"].removeprefix("http://testserver"))
    answer(guest, dossier, {"maturite": 3})
    assert guest.get(dossier).json()["side"] == "tiers"
    assert guest.delete(dossier).status_code == 404
    assert guest.get(f"{dossier}/invitations").status_code == 404
    assert owner.get(f"{dossier}/invitations").json()[0]["standing"] == "opened"
    assert owner.delete(f"{dossier}/invitations/{listed['id']}").status_code == 204
    assert guest.get(dossier).status_code == 404


def test_the_crossed_view_names_who_said_what(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    made = owner.post(f"{dossier}/invitations", json={"name": "Verdier"}).json()
    guest.post(made["url"].removeprefix("http://testserver"))
    answer(owner, dossier, {"maturite": 1, "urgence": True})
    answer(guest, dossier, {"maturite": 3, "urgence": True})
    found = owner.get(f"{dossier}/crossed").json()

    (item,) = found["negotiations"]
    assert item["slot"] == "maturite"
    assert [(p["side"], p["author"], p["value"]) for p in item["positions"]] == [
        ("porteur", "", 1), ("partenaire", "Verdier", 3),
    ]  # fmt: skip
    assert [item["slot"] for item in found["agreements"]] == ["urgence"]


def test_another_site_cannot_act(client: TestClient) -> None:
    dossier = opened(client)
    headers = {"sec-fetch-site": "cross-site"}

    assert client.post(f"{dossier}/invitations", json={}, headers=headers).status_code == 403
    assert client.put(f"{dossier}/sharing", json={"shared": []}, headers=headers).status_code == 403
