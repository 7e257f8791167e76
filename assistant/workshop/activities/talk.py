"""The trainer speaks, or the room pauses: nothing to contribute."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from assistant.knowledge.content import Slug
from assistant.workshop.activity import Activity, Form, InvalidConfig, Part, Refused, Scene, Table
from assistant.workshop.agenda import Case, Text


class TalkConfig(Part):
    """``points`` are written large on the screen; phones read the fictional ``case``."""

    points: Annotated[tuple[Text, ...], Field(max_length=8)] = ()
    case: Slug | None = None


class Nothing(Part):
    """Nothing can be said."""


class Talk(Activity[TalkConfig, Nothing, None]):
    """Words of the trainer, with points on the screen."""

    kind: ClassVar[str] = "expose"
    Config = TalkConfig
    Value = Nothing

    def configured(self, given: Mapping[str, Any]) -> TalkConfig:
        """The case, when there is one, must be known."""
        config = super().configured(given)
        if config.case is not None and config.case not in self.tools.cases:
            raise InvalidConfig(activite=self.kind, champ="case")
        return config

    def case(self, config: TalkConfig) -> Case | None:
        """What phones read while the trainer speaks."""
        return self.tools.cases[config.case] if config.case else None

    def read(self, form: Form) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def check(self, scene: Scene[TalkConfig], value: Nothing, *, by: str, key: str) -> None:
        """Always refused."""
        raise Refused

    def results(self, scene: Scene[TalkConfig]) -> None:
        """None."""

    def tables(self, scene: Scene[TalkConfig]) -> tuple[Table, ...]:
        """None."""
        return ()
