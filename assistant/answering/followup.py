"""Questions that only make sense after another one."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.manners import FollowUpPhrases, flat, flat_phrase
from assistant.knowledge.analysis import is_informative, stems

MAX_WORDS = 3  # informative words: with more, a question stands by itself


class Need(StrEnum):
    """What a follow-up asks of what was just said."""

    NOTHING = "rien"
    PAGE = "page"
    EXAMPLE = "exemple"
    MORE = "details"
    AGAIN = "reprise"


_TAKE_UP = frozenset({"ca", "cela", "c"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what it was answered with."""

    question: str
    units: tuple[str, ...]
    actor: str | None = None


def need_of(message: str, phrases: FollowUpPhrases) -> Need:
    """What ``message`` needs of the previous turn."""
    text = flat(message)
    if _is_one_of(text, phrases.page):
        return Need.PAGE
    if _is_one_of(text, phrases.exemple):
        return Need.EXAMPLE
    if _is_one_of(text, phrases.details) or _is_one_of(text, phrases.liste):
        return Need.MORE
    informative = [term for term in stems(message) if is_informative(term)]
    opens = any(text.startswith(flat_phrase(start)) for start in phrases.debuts)
    points = any(flat_phrase(pronoun) in text for pronoun in phrases.pronoms)
    if len(informative) <= MAX_WORDS and (opens or (points and len(informative) <= 2)):
        return Need.AGAIN
    return Need.NOTHING


def stands_alone(message: str) -> bool:
    """Whether a message that reads like a follow-up says enough without what came before.

    Two informative words do, or one that the pronoun takes up: « la charte, ça sert à quoi ? ».
    """
    terms = stems(message)
    informative = [place for place, term in enumerate(terms) if is_informative(term)]
    taken_up = bool(informative) and not _TAKE_UP.isdisjoint(terms[informative[0] :])
    return len(informative) >= 2 or taken_up


def resolved(message: str, previous: Turn) -> str:
    """The question that ``message`` stands for after ``previous``: both, the new words last."""
    return f"{previous.question.rstrip(' ?!.')} {message}"


def _is_one_of(text: str, phrases: tuple[str, ...]) -> bool:
    stripped = text
    for courtesy in (
        " stp ",
        " svp ",
        " s il te plait ",
        " s il vous plait ",
        " merci ",
        " alors ",
    ):
        stripped = stripped.replace(courtesy, " ")
    stripped = f" {' '.join(stripped.split())} "
    return any(flat_phrase(phrase) == stripped for phrase in phrases)
