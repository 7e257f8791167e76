"""The pages of case files: one frozen value each, whose fields are what its template may name."""

from dataclasses import dataclass
from typing import ClassVar

from assistant.coaching.method import Step
from web.dossier_values import (
    DossierHead,
    DossierLine,
    ExchangeView,
    HistoryLine,
    KnownLine,
    QuestionView,
    RecommendationView,
    StepView,
    TwoReadingsView,
)
from web.pages import Page


@dataclass(frozen=True)
class DossiersPage(Page):
    """One's own case files and those one is invited to."""

    template: ClassVar[str] = "dossiers.html"
    section: ClassVar[str] = "dossiers"
    dossiers: tuple[DossierLine, ...]
    archived: bool


@dataclass(frozen=True)
class DossierPage(Page):
    """The interview; ``known`` is what was understood, by step.

    ``readings`` are those between which a person chooses; ``read_by_model`` when a language model
    reads messages too.
    """

    template: ClassVar[str] = "dossier.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    exchanges: tuple[ExchangeView, ...]
    earlier: int | None
    question: QuestionView | None
    proposals: tuple[KnownLine, ...]
    readings: tuple[TwoReadingsView, ...]
    doubtful: tuple[KnownLine, ...]
    known: tuple[KnownLine, ...]
    recommendation: RecommendationView
    goal: str
    paused: bool
    message: str
    max_message: int
    read_by_model: bool


@dataclass(frozen=True)
class DossierStepPage(Page):
    """A step as a form."""

    template: ClassVar[str] = "dossier_step.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    step: StepView
    intro: Step
    questions: tuple[QuestionView, ...]
    set_apart: tuple[str, ...]
    error: str | None
    summary: tuple[KnownLine, ...]


@dataclass(frozen=True)
class DossierQuestionPage(Page):
    """One question: to correct an answer, to see who said what, to choose between two.

    ``given`` is what another side answered, which this one may take up or contradict.
    """

    template: ClassVar[str] = "dossier_question.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    question: QuestionView
    history: tuple[KnownLine, ...]
    clashes: tuple[tuple[KnownLine, KnownLine], ...]
    error: str | None
    given: tuple[KnownLine, ...] = ()


@dataclass(frozen=True)
class RecommendationPage(Page):
    """What the answers lead to, and why."""

    template: ClassVar[str] = "dossier_recommendation.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    recommendation: RecommendationView


@dataclass(frozen=True)
class DossierHistoryPage(Page):
    """What happened, latest first."""

    template: ClassVar[str] = "dossier_history.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    lines: tuple[HistoryLine, ...]
