"""The report that a director reads in five minutes: everything the answers lead to, on one page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from assistant.casefile.display import long_date
from assistant.coaching.agenda import Table, standing
from assistant.coaching.risks import load_risks
from assistant.coaching.schedule import load_calendar
from assistant.coaching.sides import is_private, root
from assistant.coaching.situation import load_situation, situation
from assistant.coaching.state import Answer
from assistant.coaching.turn import Coach
from assistant.coaching.workspace import View
from web.dossier_values import RecommendationView, StepView
from web.dossier_views import Shaper
from web.result_views import (
    CalendarView,
    ResultContent,
    Results,
    RiskView,
    SquareView,
    shown_by_others,
    to_hand_over,
)

Version = Literal["complet", "partage"]
CONTENT = 4  # the step of what no question asks for, but for:
_UNASKED: Mapping[str, int] = MappingProxyType({"candidats": 3})


@dataclass(frozen=True, slots=True)
class SaidLine:
    """An answer, who gave it and when; ``private`` when the other sides do not see it."""

    label: str
    value: str
    side: str
    author: str
    day: str
    to_confirm: bool
    private: bool


@dataclass(frozen=True, slots=True)
class SaidStep:
    """What was said at one step."""

    step: StepView
    lines: tuple[SaidLine, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report; ``open_questions`` are those that a document will need, with where."""

    day: str
    version: Version
    situation: tuple[str, ...]
    recommendation: RecommendationView
    square: SquareView
    steps: tuple[SaidStep, ...]
    others: tuple[tuple[str, tuple[SaidLine, ...]], ...]
    risks: tuple[RiskView, ...]
    watched: tuple[RiskView, ...]
    calendar: CalendarView
    open_questions: tuple[tuple[str, str], ...]
    to_confirm: tuple[SaidLine, ...]
    has_private: bool


class Reporter:
    """Makes the report; ``results`` makes its parts, which have pages of their own."""

    def __init__(self, coach: Coach, shaper: Shaper, results: Results) -> None:
        self.results = results
        self._coach = coach
        self._shaper = shaper

    def report(self, view: View, *, version: Version, today: date) -> ReportView:
        """What this side may read; « partage » leaves out what it keeps to itself as well."""
        table = view.table if version == "complet" else to_hand_over(view)
        found = self._coach.recommendation(table)
        said = self._said(view, table)
        risks = self.results.risks(table.facts)
        return ReportView(
            day=long_date(today),
            version=version,
            situation=situation(table.facts, self.results.content.situation, self._shaper.display),
            recommendation=self._shaper.recommendation(found),
            square=self.results.square(view, table.facts),
            steps=said,
            others=self._others(view),
            risks=tuple(r for r in risks if r.status == "present"),
            watched=tuple(r for r in risks if r.status != "present"),
            calendar=self.results.calendar(table.facts, today),
            open_questions=tuple(self._open(view, table)),
            to_confirm=tuple(line for step in said for line in step.lines if line.to_confirm),
            has_private=any(_kept(slot, view) for slot in view.table.known),
        )

    def _said(self, view: View, table: Table) -> tuple[SaidStep, ...]:
        steps: dict[int, list[SaidLine]] = {}
        for slot, answer in self._ordered(table.known):
            asked = self._shaper.asking(slot)
            step = asked.etape if asked else _UNASKED.get(slot, CONTENT)
            steps.setdefault(step, []).append(self._line(slot, answer, view))
        method = self._coach.method
        return tuple(
            SaidStep(self._shaper.step(method.step(n), view.progress[n - 1]), tuple(steps[n]))
            for n in sorted(steps)
        )

    def _ordered(self, answers: Mapping[str, Answer]) -> list[tuple[str, Answer]]:
        places = {q.id: place for place, q in enumerate(self._coach.method.questions)}

        def place(item: tuple[str, Answer]) -> tuple[int, str]:
            asked = self._shaper.asking(item[0])
            return places[asked.id] if asked else len(places), item[0]

        return sorted(answers.items(), key=place)

    def _line(self, slot: str, answer: Answer, view: View) -> SaidLine:
        display = self._shaper.display
        return SaidLine(
            label=display.label_of(slot),
            value=_names(answer.value)
            if slot == "candidats"
            else display.value(slot, answer.value),
            side=answer.side,
            author=answer.author,
            day=long_date(answer.at.astimezone().date()),
            to_confirm=answer.status == "to_confirm",
            private=_kept(slot, view),
        )

    def _others(self, view: View) -> tuple[tuple[str, tuple[SaidLine, ...]], ...]:
        return tuple(
            (side, tuple(self._line(slot, a, view) for slot, a in self._ordered(answers)))
            for side, answers in shown_by_others(view).items()
        )

    def _open(self, view: View, table: Table) -> Iterable[tuple[str, str]]:
        """The questions of the smallest set for a document that nobody has answered yet."""
        for question in self._coach.method.minimal("squelette"):
            if all(_kept(slot, view) for slot in question.slots):
                continue
            if standing(question, table) in ("open", "skipped", "unknown"):
                yield question.text(table.facts.acteur_type), question.id


def _names(candidates: Any) -> str:
    """The candidates by name; their marks have a page of their own."""
    return ", ".join(str(candidate["nom"]) for candidate in candidates)


def _kept(slot: str, view: View) -> bool:
    """Whether this side keeps the slot to itself."""
    return is_private(slot) and root(slot) not in view.table.side.shared


def build_reporter(corpus: Path, coach: Coach, shaper: Shaper) -> Reporter:
    """Over the content of a directory; raises ``InvalidContent``."""
    content = ResultContent(
        risks=load_risks(corpus),
        calendar=load_calendar(corpus),
        situation=load_situation(corpus),
    )
    return Reporter(coach, shaper, Results(shaper, content, coach.wording))
