"""What a card says that the sources do not give: the reason of a refusal, in the card's words.

A refused question that is near one that a card is known to leave open (``Code.GAP``) is answered
with the sentence in which the card says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.manners import flat, flat_phrase
from assistant.knowledge.asked import AskedIndex, Code
from assistant.knowledge.embedding import Vectors
from assistant.knowledge.search import Hit
from assistant.knowledge.sentences import sentences
from assistant.knowledge.unit import Unit

UNITS = 2  # first units that may say it
NEAR = 0.6  # cosine with a question left open from which this one is taken to be left open too


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit, and the sentence of it that says what the sources do not give."""

    unit: Unit
    sentence: str


def gap_of(
    hits: Sequence[Hit], vector: Vectors, asked: AskedIndex, admissions: Sequence[str]
) -> Gap | None:
    """The gap that the question falls in, if one of the first ``hits`` admits it.

    ``vector`` is that of the question, shape (1, d); ``admissions`` are the phrases by which a
    sentence says that something is not given.
    """
    for hit in hits[:UNITS]:
        left_open = [c for code, c in asked.around(hit.unit.id, vector) if code is Code.GAP]
        if max(left_open, default=0.0) >= NEAR:
            sentence = _admission(hit.unit, admissions)
            if sentence is not None:
                return Gap(hit.unit, sentence)
    return None


def _admission(unit: Unit, admissions: Sequence[str]) -> str | None:
    said = [s.replace("**", "") for block in unit.blocks for s in sentences(block.text)]
    found = [s for s in said if any(flat_phrase(phrase) in flat(s) for phrase in admissions)]
    return found[-1] if found else None  # a card ends on what it does not know
