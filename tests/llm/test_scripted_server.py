"""The scripted process, through LangChain's ChatOpenAI as a user's provider would be."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from random import Random
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_openai.chat_models.base import OpenAIRefusalError
from pydantic import BaseModel, ValidationError

from assistant.bootstrap import language_model
from assistant.llm.port import Fault, ModelFailed, Prompt
from assistant.llm.prompts import material as fenced
from assistant.settings import Settings
from eval.scripted import lies, material, speech
from eval.scripted.phrases import phrases
from eval.scripted.scripts import SCRIPTS
from eval.scripted.speech import Ask
from eval.scripted.terms import Terms
from tests.builders import ROOT
from tests.llm.conftest import ScriptedServer

PASSAGES = {
    "S1": "La méthode compte sept étapes. Elles se suivent, mais on peut revenir en arrière. "
    "Le dialogue vient avant le contrat.",
    "S2": "Un partenariat solide repose sur la confiance. Le guide est paru en 2023.",
    "S3": "La collectivité joue souvent le rôle de tiers de confiance entre les partenaires.",
}
QUESTION = "Combien d'étapes compte la méthode ?"
LINES = "\n".join(f"[{source}] {text}" for source, text in PASSAGES.items())
MESSAGES = [
    ("system", "Vous répondez à partir des passages."),
    ("human", f"{QUESTION}\n\n⟦passages⟧\n{LINES}\n⟦fin passages⟧"),
]
TRUE = {s.rstrip(".") for text in PASSAGES.values() for s in material.sentences(text)}


def model(server: ScriptedServer, script: str, **options: Any) -> BaseChatModel:
    given: dict[str, Any] = {"max_retries": 0, "timeout": 5, "stream_usage": True, **options}
    return init_chat_model(
        f"openai:scripted-{script}", base_url=server.url, api_key="sk-essai", **given
    )


def said(server: ScriptedServer, script: str, **options: Any) -> str:
    return str(model(server, script, **options).invoke(MESSAGES).text)


def streamed(server: ScriptedServer, script: str, **options: Any) -> list[str]:
    return [str(c.text) for c in model(server, script, **options).stream(MESSAGES)]


def until_it_fails(server: ScriptedServer, script: str, **options: Any) -> tuple[str, Exception]:
    text = ""
    try:
        for chunk in model(server, script, **options).stream(MESSAGES):
            text += str(chunk.text)
    except Exception as error:  # noqa: BLE001 - which one is what is asked
        return text, error
    raise AssertionError(text)


def an_ask(seed: int, **terms: Any) -> Ask:
    read = material.read([{"role": "user", "content": MESSAGES[1][1]}])
    return Ask(read, Terms(seed=seed, **terms), Random(seed))


# The process and its protocol


def test_a_script_that_does_not_exist_is_refused_at_the_start() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "eval.scripted_server", "--script", "honnête"],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (2, "")
    assert "honnête" in json.loads(ran.stdout)["error"]


def test_every_script_is_a_model_of_the_list(scripted_server: ScriptedServer) -> None:
    with openai.OpenAI(base_url=scripted_server.url, api_key="sk") as client:
        listed = {one.id for one in client.models.list()}
        one = client.models.retrieve("scripted-liar").id

    assert listed == {f"scripted-{name}" for name in SCRIPTS}
    assert one == "scripted-liar"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("inconnu", openai.NotFoundError), ("honest?vitesse=3", openai.BadRequestError),
     ("honest?seed=x", openai.BadRequestError)],
)  # fmt: skip
def test_a_model_or_a_term_that_does_not_exist_is_said(
    scripted_server: ScriptedServer, name: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        said(scripted_server, name)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": "scripted-honest"}', b"\xff",
                                  b'{"messages": "x"}', b'{"messages": [1]}'])  # fmt: skip
def test_a_request_that_cannot_be_read_is_refused(
    scripted_server: ScriptedServer, body: bytes
) -> None:
    answer = httpx2.post(f"{scripted_server.url}/chat/completions", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_stream_says_what_a_whole_answer_says_and_what_it_cost(
    scripted_server: ScriptedServer,
) -> None:
    whole = model(scripted_server, "honest").invoke(MESSAGES)
    chunks = list(model(scripted_server, "honest").stream(MESSAGES))
    total = chunks[0]
    for chunk in chunks[1:]:
        total += chunk

    assert len(chunks) > 20
    assert total.text == whole.text
    assert total.usage_metadata == whole.usage_metadata
    assert total.usage_metadata is not None
    assert total.usage_metadata["output_tokens"] == scripted_server.last()["tokens"] > 20
    assert total.response_metadata["finish_reason"] == "stop"


def test_usage_is_not_sent_to_who_did_not_ask(scripted_server: ScriptedServer) -> None:
    chunks = list(model(scripted_server, "honest", stream_usage=False).stream(MESSAGES))

    assert all(chunk.usage_metadata is None for chunk in chunks)


def test_the_header_wins_over_the_name(scripted_server: ScriptedServer) -> None:
    assert said(scripted_server, "honest", default_headers={"X-Script": "empty"}) == ""


def test_another_models_name_gets_the_script_of_the_start(scripted_server: ScriptedServer) -> None:
    chat = init_chat_model("openai:mistral-small", base_url=scripted_server.url, api_key="sk")

    assert "[S1]" in chat.invoke(MESSAGES).text
    assert scripted_server.last()["script"] == "honest"


def test_a_seed_makes_an_answer_and_another_another(scripted_server: ScriptedServer) -> None:
    answers = [said(scripted_server, f"liar?seed={seed}") for seed in (1, 1, 2)]

    assert answers[0] == answers[1] != answers[2]


def test_time_to_first_token_pace_and_length_are_those_asked_for(
    scripted_server: ScriptedServer,
) -> None:
    before = time.perf_counter()
    times = [
        time.perf_counter() - before
        for chunk in model(
            scripted_server, "honest?ttft=0.3&pace=50&length=1"
        ).stream(MESSAGES)
        if chunk.text
    ]  # fmt: skip

    assert times[0] >= 0.3
    assert times[-1] - times[0] >= (len(times) - 1) / 50 * 0.9
    assert times[-1] < 2


def test_what_was_sent_to_the_model_can_be_looked_at(scripted_server: ScriptedServer) -> None:
    said(scripted_server, "honest")

    (body,) = scripted_server.ask("requests")
    assert body["messages"][0]["content"] == MESSAGES[0][1]


def test_a_test_can_say_what_is_answered(scripted_server: ScriptedServer) -> None:
    scripted_server.tell("replies", when="Combien d'étapes", text="Sept étapes [S1].")
    scripted_server.tell("replies", when="une autre question", text="Rien.")

    assert said(scripted_server, "given") == "Sept étapes [S1]."


# Reading the prompt


@pytest.mark.parametrize(
    "prompt",
    [
        MESSAGES[1][1],
        f"{LINES}\n\n{QUESTION}",
        f"<passages>\n{LINES}\n</passages>\nQuestion : {QUESTION}",
        "\n".join(fenced(t, s) for s, t in PASSAGES.items()) + "\n" + fenced(QUESTION, "question"),
        fenced(LINES, "passages") + "\nRépondez à :\n" + fenced(QUESTION, "question"),
        fenced(QUESTION, "question") + "\n" + fenced(LINES, "passages") + "\nRépondez en français.",
    ],
)  # fmt: skip
def test_passages_and_question_are_found(prompt: str) -> None:
    read = material.read([{"role": "system", "content": "x"}, {"role": "user", "content": prompt}])

    assert dict(read.passages) == PASSAGES
    assert read.question.endswith(QUESTION)


@given(st.text())
def test_tokens_are_the_text_cut_in_pieces(text: str) -> None:
    assert "".join(speech.tokens(text)) == text


def test_a_citation_is_several_tokens() -> None:
    assert speech.tokens("fin [S12].") == ["fin", " [", "S", "12", "]", "."]


# What is said


def told(text: str) -> list[tuple[str, str]]:
    return re.findall(r"([^.]+?) \[(S\d+)\]\.", text)


def test_honest_restates_sentences_with_the_passage_that_says_them(
    scripted_server: ScriptedServer,
) -> None:
    pairs = told(said(scripted_server, "honest"))

    assert len(pairs) == 4
    assert pairs[0] == ("La méthode compte sept étapes", "S1")
    assert all(sentence.strip() in PASSAGES[source] for sentence, source in pairs)


def test_honest_without_a_passage_says_that_it_found_nothing(
    scripted_server: ScriptedServer,
) -> None:
    answer = model(scripted_server, "honest").invoke([("human", QUESTION)])

    assert answer.text == phrases("manners")["rien"]


def test_the_citation_may_follow_the_full_stop(scripted_server: ScriptedServer) -> None:
    assert "sept étapes. [S1]" in said(scripted_server, "honest-after")


def test_verbose_is_long_and_mostly_says_nothing(scripted_server: ScriptedServer) -> None:
    verbose, honest = said(scripted_server, "verbose"), said(scripted_server, "honest")

    assert len(verbose) > 3 * len(honest)
    assert "[S1]" in verbose
    assert any(filler in verbose for filler in phrases("manners")["bavard"])


def test_no_citations_are_given_when_that_is_the_part(scripted_server: ScriptedServer) -> None:
    answer = said(scripted_server, "no-citations")

    assert "sept étapes" in answer
    assert "[" not in answer


def test_wrong_citations_are_unknown_or_anothers(scripted_server: ScriptedServer) -> None:
    text = " ".join(said(scripted_server, f"wrong-citations?seed={n}") for n in range(8))
    pairs = re.findall(r"([^.]+?) \[(\w-?\d+)\]\.", text)

    assert any(source not in PASSAGES for _, source in pairs)
    assert any(source in PASSAGES for _, source in pairs)
    assert all(sentence.strip() not in PASSAGES.get(source, "") for sentence, source in pairs)


def test_citations_come_in_every_form() -> None:
    text = " ".join("".join(speech.wildly_cited(an_ask(n)).tokens) for n in range(60))

    assert all(form.format(n=1) in text for form in speech.WILD)


def test_wild_citations_travel_whole(scripted_server: ScriptedServer) -> None:
    answer = said(scripted_server, "wild-citations?seed=4")

    assert any(form.format(n=1) in answer for form in speech.WILD)


def test_split_citations_come_a_character_at_a_time(scripted_server: ScriptedServer) -> None:
    pieces = [piece for piece in streamed(scripted_server, "split-citations") if piece]

    assert {len(piece) for piece in pieces} == {1}
    assert "[S1]" in "".join(pieces)


def test_the_liar_tells_a_thousand_different_answers_and_admits_each_lie() -> None:
    answers = {n: speech.liar(an_ask(n)) for n in range(1_000)}
    texts = {n: "".join(reply.tokens) for n, reply in answers.items()}
    known = lies.flat(LINES)

    assert len(set(texts.values())) == 1_000
    for n, reply in answers.items():
        assert len(reply.invented) >= 4
        flat = lies.flat(texts[n])
        assert any(true in texts[n] for true in TRUE), "true sentences too"
        for lie in reply.invented:
            assert lies.flat(lie) in flat
            assert not lies.says(known, lie)


@pytest.mark.parametrize("kind", lies.KINDS)
def test_each_kind_of_lie_is_varied(kind: str) -> None:
    inventor = lies.Inventor(Random(7), LINES)
    told_lies = {inventor.lie(kind, "La confiance compte.") for _ in range(200)}

    assert len(told_lies) > (25 if kind == "fraction" else 150)
    assert not any("{" in lie for lie in told_lies)


def test_a_lie_that_the_passages_happen_to_say_is_drawn_again() -> None:
    years = " ".join(str(year) for year in range(1951, 1999))
    drawn = {lies.Inventor(Random(seed), years).draw("annee") for seed in range(40)}

    assert min(drawn) >= "2027"
    assert len(drawn) > 10


def test_the_lies_told_can_be_asked_for(scripted_server: ScriptedServer) -> None:
    answer = said(scripted_server, "liar?seed=5")
    invented = scripted_server.ask("invented")

    assert len(invented) >= 4
    assert all(lies.flat(lie) in lies.flat(answer) for lie in invented)


def test_refusals_are_in_words(scripted_server: ScriptedServer) -> None:
    assert said(scripted_server, "refusal") in phrases("manners")["refus"]


def test_a_filter_stops_an_answer(scripted_server: ScriptedServer) -> None:
    answer = model(scripted_server, "filtered").invoke(MESSAGES)

    assert answer.response_metadata["finish_reason"] == "content_filter"


def test_an_empty_answer_is_empty(scripted_server: ScriptedServer) -> None:
    assert said(scripted_server, "empty") == "".join(streamed(scripted_server, "empty")) == ""


def test_another_language_is_spoken(scripted_server: ScriptedServer) -> None:
    texts = {said(scripted_server, f"language?seed={n}") for n in range(12)}

    assert len(texts) >= 4
    assert not any(true in text for text in texts for true in TRUE)


def test_a_loop_goes_on_until_it_is_bounded(scripted_server: ScriptedServer) -> None:
    answer = model(scripted_server, "loop", max_tokens=3_000).invoke(MESSAGES)

    assert answer.text.count(phrases("manners")["boucle"]) > 100
    assert answer.response_metadata["finish_reason"] == "length"
    assert scripted_server.last()["tokens"] == 3_000


def test_thoughts_come_before_the_answer(scripted_server: ScriptedServer) -> None:
    assert re.match(r"<think>\n.+\n</think>\n\nLa méthode", said(scripted_server, "thinking"))


def test_injected_output_attacks_the_page(scripted_server: ScriptedServer) -> None:
    text = "\n".join(said(scripted_server, f"injected?length=20&seed={n}") for n in range(8))

    for sign in ("<script", "<img", "![", "javascript:", "exfil.example", "Ignore les", "<iframe"):
        assert sign in text
    assert all(attack in text for attack in phrases("attacks")["attaques"])


def test_tools_that_nobody_offered_are_called(scripted_server: ScriptedServer) -> None:
    whole = model(scripted_server, "injected-tools").invoke(MESSAGES)
    chunks = list(model(scripted_server, "injected-tools").stream(MESSAGES))
    total = chunks[0]
    for chunk in chunks[1:]:
        total += chunk

    names = [tool["name"] for tool in phrases("attacks")["outils"]]
    assert [call["name"] for call in whole.tool_calls] == names
    assert [call["name"] for call in total.tool_calls] == names


# Objects


class Part(BaseModel):
    nom: str
    montant: int | None


class Understood(BaseModel):
    genre: str
    parts: list[Part]
    lieu: Part
    certain: bool


def outcome(server: ScriptedServer, script: str, method: str) -> Any:
    asked = model(server, script).with_structured_output(
        Understood, method=method, include_raw=True
    )
    schema = json.dumps(Understood.model_json_schema())
    extra = [("human", f"JSON : {schema}")] if method == "json_mode" else []
    return asked.invoke([*MESSAGES[:1], *extra, MESSAGES[1]])


def object_text(server: ScriptedServer, script: str) -> str:
    asked = model(server, script).with_structured_output(
        Understood.model_json_schema(), method="json_schema", include_raw=True
    )
    return str(asked.invoke(MESSAGES)["raw"].text)


METHODS = ("json_schema", "function_calling", "json_mode")


@pytest.mark.parametrize("method", METHODS)
def test_an_object_is_filled_with_words_of_the_question(
    scripted_server: ScriptedServer, method: str
) -> None:
    value = outcome(scripted_server, "honest", method)["parsed"]

    assert isinstance(value, Understood)
    assert value.genre in QUESTION
    assert value.parts[0].nom in QUESTION


def test_an_object_can_be_streamed_as_a_tool_call(scripted_server: ScriptedServer) -> None:
    chat = model(scripted_server, "honest").with_structured_output(
        Understood, method="function_calling"
    )

    assert isinstance(list(chat.stream(MESSAGES))[-1], Understood)


def test_the_liar_invents_in_objects_too(scripted_server: ScriptedServer) -> None:
    value = outcome(scripted_server, "liar", "json_schema")["parsed"]

    assert value.parts[0].montant >= 10_000
    assert value.genre not in MESSAGES[1][1]


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
@pytest.mark.parametrize("script", ["malformed-json", "half-json", "null-nested", "wrong-json"])
def test_an_object_that_is_wrong_is_not_read(
    scripted_server: ScriptedServer, script: str, method: str
) -> None:
    try:
        found = outcome(scripted_server, script, method)["parsed"]
    except ValidationError:  # the SDK reads objects itself when it is given a class
        found = None

    assert found is None


def test_none_stands_for_each_nested_value(scripted_server: ScriptedServer) -> None:
    raw = json.loads(object_text(scripted_server, "null-nested"))

    assert (raw["parts"], raw["lieu"]) == (None, None)
    assert raw["genre"]


@pytest.mark.parametrize("script", ["fenced-json", "chatty-json"])
def test_an_object_comes_wrapped(scripted_server: ScriptedServer, script: str) -> None:
    text = object_text(scripted_server, script)
    inner = text[text.index("{") : text.rindex("}") + 1]

    assert text != inner
    assert Understood.model_validate_json(inner)
    assert ("```json\n{" in text) is (script == "fenced-json")


def test_half_an_object_begins_well(scripted_server: ScriptedServer) -> None:
    text = object_text(scripted_server, "half-json")

    assert text.startswith('{"genre"')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(text)


def test_a_refusal_to_fill_an_object_stands_in_its_own_field(
    scripted_server: ScriptedServer,
) -> None:
    asked = model(scripted_server, "refusal").with_structured_output(Understood)

    with pytest.raises(OpenAIRefusalError):
        asked.invoke(MESSAGES)


def test_injected_objects_hold_attacks(scripted_server: ScriptedServer) -> None:
    value = outcome(scripted_server, "injected", "json_schema")["parsed"]

    assert value.genre in phrases("attacks")["attaques"]


# Failures


@pytest.mark.parametrize(
    ("script", "expected", "status"),
    [
        ("401", openai.AuthenticationError, 401),
        ("429", openai.RateLimitError, 429),
        ("500", openai.InternalServerError, 500),
        ("503", openai.InternalServerError, 503),
    ],
)
def test_a_failure_has_its_status(
    scripted_server: ScriptedServer, script: str, expected: type[openai.APIStatusError], status: int
) -> None:
    with pytest.raises(expected) as failed:
        said(scripted_server, script)

    assert failed.value.status_code == status
    assert failed.value.response.headers.get("retry-after") == (
        "1" if script in {"429", "503"} else None
    )
    assert scripted_server.ask("counters")["by_status"] == {str(status): 1}


def test_a_busy_server_is_free_when_it_said(scripted_server: ScriptedServer) -> None:
    before = time.perf_counter()
    answer = said(scripted_server, "429?retry_after=0.4&fails=2", max_retries=2)

    assert "[S1]" in answer
    assert time.perf_counter() - before >= 0.8
    assert scripted_server.ask("counters")["by_status"] == {"429": 2, "200": 1}


def test_a_failure_without_end_never_succeeds(scripted_server: ScriptedServer) -> None:
    with pytest.raises(openai.RateLimitError):
        said(scripted_server, "429?fails=0&retry_after=0.01", max_retries=3)


@pytest.mark.parametrize(
    ("script", "ask"), [("hang", said), ("hang", streamed), ("hang-open", streamed)]
)
def test_a_model_that_hangs_says_nothing(
    scripted_server: ScriptedServer, script: str, ask: Any
) -> None:
    with pytest.raises(openai.APITimeoutError):
        ask(scripted_server, script, timeout=0.3)

    counters = scripted_server.until(lambda seen: seen["aborted"] == 1, seconds=1)
    assert counters["tokens"] == 0


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("hang-mid", openai.APITimeoutError),
        ("cut", (openai.APIConnectionError, httpx2.ReadError)),
        ("cut-clean", (openai.APIConnectionError, httpx2.RemoteProtocolError)),
        ("error-mid", openai.APIError),
    ],
)
def test_a_stream_breaks_after_some_tokens(
    scripted_server: ScriptedServer, script: str, expected: Any
) -> None:
    text, error = until_it_fails(scripted_server, f"{script}?after=6", timeout=0.5)

    assert isinstance(error, expected), repr(error)
    assert text == "".join(streamed(scripted_server, "honest")[:99])[: len(text)]
    assert text
    assert scripted_server.ask("counters")["exchanges"][0]["tokens"] == 6


@pytest.mark.parametrize("script", ["cut", "cut-clean", "hang-mid", "error-mid"])
def test_a_whole_answer_breaks_too(scripted_server: ScriptedServer, script: str) -> None:
    with pytest.raises((openai.APIError, httpx2.HTTPError, TypeError, ValueError)):
        said(scripted_server, script, timeout=0.5)


def test_an_unfinished_stream_has_no_reason_to_end(scripted_server: ScriptedServer) -> None:
    chunks = list(model(scripted_server, "unfinished?after=6").stream(MESSAGES))
    text = "".join(str(chunk.text) for chunk in chunks)

    assert text.startswith("La méthode")
    assert "[S1]" not in text
    assert not any(chunk.response_metadata.get("finish_reason") for chunk in chunks)


def test_a_portal_answers_in_html(scripted_server: ScriptedServer) -> None:
    with pytest.raises(Exception, match=r"."):
        said(scripted_server, "html-page")


# Encodings and sizes


def raw(server: ScriptedServer, script: str, **body: Any) -> bytes:
    messages = [{"role": "user", "content": MESSAGES[1][1]}]
    asked = {"model": f"scripted-{script}", "messages": messages, **body}
    return httpx2.post(f"{server.url}/chat/completions", json=asked).content


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("script", "sign"),
    [
        ("latin1", "é".encode("latin-1")),
        ("bad-utf8", b"\xff\xc3("),
        ("bom", b"\xef\xbb\xbf"),
        ("nul", b"\\u0000"),
        ("raw-nul", b"\0"),
        ("surrogates", b"\\ud83d"),
    ],
)
def test_bytes_are_wrong(
    scripted_server: ScriptedServer, script: str, sign: bytes, stream: bool
) -> None:
    assert sign in raw(scripted_server, script, stream=stream)


@pytest.mark.parametrize("script", ["latin1", "raw-nul"])
def test_wrong_bytes_break_the_client(scripted_server: ScriptedServer, script: str) -> None:
    _, error = until_it_fails(scripted_server, script)

    assert isinstance(error, (ValueError, openai.APIError))


@pytest.mark.parametrize(
    ("script", "expected"),
    [("cut", httpx2.ReadError), ("cut-clean", httpx2.RemoteProtocolError)],
)
def test_a_connection_is_reset_or_closed_before_its_end(
    scripted_server: ScriptedServer, script: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        raw(scripted_server, script, stream=True)


def test_nuls_reach_the_reader(scripted_server: ScriptedServer) -> None:
    assert "\0" in said(scripted_server, "nul")


def test_one_token_can_be_huge(scripted_server: ScriptedServer) -> None:
    pieces = [piece for piece in streamed(scripted_server, "huge?length=300") if piece]

    assert [len(piece) for piece in pieces] == [300_000]


def test_tokens_can_be_slow(scripted_server: ScriptedServer) -> None:
    times = []
    for chunk in model(scripted_server, "slow").stream(MESSAGES):
        times.append(time.perf_counter())
        if chunk.text and len(times) > 2:
            break

    assert times[-1] - times[-2] >= 0.4


def test_comments_in_the_stream_are_not_text(scripted_server: ScriptedServer) -> None:
    assert b": SCRIPTED" in raw(scripted_server, "comments", stream=True)
    assert "".join(streamed(scripted_server, "comments")) == said(scripted_server, "honest")


# What a stream costs


def test_a_stream_that_its_reader_leaves_stops_costing_within_a_second(
    scripted_server: ScriptedServer,
) -> None:
    async def leave() -> float:
        chunks: AsyncIterator[Any] = model(scripted_server, "loop?pace=200").astream(MESSAGES)
        async with aclosing(chunks):  # type: ignore[type-var]
            async for chunk in chunks:
                if "partenaires" in str(chunk.text) or scripted_server.last()["tokens"] > 40:
                    break
        return time.time()

    left = asyncio.run(leave())
    seen = scripted_server.until(lambda counters: counters["aborted"] == 1)["exchanges"][0]

    assert (seen["end"], seen["status"]) == ("left", 200)
    assert seen["ended"] - left < 1
    assert seen["last"] - left < 1
    time.sleep(0.2)
    after = scripted_server.ask("counters")
    assert after["tokens"] == seen["tokens"]
    assert after["open_streams"] == 0


def test_fifty_streams_at_once_are_counted_and_none_is_cut(scripted_server: ScriptedServer) -> None:
    async def one() -> str:
        chat = model(scripted_server, "honest?pace=60", timeout=20)
        return "".join([str(chunk.text) async for chunk in chat.astream(MESSAGES)])

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one() for _ in range(50)))

    texts = asyncio.run(all_of_them())
    counters = scripted_server.ask("counters")

    assert len(set(texts)) == 1
    assert counters["most_open_streams"] >= 40
    assert (counters["open_streams"], counters["aborted"]) == (0, 0)


# Through our own port


def ours(server: ScriptedServer, script: str, **options: Any) -> Any:
    patience = {"llm_first_token": 5.0, "llm_idle": 5.0, "llm_total": 8.0, **options}
    return language_model(Settings(llm=f"vllm:scripted-{script}", llm_url=server.url, **patience))


PROMPT = Prompt("essai", MESSAGES[0][1], MESSAGES[1][1], "digest")


def through_the_port(port: Any) -> tuple[str, Fault | None]:
    async def read() -> tuple[str, Fault | None]:
        text = ""
        try:
            async with aclosing(port.stream(PROMPT)) as deltas:
                async for delta in deltas:
                    text += delta
        except ModelFailed as failed:
            return text, failed.fault
        return text, None

    return asyncio.run(read())


@pytest.mark.parametrize(
    "script",
    ["honest", "thinking", "comments", "split-citations", "429?retry_after=0.1"],
)
def test_the_port_gives_the_honest_text(scripted_server: ScriptedServer, script: str) -> None:
    text, fault = through_the_port(ours(scripted_server, script))

    assert fault is None
    assert text.strip() == said(scripted_server, "honest")


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("401", Fault.KEY),
        ("429?fails=0&retry_after=9", Fault.BUSY),
        ("500", Fault.UNREACHABLE),
        ("503?retry_after=9", Fault.BUSY),
        ("hang", Fault.TIMEOUT),
        ("hang-open", Fault.TIMEOUT),
        ("hang-mid", Fault.TIMEOUT),
        ("cut", Fault.CUT),
        ("cut-clean", Fault.CUT),
        ("unfinished", Fault.CUT),
        ("error-mid", Fault.CUT),
        ("empty", Fault.MALFORMED),
        ("filtered", Fault.REFUSED),
        ("html-page", Fault.MALFORMED),
        ("latin1", Fault.CUT),
        ("raw-nul", Fault.MALFORMED),
        ("bad-utf8", Fault.MALFORMED),
        ("loop?pace=200", Fault.TIMEOUT),
    ],
)
def test_the_port_says_why_a_model_is_of_no_use(
    scripted_server: ScriptedServer, script: str, fault: Fault
) -> None:
    slow = fault is Fault.TIMEOUT
    options = {"llm_first_token": 0.6, "llm_idle": 0.4, "llm_total": 1.0} if slow else {}
    _, found = through_the_port(ours(scripted_server, script, **options))

    assert found is fault


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("honest", None),
        ("fenced-json", None),
        ("malformed-json", Fault.MALFORMED),
        ("half-json", Fault.MALFORMED),
        ("null-nested", Fault.MALFORMED),
        ("wrong-json", Fault.MALFORMED),
        ("refusal", Fault.REFUSED),
        ("filtered", Fault.REFUSED),
        ("empty", Fault.MALFORMED),
        ("loop", Fault.CUT),
        ("chatty-json", Fault.MALFORMED),
        ("latin1", Fault.MALFORMED),
        ("401", Fault.KEY),
    ],
)
def test_the_port_completes_to_a_type_or_says_why_not(
    scripted_server: ScriptedServer, script: str, fault: Fault | None
) -> None:
    port = ours(scripted_server, script)
    if fault is None:
        assert asyncio.run(port.complete(PROMPT, Understood)).genre in QUESTION
        return
    with pytest.raises(ModelFailed) as failed:
        asyncio.run(port.complete(PROMPT, Understood))

    assert failed.value.fault is fault


def test_leaving_the_port_stops_the_cost_within_a_second(scripted_server: ScriptedServer) -> None:
    async def leave() -> float:
        async with aclosing(ours(scripted_server, "loop?pace=100").stream(PROMPT)) as deltas:
            async for _ in deltas:
                break
        return time.time()

    left = asyncio.run(leave())
    seen = scripted_server.until(lambda counters: counters["aborted"] == 1)["exchanges"][0]

    assert seen["ended"] - left < 1
