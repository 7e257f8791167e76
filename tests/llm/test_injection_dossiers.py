"""Attacks in what a case file keeps and shows: answers, names, titles, remarks, clauses, messages."""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from assistant.coaching import events as ev
from tests.llm.attacking import (
    SECRET,
    STORED,
    Attack,
    Site,
    a_site,
    attacks,
    outside,
    problems,
    shape,
)
from tests.web.serving import unclosable
from tests.web.test_documents import NAME, a_complete_case, base_of, dossier_of, edit
from tests.web.test_dossiers import exported, opened

HARMLESS = {
    "projet": "Un atelier de réparation.",
    "organisation": "Les Amis du Parc",
    "titre": "Ressourcerie",
    "remarque": "À relire ensemble.",
    "clause": "Une clause de notre ancien accord.",
    "version": "première",
}
OWN, TALKED = "mf.objet.affectation", "mf.objet.soutien"
PAGES = ("", "/historique", "/recommandation", "/risques", "/rapport", "/croise", "/documents",
         f"/documents/{NAME}?article=objet", f"/documents/{NAME}/versions")  # fmt: skip
Round = dict[str, Attack | None]


def rounds() -> list[Round]:
    """The attacks of every channel, one of each to a case file."""
    columns = [attacks(channel) for channel in STORED]
    return [dict(zip(STORED, row, strict=True)) for row in zip_longest(*columns)]


@pytest.fixture(scope="module")
def site(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(lambda _: unclosable(engine), tmp_path_factory.mktemp("cases"), led=True) as made:
        yield made


@pytest.fixture(scope="module")
def bare(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(lambda _: unclosable(engine), tmp_path_factory.mktemp("bare"), led=False) as made:
        yield made


def written(client: TestClient, words: dict[str, str]) -> str:
    """A case file with these words in every place; the address of its document."""
    given = {"objet.projet": words["projet"]}
    address = a_complete_case(client, given)
    dossier = dossier_of(address)
    told = client.post(
        f"/api/v1{dossier}/answers", json={"values": {"acteur_nom": words["organisation"]}}
    )
    assert told.status_code == 200, told.text
    client.post(f"{dossier}/titre", data={"titre": words["titre"]})
    remark = {"article": "objet", "texte": words["remarque"]}
    assert client.post(f"{address}/remarques", data=remark).is_success
    assert edit(client, address, "recrire", OWN, texte=words["clause"]).status_code == 303
    client.post(f"{address}/versions", data={"nom": words["version"]})
    return address


def drawn(client: TestClient, address: str, pages: Sequence[str] = PAGES) -> dict[str, str]:
    dossier = dossier_of(address)
    found = {page: client.get(dossier + page).text for page in pages}
    found[".html"] = client.get(f"{address}.html").text
    return found


def kept(client: TestClient, address: str, words: dict[str, str]) -> Any:
    """What is stored, its own words made those of the harmless twin; moments and names apart."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in ("at", "author", "id")}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    names = {text.strip(): HARMLESS[channel] for channel, text in words.items()}
    return plain(exported(client, dossier_of(address)))


def judged(site: Site, client: TestClient, address: str) -> Any:
    """What code decides of a case: rules, gravities, fields, obstacles, ready or not, next step."""
    services = site.client.app.state.services  # type: ignore[attr-defined]
    owner = next(cookie.value for cookie in client.cookies.jar)
    owner = owner or ""
    dossier = dossier_of(address).rpartition("/")[2]
    view = services.workspace.view(dossier, owner=owner)
    sheet = services.desk.sheet(view.state, view.side, NAME, today=services.clock.now().date())
    return (
        [(i.rule, i.severity, i.article) for i in sheet.checked.issues],
        sheet.checked.filled, sheet.checked.required, sheet.checked.missing, sheet.obstacles,
        sheet.ready, view.question.id if view.question else None,
        [(p.step, p) for p in view.progress] and len(view.progress),
        view.recommendation.contrat, view.recommendation.categorie, view.recommendation.modele,
        [(a.code, a.statut, [c.id for c in a.clauses]) for a in sheet.document.articles],
    )  # fmt: skip


@pytest.fixture(scope="module")
def twin(site: Site) -> dict[str, Any]:
    client = site.another()
    address = written(client, HARMLESS)
    return {
        "kept": kept(client, address, HARMLESS),
        "judged": judged(site, client, address),
        "shapes": {name: shape(html) for name, html in drawn(client, address).items()},
        "prompt": suggested(site, client, address, TALKED)[1],
    }


def suggested(site: Site, client: TestClient, address: str, clause: str) -> tuple[str, str]:
    """The page of a proposal, and its prompt outside its fences."""
    site.obeying.new()
    data = {"article": "objet", "clause": clause, "base": base_of(client, address)}
    page = client.post(f"{address}/clauses/proposition", data=data)
    assert page.status_code in (200, 422)
    (prompt,) = site.obeying.new()
    assert SECRET not in prompt.user
    return page.text, outside(prompt)


@pytest.mark.parametrize(
    "row", rounds(), ids=lambda row: "-".join(str(a) for a in row.values() if a)
)
def test_what_is_kept_and_shown_differs_from_its_harmless_twin_by_its_words_only(
    site: Site, twin: dict[str, Any], row: Round
) -> None:
    words = {name: attack.payload if attack else HARMLESS[name] for name, attack in row.items()}
    client = site.another()
    address = written(client, words)

    assert kept(client, address, words) == twin["kept"]
    assert judged(site, client, address) == twin["judged"]
    is_full = row["titre"] is not None  # the later ones only differ by what the document says
    pages = PAGES if is_full else PAGES[-2:-1]
    for name, html in drawn(client, address, pages).items():
        assert problems(html.replace(" xmlns=", " data-xmlns=")) == [] or name == ".html", name
        assert SECRET not in html
        assert shape(html) == twin["shapes"][name], name
    before = kept(client, address, words)
    for clause in (OWN, TALKED) if row["clause"] else (TALKED,):
        html, said = suggested(site, client, address, clause)
        assert said == twin["prompt"]
        assert problems(html) == []
        assert "Accepter cette rédaction" not in html
        assert "mechant.example/?d=Objet" not in html
        assert "1 234 567" not in html
    assert kept(client, address, words) == before


@pytest.mark.parametrize("attack", attacks("redaction"), ids=str)
def test_no_clause_that_a_model_twists_is_proposed(
    site: Site, a_case: tuple[TestClient, str], attack: Attack
) -> None:
    client, address = a_case
    clause = "Le Mécène s'engage à verser un don d'un montant total de [MONTANT_1] ([MONTANT_2])."
    site.obeying.next = {"clause": attack.payload.replace("{CLAUSE}", clause)}
    before = exported(client, dossier_of(address))
    page = client.post(
        f"{address}/clauses/proposition",
        data={"article": "don", "clause": "mf.don.montant", "base": base_of(client, address)},
    )
    site.obeying.next = {}

    assert page.status_code == 422
    assert "Accepter cette rédaction" not in page.text
    assert problems(page.text) == []
    assert exported(client, dossier_of(address)) == before
    assert not [w for w in ("PWNED", SECRET, "alert(1)", "mechant") if w in page.text]


@pytest.fixture(scope="module")
def a_case(site: Site) -> tuple[TestClient, str]:
    client = site.another()
    return client, a_complete_case(client)


# Messages to the coach


def after(site: Site, message: str) -> tuple[dict[str, Any], set[str], str]:
    """What a message leaves in a new case file: answers that count, kinds of events; the page."""
    client = site.another()
    dossier = opened(client, "Festival")
    page = client.post(f"{dossier}/messages", data={"message": message}).text
    events = [item["event"] for item in exported(client, dossier)["events"]]
    sure = [e["values"] for e in events if e["kind"] == "answered" and e["sure"]]
    return {k: v for one in sure for k, v in one.items()}, {e["kind"] for e in events}, page


@pytest.mark.parametrize("attack", attacks("message"), ids=str)
def test_a_message_to_the_coach_settles_nothing_that_its_harmless_part_does_not(
    bare: Site, site: Site, attack: Attack
) -> None:
    """What else was read, if anything, is proposed: it counts for nothing until confirmed."""
    assert attack.jumeau is not None
    for here in (bare, site):
        sure, kinds, page = after(here, attack.payload)
        expected = after(here, attack.jumeau)[0]

        assert sure.items() <= expected.items()
        assert kinds <= {"answered", "proposed", "talked"}
        assert problems(page) == []
        assert SECRET not in page


def test_an_attack_that_is_stored_is_still_a_valid_history(bare: Site) -> None:
    client = bare.another()
    dossier = opened(client, "x")
    client.post(f"{dossier}/messages", data={"message": attacks("message")[3].payload})
    found = json.loads(client.get(f"{dossier}/export.json").text)
    assert all(ev.EVENTS.validate_python(item["event"]) for item in found["events"])
