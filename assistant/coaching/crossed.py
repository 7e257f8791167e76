"""The crossed view: what the sides may all see, laid side by side.

Only what is visible enters: what a side has not shared stands nowhere here, not even on its own
page, so that the page can be read together (guide p. 42, p. 48-50). It is the same for every
viewer, but for the order: whoever looks comes first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, nested, read
from assistant.casefile.shape import kind, leaves
from assistant.coaching.entry import facts_of
from assistant.coaching.method import Method
from assistant.coaching.recommendation.square import GOALS, barycentre, read_square
from assistant.coaching.sides import SIDES, Side, is_own, root, visible
from assistant.coaching.state import Answer, State, Status

MARKS = ("criteres_sig", "criteres_eco")  # five or six marks from 1 to 5 (guide p. 46)
GAP = 2  # marks that far apart are to be discussed (guide p. 57, rule EVAL-03)
_SQUARE = ("objectif_carre", "objectif_dominant")


@dataclass(frozen=True, slots=True)
class Position:
    """What one side says of a slot: its value as JSON, who gave it and when (UTC)."""

    side: Side
    author: str
    value: Any
    at: datetime
    status: Status = "confirmed"


@dataclass(frozen=True, slots=True)
class Item:
    """A slot and the position of each side that spoke, whoever looks first."""

    slot: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class MarkGap:
    """The marks given to one criterion; ``gap`` is their largest difference."""

    slot: str
    positions: tuple[Position, ...]
    gap: int

    @property
    def wide(self) -> bool:
        """Whether it is to be discussed."""
        return self.gap >= GAP


@dataclass(frozen=True, slots=True)
class Balance:
    """Ten points over the four objectives and where they balance: x and y from -1 to 1.

    ``side`` is None for all sides together (the mean of their points).
    """

    side: Side | None
    weights: tuple[tuple[str, Decimal], ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Crossed:
    """What brings the sides together and what is left to settle.

    ``own`` is what each side says of itself; ``alone`` what one side only said of the case.
    """

    sides: tuple[Side, ...]
    agreements: tuple[Item, ...]
    negotiations: tuple[Item, ...]
    alone: tuple[Item, ...]
    own: tuple[Item, ...]
    marks: tuple[MarkGap, ...]
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one side shows, whole slots split into what they hold."""

    side: Side
    values: Mapping[str, Any]
    answers: Mapping[str, Answer]
    facts: Facts

    def position(self, slot: str) -> Position:
        touching = [a for name, a in self.answers.items() if _meet(name, slot)]
        last = max(touching, key=lambda answer: answer.seq)
        doubtful = any(answer.status == "to_confirm" for answer in touching)
        status: Status = "to_confirm" if doubtful else "confirmed"
        return Position(self.side, last.author, self.values[slot], last.at, status)


def crossed(state: State, viewer: Side, method: Method) -> Crossed:
    """Agreements, gaps and what is left to negotiate between two sides or three."""
    voices = _voices(state, viewer)
    common: dict[str, list[Item]] = {"agreements": [], "negotiations": [], "alone": []}
    own: list[Item] = []
    for slot in _ordered(voices, method):
        speaking = [voice for voice in voices if slot in voice.values]
        item = Item(slot, tuple(voice.position(slot) for voice in speaking))
        if is_own(slot):
            if root(slot) not in (*MARKS, *_SQUARE):
                own.append(item)
        elif len(speaking) == 1:
            common["alone"].append(item)
        else:
            said = {_comparable(read(voice.facts, slot), slot) for voice in speaking}
            common["agreements" if len(said) == 1 else "negotiations"].append(item)
    return Crossed(
        sides=tuple(voice.side for voice in voices),
        agreements=tuple(common["agreements"]),
        negotiations=tuple(common["negotiations"]),
        alone=tuple(common["alone"]),
        own=tuple(own),
        marks=tuple(_marks(voices, method)),
        balances=tuple(_balances(voices)),
    )


def negotiations(state: State, viewer: Side, method: Method) -> Mapping[str, tuple[Position, ...]]:
    """The common slots on which visible answers differ, for documents and pages."""
    return {item.slot: item.positions for item in crossed(state, viewer, method).negotiations}


def _voices(state: State, viewer: Side) -> list[_Voice]:
    order = (viewer, *(side for side in SIDES if side != viewer))
    found = (_voice(state, side) for side in order)
    return [voice for voice in found if voice.values or voice.side == viewer]


def _voice(state: State, side: Side) -> _Voice:
    held = state.of(side)
    answers = {slot: held.answers[slot] for slot in visible(held.answers, held.shared)}
    facts = facts_of(answers)
    values = leaves(nested({s: a.value for s, a in answers.items()}), whole=_SQUARE)
    # what facts did not take, or what says « unknown », is no position
    spoken = {slot: value for slot, value in values if given(read(facts, slot))}
    return _Voice(side, spoken, answers, facts)


def _ordered(voices: Sequence[_Voice], method: Method) -> list[str]:
    """Every slot that was spoken of, in the order of the method."""
    places = {
        slot: place
        for place, question in reversed(list(enumerate(method.questions)))
        for slot in question.slots
    }

    def place(slot: str) -> tuple[int, str]:
        named = [places[name] for name in places if _meet(name, slot)]
        return min(named, default=len(method.questions)), slot

    return sorted({slot for voice in voices for slot in voice.values}, key=place)


def _comparable(value: Any, slot: str) -> Any:
    """Equal for what means the same: case, blanks and the order of a list do not matter."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, BaseModel):
        return tuple((n, _comparable(getattr(value, n), slot)) for n in type(value).model_fields)
    if isinstance(value, Mapping):
        return tuple(sorted((n, _comparable(v, slot)) for n, v in value.items()))
    if isinstance(value, tuple | list):
        inside = [_comparable(one, slot) for one in value]
        return tuple(inside if kind(slot) == "tableau" else sorted(inside, key=repr))
    return value


def _marks(voices: Sequence[_Voice], method: Method) -> Iterator[MarkGap]:
    for slot in _ordered(voices, method):
        if root(slot) in MARKS:
            speaking = [voice for voice in voices if slot in voice.values]
            marks = [int(read(voice.facts, slot)) for voice in speaking]
            positions = tuple(voice.position(slot) for voice in speaking)
            yield MarkGap(slot, positions, max(marks) - min(marks))


def _balances(voices: Sequence[_Voice]) -> Iterator[Balance]:
    found = []
    for voice in voices:
        weights = read_square(voice.facts).weights
        if weights:
            found.append((voice.side, dict(weights)))
    for side, held in found:
        yield _balance(side, held)
    if len(found) > 1:
        count = len(found)
        mean = {goal: sum((w[goal] for _, w in found), Decimal(0)) / count for goal in GOALS}
        yield _balance(None, mean)


def _balance(side: Side | None, weights: Mapping[str, Decimal]) -> Balance:
    x, y = barycentre(weights)
    return Balance(side, tuple(weights.items()), float(x), float(y))


def _meet(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
