"""The pages of what a case leads to: one frozen value each."""

from dataclasses import dataclass
from typing import ClassVar

from assistant.coaching.forms import FieldView
from web.dossier_values import DossierHead
from web.pages import Page
from web.report_views import ReportView
from web.result_views import (
    BarsView,
    CalendarView,
    FamilyView,
    GridView,
    MaturityView,
    RiskView,
    SquareView,
)


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """The inputs of one candidate; ``opened`` names the list of marks that has some."""

    name: str
    fields: tuple[FieldView, ...]
    marks: tuple[tuple[str, bool, tuple[FieldView, ...]], ...]


@dataclass(frozen=True)
class LandmarksPage(Page):
    """Every chart, and the forms of those that no question fills."""

    template: ClassVar[str] = "dossier_landmarks.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    square: SquareView
    goals: BarsView
    fragilities: FamilyView
    grids: tuple[GridView, ...]
    maturity: MaturityView
    goal_fields: tuple[FieldView, ...]
    candidates: tuple[CandidateRow, ...]
    error: str | None
    wrong: str


@dataclass(frozen=True)
class RisksPage(Page):
    """The risks that apply, those to watch, and those that people noted."""

    template: ClassVar[str] = "dossier_risks.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    present: tuple[RiskView, ...]
    watched: tuple[RiskView, ...]
    noted: tuple[str, ...]


@dataclass(frozen=True)
class CalendarPage(Page):
    """The calendar, counted back from the signature."""

    template: ClassVar[str] = "dossier_calendar.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    calendar: CalendarView


@dataclass(frozen=True)
class ReportPage(Page):
    """The report, on screen and on paper."""

    template: ClassVar[str] = "dossier_report.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    report: ReportView


@dataclass(frozen=True)
class ReportText(Page):
    """The same as plain Markdown."""

    template: ClassVar[str] = "dossier_report.md"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    report: ReportView
