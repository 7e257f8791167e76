"""A follow-up that only its conversation explains: what a model may propose for it."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from assistant.answering.followup import Need, Turn, need_of
from assistant.answering.manners import FollowUpPhrases
from assistant.answering.reply import Reason, Reply, Status
from assistant.knowledge.analysis import is_informative, stems

REWRITE = "suite"
MAX_WORDS = 6  # informative words: with more, a message stands by itself
MAX_CHARACTERS = 400
UNFOUND = frozenset({Reason.NOT_IN_CORPUS, Reason.OUT_OF_SCOPE})


class Rewritten(BaseModel):
    """What a model returns: a question that stands alone, empty when there is none."""

    question: str = Field(default="", max_length=MAX_CHARACTERS)


def may_lean(message: str, reply: Reply, history: Sequence[Turn], phrases: FollowUpPhrases) -> bool:
    """Whether a message was refused for want of what came before it.

    It says something, little, after a turn that was answered; no rule of ours took it for a
    follow-up; and nothing was found for it alone.
    """
    if reply.status is not Status.REFUSED or reply.reason not in UNFOUND:
        return False
    if not history or not history[-1].units or need_of(message, phrases) is not Need.NOTHING:
        return False
    return 1 <= len(_words(message)) <= MAX_WORDS


def fits(question: str, message: str, before: Sequence[str]) -> bool:
    """Whether a proposed question only joins what was said.

    It keeps every informative word of ``message``, so that a message out of our field stays so,
    and adds only words of the questions ``before``.
    """
    asked, said = _words(question), _words(message)
    known = said.union(*(_words(one) for one in before))
    return said < asked <= known


def _words(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(text) if is_informative(stem))
