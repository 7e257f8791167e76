"""« Proposer une rédaction » in the browser, without a script: asked, shown, taken or left."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from assistant.llm.port import Fault, Prompt
from assistant.llm.scripted import Said, ScriptedModel
from assistant.settings import Settings
from tests.web.serving import unclosable
from tests.web.test_documents import NAME, a_complete_case, base_of, dossier_of, edit, plain, told
from web.app import create_app

CLAUSE = "mf.don.montant"
GOOD = "Le Mécène s'engage à verser au Bénéficiaire un don de [MONTANT_1] au total ([MONTANT_2])."
WORDS = "un don de 9 000 € au total (neuf mille euros)."


class Parrot:
    """A model that says what it is told next."""

    def __init__(self) -> None:
        self.says: Callable[[Prompt], Said] = lambda _: {"texte": GOOD}
        self.model = ScriptedModel(self.said, name="scripted:perroquet")

    def said(self, prompt: Prompt) -> Said:
        """What it now says."""
        return self.says(prompt)


@pytest.fixture(scope="module")
def parrot() -> Parrot:
    return Parrot()


@contextmanager
def running(engine: Engine, data: Path, parrot: Parrot | None) -> Iterator[TestClient]:
    app = create_app(
        Settings(data=data),
        build=lambda _: unclosable(engine),
        build_model=lambda _: parrot.model if parrot else None,
    )
    with TestClient(app, base_url="http://testserver") as client:
        yield client


@pytest.fixture(scope="module")
def site(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, parrot: Parrot
) -> Iterator[TestClient]:
    with running(engine, tmp_path_factory.mktemp("suggestion"), parrot) as client:
        yield client


@pytest.fixture
def client(site: TestClient, parrot: Parrot) -> TestClient:
    parrot.says = lambda _: {"texte": GOOD}
    return another(site)


def another(site: TestClient) -> TestClient:
    made = TestClient(site.app, base_url="http://testserver")
    made.portal = site.portal
    return made


def asked(client: TestClient, address: str, clause: str = CLAUSE, **more: str) -> Any:
    data = {"article": "don", "clause": clause, "base": base_of(client, address), **more}
    return client.post(f"{address}/clauses/proposition", data=data)


def proposed(page: str) -> dict[str, str]:
    """The form that takes a proposal, as a browser would send it."""
    form = page.partition('/clauses/adoption"')[2].partition("</form>")[0]
    return {n: unescape(v) for n, v in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


def taken(client: TestClient, address: str, form: dict[str, str]) -> Any:
    return client.post(f"{address}/clauses/adoption", data=form, follow_redirects=False)


def test_without_a_model_nothing_is_offered_and_asking_is_a_sentence(
    engine: Engine, tmp_path: Path
) -> None:
    with running(engine, tmp_path, None) as client:
        address = a_complete_case(client)
        assert "Proposer une rédaction" not in client.get(f"{address}?article=don").text
        response = asked(client, address)
        assert response.status_code == 422
        assert "Aucun modèle de langage" in response.text
        form = {"article": "don", "clause": CLAUSE, "base": "9999", "texte": "X"}
        assert taken(client, address, form).status_code == 422


def test_a_proposal_is_marked_shows_what_changes_and_keeps_nothing(client: TestClient) -> None:
    address = a_complete_case(client)
    before = plain(client.get(f"{address}.md").text)
    page = plain(asked(client, address).text)

    assert "Proposition d’un modèle de langage" in page
    assert "scripted:perroquet" in page
    assert re.search(r"<del>[^<]*montant", page)
    assert re.search(r"<ins>[^<]*au total", page)
    assert "La refuser" in page
    assert plain(client.get(f"{address}.md").text) == before


def test_a_person_accepts_and_the_document_says_who_when_and_which_model(
    client: TestClient,
) -> None:
    address = a_complete_case(client)
    form = proposed(asked(client, address).text)
    assert taken(client, address, form).status_code == 303
    page = plain(client.get(f"{address}?article=don").text)

    assert WORDS in page
    assert re.search(
        r"Proposée par un modèle de langage \(scripted:perroquet\), acceptée par .*\d\d/\d\d/\d{4}",
        page,
    )
    assert client.post(
        f"{address}/clauses",
        data={"acte": "restaurer", "clause": CLAUSE, "article": "don", "base": "9999"},
    ).is_success
    assert WORDS not in plain(client.get(f"{address}?article=don").text)


def test_what_is_accepted_is_judged_again(client: TestClient) -> None:
    address = a_complete_case(client)
    form = proposed(asked(client, address).text)
    for text in (form["texte"].replace("000", "001"), form["texte"] + " Il doit 3 fois plus."):
        response = taken(client, address, {**form, "texte": text})
        assert response.status_code == 422
        assert "Rien n’a changé" in response.text
    assert WORDS not in plain(client.get(f"{address}.md").text.replace("\\", ""))


def test_a_value_that_changed_meanwhile_refuses_the_proposal(client: TestClient) -> None:
    address = a_complete_case(client)
    form = proposed(asked(client, address).text)
    told(client, dossier_of(address), {"don.montant": 8000})

    assert taken(client, address, form).status_code == 422


def test_a_clause_that_somebody_rewrote_meanwhile_is_not_overwritten(client: TestClient) -> None:
    address = a_complete_case(client)
    form = proposed(asked(client, address).text)
    other = "Le Mécène s'engage à verser au Bénéficiaire 9 000 € (neuf mille euros)."
    assert edit(client, address, "recrire", CLAUSE, texte=other).status_code == 303
    response = taken(client, address, form)

    assert response.status_code == 409
    assert "Quelqu’un a récrit cette clause" in response.text
    assert WORDS in plain(response.text)
    again = proposed(response.text)
    assert again["base"] != form["base"]
    assert WORDS not in plain(client.get(f"{address}.md").text.replace("\\", ""))
    again["texte"] = form["texte"]
    assert taken(client, address, again).status_code == 303


@pytest.mark.parametrize(
    ("says", "status"),
    [
        (Fault.TIMEOUT, 503),
        (Fault.UNREACHABLE, 503),
        ("not json", 503),
        ({"texte": ""}, 422),
        ({"texte": GOOD.replace("s'engage à", "peut")}, 422),
        ({"texte": GOOD + " Le don est de 12 000 €."}, 422),
        ({"texte": GOOD + " <img src=https://mechant.example/x>"}, 422),
    ],
)
def test_a_failure_is_a_sentence_and_nothing_changes(
    client: TestClient, parrot: Parrot, says: Said, status: int
) -> None:
    address = a_complete_case(client)
    before = client.get(f"{address}.md").text
    parrot.says = lambda _: says
    response = asked(client, address)

    assert response.status_code == status
    assert "Rien n’a changé" in response.text
    assert proposed(response.text) == {}
    assert client.get(f"{address}.md").text == before


def test_markup_that_a_person_accepts_is_words_everywhere(
    client: TestClient, parrot: Parrot
) -> None:
    address = a_complete_case(client)
    markup = "<b>don</b> {{ don total }} <script>don</script> {% raw %}"
    parrot.says = lambda _: {"texte": f"{GOOD} {markup}"}
    page = asked(client, address)
    assert page.status_code == 200
    assert taken(client, address, proposed(page.text)).status_code == 303
    for seen in (page.text, client.get(f"{address}?article=don").text,
                 client.get(f"{address}.html").text):  # fmt: skip
        assert "<script>don" not in seen
        assert "&lt;script&gt;" in seen


def test_a_table_and_a_clause_that_is_not_there(client: TestClient) -> None:
    address = a_complete_case(client)

    assert asked(client, address, "mf.don.echeancier").status_code == 422
    assert asked(client, address, "mf.absente").status_code == 404
    assert asked(client, address, "../x").status_code == 422
    assert client.post(
        f"/dossiers/{'0' * 32}/documents/{NAME}/clauses/proposition",
        data={"article": "don", "clause": CLAUSE, "base": "1"},
    ).status_code == 404  # fmt: skip


def test_somebody_else_neither_asks_nor_takes(client: TestClient, site: TestClient) -> None:
    address = a_complete_case(client)
    form = proposed(asked(client, address).text)
    stranger = another(site)

    assert stranger.post(f"{address}/clauses/proposition", data=form).status_code == 404
    assert taken(stranger, address, form).status_code == 404


def test_the_partner_s_private_answers_stay_out_of_the_prompt(
    client: TestClient, parrot: Parrot
) -> None:
    address = a_complete_case(client)
    told(client, dossier_of(address), {"lignes_rouges": ["SECRET"], "acteur_nom": "SECRETE Asso"})
    asked(client, address)
    prompt = parrot.model.prompts[-1]

    assert "SECRET" not in prompt.user + prompt.system
    assert parrot.model.conversations[-1] == f"dossier:{dossier_of(address).rpartition('/')[2]}"


def test_what_is_answered_meanwhile_is_not_lost(client: TestClient) -> None:
    address = a_complete_case(client)
    page = asked(client, address)
    told(client, dossier_of(address), {"objet.projet": "Une ressourcerie mobile."})
    assert taken(client, address, proposed(page.text)).status_code == 303
    shown = plain(client.get(f"{address}.md").text.replace("\\", ""))

    assert "Une ressourcerie mobile" in shown
    assert WORDS in shown
