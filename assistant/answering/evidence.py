"""What abstention reads: raw signals of what was found, and the words of the question.

A signal means the same for every question. Those of ``NEAR`` compare it with questions written
apart from the cards (``knowledge.asked``): of the units found, those that they answer and those
that they do not.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from assistant.knowledge.analysis import fold, words
from assistant.knowledge.asked import EMPTY, AskedIndex, Code
from assistant.knowledge.embedding import Vectors
from assistant.knowledge.query import Query
from assistant.knowledge.search import Hit
from assistant.knowledge.shelf import Shelf
from assistant.knowledge.stems import stem
from assistant.knowledge.unit import Unit, UnitKind

FOUND = (
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
NEAR = (
    "answered_by_best",
    "unanswered_by_best",
    "answered",
    "unanswered",
    "answered_margin",
    "gap",
    "premise",
    "vote",
    "dishonest",
    "honest",
    "elsewhere",
    "dishonest_margin",
)
FEATURES = FOUND + NEAR
UNITS = 3  # best units whose asked questions are compared
SHARPNESS = 12.0  # of the vote: a cosine of 0.8 weighs a tenth of an equal question
LEAST = 1e-3  # so that a unit without any asked question has a vote of none
ITSELF = 0.9995  # cosine from which a question is the asked one


@dataclass(frozen=True)
class Evidence:
    """The values of ``FEATURES`` for one question, and its words as ``traits`` gives them."""

    values: tuple[float, ...]
    traits: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, float]:
        """Feature name → value."""
        return dict(zip(FEATURES, self.values, strict=True))


@dataclass(frozen=True)
class Reference:
    """What a question is compared with.

    ``attributes`` are groups of words for one thing that can be asked of anybody (an age, a
    budget, an address): a unit that has none of a group does not say it. ``known`` leaves out
    of the comparison an asked question that is the question itself: for calibration.
    """

    shelf: Shelf
    attributes: Sequence[Sequence[str]] = ()
    asked: AskedIndex = EMPTY
    known: bool = False


NOTHING = Evidence((0.0,) * len(FEATURES))


def evidence_for(
    question: str, query: Query, hits: Sequence[Hit], vector: Vectors, reference: Reference
) -> Evidence:
    """Read the signals of the best answerable unit against the question.

    ``vector`` is that of ``query.text``, shape (1, d).
    """
    answering = [hit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC]
    if not answering:
        return NOTHING
    best = answering[0]
    shelf = reference.shelf
    off_topics = [hit for hit in hits if hit.unit.kind is UnitKind.OFF_TOPIC]
    number = shelf.numbers[best.unit.id]

    def held(term: str) -> bool:
        return shelf.holds(number, term)

    query = _without_money(question, query, held)
    unknown, rarest = _missing_words(query, held, shelf.whole.weight)
    signals = best.signals
    found = (
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
        float(_missing_attribute(query, held, reference.attributes)),
        _votes(hits),
        max((h.signals.dense_question for h in off_topics), default=0.0),
    )
    near = _near([hit.unit.id for hit in answering[:UNITS]], vector, reference)
    return Evidence((*found, *near), traits(question, query, held))


def traits(question: str, query: Query, held: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of a question as a linear model reads them, each once.

    ``w:`` a word, ``p:`` two words in a row, ``h:`` a stem that the best unit holds, ``m:`` one
    that it does not.
    """
    tokens = ["^", *words(question), "$"]
    found = [f"{'h' if held(w.term) else 'm'}:{w.term}" for w in query.words]
    found += [f"w:{word}" for word in tokens[1:-1]]
    found += [f"p:{first}_{second}" for first, second in pairwise(tokens)]
    return tuple(dict.fromkeys(found))


def _without_money(question: str, query: Query, held: Callable[[str], bool]) -> Query:
    """The query without the sums of money that the unit does not say: circumstances of who asks."""
    said = {stem(word) for word in words(" ".join(_MONEY.findall(question)))}
    kept = tuple(word for word in query.words if word.term not in said or held(word.term))
    return replace(query, words=kept) if kept else query


def _near(units: Sequence[str], vector: Vectors, reference: Reference) -> tuple[float, ...]:
    """The values of ``NEAR``."""
    asked = reference.asked
    limit = ITSELF if reference.known else 2.0
    by_unit = [[(c, v) for c, v in asked.around(u, vector) if v < limit] for u in units]
    every = [pair for pairs in by_unit for pair in pairs]
    yes, no = _best(every, answered=True), _best(every, answered=False)
    votes = [math.exp(SHARPNESS * (v - 1)) * (1 if c.answered else -1) for c, v in every]
    plus, minus = sum(v for v in votes if v > 0), -sum(v for v in votes if v < 0)
    whole = {code: _first(asked.nearest(code, vector), limit) for code in _ANYWHERE}
    dishonest, honest = whole[Code.DISHONEST], whole[Code.HONEST]
    return (
        _best(by_unit[0], answered=True),
        _best(by_unit[0], answered=False),
        yes,
        no,
        yes - no,
        max((v for c, v in every if c is Code.GAP), default=0.0),
        max((v for c, v in every if c is Code.PREMISE), default=0.0),
        math.log((plus + LEAST) / (minus + LEAST)),
        dishonest,
        honest,
        whole[Code.ELSEWHERE],
        dishonest - honest,
    )


_ANYWHERE = (Code.DISHONEST, Code.HONEST, Code.ELSEWHERE)


def _best(pairs: Sequence[tuple[Code, float]], *, answered: bool) -> float:
    return max((v for c, v in pairs if c.answered is answered), default=0.0)


def _first(cosines: Sequence[float], limit: float) -> float:
    return next((cosine for cosine in cosines if cosine < limit), 0.0)


def _missing_number(question: str, held: Callable[[str], bool]) -> bool:
    """Whether the question names a year or a figure that the unit does not hold.

    A sum of money tells the asker's circumstances (« on nous donne 8k »), not what is asked.
    """
    tokens = words(_MONEY.sub(" ", question))
    numbers = {
        word
        for word, after in zip_longest(tokens, tokens[1:], fillvalue="")
        if _FIGURE.match(word) and stem(after) not in _COUNTED
    }
    return not all(map(held, numbers))


_MONEY = re.compile(r"\d[\d\u00a0\u202f .,]*(?:k€|€|k\b|keuros?\b|euros?\b)", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.]+$")  # « 1er » orders, it does not count
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
