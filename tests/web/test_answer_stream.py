"""An answer in a model's words, from the scripted process to the page: real protocol, real server."""

import http.client
import json
import logging
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from assistant.bootstrap import Engine, language_model, masks
from assistant.llm.port import LanguageModel, Prompt, T
from assistant.settings import Settings
from eval.scripted.scripts import SCRIPTS
from tests.llm.conftest import ScriptedServer, scripted_process, scripted_server  # noqa: F401
from tests.web.conftest import Person
from tests.web.serving import unclosable
from web.app import create_app

QUESTION = "Quels sont les risques d'un partenariat pour une association ?"
SECRET = (
    "Je suis Mme Odile Kerzoncuf. Quels sont les risques d'un partenariat pour une association ?"
)
# scripts whose answer holds; the others leave the extractive one
WORDED = {
    "honest", "honest-after", "verbose", "wild-citations", "split-citations", "thinking", "given",
    "malformed-json", "half-json", "null-nested", "fenced-json", "chatty-json", "wrong-json",
    "slow", "huge", "comments", "bom", "nul", "injected", "injected-tools", "liar", "surrogates",
}  # fmt: skip
EITHER = {"latin1", "bad-utf8", "raw-nul", "wrong-citations", "loop", "429"}
TERMS = {
    "slow": "slow?pace=300",
    "wild-citations": "wild-citations?length=8",
    "huge": "huge?length=40",
    "hang-mid": "hang-mid?after=60",
    "cut": "cut?after=60",
}


class Switch(LanguageModel):
    """The model of the script that is wanted now."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self.play("honest")

    def play(self, script: str) -> None:
        self._now = language_model(settings_for(self._server, script))

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def _model(self) -> LanguageModel:
        assert self._now is not None
        return self._now

    def stream(self, prompt: Prompt, *, conversation: str | None = None) -> AsyncIterator[str]:
        return self._model.stream(prompt, conversation=conversation)

    async def complete(
        self, prompt: Prompt, schema: type[T], *, conversation: str | None = None
    ) -> T:
        return await self._model.complete(prompt, schema, conversation=conversation)


def settings_for(server: ScriptedServer, script: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "llm": f"openai:scripted-{script}", "llm_url": server.url, "llm_key": "sk-essai",
        "llm_first_token": 0.8, "llm_idle": 0.5, "llm_total": 8, "llm_max_tokens": 1500,
    }  # fmt: skip
    return Settings(**{**values, **changes})


@pytest.fixture(scope="module")
def switch(scripted_process: ScriptedServer) -> Switch:  # noqa: F811
    return Switch(scripted_process)


@pytest.fixture(scope="module")
def worded_app(
    switch: Switch, engine: Engine, scripted_process: ScriptedServer,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> FastAPI:  # fmt: skip
    data = tmp_path_factory.mktemp("worded")
    return create_app(
        settings_for(scripted_process, "honest", data=data),
        build=lambda _: unclosable(engine), build_model=lambda _: switch,
    )  # fmt: skip


@pytest.fixture(scope="module")
def port(worded_app: FastAPI) -> Iterator[int]:
    """The application served for real: a test client cannot leave in the middle."""
    config = uvicorn.Config(
        worded_app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def client(port: int) -> Iterator[httpx2.Client]:
    address = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=address, follow_redirects=True, trust_env=False) as made:
        yield made


@pytest.fixture(autouse=True)
def honest(switch: Switch) -> None:
    switch.play("honest")


def events_of(body: str) -> list[tuple[str, Any]]:
    found = []
    for block in body.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line[:8])
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def streamed(client: httpx2.Client, question: str = QUESTION, **more: Any) -> list[tuple[str, Any]]:
    response = client.post("/api/v1/ask/stream", json={"question": question, **more})
    assert response.status_code == 200
    return events_of(response.text)


def on_the_page(events: list[tuple[str, Any]]) -> str:
    text = ""
    for name, data in events:
        text = "" if name == "retrait" else text + data["text"] if name == "fragment" else text
    return text


# The events


def test_the_events_come_in_their_order(client: httpx2.Client) -> None:
    events = streamed(client)

    names = [name for name, _ in events]
    assert names[:3] == ["debut", "redaction", "fragment"]
    assert names[-2:] == ["reponse", "fin"]
    reply = events[-2][1]
    assert (reply["status"], reply["mode"]) == ("answered", "llm")
    assert reply["answer"] == on_the_page(events)
    assert reply["wording"]["model"] == "openai:scripted-honest"
    assert reply["wording"]["kept"] > 1


def test_a_refusal_is_streamed_as_without_a_model(client: httpx2.Client) -> None:
    events = streamed(client, "Comment créer une association ?")

    assert "redaction" not in [name for name, _ in events]
    assert events[-2][1]["status"] == "refused"
    assert "wording" not in events[-2][1]


def test_the_plain_answer_is_the_streamed_one(client: httpx2.Client) -> None:
    whole = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    last = streamed(client)[-2][1]

    assert {**whole, "id": 0, "elapsed_ms": 0} == {**last, "id": 0, "elapsed_ms": 0}


@pytest.mark.parametrize("script", SCRIPTS)
def test_whatever_a_model_does_a_right_answer_is_given(
    client: httpx2.Client, switch: Switch, engine: Engine, script: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    switch.play(TERMS.get(script, script))
    with caplog.at_level(logging.DEBUG):
        events = streamed(client, SECRET)

    source = engine.answerer.answer(SECRET)
    names = [name for name, _ in events]
    reply = events[-2][1]
    assert names[-2:] == ["reponse", "fin"]
    assert reply["answer"] == on_the_page(events)
    if script not in EITHER:
        assert reply["mode"] == ("llm" if script in WORDED else "extractive")
    if reply["mode"] == "extractive":
        assert reply["answer"] == source.answer
        assert reply["wording"]["note"].endswith("telles quelles.")
    else:
        assert reply["wording"]["note"] is None
        passages = {citation.passage for citation in source.citations}
        assert {citation["passage"] for citation in reply["citations"]} <= passages
    for name, data in events:
        if name == "fragment" and reply["mode"] == "llm":
            assert re.search(r"\]\s*$", data["text"]), data
    assert re.search(r"<\w|!\[|\]\(|https?:|javascript|www\.", reply["answer"]) is None
    logged = str([record.__dict__ for record in caplog.records if record.name != "httpx"])
    assert "Kerzoncuf" not in logged
    assert "réputation" not in logged


def test_no_lie_reaches_the_page(
    client: httpx2.Client, switch: Switch, scripted_server: ScriptedServer,  # noqa: F811
) -> None:  # fmt: skip
    from eval.scripted.lies import flat, says

    for seed in range(8):
        switch.play(f"liar?seed={seed}")
        events = streamed(client)
        text = flat(json.dumps(events[-2][1], ensure_ascii=False) + on_the_page(events))
        assert scripted_server.ask("invented")
        assert [lie for lie in scripted_server.last()["invented"] if says(text, lie)] == []


# What is kept


def test_the_kept_turn_is_what_was_shown(client: httpx2.Client) -> None:
    conversation = client.post("/api/v1/conversations", json={}).json()["id"]
    events = streamed(client, conversation_id=conversation)

    (turn,) = client.get(f"/api/v1/conversations/{conversation}").json()["messages"]
    assert turn["reply"] == events[-2][1]
    assert turn["reply"]["answer"] == on_the_page(events)
    page = client.get(f"/conversations/{conversation}").text
    assert "Rédigé par un" in page
    assert "complété par des phrases des sources" in page


def test_the_note_is_on_the_page_when_the_model_fails(
    client: httpx2.Client, switch: Switch
) -> None:
    switch.play("401")
    conversation = client.post("/api/v1/conversations", json={}).json()["id"]
    streamed(client, conversation_id=conversation)

    page = client.get(f"/conversations/{conversation}").text
    assert "n’a pas pu répondre" in page
    assert "Rédigé par un" not in page


def test_without_a_script_the_form_gives_the_same_answer(client: httpx2.Client) -> None:
    response = client.post("/conversation", data={"question": QUESTION})

    assert response.status_code == 200
    assert "Rédigé par un" in response.text
    assert re.search(r'class="mark-link"', response.text)


# A reader who leaves


def asking(port: int, body: dict[str, Any], cookie: str = "") -> tuple[Any, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"content-type": "application/json", "cookie": cookie}
    connection.request("POST", "/api/v1/ask/stream", json.dumps(body), headers)
    return connection, connection.getresponse()


def until(response: Any, told: str) -> None:
    while (line := response.readline().decode()).strip() != told:
        assert line


@pytest.mark.parametrize("moment", ["redaction", "fragment"])
def test_a_reader_who_leaves_stops_the_model_within_a_second(
    scripted_server: ScriptedServer,  # noqa: F811
    switch: Switch,
    port: int,
    moment: str,
) -> None:
    switch.play("honest?pace=40&length=40")
    connection, response = asking(port, {"question": QUESTION})
    until(response, f"event: {moment}")
    scripted_server.until(lambda counters: counters["open_streams"] == 1)
    left = time.time()
    response.close()
    connection.close()
    counters = scripted_server.until(lambda seen: seen["open_streams"] == 0)

    (exchange,) = counters["exchanges"]
    assert exchange["end"] == "left"
    assert exchange["ended"] - left < 1
    assert exchange["last"] is None or exchange["last"] - left < 1


@pytest.mark.parametrize("page", ["/api/v1/ask", "/conversation"])
def test_a_reader_who_leaves_a_whole_answer_stops_the_model_within_a_second(
    scripted_server: ScriptedServer,  # noqa: F811
    switch: Switch,
    port: int,
    page: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    switch.play("honest?pace=40&length=40")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    if page == "/conversation":
        form = {"content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", page, urlencode({"question": QUESTION}), form)
    else:
        body = json.dumps({"question": QUESTION})
        connection.request("POST", page, body, {"content-type": "application/json"})
    scripted_server.until(lambda counters: counters["open_streams"] == 1)
    left = time.time()
    connection.close()
    counters = scripted_server.until(lambda seen: seen["open_streams"] == 0)

    (exchange,) = counters["exchanges"]
    assert exchange["end"] == "left"
    assert exchange["ended"] - left < 1
    time.sleep(0.3)
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_reader_who_leaves_is_nobody_s_error(
    switch: Switch, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    for script in ("honest", "401", "honest?pace=400"):
        switch.play(script)
        for _ in range(5):
            connection, response = asking(port, {"question": QUESTION})
            response.readline()
            response.close()
            connection.close()
    time.sleep(0.6)

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_an_answer_that_is_left_leaves_no_turn(
    scripted_server: ScriptedServer,  # noqa: F811
    switch: Switch,
    port: int,
    client: httpx2.Client,
) -> None:
    switch.play("honest?pace=40")
    conversation = client.post("/api/v1/conversations", json={}).json()["id"]
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    connection, response = asking(
        port, {"question": QUESTION, "conversation_id": conversation}, cookie
    )
    until(response, "event: fragment")
    response.close()
    connection.close()
    scripted_server.until(lambda seen: seen["open_streams"] == 0)

    assert client.get(f"/api/v1/conversations/{conversation}").json()["messages"] == []


# What people are told


def test_the_page_says_what_is_sent_where(client: httpx2.Client) -> None:
    page = client.get("/modele").text

    assert "openai:scripted-honest" in page
    assert "127.0.0.1" in page
    assert "ASSISTANT_LLM_MASK" in page
    assert 'href="/modele"' in client.get("/a-propos").text
    assert 'href="/modele"' in client.get("/fiches").text
    assert client.get("/sante").json()["mode"] == "llm"


def test_the_page_says_whether_the_model_works_now(
    client: httpx2.Client, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from web.routes import model

    monkeypatch.setattr(model, "BETWEEN", timedelta())
    assert "Oui\u00a0: il a répondu" in client.post("/modele").text
    switch.play("401")
    page = client.post("/modele").text
    assert "Non, le" in page
    assert "la clé est refusée" in page


def test_a_model_elsewhere_is_told_on_every_page(
    worded_app: FastAPI, client: httpx2.Client
) -> None:
    here = worded_app.state.services
    settings = here.settings.model_copy(update={"llm_url": "https://ia.example.org/v1"})
    assert masks(settings)
    assert not masks(here.settings)
    worded_app.state.services = replace(
        here, settings=settings, writer=replace(here.writer, masked=True)
    )
    try:
        page = client.get("/modele").text
        home, about = client.get("/").text, client.get("/a-propos").text
    finally:
        worded_app.state.services = here

    assert "<strong>ia.example.org</strong>" in page
    assert "sont remplacés par des repères" in page
    assert "Rien de ce que vous écrivez" not in home
    assert "Vos questions sont envoyées" in home
    assert "Rien ne quitte la machine" not in about


@pytest.mark.parametrize(("told", "masked"), [(None, True), (True, True), (False, False)])
def test_masking_is_on_for_a_model_elsewhere_unless_it_is_turned_off(
    told: bool | None, masked: bool
) -> None:
    elsewhere = Settings(llm="openai:x", llm_url="https://ia.example.org/v1", llm_mask=told)

    assert masks(elsewhere) is masked
    assert masks(Settings(llm="ollama:x", llm_mask=told)) is bool(told)


def test_without_a_model_nothing_changes(person: Person) -> None:
    client = person()
    reply = client.post("/api/v1/ask", json={"question": QUESTION}).json()

    assert reply["mode"] == "extractive"
    assert "wording" not in reply
    assert "redaction" not in [name for name, _ in streamed(client)]
    assert "Aucun modèle de langage n’est employé" in client.get("/modele").text
    assert 'href="/modele"' not in client.get("/a-propos").text
    assert "Rien de ce que vous écrivez ne quitte" in client.get("/").text
    assert client.get("/sante").json()["mode"] == "extractive"


def test_the_stream_is_described_in_the_openapi(client: httpx2.Client) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/ask/stream"]["post"]

    content = described["responses"]["200"]["content"]
    assert list(content) == ["text/event-stream"]
    told = described["responses"]["200"]["description"]
    for event in ("debut", "redaction", "fragment", "retrait", "reponse", "erreur", "fin"):
        assert f"`{event}`" in told
