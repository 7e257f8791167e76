"""The pages of workshops: one frozen value each, whose fields are what its template may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from assistant.workshop.activity import Activity, Scene
from assistant.workshop.agenda import Case, Format, Item
from assistant.workshop.config_forms import ConfigField
from assistant.workshop.progress import Progress
from assistant.workshop.room import Entry, Person, Room, Stage
from assistant.workshop.session import Session
from assistant.workshop.starters import Starter
from web.cockpit_views import (
    Gesture,
    PaceShare,
    QuestionLine,
    Reading,
    TableView,
)
from web.pages import Page
from web.views import TurnView

AnyActivity = Activity[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class SceneView:
    """An item as templates draw it: what its own templates may name, and their names."""

    item: Item
    stage: Stage
    activity: AnyActivity
    scene: Scene[Any]
    config: Any
    results: Any
    screen_template: str
    phone_template: str
    seconds_left: int | None

    @property
    def contributes(self) -> bool:
        """Whether phones have something to do."""
        return self.activity.kind != "expose"


@dataclass(frozen=True, slots=True)
class MineView:
    """One contribution of this phone; ``text`` is None for an abstention."""

    key: str
    text: str | None
    withdrawable: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """A contribution as the trainer moderates it."""

    entry: Entry
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """A workshop in the list; ``current`` is the title of the item that the room is at."""

    session: Session
    state: Literal["a-venir", "en-cours", "termine"]
    people: int
    minutes: int
    current: str | None


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """An item of the script, with when it begins and ends by the clock, and what to read."""

    item: Item
    begins: str
    ends: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class WorkshopsPage(Page):
    """One's own workshops, and the formats to start from."""

    template: ClassVar[str] = "atelier/liste.html"
    section: ClassVar[str] = "ateliers"
    workshops: tuple[WorkshopLine, ...]
    formats: tuple[Format, ...]


@dataclass(frozen=True)
class PreparePage(Page):
    """A workshop before and after: its agenda, its links, its exports, its end."""

    template: ClassVar[str] = "atelier/preparer.html"
    section: ClassVar[str] = "ateliers"
    session: Session
    room: Room
    cases: tuple[Case, ...]
    starters: tuple[Starter, ...]
    trainer_url: str | None
    join_url: str
    screen_url: str
    qr: Markup | None
    synthesis: bool
    told: str
    typed: Mapping[str, str]


@dataclass(frozen=True)
class EditItemPage(Page):
    """One item of an agenda: its words, its minutes, its settings.

    ``wrong`` names the field that cannot be kept; ``fixed`` says that phones have contributed
    with the settings of before.
    """

    template: ClassVar[str] = "atelier/modifier.html"
    section: ClassVar[str] = "ateliers"
    session: Session
    item: Item
    starter: Starter | None
    typed: Mapping[str, str]
    fields: tuple[ConfigField, ...]
    version: str
    wrong: str
    told: str
    fixed: bool


@dataclass(frozen=True)
class CockpitPage(Page):
    """What the trainer leads with."""

    template: ClassVar[str] = "atelier/animer.html"
    section: ClassVar[str] = "ateliers"
    session: Session
    room: Room
    view: SceneView | None
    entries: tuple[EntryView, ...]
    join_url: str
    screen_url: str
    stamp: str
    progress: Progress
    gesture: Gesture | None
    tables: tuple[TableView, ...]
    questions: tuple[QuestionLine, ...]
    paces: tuple[PaceShare, ...]
    readings: tuple[Reading, ...]
    answer: TurnView | None
    told: str


@dataclass(frozen=True)
class ScreenPage(Page):
    """What is projected."""

    template: ClassVar[str] = "atelier/ecran.html"
    session: Session
    room: Room
    view: SceneView | None
    join_host: str
    qr: Markup
    stamp: str
    answer: TurnView | None


@dataclass(frozen=True)
class JoinPage(Page):
    """The door: a code to type, then a name or nothing; ``notice`` says why it did not open.

    ``out`` is for who was put out: there is nothing to type.
    """

    template: ClassVar[str] = "atelier/rejoindre.html"
    code: str
    session: Session | None
    tables: int
    locked: bool
    notice: str = ""
    out: bool = False


@dataclass(frozen=True)
class PhonePage(Page):
    """What one participant's phone shows: one thing at a time.

    ``writing`` is whether the form of the activity is open; ``opened`` is what the address asks
    to open, for browsers without scripts.
    """

    template: ClassVar[str] = "atelier/telephone.html"
    session: Session
    room: Room
    person: Person
    view: SceneView | None
    mine: tuple[MineView, ...]
    value: Any
    private: Any
    sent: str | None
    nonce: str
    stamp: str
    pace: str | None
    answer: TurnView | None
    writing: bool = False
    opened: str | None = None


@dataclass(frozen=True)
class ScriptPage(Page):
    """The facilitator's script, to print."""

    template: ClassVar[str] = "atelier/deroule.html"
    section: ClassVar[str] = "ateliers"
    session: Session
    lines: tuple[ScriptLine, ...]
    material: tuple[str, ...]
    preparation: tuple[str, ...]
    case: Case | None
    start: str
    minutes: int


@dataclass(frozen=True)
class NetworkPage(Page):
    """How to make a room work without internet."""

    template: ClassVar[str] = "atelier/reseau.html"
    section: ClassVar[str] = "ateliers"
    address: str
    is_local: bool
    qr: Markup
