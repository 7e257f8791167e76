"""The adapter as a user's provider meets it: real HTTP on this machine, through LangChain."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from assistant.bootstrap import language_model
from assistant.clock import FrozenClock
from assistant.errors import CallerError
from assistant.llm.check import tried
from assistant.llm.failures import translated
from assistant.llm.port import Fault, LanguageModel, ModelFailed, Prompt
from assistant.llm.presets import PRESETS, chosen
from assistant.llm.prompts import Prompts
from assistant.llm.resilience import ResilientModel, Waiting
from assistant.llm.scripted import Reply, ScriptedModel
from assistant.llm.thinking import Thinking, spoken
from assistant.settings import INSTALLED_PROMPTS, Settings, load_settings
from tests.builders import ROOT
from tests.llm.loopback import (
    CUT,
    HANG,
    Answer,
    Loopback,
    delta,
    error,
    said,
    serving,
    sse,
    until_it_fails,
    whole,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KEY = "sk-secret-de-personne"
PROMPT = Prompt("essai", "Vous êtes calme.", "Dites bonjour à Zoé.", "0" * 64)


class Slot(BaseModel):
    montant: int
    mot: str = ""


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_PROXY", "_proxy")) or name.startswith(
            ("LANGSMITH", "LANGCHAIN", "OPENAI", "ASSISTANT_LLM")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGSMITH_TRACING", "false")  # put back what forbid_tracing writes


def settings(server: Loopback | None = None, llm: str = "ollama:m", **changes: Any) -> Settings:
    address = server.url if server else None
    return load_settings(**{"llm": llm, "llm_url": address, "llm_key": SecretStr(KEY), **changes})


def built(server: Loopback, llm: str = "ollama:m", **changes: Any) -> LanguageModel:
    model = language_model(settings(server, llm, **changes))
    assert isinstance(model, ResilientModel)

    async def at_once(_seconds: float) -> None:
        """Retries do not wait in tests."""

    model._waiting = Waiting(sleep=at_once, draw=lambda: 0.0)
    return model


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


async def text_of(model: LanguageModel) -> str:
    return "".join([piece async for piece in model.stream(PROMPT)])


async def fault_of(asked: Coroutine[Any, Any, Any]) -> Fault:
    with pytest.raises(ModelFailed) as failed:
        await asked
    assert failed.value.__context__ is None  # the provider's words go no further
    return failed.value.fault


# Text


@pytest.mark.parametrize("llm", ["ollama:m", "vllm:m", "albert:m", "openai:m", "mistral:m"])
def test_text_comes_piece_by_piece_from_every_preset(llm: str) -> None:
    async def test() -> None:
        async with serving(said("Bon", "jour ", "Zoé", total=21)) as server:
            assert await text_of(built(server, llm)) == "Bonjour Zoé"
            asked = server.asked[0]
            assert [m["content"] for m in asked["messages"]] == [PROMPT.system, PROMPT.user]
            assert asked["temperature"] == 0
            assert asked["model"] == "m"
            assert server.headers[0]["authorization"] == f"Bearer {KEY}"
            assert asked["max_tokens"] == 2_000

    run(test())


def test_openai_itself_is_sent_what_it_now_wants() -> None:
    from assistant.llm.adapter import _options
    from assistant.llm.resilience import Patience

    choice = chosen(load_settings(llm="openai:gpt-4.1", llm_key=SecretStr(KEY)))
    assert choice is not None
    options = _options(choice, Patience(), 50)

    assert options["max_tokens"] == 50
    assert "extra_body" not in options
    assert options["stream_usage"] is True
    assert options["stream_chunk_timeout"] is None  # ours is the one that counts
    assert options["max_retries"] == 0
    assert options["base_url"] == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("llm", "url", "expected"),
    [
        ("ollama:m", None, True),
        ("openai:m", "http://127.0.0.1:9/v1", False),
        ("vllm:m", None, True),
    ],
)
def test_usage_is_asked_of_servers_that_accept_the_question(
    llm: str, url: str | None, expected: bool
) -> None:
    from assistant.llm.adapter import _options
    from assistant.llm.resilience import Patience

    choice = chosen(load_settings(llm=llm, llm_url=url))
    assert choice is not None
    assert _options(choice, Patience(), 50)["stream_usage"] is expected


def test_a_reasoning_model_of_openai_is_not_sent_a_temperature() -> None:
    from assistant.llm.adapter import chat_maker
    from assistant.llm.resilience import Patience

    def sent(model: str) -> Any:
        choice = chosen(load_settings(llm=f"openai:{model}", llm_key=SecretStr(KEY)))
        assert choice is not None
        made: Any = chat_maker(choice, patience=Patience(), max_tokens=9, temperature=0.0)()
        return made.temperature

    assert sent("o3") is None
    assert sent("gpt-4.1") == 0


def test_thoughts_are_not_said() -> None:
    async def test() -> None:
        async with serving(said("<thi", "nk>hmm", "</thi", "nk>\n\nBon", "jour")) as server:
            assert await text_of(built(server)) == "Bonjour"

    run(test())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think", "<think"),
        ("<b>", "<b>"),
        ("<think>jamais fini", ""),
        (" <think>a</think> b</think>", "b</think>"),
        ("a <think>b</think>", "a <think>b</think>"),
    ],
)
def test_only_thoughts_at_the_start_are_left_out(text: str, expected: str) -> None:
    by_letter = Thinking()

    assert spoken(text) == expected
    assert "".join(map(by_letter.feed, text)).lstrip() + by_letter.end() == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(401), Fault.KEY),
        (error(403), Fault.KEY),
        (error(402), Fault.BUDGET),
        (error(404), Fault.REFUSED),
        (error(400), Fault.REFUSED),
        (error(422), Fault.REFUSED),
        (Answer([""], status=307, headers={"location": "http://127.0.0.1:9/"}), Fault.UNREACHABLE),
        (Answer(["<html>portail</html>"], kind="text/html"), Fault.MALFORMED),
        (Answer(sse("{moitié", "[DONE]")), Fault.MALFORMED),
        (Answer([b'data: {"choices": [\xff\xfe]}\n\n']), Fault.MALFORMED),
        (said(), Fault.MALFORMED),
        (said(finish="content_filter"), Fault.REFUSED),
        (said("Bonjour", finish="length"), Fault.CUT),
        (said("Bonjour", finish=None), Fault.CUT),
        (Answer([*sse(delta("Bonjour")), CUT]), Fault.CUT),
        (Answer([*sse(delta("Bonjour"), {"error": {"message": "panne", "code": 500}})]), Fault.CUT),
    ],
    ids=lambda v: str(getattr(v, "status", v)),
)  # fmt: skip
def test_what_goes_wrong_is_said_in_our_words(answer: Answer, expected: Fault) -> None:
    async def test() -> None:
        async with serving(answer) as server:
            assert await fault_of(text_of(built(server))) is expected
            assert len(server.asked) == 1

    run(test())


def test_mistral_is_understood_too_when_it_fails() -> None:
    async def test() -> None:
        async with serving(
            error(401), error(429), said("Bonjour"), said("Bon", finish=None)
        ) as server:
            model = built(server, "mistral:m")
            assert await fault_of(text_of(model)) is Fault.KEY
            assert await text_of(model) == "Bonjour"
            assert await fault_of(text_of(model)) is Fault.CUT

    run(test())


@pytest.mark.parametrize(
    "first",
    [
        error(500),
        error(502),
        error(503),
        error(504),
        error(529),
        error(429, retry_after="0"),
        Answer([CUT]),
    ],
    ids=lambda a: str(a.status),
)
def test_a_passing_failure_is_tried_again_before_the_first_token(first: Answer) -> None:
    async def test() -> None:
        async with serving(first, said("Bonjour")) as server:
            assert await text_of(built(server)) == "Bonjour"

    run(test())


def test_nothing_is_tried_again_once_text_has_come() -> None:
    async def test() -> None:
        async with serving(Answer([*sse(delta("Bon")), CUT]), said("Bonjour")) as server:
            stream = built(server).stream(PROMPT)
            assert await until_it_fails(stream) == (["Bon"], Fault.CUT)
            assert len(server.asked) == 1

    run(test())


def test_a_server_that_asks_for_more_time_than_we_have_is_not_waited_for() -> None:
    async def test() -> None:
        async with serving(error(429, retry_after="60"), said("Bonjour")) as server:
            assert await fault_of(text_of(built(server))) is Fault.BUSY
            assert len(server.asked) == 1

    run(test())


def test_a_server_that_is_not_there_is_unreachable() -> None:
    async def test() -> None:
        model = built(Loopback([], port=1))
        assert await fault_of(text_of(model)) is Fault.UNREACHABLE
        assert await fault_of(model.complete(PROMPT, Slot)) is Fault.UNREACHABLE

    run(test())


@pytest.mark.parametrize(
    ("pieces", "limits"),
    [
        ([HANG], {"llm_first_token": 0.2}),
        ([*sse(delta("Bon")), HANG], {"llm_idle": 0.2}),
        ([*sse(delta("Bon")), *[0.1, *sse(delta("jour"))] * 40], {"llm_total": 0.5}),
        ([*sse(delta("<think>")), *[0.1, *sse(delta("hum"))] * 40], {"llm_first_token": 0.5}),
    ],
    ids=["before", "between", "whole", "thinking"],
)
def test_every_wait_has_an_end_that_closes_the_connection(
    pieces: list[Any], limits: dict[str, float]
) -> None:
    async def test() -> None:
        async with serving(Answer(pieces)) as server:
            model = built(server, **limits)
            started = time.perf_counter()
            assert await fault_of(text_of(model)) is Fault.TIMEOUT
            assert time.perf_counter() - started < 1.5
            if HANG in pieces:
                await asyncio.wait_for(server.gone.wait(), 1)

    run(test())


def test_a_stream_left_by_the_reader_is_closed_at_once() -> None:
    async def test() -> None:
        async with serving(Answer([*sse(delta("Bon")), HANG])) as server:
            stream: Any = built(server).stream(PROMPT)
            async with aclosing(stream) as pieces:
                assert await anext(pieces) == "Bon"
            await asyncio.wait_for(server.gone.wait(), 0.5)

    run(test())


def test_a_reader_cancelled_while_it_waits_closes_the_connection_too() -> None:
    async def test() -> None:
        async with serving(Answer([HANG]), Answer([HANG])) as server:
            model = built(server)
            for asked in (text_of(model), model.complete(PROMPT, Slot)):
                server.gone.clear()
                reader = asyncio.ensure_future(asked)
                await asyncio.sleep(0.3)
                reader.cancel()
                await asyncio.wait_for(server.gone.wait(), 0.5)

    run(test())


def event(kind: str, **fields: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n"


def anthropic(stop: str | None = "end_turn") -> Answer:
    """What Anthropic's own protocol says for « Bonjour »."""
    counted = {"input_tokens": 10, "output_tokens": 5}
    message = {"id": "m", "type": "message", "role": "assistant", "model": "c", "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": counted}  # fmt: skip
    pieces = [
        event("message_start", message=message),
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": "Bon"}),
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": "jour"}),
        event("content_block_stop", index=0),
    ]
    if stop:
        end = {"stop_reason": stop, "stop_sequence": None}
        pieces += [event("message_delta", delta=end, usage=counted), event("message_stop")]
    return Answer(pieces)


def test_another_protocol_is_another_provider() -> None:
    tool = {"type": "tool_use", "id": "t", "name": "Slot", "input": {"montant": 12}}
    filled = {"id": "m", "type": "message", "role": "assistant", "model": "c", "content": [tool],
              "stop_reason": "tool_use", "stop_sequence": None,
              "usage": {"input_tokens": 10, "output_tokens": 5}}  # fmt: skip

    async def test() -> None:
        refusals = [anthropic("max_tokens"), anthropic(None), anthropic("refusal"), error(401)]
        as_json = Answer([json.dumps(filled)], kind="application/json")
        async with serving(error(529), anthropic(), as_json, *refusals) as server:
            url = server.url.removesuffix("/v1")
            model = built(server, "anthropic:c", llm_url=url)
            assert await text_of(model) == "Bonjour"
            assert await model.complete(PROMPT, Slot) == Slot(montant=12)
            faults = [await fault_of(text_of(model)) for _ in refusals]
            assert faults == [Fault.CUT, Fault.CUT, Fault.REFUSED, Fault.KEY]
            assert KEY in str(server.headers[0])  # which header is for its library to say
            assert server.asked[0]["max_tokens"] == 2_000

    run(test())


@pytest.mark.parametrize("llm", ["ollama:m", "mistral:m", "anthropic:c"])
def test_one_model_serves_several_event_loops(llm: str) -> None:
    """A command may run one loop per question: connections kept from a dead loop would fail."""
    answer = anthropic() if llm == "anthropic:c" else said("Bonjour")
    ready, stop = threading.Event(), threading.Event()
    servers: list[Loopback] = []

    async def serve() -> None:
        async with serving(answer, answer, answer) as server:
            servers.append(server)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        url = servers[0].url.removesuffix("/v1") if llm == "anthropic:c" else servers[0].url
        model = built(servers[0], llm, llm_url=url)
        assert [asyncio.run(text_of(model)) for _ in range(3)] == ["Bonjour"] * 3
    finally:
        stop.set()
        thread.join()


# Objects


FENCED = '```json\n{"montant": 12}\n```'


@pytest.mark.parametrize(
    "content", ['{"montant": 12}', FENCED, '<think>douze ?</think>{"montant": 12}']
)
def test_an_object_is_read(content: str) -> None:
    async def test() -> None:
        async with serving(whole(content)) as server:
            assert await built(server).complete(PROMPT, Slot) == Slot(montant=12)
            shape = server.asked[0]["response_format"]
            assert shape["type"] == "json_schema"
            assert "montant" in shape["json_schema"]["schema"]["properties"]
            assert server.asked[0]["max_tokens"] == 2_000

    run(test())


def test_a_tool_call_is_an_object_too() -> None:
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "Slot", "arguments": '{"montant": 12}'},
    }

    async def test() -> None:
        async with serving(whole(None, tool_calls=[call], finish="tool_calls")) as server:
            model = built(server, llm_method="function_calling")
            assert await model.complete(PROMPT, Slot) == Slot(montant=12)
            assert server.asked[0]["tools"][0]["function"]["name"] == "Slot"

    run(test())


@pytest.mark.parametrize(
    "bad",
    [
        '{"montant": 12',
        '{"montant": 12, "mot": "al',
        "null",
        '{"montant": null}',
        "Je ne sais pas.",
        "",
    ],
)
def test_a_reply_that_is_no_object_is_shown_its_mistakes_once(bad: str) -> None:
    async def test() -> None:
        async with serving(whole(bad), whole('{"montant": 7}')) as server:
            assert await built(server).complete(PROMPT, Slot) == Slot(montant=7)
            roles = [m["role"] for m in server.asked[1]["messages"]]
            assert roles == ["system", "user", "assistant", "user"]
            assert "⟦erreurs⟧" in server.asked[1]["messages"][3]["content"]

    run(test())


def test_a_second_reply_that_is_no_object_is_the_end() -> None:
    async def test() -> None:
        async with serving(whole("non"), whole('{"montant": '), whole('{"montant": 7}')) as server:
            assert await fault_of(built(server).complete(PROMPT, Slot)) is Fault.MALFORMED
            assert len(server.asked) == 2

    run(test())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (whole(None, refusal="Je refuse."), Fault.REFUSED),
        (whole('{"montant": 1}', finish="content_filter"), Fault.REFUSED),
        (whole('{"montant": 1', finish="length"), Fault.CUT),
        (error(401), Fault.KEY),
        (Answer(["<html></html>"], kind="text/html"), Fault.MALFORMED),
        (Answer(["{"], kind="application/json"), Fault.MALFORMED),
        (Answer(['{"choices": null}'], kind="application/json"), Fault.MALFORMED),
        (Answer(['{"choices": []}'], kind="application/json"), Fault.MALFORMED),
    ],
)
def test_an_object_that_cannot_be_had_is_said_in_our_words(answer: Answer, expected: Fault) -> None:
    async def test() -> None:
        async with serving(answer, answer) as server:
            assert await fault_of(built(server).complete(PROMPT, Slot)) is expected

    run(test())


def test_a_tool_call_that_was_cut_is_no_object() -> None:
    call = {
        "id": "1",
        "type": "function",
        "function": {"name": "Slot", "arguments": '{"montant": 1}'},
    }

    async def test() -> None:
        async with serving(whole(None, tool_calls=[call], finish="length")) as server:
            model = built(server, llm_method="function_calling")
            assert await fault_of(model.complete(PROMPT, Slot)) is Fault.CUT

    run(test())


def test_an_object_that_does_not_come_ends_in_time() -> None:
    async def test() -> None:
        async with serving(Answer([HANG])) as server:
            model = built(server, llm_total=0.3)
            assert await fault_of(model.complete(PROMPT, Slot)) is Fault.TIMEOUT
            await asyncio.wait_for(server.gone.wait(), 1)

    run(test())


# Money


def test_what_the_provider_counts_is_what_is_spent() -> None:
    async def test() -> None:
        async with serving(said("Bonjour", total=1_234), whole('{"montant": 1}')) as server:
            model: Any = built(server)
            await text_of(model)
            assert model._spending.spent_today == 1_234
            await model.complete(PROMPT, Slot, conversation="c")
            assert model._spending.spent_by("c") == 15

    run(test())


# Secrets


def test_nothing_of_a_key_a_prompt_or_a_reply_is_logged_or_shown(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    logging.getLogger("openai").setLevel(logging.DEBUG)

    async def test() -> None:
        answers = [said("Bonjour"), error(401, f"clé {KEY}"), whole("Zoé"), whole("Zoé")]
        async with serving(*answers) as server:
            model: Any = built(server)
            await text_of(model)
            await fault_of(text_of(model))
            await fault_of(model.complete(PROMPT, Slot))
            choice = chosen(settings(server))
            seen = [repr(choice), repr(settings(server)), repr(model.__dict__), repr(model._backend.__dict__),
                    repr(model._backend._model()), str(settings(server).model_dump())]  # fmt: skip
            assert not [s for s in seen if KEY in s]

    run(test())
    assert not [r for r in caplog.records if r.levelno < logging.WARNING and r.name != "asyncio"]
    said_aloud = caplog.text + "".join(capfd.readouterr())
    assert not [word for word in (KEY, "Zoé", "Vous êtes calme", "Bonjour") if word in said_aloud]


@pytest.mark.parametrize(
    "variables",
    [
        {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "x"},
        {"LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "x"},
        {"LANGCHAIN_TRACING": "true"},
        {"LANGSMITH_GATEWAY": "true", "LANGSMITH_API_KEY": "x"},
    ],
    ids=lambda v: next(iter(v)),
)
@pytest.mark.parametrize("late", [False, True])
def test_nothing_is_traced_whatever_the_environment_says(
    variables: dict[str, str], late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        async with serving(said("Bonjour"), whole('{"montant": 1}')) as server:
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            monkeypatch.setenv("LANGSMITH_ENDPOINT", server.url)
            model = built(server)
            if late and "LANGCHAIN_TRACING" not in variables:  # that one makes LangChain refuse
                for name, value in variables.items():
                    monkeypatch.setenv(name, value)
            await text_of(model)
            await model.complete(PROMPT, Slot)
            await asyncio.sleep(0.05)
            assert server.paths == ["/v1/chat/completions"] * 2

    import langsmith.utils

    langsmith.utils.get_env_var.cache_clear()
    run(test())
    langsmith.utils.get_env_var.cache_clear()


def test_no_key_of_another_provider_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-celle-d-openai")

    async def test() -> None:
        async with serving(said("Bonjour")) as server:
            await text_of(built(server, llm_key=None))
            assert "sk-celle-d-openai" not in str(server.headers)

    run(test())


def test_a_model_on_this_machine_is_not_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def test() -> None:
        async with serving(said("Bonjour")) as server:
            assert await text_of(built(server)) == "Bonjour"

    run(test())


# What a person sets


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_model_is_wanted_by_default(value: str | None) -> None:
    assert language_model(load_settings(llm=value)) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"llm": "mistral-small"}, "llm_forme"),
        ({"llm": "ollama:"}, "llm_forme"),
        ({"llm": ":m"}, "llm_forme"),
        ({"llm": "openai:m"}, "llm_cle"),
        ({"llm": "albert:m"}, "llm_cle"),
        ({"llm": "mistral:m"}, "llm_cle"),
        ({"llm": "anthropic:m"}, "llm_cle"),
        ({"llm": "fournisseur-imaginaire:m"}, "llm_inconnu"),
        ({"llm": "groq:m"}, "llm_paquet"),
        ({"llm": "ollama:m", "llm_url": "127.0.0.1:11434"}, "llm_adresse"),
        ({"llm": "ollama:m", "llm_url": "file:///etc/passwd"}, "llm_adresse"),
        ({"llm": "ollama:m", "llm_url": "http://[::1"}, "llm_adresse"),
        ({"llm": "ollama:m", "llm_url": "ftp://hote/v1"}, "llm_adresse"),
    ],
)
def test_a_mistake_is_said_when_the_model_is_built(changes: dict[str, str], code: str) -> None:
    from assistant.texts import load_texts

    with pytest.raises(CallerError) as failed:
        language_model(load_settings(**changes))

    assert failed.value.name == code
    said = load_texts(ROOT / "corpus").explain(failed.value)
    assert said != load_texts(ROOT / "corpus").say("erreurs", "interne")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()
    for module in ("langchain_anthropic", "langchain_mistralai"):
        monkeypatch.setitem(sys.modules, module, None)

    for name in ("anthropic", "mistral"):
        with pytest.raises(CallerError) as failed:
            language_model(load_settings(llm=f"{name}:m", llm_key=SecretStr(KEY)))
        assert (failed.value.name, failed.value.details["option"]) == ("llm_option", name)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_one_variable_and_a_key_are_enough(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    preset = PRESETS[name]
    if preset.key:
        monkeypatch.setenv(preset.key, KEY)
    monkeypatch.setenv("ASSISTANT_LLM", f"{name}:le-modele:8b")

    choice = chosen(load_settings())
    model = language_model(load_settings())

    assert model is not None
    assert model.name == f"{name}:le-modele:8b"
    assert choice is not None
    assert choice.local == (name in {"ollama", "vllm"})
    assert choice.url == preset.url
    assert (choice.key is None) == (preset.key is None)


def test_our_key_comes_before_the_provider_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "autre")
    choice = chosen(load_settings(llm="openai:m", llm_key=SecretStr(KEY)))

    assert choice is not None
    assert choice.key == SecretStr(KEY)


def test_settings_left_empty_are_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LLM", "LLM_URL", "LLM_KEY", "LLM_TEMPERATURE", "LLM_METHOD"):
        monkeypatch.setenv(f"ASSISTANT_{name}", "")
    read = load_settings()

    assert (read.llm_url, read.llm_key, read.llm_temperature, read.llm_method) == (None,) * 4
    assert language_model(read) is None


def test_an_unknown_exception_is_unknown() -> None:
    assert translated(RuntimeError("?"), FrozenClock()).fault is Fault.UNKNOWN


def test_credit_that_is_spent_is_not_asked_for_again() -> None:
    class Refused(Exception):
        status_code = 429
        code = "insufficient_quota"

    failed = translated(Refused(), FrozenClock())

    assert (failed.fault, failed.again) == (Fault.BUDGET, False)


# assistant doctor


OBJECT = '{"mot": "alliance", "nombre": 7}'


def test_a_model_is_tried_for_speed_and_for_objects() -> None:
    async def test() -> None:
        slow = Answer(
            [
                0.1,
                *sse(delta("un, deux, trois")),
                0.1,
                *sse(delta(", quatre", finish="stop"), "[DONE]"),
            ]
        )
        async with serving(slow, whole(OBJECT)) as server:
            trial = await tried(built(server), Prompts(INSTALLED_PROMPTS))
            assert trial.structured
            assert trial.first_token is not None
            assert trial.first_token >= 0.1
            assert trial.tokens_per_second is not None
            assert 10 < trial.tokens_per_second < 100

    run(test())


def test_speed_is_counted_from_the_first_token() -> None:
    ticks = iter([0.0, 9.0, 11.0])
    script = ScriptedModel([Reply("a" * 300, piece=300), {"mot": "alliance", "nombre": 7}])

    trial = asyncio.run(tried(script, Prompts(INSTALLED_PROMPTS), seconds=lambda: next(ticks)))

    assert (trial.first_token, trial.tokens_per_second) == (9.0, 50.0)
    assert trial.structured


DOCTOR = """
import asyncio, sys, threading
sys.path.insert(0, {root!r})
from tests.llm.loopback import *
from assistant.diagnosis import _language_model
from assistant.settings import load_settings
from assistant.texts import load_texts
from tests.builders import ROOT
ready, port = threading.Event(), []
async def serve():
    async with serving(*{answers}) as server:
        port.append(server.url); ready.set(); await asyncio.sleep(60)
threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
ready.wait()
for check in _language_model(load_settings(llm="ollama:m", llm_url=port[0]), load_texts(ROOT / "corpus")):
    print("OK" if check.ok else "KO", check.what, ":", check.why)
"""


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (f"[said('un', ' deux'), whole({OBJECT!r})]", ["OK", "répond", "OK", "structurés"]),
        ("[said('un', ' deux'), whole('non'), whole('non')]", ["OK", "KO", "ASSISTANT_LLM_METHOD"]),
        ("[error(401)]", ["KO", "ASSISTANT_LLM_KEY"]),
        ("[error(404)]", ["KO", "ASSISTANT_LLM_URL"]),
        ("[said('un', finish='length')]", ["KO", "ASSISTANT_LLM_MAX_TOKENS"]),
    ],
)
def test_doctor_says_what_a_model_can_do_and_what_to_set(answers: str, expected: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", DOCTOR.format(root=str(ROOT), answers=answers)],
        capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    rest = ran.stdout
    for word in expected:
        assert word in rest
        rest = rest.partition(word)[2]


def test_every_fault_has_its_sentence() -> None:
    from assistant.texts import load_texts

    texts = load_texts(ROOT / "corpus")

    assert all(texts.say("panne_llm", fault.value) for fault in Fault)


def test_the_command_starts_without_any_language_model() -> None:
    heavy = "('langchain', 'langchain_core', 'openai', 'langsmith', 'anthropic', 'httpx')"
    code = f"import sys, assistant.cli, assistant.bootstrap, assistant.diagnosis; print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )

    assert ran.stdout.strip() == "[]", ran.stderr
