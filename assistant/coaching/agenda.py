"""What to ask next: a checklist, not a flowchart.

What is known is never asked again; what does not matter in this case is never asked; of the rest,
the most useful first for the goal of the moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, read
from assistant.coaching.events import Goal
from assistant.coaching.method import Method, Question
from assistant.coaching.relevance import relevant, relevant_fields
from assistant.coaching.sides import root
from assistant.coaching.state import Answer, SideState

Standing = Literal["open", "answered", "to_confirm", "unknown", "skipped", "irrelevant"]
STEPS = range(1, 8)


@dataclass(frozen=True)
class Table:
    """The case as one side sees it: its own state, what is known, and the same as facts."""

    side: SideState
    known: Mapping[str, Answer]
    facts: Facts

    @cached_property
    def by_root(self) -> Mapping[str, tuple[str, ...]]:
        """The known slots by their first name: a question looks only at its own."""
        found: dict[str, list[str]] = {}
        for slot in self.known:
            found.setdefault(root(slot), []).append(slot)
        return {name: tuple(slots) for name, slots in found.items()}


def standing(question: Question, table: Table, *, missing: Sequence[str] = ()) -> Standing:
    """Where a question stands for this side.

    A question of several parts is answered once it was sent, or once its first part that matters
    here is known: what was said in a message is not asked again. When another part is in
    ``missing``, what would decide the recommendation, the question is still open.
    """
    names = (*question.slots, *question.derive)
    near = {slot for name in names for slot in table.by_root.get(root(name), ())}
    held = [table.known[slot] for slot in near if _fills(names, slot)]
    sent = any(answer.question == question.id for answer in held)
    decides = not sent and _decides(question, table, missing)
    if held and not decides and (sent or _main_part_known(question, table)):
        doubtful = any(answer.status == "to_confirm" for answer in held)
        return "to_confirm" if doubtful else "answered"
    if question.id in table.side.unknown:
        return "unknown"
    if not relevant(question, table.facts):
        return "irrelevant"
    return "skipped" if question.id in table.side.skipped else "open"


def _decides(question: Question, table: Table, missing: Sequence[str]) -> bool:
    """Whether a part of the question is missing that matters here."""
    wanted = {field.slot for field in relevant_fields(question, table.facts)} & set(missing)
    return any(slot not in table.known for slot in wanted)


def _fills(names: tuple[str, ...], slot: str) -> bool:
    return any(slot == name or slot.startswith(f"{name}.") for name in names)


def _main_part_known(question: Question, table: Table) -> bool:
    fields = relevant_fields(question, table.facts)
    main = fields[0] if fields else question
    slot = fields[0].slot if fields else question.slots[0]
    if any(given(read(table.facts, derived)) for derived in question.derive):
        return True
    value = read(table.facts, slot)
    if main.colonnes and isinstance(value, tuple):
        return any(given(read(row, column)) for row in value for column in main.colonnes)
    return given(value)


def minimal(method: Method, goal: Goal, step: int) -> list[Question]:
    """The questions of a goal, in the order of the method."""
    if goal == "etape":
        return [question for question in method.questions if question.etape == step]
    wanted = ("orientation",) if goal == "orientation" else ("orientation", "squelette")
    return [q for q in method.questions if any(name in q.minimal for name in wanted)]


def still_open(method: Method, table: Table, *, missing: Sequence[str] = ()) -> list[Question]:
    """What is left to ask for the goal of the moment, most useful first.

    ``missing`` are the slots that would decide the recommendation, most useful first (§3.7): to
    orient, what fills them is asked even when it is not part of the smallest set. What a message
    may have said waits for its yes or no and is asked after the rest; what was put off comes last.
    """
    asked = minimal(method, table.side.goal, table.side.step)
    if table.side.goal != "etape":
        known = {question.id for question in asked}
        deciding = {q.id: q for slot in missing for q in method.by_slot.get(slot, ())}
        asked += [question for name, question in deciding.items() if name not in known]
    places = {slot: place for place, slot in enumerate(missing)}
    offered = {proposal.slot for proposal in table.side.proposals}
    left = [(q, standing(q, table, missing=missing)) for q in asked]

    def usefulness(item: tuple[Question, Standing]) -> tuple[bool, bool, int, int]:
        question, where = item
        filled = (*question.slots, *question.derive)
        decides = min((places[s] for s in filled if s in places), default=len(places))
        put_off = where == "skipped"
        order = table.side.skipped.index(question.id) if put_off else asked.index(question)
        return put_off, question.slots[0] in offered, decides, order

    waiting = [item for item in left if item[1] in ("open", "skipped")]
    return [question for question, _ in sorted(waiting, key=usefulness)]


def next_question(method: Method, table: Table, *, missing: Sequence[str] = ()) -> Question | None:
    """The one question to ask now: the one chosen, else the most useful; None when all is said."""
    chosen = table.side.question
    if chosen is not None and chosen in method.by_id:
        return method.by_id[chosen]
    left = still_open(method, table, missing=missing)
    return left[0] if left else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: counts of its questions that matter in this case."""

    step: int
    total: int
    answered: int
    to_confirm: int
    unknown: int

    @property
    def done(self) -> bool:
        """Nothing left to ask nor to confirm."""
        return self.total > 0 and self.answered + self.unknown == self.total

    @property
    def begun(self) -> bool:
        """Something was said."""
        return self.answered + self.to_confirm + self.unknown > 0


def progress(method: Method, table: Table) -> tuple[Progress, ...]:
    """The seven stations."""
    found = []
    for step in STEPS:
        stood = [standing(q, table) for q in method.questions if q.etape == step]
        matter = [s for s in stood if s != "irrelevant"]
        found.append(
            Progress(
                step,
                len(matter),
                matter.count("answered"),
                matter.count("to_confirm"),
                matter.count("unknown"),
            )
        )
    return tuple(found)
