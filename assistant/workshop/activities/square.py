"""The carré magique of the room: ten points over four goals, and where they balance (guide p. 22).

The labels, the places and the barycentre are those of the coach: question D1-04 and
``coaching.recommendation.square``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from assistant.coaching.recommendation.square import GOALS, barycentre
from assistant.knowledge.content import Actor
from assistant.workshop.activities.allotment import (
    Allotment,
    Weighed,
    Weighing,
    check_points,
    listed,
    read_points,
    weigh,
    weighed_table,
)
from assistant.workshop.activity import Activity, Form, Part, Scene, Table
from assistant.workshop.agenda import Text

QUESTION = "D1-04"
POINTS = 10


class SquareConfig(Part):
    """``question`` replaces that of the method."""

    question: Text | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group balances, each coordinate from -1 to 1; ``actor`` None is the whole room.

    x goes from the organisation to its ecosystem, y from cohesion to coherence (guide p. 22).
    """

    actor: Actor | None
    people: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SquareResults:
    """The mean points and the barycentres, of the room first and then by actor."""

    weighed: Weighed
    places: tuple[Place, ...]


class MagicSquare(Activity[SquareConfig, Allotment, SquareResults]):
    """Each person shares out ten points, in the words of their type of actor."""

    kind: ClassVar[str] = "carre-magique"
    Config = SquareConfig
    Value = Allotment
    points: ClassVar[int] = POINTS

    def question(self, config: SquareConfig, actor: Actor | None = None) -> str:
        """What is asked."""
        return config.question or self.tools.method.question(QUESTION).text(actor)

    def goals(self, actor: Actor | None = None) -> Mapping[str, str]:
        """The four goals in the words of an actor, or in everybody's."""
        choices = {str(c.valeur): c for c in self.tools.method.question(QUESTION).choix}
        return {goal: choices[goal].label(actor) for goal in GOALS}

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``points-<goal>``."""
        return {"points": read_points(form)}

    def check(self, scene: Scene[SquareConfig], value: Allotment, *, by: str, key: str) -> None:
        """Ten points, no more, no fewer."""
        check_points(value, GOALS, POINTS)

    def results(self, scene: Scene[SquareConfig]) -> SquareResults:
        """Means and barycentres."""
        values = self.values(scene.entries)
        weighed = weigh(scene.room, values, self.goals, POINTS)
        return SquareResults(weighed, tuple(map(_place, weighed.weighings)))

    def said(self, value: Allotment) -> str:
        """The goals that got points."""
        return listed(self.goals(), value)

    def tables(self, scene: Scene[SquareConfig]) -> tuple[Table, ...]:
        """The mean points, then the barycentres."""
        say = self.tools.texts.say
        results = self.results(scene)
        columns = tuple(say("atelier", n) for n in ("groupe", "personnes", "axe_x", "axe_y"))
        rows = tuple(
            (
                self.tools.display.value("acteur_type", place.actor)
                if place.actor
                else say("atelier", "salle"),
                place.people,
                place.x,
                place.y,
            )
            for place in results.places
        )
        return (
            weighed_table(self.tools, self.question(scene.config), results.weighed),
            Table(say("atelier", "barycentres"), columns, rows),
        )


def _place(weighing: Weighing) -> Place:
    x, y = barycentre({share.id: Decimal(share.total) for share in weighing.shares})
    return Place(weighing.actor, weighing.people, round(float(x), 2), round(float(y), 2))
