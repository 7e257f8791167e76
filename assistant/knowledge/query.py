"""Read a question before searching: quick spelling, typing errors, who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.knowledge.analysis import fold, is_informative, words
from assistant.knowledge.generation import Index
from assistant.knowledge.lexical import CONCEPT_WEIGHT
from assistant.knowledge.stems import stem

CORRECTED_WEIGHT = 0.8
MIN_CORRECTED = 4  # characters: shorter words have too many neighbours
SHORT = 1  # informative words: a word alone asks what it means
CUTOFF = 0.76  # one edit in four or five letters, two in nine


@dataclass(frozen=True, slots=True)
class Word:
    """An informative word of the question.

    ``known`` is 1 when the content uses it, 0.5 when it had to be corrected, 0 when the content
    has nothing like it; ``concepts`` are those that the word alone stands for.
    """

    term: str
    known: float
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read.

    ``text`` is what is embedded; ``terms`` are weighted for the lexical arm; ``defines`` says
    that a definition is asked for.
    """

    text: str
    words: tuple[Word, ...]
    terms: tuple[tuple[str, float], ...]
    actor: str | None
    defines: bool = False


class QueryReader:
    """Reads questions against one index and the ``langage.yaml`` of its content."""

    def __init__(
        self,
        index: Index,
        *,
        quick: Mapping[str, str],
        profiles: Mapping[str, Sequence[str]],
        definitions: Sequence[str] = (),
    ) -> None:
        self._index = index
        self._quick = {fold(key): value for key, value in quick.items()}
        self._profiles = {
            actor: [f" {' '.join(words(p))} " for p in phrases]
            for actor, phrases in profiles.items()
        }
        self._definitions = [f" {' '.join(words(phrase))} " for phrase in definitions]
        self._spellings = index.spellings
        self._known = frozenset(index.spellings)

    def read(self, question: str, *, actor: str | None = None) -> Query:
        """Expand quick spelling, correct unknown words, and find who asks."""
        expanded: list[str] = []
        for word in words(question):
            expanded.extend(words(self._quick[word]) if word in self._quick else [word])
        read: list[Word] = []
        sequence: list[str] = []
        corrected: list[str] = []
        for word in expanded:
            spelt, known = self._spell(word)
            corrected.append(spelt)
            term = stem(spelt)
            sequence.append(term)
            if is_informative(term):
                concepts = tuple(self._index.analyzer.concepts_of([term]))
                read.append(Word(term, 1.0 if concepts else known, concepts))
        found = self._index.analyzer.concepts_of(sequence)
        terms = [(w.term, 1.0 if w.known == 1 else CORRECTED_WEIGHT) for w in read if w.known]
        terms += [(concept, CONCEPT_WEIGHT) for concept in found]
        return Query(
            text=" ".join(corrected),
            words=tuple(read),
            terms=tuple(dict.fromkeys(terms)),
            actor=actor or self._who_asks(expanded),
            defines=len(read) <= SHORT or self._asks_a_definition(expanded),
        )

    def _asks_a_definition(self, sequence: Sequence[str]) -> bool:
        text = f" {' '.join(sequence)} "
        return any(text.startswith(d) or text.endswith(d) for d in self._definitions)

    def _spell(self, word: str) -> tuple[str, float]:
        if word in self._known or self._index.knows(stem(word)):
            return word, 1.0
        if not is_informative(stem(word)):
            return word, 1.0
        if len(word) < MIN_CORRECTED or not word.isalpha():
            return word, 0.0
        found = process.extractOne(
            word,
            self._spellings,
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=CUTOFF,
        )
        return (found[0], 0.5) if found else (word, 0.0)

    def _who_asks(self, sequence: Sequence[str]) -> str | None:
        text = f" {' '.join(sequence)} "
        for actor, phrases in self._profiles.items():
            if any(phrase in text for phrase in phrases):
                return actor
        return None
