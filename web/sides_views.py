"""Shape what two or three sides share for templates: no I/O, no words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.casefile.display import Display
from assistant.coaching import crossed as seen
from assistant.coaching.dossier import Invitation
from assistant.coaching.sides import PRIVATE, SIDES, Side, is_private, root
from assistant.coaching.state import State
from assistant.coaching.workspace import View
from web.dossier_views import Shaper


@dataclass(frozen=True, slots=True)
class SideView:
    """A side of the table: ``name`` is what it calls itself, empty when it has not said."""

    side: str
    name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class PositionView:
    """What one side says, in words."""

    side: SideView
    value: str
    at: datetime
    doubtful: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """A slot with the position of each side that spoke; ``question`` is where to answer it."""

    slot: str
    label: str
    question: str
    positions: tuple[PositionView, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class CrossedView:
    """The crossed view, in words."""

    sides: tuple[SideView, ...]
    agreements: tuple[ItemView, ...]
    negotiations: tuple[ItemView, ...]
    alone: tuple[ItemView, ...]
    own: tuple[ItemView, ...]
    marks: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A private slot: what this side answered, and whether the others see it."""

    slot: str
    label: str
    value: str
    shared: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A link that was given, and where it stands."""

    id: str
    side: str
    name: str
    expires_at: datetime
    standing: str


def sides_of(state: State, viewer: Side) -> Mapping[Side, SideView]:
    """Every side by the name it gives itself, else by that of its link."""
    found: dict[Side, SideView] = {}
    for side in SIDES:
        answers = state.of(side).answers
        named = answers.get("acteur_nom")
        author = next((a.author for a in answers.values() if a.author), "")
        found[side] = SideView(side, str(named.value) if named else author, side == viewer)
    return found


def crossed_view(view: View, shape: Shaper) -> CrossedView:
    """What the sides of a case file may all see."""
    found = seen.crossed(view.state, view.side, shape.method)
    sides = sides_of(view.state, view.side)

    def items(held: Iterable[seen.Item | seen.MarkGap]) -> tuple[ItemView, ...]:
        return tuple(_item(one, sides, shape) for one in held)

    return CrossedView(
        sides=tuple(sides[side] for side in found.sides),
        agreements=items(found.agreements),
        negotiations=items(found.negotiations),
        alone=items(found.alone),
        own=items(found.own),
        marks=items(found.marks),
    )


def _item(
    item: seen.Item | seen.MarkGap, sides: Mapping[Side, SideView], shape: Shaper
) -> ItemView:
    return ItemView(
        slot=item.slot,
        label=shape.display.label_of(item.slot),
        question=_question(item.slot, shape),
        positions=tuple(
            PositionView(
                side=sides[position.side],
                value=shape.display.value(item.slot, position.value),
                at=position.at,
                doubtful=position.status == "to_confirm",
            )
            for position in item.positions
        ),
        wide=isinstance(item, seen.MarkGap) and item.wide,
    )


def _question(slot: str, shape: Shaper) -> str:
    name = slot
    while name:
        asked = shape.method.by_slot.get(name)
        if asked:
            return asked[0].id
        name = name.rpartition(".")[0]
    return ""


def private_lines(view: View, display: Display) -> tuple[ShareLine, ...]:
    """Every private slot of the side that looks, those it answered first."""
    held = view.table.side
    found = []
    for slot in PRIVATE:
        values = [
            display.value(name, answer.value)
            for name, answer in sorted(held.answers.items())
            if root(name) == slot
        ]
        found.append(ShareLine(slot, display.label(slot), " ; ".join(values), slot in held.shared))
    return tuple(sorted(found, key=lambda line: (not line.value, line.label)))


def open_lines(view: View, display: Display) -> tuple[ShareLine, ...]:
    """What the others always see of this side."""
    return tuple(
        ShareLine(slot, display.label_of(slot), display.value(slot, answer.value), shared=True)
        for slot, answer in sorted(view.table.side.answers.items())
        if not is_private(slot)
    )


def private_labels(display: Display) -> tuple[str, ...]:
    """The names of what stays private until shared."""
    return tuple(sorted(display.label(slot) for slot in PRIVATE))


def invitation_line(invitation: Invitation, now: datetime) -> InvitationLine:
    """A link in the list."""
    return InvitationLine(
        id=invitation.id,
        side=invitation.side,
        name=invitation.name,
        expires_at=invitation.expires_at,
        standing=invitation.standing(now),
    )
