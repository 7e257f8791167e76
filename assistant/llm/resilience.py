"""Patience with a language model: retries, timeouts, rest after failures, spending limits.

No provider is known here: a ``Backend`` makes one attempt, ``ResilientModel`` is the port.
"""

import asyncio
import math
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from assistant.clock import Clock
from assistant.llm.limits import Bill, Breaker, Spending, Trial, tokens_in
from assistant.llm.port import Fault, LanguageModel, ModelFailed, Prompt, T

BROKEN_OFF = {Fault.UNREACHABLE, Fault.BUSY, Fault.UNKNOWN, Fault.MALFORMED}
UNCHARGED = {Fault.UNREACHABLE, Fault.BUSY, Fault.KEY, Fault.REFUSED}


class AttemptFailed(ModelFailed):
    """One attempt gave nothing: ``again`` when another may, ``after`` seconds when it was said."""

    def __init__(self, fault: Fault, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(fault)
        self.again = again
        self.after = after


class Backend(Protocol):
    """One attempt at one provider; raises ``AttemptFailed`` and nothing else.

    What it knows to have been spent goes to ``bill``; when it knows nothing, we estimate.
    """

    @property
    def name(self) -> str:
        """Provider and model."""
        ...

    def stream(self, prompt: Prompt, bill: Bill) -> AsyncIterator[str]:
        """The text, as it comes."""
        ...

    async def complete(self, prompt: Prompt, schema: type[T], bill: Bill) -> T:
        """One value of ``schema``, checked."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds, and how many times we try."""

    first_token: float = 20.0
    idle: float = 15.0
    total: float = 120.0
    attempts: int = 3
    base: float = 0.5
    cap: float = 8.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Full jitter (Brooker, « Exponential Backoff And Jitter », AWS, 2015), seams for tests."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = field(default=random.random)

    def seconds(self, patience: Patience, attempt: int, after: float | None) -> float:
        """How long to wait before attempt ``attempt + 1``; never less than the server asked."""
        if after is not None:
            return after + self.draw() * patience.base
        return self.draw() * min(patience.cap, patience.base * 2.0 ** (attempt - 1))


class ResilientModel(LanguageModel):
    """The port over one backend.

    Retries happen only before the first token, and only while the reader would still be waiting:
    a wait that goes past the deadline is not begun.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        breaker: Breaker,
        spending: Spending,
        patience: Patience | None = None,
        waiting: Waiting | None = None,
        max_tokens: int = 2_000,
    ) -> None:
        self._backend = backend
        self._breaker = breaker
        self._spending = spending
        self._patience = patience or Patience()
        self._waiting = waiting or Waiting()
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        """Provider and model, as the setting says it."""
        return self._backend.name

    async def stream(
        self, prompt: Prompt, *, conversation: str | None = None
    ) -> AsyncGenerator[str, None]:
        """The text, as it comes; closing the generator cancels the request at once."""
        with self._breaker.trial() as trial, self._bill(prompt, conversation) as bill:
            now = asyncio.get_running_loop().time()
            ends = now + self._patience.total
            begins = min(now + self._patience.first_token, ends)
            attempt = 0
            while True:
                attempt += 1
                failure = None
                try:
                    attempted = self._attempt(prompt, bill, trial, begins, ends)
                    async with aclosing(attempted) as deltas:
                        async for delta in deltas:
                            yield delta
                except AttemptFailed as failed:
                    failure = failed
                if failure is None:
                    return
                if trial.alive:
                    raise ModelFailed(cut_short(failure.fault))
                bill.failed(prompt, charged=failure.fault not in UNCHARGED)
                await self._wait(attempt, failure, begins)

    async def complete(
        self, prompt: Prompt, schema: type[T], *, conversation: str | None = None
    ) -> T:
        """One value of ``schema``, checked, within the whole time allowed."""
        with self._breaker.trial(), self._bill(prompt, conversation) as bill:
            ends = asyncio.get_running_loop().time() + self._patience.total
            attempt = 0
            while True:
                attempt += 1
                try:
                    bill.attempted(prompt)
                    async with asyncio.timeout_at(ends):
                        return await self._backend.complete(prompt, schema, bill)
                except AttemptFailed as failed:
                    failure = failed
                except TimeoutError:
                    failure = AttemptFailed(Fault.TIMEOUT)
                bill.failed(prompt, charged=failure.fault not in UNCHARGED)
                await self._wait(attempt, failure, ends)

    def _bill(self, prompt: Prompt, conversation: str | None) -> Bill:
        at_most = tokens_in(prompt.system + prompt.user) + self._max_tokens
        return self._spending.reserve(conversation, at_most)

    async def _attempt(
        self, prompt: Prompt, bill: Bill, trial: Trial, begins: float, ends: float
    ) -> AsyncGenerator[str, None]:
        """One request, in a task of its own: cancelling it is what closes the connection.

        Closing LangChain's generators from outside leaves their inner ones, which hold the
        response, to the garbage collector; a cancelled task unwinds from the innermost.
        """
        arrived: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        bill.attempted(prompt)
        request = asyncio.create_task(_pump(self._backend.stream(prompt, bill), arrived))
        until = begins
        try:
            while True:
                item = await _next(arrived, until)
                if item is None:
                    return
                if isinstance(item, Exception):
                    raise item
                if item:
                    trial.alive = True
                    bill.received(item)
                    yield item
                    until = min(asyncio.get_running_loop().time() + self._patience.idle, ends)
        finally:
            request.cancel()
            await asyncio.wait([request], timeout=1)

    async def _wait(self, attempt: int, failure: AttemptFailed, deadline: float) -> None:
        """Before another attempt; raises ``ModelFailed`` when there should be none."""
        wait = self._waiting.seconds(self._patience, attempt, failure.after)
        late = asyncio.get_running_loop().time() + wait >= deadline
        if not failure.again or attempt >= self._patience.attempts or late:
            raise ModelFailed(failure.fault)
        await self._waiting.sleep(wait)


def cut_short(fault: Fault) -> Fault:
    """What a failure is once text has come: the reader has half an answer."""
    return Fault.CUT if fault in BROKEN_OFF else fault


async def _pump(
    deltas: AsyncIterator[str], arrived: "asyncio.Queue[str | Exception | None]"
) -> None:
    try:
        async for delta in deltas:
            arrived.put_nowait(delta)
    except AttemptFailed as failed:
        arrived.put_nowait(failed)
    except Exception:  # noqa: BLE001 - a backend's mistake must not stop the answer
        arrived.put_nowait(AttemptFailed(Fault.UNKNOWN))
    else:
        arrived.put_nowait(None)


async def _next(
    arrived: "asyncio.Queue[str | Exception | None]", until: float
) -> str | Exception | None:
    try:
        async with asyncio.timeout_at(until):
            return await arrived.get()
    except TimeoutError:
        return AttemptFailed(Fault.TIMEOUT)


def retry_after(header: str | None, clock: Clock) -> float | None:
    """Seconds that a server asked for (RFC 9110 §10.2.3: seconds or a date), None if unreadable."""
    from email.utils import parsedate_to_datetime

    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - clock.now()).total_seconds()
        except (TypeError, ValueError):  # no date, or one without a zone
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
