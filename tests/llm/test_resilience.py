"""Retries, rest, spending: a backend that does what it is told, a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.clock import FrozenClock
from assistant.llm.limits import REMEMBERED_CONVERSATIONS, Bill, Breaker, Spending, tokens_in
from assistant.llm.port import Fault, ModelFailed, Prompt, T
from assistant.llm.resilience import (
    AttemptFailed,
    Patience,
    ResilientModel,
    Waiting,
    retry_after,
)
from tests.llm.loopback import until_it_fails

PROMPT = Prompt("essai", "s" * 30, "u" * 60, "0")
IN_PROMPT = tokens_in("s" * 30 + "u" * 60)
Step = str | AttemptFailed | Exception | float | int


class Slot(BaseModel):
    montant: int


@dataclass
class Backend:
    """One script an attempt: text is said, a float waits, an int is the provider's own count."""

    scripts: list[list[Step]]
    name: str = "double:m"
    attempts: int = 0
    closed: int = 0

    async def stream(self, prompt: Prompt, bill: Bill) -> AsyncIterator[str]:
        self.attempts += 1
        try:
            for step in self.scripts.pop(0):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                elif isinstance(step, int):
                    bill.told(step)
                else:
                    yield step
        except asyncio.CancelledError:
            self.closed += 1
            raise

    async def complete(self, prompt: Prompt, schema: type[T], bill: Bill) -> T:
        said = "".join([piece async for piece in self.stream(prompt, bill)])
        return schema.model_validate_json(said)


@dataclass
class Bench:
    """A model with all its seams in hand."""

    scripts: list[list[Step]]
    patience: Patience = field(default_factory=Patience)
    per_day: int = 0
    per_conversation: int = 0
    draw: float = 0.5
    clock: FrozenClock = field(default_factory=FrozenClock)
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        self.backend = Backend(self.scripts)
        self.breaker = Breaker(self.clock, failures=3, rest=30)
        self.spending = Spending(self.clock, self.per_day, self.per_conversation)
        self.model = ResilientModel(
            self.backend,
            breaker=self.breaker,
            spending=self.spending,
            patience=self.patience,
            waiting=Waiting(sleep=sleep, draw=lambda: self.draw),
            max_tokens=100,
        )

    async def text(self, conversation: str | None = None) -> str:
        asked = self.model.stream(PROMPT, conversation=conversation)
        return "".join([piece async for piece in asked])

    async def fault(self, asked: Coroutine[Any, Any, Any] | None = None) -> Fault:
        with pytest.raises(ModelFailed) as failed:
            await (asked or self.text())
        assert type(failed.value) is ModelFailed
        return failed.value.fault


def busy(after: float | None = None) -> AttemptFailed:
    return AttemptFailed(Fault.BUSY, again=True, after=after)


def refused() -> AttemptFailed:
    return AttemptFailed(Fault.REFUSED)


def down() -> AttemptFailed:
    return AttemptFailed(Fault.UNREACHABLE)


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


# Another attempt


def test_waits_grow_and_are_drawn_at_random() -> None:
    async def test() -> None:
        bench = Bench([[busy()], [busy()], ["Bon", "jour"]])
        assert await bench.text() == "Bonjour"
        assert bench.slept == [0.25, 0.5]

    run(test())


@given(attempt=st.integers(1, 30), draw=st.floats(0, 1, exclude_max=True))
def test_a_wait_is_between_nothing_and_the_cap(attempt: int, draw: float) -> None:
    waiting = Waiting(draw=lambda: draw)

    assert 0 <= waiting.seconds(Patience(), attempt, None) <= Patience().cap
    assert 7 <= waiting.seconds(Patience(), attempt, 7.0) <= 7 + Patience().base


def test_a_server_is_not_asked_before_the_time_it_gave() -> None:
    async def test() -> None:
        bench = Bench([[busy(after=4.0)], ["Bonjour"]], draw=0.0)
        assert await bench.text() == "Bonjour"
        assert bench.slept == [4.0]

    run(test())


def test_attempts_are_counted() -> None:
    async def test() -> None:
        bench = Bench([[busy()]] * 5)
        assert await bench.fault() is Fault.BUSY
        assert bench.backend.attempts == 3
        assert len(bench.slept) == 2

    run(test())


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    async def test() -> None:
        bench = Bench([[busy(after=21.0)], ["trop tard"]])
        assert await bench.fault() is Fault.BUSY
        assert bench.slept == []
        other = Bench(
            [[busy(after=21.0)], ['{"montant": 1}']]
        )  # nobody reads an object as it comes
        assert await other.model.complete(PROMPT, Slot) == Slot(montant=1)

    run(test())


@pytest.mark.parametrize("fault", [Fault.KEY, Fault.REFUSED, Fault.MALFORMED])
def test_what_would_fail_again_is_not_tried_again(fault: Fault) -> None:
    async def test() -> None:
        bench = Bench([[AttemptFailed(fault)], ["Bonjour"]])
        assert await bench.fault() is fault
        assert bench.backend.attempts == 1

    run(test())


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (busy(), Fault.CUT),
        (AttemptFailed(Fault.UNREACHABLE, again=True), Fault.CUT),
        (AttemptFailed(Fault.UNKNOWN), Fault.CUT),
        (AttemptFailed(Fault.REFUSED), Fault.REFUSED),
        (RuntimeError("un défaut du fournisseur"), Fault.CUT),
    ],
)
def test_half_an_answer_is_said_to_be_cut(failure: Exception, expected: Fault) -> None:
    async def test() -> None:
        bench = Bench([["Bon", failure], ["Bonjour"]])
        assert await bench.fault() is expected
        assert bench.backend.attempts == 1

    run(test())


def test_a_defect_of_ours_is_a_failure_of_the_model_not_of_the_answer() -> None:
    async def test() -> None:
        bench = Bench([[RuntimeError("?")]])
        assert await bench.fault() is Fault.UNKNOWN

    run(test())


def test_empty_pieces_are_no_beginning() -> None:
    async def test() -> None:
        bench = Bench([["", busy()], ["Bon", "", "jour"]])
        assert [p async for p in bench.model.stream(PROMPT)] == ["Bon", "jour"]

    run(test())


# Time


@pytest.mark.parametrize(
    ("script", "patience", "pieces"),
    [
        ([5.0, "Bon"], Patience(first_token=0.05), []),
        (["", 5.0, "Bon"], Patience(first_token=0.05), []),
        (["Bon", 5.0, "jour"], Patience(idle=0.05), ["Bon"]),
        (["a", 0.06, "b", 0.06, "c", 5.0], Patience(idle=0.1, total=0.15), ["a", "b", "c"]),
    ],
)
def test_no_wait_is_without_an_end(
    script: list[Step], patience: Patience, pieces: list[str]
) -> None:
    async def test() -> None:
        bench = Bench([script, ["pas deux fois"]], patience)
        assert await until_it_fails(bench.model.stream(PROMPT)) == (pieces, Fault.TIMEOUT)
        assert (bench.backend.attempts, bench.backend.closed) == (1, 1)

    run(test())


def test_a_reader_that_takes_its_time_is_not_a_model_that_is_slow() -> None:
    async def test() -> None:
        bench = Bench([["Bon", "jour"]], Patience(idle=0.05))
        got = []
        async for piece in bench.model.stream(PROMPT):
            await asyncio.sleep(0.1)
            got.append(piece)
        assert got == ["Bon", "jour"]

    run(test())


def test_fifty_readers_are_served_at_once() -> None:
    async def test() -> None:
        bench = Bench([[0.05, "Bon", 0.05, "jour"] for _ in range(50)])
        began = asyncio.get_running_loop().time()
        assert await asyncio.gather(*(bench.text() for _ in range(50))) == ["Bonjour"] * 50
        assert asyncio.get_running_loop().time() - began < 2

    run(test())


# Rest


def test_a_model_that_keeps_failing_rests_then_is_tried_once() -> None:
    async def test() -> None:
        bench = Bench([[down()], [down()], [down()], [down()], ["Bonjour"], ["Bonsoir"]])
        assert [await bench.fault() for _ in range(3)] == [Fault.UNREACHABLE] * 3
        assert await bench.fault() is Fault.RESTING
        assert bench.backend.attempts == 3
        bench.clock.advance(seconds=29)
        assert await bench.fault() is Fault.RESTING
        bench.clock.advance(seconds=1)
        assert await bench.fault() is Fault.UNREACHABLE  # the probe, which fails
        assert await bench.fault() is Fault.RESTING
        bench.clock.advance(seconds=30)
        assert await bench.text() == "Bonjour"
        assert await bench.text() == "Bonsoir"

    run(test())


def test_only_one_probe_is_sent() -> None:
    async def test() -> None:
        bench = Bench([[down()]] * 3 + [[0.05, "Bonjour"], ["Bonsoir"]])
        for _ in range(3):
            await bench.fault()
        bench.clock.advance(seconds=30)
        probe = asyncio.create_task(bench.text())
        await asyncio.sleep(0.01)
        assert await bench.fault() is Fault.RESTING
        assert await probe == "Bonjour"
        assert await bench.text() == "Bonsoir"

    run(test())


def test_a_probe_that_is_left_leaves_its_place() -> None:
    async def test() -> None:
        bench = Bench([[down()]] * 3 + [[5.0, "tard"], ["Bonjour"]])
        for _ in range(3):
            await bench.fault()
        bench.clock.advance(seconds=30)
        probe = asyncio.create_task(bench.text())
        await asyncio.sleep(0.01)
        probe.cancel()
        await asyncio.wait([probe])
        assert await bench.text() == "Bonjour"

    run(test())


def test_failures_count_only_in_a_row() -> None:
    async def test() -> None:
        bench = Bench([[down()], [down()], ["Bonjour"], [down()], [down()], ["Bonsoir"]])
        for expected in ("", "", "Bonjour", "", "", "Bonsoir"):
            if expected:
                assert await bench.text() == expected
            else:
                assert await bench.fault() is Fault.UNREACHABLE

    run(test())


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.MALFORMED, Fault.BUDGET])
def test_an_answer_that_is_of_no_use_is_not_a_server_that_is_ill(fault: Fault) -> None:
    async def test() -> None:
        bench = Bench([[AttemptFailed(fault)] for _ in range(9)])
        assert {await bench.fault() for _ in range(9)} == {fault}

    run(test())


def test_readers_who_leave_do_not_make_a_model_rest() -> None:
    async def test() -> None:
        bench = Bench([["Bon", 5.0] for _ in range(6)])
        for _ in range(6):
            stream = bench.model.stream(PROMPT)
            assert await anext(stream) == "Bon"
            await stream.aclose()
        assert bench.backend.closed == 6

    run(test())


def test_what_began_before_the_rest_neither_ends_nor_lengthens_it() -> None:
    clock = FrozenClock()
    breaker = Breaker(clock, failures=1, rest=30)
    early, late, failing = breaker.trial(), breaker.trial(), breaker.trial()
    with pytest.raises(ModelFailed), failing:
        raise ModelFailed(Fault.CUT)
    with early:
        clock.advance(seconds=20)
    with pytest.raises(ModelFailed, match="resting"):
        breaker.trial()
    with pytest.raises(ModelFailed), late:
        raise ModelFailed(Fault.CUT)
    clock.advance(seconds=10)

    assert breaker.trial().probe


# Money


def test_what_is_spent_is_the_prompt_and_the_reply() -> None:
    async def test() -> None:
        bench = Bench([["a" * 30], [17, "a" * 30], ["a" * 30, AttemptFailed(Fault.CUT)]])
        await bench.text("une")
        assert bench.spending.spent_by("une") == IN_PROMPT + 10
        await bench.text("deux")
        assert bench.spending.spent_by("deux") == 17
        await bench.fault(bench.text("trois"))
        assert bench.spending.spent_by("trois") == IN_PROMPT + 10
        assert bench.spending.spent_today == 2 * (IN_PROMPT + 10) + 17

    run(test())


def test_requests_turned_away_cost_nothing_and_those_that_hang_do() -> None:
    async def test() -> None:
        bench = Bench([[busy()], [busy()], [busy()], [5.0]], Patience(first_token=0.9))
        await bench.fault()
        assert bench.spending.spent_today == 0
        assert await bench.fault() is Fault.TIMEOUT
        assert bench.spending.spent_today == IN_PROMPT

    run(test())


def test_a_stream_that_is_left_costs_what_came() -> None:
    async def test() -> None:
        bench = Bench([["a" * 30, 5.0]])
        stream = bench.model.stream(PROMPT)
        await anext(stream)
        assert bench.spending.spent_today == IN_PROMPT + 100  # what it may cost, while it runs
        await stream.aclose()
        assert bench.spending.spent_today == IN_PROMPT + 10

    run(test())


def test_a_day_s_money_is_for_a_day() -> None:
    async def test() -> None:
        bench = Bench([["a" * 30]] * 3, per_day=IN_PROMPT + 109)
        await bench.text()
        assert await bench.fault() is Fault.BUDGET
        bench.clock.advance(days=1)
        await bench.text()
        assert bench.backend.attempts == 2

    run(test())


def test_a_call_that_goes_past_midnight_is_of_the_day_it_ends() -> None:
    clock = FrozenClock(datetime(2026, 11, 2, 23, 59, tzinfo=UTC))
    spending = Spending(clock)
    with spending.reserve("c", 500) as bill:
        clock.advance(minutes=2)
        bill.told(40)

    assert (spending.spent_today, spending.spent_by("c")) == (40, 40)


def test_one_conversation_does_not_spend_the_others_money() -> None:
    async def test() -> None:
        bench = Bench([["a" * 30]] * 4, per_conversation=IN_PROMPT + 109)
        await bench.text("une")
        assert await bench.fault(bench.text("une")) is Fault.BUDGET
        bench.clock.advance(days=1)
        assert await bench.fault(bench.text("une")) is Fault.BUDGET
        await bench.text("deux")
        await bench.text(None)

    run(test())


def test_many_at_once_do_not_spend_more_than_there_is() -> None:
    async def test() -> None:
        each = IN_PROMPT + 100
        bench = Bench([[0.05, "a" * 300]] * 50, per_day=3 * each)
        done = await asyncio.gather(*(bench.text() for _ in range(50)), return_exceptions=True)
        assert sum(isinstance(d, str) for d in done) == 3
        assert bench.spending.spent_today == 3 * each

    run(test())


def test_a_limit_of_money_does_not_hide_that_the_model_is_well() -> None:
    async def test() -> None:
        bench = Bench([["a" * 30]] * 9, per_conversation=1)
        for _ in range(9):
            assert await bench.fault(bench.text("une")) is Fault.BUDGET
        assert await bench.text() == "a" * 30

    run(test())


def test_a_limit_of_money_does_not_hide_that_the_model_is_ill() -> None:
    async def test() -> None:
        bench = Bench([[down()]] * 3 + [["Bonjour"]], per_conversation=1)
        for _ in range(3):
            assert await bench.fault() is Fault.UNREACHABLE
            assert await bench.fault(bench.text("une")) in {Fault.BUDGET, Fault.RESTING}
        bench.clock.advance(seconds=30)
        assert await bench.fault(bench.text("une")) is Fault.BUDGET  # a probe that was not sent
        assert bench.backend.attempts == 3
        assert await bench.text() == "Bonjour"

    run(test())


def test_old_conversations_are_forgotten() -> None:
    spending = Spending(FrozenClock())
    for number in range(REMEMBERED_CONVERSATIONS + 5):
        for conversation in [str(number)] + ["0"] * (number == 10):
            with spending.reserve(conversation, 1) as bill:
                bill.told(1)

    assert spending.spent_by("0") == 2  # it went on: it is not old
    assert spending.spent_by("5") == 0
    assert spending.spent_by("6") == 1
    assert spending.spent_by(str(REMEMBERED_CONVERSATIONS + 4)) == 1


# Retry-After

NOW = FrozenClock().now()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("12", 12.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("bientôt", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Mon, 02 Nov 2026 09:01:30", None),
    ],
)
def test_a_server_says_when_in_seconds_or_by_a_date(
    header: str | None, expected: float | None
) -> None:
    assert retry_after(header, FrozenClock()) == expected
