"""Whether what was found answers the question: a calibrated reading of raw signals.

A logistic model over signals that mean the same for every question, never over the fused
score alone. Weights are fitted on the development set by ``python -m eval calibrate`` and
kept in ``abstention.json``.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from assistant.knowledge.analysis import fold, stems, words
from assistant.knowledge.query import Query
from assistant.knowledge.search import Hit
from assistant.knowledge.shelf import Shelf
from assistant.knowledge.stems import stem
from assistant.knowledge.unit import Unit, UnitKind

WEIGHTS = Path(__file__).parent / "abstention.json"

FEATURES = (
    "coverage",
    "dense_question",
    "dense_passage",
    "question",
    "whole",
    "off_topic_margin",
    "unknown_share",
    "missing_number",
    "missing_name",
    "rarest_missing",
    "missing_quantity",
    "missing_attribute",
    "off_topic_votes",
    "off_topic_cosine",
)


@dataclass(frozen=True)
class Evidence:
    """The values of ``FEATURES`` for one question."""

    values: tuple[float, ...]

    def as_mapping(self) -> dict[str, float]:
        """Feature name → value."""
        return dict(zip(FEATURES, self.values, strict=True))


@dataclass(frozen=True)
class AbstentionModel:
    """Probability that the best unit answers, and the threshold under which to abstain."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def confidence(self, evidence: Evidence) -> float:
        """A probability between 0 and 1."""
        total = self.bias + sum(w * v for w, v in zip(self.weights, evidence.values, strict=True))
        return 1 / (1 + math.exp(-max(min(total, 40.0), -40.0)))

    def answers(self, evidence: Evidence) -> bool:
        """Whether to answer; never when nothing of the question was found."""
        return evidence.values[0] > 0 and self.confidence(evidence) >= self.threshold


def load_model(path: Path = WEIGHTS) -> AbstentionModel:
    """The fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return AbstentionModel(
        weights=tuple(data["weights"][name] for name in FEATURES),
        bias=data["bias"],
        threshold=data["threshold"],
    )


def evidence_for(
    question: str,
    query: Query,
    hits: Sequence[Hit],
    shelf: Shelf,
    *,
    attributes: Sequence[Sequence[str]] = (),
) -> Evidence:
    """Read the signals of the best answerable unit of ``shelf`` against the question.

    ``attributes`` are groups of words for one thing that can be asked of anybody (an age, a
    budget, an address): a unit that has none of a group does not say it.
    """
    best = next((hit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC), None)
    if best is None:
        return Evidence((0.0,) * len(FEATURES))
    off_topics = [hit for hit in hits if hit.unit.kind is UnitKind.OFF_TOPIC]
    number = shelf.numbers[best.unit.id]

    def held(term: str) -> bool:
        return shelf.holds(number, term)

    unknown, rarest = _missing_words(query, held, shelf.whole.weight)
    signals = best.signals
    return Evidence(
        (
            signals.coverage,
            signals.dense_question,
            signals.dense_passage,
            signals.question,
            signals.whole,
            _margin(signals.score, off_topics),
            unknown,
            float(_missing_number(question, held)),
            float(_missing_name(question, held, shelf.whole.vocabulary.__contains__)),
            rarest,
            float(_missing_quantity(question, best.unit)),
            float(_missing_attribute(query, held, attributes)),
            _votes(hits),
            max((h.signals.dense_question for h in off_topics), default=0.0),
        )
    )


def _missing_number(question: str, held: Callable[[str], bool]) -> bool:
    """Whether the question names a year or a figure that the unit does not hold."""
    tokens = words(question)
    numbers = {
        word
        for word, after in zip_longest(tokens, tokens[1:], fillvalue="")
        if word[0].isdigit() and len(word) >= 2 and stem(after) not in _COUNTED
    }
    return not all(map(held, numbers))


# A number before one of these tells who asks (« une commune de 800 habitants »), not what.
_COUNTED = frozenset(
    stem(word) for word in "habitants salaries ans personnes benevoles adherents euros".split()
)
_EVERYDAY_NAMES = frozenset("france francais francaise bonjour cote".split())

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b([A-ZÉÈÀÂÎÔÇ][\w’'-]{2,})")


def _missing_name(question: str, held: Callable[[str], bool], known: Callable[[str], bool]) -> bool:
    """Whether the question names somebody or something that the unit does not hold."""
    if question.isupper():
        return False
    found = _NAME.findall(question)
    # an acronym is a name only when the content has never met it (SARL is a word, LVMH a name)
    names = [fold(name) for name in found if not name.isupper() or not known(stem(fold(name)))]
    names = [name for name in names if name not in _EVERYDAY_NAMES]
    return not all(held(stem(word)) for name in names for word in words(name))


MARGIN = 0.3  # fused score beyond which a difference says no more


def _margin(score: float, off_topics: Sequence[Hit]) -> float:
    """How far the best unit is ahead of the best off-topic subject; the most when there is none."""
    if not off_topics:
        return MARGIN
    ahead = score - max(hit.signals.score for hit in off_topics)
    return max(min(ahead, MARGIN), -MARGIN)


def _missing_words(
    query: Query, held: Callable[[str], bool], weight: Callable[[str], float]
) -> tuple[float, float]:
    """The share of the question that is unknown anywhere, and the rarest word the unit lacks."""
    total = sum(weight(w.term) for w in query.words) or 1.0
    unknown = sum(weight(w.term) * (1 - w.known) for w in query.words)
    missing = [weight(w.term) for w in query.words if not held(w.term)]
    return min(unknown / total, 1.0), max(missing, default=0.0) / 10


VOTERS = 6  # first hits whose kinds are counted


def _votes(hits: Sequence[Hit]) -> float:
    """The share of off-topic subjects among the first hits."""
    first = hits[:VOTERS]
    return sum(hit.unit.kind is UnitKind.OFF_TOPIC for hit in first) / max(len(first), 1)


def _missing_attribute(
    query: Query, held: Callable[[str], bool], attributes: Sequence[Sequence[str]]
) -> bool:
    """Whether the question asks for an attribute of which the unit has no word."""
    asked = {w.term for w in query.words}
    for group in attributes:
        terms = {stem(word) for phrase in group for word in words(phrase)}
        if asked & terms and not any(map(held, terms)):
            return True
    return False


_HOW_MANY = frozenset({"combien", "cb", "cmb"})
_NUMBER_WORDS = frozenset(
    """deux trois quatre cinq six sept huit neuf dix onze douze quinze seize vingt trente cent
    cents mille million millions milliard milliards moitie tiers quart dizaine douzaine
    vingtaine centaine double aucun aucune""".split()
)


_UNCOUNTED = frozenset(
    stem(word) for word in "temps cas fois chose choses personne personnes gens".split()
)


def _missing_quantity(question: str, unit: Unit) -> bool:
    """Whether the question counts something for which no sentence of the unit has a number.

    « combien de salariés » needs a sentence with a number and « salarié »; a bare « combien »
    needs a number.
    """
    tokens = words(question)
    asked = next((n for n, word in enumerate(tokens) if word in _HOW_MANY), None)
    if asked is None:
        return False
    after = tokens[asked + 1 : asked + 4]
    counted = stem(after[1]) if after[:1] in (["de"], ["des"]) and len(after) > 1 else None
    if counted in _UNCOUNTED:
        counted = None
    for block in unit.blocks:
        held = words(block.text)
        has_number = any(w[0].isdigit() or w in _NUMBER_WORDS for w in held)
        if has_number and (counted is None or counted in {stem(w) for w in held}):
            return False
    return True


def presumes(question: str, unit: Unit, assertions: Sequence[Sequence[str]]) -> bool:
    """Whether the question takes for granted something that the unit does not say.

    Only a question that asks for a reason presumes (« pourquoi le guide interdit-il… »).
    ``assertions`` are groups of words of one meaning; when the question uses one of a group
    and the unit none, the unit does not say it.
    """
    tokens = words(question)
    text = f" {' '.join(tokens)} "
    if not any(f" {opening} " in text for opening in _REASONS):
        return False
    said = f" {' '.join(stems(' '.join((unit.title, unit.text, *unit.questions))))} "
    asked = f" {' '.join(stem(word) for word in tokens)} "
    for group in assertions:
        phrases = [f" {' '.join(stems(phrase))} " for phrase in group]
        if any(p in asked for p in phrases) and not any(p in said for p in phrases):
            return True
    return False


_REASONS = (
    "pourquoi", "pk", "pq", "pour quelle raison", "pour quelles raisons", "raison", "raisons",
    "comment se fait", "motif", "cause", "causes", "explique pourquoi", "puisque",
    "depuis que", "alors que", "comme le guide",
    "selon le guide", "si le guide", "vu que", "etant donne que",
)  # fmt: skip
