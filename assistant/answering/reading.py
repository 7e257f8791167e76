"""What a question asks, once the person has introduced herself and asked two things at once."""

import re

from assistant.knowledge.analysis import is_informative, stems
from assistant.knowledge.search import Hit

CLOSE_SCORE = 0.68  # a second unit this near the first is worth a few blocks
CLOSE_EVIDENCE = 0.5  # and so must be its cosine and its coverage
MIN_WORDS = 3  # informative words that a question must keep without its preamble
ECHO = 0.6  # a second unit that shares this much of its words with the first adds nothing

_PARTS = re.compile(r"\?\s+(?=\w)|\s*,?\s+(?:et|ainsi que|puis)\s+|\s*;\s*", re.IGNORECASE)
_COMPARISON = re.compile(r"\b(?:entre|diff[ée]rences?|comparer|versus)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_PREAMBLE = re.compile(
    r"^(?:bonjour,?\s+)?(?:je suis|nous sommes|on est|je g[èe]re|je dirige|chui|"
    r"en tant que|dans ma|dans mon|notre|ma|mon)\b[^,:?]{3,80}[,:]\s+",
    re.IGNORECASE,
)


def without_preamble(question: str) -> str:
    """The part of ``question`` that asks: its last sentence, without « Je suis …, » before it.

    ``question`` itself when what would be left says too little.
    """
    last = _SENTENCES.split(question)[-1]
    for asking in (_PREAMBLE.sub("", last), last, _PREAMBLE.sub("", question)):
        if sum(is_informative(term) for term in stems(asking)) >= MIN_WORDS:
            return asking
    return question


def parts_of(question: str) -> list[str]:
    """The parts of a question that asks several things; a comparison asks one."""
    if _COMPARISON.search(question):
        return [question]
    return [part for part in _PARTS.split(question) if part.strip()]


def is_close(hit: Hit, best: Hit) -> bool:
    """Whether a second unit is near enough to the best to be worth some room, and adds to it."""
    near = (
        hit.signals.score >= CLOSE_SCORE * best.signals.score
        and hit.signals.dense_question >= CLOSE_EVIDENCE * best.signals.dense_question
        and hit.signals.coverage >= CLOSE_EVIDENCE * best.signals.coverage
    )
    return near and not echoes(hit, best)


def echoes(hit: Hit, best: Hit) -> bool:
    """Whether a unit says again what the best one says."""
    ours = {term for term in stems(hit.unit.text) if is_informative(term)}
    theirs = {term for term in stems(best.unit.text) if is_informative(term)}
    return len(ours & theirs) >= ECHO * max(len(ours), 1)
