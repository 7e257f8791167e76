"""Fields of activity that somebody refuses, whatever the words of the refusal; to confirm."""

from collections.abc import Iterator, Sequence

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

_REACH, _MOST = 70, 8


def refusals(
    message: Message, lexicon: Lexicon, scopes: Scopes, drafts: Sequence[Draft]
) -> list[Draft]:
    """``exclusions`` of the fields named after a refusal, that no rule has read."""
    read = [d for d in drafts if d.slot == "exclusions"]
    return [
        d for d in _fields(message, lexicon, scopes)
        if not any(one.start < d.end and d.start < one.end for one in read)
    ][:_MOST]  # fmt: skip


def _fields(message: Message, lexicon: Lexicon, scopes: Scopes) -> Iterator[Draft]:
    for match in lexicon.context("secteur_refuse").finditer(message.work):
        start, end = match.span()
        sentence = message.sentence(start)
        before = message.work[max(sentence.start, start - _REACH) : start]
        if scopes.question(start) or not (
            lexicon.context("refuse_avant").search(before)
            or lexicon.context("secteurs_exclus").search(message.work, sentence.start, start)
        ):
            continue
        value = message.original[slice(*message.span(start, end))]
        yield Draft("exclusions", [value], start, end, sure=False, force=0)
