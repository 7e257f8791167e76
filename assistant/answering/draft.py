"""The part of a model's text that may be shown, sentence by sentence, as it comes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from assistant.answering.points import Point, missing, points_of
from assistant.answering.points import read as said
from assistant.answering.reply import Citation, Reply
from assistant.llm.citations import read
from assistant.llm.guard import Dropped, Guard
from assistant.llm.safe_markdown import reduced
from assistant.typography import french

LONGEST = 2_400  # characters of an answer, markers apart: twice what an extractive one may have
LONGEST_READ = 12_000  # characters of a model's text: what comes after is not waited for
LONGEST_SENTENCE = 800  # characters: what is longer is not a sentence

_MARKER = re.compile(r"\[(S\d+)\]")
_RAW_ITEM = re.compile(r"\s*(?:[-*+•–]|(\d{1,3})[.)])\s+")
_ITEM = re.compile(r"(?:- |\d+\. )")
_GAPS = (" ", "\n", "\n\n")


class Removed(StrEnum):
    """Why a sentence is not shown, besides what the guard says (``Dropped``)."""

    REPEATED = "repeated"
    ENDLESS = "endless"


class Draft:
    """What is shown of one answer; ``removed`` counts the other sentences by reason."""

    def __init__(self, reply: Reply, *, question: str, guard: Guard) -> None:
        self.text = ""
        self.removed: Counter[str] = Counter()
        self.kept: list[str] = []
        self._reply = reply
        self._question = question
        self._guard = guard
        self._passages = {citation.id: citation.passage for citation in reply.citations}
        self._numbers: dict[str, str] = {}  # marker given to the model → marker shown
        self._said: set[str] = set()
        self._read = 0
        self._gap = 0
        self._item = ""  # the bullet of a dropped sentence, for the next one of its line
        self._is_listed = False

    @property
    def passages(self) -> Mapping[str, str]:
        """The given passages by id."""
        return self._passages

    @property
    def full(self) -> bool:
        """Whether there is room, or patience, for no more."""
        return self._read >= LONGEST_READ or sum(map(len, self.kept)) >= LONGEST

    def take(self, sentence: str) -> str:
        """Judge a whole sentence, its spaces included; what to show after the rest, or nothing."""
        self._read += len(sentence)
        item = _RAW_ITEM.match(sentence)
        bullet = "" if item is None else f"{item[1]}. " if item[1] else "- "
        text = self._judged(sentence) if sentence.strip() else ""
        shown = ""
        if text:
            if not _ITEM.match(text):
                text = (bullet or self._item) + text
            shown = self._added(text)
        elif bullet:
            self._item = bullet
        gap = sentence[len(sentence.rstrip()) :].count("\n")
        if text or gap:
            self._item = ""
        self._gap = max(self._gap, min(gap, 2))
        return shown

    def completed(self) -> str:
        """Add the points of the extractive answer that were not said, as they are."""
        added = ""
        before: Point | None = None
        for point in missing(self._points, self.kept):
            beside = before is not None and (point.line == before.line)
            both_listed = point.listed and (before.listed if before else self._is_listed)
            self._gap = 0 if beside else 1 if both_listed else 2
            added += self._added(point.text)
            before = point
        return added

    def share(self) -> float:
        """The share of the extractive answer's points that was said: of all, or of its first card.

        What further cards add is not needed for an answer.
        """
        absent = missing(self._points, self.kept)
        first = [point for point in self._points if self._card_of(point) == self._first_card]
        left = sum(point in absent for point in first)
        shares = [1 - len(absent) / len(self._points), 1 - left / len(first)] if first else [1.0]
        return max(shares)

    @cached_property
    def _first_card(self) -> str | None:
        return self._card_of(self._points[0]) if self._points else None

    def _card_of(self, point: Point) -> str | None:
        urls = {citation.id: citation.url for citation in self._reply.citations}
        return next((urls[name] for name in _MARKER.findall(point.text) if name in urls), None)

    def reply(self) -> Reply:
        """The answer as shown, with the cited passages only, in the order of their markers."""
        by_id = {citation.id: citation for citation in self._reply.citations}
        citations: Sequence[Citation] = [
            replace(by_id[given], id=shown) for given, shown in self._numbers.items()
        ]
        return replace(self._reply, answer=self.text, citations=tuple(citations), mode="llm")

    @cached_property
    def _opening(self) -> str:
        """What the answer says before it answers: that it is in French, to an English question."""
        first = re.match(r".*\n\n", self._reply.answer)
        return "" if first is None or _MARKER.search(first[0]) else first[0]

    @cached_property
    def _points(self) -> tuple[Point, ...]:
        return points_of(self._reply.answer.removeprefix(self._opening))

    def _judged(self, sentence: str) -> str:
        """The sentence as it may be shown, or nothing; counts why."""
        if len(sentence) > LONGEST_SENTENCE:
            return self._dropped(Removed.ENDLESS)
        cited = read(sentence.strip(), self._passages.keys())
        clean = reduced(cited.settled)  # before judging: what is judged is what is shown
        verdict = self._guard.judge(clean, self._passages, question=self._question)
        if not verdict.kept:
            unknown = cited.unknown and verdict.reason is Dropped.UNCITED
            return self._dropped(Dropped.UNKNOWN_SOURCE if unknown else verdict.reason)
        if "\n" in verdict.text or reduced(verdict.text) != verdict.text:
            return self._dropped(Dropped.UNSUPPORTED)
        key = " ".join(_MARKER.sub("", verdict.text).lower().split())
        if key in self._said:
            return self._dropped(Removed.REPEATED)
        self._said.add(key)
        self.kept.append(_MARKER.sub("", verdict.text).strip())
        return french(verdict.text + self._unsaid_sources(verdict.text))

    def _unsaid_sources(self, sentence: str) -> str:
        """Markers of the other passages that say a point which ``sentence`` says whole.

        A statement that two of our documents hold is shown with both; the guard judges each alone.
        """
        bare, cited = _MARKER.sub("", sentence), set(_MARKER.findall(sentence))
        saying = said(bare)
        sources = (
            name for p in self._points if saying.holds(p) for name in _MARKER.findall(p.text)
        )
        others = [name for name in dict.fromkeys(sources) if name not in cited]
        added = "".join(f"[{name}]" for name in others if self._supports(name, bare))
        return added if not added or sentence.endswith("]") else f" {added}"

    def _supports(self, name: str, sentence: str) -> bool:
        marked = f"{sentence.rstrip()} [{name}]"
        return self._guard.judge(marked, self._passages, question=self._question).kept

    def _dropped(self, reason: StrEnum | None) -> str:
        self.removed[reason.value if reason else Dropped.UNSUPPORTED.value] += 1
        return ""

    def _added(self, text: str) -> str:
        is_listed = _ITEM.match(text) is not None
        if is_listed or (self._is_listed and self._gap == 1):
            self._gap = max(self._gap, 1 if self._is_listed and is_listed else 2)
        before = _GAPS[self._gap] if self.text else self._opening
        shown = before + _MARKER.sub(self._renumbered, text)
        self.text += shown
        self._gap = 0
        self._is_listed = is_listed or (self._is_listed and before == " ")
        return shown

    def _renumbered(self, match: re.Match[str]) -> str:
        given = match[1]
        return f"[{self._numbers.setdefault(given, f'S{len(self._numbers) + 1}')}]"
