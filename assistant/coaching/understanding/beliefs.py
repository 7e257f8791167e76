"""False beliefs in a message (domain/conventions.md §0.2): a variant holds in one sentence."""

import re
from collections.abc import Iterator

from assistant.coaching.understanding.lexicon import CompiledBelief, Lexicon
from assistant.coaching.understanding.model import Belief
from assistant.coaching.understanding.text import Message


def beliefs(message: Message, lexicon: Lexicon) -> Iterator[Belief]:
    """Each belief at most once, at its first place; asked or said, it deserves its correction."""
    for compiled in lexicon.compiled_beliefs:
        found = _first(message, compiled)
        if found is not None:
            start, end = message.span(*found)
            if end > start:
                yield Belief(compiled.belief.id, message.original[start:end], start, end)


def _first(message: Message, compiled: CompiledBelief) -> tuple[int, int] | None:
    for variant in compiled.variants:
        # the rarest group decides which sentences are looked at
        for anchor in variant[0].finditer(message.work):
            sentence = message.sentence(anchor.start())
            if compiled.unless.search(message.work, sentence.start, sentence.end):
                continue
            spans = _all(variant[1:], message.work, sentence.start, sentence.end)
            if spans is not None:
                spans.append(anchor.span())
                return min(s for s, _ in spans), max(e for _, e in spans)
    return None


def _all(
    groups: tuple[re.Pattern[str], ...], work: str, start: int, end: int
) -> list[tuple[int, int]] | None:
    end = min(end, start + 1500)
    spans: list[tuple[int, int]] = []
    for group in groups:
        match = group.search(work, start, end)
        if match is None:
            return None
        spans.append(match.span())
    return spans
