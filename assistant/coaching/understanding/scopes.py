"""What a sentence does with what it says: asks, denies, supposes, or reports another's view."""

import re
from dataclasses import dataclass, field
from typing import Literal

from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.text import Message, Passage

Stance = Literal["said", "unsure", "denied", "asked"]
_CUT = re.compile(r"\b(?:mais|par contre|sinon|en revanche|plutot|juste|seulement|car|donc|et)\b")
# « pas plus de 12 mois » says twelve months
AT_MOST = re.compile(r"\bpas\s(?:plus|moins|au dela|davantage)\s(?:que\s|qu'|d[e']\s?)?")
_REACH = 60


@dataclass(slots=True)
class Scopes:
    """The stance of any place of one message; sentences are judged once."""

    message: Message
    lexicon: Lexicon
    _asked: dict[int, tuple[int, str]] = field(default_factory=dict)

    def stance(
        self, start: int, end: int, *, own_negation: bool = False, name: bool = False
    ) -> Stance:
        """How what stands between two places is meant."""
        kind = self.question(start)
        if kind == "question_definition":
            return "asked"
        if not own_negation and self.denied(start, end, name=name):
            return "denied"
        if kind == "question" or self.supposed(start, end):
            return "unsure"
        return "said"

    def question(self, place: int) -> str:
        """Which kind of question holds ``place``; empty outside any."""
        sentence = self.message.sentence(place)
        if sentence.start not in self._asked:
            self._asked[sentence.start] = self._find_question(sentence)
        first, kind = self._asked[sentence.start]
        return kind if kind and place >= first else ""

    def _find_question(self, sentence: Passage) -> tuple[int, str]:
        work = self.message.work
        best: tuple[int, str] = (sentence.end, "")
        for kind in ("question_definition", "question_methode", "question"):
            found = self.lexicon.context(kind).search(work, sentence.start, sentence.end)
            if found and found.start() < best[0]:
                best = (found.start(), kind)
        if not best[1] and sentence.question:
            comma = max(work.rfind(m, sentence.start, sentence.end) for m in ",:") + 1
            return max(comma, sentence.start), "question"
        return best

    def denied(self, start: int, end: int, *, name: bool = False) -> bool:
        """Whether a negation governs these places; what follows a name is about another."""
        work, clause = self.message.work, self.message.clause(start)
        before = work[max(clause.start, start - _REACH) : start]
        cuts = [m.end() for m in _CUT.finditer(before)]
        before = before[cuts[-1] :] if cuts else before
        before = AT_MOST.sub(" ", before)
        if self.lexicon.context("negation_avant").search(before):
            return True
        if name:
            return False
        after = work[end : min(clause.end, end + 30)]
        return bool(self.lexicon.context("negation_apres").match(after))

    def supposed(self, start: int, end: int) -> bool:
        """Whether the words are a supposition, a choice not made, or another's opinion."""
        work, clause = self.message.work, self.message.clause(start)
        around = work[max(clause.start, start - _REACH) : min(clause.end, end + 25)]
        if self.lexicon.context("doute").search(around):
            return True
        sentence = self.message.sentence(start)
        first = max(sentence.start, start - 150)
        return bool(self.lexicon.context("rapporte").search(work, first, start))
