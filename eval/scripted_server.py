"""A language model that plays a part: ``python -m eval.scripted_server --script honest``.

It speaks OpenAI's chat-completions protocol on loopback. Which part is chosen by the model's name
(« scripted-liar », « scripted-slow?pace=5&seed=3 »), by the header ``X-Script`` (« liar?seed=3 »),
or else at its start. ``/admin/counters`` says what was asked and what it cost;
``/admin/requests`` what was sent to it; ``/admin/invented`` the lies told; POST
``/admin/replies`` ``{"when": part of a prompt, "text": …}`` what « scripted-given » will say;
POST ``/admin/reset`` forgets all.
"""

import argparse
import asyncio
import hashlib
import json
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any
from urllib.parse import unquote

from eval.scripted import material, protocol
from eval.scripted.counters import Counters
from eval.scripted.delivery import Delivery
from eval.scripted.http import Exchange, Request, serve
from eval.scripted.protocol import Shapes
from eval.scripted.scripts import SCRIPTS, Script
from eval.scripted.speech import Ask
from eval.scripted.terms import Terms, UnknownTerm, agreed, parsed

PREFIX = "scripted-"


@dataclass(slots=True)
class Desk:
    """What the server remembers; ``terms`` are those given at its start."""

    script: str = "honest"
    terms: Mapping[str, float] = field(default_factory=dict)
    counters: Counters = field(default_factory=Counters)
    failures: Counter[str] = field(default_factory=Counter)
    replies: list[Mapping[str, Any]] = field(default_factory=list)

    async def handle(self, request: Request, exchange: Exchange) -> None:
        """Answer any request."""
        path = request.path.partition("?")[0]
        match request.method, path:
            case "POST", "/v1/chat/completions":
                await self._chat(request, exchange)
            case "GET", "/v1/models":
                await exchange.json(200, protocol.models(list(SCRIPTS)))
            case _ if path.startswith("/v1/models/"):
                name = unquote(path.removeprefix(f"/v1/models/{PREFIX}"))
                known = name in SCRIPTS
                answer = protocol.model(name) if known else protocol.error(404)
                await exchange.json(200 if known else 404, answer)
            case _ if path.startswith("/admin/"):
                await self._administer(request, exchange)
            case _:
                await exchange.json(404, protocol.error(404, path))

    async def _administer(self, request: Request, exchange: Exchange) -> None:
        match request.method, request.path.removeprefix("/admin/"):
            case "GET", "counters":
                await exchange.json(200, self.counters.shown())
            case "GET", "requests":
                await exchange.json(200, self.counters.bodies)
            case "GET", "invented":
                told = (lie for seen in self.counters.exchanges for lie in seen.invented)
                await exchange.json(200, list(dict.fromkeys(told)))
            case "POST", "replies":
                self.replies.append(json.loads(request.body))
                await exchange.json(200, {"replies": len(self.replies)})
            case "POST", "reset":
                self.counters, self.failures, self.replies = Counters(), Counter(), []
                await exchange.json(200, {})
            case _:
                await exchange.json(404, protocol.error(404, request.path))

    async def _chat(self, request: Request, exchange: Exchange) -> None:
        try:
            body = json.loads(request.body)
            digest = _digest(body["messages"])
            name, terms = self._part(str(body.get("model")), request.headers)
            script = SCRIPTS[name]
        except UnknownTerm as unknown:
            await exchange.json(400, protocol.error(400, f"Unknown term: {unknown}"))
        except KeyError as missing:
            status = 400 if missing.args[0] == "messages" else 404
            await exchange.json(status, protocol.error(status, str(missing)))
        except (ValueError, TypeError):
            await exchange.json(400, protocol.error(400))
        else:
            await self._play(exchange, body, (name, script, agreed(script.terms, terms)), digest)

    def _part(self, model: str, headers: Mapping[str, str]) -> tuple[str, dict[str, float]]:
        """The script and its terms: the header wins over the model's name, which wins over ours."""
        name, terms = self.script, dict(self.terms)
        header = headers.get("x-script")
        for text in (model.removeprefix(PREFIX) if model.startswith(PREFIX) else None, header):
            if text is not None:
                said, more = parsed(text)
                name, terms = said or name, {**terms, **more}
        return name, terms

    async def _play(
        self, exchange: Exchange, body: Mapping[str, Any], part: tuple[str, Script, Terms],
        digest: str,
    ) -> None:  # fmt: skip
        name, script, terms = part
        counters = self.counters  # a reset while this goes on must not count it out
        seen = counters.begin(name, body)
        end = "left"
        try:
            if script.status != 200 and self._still_fails(f"{name}:{digest}", terms.fails):
                seen.status = script.status
                await _failed(exchange, script.status, terms)
                end = "failed"
                return
            form = protocol.wanted(body)
            read = material.read(body["messages"])
            rng = Random(f"{terms.seed}:{name}:{digest}")
            reply = script.reply(Ask(read, terms, rng, form.schema, self._given(read.prompt)))
            seen.invented = reply.invented
            shapes = Shapes(f"chatcmpl-{digest[:16]}", str(body.get("model")))
            end = await Delivery(
                exchange, script, terms, reply, shapes, counters, seen, body, form.tool
            ).send()
        finally:
            counters.finish(seen, end)

    def _still_fails(self, key: str, times: int) -> bool:
        """Whether this request fails again: always, or ``times`` before each success."""
        self.failures[key] += 1
        if times and self.failures[key] > times:
            del self.failures[key]
            return False
        return True

    def _given(self, prompt: str) -> str | None:
        """The last reply registered for such a prompt."""
        for reply in reversed(self.replies):
            if str(reply.get("when", "")) in prompt:
                return str(reply["text"])
        return None


async def _failed(exchange: Exchange, status: int, terms: Terms) -> None:
    later = {"retry-after": f"{terms.retry_after:g}"} if status in {429, 503} else {}
    await exchange.json(status, protocol.error(status), later)


def _digest(messages: Any) -> str:
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise TypeError
    return hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()


async def run(desk: Desk, host: str, port: int) -> None:
    """Serve until the process is told to stop; says its address in one line when ready."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, desk.handle), host, port
    )
    address = f"http://{host}:{server.sockets[0].getsockname()[1]}"
    said = {"url": f"{address}/v1", "admin": f"{address}/admin", "script": desk.script}
    print(json.dumps(said), flush=True)
    await stop.wait()
    server.close()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.scripted_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--script", default="honest", help=", ".join(SCRIPTS))
    for term in fields(Terms):
        parser.add_argument(f"--{term.name.replace('_', '-')}", type=type(term.default))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server; 2 when its arguments name no script or no term."""
    given = _arguments(arguments)
    options = {term.name: getattr(given, term.name) for term in fields(Terms)}
    try:
        name, terms = parsed(given.script)
        terms |= {key: value for key, value in options.items() if value is not None}
        script = SCRIPTS[name]
    except (UnknownTerm, KeyError) as unknown:
        print(json.dumps({"error": f"unknown: {unknown}"}))
        return 2
    agreed(script.terms, terms)
    asyncio.run(run(Desk(name, terms), given.host, given.port))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
