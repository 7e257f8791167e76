"""The trainer speaks, or the room pauses: nothing to contribute."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text


class TalkConfig(Part):
    """``points`` are written large on the screen."""

    points: Annotated[tuple[Text, ...], Field(max_length=8)] = ()


class Nothing(Part):
    """Nothing can be said."""


class Talk(Activity[TalkConfig, Nothing, None]):
    """Words of the trainer, with points on the screen."""

    kind: ClassVar[str] = "expose"
    Config = TalkConfig
    Value = Nothing

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
