"""What a person may ask of the interview itself, each command a function (as in Rasa's CALM)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from assistant.casefile.facts import Facts
from assistant.coaching import events as ev
from assistant.coaching.agenda import STEPS, still_open
from assistant.coaching.draft import Draft
from assistant.coaching.expectation import expectation
from assistant.coaching.method import Question
from assistant.coaching.reply import Explained, Notice, Summary, from_guide
from assistant.coaching.sides import Side
from assistant.coaching.state import fold, undone
from assistant.coaching.understanding.model import NEXT_STEP, Command, CommandName

# said, undone already, or nothing that was said
_LASTING = ("talked", "undone", "paused", "resumed")
# written by others: the contract is right, the document is not ours
_WRITTEN_ELSEWHERE = frozenset({"subvention_cpo", "marche_public"})
# what these leave is what the rest of the message is read against
STARTING_OVER: frozenset[CommandName] = frozenset({"undo", "restart"})
# what a reply holds when values of the message were taken, or shown
_TAKEN = ("understood", "refused", "proposed", "read_by_model", "two_readings")
_ACTORS = ("association", "entreprise", "collectivite")


@dataclass(frozen=True, slots=True)
class Order:
    """A command with what it is about."""

    command: Command
    asked: Question | None
    history: Sequence[ev.Recorded]
    text: str


def obey(draft: Draft, order: Order) -> None:
    """Carry out a command; each says what it did."""
    _COMMANDS[order.command.name](draft, order)


def ask_guide(draft: Draft, question: str) -> None:
    """Ask the answering part, in the words of who asks."""
    actor = draft.table().facts.acteur_type
    known = actor if actor in _ACTORS else None
    draft.say(from_guide(question, draft.guide(question, actor=known)))


def last_batch(history: Sequence[ev.Recorded], side: Side) -> tuple[int, ...]:
    """The numbers of what ``side`` did last, together, and that still counts."""
    gone = undone(history)
    counting = [
        item for item in history
        if item.side == side and item.seq not in gone and item.event.kind not in _LASTING
    ]  # fmt: skip
    if not counting:
        return ()
    return tuple(item.seq for item in counting if item.at == counting[-1].at)


def _skip(draft: Draft, order: Order) -> None:
    if order.asked is None:
        go_on(draft)
        return
    draft.do(ev.Skipped(question=order.asked.id))
    draft.notice("plus_tard")


def _dont_know(draft: Draft, order: Order) -> None:
    if order.asked is None:
        draft.notice("rien_a_demander")
        return
    settled = _unknown(order.asked, draft.table().facts)
    if settled:
        draft.do(ev.Answered(values=settled, question=order.asked.id))
    else:
        draft.do(ev.Unknown(question=order.asked.id))
    draft.notice("ne_sait_pas")


def _unknown(asked: Question, facts: Facts) -> dict[str, Any]:
    """« I don't know » as the choice of that name, where the question has one."""
    wanted = expectation(asked, facts)
    if "inconnu" not in (option.value for option in wanted.options):
        return {}
    return {wanted.slots[0]: ["inconnu"] if wanted.kind == "multi" else "inconnu"}


def _why(draft: Draft, order: Order) -> None:
    if order.asked is None:
        draft.notice("rien_a_demander")
        return
    why = order.asked.pourquoi
    sources = tuple(map(str, why.sources))
    draft.say(Explained(question=order.asked.id, text=why.texte, sources=sources))


def explain(draft: Draft, asked: Question) -> None:
    """Why ``asked`` is asked, and how it may be answered."""
    why = asked.pourquoi
    sources = tuple(map(str, why.sources))
    draft.say(Explained(question=asked.id, text=why.texte, sources=sources))
    if asked.aide:
        draft.say(Notice(text=asked.aide))


def _clarify(draft: Draft, order: Order) -> None:
    if order.asked is None:
        draft.notice("rien_a_demander")
        return
    explain(draft, order.asked)


def _ask_guide(draft: Draft, order: Order) -> None:
    ask_guide(draft, order.text)


def _repeat(_draft: Draft, _order: Order) -> None:
    """Nothing: the question comes back at the end of every turn."""


def _go_to(draft: Draft, order: Order) -> None:
    here, number = draft.state.of(draft.side).step, order.command.step
    _arrive(draft, min(here + 1, max(STEPS)) if number == NEXT_STEP else number or here)


def _back(draft: Draft, order: Order) -> None:
    """To the question that was dealt with before the one being asked."""
    passed = _passed(draft, order.history)
    if order.asked is not None and order.asked.id in passed:
        passed = passed[: passed.index(order.asked.id)]
    if not passed:
        draft.notice("rien_avant")
        return
    draft.do(ev.Moved(question=passed[-1]))


def _passed(draft: Draft, history: Sequence[ev.Recorded]) -> list[str]:
    """The questions answered, put off or not known, in the order they were first dealt with."""
    gone = undone(history)
    found: dict[str, None] = {}
    for item in history:
        if item.side != draft.side or item.seq in gone:
            continue
        event = item.event
        if event.kind == "restarted":
            found.clear()
        if isinstance(event, ev.Answered | ev.Unknown | ev.Skipped) and event.question:
            found[event.question] = None
    return [question for question in found if question in draft.tools.method.by_id]


def _correct(draft: Draft, order: Order) -> None:
    # with a value in the message, it has been taken already
    if not any(part.kind in _TAKEN for part in draft.parts):
        _back(draft, order)


def _pause(draft: Draft, _order: Order) -> None:
    draft.do(ev.Paused())
    draft.notice("pause")


def _resume(draft: Draft, order: Order) -> None:
    if order.asked is None:
        go_on(draft)
    else:
        draft.notice("reprise")


def go_on(draft: Draft) -> None:
    """To the next step that has something left to ask, when nothing is left here."""
    table = draft.table()
    first = table.side.step + 1 if table.side.goal == "etape" else min(STEPS)
    for number in (*range(first, max(STEPS) + 1), *range(min(STEPS), first)):
        there = replace(table, side=replace(table.side, goal="etape", step=number, question=None))
        if still_open(draft.tools.method, there):
            _arrive(draft, number)
            return
    draft.notice("tout_complet")


def _arrive(draft: Draft, number: int) -> None:
    draft.do(ev.Moved(step=number, goal="etape"))
    draft.notice("etape", numero=number, titre=draft.tools.method.step(number).titre)


def _restart(draft: Draft, _order: Order) -> None:
    draft.do(ev.Restarted())
    draft.notice("recommence")


def _cancel(draft: Draft, order: Order) -> None:
    side = draft.state.of(draft.side)
    if not side.proposals and side.question is None:
        # nothing to forget: « stop » stops
        _pause(draft, order)
        return
    draft.do(ev.Cancelled())
    draft.notice("abandonne")


def _undo(draft: Draft, order: Order) -> None:
    batch = last_batch(order.history, draft.side)
    if not batch:
        draft.notice("rien_a_annuler")
        return
    done, draft.events = draft.events, [ev.Undone(target=seq) for seq in batch]
    kept = [item for item in order.history if item.seq not in batch]
    draft.state = fold(draft.tools.method, kept)
    for event in done:  # a pause that ended with this message
        draft.do(event)
    draft.notice("annule")


def _summarise(draft: Draft, _order: Order) -> None:
    own = draft.state.of(draft.side).values()
    draft.say(Summary(lines=draft.tools.lines(own, {})))


def _export_document(draft: Draft, order: Order) -> None:
    found = draft.tools.recommendation(draft.table())
    if not found.contrat:
        name = "documents_trop_tot" if order.asked else "documents_sans_reponse"
    elif _WRITTEN_ELSEWHERE.issuperset(found.documents):
        name = "documents_ailleurs"
    else:
        name = "documents_prets"
    draft.say(Notice(kind="documents", text=draft.tools.texts.say("coach", name)))


_COMMANDS: Mapping[CommandName, Callable[[Draft, Order], None]] = MappingProxyType({
    "skip": _skip,
    "dont_know": _dont_know,
    "why": _why,
    "clarify": _clarify,
    "ask_guide": _ask_guide,
    "repeat": _repeat,
    "go_to": _go_to,
    "back": _back,
    "correct": _correct,
    "pause": _pause,
    "resume": _resume,
    "restart": _restart,
    "cancel": _cancel,
    "undo": _undo,
    "summarise": _summarise,
    "export_document": _export_document,
})  # fmt: skip
