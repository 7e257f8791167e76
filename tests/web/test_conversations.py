"""Asking and keeping, with forms alone; a person sees only her own."""

import re

import pytest
from fastapi.testclient import TestClient

QUESTION = "Quelles sont les sept étapes d'un partenariat ?"
COOKIE = "cote_a_cote"


def ask(client: TestClient, question: str = QUESTION, address: str = "/conversation", **more):
    return client.post(address, data={"question": question, **more}, follow_redirects=False)


def conversation_of(client: TestClient, question: str = QUESTION) -> str:
    return ask(client, question).headers["location"].split("#")[0]


def test_a_question_posted_as_a_form_leads_to_its_answer(client: TestClient) -> None:
    response = ask(client)
    assert response.status_code == 303
    assert response.headers["location"].endswith("#tour-1")
    page = client.get(response.headers["location"]).text
    assert 'id="tour-1"' in page
    assert "<mark" in page
    assert re.search(r'href="#tour-1-s1"[^>]*aria-label="Source 1', page)
    assert 'id="tour-1-s1"' in page
    assert "p. 3" in page


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = ask(client).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert len(client.cookies[COOKIE]) == 43
    assert "set-cookie" not in ask(client).headers


def test_a_follow_up_is_understood_from_what_came_before(client: TestClient) -> None:
    address = conversation_of(client, "Qu'est-ce que le mécénat ?")
    assert ask(client, "À quelle page ?", address).headers["location"] == f"{address}#tour-2"
    second = client.get(address).text.split('id="tour-2"')[1]
    assert re.search(r"C’est (à la page|dans le document)", second)


def test_a_refusal_looks_and_reads_like_one(client: TestClient) -> None:
    page = client.get(conversation_of(client, "Quelle est la recette de la tarte Tatin ?")).text
    assert "is-refusal" in page
    assert 'class="refusal-name"' in page
    assert 'class="source"' not in page


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script> partenariat ?",
        '"><img src=x onerror=alert(1)>',
        "![x](http://exemple.invalid/i.png) partenariat",
        "[lien](javascript:alert(1))",
        "{{7*7}} et {% raw %}",
        "**gras** [S1] [S99]",
    ],
)
def test_a_question_is_only_ever_text(client: TestClient, hostile: str) -> None:
    page = client.get(conversation_of(client, hostile)).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    heading = re.search(r'<h2 class="question"[^>]*>(.*?)</h2>', page, re.DOTALL)[1]
    assert "<" not in heading
    assert "49" not in heading


def test_someone_else_finds_nothing(client: TestClient, person) -> None:
    address = conversation_of(client)
    other = person()
    ask(other)
    assert other.get(address).status_code == 404
    assert person().get(address).status_code == 404
    assert ask(other, address=address).status_code == 404
    for action, data in [("titre", {"titre": "x"}), ("archive", {"archivee": "true"}),
                         ("partage", {"ouvert": "true"}), ("effacer", {})]:  # fmt: skip
        assert other.post(f"{address}/{action}", data=data).status_code == 404
    assert client.get(address).status_code == 200


def test_a_shared_conversation_is_read_only_and_can_be_closed(client: TestClient, person) -> None:
    address = conversation_of(client)
    client.post(f"{address}/partage", data={"ouvert": "true"})
    link = re.search(r'href="(/partage/[\w-]{32,})"', client.get(address).text)[1]
    shared = person().get(link)
    assert shared.status_code == 200
    assert "sept étapes" in shared.text
    assert "<form" not in shared.text
    assert shared.headers["x-robots-tag"] == "noindex"
    client.post(f"{address}/partage", data={"ouvert": "false"})
    assert person().get(link).status_code == 404


def test_rename_archive_and_erase(client: TestClient) -> None:
    address = conversation_of(client)
    client.post(f"{address}/titre", data={"titre": "Mon <classeur>"})
    assert "Mon &lt;classeur&gt;" in client.get("/conversations").text
    client.post(f"{address}/archive", data={"archivee": "true"})
    assert "classeur" not in client.get("/conversations").text
    assert "classeur" in client.get("/conversations?archives=true").text
    client.post(f"{address}/effacer")
    assert client.get(address).status_code == 404
    conversation_of(client)
    client.post("/conversations/effacer")
    assert "Aucune conversation" in client.get("/conversations").text


def test_an_opinion_is_kept_and_shown(client: TestClient) -> None:
    page = client.get(conversation_of(client)).text
    action = re.search(r'action="(/conversations/[^"]+/avis)" class="complaint-form"', page)[1]
    given = {"verdict": "down", "reason": "incomplete", "comment": "il manque l'étape 8"}
    after = client.post(action, data=given)
    assert after.status_code == 200
    assert "Avis enregistré" in after.text
    assert re.search(r'value="incomplete"\s+checked', after.text)
    assert client.post(action, data={"verdict": "peut-être"}).status_code == 422


def test_a_long_conversation_opens_on_its_last_turns(client: TestClient) -> None:
    address = conversation_of(client)
    for _ in range(24):
        ask(client, "Merci", address)
    page = client.get(address).text
    assert page.count('class="turn"') == 20
    earlier = re.search(r'href="(/conversations/[^"]+\?depuis=\d+)"', page)[1]
    assert client.get(earlier).text.count('class="turn"') == 25


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://ailleurs.invalid"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_another_site_cannot_act_here(client: TestClient, headers, status) -> None:
    response = client.post(
        "/conversation", data={"question": QUESTION}, headers=headers, follow_redirects=False
    )
    assert response.status_code == status
