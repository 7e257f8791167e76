"""The interview with a language model beside us: page and API, on the real protocol and with doubles."""

import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine, language_model
from assistant.clock import SystemClock
from assistant.coaching.understanding.modelled import ModelReader
from assistant.llm.limits import Breaker
from assistant.llm.scripted import Reply, Said, ScriptedModel
from assistant.settings import Settings
from tests.llm.conftest import ScriptedServer, scripted_process, scripted_server  # noqa: F401
from tests.web.conftest import Person
from tests.web.serving import unclosable
from web.app import create_app

CHOICE = 'id="a-choisir"'
VAGUE = "Une bande de copains qui retape des vélos, et un gros garage du coin pourrait aider."
GIFT = "On est une association et l’entreprise Durand nous donne 8 000 €."
OFFERED = {
    "slot": "acteur_type",
    "value": "association",
    "words": "Une bande de copains",
    "sure": True,
}
OTHER = {"slot": "acteur_type", "value": "entreprise", "words": "l’entreprise Durand", "sure": True}


def told(*findings: dict[str, Any], command: str = "") -> dict[str, Any]:
    return {"findings": list(findings), "command": command}


@pytest.fixture(scope="module")
def modelled_app(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    data = tmp_path_factory.mktemp("modelled")
    settings = Settings(data=data, llm="openai:x", llm_url="http://127.0.0.1:9/v1", llm_key="sk")
    return create_app(
        settings, build=lambda _: unclosable(engine), build_model=lambda _: ScriptedModel([])
    )


@pytest.fixture(scope="module")
def started(modelled_app: FastAPI) -> Iterator[TestClient]:
    with TestClient(modelled_app, base_url="http://testserver") as client:
        yield client


@pytest.fixture
def me(modelled_app: FastAPI, started: TestClient) -> TestClient:
    client = TestClient(modelled_app, raise_server_exceptions=False)
    client.portal = started.portal
    return client


def play(app: FastAPI, *script: Said, **changes: Any) -> ModelReader:
    """From now on the model says this."""
    services = app.state.services
    assert services.reader is not None
    read: ModelReader = replace(
        services.reader, model=ScriptedModel(script), breaker=Breaker(SystemClock()), **changes
    )
    app.state.services = replace(services, reader=read)
    return read


def opened(client: TestClient) -> str:
    answer = client.post("/dossiers", data={"titre": "Vélos"}, follow_redirects=False)
    return str(answer.headers["location"])


def events(client: TestClient, dossier: str) -> list[dict[str, Any]]:
    return [one["event"] for one in client.get(f"{dossier}/export.json").json()["events"]]


def known(client: TestClient, dossier: str) -> dict[str, Any]:
    facts: dict[str, Any] = client.get(f"/api/v1{dossier}").json()["facts"]
    return facts


def test_what_only_the_model_reads_is_offered_on_the_page_and_confirmed_by_a_person(
    modelled_app: FastAPI, me: TestClient
) -> None:
    play(modelled_app, told(OFFERED))
    dossier = opened(me)
    me.post(f"{dossier}/messages", data={"message": VAGUE})
    page = me.get(dossier).text

    assert "acteur_type" not in known(me, dossier)
    assert "Un modèle de langage a aussi lu ceci" in page
    assert re.search(r'<q class="words">Une bande de copains</q> <span class="tag">lu par un', page)
    assert "Lu par un modèle de langage, à confirmer" in me.get(f"{dossier}/historique").text

    me.post(f"{dossier}/confirmer", data={"slot": "acteur_type", "verdict": "oui"})
    assert known(me, dossier)["acteur_type"] == "association"


@pytest.mark.parametrize(
    ("choice", "value"), [("outil", "association"), ("modele", "entreprise"), ("aucune", None)]
)
def test_between_two_readings_a_person_chooses_without_a_script(
    modelled_app: FastAPI, me: TestClient, choice: str, value: str | None
) -> None:
    play(modelled_app, told(OTHER))
    dossier = opened(me)
    me.post(f"{dossier}/messages", data={"message": GIFT})
    page = me.get(dossier).text

    assert known(me, dossier)["don"] == {"montant": 8000}
    assert "acteur_type" not in known(me, dossier)
    assert CHOICE in page
    me.post(f"{dossier}/confirmer", data={"slot": "acteur_type", "verdict": "oui"})
    assert "acteur_type" not in known(me, dossier)

    answer = me.post(f"{dossier}/lectures", data={"slot": "acteur_type", "lecture": choice})
    assert answer.status_code == 200
    assert known(me, dossier).get("acteur_type") == value
    assert CHOICE not in me.get(dossier).text


def test_a_choice_that_is_no_longer_one_changes_nothing(
    modelled_app: FastAPI, me: TestClient
) -> None:
    dossier = opened(me)
    for choice in ("outil", "modele"):
        me.post(f"{dossier}/lectures", data={"slot": "acteur_type", "lecture": choice})
    refused = me.post(f"{dossier}/lectures", data={"slot": "acteur_type", "lecture": "x"})

    assert events(me, dossier) == []
    assert refused.status_code == 422


def test_programs_see_both_readings_and_answer_as_usual(
    modelled_app: FastAPI, me: TestClient
) -> None:
    play(modelled_app, told(OTHER), told(OFFERED))
    dossier = opened(me)
    reply = me.post(f"/api/v1{dossier}/messages", json={"message": GIFT}).json()
    parts = {part["kind"]: part for part in reply["parts"]}

    assert parts["two_readings"]["theirs"]["words"] == "l’entreprise Durand"
    me.post(f"/api/v1{dossier}/answers", json={"values": {"acteur_type": "association"}})
    assert known(me, dossier)["acteur_type"] == "association"
    assert CHOICE not in me.get(dossier).text


def test_an_exported_case_file_comes_back_with_its_readings(
    modelled_app: FastAPI, me: TestClient
) -> None:
    play(modelled_app, told(OTHER))
    dossier = opened(me)
    me.post(f"{dossier}/messages", data={"message": GIFT})
    exported = me.get(f"/api/v1{dossier}/export").json()
    again = me.post("/api/v1/dossiers/import", json=exported).json()["id"]

    assert CHOICE in me.get(f"/dossiers/{again}").text
    for event in (one["event"] for one in exported["events"]):
        if event["kind"] == "read_by_model":
            event["others"] = {"acteur_type": "pirate"}
    assert me.post("/api/v1/dossiers/import", json=exported).status_code == 422


def test_the_coach_does_not_wait_longer_than_it_is_told(
    modelled_app: FastAPI, me: TestClient
) -> None:
    read = play(modelled_app, Reply(text="{}", delay=60), within=0.2)
    dossier = opened(me)
    before = time.perf_counter()
    me.post(f"{dossier}/messages", data={"message": GIFT})

    assert time.perf_counter() - before < 10
    assert known(me, dossier)["acteur_type"] == "association"
    assert sum(read.tally.faults.values()) >= 1
    assert "sans réponse utile" in me.get("/modele").text


def test_what_cannot_even_be_prepared_costs_the_person_nothing(
    modelled_app: FastAPI, me: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(GIFT)

    play(modelled_app, told(OTHER))
    monkeypatch.setattr(ModelReader, "kept", broken)
    dossier = opened(me)
    me.post(f"{dossier}/messages", data={"message": GIFT})

    assert known(me, dossier)["acteur_type"] == "association"


def test_a_case_file_of_somebody_else_sends_nothing(modelled_app: FastAPI, me: TestClient) -> None:
    dossier = opened(me)
    read = play(modelled_app, told(OTHER))
    stranger = TestClient(modelled_app)
    stranger.portal = me.portal
    answer = stranger.post(f"{dossier}/messages", data={"message": GIFT})
    long = me.post(f"/api/v1{dossier}/messages", json={"message": "a" * 50_000})

    assert (answer.status_code, long.status_code) == (404, 413)
    assert isinstance(read.model, ScriptedModel)
    assert read.model.prompts == []


def test_the_page_says_that_a_model_reads(modelled_app: FastAPI, me: TestClient) -> None:
    page = me.get(opened(me)).text

    assert "Un modèle de langage lit aussi vos messages" in page
    assert '<a href="/modele">Ce qui est envoyé</a>' in page
    assert "le message que vous écrivez" in me.get("/modele").text


def test_without_a_model_the_page_says_nothing_of_it(person: Person) -> None:
    client = person()
    dossier = opened(client)
    client.post(f"{dossier}/messages", data={"message": GIFT})

    assert "modèle de langage" not in client.get(dossier).text
    assert {one["kind"] for one in events(client, dossier)} == {"answered", "talked"}


def test_no_seconds_is_no_reading(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    from assistant.bootstrap import build_coach, build_reader, build_writer

    settings = Settings(llm_reading=0, llm="openai:x", llm_url="http://127.0.0.1:9/v1")
    writer = build_writer(settings, engine, ScriptedModel([]))
    coach = build_coach(settings, engine.texts)

    assert build_reader(settings, coach, writer) is None
    assert build_reader(settings, coach, None) is None
    assert build_reader(settings.model_copy(update={"llm_reading": 2.0}), coach, writer) is not None


# The real protocol


def served(app: FastAPI, server: ScriptedServer, script: str, **changes: Any) -> ModelReader:
    settings = Settings(
        llm=f"openai:scripted-{script}", llm_url=server.url, llm_key="sk-essai", llm_max_tokens=1500
    )
    model = language_model(settings)
    assert model is not None
    read = play(app, **changes)
    read = replace(read, model=model)
    app.state.services = replace(app.state.services, reader=read)
    return read


def test_through_a_provider_the_same_is_offered_and_names_do_not_leave(
    modelled_app: FastAPI,
    me: TestClient,
    scripted_server: ScriptedServer,  # noqa: F811
) -> None:
    served(modelled_app, scripted_server, "given", masked=True, within=10.0)
    words = "l’entreprise [ORGANISATION_1]"
    found = {"slot": "acteur_type", "value": "entreprise", "words": words, "sure": True}
    amount = {"slot": "don.montant", "value": "[MONTANT_1]", "words": "[MONTANT_1]", "sure": True}
    scripted_server.tell("replies", when="message", text=json.dumps(told(found, amount)))
    dossier = opened(me)
    me.post(f"{dossier}/messages", data={"message": GIFT})

    sent = json.dumps(scripted_server.ask("requests"), ensure_ascii=False)
    assert "[MONTANT_1]" in sent
    assert "8 000" not in sent
    assert known(me, dossier)["don"] == {"montant": 8000}
    if "[ORGANISATION_1]" in sent:
        assert "Durand" not in sent
        assert "acteur_type" not in known(me, dossier)


@pytest.mark.parametrize(
    "script",
    [
        "liar",
        "injected",
        "injected-tools",
        "refusal",
        "half-json",
        "null-nested",
        "401",
        "html-page",
        "empty",
        "cut",
    ],
)
def test_whatever_a_provider_does_the_case_is_as_without_it(
    modelled_app: FastAPI, me: TestClient, scripted_server: ScriptedServer,  # noqa: F811
    script: str, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    served(modelled_app, scripted_server, script, within=2.0)
    dossier = opened(me)
    with caplog.at_level(logging.DEBUG):
        answer = me.post(f"{dossier}/messages", data={"message": GIFT})

    assert answer.status_code == 200
    facts = known(me, dossier)
    assert facts["don"] == {"montant": 8000}
    assert facts["acteur_type"] == "association"
    logged = [r.__dict__ for r in caplog.records if not r.name.startswith("httpx")]
    assert "Durand" not in str(logged)
