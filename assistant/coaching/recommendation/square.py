"""The carré magique: weights, what dominates, the barycentre (guide p. 22, §3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assistant.casefile.facts import Facts

GOALS = ("processus", "modele_eco", "innovation", "positionnement")
# x: own organisation (-1) or ecosystem (+1); y: cohesion (-1) or coherence (+1). The figure of
# the guide is not in its text: this reading is a deduction and is said to be one (§3.3).
_PLACES = {
    "processus": (-1, -1),
    "modele_eco": (-1, 1),
    "positionnement": (1, -1),
    "innovation": (1, 1),
}


@dataclass(frozen=True, slots=True)
class Square:
    """Weights out of ten, in the order of ``GOALS``; ``goals`` holds the heaviest, tied or not.

    ``chosen`` is the goal that was named although the points say another one.
    """

    weights: tuple[tuple[str, Decimal], ...] = ()
    goals: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    chosen: str | None = None

    @property
    def dominant(self) -> str | None:
        """The heaviest goal, None when there is a tie or nothing."""
        return self.goals[0] if len(self.goals) == 1 else None

    @property
    def barycentre(self) -> tuple[Decimal, Decimal] | None:
        """(x, y), each from -1 to 1; None when nothing was said."""
        return barycentre(dict(self.weights)) if self.weights else None


def barycentre(weights: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """The weighted mean of the four places, Σ wᵢ·pᵢ / Σ wᵢ (guide p. 22)."""
    total = sum(weights.values(), Decimal(0))
    x = sum((w * _PLACES[goal][0] for goal, w in weights.items()), Decimal(0))
    y = sum((w * _PLACES[goal][1] for goal, w in weights.items()), Decimal(0))
    return x / total, y / total


def read_square(facts: Facts) -> Square:
    """The points when they were given, else the one goal that was named.

    A named goal settles a tie of the points; it never overrules them.
    """
    named = None if facts.objectif_dominant == "inconnu" else facts.objectif_dominant
    points = facts.objectif_carre
    if points is None:
        if named is None:
            return Square()
        only = tuple((goal, Decimal(10 if goal == named else 0)) for goal in GOALS)
        return Square(only, (named,), ("objectif_dominant",))
    weights = tuple((goal, getattr(points, goal)) for goal in GOALS)
    heaviest = max(weight for _, weight in weights)
    top = tuple(goal for goal, weight in weights if weight == heaviest)
    if named in top:
        both = ("objectif_carre", "objectif_dominant")
        return Square(weights, (named,), both if len(top) > 1 else both[:1])
    return Square(weights, top, ("objectif_carre",), named)
