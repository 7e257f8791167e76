"""Every page answers, in French, with its headings, its labels and its safety headers."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from web.security import HEADERS

ADDRESSES = [
    "/",
    "/conversation",
    "/conversations",
    "/fiches",
    "/fiches?q=budget&etape=4&acteur=entreprise&nature=",
    "/fiches/carre-magique",
    "/exemples",
    "/exemples?categorie=mecenat&domaine=&territoire=&acteur=association",
    "/exemples/ares-xpo-log-ins",
    "/glossaire",
    "/glossaire?q=mecenat",
    "/methode",
    *[f"/methode/{step}" for step in range(1, 8)],
    "/sources",
    "/a-propos",
]


class Outline(HTMLParser):
    """What a person using assistive technology relies on."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.headings: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs) -> None:
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and (values.get("href") or "").startswith("#"):
            self.anchors.append(values["href"][1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "html":
            self.lang = values.get("lang", "")


def outline_of(text: str) -> Outline:
    outline = Outline()
    outline.feed(text)
    return outline


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_whole(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    outline = outline_of(response.text)
    assert outline.lang == "fr"
    assert outline.headings.count("h1") == 1
    assert re.search(r"<title>[^<]+ – Côte à côte</title>", response.text)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.anchors) <= set(outline.ids)


@pytest.mark.parametrize("address", ["/", "/nulle-part", "/api/v1/nulle-part", "/static/style.css"])
def test_every_response_carries_the_safety_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert "unsafe" not in headers["content-security-policy"]


def test_every_card_and_example_has_its_page(client: TestClient) -> None:
    pages = [*client.get("/api/v1/cards").json(), *client.get("/api/v1/examples").json()]
    assert len(pages) > 300
    for page in pages:
        response = client.get(page["url"])
        assert response.status_code == 200, page["url"]


def test_reading_gives_no_cookie(client: TestClient) -> None:
    for address in ADDRESSES:
        assert "set-cookie" not in client.get(address).headers


def test_filters_narrow_the_cards(client: TestClient) -> None:
    everything = int(re.search(r"(\d+) fiches", client.get("/fiches").text)[1])
    some = int(re.search(r"(\d+) fiches?", client.get("/fiches?q=BUDGET").text)[1])
    assert 0 < some < everything
    assert "Aucune fiche ne correspond" in client.get("/fiches?q=xyzxyz").text


def test_filters_narrow_the_examples_and_a_deduction_is_said(client: TestClient) -> None:
    text = client.get("/exemples?categorie=innovation_societale").text
    assert "sur " in re.search(r'class="count"[^>]*>([^<]+)', text)[1]
    assert "(déduite)" in text


def test_a_card_beyond_the_guide_says_so(client: TestClient) -> None:
    cards = client.get("/api/v1/cards?nature=juridique").json()
    beyond = next(card for card in cards if card["beyond_guide"])
    assert "Au-delà du guide" in client.get(beyond["url"]).text


def test_a_figure_gives_its_date(client: TestClient) -> None:
    card = client.get("/api/v1/cards?nature=chiffre").json()[0]
    assert "Date de la valeur" in client.get(card["url"]).text


def test_glossary_anchors_are_those_that_answers_cite(client: TestClient, engine) -> None:
    ids = set(outline_of(client.get("/glossaire").text).ids)
    cited = {unit.url.split("#")[1] for unit in engine.index.ours.units if "glossaire#" in unit.url}
    assert cited <= ids


def test_a_search_term_is_shown_as_text(client: TestClient) -> None:
    text = client.get("/fiches", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_health(client: TestClient) -> None:
    health = client.get("/sante").json()
    assert health["mode"] == "extractive"
    assert health["units"] > 500
    assert health["index"]
