"""The pages of the sides of a case file: one frozen value each."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from web.dossier_values import DossierHead
from web.pages import Page
from web.result_views import SquareView
from web.sides_views import CrossedView, InvitationLine, ShareLine


@dataclass(frozen=True)
class CrossedPage(Page):
    """What the sides may all see, side by side."""

    template: ClassVar[str] = "dossier_crossed.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    crossed: CrossedView
    square: SquareView


@dataclass(frozen=True)
class SharingPage(Page):
    """What this side shares, and what it keeps to itself."""

    template: ClassVar[str] = "dossier_sharing.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    private: tuple[ShareLine, ...]
    visible: tuple[ShareLine, ...]
    has_notes: bool


@dataclass(frozen=True)
class InvitePage(Page):
    """The links of a case file; ``url`` is the new one, shown this once."""

    template: ClassVar[str] = "dossier_invite.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    invitations: tuple[InvitationLine, ...]
    url: str | None


@dataclass(frozen=True)
class InvitationPage(Page):
    """What a link offers, before it is accepted."""

    template: ClassVar[str] = "invitation.html"
    section: ClassVar[str] = "dossiers"
    title: str
    host: str
    side: str
    name: str
    expires_at: datetime
    secret: str
    mine: bool
    opened: bool
    private: tuple[str, ...]
