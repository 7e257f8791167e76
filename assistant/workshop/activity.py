"""What every activity answers to: configure, open, contribute, close, show, export.

An activity is pure: it decides what a contribution is worth and what a room's contributions
amount to. Where it has got to is a ``Stage``; who is there is a ``Room``.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.casefile.display import Display
from assistant.coaching.method import Method
from assistant.drafting.office import Office
from assistant.errors import CallerError
from assistant.texts import Texts
from assistant.workshop.agenda import Case, Item
from assistant.workshop.room import Entry, Person, Room, Stage

Form = Mapping[str, Sequence[str]]  # what a phone's form sends: several values a name
Cells = tuple[str | int | float | None, ...]  # a row of a ``Table``


class Refused(CallerError):
    """A contribution that this activity cannot take; nothing is kept of it."""

    code = "contribution_refusee"


class Closed(CallerError):
    """A contribution that comes before an activity opens, or after it has closed."""

    code = "activite_fermee"
    status = 409


class Part(BaseModel):
    """A configuration, or a contribution: strict, frozen, and JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of results: values are text, numbers, or nothing."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class Tools:
    """What activities draw on."""

    corpus: Path
    method: Method
    display: Display
    office: Office
    texts: Texts
    cases: Mapping[str, Case]


C = TypeVar("C", bound=Part)
V = TypeVar("V", bound=Part)
R = TypeVar("R")


@dataclass(frozen=True)
class Scene(Generic[C]):
    """An item of the agenda with what the room has made of it."""

    item: Item
    stage: Stage
    config: C
    room: Room

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The contributions that count, of the round that is going on, oldest first."""
        return self.of_round(max(self.stage.round, 1))

    def of_round(self, number: int) -> tuple[Entry, ...]:
        """The contributions that count of one round."""
        found = (e for e in self.stage.entries.values() if e.round == number and not e.hidden)
        return tuple(sorted((e for e in found if e.value is not None), key=lambda e: e.seq))

    @cached_property
    def abstentions(self) -> int:
        """How many people chose to say nothing in this round, and said nothing since."""
        number = max(self.stage.round, 1)
        here = [entry for entry in self.stage.entries.values() if entry.round == number]
        spoke = {entry.participant for entry in here if entry.value is not None}
        return len({entry.participant for entry in here} - spoke)

    @cached_property
    def contributors(self) -> int:
        """How many people contributed to this round, abstentions included."""
        number = max(self.stage.round, 1)
        return len({e.participant for e in self.stage.entries.values() if e.round == number})

    def mine(self, participant: str) -> tuple[Entry, ...]:
        """What one participant contributed to this round, hidden or not, oldest first."""
        number = max(self.stage.round, 1)
        own = (e for e in self.stage.entries.values()
               if e.participant == participant and e.round == number)  # fmt: skip
        return tuple(sorted(own, key=lambda e: e.seq))

    def person(self, participant: str) -> Person | None:
        """Who it is; None once put out."""
        return self.room.people.get(participant)


class Activity(ABC, Generic[C, V, R]):
    """One kind of activity. ``Config`` and ``Value`` say what may be configured and contributed.

    ``rounds`` is how many times it may be opened with contributions kept apart. With ``many``,
    a person contributes several times, and each contribution can be taken back. When ``shared``,
    people at one table see at once what the others contribute.
    """

    kind: ClassVar[str]
    Config: type[C]
    Value: type[V]
    rounds: ClassVar[int] = 1
    many: ClassVar[bool] = False
    shared: ClassVar[bool] = False

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    # configure

    def configured(self, given: Mapping[str, Any]) -> C:
        """A configuration, checked; raises ``InvalidConfig``."""
        try:
            return self.Config.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InvalidConfig(activite=self.kind, champ=field) from error

    def choices_for(self, name: str, config: Mapping[str, Any]) -> Mapping[str, str]:
        """What a field of the configuration is chosen among in the content, with its words."""
        if name != "case":
            return {}
        return {case.id: case.title for case in self.tools.cases.values()}

    # open

    def dealt(self, config: C, room: Room) -> C:
        """The configuration with what opening settles for good: roles dealt, teams made."""
        return config

    def turns(self, config: C) -> int:
        """How many rounds this configuration is played in, at most ``rounds``."""
        return self.rounds

    def scene(self, room: Room, item: Item) -> Scene[C]:
        """Where an item of this kind has got to in ``room``."""
        stage = room.stage(item.id)
        return Scene(item, stage, self.configured(stage.config or item.config), room)

    # contribute

    @abstractmethod
    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields of a phone's form as the JSON of a ``Value``, unchecked."""

    def accepted(self, scene: Scene[C], given: Mapping[str, Any], *, by: str, key: str) -> V:
        """A contribution, checked against the configuration and what ``by`` already gave.

        Raises ``Refused``.
        """
        try:
            value = self.Value.model_validate(dict(given))
        except ValidationError as error:
            raise Refused from error
        self.check(scene, value, by=by, key=key)
        return value

    def check(self, scene: Scene[C], value: V, *, by: str, key: str) -> None:
        """Raise ``Refused`` with its own sentence for what the configuration forbids."""

    def key(self, scene: Scene[C], value: Mapping[str, Any], *, by: str, nonce: str) -> str:
        """Where a contribution goes: the same key again replaces. One a person, unless said."""
        return ""

    def passed(self, scene: Scene[C], *, by: str) -> Mapping[str, Any] | None:
        """What « I pass » leaves: nothing, unless part of a longer contribution is kept."""
        return None

    # show

    @abstractmethod
    def results(self, scene: Scene[C]) -> R:
        """What the room has made, for the screen, the phones and the minutes."""

    def private(self, scene: Scene[C], person: Person) -> Any:
        """What only this participant's phone shows: a role to play, the work of a table."""
        return None

    def parts(self, scene: Scene[C]) -> tuple[str, ...]:
        """What the results can be shown by, one at a time, for the trainer to comment."""
        return ()

    def said(self, value: V) -> str:
        """One contribution as a line of text, for moderation and exports."""
        return "; ".join(str(part) for part in value.model_dump(exclude_none=True).values())

    def told(self, scene: Scene[C], value: V) -> str:
        """The same, with the words of this configuration."""
        return self.said(value)

    # export

    @abstractmethod
    def tables(self, scene: Scene[C]) -> tuple[Table, ...]:
        """The results as sheets."""

    def value(self, entry: Entry) -> V:
        """The typed contribution behind an entry that is not an abstention."""
        return self.Value.model_validate(dict(entry.value or {}))

    def values(self, entries: Iterable[Entry]) -> list[tuple[Entry, V]]:
        """Entries with their typed contributions."""
        return [(entry, self.value(entry)) for entry in entries]


class InvalidConfig(CallerError):
    """An activity was configured with something that it does not know."""

    code = "activite_mal_reglee"
