"""A case file and its invitations, as values; the errors of those who may not get in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.coaching.sides import Side
from assistant.errors import CallerError, NotFound

Standing = Literal["waiting", "opened", "expired", "withdrawn"]


class InvitationClosed(NotFound):
    """A link that expired, was withdrawn, or was never given."""

    code = "invitation_fermee"


class InvitationTaken(CallerError):
    """A link that another browser has already opened."""

    code = "invitation_prise"
    status = 403


class Outdated(CallerError):
    """Something happened since what an act was decided on; whoever acts looks again."""

    code = "dossier_change"
    status = 409


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case file as one of its sides sees it."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool
    revision: int
    side: Side
    author: str

    @property
    def mine(self) -> bool:
        """Whether the side that looks is the one that opened it."""
        return self.side == "porteur"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was given; ``opened`` once somebody used it."""

    id: str
    side: Side
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened: bool

    def open_at(self, now: datetime) -> bool:
        """Whether it still lets in."""
        return self.revoked_at is None and now < self.expires_at

    def standing(self, now: datetime) -> Standing:
        """Withdrawn, expired, opened by somebody, or waiting."""
        if self.revoked_at is not None:
            return "withdrawn"
        if now >= self.expires_at:
            return "expired"
        return "opened" if self.opened else "waiting"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link offers before it is accepted; ``mine`` when who looks opened the case file.

    ``host`` is the name that the one who invites gave of itself.
    """

    invitation: Invitation
    title: str
    mine: bool
    host: str = ""
