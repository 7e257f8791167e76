"""A turn being made: what is decided is applied at once, so that the next decision sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from assistant.casefile.display import Display
from assistant.casefile.facts import InvalidFacts
from assistant.coaching import events as ev
from assistant.coaching.agenda import Table
from assistant.coaching.entry import facts_of
from assistant.coaching.method import Method
from assistant.coaching.recommendation.recommend import Recommendation, recommend
from assistant.coaching.recommendation.wording import Wording
from assistant.coaching.reply import Line, Notice, Part
from assistant.coaching.sides import Side
from assistant.coaching.state import State, apply, merged
from assistant.errors import CallerError
from assistant.texts import Texts


class Guide(Protocol):
    """The answering part of the assistant, for a digression."""

    def __call__(self, question: str, *, actor: str | None) -> dict[str, Any]:
        """A reply in the published shape."""
        ...


@dataclass(frozen=True)
class Tools:
    """What leading through the method takes: the method and the words."""

    method: Method
    wording: Wording
    texts: Texts
    display: Display

    def table(self, state: State, side: Side) -> Table:
        """The case as ``side`` sees it."""
        known = merged(state, side)
        return Table(state.of(side), known, facts_of(known))

    def recommendation(self, table: Table) -> Recommendation:
        """What the facts lead to (§3)."""
        return recommend(table.facts, self.wording)

    def lines(self, values: Mapping[str, Any], words: Mapping[str, str]) -> tuple[Line, ...]:
        """Values to be shown back, with the words that they came from."""
        return tuple(
            Line(
                slot=slot,
                label=self.display.label_of(slot),
                value=self.display.value(slot, value),
                words=words.get(slot, ""),
            )
            for slot, value in values.items()
        )

    def explain(self, error: InvalidFacts) -> str:
        """What is wrong with values, naming slots as people know them."""
        names = [self.display.label_of(p.slot) for p in error.problems if p.slot]
        details = {**error.details, "slot": ", ".join(dict.fromkeys(names))}
        return self.texts.explain(CallerError(error.name, **details))


@dataclass
class Draft:
    """The state so far, and what was decided and said in this turn."""

    tools: Tools
    state: State
    side: Side
    now: datetime
    guide: Guide
    events: list[ev.Event] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def do(self, event: ev.Event) -> None:
        """Decide: the event is kept and applied."""
        self.events.append(event)
        seq = self.state.seq + 1
        item = ev.Recorded(seq=seq, at=self.now, side=self.side, author="", event=event)
        self.state = apply(self.tools.method, self.state, item)

    def say(self, part: Part) -> None:
        """Add to the reply."""
        self.parts.append(part)

    def notice(self, name: str, **details: Any) -> None:
        """Say a sentence of the section « coach »."""
        self.say(Notice(text=self.tools.texts.say("coach", name, **details)))

    def table(self) -> Table:
        """The case as it stands now."""
        return self.tools.table(self.state, self.side)
