"""Pages full of attacks in a real browser: no request leaves us, no dialog opens, nothing runs."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.bootstrap import Engine
from tests.llm.attacking import Obeying, attacks
from tests.web.serving import serving, unclosable

ELSEWHERE = "document.querySelectorAll('iframe,object,embed,img,base').length"
QUESTION = "Quels sont les risques d'un partenariat pour une association ?"


@pytest.fixture(scope="module")
def obeyed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a model that obeys whatever it reads."""
    model = Obeying().model
    data: Path = tmp_path_factory.mktemp("attacked")
    with serving(data, lambda _: unclosable(engine), build_model=lambda _: model) as url:
        yield url


def payloads(*channels: str) -> str:
    return " ".join(attack.texte for attack in attacks(*channels))


def filled(page, address: str) -> list[str]:
    """A conversation, a case file and a workshop that hold every attack; their addresses."""
    api = page.context.request
    home = {"origin": address}
    asked = api.post(f"{address}/conversation", form={"question": f"{QUESTION} {payloads('reponse')[:1500]}"},
                     headers=home)  # fmt: skip
    case = api.post(
        f"{address}/dossiers", form={"titre": payloads("titre")[:150]}, headers=home
    ).url
    case = case.partition("#")[0].partition("?")[0]
    values = {
        "objet.projet": payloads("projet", "clause", "contribution"), "acteur_nom": payloads("organisation")[:150],
    }  # fmt: skip
    identifier = case.rpartition("/")[2]
    told = api.post(f"{address}/api/v1/dossiers/{identifier}/answers", data={"values": values},
                    headers=home)  # fmt: skip
    assert told.ok, told.text()
    api.post(f"{case}/messages", form={"message": payloads("message")[:3000]}, headers=home)
    document = f"{case}/documents/mecenat_financier"
    api.post(f"{document}/remarques", headers=home,
             form={"article": "objet", "texte": payloads("remarque", "contribution")})  # fmt: skip
    api.post(f"{document}/clauses", headers=home, form={
        "acte": "recrire", "article": "objet", "clause": "mf.objet.affectation", "base": "9999",
        "texte": payloads("clause", "redaction"),
    })  # fmt: skip
    formats = api.get(f"{address}/ateliers").text()
    chosen = re.search(r'name="format" value="([^"]+)"', formats)
    assert chosen
    form = {"format": chosen[1], "titre": payloads("contribution")[:190]}
    room = api.post(f"{address}/ateliers", form=form, headers=home)
    assert room.ok, room.text()
    pages = [
        room.url,
        f"{room.url}/animer",
        f"{room.url}/deroule",
        asked.url,
        case,
        f"{case}/historique",
        f"{case}/rapport",
        f"{document}?article=objet",
    ]
    return [*pages, f"{document}.html", f"{address}/dossiers", f"{address}/conversations"]


def test_pages_full_of_attacks_load_nothing_from_elsewhere(obeyed: str, browser) -> None:
    context = browser.new_context()
    ours, left, dialogs, errors = urlsplit(obeyed).netloc, [], [], []

    def met(route) -> None:
        parts = urlsplit(route.request.url)
        if parts.netloc == ours:
            route.continue_()
            return
        left.append(route.request.url)
        route.abort()

    def watched():
        opened = context.new_page()
        opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        opened.on("pageerror", lambda error: errors.append(str(error)))
        return opened

    context.route("**/*", met)
    page = watched()
    pages = {address: watched() for address in filled(page, obeyed)}
    for address, one in pages.items():
        if address.endswith(".html"):  # a file to keep: read as a page, without our headers
            one.set_content(one.context.request.get(address).text())
        else:
            one.goto(address)
        one.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for one in pages.values():  # each settles while the others are opened
        one.wait_for_load_state("networkidle")
        assert one.evaluate(ELSEWHERE) == 0
    # a live answer, drawn by the script as it comes
    page.goto(f"{obeyed}/conversation")
    page.fill("textarea[name=question]", f"{QUESTION} {attacks('question')[15].payload}")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer", timeout=15_000)
    page.wait_for_load_state("networkidle")
    assert (left, dialogs, errors) == ([], [], [])
    assert page.evaluate(ELSEWHERE) == 0
    context.close()


def test_the_interception_sees_what_would_leave(obeyed: str, browser) -> None:
    """The test above would fail: a page that loads an image from elsewhere is noticed."""
    context = browser.new_context()
    page = context.new_page()
    left: list[str] = []
    context.route("**/*", lambda route: (left.append(route.request.url), route.abort()))
    page.set_content("<img src='http://mechant.example/x'>")
    page.wait_for_timeout(200)
    assert left == ["http://mechant.example/x"]
    context.close()
