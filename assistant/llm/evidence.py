"""What a sentence of a source says, in the terms in which the guard compares."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.knowledge.analysis import STOP_WORDS, is_informative
from assistant.knowledge.content import Strict
from assistant.knowledge.stems import stem
from assistant.llm.names import Token, Vocabulary, names, tokens
from assistant.llm.quantities import Quantity, flat, quantities
from assistant.llm.sentences import sentences

_WORD = re.compile(r"[a-z0-9]+|[;.()]")
_NEAR = 4  # informative words around a quantity that say what it counts


class Words(Strict):
    """``corpus/garde.yaml``: expressions over flat text (see ``quantities.flat``)."""

    promesses: tuple[str, ...]
    garanties: str
    negations: Mapping[str, str]
    groupes: Mapping[str, str]
    retenus: tuple[str, ...] = ()
    communs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Saying:
    """One sentence, read."""

    text: str
    words: Words
    vocabulary: Vocabulary

    @cached_property
    def flat(self) -> str:
        """The text that quantities and expressions are read in."""
        return flat(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Informative stems, and quantities as « #euros:20000 »."""
        values = (f"#{q.kind}:{' '.join(q.value)}" for q in self.quantities)
        return frozenset((*_stems(self.flat), *values))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity in order."""
        return quantities(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Every word in order."""
        return tokens(self.text)

    @cached_property
    def names(self) -> tuple[Token, ...]:
        """What must be found in a source, in order."""
        return tuple(
            token
            for token in names(self.text, self.vocabulary)
            if token.word not in self.words.communs
        )

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Names in their order, articles apart, a name of several words as its parts."""
        return tuple(t.word for t in self.names if t.word not in STOP_WORDS and t.capital)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that follow one another directly."""
        return frozenset((a.word, b.word) for a, b in pairwise(self.tokens) if b.joined)

    @cached_property
    def negations(self) -> int:
        """How many times the sentence denies."""
        counts = {
            name: len(re.findall(pattern, self.flat))
            for name, pattern in self.words.negations.items()
        }
        return max(counts["ne"], counts["second"]) + counts["autres"]

    @cached_property
    def groups(self) -> Counter[str]:
        """The groups of ``garde.yaml`` that its words belong to."""
        found = Counter(
            {n: len(re.findall(pattern, self.flat)) for n, pattern in self.words.groupes.items()}
        )
        return +found

    def near(self, quantity: Quantity, reach: int = _NEAR) -> frozenset[str]:
        """The informative words around a quantity, up to another one of its kind."""
        same = [q for q in self.quantities if q.kind == quantity.kind and q is not quantity]
        low = max((q.end for q in same if q.end <= quantity.start), default=0)
        high = min((q.start for q in same if q.start >= quantity.end), default=len(self.flat))
        before = _clause(_WORD.findall(self.flat[low : quantity.start])[::-1])
        after = _clause(_WORD.findall(self.flat[quantity.end : high]))
        return frozenset(before[:reach] + after[:reach])

    def after(self, quantity: Quantity) -> str:
        """The informative word that follows a quantity, if any."""
        return next(iter(_clause(_WORD.findall(self.flat[quantity.end : quantity.end + 40]))), "")


def _clause(found: Sequence[str]) -> list[str]:
    kept = []
    for word in found:
        if not word[0].isalnum():
            break
        if is_informative(stem(word)) and not word.isdigit():
            kept.append(stem(word))
    return kept


def _stems(text: str) -> Iterable[str]:
    found = re.findall(r"[a-z0-9]+", text)
    return (s for w in found if not w.isdigit() and is_informative(s := stem(w)))


def sayings(passage: str, words: Words, vocabulary: Vocabulary) -> tuple[Saying, ...]:
    """The sentences of a passage, read."""
    return tuple(Saying(s.strip(), words, vocabulary) for s in sentences(passage) if s.strip())
