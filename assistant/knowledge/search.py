"""Search: lexical and dense arms over questions and passages, fused on raw signals.

Each arm gives every unit a number in [0, 1] that means the same for every question (a share
of the question's information, a cosine), so the fusion is a weighted sum and abstention can
read the same numbers. Rank fusion was tried and gave no better order and nothing to calibrate.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.embedding import Embedder
from assistant.knowledge.holding import CONCEPT_SHARE, wanted_of
from assistant.knowledge.lexical import weighted_total
from assistant.knowledge.query import Query, QueryReader
from assistant.knowledge.shelf import Shelf
from assistant.knowledge.unit import Unit, UnitKind

ARMS = (
    "whole",
    "title",
    "question",
    "dense_question",
    "dense_passage",
    "coverage",
    "body",
)
WEIGHTS = Path(__file__).parent / "ranking.json"
# An off-topic subject has no passage: what one would score, in cosine of its best question.
OFF_TOPIC_SHARE = 0.6
SAME = 0.999  # Dice of a question that has the very words of an authored one
SATURATION = 2.2  # BM25 of a term met endlessly, in idf (k1 + 1): nothing is clipped
Scores = NDArray[np.float32]


_FITTED: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Weights:
    """How the arms and the priors add up.

    The defaults are those of ``ranking.json``, which ``python -m eval tune`` fits by softmax
    regression on the open sets of questions (decisions 0012 and 0013). ``same`` is for an
    authored question asked word for word, which the fit never sees; it is set for
    ``python -m eval reach``.
    """

    whole: float = _FITTED["whole"]
    title: float = _FITTED["title"]
    question: float = _FITTED["question"]
    dense_question: float = _FITTED["dense_question"]
    dense_passage: float = _FITTED["dense_passage"]
    coverage: float = _FITTED["coverage"]
    body: float = _FITTED["body"]
    same: float = _FITTED["same"]
    actor: float = _FITTED["actor"]
    other_actor: float = _FITTED["other_actor"]
    step: float = _FITTED["step"]
    conversation: float = _FITTED["conversation"]
    term_aside: float = _FITTED["term_aside"]
    kinds: dict[str, float] = field(default_factory=lambda: dict(_FITTED["kinds"]))


@dataclass(frozen=True, slots=True)
class Signals:
    """The raw evidence for one unit; all in [0, 1] but the fused ``score``.

    ``coverage`` is the share of the question's information (idf) found in the unit, ``body``
    in its title and text alone, without its authored questions.
    """

    whole: float
    title: float
    question: float
    dense_question: float
    dense_passage: float
    coverage: float
    body: float
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
        self._arm_weights = np.array(
            [getattr(self._weights, name) for name in ARMS], dtype=np.float32
        )
        if not self._arms.lexical:  # abstention goes on reading coverage; ranking does without
            self._arm_weights[ARMS.index("coverage")] = 0
        self._kind_prior = np.array(
            [self._weights.kinds.get(unit.kind.value, 0.0) for unit in shelf.units],
            dtype=np.float32,
        )
        terms = np.array([unit.kind is UnitKind.TERM for unit in shelf.units], dtype=np.float32)
        self._off_topic = np.array(
            [unit.kind is UnitKind.OFF_TOPIC for unit in shelf.units], dtype=np.bool_
        )
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
        score = self.fused(query, arms, context)
        order = np.argsort(-score, kind="stable")[:k]
        return [
            Hit(
                self.shelf.units[n],
                Signals(*(float(values[n]) for values in (*arms, score))),
            )
            for n in order
            if score[n] > 0
        ]

    def signals(self, query: Query) -> tuple[Scores, ...]:
        """The raw evidence over every unit, in the order of ``ARMS``."""
        if not self._arms.synonyms:
            query = _without_concepts(query)
        return (*self._lexical(query), *self._dense(query), *self._held(query))

    def fused(
        self, query: Query, arms: tuple[Scores, ...], context: Context | None = None
    ) -> Scores:
        """One number a unit, out of its evidence and the priors."""
        score: Scores = self._arm_weights[0] * arms[0]
        for weight, arm in zip(self._arm_weights[1:], arms[1:], strict=True):
            score += weight * arm
        score += self._weights.same * (arms[2] >= SAME)
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

    def _held(self, query: Query) -> tuple[Scores, Scores]:
        shelf = self.shelf
        wanted = wanted_of(query, shelf.whole)
        coverage = wanted.shares(shelf.whole, len(shelf.units))
        if not self._arms.lexical:
            return coverage, np.zeros_like(coverage)
        body = shelf.bodies.best(wanted.shares(shelf.bodies, shelf.bodies.size))
        if not self._arms.questions:
            body[self._off_topic] = 0
        return coverage, body

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


def _without_concepts(query: Query) -> Query:
    return replace(
        query,
        words=tuple(replace(word, concepts=()) for word in query.words),
        terms=tuple(term for term in query.terms if not term[0].startswith("§")),
    )
