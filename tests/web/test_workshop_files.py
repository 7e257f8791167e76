"""Files of a workshop over HTTP: to its trainer, or to one phone, and to nobody else."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader

from assistant.answering.worded import Writer
from assistant.bootstrap import Engine
from assistant.llm.port import Fault
from assistant.llm.prompts import Prompts
from assistant.llm.scripted import Reply, ScriptedModel
from assistant.settings import INSTALLED_PROMPTS, Settings
from assistant.workshop.exporting import replay
from tests.web.serving import unclosable
from tests.web.test_workshops import Workshop, opened
from tests.workshop.building import agenda, item
from tests.workshop.exported import told
from tests.workshop.test_synthesis import guard
from web.app import create_app
from web.owner import COOKIE

FILES = (
    "export.xlsx", "export.csv", "export.json", "compte-rendu.docx", "compte-rendu.odt",
    "compte-rendu.pdf", "compte-rendu.html", "compte-rendu.md", "conventions.zip",
    "conventions/convention/1.docx", "synthese",
)  # fmt: skip


@pytest.fixture(scope="module")
def application(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FastAPI, TestClient]]:
    settings = Settings(data=tmp_path_factory.mktemp("files"))
    made = create_app(settings, build=lambda _: unclosable(engine))
    with TestClient(made) as client:
        yield made, client


@pytest.fixture
def workshop(application: tuple[FastAPI, TestClient]) -> Workshop:
    return led(*application)


def led(app: FastAPI, running: TestClient) -> Workshop:

    def person() -> TestClient:
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = running.portal
        return client

    trainer = person()
    trainer.post("/dossiers")
    steps = agenda(item("accueil", "expose"), item("mots"),
                   item("pas", "engagements", question="Quoi ?"))  # fmt: skip
    made = app.state.services.workshops.create(trainer.cookies[COOKIE], steps)
    return Workshop(app, trainer, person, made.id, made.code, made.screen)


@pytest.fixture(scope="module")
def full(application: tuple[FastAPI, TestClient]) -> Workshop:
    """The workshop of the examples, led by a trainer."""
    workshop = led(*application)
    workshops = workshop.app.state.services.workshops
    owner = workshop.trainer.cookies[COOKIE]
    session = replay.replayed(workshops, owner, replay.exported_text(told()))
    return replace(workshop, id=session.id)


def get(workshop: Workshop, path: str, **query: str):
    return workshop.trainer.get(f"/ateliers/{workshop.id}/{path}", params=query)


def spoken(workshop: Workshop) -> TestClient:
    phone = opened(workshop).enter("Zoé-la-rouge")
    workshop.say(phone, "confiance", "=1+1")
    return phone


def test_the_trainer_takes_the_results_while_it_goes_on(workshop: Workshop) -> None:
    spoken(workshop)

    book = get(workshop, "export.xlsx")

    assert book.status_code == 200
    assert "attachment" in book.headers["content-disposition"]
    assert book.headers["cache-control"] == "private, no-store"
    cells = [c for sheet in openpyxl.load_workbook(io.BytesIO(book.content))
             for row in sheet for c in row]  # fmt: skip
    assert {"confiance", "=1+1"} <= {c.value for c in cells}
    assert all(c.data_type != "f" for c in cells)
    package = zipfile.ZipFile(io.BytesIO(get(workshop, "export.csv").content))
    assert all(name.endswith(".csv") for name in package.namelist())
    one = get(workshop, "export.csv", activite="mots")
    assert one.headers["content-type"] == "text/csv; charset=utf-8"
    assert '"\'=1+1"' in one.content.decode("utf-8-sig")


@pytest.mark.parametrize("path", FILES[:8])
def test_nobody_is_named_unless_the_trainer_asks(workshop: Workshop, path: str) -> None:
    spoken(workshop)

    def text(**query: str) -> str:
        content = get(workshop, path, **query).content
        if path.endswith(("xlsx", "csv", "docx", "odt")):
            package = zipfile.ZipFile(io.BytesIO(content))
            return " ".join(package.read(name).decode(errors="replace")
                            for name in package.namelist())  # fmt: skip
        if path.endswith("pdf"):
            return " ".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages)
        return content.decode().replace("\\-", "-")

    assert "confiance" in text()
    assert "rouge" not in text()
    assert "rouge" in text(noms="oui")


@pytest.mark.parametrize("path", FILES)
def test_files_do_not_exist_for_anybody_else(full: Workshop, path: str) -> None:
    stranger, other = full.person(), full.person()
    other.post("/dossiers")

    for who in (stranger, other):
        assert who.get(f"/ateliers/{full.id}/{path}").status_code == 404
    assert full.person().post(f"/ateliers/{full.id}/synthese").status_code == 404


def test_a_participant_takes_no_file_of_the_trainer(workshop: Workshop) -> None:
    phone = spoken(workshop)

    for path in FILES:
        assert phone.get(f"/ateliers/{workshop.id}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["export.exe", "export.pdf", "compte-rendu.json", "conventions/convention/9.docx",
     "conventions/mots/1.docx", "conventions/convention/1.md", "export.csv?activite=inconnue",
     "export.xlsx?activite=mots"],
)  # fmt: skip
def test_what_does_not_exist_is_said_in_french(full: Workshop, path: str) -> None:
    answer = full.trainer.get(f"/ateliers/{full.id}/{path}")

    assert answer.status_code == 404
    assert "<main" in answer.text


def test_tables_have_their_conventions(full: Workshop) -> None:
    package = zipfile.ZipFile(io.BytesIO(get(full, "conventions.zip").content))
    one = get(full, "conventions/convention/2.docx")

    assert package.namelist() == [f"table-{n}.docx" for n in (1, 2, 3, 4)]
    assert "PROJET" in "\n".join(p.text for p in docx.Document(io.BytesIO(one.content)).paragraphs)
    assert get(full, "conventions/convention/2.pdf").content.startswith(b"%PDF")
    assert get(full, "conventions.zip", format="exe").status_code == 422


def test_a_workshop_without_tables_has_no_convention(workshop: Workshop) -> None:
    assert get(workshop, "conventions.zip").status_code == 404


def test_the_json_replays_into_a_workshop_of_the_same_trainer(full: Workshop) -> None:
    data = get(full, "export.json").content
    services = full.app.state.services

    again = replay.replayed(services.workshops, full.trainer.cookies[COOKIE], data)

    assert full.trainer.get(f"/ateliers/{again.id}/export.json").status_code == 200
    assert json.loads(data)["participants"] == 22


# The hand-out


def test_a_phone_takes_home_its_own_words_and_no_other(workshop: Workshop) -> None:
    phone = spoken(workshop)
    other = workshop.enter()
    workshop.say(other, "patience")

    page = phone.get(f"/salle/{workshop.id}/fiche.html")

    assert "confiance" in page.text
    assert "patience" not in page.text
    style = page.headers["content-security-policy"]
    assert re.search(r"style-src 'sha256-[\w+/=]+'", style)
    assert "script-src" not in style
    assert " style=" not in page.text.partition("</style>")[2]
    pdf = phone.get(f"/salle/{workshop.id}/fiche.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert phone.get(f"/salle/{workshop.id}/fiche.docx").status_code == 404


def test_a_hand_out_is_private_to_its_phone(workshop: Workshop) -> None:
    spoken(workshop)

    for who in (workshop.person(), workshop.trainer):
        assert who.get(f"/salle/{workshop.id}/fiche.html").status_code == 403


def test_a_hand_out_remains_when_it_is_over_and_leaves_with_who_is_put_out(
    workshop: Workshop,
) -> None:
    phone = spoken(workshop)
    workshop.command("terminer")
    assert "confiance" in phone.get(f"/salle/{workshop.id}/fiche.html").text

    workshop.command("annuler")
    person = workshop.app.state.services.workshops.room(workshop.id).here[0]
    workshop.command("exclure", participant=person.id)
    assert phone.get(f"/salle/{workshop.id}/fiche.html").status_code == 403


# The synthesis


def test_without_a_model_there_is_no_synthesis(workshop: Workshop) -> None:
    spoken(workshop)

    assert get(workshop, "synthese").status_code == 409
    answer = workshop.trainer.post(f"/ateliers/{workshop.id}/synthese")
    assert answer.status_code == 409
    assert "Aucun modèle de langage" in answer.text


@pytest.fixture
def modelled(workshop: Workshop) -> Iterator[Workshop]:
    """With a model that tells the truth, then lies, then fails."""
    state = workshop.app.state
    before = state.services
    model = ScriptedModel([
        "- Il y a un manque de confiance [C1].",
        "- Il y a douze entreprises et un manque de confiance [C1].",
        Reply(fault=Fault.UNREACHABLE),
    ])  # fmt: skip
    writer = Writer(model, Prompts(INSTALLED_PROMPTS), guard())
    state.services = replace(before, writer=writer)
    yield workshop
    state.services = before


def test_a_synthesis_shows_each_claim_with_its_contributions(modelled: Workshop) -> None:
    phone = opened(modelled).enter("Zoé-la-rouge")
    modelled.say(phone, "manque de confiance")

    page = modelled.trainer.post(f"/ateliers/{modelled.id}/synthese")
    assert page.url.path.endswith("/synthese")
    assert "<p>Il y a un manque de confiance." in page.text
    target = re.search(r'href="#(c1-\d+)"', page.text)
    assert target
    assert f'id="{target[1]}"' in page.text
    assert "manque de confiance" in get(modelled, "compte-rendu.md").text.partition("Synthèse")[2]

    lied = modelled.trainer.post(f"/ateliers/{modelled.id}/synthese")
    assert "douze" not in lied.text
    assert "rien n’est montré" in lied.text
    failed = modelled.trainer.post(f"/ateliers/{modelled.id}/synthese")
    assert failed.status_code == 409
    assert "Rien n’est perdu" in failed.text
    assert "Zoé" not in "".join(
        prompt.user for prompt in modelled.app.state.services.writer.model.prompts
    )


def test_files_are_made_beside_the_loop(workshop: Workshop, tmp_path: Path) -> None:
    services = workshop.app.state.services
    spoken(workshop)

    assert get(workshop, "compte-rendu.pdf").status_code == 200
    assert services.exports.statistics().borrowed_tokens == 0


def test_an_export_is_brought_back_whole_through_the_page(full: Workshop) -> None:
    data = get(full, "export.json").content
    assert len(data) > 256_000

    answer = full.trainer.post("/ateliers/importer", files={"fichier": ("atelier.json", data)})

    assert answer.url.path.startswith("/ateliers/")
    assert answer.url.path != f"/ateliers/{full.id}"
    stranger = full.person()
    assert stranger.get(answer.url.path).status_code == 404
    again = stranger.post("/ateliers/importer", files={"fichier": ("atelier.json", data)})
    assert stranger.get(f"{again.url.path}/animer").status_code == 200


@pytest.mark.parametrize("wrong", [b"", b"[]", b"{}", b"\xff\xfe", b'{"version": 99}'])
def test_what_is_not_an_export_is_refused_with_a_sentence(workshop: Workshop, wrong: bytes) -> None:
    before = workshop.app.state.services.workshops.store.listing(workshop.trainer.cookies[COOKIE])

    answer = workshop.trainer.post("/ateliers/importer", files={"fichier": ("x.json", wrong)})

    assert answer.status_code == 422
    assert "<main" in answer.text
    after = workshop.app.state.services.workshops.store.listing(workshop.trainer.cookies[COOKIE])
    assert after == before


def test_only_a_replay_may_be_large(workshop: Workshop) -> None:
    large = {"fichier": ("x.json", b"x" * 300_000)}

    assert workshop.trainer.post("/ateliers/importer", files=large).status_code == 422
    assert workshop.trainer.post("/dossiers/importer", files=large).status_code == 413
