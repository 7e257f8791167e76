"""« En fait c'est 12 000 »: a correction is read against what it corrects, not what is asked."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from assistant.casefile import shape
from assistant.casefile.facts import Facts
from assistant.coaching.agenda import Table
from assistant.coaching.expectation import expectation
from assistant.coaching.method import Method, Question
from assistant.coaching.state import Answer
from assistant.coaching.understanding.model import Expectation, Kind, Reading

Reader = Callable[[Expectation | None], Reading]
_BARE: Mapping[shape.Kind, Kind] = MappingProxyType({
    "montant": "montant", "date": "date", "nombre": "nombre", "pourcentage": "nombre",
    "oui_non": "oui_non",
})  # fmt: skip
# how far back a person may correct without naming what
_RECENT = 8


def is_correction(reading: Reading) -> bool:
    """Whether the message says that it corrects something."""
    return reading.command is not None and reading.command.name == "correct"


def reread(
    read: Reader, reading: Reading, asked: Question | None, table: Table, method: Method
) -> Reading:
    """``reading``, or the message read again against the last answer that it may correct.

    A correction that names what it corrects, or is read without the question, stands as it is.
    """
    waiting = asked.slots if asked else ()
    if not is_correction(reading) or any(s not in waiting for s in reading.values()):
        return reading
    for slot, wanted in _candidates(table, method):
        again = read(wanted)
        value = again.values().get(slot)
        if value is not None and value != table.side.answers[slot].value:
            kept = tuple(finding for finding in again.findings if finding.slot == slot)
            return Reading(kept, again.beliefs, reading.command, again.urgency)
    return reading


def _candidates(table: Table, method: Method) -> Iterator[tuple[str, Expectation]]:
    """The last answers, latest first, each with the way its bare correction is read."""

    def latest(item: tuple[str, Answer]) -> tuple[int, bool]:
        return item[1].seq, _bare_kind(item[0]) == "montant"

    answers = sorted(table.side.answers.items(), key=latest, reverse=True)
    for slot, _ in answers[:_RECENT]:
        wanted = _wanted(slot, table.facts, method)
        if wanted is not None:
            yield slot, wanted


def _wanted(slot: str, facts: Facts, method: Method) -> Expectation | None:
    for question in method.by_slot.get(slot, ()):
        found = expectation(question, facts)
        if found.slots[0] == slot and found.kind != "libre":
            return found
    bare = _bare_kind(slot)
    return Expectation((slot,), bare) if bare else None


def _bare_kind(slot: str) -> Kind | None:
    try:
        return _BARE.get(shape.kind(slot))
    except KeyError:  # a place in a list
        return None
