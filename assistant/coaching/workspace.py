"""The one way in to case files: open, act, and every act is kept before it is answered."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from assistant.clock import Clock
from assistant.coaching import events as ev
from assistant.coaching.agenda import Progress, Table, next_question, progress
from assistant.coaching.commands import last_batch
from assistant.coaching.dossier import Dossier, Offer, Outdated
from assistant.coaching.draft import Guide
from assistant.coaching.entry import checked
from assistant.coaching.method import Question
from assistant.coaching.recommendation.recommend import Recommendation
from assistant.coaching.sides import PRIVATE, Side
from assistant.coaching.state import Answer, State, apply, fold
from assistant.coaching.transfer import exported, imported
from assistant.coaching.turn import Coach, Turn
from assistant.coaching.understanding.modelled import Heard as ToRead
from assistant.coaching.understanding.modelled import ModelReading
from assistant.errors import TooLarge

REMEMBERED = 64  # case files whose state is kept in memory
TRIES = 10  # times that answers are compared again because somebody else was faster


class History(Protocol):
    """Where case files are kept."""

    def create(self, owner: str, *, title: str, events: Sequence[ev.Recorded] = ()) -> Dossier: ...  # noqa: D102

    def dossier(self, dossier_id: str, *, owner: str) -> Dossier: ...  # noqa: D102

    def offer(  # noqa: D102
        self, secret: str, *, guest: str
    ) -> tuple[Offer, list[ev.Recorded]]: ...

    def history(  # noqa: D102
        self, dossier_id: str, *, owner: str, since: int = 0
    ) -> list[ev.Recorded]: ...

    def append(  # noqa: D102
        self,
        dossier_id: str,
        events: Iterable[ev.Event],
        *,
        owner: str,
        after: int | None = None,
    ) -> list[ev.Recorded]: ...


@dataclass(frozen=True, slots=True)
class View:
    """A case file as one side sees it now."""

    dossier: Dossier
    history: tuple[ev.Recorded, ...]
    state: State
    table: Table
    recommendation: Recommendation
    question: Question | None
    progress: tuple[Progress, ...]

    @property
    def side(self) -> Side:
        """Who looks."""
        return self.dossier.side


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer that changed between the moment a page was shown and the moment it was sent."""

    slot: str
    held: Answer
    sent: Any


@dataclass(frozen=True, slots=True)
class _Kept:
    history: tuple[ev.Recorded, ...]
    state: State


class Workspace:
    """Case files and the coach that leads them."""

    def __init__(self, store: History, coach: Coach, clock: Clock, *, max_message: int) -> None:
        self.coach = coach
        self._store = store
        self._clock = clock
        self._max_message = max_message
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def now(self) -> datetime:
        """The moment that acts are dated with."""
        return self._clock.now()

    def create(self, owner: str, *, title: str) -> Dossier:
        """A new, empty case file."""
        return self._store.create(owner, title=title)

    def view(self, dossier_id: str, *, owner: str) -> View:
        """The case file as ``owner`` sees it; raises ``NotFound``."""
        dossier = self._store.dossier(dossier_id, owner=owner)
        kept = self._current(dossier, owner)
        table = self.coach.table(kept.state, dossier.side)
        found = self.coach.recommendation(table)
        method = self.coach.method
        return View(
            dossier=dossier,
            history=kept.history,
            state=kept.state,
            table=table,
            recommendation=found,
            question=next_question(method, table, missing=found.missing),
            progress=progress(method, table),
        )

    def to_read(self, dossier_id: str, text: str, *, owner: str) -> ToRead | None:
        """See ``Coach.to_read``; raises what ``say`` would raise."""
        if len(text) > self._max_message:
            raise TooLarge(limite=self._max_message)
        dossier = self._store.dossier(dossier_id, owner=owner)
        table = self.coach.table(self._current(dossier, owner).state, dossier.side)
        return self.coach.to_read(table, text, self._clock.now().date())

    def say(
        self,
        dossier_id: str,
        text: str,
        *,
        owner: str,
        guide: Guide,
        modelled: ModelReading | None = None,
    ) -> Turn:
        """A message and the coach's reply; raises ``TooLarge`` and ``NotFound``.

        ``modelled`` is what a language model read in ``text``.
        """
        if len(text) > self._max_message:
            raise TooLarge(limite=self._max_message)
        dossier = self._store.dossier(dossier_id, owner=owner)
        kept = self._current(dossier, owner)
        turn = self.coach.respond(
            kept.history,
            dossier.side,
            text,
            now=self._clock.now(),
            guide=guide,
            state=kept.state,
            modelled=modelled,
        )
        self._store.append(dossier_id, turn.events, owner=owner)
        return turn

    def ask(self, dossier_id: str, question: str, *, owner: str, guide: Guide) -> Turn:
        """A digression to the guide, whatever the words; raises ``TooLarge`` and ``NotFound``."""
        if len(question) > self._max_message:
            raise TooLarge(limite=self._max_message)
        dossier = self._store.dossier(dossier_id, owner=owner)
        kept = self._current(dossier, owner)
        turn = self.coach.consult(
            kept.state, dossier.side, question, now=self._clock.now(), guide=guide
        )
        self._store.append(dossier_id, turn.events, owner=owner)
        return turn

    def answer(
        self,
        dossier_id: str,
        values: Mapping[str, Any],
        *,
        owner: str,
        question: str | None = None,
        base: int | None = None,
        via: ev.Via = "question",
    ) -> tuple[Clash, ...]:
        """Record answers; ``base`` is the revision of the page that they were typed in.

        What another page changed since is not overwritten: those values become proposals beside
        the answer that is held, and are returned. Raises ``InvalidFacts``, having taken nothing.
        """
        for _ in range(TRIES):
            try:
                return self._answer(
                    dossier_id, values, owner=owner, question=question, base=base, via=via
                )
            except Outdated:  # somebody answered in between: compare with that
                continue
        raise Outdated

    def _answer(
        self,
        dossier_id: str,
        values: Mapping[str, Any],
        *,
        owner: str,
        question: str | None,
        base: int | None,
        via: ev.Via,
    ) -> tuple[Clash, ...]:
        view = self.view(dossier_id, owner=owner)
        checked(view.table.known, values)
        clashes = tuple(_clashes(view, values, base))
        lost = {clash.slot for clash in clashes}
        taken = {slot: value for slot, value in values.items() if slot not in lost}
        events: list[ev.Event] = []
        if taken:
            events.append(ev.Answered(values=taken, question=question, via=via))
        if clashes:
            events.append(ev.Proposed(values={clash.slot: clash.sent for clash in clashes}))
        self._store.append(dossier_id, events, owner=owner, after=view.state.seq)
        return clashes

    def choose(self, dossier_id: str, slot: str, *, owner: str, modelled: bool) -> bool:
        """Settle between two readings of ``slot``; False when there are no longer two."""
        view = self.view(dossier_id, owner=owner)
        pending = (p for p in view.table.side.proposals if p.slot == slot and p.other)
        proposal = next(pending, None)
        if proposal is None or proposal.other is None:
            return False
        chosen = proposal if modelled else proposal.other
        checked(view.table.known, {slot: chosen.value})
        words = {slot: chosen.words} if chosen.words else {}
        event = ev.Answered(values={slot: chosen.value}, words=words, via="message")
        self.act(dossier_id, event, owner=owner, after=view.state.seq)
        return True

    def act(self, dossier_id: str, *events: ev.Event, owner: str, after: int | None = None) -> None:
        """Record what is neither an answer nor a message; raises ``NotFound``.

        Raises ``Outdated`` when something happened after event number ``after``.
        """
        self._store.append(dossier_id, events, owner=owner, after=after)

    def undo(self, dossier_id: str, *, owner: str) -> bool:
        """Take back what this side did last; False when there is nothing left to take back."""
        view = self.view(dossier_id, owner=owner)
        batch = last_batch(view.history, view.side)
        self.act(dossier_id, *(ev.Undone(target=seq) for seq in batch), owner=owner)
        return bool(batch)

    def offer(self, secret: str, *, guest: str) -> Offer:
        """What an invitation offers; raises ``InvitationClosed`` and ``InvitationTaken``."""
        offer, history = self._store.offer(secret, guest=guest)
        name = fold(self.coach.method, history).of("porteur").answers.get("acteur_nom")
        return replace(offer, host=str(name.value) if name else "")

    def share(
        self, dossier_id: str, *, owner: str, shared: Iterable[str], hidden: Iterable[str]
    ) -> None:
        """Show private slots to the other sides, or no longer; other names are left out."""
        opened = tuple(sorted(PRIVATE.intersection(shared)))
        closed = tuple(sorted(PRIVATE.intersection(hidden)))
        events: list[ev.Event] = [ev.Shared(slots=opened)] if opened else []
        if closed:
            events.append(ev.Hidden(slots=closed))
        self.act(dossier_id, *events, owner=owner)

    def export(self, dossier_id: str, *, owner: str) -> dict[str, Any]:
        """What this side may take away."""
        view = self.view(dossier_id, owner=owner)
        return exported(view.dossier.title, view.history, view.state, side=view.side)

    def restore(self, owner: str, value: Any, *, title: str | None = None) -> Dossier:
        """A new case file out of an exported one, which is not touched.

        Raises ``NotADossier`` or ``NewerDossier``.
        """
        named, history = imported(value)
        return self._store.create(owner, title=title or named, events=history)

    def _current(self, dossier: Dossier, owner: str) -> _Kept:
        with self._lock:
            kept = self._kept.get(dossier.id, _Kept((), State()))
        new = self._store.history(dossier.id, owner=owner, since=kept.state.seq)
        if new:
            kept = _grown(self.coach, kept, new)
            with self._lock:
                self._kept[dossier.id] = kept
                self._kept.move_to_end(dossier.id)
                while len(self._kept) > REMEMBERED:
                    self._kept.popitem(last=False)
        return kept


def _grown(coach: Coach, kept: _Kept, new: Sequence[ev.Recorded]) -> _Kept:
    history = (*kept.history, *new)
    if any(item.event.kind == "undone" for item in new):
        return _Kept(history, fold(coach.method, history))
    state = kept.state
    for item in new:
        state = apply(coach.method, state, item)
    return _Kept(history, state)


def _clashes(view: View, values: Mapping[str, Any], base: int | None) -> Iterable[Clash]:
    if base is None:
        return
    for slot, value in values.items():
        held = view.table.side.answers.get(slot)
        if held is not None and held.seq > base and held.value != value:
            yield Clash(slot, held, value)
