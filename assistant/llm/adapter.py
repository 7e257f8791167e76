"""LangChain, behind one file: one attempt at a model, in our words.

Nothing of a prompt, a reply or a key is logged or traced: LangSmith is off here whatever the
environment says, and the libraries' own loggers are held at WARNING.
"""

import asyncio
import itertools
import json
import logging
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from assistant.clock import Clock
from assistant.errors import CallerError
from assistant.llm.failures import translated
from assistant.llm.limits import Bill
from assistant.llm.port import Fault, Prompt, T
from assistant.llm.presets import Choice, Method
from assistant.llm.prompts import Prompts
from assistant.llm.resilience import AttemptFailed, Patience
from assistant.llm.thinking import Thinking, spoken
from assistant.settings import forbid_tracing

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

TALKATIVE = (
    "openai anthropic mistralai ollama httpx httpx2 httpcore httpcore2 "
    "langchain langchain_core langchain_openai langsmith"
).split()
CUT_SHORT = {"length", "max_tokens", "model_length"}
WITHHELD = {"content_filter", "refusal", "safety", "SAFETY"}
REPAIR = "reparation"
MADE = itertools.count(1)
Messages = list[tuple[str, str]]


def chat_maker(
    choice: Choice, *, patience: Patience, max_tokens: int, temperature: float | None
) -> Callable[[], "BaseChatModel"]:
    """What makes LangChain's model for a choice; made once now, so that mistakes are said early.

    Raises ``CallerError`` for a provider that LangChain does not know, a package that is not
    installed, or settings that the provider does not take.
    """
    forbid_tracing()
    options = _options(choice, patience, max_tokens)
    if temperature is not None:
        options["temperature"] = temperature

    def make() -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        made: BaseChatModel = init_chat_model(
            choice.model,
            model_provider=choice.preset.provider,
            **{**options, **_client(choice, patience)},
        )
        return made

    spare: list[BaseChatModel] = []  # the first is not made twice, it costs a first answer 40 ms

    def make_or_take() -> "BaseChatModel":
        return spare.pop() if spare else make()

    try:
        made = make()
    except ImportError as error:
        raise _missing(choice, error) from None
    except ValueError as error:
        if "nsupported provider" in str(error):
            raise CallerError("llm_inconnu", fournisseur=choice.name[:40]) from None
        raise CallerError("llm_reglage", fournisseur=choice.name) from None
    except Exception:  # noqa: BLE001 - each provider has its own, and their words may hold a key
        raise CallerError("llm_reglage", fournisseur=choice.name) from None
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    if (getattr(made, "profile", None) or {}).get("temperature") is False:
        options.pop("temperature", None)  # reasoning models refuse it
    else:
        spare.append(made)
    return make_or_take


def _options(choice: Choice, patience: Patience, max_tokens: int) -> dict[str, Any]:
    options: dict[str, Any] = {"max_retries": 0, "timeout": patience.total}
    if choice.url is not None:
        options["base_url"] = choice.url
    if choice.key is not None:
        options["api_key"] = choice.key
    if choice.preset.provider != "openai":
        if choice.preset.provider == "mistralai":
            options["timeout"] = max(1, round(patience.total))
        return {**options, "max_tokens": max_tokens}
    # Without a key of its own, LangChain would send the one of OPENAI_API_KEY to any address.
    options.setdefault("api_key", "-")
    options["stream_usage"] = choice.preset.usage and (choice.known or choice.preset.dialect)
    options["stream_chunk_timeout"] = None  # ours counts the first token too
    if choice.preset.dialect or not choice.known:
        spoken_by_others = {"use_responses_api": False, "extra_body": {"max_tokens": max_tokens}}
        return {**options, **spoken_by_others}
    return {**options, "max_tokens": max_tokens}


def _client(choice: Choice, patience: Patience) -> dict[str, Any]:
    """A connection pool of its own: LangChain's is shared by event loops, which breaks it.

    A model on this machine is not asked through the network's proxy. LangChain's Anthropic takes
    no client but keeps one for each timeout: no two of ours are equal.
    """
    if choice.preset.provider == "anthropic":
        return {"timeout": patience.total + next(MADE) / 1_000_000}
    if choice.preset.provider != "openai":
        return {}
    from openai import DefaultAsyncHttpxClient, Timeout

    timeout = Timeout(None, connect=5.0, pool=5.0)
    client = DefaultAsyncHttpxClient(
        timeout=timeout, follow_redirects=False, trust_env=not choice.local
    )
    return {"http_async_client": client, "timeout": timeout}


def _missing(choice: Choice, error: ImportError) -> CallerError:
    if choice.preset.extra:
        return CallerError("llm_option", fournisseur=choice.name, option=choice.preset.extra)
    found = re.search(r"requires the ([\w.-]+) package", str(error))
    package = found.group(1) if found else f"langchain-{choice.name}"
    return CallerError("llm_paquet", fournisseur=choice.name[:40], paquet=package[:60])


class LangChainBackend:
    """One attempt at a LangChain chat model."""

    def __init__(
        self,
        make: Callable[[], "BaseChatModel"],
        *,
        name: str,
        method: Method,
        says_end: bool,
        prompts: Prompts,
        clock: Clock,
    ) -> None:
        self._make = make
        self._name = name
        self._method = method
        self._says_end = says_end
        self._prompts = prompts
        self._clock = clock
        self._models: WeakKeyDictionary[asyncio.AbstractEventLoop, BaseChatModel] = (
            WeakKeyDictionary()
        )

    @property
    def name(self) -> str:
        """Provider and model, as the setting says it."""
        return self._name

    def _model(self) -> "BaseChatModel":
        """The model of this event loop: connections do not outlive theirs."""
        loop = asyncio.get_running_loop()
        if loop not in self._models:
            self._models[loop] = self._make()
        return self._models[loop]

    async def stream(self, prompt: Prompt, bill: Bill) -> AsyncGenerator[str, None]:
        """The text, as it comes; raises ``AttemptFailed``."""
        failure = None
        try:
            async with aclosing(self._deltas(prompt, bill)) as deltas:
                async for delta in deltas:
                    yield delta
        except Exception as error:  # noqa: BLE001 - every provider has its own
            failure = translated(error, self._clock)
        if failure is not None:  # outside, so that the provider's words are not its context
            raise failure

    async def _deltas(self, prompt: Prompt, bill: Bill) -> AsyncGenerator[str, None]:
        from langsmith import tracing_context

        thinking, reason, empty = Thinking(), "", True
        with tracing_context(enabled=False):
            async for chunk in self._model().astream(_messages(prompt)):
                _count(chunk, bill)
                reason = _reason(chunk) or reason
                said = thinking.feed(str(chunk.text))
                empty = empty and not said
                if said:
                    yield said
        rest = thinking.end()
        if rest:
            yield rest
        _conclude(reason, empty=empty and not rest, says_end=self._says_end)

    async def complete(self, prompt: Prompt, schema: type[T], bill: Bill) -> T:
        """One value; a reply that is not one is shown its mistakes, once. Keep schemas flat."""
        failure = None
        try:
            return await self._complete(prompt, schema, bill)
        except Exception as error:  # noqa: BLE001 - every provider has its own
            failure = translated(error, self._clock)
        raise failure

    async def _complete(self, prompt: Prompt, schema: type[T], bill: Bill) -> T:
        messages = _messages(prompt)
        reply = await self._asked(messages, schema, bill)
        try:
            return read_value(reply, schema)
        except ValidationError as error:
            mistakes = described(error)
        repair = self._prompts.render(REPAIR, erreurs=mistakes)
        messages += [("ai", reply or "{}"), ("human", repair.user)]
        bill.attempted(repair)
        return read_value(await self._asked(messages, schema, bill), schema)

    async def _asked(self, messages: Messages, schema: type[T], bill: Bill) -> str:
        from langsmith import tracing_context

        with tracing_context(enabled=False):
            asked = self._model().with_structured_output(
                schema.model_json_schema(), method=self._method, include_raw=True
            )
            outcome = await asked.ainvoke(messages)
        raw = outcome["raw"] if isinstance(outcome, Mapping) else None
        if raw is None:
            raise AttemptFailed(Fault.MALFORMED)
        _count(raw, bill)
        reason = _reason(raw)
        if reason in CUT_SHORT:
            raise AttemptFailed(Fault.CUT)
        if reason in WITHHELD or raw.additional_kwargs.get("refusal"):
            raise AttemptFailed(Fault.REFUSED)
        if raw.tool_calls:
            return json.dumps(raw.tool_calls[0]["args"], ensure_ascii=False)
        return str(raw.text)


def read_value(reply: str, schema: type[T]) -> T:
    """The one JSON object of a reply, strictly: half an object is none.

    LangChain's own parser completes what is cut, which would pass half a value for a whole one.
    Raises ``ValidationError``.
    """
    text = spoken(reply).strip()
    fenced = re.fullmatch(r"```\w*\s*\n(.*?)\n?```", text, re.DOTALL)
    return schema.model_validate_json(fenced.group(1) if fenced else text)


def described(error: ValidationError) -> str:
    """Where a value is wrong and why, without what it held."""
    lines = [
        f"{'.'.join(str(part) for part in one['loc']) or 'JSON'} : {one['type']}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "\n".join(lines[:8])


def _messages(prompt: Prompt) -> Messages:
    system: Messages = [("system", prompt.system)] if prompt.system else []
    return [*system, ("human", prompt.user)]


def _count(message: "BaseMessage", bill: Bill) -> None:
    usage = getattr(message, "usage_metadata", None)
    if usage:
        bill.told(int(usage.get("total_tokens") or 0))


def _reason(message: "BaseMessage") -> str:
    said = message.response_metadata
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if said.get(key):
            return str(said[key])
    return ""


def _conclude(reason: str, *, empty: bool, says_end: bool) -> None:
    """Raise ``AttemptFailed`` unless the text is whole."""
    if reason in WITHHELD:
        raise AttemptFailed(Fault.REFUSED)
    if reason in CUT_SHORT or (says_end and not reason):
        raise AttemptFailed(Fault.CUT)
    if empty:
        raise AttemptFailed(Fault.MALFORMED)
