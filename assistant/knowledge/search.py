"""Search: lexical and dense arms over questions and passages, fused on raw signals.

Each arm gives every unit a number in [0, 1] that means the same for every question (a share
of the question's information, a cosine), so the fusion is a weighted sum and abstention can
read the same numbers. Rank fusion was tried and gave no better order and nothing to calibrate.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.embedding import Embedder
from assistant.knowledge.lexical import CONCEPT_WEIGHT, weighted_total
from assistant.knowledge.query import Query, QueryReader
from assistant.knowledge.shelf import Shelf
from assistant.knowledge.unit import Unit, UnitKind

ARMS = ("whole", "title", "question", "dense_question", "dense_passage")
# An off-topic subject has no passage: what one would score, in cosine of its best question.
OFF_TOPIC_SHARE = 0.6
CONCEPT_SHARE = 0.3  # what a concept adds to the information of the words it stands for
SATURATION = 2.2  # BM25 of a term met endlessly, in idf (k1 + 1): nothing is clipped
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """How the arms and the priors add up; set by ``python -m eval tune`` on the development set."""

    whole: float = 0.22
    title: float = 0.12
    question: float = 0.17
    dense_question: float = 0.38
    dense_passage: float = 0.55
    actor: float = 0.12
    other_actor: float = -0.06
    step: float = 0.02
    conversation: float = 0.05
    term_aside: float = -0.24
    kinds: dict[str, float] = field(default_factory=lambda: {"exemple": -0.04, "terme": -0.26})


@dataclass(frozen=True, slots=True)
class Signals:
    """The raw evidence for one unit; all in [0, 1] but the fused ``score``.

    ``coverage`` is the share of the question's information (idf) found in the unit.
    """

    whole: float
    title: float
    question: float
    dense_question: float
    dense_passage: float
    coverage: float
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit found, with its evidence."""

    unit: Unit
    signals: Signals


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation adds to a question: units just shown, step reached."""

    units: tuple[str, ...] = ()
    step: int | None = None


@dataclass(frozen=True)
class Arms:
    """Which evidence to use; everything, but in the ablation table."""

    lexical: bool = True
    dense: bool = True
    questions: bool = True
    synonyms: bool = True
    priors: bool = True


class Searcher:
    """Ranks the units of one shelf for a question."""

    def __init__(
        self,
        shelf: Shelf,
        reader: QueryReader,
        embedder: Embedder,
        *,
        weights: Weights | None = None,
        arms: Arms | None = None,
    ) -> None:
        self.shelf = shelf
        self.reader = reader
        self.embedder = embedder
        self._weights = weights or Weights()
        self._arms = arms or Arms()
        self._kind_prior = np.array(
            [self._weights.kinds.get(unit.kind.value, 0.0) for unit in shelf.units],
            dtype=np.float32,
        )
        terms = np.array([unit.kind is UnitKind.TERM for unit in shelf.units], dtype=np.float32)
        self._off_topic = np.array([unit.kind is UnitKind.OFF_TOPIC for unit in shelf.units])
        self._term_prior = terms * self._weights.term_aside
        self._actor_prior = {
            actor: self._prior_for(actor) for actor in ("association", "entreprise", "collectivite")
        }

    def search(
        self,
        question: str,
        *,
        actor: str | None = None,
        context: Context | None = None,
        k: int = 10,
    ) -> tuple[Query, list[Hit]]:
        """The ``k`` best units for ``question``, best first, and the question as it was read."""
        query = self.reader.read(question, actor=actor)
        return query, self.rank(query, context=context, k=k)

    def rank(self, query: Query, *, context: Context | None = None, k: int = 10) -> list[Hit]:
        """The ``k`` best units for a question already read; ties are broken by unit number."""
        arms = self.signals(query)
        whole, title, question, dense_question, dense_passage = arms
        score = self.fused(query, arms, context)
        order = np.argsort(-score, kind="stable")[:k]
        return [
            Hit(
                self.shelf.units[n],
                Signals(
                    whole=float(whole[n]),
                    title=float(title[n]),
                    question=float(question[n]),
                    dense_question=float(dense_question[n]),
                    dense_passage=float(dense_passage[n]),
                    coverage=self._coverage(query, int(n)),
                    score=float(score[n]),
                ),
            )
            for n in order
            if score[n] > 0
        ]

    def signals(self, query: Query) -> tuple[Scores, ...]:
        """The raw evidence over every unit, in the order of ``ARMS``."""
        return (*self._lexical(query), *self._dense(query))

    def fused(
        self, query: Query, arms: tuple[Scores, ...], context: Context | None = None
    ) -> Scores:
        """One number a unit, out of its evidence and the priors."""
        w = self._weights
        score: Scores = (
            w.whole * arms[0]
            + w.title * arms[1]
            + w.question * arms[2]
            + w.dense_question * arms[3]
            + w.dense_passage * arms[4]
        )
        return score + self._priors(query, context) if self._arms.priors else score

    def _lexical(self, query: Query) -> tuple[Scores, Scores, Scores]:
        size = len(self.shelf.units)
        if not self._arms.lexical:
            return (
                np.zeros(size, np.float32),
                np.zeros(size, np.float32),
                np.zeros(size, np.float32),
            )
        terms = query.terms
        if not self._arms.synonyms:
            terms = tuple(term for term in terms if not term[0].startswith("§"))
        whole = np.minimum(self.shelf.whole.scores(terms) / self._ideal_of(query), 1.0)
        asked = [word.term for word in query.words] + [t for t, _ in terms if t.startswith("§")]
        titles, questions = self.shelf.titles, self.shelf.questions
        title = titles.scores(terms, weighted_total(titles.terms, set(asked)))
        best = np.zeros(size, dtype=np.float32)
        if self._arms.questions and len(questions.totals):
            scores = questions.scores(terms, weighted_total(questions.terms, set(asked)))
            np.maximum.at(best, self.shelf.question_owners, scores)
        return whole, title, best

    def _dense(self, query: Query) -> tuple[Scores, Scores]:
        if not self._arms.dense or not query.text:
            nothing = np.zeros(len(self.shelf.units), dtype=np.float32)
            return nothing, nothing
        vector = self.embedder.embed_queries([query.text])
        said = self.shelf.by_passage.of(vector)
        if not self._arms.questions:
            return np.zeros_like(said), said
        asked = self.shelf.by_question.of(vector)
        return asked, np.where(self._off_topic, OFF_TOPIC_SHARE * asked, said)

    def _priors(self, query: Query, context: Context | None) -> Scores:
        prior = self._kind_prior if query.defines else self._kind_prior + self._term_prior
        if query.actor:
            prior = prior + self._actor_prior[query.actor]
        if context:
            prior = prior.copy()
            for unit_id in context.units:
                number = self.shelf.numbers.get(unit_id)
                if number is not None:
                    prior[number] += self._weights.conversation
            if context.step:
                steps = np.array([unit.step == context.step for unit in self.shelf.units])
                prior[steps] += self._weights.step
        return prior

    def _prior_for(self, actor: str) -> Scores:
        def prior(unit: Unit) -> float:
            if not unit.actors:
                return 0.0
            return self._weights.actor if actor in unit.actors else self._weights.other_actor

        return np.array([prior(unit) for unit in self.shelf.units], dtype=np.float32)

    def _ideal_of(self, query: Query) -> float:
        """The score of a document made of the question's own words, unknown ones included."""
        weight = self.shelf.whole.weight
        total = sum(weight(w.term) for w in query.words)
        total += sum(CONCEPT_SHARE * weight(t) for t, _ in query.terms if t.startswith("§"))
        return max(total * SATURATION, 1e-6)

    def _coverage(self, query: Query, number: int) -> float:
        index = self.shelf.whole
        total = sum(index.weight(w.term) for w in query.words)
        if not total:
            return 0.0
        found = 0.0
        concepts = [t for t, _ in query.terms if t.startswith("§")]
        by_concept = any(self.shelf.holds(number, c) for c in concepts)
        for w in query.words:
            if self.shelf.holds(number, w.term):
                found += index.weight(w.term) * max(w.known, 0.5)
            elif any(self.shelf.holds(number, c) for c in w.concepts):
                found += CONCEPT_WEIGHT * index.weight(w.term)
            elif by_concept and w.known:
                found += CONCEPT_SHARE * index.weight(w.term)
        return min(found / total, 1.0)
