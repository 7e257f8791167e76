"""What can happen in a workshop. Events are appended and never changed: the room is their fold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.knowledge.content import Actor
from assistant.workshop.agenda import Agenda

TRAINER = "animation"  # who acts, when it is not a participant
Where = Literal["screen", "phones"]
Pace = Literal["lent", "bien", "vite", "perdu"]
MAX_TABLES = 60


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# The trainer's


class AgendaSet(_Event):
    """The agenda, whole: at the beginning, and each time it is edited."""

    kind: Literal["agenda_set"] = "agenda_set"
    agenda: Agenda


class Chosen(_Event):
    """The room goes to an item, or back to the welcome page."""

    kind: Literal["chosen"] = "chosen"
    item: str | None


class Opened(_Event):
    """Phones may contribute to an item; ``config`` is fixed then, with what was dealt."""

    kind: Literal["opened"] = "opened"
    item: str
    round: int = Field(default=1, ge=1)
    config: Mapping[str, Any] = {}


class Closed(_Event):
    """Nobody contributes to an item any more."""

    kind: Literal["closed"] = "closed"
    item: str


class Shown(_Event):
    """Results are shown or hidden, on the screen or on phones; ``part`` is one part of them."""

    kind: Literal["shown"] = "shown"
    item: str
    where: Where
    visible: bool
    part: int | None = Field(default=None, ge=0, le=99)


class Timed(_Event):
    """The timer is set to ``seconds`` from now, or taken away; with ``more``, it runs on."""

    kind: Literal["timed"] = "timed"
    seconds: int | None = Field(default=None, ge=1, le=36_000)
    more: bool = False


class Blanked(_Event):
    """The screen shows nothing but the way in, or shows again."""

    kind: Literal["blanked"] = "blanked"
    blank: bool


class Moderated(_Event):
    """A contribution is taken off every screen, or put back."""

    kind: Literal["moderated"] = "moderated"
    entry: int
    hidden: bool


class Pinned(_Event):
    """A contribution is put forward, or not any more."""

    kind: Literal["pinned"] = "pinned"
    entry: int
    pinned: bool


class Grouped(_Event):
    """Contributions are put under a name, or out of any group."""

    kind: Literal["grouped"] = "grouped"
    entries: tuple[int, ...]
    group: str | None = Field(default=None, max_length=80)


class Locked(_Event):
    """Nobody else comes in, or the door is open again."""

    kind: Literal["locked"] = "locked"
    locked: bool


class Removed(_Event):
    """A participant is put out, with what they contributed."""

    kind: Literal["removed"] = "removed"
    participant: str


class Arranged(_Event):
    """How many tables there are; 0 for none."""

    kind: Literal["arranged"] = "arranged"
    tables: int = Field(ge=0, le=MAX_TABLES)


class Seated(_Event):
    """Participants are given a table; 0 is none."""

    kind: Literal["seated"] = "seated"
    tables: Mapping[str, int]


class Answered(_Event):
    """A question of the room is on the screen, with what the guide answers; or leaves it."""

    kind: Literal["answered"] = "answered"
    question: int
    reply: Mapping[str, Any]
    shown: bool = True


class Dropped(_Event):
    """A question of the room leaves the list, or the screen."""

    kind: Literal["dropped"] = "dropped"
    question: int


class Ended(_Event):
    """It is over: phones are thanked, nothing else comes in."""

    kind: Literal["ended"] = "ended"


class Claim(_Event):
    """A sentence that a model proposed, and the contributions that it rests on."""

    text: str
    entries: tuple[int, ...]


class Synthesized(_Event):
    """What a language model made of the room, once what does not hold was dropped."""

    kind: Literal["synthesized"] = "synthesized"
    model: str
    claims: tuple[Claim, ...]


class Undone(_Event):
    """What the trainer did at number ``seq`` counts for nothing."""

    kind: Literal["undone"] = "undone"
    seq: int


# The participants'


class Joined(_Event):
    """Somebody came in, with or without a name."""

    kind: Literal["joined"] = "joined"
    name: str | None = Field(default=None, max_length=40)
    actor: Actor | None = None
    table: int | None = Field(default=None, ge=1, le=MAX_TABLES)


class Introduced(_Event):
    """Somebody says again who they are and where they sit."""

    kind: Literal["introduced"] = "introduced"
    name: str | None = Field(default=None, max_length=40)
    actor: Actor | None = None
    table: int | None = Field(default=None, ge=1, le=MAX_TABLES)


class Contributed(_Event):
    """A contribution to an item; the same ``key`` again replaces it, ``value`` None abstains.

    ``nonce`` is made by the phone: what is sent twice counts once.
    """

    kind: Literal["contributed"] = "contributed"
    item: str
    key: str = ""
    value: Mapping[str, Any] | None
    nonce: str


class Withdrawn(_Event):
    """A participant takes back one contribution."""

    kind: Literal["withdrawn"] = "withdrawn"
    item: str
    key: str
    nonce: str


class Asked(_Event):
    """A question from the room."""

    kind: Literal["asked"] = "asked"
    text: str = Field(min_length=1, max_length=500)
    nonce: str


class Paced(_Event):
    """How fast it goes, for one participant."""

    kind: Literal["paced"] = "paced"
    pace: Pace | None


Event = Annotated[
    AgendaSet | Chosen | Opened | Closed | Shown | Timed | Blanked | Moderated | Pinned | Grouped
    | Locked | Removed | Arranged | Seated | Answered | Dropped | Ended | Undone | Synthesized
    | Joined | Introduced | Contributed | Withdrawn | Asked | Paced,
    Field(discriminator="kind"),
]  # fmt: skip
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


class Recorded(BaseModel):
    """An event with its number in the workshop, its moment in UTC, and who acted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = Field(ge=1)
    at: datetime
    by: str
    event: Event
