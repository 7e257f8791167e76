"""Whether a question is worth asking, given what is known. Pure: no order, no state."""

from assistant.casefile.facts import Facts
from assistant.coaching.conditions import CONDITIONS
from assistant.coaching.method import Field, Method, Question


def holds(condition: str | None, facts: Facts) -> bool:
    """Whether a named condition holds; None always does. Raises ``KeyError`` when unknown."""
    return condition is None or CONDITIONS[condition](facts)


def is_for(question: Question, facts: Facts) -> bool:
    """Whether the question is put to this kind of actor.

    A foundation, another body or an actor who has not said who he is is asked everything.
    """
    actor = facts.acteur_type
    return actor not in ("association", "entreprise", "collectivite") or actor in question.pour


def relevant(question: Question, facts: Facts) -> bool:
    """Whether the question may still change something; what is unknown may (§4)."""
    return is_for(question, facts) and holds(question.condition, facts)


def relevant_fields(question: Question, facts: Facts) -> tuple[Field, ...]:
    """The parts of a composite question that have a meaning here, in order."""
    return tuple(part for part in question.champs if holds(part.condition, facts))


def relevant_questions(method: Method, facts: Facts) -> tuple[Question, ...]:
    """Every question worth asking, in the order of the method."""
    return tuple(question for question in method.questions if relevant(question, facts))
