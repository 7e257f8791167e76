"""What a message says that was not understood: clauses with words of their own and no finding."""

import re
from bisect import bisect_left

from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Span
from assistant.coaching.understanding.text import Message
from assistant.knowledge.analysis import STOP_WORDS

_CLAUSE = re.compile(r"[^,;:.!?()\n]+(?:[.,](?=\d)[^,;:.!?()\n]+)*")
_WORD = re.compile(r"[a-z0-9]{3,}")
_INFORMATIVE, _MOST = 2, 20


def unread(message: Message, lexicon: Lexicon, places: list[tuple[int, int]]) -> tuple[Span, ...]:
    """The clauses that no finding touches, at most twenty."""
    ordered = sorted(places)
    starts = [start for start, _ in ordered]
    reach: list[int] = []
    for _, end in ordered:
        reach.append(max(end, reach[-1]) if reach else end)
    found: list[Span] = []
    polite = lexicon.polite
    for match in _CLAUSE.finditer(message.work):
        words = [w for w in _WORD.findall(polite.sub(" ", match[0])) if w not in STOP_WORDS]
        if len(words) < _INFORMATIVE:
            continue
        start, end = message.span(*match.span())
        before = bisect_left(starts, end)
        if end > start and not (before and reach[before - 1] > start):
            found.append(Span(message.original[start:end], start, end))
            if len(found) == _MOST:
                break
    return tuple(found)
