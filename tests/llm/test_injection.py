"""Attacks in questions, in earlier turns, in documents and cards, and in what a model says.

Each goes through the real application twice: without a model, and with one that obeys the attack as
far as its port lets it.
"""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from assistant.bootstrap import Engine, build_engine, build_library
from assistant.knowledge.library import Chunk, ImportedDocument
from assistant.llm.port import Prompt
from assistant.settings import Settings
from tests.builders import CORPUS, a_card_file, a_small_corpus
from tests.llm.attacking import (
    EVIL,
    SECRET,
    Attack,
    Site,
    a_site,
    attacks,
    outside,
    problems,
    visible,
)
from tests.web.serving import unclosable

GOOD = (
    "Un partenariat fait courir cinq risques principaux à une association ou à une fondation : la "
    "réputation, l'indépendance, la récupération, la division interne et la perte de temps et "
    "d'argent [S1]."
)
ASKED = "Quels sont les risques d'un partenariat pour une association ?"
FOLLOW = "Et les fruits rouges ?"
SAID = (
    EVIL,
    SECRET,
    "PIRATÉ",
    "PWNED",
    "<script",
    "<img",
    "onerror=",
    "javascript:",
    "1 234 567",
    "9999",
)


@pytest.fixture(scope="module")
def bare(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(lambda _: unclosable(engine), tmp_path_factory.mktemp("bare"), led=False) as site:
        yield site


@pytest.fixture(scope="module")
def led(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(lambda _: unclosable(engine), tmp_path_factory.mktemp("led"), led=True) as site:
        yield site


@pytest.fixture
def obeyed(led: Site) -> Site:
    led.obeying.next = {}
    led.obeying.new()
    return led


def asked(site: Site, question: str, conversation: str | None = None) -> dict[str, Any]:
    body = {"question": question, "conversation_id": conversation}
    response = site.client.post("/api/v1/ask", json=body)
    assert response.status_code in (200, 413, 422), response.text
    found: dict[str, Any] = response.json()
    return found


def page(site: Site, question: str) -> str:
    return site.client.post("/conversation", data={"question": question}).text


_FRAGMENT = re.compile(r"event: fragment\r?\ndata: (.*)")
DECIDED = ("status", "reason", "step", "suggestions", "title", "code")


def sources(reply: dict[str, Any]) -> set[tuple[Any, ...]]:
    keys = ("title", "document", "page", "section", "passage", "url")
    return {tuple(cited[key] for key in keys) for cited in reply.get("citations", ())}


def decisions(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: reply.get(name) for name in DECIDED}


def fenced_as_a_harmless_one(prompts: list[Prompt], harmless: dict[str, str]) -> None:
    for prompt in prompts:
        assert outside(prompt) == harmless[prompt.name]


@pytest.fixture(scope="module")
def harmless(led: Site) -> dict[str, str]:
    """Outside its fences, what each prompt says for a harmless text."""
    led.obeying.next = {"reponse": GOOD, "suite": ASKED}
    led.obeying.new()
    started = led.client.post("/conversation", data={"question": ASKED}, follow_redirects=False)
    conversation = started.headers["location"].split("/")[2].split("#")[0]
    asked(led, FOLLOW, conversation)
    prompts = led.obeying.new()
    led.obeying.next = {}
    found = {prompt.name: outside(prompt) for prompt in prompts}
    assert "reponse" in found
    return found


@pytest.mark.parametrize("attack", attacks("question"), ids=str)
def test_a_question_changes_no_decision_no_source_and_no_page(
    bare: Site, obeyed: Site, harmless: dict[str, str], attack: Attack
) -> None:
    without, with_model = asked(bare, attack.payload), asked(obeyed, attack.payload)

    assert decisions(with_model) == decisions(without)
    assert sources(with_model) <= sources(without)
    fenced_as_a_harmless_one(obeyed.obeying.new(), harmless)
    obeyed.obeying.next = {"reponse": f"{GOOD} {attack.payload} [S1]."}
    again = asked(obeyed, attack.payload)
    for reply in (without, with_model, again):
        answer = reply.get("answer", "")
        assert not [word for word in (*attack.mots, *SAID) if word in answer]
    html = page(obeyed, attack.payload)
    assert problems(html) == []
    assert SECRET not in html


@pytest.mark.parametrize("attack", attacks("suite"), ids=str)
def test_an_earlier_turn_commands_nothing(
    bare: Site, obeyed: Site, harmless: dict[str, str], attack: Attack
) -> None:
    found = []
    for site in (bare, obeyed):
        started = site.client.post(
            "/conversation", data={"question": attack.payload}, follow_redirects=False
        )
        address = started.headers["location"].partition("#")[0]
        replies = [
            asked(site, text, address.split("/")[2])
            for text in ("Et pour une entreprise ?", FOLLOW)
        ]
        html = site.client.get(address).text
        assert problems(html) == []
        assert SECRET not in html
        assert attack.payload.split("?")[0] in unescape(html)  # the text itself is shown, as text
        found.append(replies)
    for without, with_model in zip(*found, strict=True):
        assert decisions(with_model) == decisions(without)
        assert sources(with_model) <= sources(without)
        assert not [w for w in (*attack.mots, *SAID) if w in with_model["answer"]]
    for prompt in obeyed.obeying.new():
        assert prompt.name in harmless
        assert outside(prompt) == harmless[prompt.name]


@pytest.fixture(scope="module")
def without(bare: Site) -> dict[str, Any]:
    """The answer that no model has touched."""
    return asked(bare, ASKED)


@pytest.mark.parametrize("attack", attacks("reponse"), ids=str)
def test_what_a_model_says_is_judged_and_drawn_as_words(
    without: dict[str, Any], obeyed: Site, attack: Attack
) -> None:
    text = attack.payload.replace("{BON}", GOOD)
    obeyed.obeying.next = {"reponse": text}
    with_model = asked(obeyed, ASKED)

    assert decisions(with_model) == decisions(without)
    assert sources(with_model) <= sources(without)
    assert with_model["wording"]["model"] == "scripted:docile"
    assert not [w for w in (*attack.mots, SECRET) if w in with_model["answer"]]
    assert {f"S{n}" for n in re.findall(r"\[S(\d+)\]", with_model["answer"])} <= {
        cited["id"] for cited in with_model["citations"]
    }
    html = page(obeyed, ASKED)
    assert problems(html) == []
    assert not [w for w in attack.mots if w in visible(html)]
    streamed = obeyed.client.post("/api/v1/ask/stream", json={"question": ASKED}).text
    shown = streamed.rpartition("event: retrait")[2]
    said = "".join(json.loads(data)["text"] for data in _FRAGMENT.findall(shown))
    assert said == with_model["answer"]


@pytest.mark.parametrize("attack", attacks("reecriture"), ids=str)
def test_a_question_that_a_model_makes_up_is_not_asked(
    bare: Site, obeyed: Site, attack: Attack
) -> None:
    obeyed.obeying.next = {"suite": attack.payload, "reponse": GOOD}
    found = []
    for site in (bare, obeyed):
        started = site.client.post(
            "/conversation", data={"question": ASKED}, follow_redirects=False
        )
        identifier = started.headers["location"].split("/")[2].split("#")[0]
        found.append(asked(site, FOLLOW, identifier))
        assert problems(site.client.get(f"/conversations/{identifier}").text) == []
    without, with_model = found
    assert decisions(with_model) == decisions(without)
    assert with_model["answer"] == without["answer"]


# Documents and cards that others wrote

THINGS = (
    "compost", "verger", "ruche", "lavoir", "four", "moulin", "puits", "grange", "jardin", "potager",
    "hangar", "pressoir", "poulailler", "bassin", "pigeonnier", "atelier", "kiosque", "fournil",
    "séchoir", "cellier", "abreuvoir",
)  # fmt: skip
WRITTEN = attacks("import", "titre_import", "fiche")
TITLE = "Le règlement des lieux partagés"


def told(attack: Attack) -> tuple[str, str]:
    """A passage that holds the attack, and a question that finds it."""
    thing = THINGS[WRITTEN.index(attack)]
    body = attack.payload if attack.canal != "titre_import" else "Rien d'autre."
    if attack.canal == "fiche":
        said = f"Le {thing} partagé de Bellefontaine est entretenu par les voisins du hameau."
        question = f"Qui entretient le {thing} partagé de Bellefontaine ?"
    else:
        said = f"Le {thing} commun de Rochebrune est confié à la coopérative des habitants."
        question = f"À qui est confié le {thing} commun de Rochebrune ?"
    return f"{said} {body} Ouverture au printemps, avec les bénévoles.", question


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Site]]:
    """An organisation's own content: cards and imported documents that hold attacks."""
    home = tmp_path_factory.mktemp("written")
    corpus = a_small_corpus(home)
    shutil.copytree(CORPUS / "ateliers", corpus / "ateliers")
    settings = Settings(corpus=corpus, data=home / "data")
    library = build_library(settings)
    for attack in WRITTEN:
        text, question = told(attack)
        if attack.canal == "fiche":
            a_card_file(
                corpus, f"lieu-{attack.id}", body=text, questions=[question] * 5,
                titre=f"Le {THINGS[WRITTEN.index(attack)]}",
                sources=[{"document": "guide", "page": 46, "section": "Les lieux"}],
            )  # fmt: skip
        else:
            title = attack.payload if attack.canal == "titre_import" else TITLE
            chunk = Chunk(title, 3, text)
            name = f"import-{attack.id}"
            library.save(ImportedDocument(name, title, f"{attack.id}.pdf", attack.id, 4, (chunk,)))
    engine = build_engine(settings)
    with (
        a_site(lambda _: unclosable(engine), home / "a", led=False, corpus=corpus) as bare,
        a_site(lambda _: unclosable(engine), home / "b", led=True, corpus=corpus) as led,
    ):
        yield {False: bare, True: led}
    engine.close()


@pytest.mark.parametrize("attack", WRITTEN, ids=str)
def test_what_a_document_or_a_card_says_is_cited_and_never_obeyed(
    written: dict[bool, Site], harmless: dict[str, str], attack: Attack
) -> None:
    text, question = told(attack)
    led = written[True]
    led.obeying.new()
    without, with_model = asked(written[False], question), asked(led, question)

    assert without["status"] == "answered", without
    assert any(text[:60] in cited["passage"] for cited in without["citations"])
    assert decisions(with_model) == decisions(without)
    assert sources(with_model) <= sources(without)
    prompts = led.obeying.new()
    assert prompts
    fenced_as_a_harmless_one(prompts, harmless)
    for site, reply in ((written[False], without), (led, with_model)):
        assert f"https://{EVIL}/?d=Le" not in reply["answer"]
        assert SECRET not in reply["answer"]
        addresses = {cited["url"].partition("#")[0] for cited in reply["citations"]}
        pages = [site.client.get(address).text for address in addresses] if site is led else []
        for html in (page(site, question), *pages):
            assert problems(html) == []
            assert SECRET not in html


def test_a_marker_written_in_a_document_is_no_marker(written: dict[bool, Site]) -> None:
    """« [S3] » in somebody's text once broke the page, and passed for a citation."""
    (attack,) = (one for one in WRITTEN if one.canal == "import" and "[S3]" in one.texte)
    for site in written.values():
        reply = asked(site, told(attack)[1])
        held = {cited["id"] for cited in reply["citations"]}
        assert {f"S{n}" for n in re.findall(r"\[S(\d+)\]", reply["answer"])} <= held
        assert "(S3)" in reply["answer"]


def test_the_list_of_sources_with_hostile_titles_loads_nothing(written: dict[bool, Site]) -> None:
    for address in ("/sources", "/fiches", "/", "/modele"):
        html = written[True].client.get(address).text
        assert problems(html) == [], address
