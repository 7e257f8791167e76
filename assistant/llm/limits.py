"""What stops us from asking: a model that keeps failing, and money."""

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self

from assistant.clock import Clock
from assistant.llm.port import Fault, ModelFailed, Prompt

# The server answered: it is well.
HARMLESS = {Fault.REFUSED, Fault.MALFORMED}
# A token is 3.5 to 4.5 characters of French for current tokenizers; we would rather overcount.
CHARACTERS_IN_A_TOKEN = 3
REMEMBERED_CONVERSATIONS = 10_000


def tokens_in(text: str) -> int:
    """An estimate, for providers that do not say."""
    return math.ceil(len(text) / CHARACTERS_IN_A_TOKEN)


@dataclass
class Breaker:
    """Rests after ``failures`` in a row for ``rest`` seconds, then lets one attempt through."""

    clock: Clock
    failures: int = 5
    rest: float = 30.0
    _failed: int = field(default=0, init=False)
    _closed_until: datetime | None = field(default=None, init=False)
    _probing: bool = field(default=False, init=False)

    def trial(self) -> "Trial":
        """Leave to try; raises ``ModelFailed`` while resting."""
        if self._closed_until is None:
            return Trial(self, probe=False)
        if self._probing or self.clock.now() < self._closed_until:
            raise ModelFailed(Fault.RESTING)
        self._probing = True
        return Trial(self, probe=True)

    def conclude(self, *, worked: bool | None, probe: bool) -> None:
        """How a trial ended; None when it was left before it could tell."""
        if probe:
            self._probing = False
        elif self._closed_until is not None:
            return  # begun before the rest: only the probe says whether it is over
        if worked:
            self._failed, self._closed_until = 0, None
        elif worked is False:
            self._failed += 1
            if self._failed >= self.failures:
                self._closed_until = self.clock.now() + timedelta(seconds=self.rest)


@dataclass
class Trial:
    """One use of the model, from the breaker's side; ``alive`` once a token has come."""

    breaker: Breaker
    probe: bool
    alive: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        worked: bool | None
        if isinstance(error, ModelFailed):
            worked = None if error.fault is Fault.BUDGET else error.fault in HARMLESS
        elif kind is not None:  # the reader left
            worked = self.alive or None
        else:
            worked = True
        self.breaker.conclude(worked=worked, probe=self.probe)


@dataclass
class Spending:
    """Tokens per day (UTC) and per conversation, in this process; 0 means no limit.

    What a call may cost at most is held while it runs, so that fifty at once cannot overspend.
    """

    clock: Clock
    per_day: int = 0
    per_conversation: int = 0
    _today: date | None = field(default=None, init=False)
    _spent: int = field(default=0, init=False)
    _conversations: "OrderedDict[str, int]" = field(default_factory=OrderedDict, init=False)

    @property
    def spent_today(self) -> int:
        """Tokens, what running calls hold included."""
        self._turn_the_page()
        return self._spent

    def spent_by(self, conversation: str) -> int:
        """Tokens of one conversation."""
        return self._conversations.get(conversation, 0)

    def reserve(self, conversation: str | None, tokens: int) -> "Bill":
        """Hold ``tokens``; raises ``ModelFailed`` when a limit would be passed."""
        over_day = self.per_day and self.spent_today + tokens > self.per_day
        said = self.spent_by(conversation) if conversation is not None else 0
        over_talk = (
            conversation is not None
            and self.per_conversation
            and said + tokens > self.per_conversation
        )
        if over_day or over_talk:
            raise ModelFailed(Fault.BUDGET)
        self._turn_the_page()
        bill = Bill(self, conversation, tokens, self._today)
        self._add(conversation, tokens, tokens)
        return bill

    def settle(self, bill: "Bill") -> None:
        """Replace what was held by what was spent."""
        self._turn_the_page()
        spent = bill.total()
        same_day = bill.day == self._today
        self._add(bill.conversation, spent - bill.held, spent - (bill.held if same_day else 0))

    def _turn_the_page(self) -> None:
        today = self.clock.now().date()
        if today != self._today:
            self._today, self._spent = today, 0

    def _add(self, conversation: str | None, to_talk: int, to_day: int) -> None:
        self._spent += to_day
        if conversation is None:
            return
        self._conversations[conversation] = max(0, self.spent_by(conversation) + to_talk)
        self._conversations.move_to_end(conversation)
        while len(self._conversations) > REMEMBERED_CONVERSATIONS:
            self._conversations.popitem(last=False)


@dataclass
class Bill:
    """What one call costs, its failed attempts included."""

    spending: Spending
    conversation: str | None
    held: int
    day: date | None
    _told: int = 0
    _asked: int = 0
    _characters: int = 0

    def attempted(self, prompt: Prompt) -> None:
        """A request leaves: until the provider says, it costs its prompt."""
        self._asked += tokens_in(prompt.system + prompt.user)

    def failed(self, prompt: Prompt, *, charged: bool) -> None:
        """A request gave nothing; providers do not charge for those they turn away."""
        if not charged:
            self._asked -= tokens_in(prompt.system + prompt.user)

    def received(self, text: str) -> None:
        """Text came."""
        self._characters += len(text)

    def told(self, tokens: int) -> None:
        """The provider's own count, for one request or a part of it."""
        self._told += tokens

    def total(self) -> int:
        """The provider's count when it gave one, else our estimate."""
        return self._told or self._asked + math.ceil(self._characters / CHARACTERS_IN_A_TOKEN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.spending.settle(self)
