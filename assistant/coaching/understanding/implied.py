"""The last reading of a message: what its other readings imply, all of it to be confirmed."""

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.coaching.understanding.deduced import deduced
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.goods import goods
from assistant.coaching.understanding.learned import Learned
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.organisations import organisations
from assistant.coaching.understanding.refusals import refusals
from assistant.coaching.understanding.relations import relations
from assistant.coaching.understanding.roles import Calendar
from assistant.coaching.understanding.signatures import signed


def implied(
    drafts: Sequence[Draft], learned: Learned, lexicon: Lexicon, calendar: Calendar,
    *, known: Mapping[str, str | None], today: date,
) -> list[Draft]:  # fmt: skip
    """``drafts`` with what follows from them and from where names and figures stand."""
    message, scopes = learned.message, learned.scopes
    made = [*drafts]
    made += signed(message, lexicon, made, organisations(message, lexicon))
    made += relations(message, lexicon, scopes, made, today)
    made += goods(scopes, lexicon, made, calendar.numbers, learned.places("biens"))
    made += refusals(message, lexicon, scopes, made)
    return made + deduced(message, lexicon, scopes, made, known)
