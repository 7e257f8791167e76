"""« non pas 3 000, 3 500 »: a figure that its author takes back, and the one that stands."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.casefile.facts import Facts
from assistant.casefile.paths import read
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.roles import ROLES
from assistant.coaching.understanding.text import Message

_BEFORE, _BETWEEN = 30, 45


def righted(
    drafts: Sequence[Draft], found: Sequence[Number], message: Message, lexicon: Lexicon,
    facts: Facts | None,
) -> list[Draft]:  # fmt: skip
    """``drafts`` where a figure taken back gives its slot, to be confirmed, to the other one."""
    made = list(drafts)
    for wrong, right in _pairs(found, message.work, lexicon):
        taken = [d for d in made if d.slot in ROLES and _on(d, wrong)]
        held = {d.slot for d in made if _on(d, right)}
        made = [d for d in made if d not in taken]
        made += [
            Draft(slot, round(right.json(), 2), right.start, right.end, sure=False)
            for slot in sorted((_known(facts, wrong) or {d.slot for d in taken}) - held)
        ]
    return made


def _pairs(found: Sequence[Number], work: str, lexicon: Lexicon) -> Iterator[tuple[Number, Number]]:
    """Each figure taken back with the one that stands for it."""
    for one, other in pairwise(found):
        between = work[one.end : other.start]
        before = work[max(0, one.start - _BEFORE) : one.start]
        if len(between) > _BETWEEN or "percent" in (one.kind, other.kind):
            continue
        if lexicon.context("chiffre_exclu").search(between):
            yield other, one
        elif lexicon.context("chiffre_repris").search(between) or (
            lexicon.context("chiffre_dedit").search(before)
            and lexicon.context("chiffre_suite").match(between)
        ):
            yield one, other


def _known(facts: Facts | None, number: Number) -> set[str]:
    """The slots that hold this figure already."""
    return {slot for slot in ROLES if facts is not None and read(facts, slot) == number.value}


def _on(draft: Draft, number: Number) -> bool:
    return draft.start < number.end and number.start < draft.end
