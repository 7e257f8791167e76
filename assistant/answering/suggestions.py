"""What to ask next: authored questions of linked and neighbouring units."""

from collections.abc import Sequence

from assistant.answering.manners import flat
from assistant.knowledge.generation import Index
from assistant.knowledge.unit import Unit, UnitKind

SUGGESTIONS = 3
LONGEST = 110  # characters of a question fit for a button


def suggestions(
    index: Index, unit: Unit, found: Sequence[Unit] = (), *, question: str = ""
) -> tuple[str, ...]:
    """Up to three questions after ``unit``: of the units it links to, then of ``found``."""
    linked = [index.unit(unit_id) for unit_id in unit.see_also]
    asked: list[str] = []
    for candidate in [*(u for u in linked if u is not None), *found[1:]]:
        if candidate.id == unit.id or candidate.kind is UnitKind.OFF_TOPIC:
            continue
        next_question = well_formed_question(candidate)
        if next_question and next_question not in asked and flat(next_question) != flat(question):
            asked.append(next_question)
    return tuple(asked[:SUGGESTIONS])


def well_formed_question(unit: Unit) -> str | None:
    """The first authored question fit to be shown: a capital, a question mark, not too long."""
    for question in unit.questions:
        if question[0].isupper() and question.endswith("?") and len(question) <= LONGEST:
            return question
    return None
