"""A role play on a fictional case: roles are dealt at opening, their instructions stay private.

Every role is played at each table. Too few people hold several roles, too many observe, and who
comes late takes a role that nobody plays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from assistant.knowledge.content import Actor, Slug
from assistant.workshop.activities.tables import latest
from assistant.workshop.activity import Activity, Form, InvalidConfig, Part, Refused, Scene, Table
from assistant.workshop.agenda import Case, Role
from assistant.workshop.room import Person, Room

Issue = Literal["accord", "accord_partiel", "desaccord"]
ISSUES: tuple[Issue, ...] = ("accord", "accord_partiel", "desaccord")
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Hand(Part):
    """Where somebody plays and what; no role is to observe."""

    table: int
    roles: tuple[Slug, ...] = ()


class PlayConfig(Part):
    """The case that is played; ``deal`` is settled at opening, by participant."""

    case: Slug
    minutes: int = Field(default=20, ge=1, le=180)
    deal: Mapping[str, Hand] = Field(default_factory=dict)


class Outcome(Part):
    """How it ended at ``table``, and what was conceded there."""

    status: Issue
    conceded: Note | None = None
    table: int = 0


@dataclass(frozen=True, slots=True)
class PublicRole:
    """What everybody may know of a role."""

    id: str
    actor: Actor
    name: str
    brief: str


@dataclass(frozen=True, slots=True)
class Mine:
    """What one phone shows: the roles held, with their instructions, and how the table ended.

    ``shared`` when somebody else holds the same role; ``written`` is the table's last outcome.
    """

    table: int
    roles: tuple[Role, ...]
    observer: bool
    shared: bool
    written: Outcome | None


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """One table: ``players`` people hold a role; ``status`` None while nothing was written."""

    table: int
    players: int
    observers: int
    status: Issue | None
    label: str | None
    conceded: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tables ended so."""

    status: Issue
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Play:
    """The case and its roles as all may read them, then how each table ended."""

    title: str
    story: str
    stakes: tuple[str, ...]
    minutes: int
    roles: tuple[PublicRole, ...]
    tables: tuple[TableOutcome, ...]
    tally: tuple[Tally, ...]


class RolePlay(Activity[PlayConfig, Outcome, Play]):
    """Negotiate as somebody else."""

    kind: ClassVar[str] = "jeu-de-role"
    Config = PlayConfig
    Value = Outcome
    shared: ClassVar[bool] = True

    def configured(self, given: Mapping[str, Any]) -> PlayConfig:
        """The case must be known."""
        config = super().configured(given)
        if config.case not in self.tools.cases:
            raise InvalidConfig(activite=self.kind, champ="case")
        return config

    def dealt(self, config: PlayConfig, room: Room) -> PlayConfig:
        """Roles dealt; opening again keeps them, and gives theirs to those who came since."""
        roles = [role.id for role in self.case(config).roles]
        deal = hands(config.deal, room, roles) if config.deal else dealt(room, roles)
        return config.model_copy(update={"deal": deal})

    def case(self, config: PlayConfig) -> Case:
        """The case that is played."""
        return self.tools.cases[config.case]

    def hands(self, scene: Scene[PlayConfig]) -> Mapping[str, Hand]:
        """Who plays what now, by participant; nobody before it opens."""
        if not scene.stage.round:
            return {}
        roles = [role.id for role in self.case(scene.config).roles]
        return hands(scene.config.deal, scene.room, roles)

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``issue`` and ``concede``."""
        conceded = "\n".join(form.get("concede", ())).strip()
        return {"status": next(iter(form.get("issue", ())), None), "conceded": conceded or None}

    def accepted(self, scene: Scene[PlayConfig], given: Mapping[str, Any], *, by: str,
                 key: str) -> Outcome:  # fmt: skip
        """The outcome of the table where ``by`` plays."""
        hand = self.hands(scene).get(by)
        if hand is None:
            raise Refused("sans_table")
        return super().accepted(scene, {**given, "table": hand.table}, by=by, key=key)

    def results(self, scene: Scene[PlayConfig]) -> Play:
        """Table by table; the last who wrote at a table wins."""
        case, held = self.case(scene.config), self.hands(scene)
        found = self.values(scene.entries)
        numbers = {hand.table for hand in held.values()} | {value.table for _, value in found}
        tables = []
        for number in sorted(numbers):
            last = latest(one for one in found if one[1].table == number)
            written = last[1] if last else None
            playing = [bool(hand.roles) for hand in held.values() if hand.table == number]
            tables.append(
                TableOutcome(
                    table=number,
                    players=sum(playing),
                    observers=len(playing) - sum(playing),
                    status=written.status if written else None,
                    label=self.label(written.status) if written else None,
                    conceded=written.conceded if written else None,
                )
            )
        count = Counter(table.status for table in tables)
        return Play(
            title=case.title,
            story=case.story,
            stakes=case.stakes,
            minutes=scene.config.minutes,
            roles=tuple(PublicRole(r.id, r.actor, r.name, r.brief) for r in case.roles),
            tables=tuple(tables),
            tally=tuple(Tally(issue, self.label(issue), count[issue]) for issue in ISSUES),
        )

    def label(self, issue: Issue) -> str:
        """An outcome in words."""
        return self.tools.texts.say("atelier", issue)

    def private(self, scene: Scene[PlayConfig], person: Person) -> Mine | None:
        """The role of ``person``, and what their table wrote."""
        held = self.hands(scene)
        hand = held.get(person.id)
        if hand is None:
            return None
        last = latest(one for one in self.values(scene.entries) if one[1].table == hand.table)
        mates = [h for who, h in held.items() if who != person.id and h.table == hand.table]
        return Mine(
            table=hand.table,
            roles=tuple(r for r in self.case(scene.config).roles if r.id in hand.roles),
            observer=not hand.roles,
            shared=any(role in mate.roles for mate in mates for role in hand.roles),
            written=last[1] if last else None,
        )

    def said(self, value: Outcome) -> str:
        """The outcome, and what was conceded."""
        label = self.label(value.status)
        return f"{label} – {value.conceded}" if value.conceded else label

    def tables(self, scene: Scene[PlayConfig]) -> tuple[Table, ...]:
        """How each table ended."""
        say = self.tools.texts.say
        rows = tuple((t.table, t.label, t.conceded) for t in self.results(scene).tables)
        columns = tuple(say("atelier", name) for name in ("table", "issue", "concede"))
        return (Table(say("atelier", "jeu_issues"), columns, rows),)


def dealt(room: Room, roles: Sequence[str]) -> dict[str, Hand]:
    """Roles for everybody here, each role once a table, nobody with two more than another.

    Without tables, groups of as many people as there are roles, or a few more. From one table to
    the next, the first to have come in starts with another role.
    """
    made: dict[str, Hand] = {}
    for table, people in _gathered(room, len(roles)).items():
        turn = [roles[(rank + table - 1) % len(roles)] for rank in range(len(roles))]
        for rank, who in enumerate(people):
            own = [role for place, role in enumerate(turn) if place % len(people) == rank]
            made[who] = Hand(table=table, roles=tuple(sorted(own, key=roles.index)))
    return made


def _gathered(room: Room, size: int) -> dict[int, list[str]]:
    """Who is at each table, in the order of arrival."""
    if not room.tables:
        groups = max(1, len(room.here) // size)
        numbered = [(rank % groups + 1, person.id) for rank, person in enumerate(room.here)]
        return {n: [who for table, who in numbered if table == n] for n in sorted(dict(numbered))}
    found: dict[int, list[str]] = {}
    for person in room.here:
        if person.table:
            found.setdefault(person.table, []).append(person.id)
    for person in room.here:
        if not person.table:
            free = found or {table: [] for table in range(1, room.tables + 1)}
            table = _emptiest({number: len(people) for number, people in free.items()})
            found.setdefault(table, []).append(person.id)
    return dict(sorted(found.items()))


def _emptiest(counts: Mapping[int, int]) -> int:
    return min(counts, key=lambda table: (counts[table], table), default=1)


def hands(deal: Mapping[str, Hand], room: Room, roles: Sequence[str]) -> dict[str, Hand]:
    """What was dealt, for those still there, then what those who came or moved since play.

    Each takes the first role that nobody holds at their table, else one whose holder has several,
    else observes.
    """
    held: dict[str, Hand] = {}
    late: list[Person] = []
    for person in room.here:
        hand = deal.get(person.id)
        # who observes steps in when a player has left
        if hand is None or not hand.roles or person.table not in (None, hand.table):
            late.append(person)
        else:
            held[person.id] = hand
    for person in late:
        there = Counter(hand.table for hand in held.values())
        before = deal.get(person.id)
        table = person.table or (before.table if before else _emptiest(there))
        held[person.id] = _free(table, held, roles)
    return held


def _free(table: int, held: Mapping[str, Hand], roles: Sequence[str]) -> Hand:
    mates = [hand.roles for hand in held.values() if hand.table == table]
    players = Counter(role for own in mates for role in own)
    heavy = {role for own in mates if len(own) > 1 for role in own if players[role] == 1}
    found = [r for r in roles if not players[r]] or [r for r in reversed(roles) if r in heavy]
    return Hand(table=table, roles=tuple(found[:1]))
