"""The page of what a model made of a room."""

from dataclasses import dataclass
from typing import ClassVar

from assistant.workshop.session import Session
from web.pages import Page


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A sentence, and the contributions it rests on: their numbers and their words."""

    text: str
    contributions: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SynthesisPage(Page):
    """``model`` is None as long as nothing was asked; ``heard`` contributions could be read."""

    template: ClassVar[str] = "atelier/synthese.html"
    section: ClassVar[str] = "ateliers"
    session: Session
    model: str | None
    claims: tuple[ClaimView, ...]
    heard: int
