"""The shapes of OpenAI's chat completions."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.scripted.values import Schema

Body = Mapping[str, Any]
ERRORS = {
    400: ("invalid_request_error", None, "The request cannot be read."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}


def error(status: int, detail: str = "") -> dict[str, Any]:
    """The body of a failure."""
    kind, code, message = ERRORS[status]
    text = f"{message} {detail}".strip()
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The shape that was asked for; ``tool`` is the function to call with it."""

    schema: Schema | None = None
    tool: str | None = None


def wanted(body: Body) -> Wanted:
    """Read ``response_format`` and ``tool_choice``; JSON mode's schema is sought in the prompt."""
    choice = body.get("tool_choice")
    tools = {tool["function"]["name"]: tool["function"] for tool in body.get("tools") or ()}
    if tools and choice not in (None, "auto", "none"):
        name = choice["function"]["name"] if isinstance(choice, dict) else next(iter(tools))
        return Wanted(tools[name].get("parameters", {}), name)
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        return Wanted(form["json_schema"].get("schema", {}))
    if form.get("type") == "json_object":
        return Wanted(_described(json.dumps(body["messages"], ensure_ascii=False)))
    return Wanted()


def _described(text: str) -> Schema:
    text = text.replace('\\"', '"').replace("\\n", " ")
    start = -1
    while (start := text.find("{", start + 1)) >= 0:
        try:
            value, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            continue
        if isinstance(value, dict) and "properties" in value:
            return value
    return {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class Shapes:
    """The bodies of one answer."""

    identifier: str
    model: str

    def chunk(self, delta: Body, finish: str | None = None) -> dict[str, Any]:
        """A part of a stream."""
        return self._around("chat.completion.chunk", {"delta": delta, "finish_reason": finish})

    def usage_chunk(self, usage: Body) -> dict[str, Any]:
        """The last part of a stream, for who asked what it cost."""
        return {**self.chunk({}), "choices": [], "usage": usage}

    def whole(self, message: Body, finish: str | None, usage: Body) -> dict[str, Any]:
        """An answer that is not streamed."""
        body = self._around("chat.completion", {"message": message, "finish_reason": finish})
        return {**body, "usage": usage}

    def call(self, index: int, name: str, arguments: str) -> dict[str, Any]:
        """A tool call."""
        identifier = f"call_{self.identifier[-8:]}_{index}"
        function = {"name": name, "arguments": arguments}
        return {"index": index, "id": identifier, "type": "function", "function": function}

    def _around(self, kind: str, choice: Body) -> dict[str, Any]:
        return {
            "id": self.identifier,
            "object": kind,
            "created": int(time.time()),
            "model": self.model,
            "system_fingerprint": "scripted",
            "choices": [{"index": 0, "logprobs": None, **choice}],
        }


def usage(asked: int, said: int) -> dict[str, int]:
    """Tokens counted."""
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def models(names: list[str]) -> dict[str, Any]:
    """The list of models."""
    return {"object": "list", "data": [model(name) for name in names]}


def model(name: str) -> dict[str, Any]:
    """One model."""
    return {"id": f"scripted-{name}", "object": "model", "created": 0, "owned_by": "eval"}
