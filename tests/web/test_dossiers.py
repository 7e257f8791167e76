"""Case files in the browser, without a script: list, interview, forms, errors, two tabs."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Person


def opened(client: TestClient, title: str = "Festival") -> str:
    response = client.post("/dossiers", data={"titre": title}, follow_redirects=False)
    assert response.status_code == 303
    return response.headers["location"]


def revision(client: TestClient, dossier: str) -> str:
    found = re.search(r'name="base" value="(\d+)"', client.get(f"{dossier}/questions/D2-01").text)
    assert found
    return found[1]


def answered(client: TestClient, dossier: str, question: str, **fields: Any) -> Any:
    data = {name.replace("__", "."): value for name, value in fields.items()}
    return client.post(f"{dossier}/questions/{question}", data=data, follow_redirects=False)


def exported(client: TestClient, dossier: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{dossier}/export.json").json()
    return found


def values(client: TestClient, dossier: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in exported(client, dossier)["events"]:
        found |= item["event"].get("values", {}) if item["event"]["kind"] == "answered" else {}
    return found


def test_a_dossier_is_created_listed_renamed_and_erased(client: TestClient) -> None:
    dossier = opened(client, "Jardins partagés")
    assert "Jardins partagés" in client.get("/dossiers").text

    client.post(f"{dossier}/titre", data={"titre": "Jardins du canal"})
    assert "Jardins du canal" in client.get("/dossiers").text

    client.post(f"{dossier}/effacer")
    assert client.get(dossier).status_code == 404
    assert "Jardins du canal" not in client.get("/dossiers").text


def test_a_dossier_without_a_name_has_one(client: TestClient) -> None:
    assert "Nouveau partenariat" in client.get(opened(client, "")).text


def test_a_dossier_is_put_aside_and_back(client: TestClient) -> None:
    dossier = opened(client, "À ranger")
    client.post(f"{dossier}/archive", data={"archive": "true"})
    assert "À ranger" not in client.get("/dossiers").text
    assert "À ranger" in client.get("/dossiers?archives=true").text

    client.post(f"{dossier}/archive", data={"archive": "false"})
    assert "À ranger" in client.get("/dossiers").text


def test_a_message_is_understood_and_shown_back_with_its_words(client: TestClient) -> None:
    dossier = opened(client)
    client.post(
        f"{dossier}/messages",
        data={"message": "On est une association et une entreprise nous donne 8k."},
    )
    page = client.get(dossier).text

    assert "8\u202f000\u202f€" in page
    assert re.search(r'<q class="words">[^<]*8k', page)
    assert values(client, dossier)["don.montant"] == 8000


def test_a_form_answers_a_question(client: TestClient) -> None:
    dossier = opened(client)

    assert answered(client, dossier, "D1-01", acteur_type="association").status_code == 303
    assert values(client, dossier) == {"acteur_type": "association"}


def test_numbers_and_dates_are_read_as_the_french_write_them(client: TestClient) -> None:
    dossier = opened(client)
    answered(client, dossier, "D4-07", don__montant="15 000,50 €")
    answered(client, dossier, "D5-08", date_cible="31/03/2027")

    assert values(client, dossier) == {"don.montant": 15000.5, "date_cible": "2027-03-31"}


@pytest.mark.parametrize(
    ("question", "fields", "sentence"),
    [
        ("D5-08", {"date_cible": "2027-02-30"}, "n’existe pas"),
        ("D4-07", {"don__montant": "-50"}, "n’est pas un nombre possible"),
        ("D4-07", {"don__montant": "beaucoup"}, "n’est pas un nombre possible"),
        ("D1-04", {"objectif_carre__processus": "6", "objectif_carre__innovation": "6"}, "dix points"),
        ("D1-01", {"acteur_type": "banque"}, "n’est pas une des valeurs prévues"),
        ("D5-01", {"parties__0__denomination": "X", "parties__0__siren": "123456789"}, "clé"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_kept_in_the_form_and_changes_nothing(
    client: TestClient, question: str, fields: dict[str, str], sentence: str
) -> None:
    dossier = opened(client)
    response = answered(client, dossier, question, **fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert "Rien n’a été enregistré" in response.text
    assert exported(client, dossier)["events"] == []


def test_what_was_typed_wrong_is_still_in_the_form(client: TestClient) -> None:
    response = answered(client, opened(client), "D4-07", don__montant="douze balais")

    assert 'value="douze balais"' in response.text


def test_two_tabs_on_one_dossier_never_lose_an_answer(client: TestClient) -> None:
    dossier = opened(client)
    base = revision(client, dossier)
    answered(client, dossier, "D2-01", maturite="1", base=base)

    late = answered(client, dossier, "D2-01", maturite="3", base=base)
    assert late.headers["location"].endswith("#ecart")
    page = client.get(f"{dossier}/questions/D2-01").text
    assert "Cette réponse a changé entre-temps" in page
    assert values(client, dossier) == {"maturite": 1}

    client.post(f"{dossier}/confirmer", data={"slot": "maturite", "verdict": "oui"})
    assert "Cette réponse a changé" not in client.get(f"{dossier}/questions/D2-01").text


def test_a_step_is_answered_as_one_form_or_not_at_all(client: TestClient) -> None:
    dossier = opened(client)
    good = {"acteur_type": "association", "coconstruction": "2", "sens_apport": "E_vers_A"}
    wrong = {**good, "budget_disponible": "-1"}

    assert client.post(f"{dossier}/etapes/1", data=wrong).status_code == 422
    assert values(client, dossier) == {}
    assert client.post(f"{dossier}/etapes/1", data=good).status_code == 200
    assert values(client, dossier) == {
        "acteur_type": "association", "coconstruction": 2, "sens_apport": "E_vers_A",
    }  # fmt: skip


def test_a_step_sent_again_unchanged_records_nothing(client: TestClient) -> None:
    dossier = opened(client)
    client.post(f"{dossier}/etapes/1", data={"acteur_type": "association"})
    before = len(exported(client, dossier)["events"])
    client.post(f"{dossier}/etapes/1", data={"acteur_type": "association"})

    assert len(exported(client, dossier)["events"]) == before


def test_what_is_not_known_or_put_off_is_not_asked_again_at_once(client: TestClient) -> None:
    dossier = opened(client)
    first = re.search(r"/questions/(D[\w-]+)\"", client.get(dossier).text)
    assert first
    answered(client, dossier, first[1], acte="ne_sait_pas")
    second = re.search(r"/questions/(D[\w-]+)\"", client.get(dossier).text)
    assert second
    assert second[1] != first[1]
    answered(client, dossier, second[1], acte="plus_tard")
    third = re.search(r"/questions/(D[\w-]+)\"", client.get(dossier).text)
    assert third
    assert third[1] not in (first[1], second[1])


def test_an_undo_takes_back_the_last_answer(client: TestClient) -> None:
    dossier = opened(client)
    answered(client, dossier, "D2-01", maturite="1")
    answered(client, dossier, "D2-01", maturite="3")
    client.post(f"{dossier}/annuler")

    assert values(client, dossier) == {"maturite": 1}
    assert "annulé" in client.get(f"{dossier}/historique").text


def test_the_guide_answers_a_digression_and_the_question_comes_back(client: TestClient) -> None:
    dossier = opened(client)
    client.post(f"{dossier}/guide", data={"question": "C'est quoi le carré magique ?"})
    page = client.get(dossier).text

    assert "Le guide répond" in page
    assert 'id="question-posee"' in page


def test_every_page_of_a_dossier_opens(client: TestClient) -> None:
    dossier = opened(client)
    client.post(f"{dossier}/messages", data={"message": "Une entreprise nous donne 8000 euros."})
    pages = ["", "/recommandation", "/historique", *(f"/etapes/{n}" for n in range(1, 8))]

    assert {page: client.get(f"{dossier}{page}").status_code for page in pages} == dict.fromkeys(
        pages, 200
    )


def test_an_export_comes_back_as_it_was(client: TestClient) -> None:
    dossier = opened(client, "Aller-retour")
    client.post(f"{dossier}/messages", data={"message": "Une entreprise nous donne 8000 euros."})
    answered(client, dossier, "D2-01", maturite="1")
    taken = exported(client, dossier)

    response = client.post(
        "/dossiers/importer",
        files={"fichier": ("d.json", json.dumps(taken), "application/json")},
        follow_redirects=False,
    )
    assert response.status_code == 303
    again = exported(client, response.headers["location"])
    assert again["events"] == taken["events"]
    assert again["title"] == "Aller-retour"


def test_a_copy_lives_its_own_life(client: TestClient) -> None:
    dossier = opened(client, "Original")
    answered(client, dossier, "D2-01", maturite="1")
    copy = client.post(f"{dossier}/dupliquer", follow_redirects=False).headers["location"]
    answered(client, copy, "D2-01", maturite="4")

    assert values(client, dossier) == {"maturite": 1}
    assert values(client, copy)["maturite"] == 4
    assert "Original (copie)" in client.get("/dossiers").text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"pas du json", "n’est pas un dossier exporté"),
        (b"\xff\xfe\x00", "n’est pas un dossier exporté"),
        (b"[]", "n’est pas un dossier exporté"),
        (b'{"format": "autre"}', "n’est pas un dossier exporté"),
        (b'{"format": "cote-a-cote/dossier", "version": 99, "title": "x", "events": []}',
         "version plus récente"),
        (b'{"format": "cote-a-cote/dossier", "version": 1, "title": "x", "events": [{"a": 1}]}',
         "n’est pas un dossier exporté"),
        (b'{"format": "cote-a-cote/dossier", "version": 1, "title": "x", "events": [{"at": '
         b'"2026-01-01T00:00:00Z", "side": "porteur", "author": "", "event": {"kind": "answered", '
         b'"values": {"don.montant": -4}}}]}', "n’est pas un dossier exporté"),
        (b"[" * 100_000, "n’est pas un dossier exporté"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_dossier_is_refused_in_a_sentence(
    client: TestClient, content: bytes, sentence: str
) -> None:
    before = client.get("/dossiers").text
    response = client.post("/dossiers/importer", files={"fichier": ("d.json", content)})

    assert response.status_code == 422
    assert sentence in response.text
    assert client.get("/dossiers").text == before


def test_somebody_elses_dossier_does_not_exist(person: Person) -> None:
    mine, other = person(), person()
    dossier = opened(mine)
    opened(other)

    for path in ("", "/etapes/1", "/recommandation", "/historique", "/export.json"):
        assert other.get(f"{dossier}{path}").status_code == 404
    for path, data in (
        ("/messages", {"message": "x"}), ("/titre", {"titre": "x"}), ("/effacer", {}),
        ("/archive", {"archive": "true"}), ("/dupliquer", {}), ("/annuler", {}),
        ("/questions/D2-01", {"maturite": "1"}), ("/etapes/2", {"maturite": "1"}),
        ("/confirmer", {"slot": "maturite", "verdict": "oui"}), ("/aller", {"etape": "2"}),
    ):  # fmt: skip
        assert other.post(f"{dossier}{path}", data=data).status_code == 404, path
    assert exported(mine, dossier)["events"] == []


@pytest.mark.parametrize("text", ["x" * 40_001, "a\x00b"])
def test_a_message_that_cannot_be_is_refused(client: TestClient, text: str) -> None:
    dossier = opened(client)
    response = client.post(f"{dossier}/messages", data={"message": text})

    assert response.status_code in (413, 422)
    assert exported(client, dossier)["events"] == []


def test_hostile_words_stay_words(client: TestClient) -> None:
    dossier = opened(client, "<script>alert(1)</script>")
    hostile = "<img src=x onerror=alert(1)> {{7*7}} **gras** [lien](http://ailleurs.example)"
    answered(client, dossier, "D1-05", attentes=hostile)
    client.post(f"{dossier}/messages", data={"message": hostile})

    for path in ("", "/etapes/1", "/historique", "/recommandation"):
        page = client.get(f"{dossier}{path}").text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="http://ailleurs' not in page
