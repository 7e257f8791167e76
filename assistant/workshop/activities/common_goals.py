"""The four common objectives, weighed by the room (guide p. 26-30)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from assistant.casefile.blocks import CommonGoals as Goals
from assistant.workshop.activities.allotment import (
    Allotment,
    Weighed,
    check_points,
    listed,
    read_points,
    weigh,
    weighed_table,
)
from assistant.workshop.activity import Activity, Form, Part, Scene, Table
from assistant.workshop.agenda import Text

GOALS = tuple(Goals.model_fields)
SLOT = "objectifs.ponderation_4"


class GoalsConfig(Part):
    """Each person shares out ``points``; ``question`` replaces the title of the item."""

    points: int = Field(default=10, ge=2, le=20)
    question: Text | None = None


class CommonGoals(Activity[GoalsConfig, Allotment, Weighed]):
    """Points shared out between the four objectives of an action in common."""

    kind: ClassVar[str] = "objectifs-communs"
    Config = GoalsConfig
    Value = Allotment

    def goals(self) -> Mapping[str, str]:
        """The four objectives, named as the case file names their weights."""
        labels = {goal: self.tools.display.label(f"{SLOT}.{goal}") for goal in GOALS}
        short = {goal: label.rpartition(":")[2].strip() for goal, label in labels.items()}
        return {goal: label[:1].upper() + label[1:] for goal, label in short.items()}

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``points-<objective>``."""
        return {"points": read_points(form)}

    def check(self, scene: Scene[GoalsConfig], value: Allotment, *, by: str, key: str) -> None:
        """All the points, no more."""
        check_points(value, GOALS, scene.config.points)

    def results(self, scene: Scene[GoalsConfig]) -> Weighed:
        """Means, for the room and by actor."""
        goals = self.goals()
        return weigh(
            scene.room, self.values(scene.entries), lambda _actor: goals, scene.config.points
        )

    def said(self, value: Allotment) -> str:
        """The objectives that got points."""
        return listed(self.goals(), value)

    def tables(self, scene: Scene[GoalsConfig]) -> tuple[Table, ...]:
        """A sheet of means."""
        title = scene.config.question or scene.item.title
        return (weighed_table(self.tools, title, self.results(scene)),)
