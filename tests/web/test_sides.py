"""Invite, accept, answer from two sides: the pages that people see."""

import logging
import re

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Person
from tests.web.test_dossiers import answered, opened


def invited(owner: TestClient, dossier: str, **fields: str) -> str:
    response = owner.post(
        f"{dossier}/inviter", data={"cote": "partenaire", "nom": "Verdier", **fields}
    )
    assert response.status_code == 201
    found = re.search(r'value="http://testserver(/invitation/[\w-]{43})"', response.text)
    assert found
    return found[1]


def test_a_link_is_shown_once_and_listed_without_its_secret(client: TestClient) -> None:
    dossier = opened(client)
    link = invited(client, dossier)
    page = client.get(f"{dossier}/inviter").text

    assert link not in page
    assert "Verdier" in page
    assert "pas encore ouvert" in page


def test_looking_at_a_link_accepts_nothing(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner, "Jardins")
    answered(owner, dossier, "D1-01", acteur_type="association", acteur_nom="Les Jardins")
    link = invited(owner, dossier)
    page = guest.get(link).text

    assert "Jardins" in page
    assert "lignes rouges" in page.casefold()
    assert "pas encore ouvert" in owner.get(f"{dossier}/inviter").text
    assert guest.get(dossier).status_code == 404


def test_a_guest_answers_for_the_own_side(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    answered(owner, dossier, "D2-01", maturite="1")
    response = guest.post(invited(owner, dossier), follow_redirects=False)
    assert response.headers["location"] == dossier
    page = guest.get(dossier).text

    assert "vous répondez pour le partenaire" in page
    assert "donné par le porteur du dossier" in page
    assert "ouvert" in owner.get(f"{dossier}/inviter").text
    assert "donné par le porteur" in guest.get(f"{dossier}/questions/D2-01").text
    answered(guest, dossier, "D2-01", maturite="3")
    # still there once answered, for both
    assert "donné par le porteur" in guest.get(f"{dossier}/questions/D2-01").text
    assert "donné par Verdier" in owner.get(f"{dossier}/questions/D2-01").text
    for one in (owner, guest):
        crossed = one.get(f"{dossier}/croise").text
        assert "À négocier (1)" in crossed
        assert "premier contact" in crossed
        assert "un partenariat suivi" in crossed
        assert "Verdier" in crossed


def test_what_the_other_side_answered_is_not_asked_again(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    guest.post(invited(owner, dossier))
    api = f"/api/v1{dossier}"
    owner.post(f"{api}/answers", json={"values": {
        "maturite": 1, "sens_apport": "E_vers_A", "coconstruction": 1, "flux": ["don_numeraire"],
    }})  # fmt: skip
    asked = []
    for _ in range(40):
        question = guest.get(api).json()["question"]
        if question is None:
            break
        asked.append(question["slots"])
        guest.post(f"{dossier}/questions/{question['id']}", data={"acte": "ne_sait_pas"})

    assert asked
    given = {"maturite", "sens_apport", "coconstruction", "flux"}
    assert not [slots for slots in asked if given & set(slots)]


def test_a_guest_is_offered_nothing_that_is_the_owners(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner, "Festival des quais")
    guest.post(invited(owner, dossier))

    listing = guest.get("/dossiers").text
    assert "sur invitation" in listing
    for act in ("titre", "archive", "effacer"):
        assert f"{dossier}/{act}" not in listing
        assert (
            guest.post(f"{dossier}/{act}", data={"titre": "x", "archive": "true"}).status_code
            == 404
        )
    assert f"{dossier}/inviter" not in guest.get(f"{dossier}/croise").text
    assert guest.get(f"{dossier}/inviter").status_code == 404
    assert guest.post(f"{dossier}/inviter", data={"nom": "x"}).status_code == 404


@pytest.mark.parametrize("how", ["mal copié", "retiré"])
def test_a_link_that_is_closed_says_so(person: Person, how: str) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    link = invited(owner, dossier)
    if how == "retiré":
        (action,) = re.findall(r'action="([^"]+/retirer)"', owner.get(f"{dossier}/inviter").text)
        owner.post(action)
    else:
        link = link[:-1] + ("A" if link[-1] != "A" else "B")

    for response in (guest.get(link), guest.post(link)):
        assert response.status_code == 404
        assert "n’est plus valable" in response.text


def test_a_link_belongs_to_the_first_browser(person: Person) -> None:
    owner, guest, other = person(), person(), person()
    link = invited(owner, opened(owner))
    guest.post(link)

    assert "Reprendre" in guest.get(link).text
    for response in (other.get(link), other.post(link)):
        assert response.status_code == 403
        assert "déjà été ouvert" in response.text


def test_trying_ones_own_link_leaves_it_to_the_guest(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    link = invited(owner, dossier)
    assert "Ce dossier est le vôtre" in owner.get(link).text
    owner.post(link)

    assert guest.post(link).status_code == 200
    assert "vous répondez" not in owner.get(dossier).text


def test_only_the_owner_withdraws_a_link(person: Person) -> None:
    owner, stranger = person(), person()
    dossier, elsewhere = opened(owner), opened(stranger)
    guest = person()
    link = invited(owner, dossier)
    guest.post(link)
    (action,) = re.findall(r'action="([^"]+/retirer)"', owner.get(f"{dossier}/inviter").text)
    invitation = action.split("/")[-2]

    for attempt in (action, f"{elsewhere}/inviter/{invitation}/retirer"):
        for person_ in (stranger, guest):
            assert person_.post(attempt).status_code == 404
    assert guest.get(dossier).status_code == 200


@pytest.mark.parametrize("fields", [{"cote": "porteur"}, {"jours": "9999"}, {"nom": "x" * 121}])
def test_a_link_that_cannot_be_is_refused(client: TestClient, fields: dict[str, str]) -> None:
    dossier = opened(client)

    assert client.post(f"{dossier}/inviter", data=fields).status_code == 422
    assert "Aucun lien" in client.get(f"{dossier}/inviter").text


def test_the_secret_is_in_no_log(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    owner, guest = person(), person()
    with caplog.at_level(logging.DEBUG):
        link = invited(owner, opened(owner))
        guest.get(link)
        guest.post(link)
        person().post(link)
    secret = link.rpartition("/")[2]
    ours = [r for r in caplog.records if not r.name.startswith("httpx")]  # the test's own client

    assert secret not in "\n".join(f"{r.getMessage()} {r.exc_text}" for r in ours)


def test_the_words_of_a_side_are_not_quoted_to_the_other(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    guest.post(invited(owner, dossier))
    owner.post(f"{dossier}/messages", data={"message": "Une entreprise nous donne 8k, entre nous."})

    assert "8k" in owner.get(dossier).text
    page = guest.get(dossier).text
    assert "8\u202f000\u202f€" in page
    assert "8k" not in page


def test_hostile_names_stay_words(person: Person) -> None:
    owner, guest = person(), person()
    dossier = opened(owner)
    hostile = "<img src=x onerror=alert(1)>"
    link = invited(owner, dossier, nom=hostile)
    assert "<img" not in guest.get(link).text
    guest.post(link)
    answered(guest, dossier, "D2-01", maturite="3")

    for page in ("/croise", "/inviter", ""):
        assert "<img" not in owner.get(f"{dossier}{page}").text
