"""Cut a stream of text into sentences, the same however the text comes in pieces."""

import re

from assistant.knowledge.analysis import fold
from assistant.llm.citations import CITATION

LONGEST = 4_000  # characters: what has no end by then is cut there
_LOOK = 400  # characters in which an opened citation must close

_CANDIDATE = re.compile(r"[.!?…]+|\n")
_CLOSERS = re.compile(r"(?:\*\*|[*_\"”’)]|[ \u00a0\u202f]*[»”])*")
_CITES = re.compile(
    rf"(?:[ \t\u00a0\u202f]*\n?[ \t\u00a0\u202f]*{CITATION.pattern})*", CITATION.flags
)
_SPACE = re.compile(r"\s*")
_OPENERS = "[(【［<\\"
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*(?:\*\*)?\d{1,3}(?:\*\*)?$")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")
# what ends with a full stop without ending a sentence
ABBREVIATIONS = frozenset(
    """art arts p pp cf ex mme mlle mm dr me st ste vol chap al av bd env tel sect ch fig dir
    coord resp hab min max jr prof n no num ref ed op cit i.e e.g p.ex tel""".split()
)


class SentenceCutter:
    """Gives whole sentences as soon as nothing that follows can change them.

    What it gives, joined, is the text it was fed: spaces and line ends go with the sentence
    before them, and so does a citation that follows the full stop. List items, headings and table
    rows are sentences of their own. The result does not depend on how the text was cut.
    """

    def __init__(self) -> None:
        self._buffer = ""
        self._seen = 0  # no sentence ends before this place of the buffer

    def feed(self, delta: str) -> list[str]:
        """Take the next piece; return the sentences that are now complete."""
        self._buffer += delta
        return self._cut(final=False)

    def end(self) -> list[str]:
        """The stream is over: return what is left, cut."""
        cut = self._cut(final=True)
        rest, self._buffer, self._seen = self._buffer, "", 0
        return [*cut, rest] if rest else cut

    def _cut(self, *, final: bool) -> list[str]:
        sentences: list[str] = []
        while (end := self._end(final=final)) is not None:
            sentences.append(self._buffer[:end])
            self._buffer, self._seen = self._buffer[end:], 0
        return sentences

    def _end(self, *, final: bool) -> int | None:
        text = self._buffer
        position = self._seen
        while (match := _CANDIDATE.search(text, position)) is not None:
            if match.end() > LONGEST:
                break
            tail, decided = self._tail(match)
            if not decided and not final:
                self._seen = match.start()
                break
            if self._ends(match, tail):
                return min(tail, LONGEST)
            position = self._seen = match.end()
        if len(text) >= LONGEST + 2 * _LOOK or (final and len(text) > LONGEST):
            return LONGEST
        return None

    def _tail(self, match: re.Match[str]) -> tuple[int, bool]:
        """Where what belongs to the sentence after its stop ends, and whether that is sure."""
        text = self._buffer
        place = match.end()
        if match[0] != "\n":
            place = _matched(_CLOSERS, text, place)
        place = _matched(_CITES, text, place)
        place = _matched(_SPACE, text, place)
        if place >= len(text):
            return place, False
        if text[place] not in _OPENERS:
            return place, True
        ahead = text[place : place + _LOOK]
        if len(ahead) == _LOOK:
            return place, True
        if text[place] == "<":
            low = ahead.lower()
            maybe = low.startswith("<sup>"[: len(low)])
            return place, not maybe or "</sup>" in low or "\n" in low
        closed = re.search(r"[\])】］\n].", ahead, re.DOTALL)
        return place, closed is not None

    def _ends(self, match: re.Match[str], tail: int) -> bool:
        text = self._buffer
        after = text[match.end() : tail]
        if tail >= len(text):
            return True
        if "\n\n" in match[0] + re.sub(r"[ \t]", "", after):
            return True
        following = text[tail]
        if match[0] == "\n" or "\n" in after:
            return not following.islower()
        if not after.strip('*_"”’)»') and not re.search(r"\s", after):
            return False
        if following.islower() or (match[0] == "." and following in ",;:)"):
            return False
        cited = CITATION.search(after) is not None
        return cited or match[0] != "." or not self._abbreviated(match.start())

    def _abbreviated(self, stop: int) -> bool:
        before = self._buffer[:stop]
        if _LIST_NUMBER.search(before):
            return True
        word = _LAST_WORD.search(before[-40:])
        if word is None:
            return before.endswith("°")
        return fold(word[1]) in ABBREVIATIONS or (len(word[1]) == 1 and word[1].isupper())


def _matched(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def sentences(text: str) -> list[str]:
    """The sentences of a whole text."""
    cutter = SentenceCutter()
    return [*cutter.feed(text), *cutter.end()]
