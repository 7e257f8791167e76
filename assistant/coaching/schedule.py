"""The calendar of a case, counted back from the day one wants to sign.

Source of the durations: guide p. 51 (6 to 9 months; 2 to 3 for a call for projects), p. 53
(steering), p. 49 and 55 (evaluation before the end). Pure: the day it is comes from the caller.
"""

import calendar
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assistant.casefile.facts import Facts
from assistant.casefile.source import Cited
from assistant.coaching.risk_conditions import present
from assistant.errors import InvalidContent
from assistant.knowledge.content import Slug, Strict, load_yaml, validate
from assistant.typography import french

FILE = "calendrier.yaml"
DAYS_IN_MONTH = 365.25 / 12
_EVERY: Mapping[str, tuple[int, ...]] = MappingProxyType({
    "mensuelle": tuple(range(1, 13)),
    "trimestrielle": (3, 6, 9, 12),
    "semestrielle": (6, 12),
    "annuelle": (12,),
})  # fmt: skip
DEVELOPED = 3  # maturite from which a relation is developed (guide p. 53)
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(french)
]
Sources = Annotated[tuple[Cited, ...], Field(min_length=1)]
Months = Annotated[int, Field(ge=0, le=120)]
Alert = Literal["passee", "courte", "serree", "large"]
Moment = Literal["late", "now", "later", "undated"]


def _gift_of_time(facts: Facts) -> bool:
    return "temps_salarie" in (facts.flux or ())


WHEN: Mapping[str, Callable[[Facts], bool]] = MappingProxyType({
    "toujours": lambda _: True,
    "association_presente": lambda facts: bool(present("association", facts).holds),
    "collectivite_presente": lambda facts: bool(present("collectivite", facts).holds),
    "salaries_concernes": lambda facts: (
        bool(present("entreprise", facts).holds) or _gift_of_time(facts)
    ),
})  # fmt: skip


class Lead(Strict):
    """From the first contact to the signature: shortest and longest, in months."""

    mois: tuple[Months, Months]
    sources: Sources


class Landmark(Strict):
    """What is to be done."""

    titre: Text
    texte: Text
    sources: Sources
    etape: Annotated[int, Field(ge=1, le=7)]


class Milestone(Landmark):
    """A landmark before the signature; ``part`` is its place from first contact, 0, to it, 1."""

    id: Slug
    part: Annotated[float, Field(ge=0, le=1)]
    condition: str


class _Leads(Strict):
    projet: Lead
    appel: Lead


class _Following(Strict):
    pilotage: Landmark
    evaluation: Landmark
    fin: Landmark


class _Meetings(Strict):
    debut: tuple[Months, ...]
    developpe: tuple[Months, ...]


class CalendarContent(Strict):
    """The words and durations of the calendar, checked against the conditions of the code."""

    delais: _Leads
    note: Text
    conditions: dict[str, Text]
    alertes: dict[Alert, Text]
    jalons: Annotated[tuple[Milestone, ...], Field(min_length=1)]
    suites: _Following
    pilotage: _Meetings
    evaluation_avant_fin_mois: Months
    duree_par_defaut_mois: Months

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong = sorted(set(WHEN) ^ set(self.conditions))
        wrong += [m.id for m in self.jalons if m.condition not in WHEN]
        parts = [m.part for m in self.jalons]
        if wrong or parts != sorted(parts) or len(self.alertes) != 4:
            raise ValueError(" · ".join(wrong) or "jalons")
        return self


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: between two days, or at a distance of the signature in months when undated.

    ``months`` are counted from the signature: negative before it, the earliest first.
    """

    id: str
    landmark: Landmark
    months: tuple[float, float]
    days: tuple[date, date] | None
    moment: Moment


@dataclass(frozen=True, slots=True)
class Schedule:
    """The calendar. ``left`` is how many months remain, rounded down to a tenth."""

    call: bool
    lead: Lead
    target: date | None
    signed: bool
    alert: Alert | None
    left: float | None
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]
    default_end: bool


def load_calendar(corpus: Path) -> CalendarContent:
    """The calendar of a content directory; raises ``InvalidContent``."""
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidContent("fichier_introuvable", fichier=str(path)) from error
    return validate(CalendarContent, load_yaml(text, name=FILE), name=FILE)


def schedule(facts: Facts, content: CalendarContent, *, today: date) -> Schedule:
    """The calendar of a case: dated once a day of signature is known, else durations only."""
    call = facts.appel_a_projets is True
    lead = content.delais.appel if call else content.delais.projet
    signed = facts.signature.date if facts.signature else None
    target = signed or facts.date_cible
    done = signed is not None and signed <= today
    left = months_between(today, target) if target else None
    return Schedule(
        call=call,
        lead=lead,
        target=target,
        signed=done,
        alert=None if left is None or done else _alert(left, today, target, lead),
        left=left,
        before=tuple(_before(facts, content, lead, target, today)),
        after=tuple(_after(facts, content, target, today)),
        default_end=_end(facts, target, content)[1],
    )


def _alert(left: float, today: date, target: date | None, lead: Lead) -> Alert:
    short, long = lead.mois
    if target is not None and target < today:
        return "passee"
    if left < short:
        return "courte"
    return "serree" if left < long else "large"


def _before(
    facts: Facts, content: CalendarContent, lead: Lead, target: date | None, today: date
) -> list[Entry]:
    short, long = lead.mois
    found = []
    for milestone in content.jalons:
        if not WHEN[milestone.condition](facts):
            continue
        left = round(1 - milestone.part, 3)
        months = (round(-long * left, 1) or 0, round(-short * left, 1) or 0)
        found.append(_entry(milestone.id, milestone, months, target, today))
    return found


def _after(facts: Facts, content: CalendarContent, target: date | None, today: date) -> list[Entry]:
    start = (facts.duree.date_debut if facts.duree else None) or target
    end, _ = _end(facts, target, content)
    steering = facts.pilotage.frequence if facts.pilotage else None
    developed = (facts.maturite or 1) >= DEVELOPED
    usual = content.pilotage.developpe if developed else content.pilotage.debut
    lasting = _lasting(facts, content)
    found = [
        _entry(f"pilotage-{months}", content.suites.pilotage, (months, months), start, today)
        for months in _EVERY.get(steering or "", usual)
        if months <= lasting
    ]
    ahead = content.evaluation_avant_fin_mois
    if facts.duree is not None and facts.duree.indeterminee:
        return found
    for name, landmark, before in (
        ("evaluation", content.suites.evaluation, ahead),
        ("fin", content.suites.fin, 0),
    ):
        months = (lasting - before, lasting - before)
        day = add_months(end, -before) if end else None
        days = (day, day) if day else None
        moment = _moment(day, day, today) if day else "undated"
        found.append(Entry(name, landmark, months, days, moment))
    return sorted(found, key=lambda entry: entry.months[0])


def _lasting(facts: Facts, content: CalendarContent) -> float:
    held = facts.duree
    if held and held.date_debut and held.date_fin:
        return months_between(held.date_debut, held.date_fin)
    return (held.mois if held else None) or content.duree_par_defaut_mois


def _end(facts: Facts, target: date | None, content: CalendarContent) -> tuple[date | None, bool]:
    """The last day, and whether it is only the tool's supposition of a first year."""
    held = facts.duree
    if held is not None and held.date_fin is not None:
        return held.date_fin, False
    start = (held.date_debut if held else None) or target
    months = held.mois if held else None
    last = add_months(start, months or content.duree_par_defaut_mois) if start else None
    return last, months is None


def _entry(
    name: str,
    landmark: Landmark,
    months: tuple[float, float],
    target: date | None,
    today: date,
) -> Entry:
    if target is None:
        return Entry(name, landmark, months, None, "undated")
    first, last = add_months(target, months[0]), add_months(target, months[1])
    return Entry(name, landmark, months, (first, last), _moment(first, last, today))


def _moment(first: date, last: date, today: date) -> Moment:
    if last < today:
        return "late"
    return "now" if first <= today else "later"


def add_months(day: date, months: float) -> date:
    """``day`` moved by months, whole ones by the calendar, a part of one in days.

    The last day of a shorter month stands for a day that it does not have; a day beyond what
    dates can hold is the last or the first that they can.
    """
    whole = math.floor(months)
    rank = day.year * 12 + day.month - 1 + whole
    year, month = divmod(rank, 12)
    if not 1 <= year <= 9999:
        return date.max if months > 0 else date.min
    last = calendar.monthrange(year, month + 1)[1]
    moved = date(year, month + 1, min(day.day, last))
    extra = round((months - whole) * DAYS_IN_MONTH)
    return moved + timedelta(days=extra) if (date.max - moved).days > extra else date.max


def months_between(first: date, last: date) -> float:
    """Months from one day to another, negative when it is past, rounded down to a tenth."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    part = (last.day - first.day) / 31
    return math.floor((whole + part) * 10) / 10
