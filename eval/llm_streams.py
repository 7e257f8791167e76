"""What streams cost: the first sentence, fifty at once, and those that their readers leave."""

import http.client
import json
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.llm.sentences import SentenceCutter
from eval.processes import Scripted, Served, scripted, served

FIRST_WITHIN = 0.150  # seconds after the model's own first sentence
RATIO = 1.5  # of p95 of extractive answers, with streams over without
LEFT_WITHIN = 1.0  # seconds
STREAMS = 50
ASKED = 80  # extractive answers timed in each phase
PACE = 2  # tokens a second: a large model on a small machine


def measure_streams(data: Path, server: Scripted, questions: Sequence[str]) -> list[str]:
    """Everything of this module; the promises that were not kept."""
    broken = first_sentence(data, server, questions[:12])
    broken += many_streams(data, server, questions)
    return broken + left_streams(data, server, questions[:20])


@dataclass
class Stream:
    """One answer as a reader sees it: events with the moment (Unix seconds) each came."""

    events: list[tuple[float, str, Any]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether the model's own answer came to its end, nothing taken back."""
        names = [name for _, name, _ in self.events]
        replies = [data for _, name, data in self.events if name == "reponse"]
        note = replies and (replies[0].get("wording") or {}).get("fault")
        return names[-1:] == ["fin"] and bool(replies) and not note

    def when(self, wanted: str) -> float | None:
        """When the first event of a name came."""
        return next((moment for moment, name, _ in self.events if name == wanted), None)


def read(url: str, question: str, *, opened: list[socket.socket] | None = None) -> Stream:
    """Ask and read to the end; whoever is given its socket in ``opened`` may cut it."""
    connection = _connected(url)
    _send(connection, "/api/v1/ask/stream", {"question": question})
    if opened is not None:
        opened.append(connection.sock)
    response = connection.getresponse()
    stream = Stream()
    with suppress(*([] if opened is None else [http.client.HTTPException])):
        for name, data in _events(response):
            stream.events.append((time.time(), name, data))
    response.close()
    connection.close()
    return stream


def _events(response: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    name = ""
    for raw in response:
        line = raw.decode().strip()
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            yield name, json.loads(line[5:])


def first_sentence(data: Path, server: Scripted, questions: Sequence[str]) -> list[str]:
    """From the moment the model has said a sentence that holds, to the moment it is on the page.

    The model's own moment is that of the token that shows that the sentence is over, in a stream
    read at the same pace beside ours.
    """
    script = "honest?pace=20&length=2"
    delays = []
    with served(data, **_settings(server, script)) as application:
        read(application.url, questions[0])
        for question in questions:
            server.reset()
            stream = read(application.url, question)
            shown = stream.when("fragment")
            exchanges = server.ask("counters")["exchanges"]
            if shown is None or not exchanges or not stream.whole:
                continue
            tokens = _tokens_of_first_sentence(server.ask("requests")[-1], stream)
            if tokens is None:
                continue
            own = exchanges[-1]["first"] + (tokens - 1) / 20
            delays.append(shown - own)
    p95 = _p95(delays)
    print(
        f"first sentence: {len(delays)} answers, after the model's own: median "
        f"{statistics.median(delays) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
        f"most {max(delays) * 1000:.0f} ms",
        flush=True,
    )
    return [] if p95 <= FIRST_WITHIN else [f"first sentence {p95 * 1000:.0f} ms after the model's"]


def _tokens_of_first_sentence(body: dict[str, Any], stream: Stream) -> int | None:
    """How many tokens the model had said when the first sentence shown was surely over."""
    from random import Random

    from eval.scripted import material, speech
    from eval.scripted.terms import Terms

    reply = speech.honest(speech.Ask(material.read(body["messages"]), Terms(length=2), Random(0)))
    first = next(str(data["text"]) for _, name, data in stream.events if name == "fragment")
    wanted = _letters(first)
    cutter = SentenceCutter()
    for number, token in enumerate(reply.tokens, start=1):
        if any(_letters(sentence) == wanted for sentence in cutter.feed(token)):
            return number
    return None


def _letters(text: str) -> str:
    import re

    return "".join(c for c in re.sub(r"\[S\d+\]", "", text).lower() if c.isalnum())


def many_streams(data: Path, server: Scripted, questions: Sequence[str]) -> list[str]:
    """Fifty slow streams on one worker, and extractive answers with and without them."""
    server.reset()
    settings = _settings(server, f"honest?pace={PACE}&length=3", llm_tokens_per_conversation=1)
    with served(data, **settings) as application:
        conversation, cookie = _conversation(application)
        _extractive(application, questions[:20], conversation, cookie)
        quiet = _extractive(application, questions[:ASKED], conversation, cookie)
        asked = _worded(application, questions)
        with ThreadPoolExecutor(STREAMS) as pool:
            streams = [pool.submit(read, application.url, question) for question in asked]
            server.until(lambda seen: seen["open_streams"] >= STREAMS, 60)
            open_before = server.ask("counters")["open_streams"]
            busy = _extractive(application, questions[:ASKED], conversation, cookie)
            open_after = server.ask("counters")["open_streams"]
            found = [stream.result() for stream in streams]
        again = _extractive(application, questions[:ASKED], conversation, cookie)
        most = server.ask("counters")["most_open_streams"]
        memory = application.process.memory_info().rss / 1e6
    whole = sum(stream.whole for stream in found)
    ratio = _p95(busy) / _p95([*quiet, *again])
    print(
        f"streams: {STREAMS} at once ({most} with the model, {open_before} then {open_after} while "
        f"others asked), {whole} whole, {memory:.0f} MB; extractive answers p95 "
        f"{_p95([*quiet, *again]) * 1000:.0f} ms without, {_p95(busy) * 1000:.0f} ms with, "
        f"ratio {ratio:.2f} (medians {statistics.median([*quiet, *again]) * 1000:.0f} and "
        f"{statistics.median(busy) * 1000:.0f})",
        flush=True,
    )
    broken = [] if whole == STREAMS else [f"{STREAMS - whole} streams were cut"]
    return broken + ([f"p95 ratio {ratio:.2f}"] if ratio > RATIO else [])


def left_streams(data: Path, server: Scripted, questions: Sequence[str]) -> list[str]:
    """What goes on being spent once readers have left."""
    server.reset()
    opened: list[socket.socket] = []
    with served(data, **_settings(server, "honest?pace=30&length=40")) as application:
        with ThreadPoolExecutor(len(questions)) as pool:
            for question in questions:
                pool.submit(read, application.url, question, opened=opened)
            server.until(lambda seen: seen["open_streams"] >= len(questions) / 2, 30)
            time.sleep(1)
            left = time.time()
            for connection in opened:
                with suppress(OSError):  # an answer that had come to its end
                    connection.shutdown(socket.SHUT_RDWR)
        counters = server.until(lambda seen: seen["open_streams"] == 0, 20)
    cut = [one for one in counters["exchanges"] if one["end"] == "left"]
    longest = max((one["ended"] - left for one in cut), default=0.0)
    print(
        f"left: {len(cut)} streams at once, the last request ended {longest:.2f} s later",
        flush=True,
    )
    late = [one for one in cut if one["ended"] - left > LEFT_WITHIN]
    return [f"{len(late)} streams went on costing"] if late or not cut else []


def _settings(server: Scripted, script: str, **more: object) -> dict[str, object]:
    model = f"openai:scripted-{script}"
    return {
        "llm": model, "llm_url": server.url, "llm_key": "none", "llm_tokens_per_day": 0,
        "llm_total": 120, **more,
    }  # fmt: skip


def _extractive(
    application: Served, questions: Sequence[str], conversation: str, cookie: str
) -> list[float]:
    """Seconds of each answer that the model has no part in: its conversation may spend nothing."""
    times = []
    for question in questions:
        connection = _connected(application.url)
        before = time.perf_counter()
        body = {"question": question, "conversation_id": conversation}
        _send(connection, "/api/v1/ask", body, cookie)
        reply = json.load(connection.getresponse())
        times.append(time.perf_counter() - before)
        assert reply["mode"] == "extractive"
        connection.close()
    return times


def _worded(application: Served, questions: Sequence[str]) -> list[str]:
    """The questions that search does not refuse: the others reach no model."""
    kept = []
    conversation, cookie = _conversation(application)
    for question in questions:
        connection = _connected(application.url)
        body = {"question": question, "conversation_id": conversation}
        _send(connection, "/api/v1/ask", body, cookie)
        if json.load(connection.getresponse()).get("wording"):
            kept.append(question)
        connection.close()
        if len(kept) == STREAMS:
            break
    return kept


def _conversation(application: Served) -> tuple[str, str]:
    connection = _connected(application.url)
    _send(connection, "/api/v1/conversations", {})
    response = connection.getresponse()
    cookie = (response.getheader("set-cookie") or "").partition(";")[0]
    return json.load(response)["id"], cookie


def _connected(url: str) -> http.client.HTTPConnection:
    place = urlsplit(url)
    return http.client.HTTPConnection(str(place.hostname), place.port, timeout=180)


def _send(
    connection: http.client.HTTPConnection, path: str, body: dict[str, Any], cookie: str = ""
) -> None:
    headers = {"content-type": "application/json", "cookie": cookie}
    connection.request("POST", path, json.dumps(body), headers)


def _p95(times: Sequence[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


if __name__ == "__main__":
    import sys
    import tempfile

    from eval.dataset import load_cases

    asked = [case.question for case in load_cases("dev") if case.answerable]
    with tempfile.TemporaryDirectory() as directory, scripted() as running:
        sys.exit(bool(measure_streams(Path(directory), running, asked)))
