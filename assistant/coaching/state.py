"""What a dossier is at some moment: the fold of its events, as frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from assistant.coaching import events as ev
from assistant.coaching.manuscript import Manuscript, written
from assistant.coaching.method import Method
from assistant.coaching.reply import Part
from assistant.coaching.sides import SIDES, Side, is_own, root, visible

Status = Literal["confirmed", "to_confirm"]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, who gave it and when, the words it came from.

    ``because`` is the slot whose change put it in doubt; None when it is in doubt only because
    it was read in a message, or is not in doubt.
    """

    value: Any
    side: Side
    author: str
    at: datetime
    seq: int
    question: str | None = None
    words: str | None = None
    status: Status = "confirmed"
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a message may have meant, waiting for a yes or a no.

    ``modelled`` when a language model read it; ``other`` is then our own reading, if it differs:
    a yes says nothing of which, only a choice does.
    """

    slot: str
    value: Any
    words: str
    seq: int
    modelled: bool = False
    other: "OtherReading | None" = None


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Our own reading of what a language model read otherwise."""

    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and the coach's reply, as parts."""

    seq: int
    at: datetime
    text: str
    reply: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SideState:
    """What one side has said, and where it stands."""

    answers: Mapping[str, Answer] = field(default_factory=lambda: _NOTHING)
    proposals: tuple[Proposal, ...] = ()
    unknown: frozenset[str] = frozenset()
    skipped: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    shared: frozenset[str] = frozenset()
    goal: ev.Goal = "orientation"
    step: int = 1
    question: str | None = None
    paused: bool = False
    exchanges: tuple[Exchange, ...] = ()

    def values(self) -> dict[str, Any]:
        """The values by slot."""
        return {slot: answer.value for slot, answer in self.answers.items()}


@dataclass(frozen=True, slots=True)
class State:
    """Every side, and the documents they share; ``seq`` is the number of the last event."""

    sides: Mapping[Side, SideState] = field(
        default_factory=lambda: MappingProxyType({side: SideState() for side in SIDES})
    )
    documents: Mapping[str, Manuscript] = field(default_factory=lambda: _NOTHING)
    seq: int = 0

    def of(self, side: Side) -> SideState:
        """One side."""
        return self.sides[side]


def fold(method: Method, recorded: Iterable[ev.Recorded]) -> State:
    """The state after ``recorded``, in order; events that were undone leave nothing."""
    history = list(recorded)
    gone = undone(history)
    state = State()
    for item in history:
        if item.seq not in gone and item.event.kind != "undone":
            state = apply(method, state, item)
    return replace(state, seq=history[-1].seq) if history else state


def undone(history: Iterable[ev.Recorded]) -> frozenset[int]:
    """The numbers of the events that no longer count: an undone undo restores its target."""
    targets = {item.seq: item.event.target for item in history if item.event.kind == "undone"}
    gone: set[int] = set()
    for seq in sorted(targets, reverse=True):
        # an undo made later has already said whether this one counts
        if seq not in gone:
            gone.add(targets[seq])
    return frozenset(gone)


def apply(method: Method, state: State, item: ev.Recorded) -> State:
    """The state after one more event."""
    if isinstance(item.event, ev.DocumentEvent):
        return replace(state, documents=written(state.documents, item), seq=item.seq)
    before = state.of(item.side)
    after = _applied(method, before, item)
    sides = MappingProxyType({**state.sides, item.side: after})
    return replace(state, sides=sides, seq=item.seq)


def _applied(method: Method, side: SideState, item: ev.Recorded) -> SideState:  # noqa: PLR0911
    event = item.event
    match event:
        case ev.Answered():
            return _answered(method, side, item, event)
        case ev.Proposed() | ev.ReadByModel():
            return _proposed(side, item.seq, event)
        case ev.Confirmed():
            return _confirmed(method, side, item, event)
        case ev.Dismissed():
            return _dismissed(side, event)
        case ev.Talked():
            said = Exchange(item.seq, item.at, event.text, event.reply)
            return replace(side, exchanges=(*side.exchanges, said))
        case ev.Unknown() | ev.Skipped() | ev.Noted():
            return _set_apart(side, event)
        case ev.Shared():
            return replace(side, shared=side.shared | frozenset(map(root, event.slots)))
        case ev.Hidden():
            return replace(side, shared=side.shared - frozenset(map(root, event.slots)))
        case _:
            return _placed(side, event)


def _set_apart(side: SideState, event: ev.Unknown | ev.Skipped | ev.Noted) -> SideState:
    match event:
        case ev.Unknown():
            return replace(side, unknown=side.unknown | {event.question}, question=None)
        case ev.Skipped():
            rest = tuple(q for q in side.skipped if q != event.question)
            return replace(side, skipped=(*rest, event.question), question=None)
        case ev.Noted():
            notes = {**side.notes, event.question: event.text}
            return replace(side, notes=_frozen({q: t for q, t in notes.items() if t.strip()}))


def _placed(side: SideState, event: ev.Event) -> SideState:
    match event:
        case ev.Moved():
            return replace(
                side,
                step=event.step or side.step,
                question=event.question,
                goal=event.goal or side.goal,
                paused=False,
            )
        case ev.Paused():
            return replace(side, paused=True)
        case ev.Resumed():
            return replace(side, paused=False)
        case ev.Restarted():
            return SideState(exchanges=side.exchanges, notes=side.notes, shared=side.shared)
        case ev.Cancelled():
            return replace(side, proposals=(), question=None)
    return side


def _answered(method: Method, side: SideState, item: ev.Recorded, event: ev.Answered) -> SideState:
    answers = dict(side.answers)
    for slot, value in event.values.items():
        for finer in [name for name in answers if name.startswith(f"{slot}.")]:
            del answers[finer]
        answers[slot] = Answer(
            value=value,
            side=item.side,
            author=item.author,
            at=item.at,
            seq=item.seq,
            question=event.question,
            words=event.words.get(slot),
            status="confirmed" if event.sure else "to_confirm",
        )
    changed = [
        slot for slot, value in event.values.items()
        if slot in side.answers and side.answers[slot].value != value
    ]  # fmt: skip
    doubtful = _doubted(method, answers, changed, given=frozenset(event.values))
    asked = method.asking(event.values)
    return replace(
        side,
        answers=_frozen(doubtful),
        proposals=tuple(p for p in side.proposals if p.slot not in event.values),
        unknown=side.unknown - asked,
        skipped=tuple(q for q in side.skipped if q not in asked),
        question=None,
        paused=False,
    )


def _doubted(
    method: Method, answers: dict[str, Answer], changed: Iterable[str], *, given: frozenset[str]
) -> dict[str, Answer]:
    """``answers``, those that rest on what changed put in doubt; none is erased."""
    for slot in changed:
        for dependent in method.resting_on(slot):
            held = answers.get(dependent)
            if held is not None and dependent not in given:
                answers[dependent] = replace(held, status="to_confirm", because=slot)
    return answers


def _proposed(side: SideState, seq: int, event: ev.Proposed | ev.ReadByModel) -> SideState:
    kept = [p for p in side.proposals if p.slot not in event.values]
    modelled = isinstance(event, ev.ReadByModel)
    new = [
        Proposal(s, v, event.words.get(s, ""), seq, modelled, _other(event, s))
        for s, v in event.values.items()
    ]
    return replace(side, proposals=(*kept, *new))


def _other(event: ev.Proposed | ev.ReadByModel, slot: str) -> OtherReading | None:
    if isinstance(event, ev.Proposed) or slot not in event.others:
        return None
    return OtherReading(event.others[slot], event.other_words.get(slot, ""))


def _confirmed(
    method: Method, side: SideState, item: ev.Recorded, event: ev.Confirmed
) -> SideState:
    """What was in doubt is settled; what was proposed is answered, as if it had been typed."""
    answers = dict(side.answers)
    proposed = {p.slot: p for p in side.proposals if p.slot in event.slots and not p.other}
    waiting = {p.slot for p in side.proposals if p.other}
    for slot in event.slots:
        if slot in answers and slot not in proposed and slot not in waiting:
            answers[slot] = replace(answers[slot], status="confirmed", because=None)
    settled = replace(side, answers=_frozen(answers))
    if not proposed:
        return settled
    taken = ev.Answered(
        values={slot: p.value for slot, p in proposed.items()},
        words={slot: p.words for slot, p in proposed.items() if p.words},
        via="message",
    )
    return _answered(method, settled, item, taken)


def _dismissed(side: SideState, event: ev.Dismissed) -> SideState:
    proposed = {proposal.slot for proposal in side.proposals}
    # a proposal beside an answer: it is the proposal that is wrong
    refused = [slot for slot in event.slots if slot not in proposed]
    return replace(
        side,
        answers=_frozen({s: a for s, a in side.answers.items() if s not in refused}),
        proposals=tuple(p for p in side.proposals if p.slot not in event.slots),
    )


def merged(state: State, viewer: Side) -> dict[str, Answer]:
    """What is known of the case as ``viewer`` may see it: its own answers win.

    Of the other sides, what is common to the case and visible; what a side says of itself stays
    with it. Of two other sides, the latest answer counts.
    """
    found: dict[str, Answer] = {}
    for side in SIDES:
        if side == viewer:
            continue
        other = state.of(side)
        for slot in visible(other.answers, other.shared):
            # the words of its messages, and why it doubts, are its own
            answer = replace(other.answers[slot], words=None, because=None)
            if not is_own(slot) and (slot not in found or found[slot].seq < answer.seq):
                found[slot] = answer
    return {**found, **state.of(viewer).answers}


def _frozen(mapping: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(mapping)
