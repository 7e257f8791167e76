"""Shape what the answers lead to, charts, risks, calendar: no I/O, no words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.casefile.display import grouped, long_date
from assistant.casefile.facts import Facts
from assistant.casefile.shape import columns
from assistant.coaching.agenda import Table
from assistant.coaching.entry import facts_of
from assistant.coaching.recommendation.square import GOALS, barycentre, read_square
from assistant.coaching.recommendation.wording import Wording
from assistant.coaching.relevance import is_for
from assistant.coaching.risks import ApplicableRisk, RiskContent, risks_of
from assistant.coaching.schedule import CalendarContent, Entry, schedule
from assistant.coaching.sides import SIDES, Side, is_own, visible
from assistant.coaching.situation import SituationContent
from assistant.coaching.state import Answer
from assistant.coaching.workspace import View
from assistant.typography import french
from web import charts
from web.dossier_values import SourceView
from web.dossier_views import Shaper

BOTH = "ensemble"
COMMON_GOALS = ("equilibre", "hybridation", "innovation", "territoire")
WEEKS = 4.35  # in a month
GridKind = str


@dataclass(frozen=True)
class ResultContent:
    """What the results are worded with."""

    risks: RiskContent
    calendar: CalendarContent
    situation: SituationContent


@dataclass(frozen=True, slots=True)
class SquareView:
    """The square; ``people`` are who it shows (a side, or all together) with their shapes.

    ``rows``: a goal, its name for who looks, and the points of each of ``people``.
    """

    chart: charts.SquareChart | None
    names: Mapping[str, str]
    people: tuple[tuple[str, charts.Dot], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    note: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class BarsView:
    """Bars with their names and figures."""

    chart: charts.BarChart | None
    rows: tuple[tuple[str, str], ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FamilyView:
    """The fragilities: by family, each domain with who chose it."""

    chart: charts.FamilyChart
    rows: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    others: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class GridView:
    """Candidates on one list of criteria; a mark is empty when it was not given."""

    kind: GridKind
    chart: charts.GridChart
    names: Mapping[str, str]
    candidates: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class MaturityView:
    """The four levels with their names."""

    chart: charts.StairChart
    level: int | None
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ParryView:
    """What to do about a risk."""

    text: str
    step: int
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class RiskView:
    """A risk in words; ``asks`` are (label, question) of what would tell, when it can be asked."""

    id: str
    nature: str
    status: str
    title: str
    text: str
    sources: tuple[SourceView, ...]
    parries: tuple[ParryView, ...]
    actors: tuple[str, ...]
    own: bool
    rests_on: tuple[str, ...]
    asks: tuple[tuple[str, str], ...]
    card: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of the calendar: two days in words, or a distance in ``unit``."""

    title: str
    text: str
    step: int
    sources: tuple[SourceView, ...]
    first: str
    last: str
    near: str
    far: str
    unit: str
    moment: str
    signature: bool


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar in words."""

    target: str | None
    signed: bool
    call: bool
    short: int
    long: int
    alert: str | None
    alert_kind: str | None
    note: str
    sources: tuple[SourceView, ...]
    before: tuple[EntryView, ...]
    after: tuple[EntryView, ...]
    default_end: bool


def shown_by_others(view: View) -> dict[Side, dict[str, Answer]]:
    """What the other sides say of themselves and let be seen; nothing of what they keep."""
    found = {}
    for side in SIDES:
        if side != view.side:
            other = view.state.of(side)
            names = visible(other.answers, other.shared)
            found[side] = {name: other.answers[name] for name in names if is_own(name)}
    return {side: answers for side, answers in found.items() if answers}


def to_hand_over(view: View) -> Table:
    """The case without what this side keeps to itself: what may be given to the others."""
    names = visible(view.table.known, view.table.side.shared)
    known = {name: view.table.known[name] for name in names}
    return Table(view.table.side, known, facts_of(known))


class Results:
    """Turns facts into the views of the result pages."""

    def __init__(self, shaper: Shaper, content: ResultContent, wording: Wording) -> None:
        self.shaper = shaper
        self.content = content
        self._axes = wording.barycentre

    # charts

    def square(self, view: View, facts: Facts) -> SquareView:
        """The square of this side, of those who show theirs, and of all together."""
        others = {side: facts_of(answers) for side, answers in shown_by_others(view).items()}
        weights: dict[str, dict[str, Decimal]] = {
            side: dict(square.weights)
            for side, held in {view.side: facts, **others}.items()
            if (square := read_square(held)).weights
        }
        if len(weights) > 1:
            weights[BOTH] = {
                goal: sum((w[goal] for w in weights.values()), Decimal(0)) / len(weights)
                for goal in GOALS
            }
        places = {name: barycentre(held) for name, held in weights.items()}
        chart = charts.square_chart({n: (float(x), float(y)) for n, (x, y) in places.items()})
        question = self.shaper.method.question("D1-04")
        names = {str(c.valeur): c.label(facts.acteur_type) for c in question.choix}
        return SquareView(
            chart=chart if weights else None,
            names=names,
            people=tuple((dot.name, dot) for dot in chart.dots),
            rows=tuple(
                (names[goal], tuple(grouped(round(w[goal], 1)) for w in weights.values()))
                for goal in GOALS
            ),
            note=french(self._axes.texte),
            sources=tuple(map(self.shaper.source, self._axes.sources)),
        )

    def common_goals(self, facts: Facts) -> BarsView:
        """The weights of the four common objectives, in percent."""
        held = facts.objectifs.ponderation_4 if facts.objectifs else None
        path = "objectifs.ponderation_4"
        names = {g: self._after_colon(f"{path}.{g}") for g in COMMON_GOALS}
        values = {g: getattr(held, g) for g in COMMON_GOALS} if held else {}
        known = {g: float(v) for g, v in values.items() if v is not None}
        return BarsView(
            chart=charts.bar_chart(known, most=100) if known else None,
            rows=tuple((names[g], self.shaper.display.value(f"{path}.{g}", v))
                       for g, v in values.items() if v is not None),
            names=names,
        )  # fmt: skip

    def _after_colon(self, path: str) -> str:
        label = self.shaper.display.label(path).rpartition(":")[2].strip()
        return label[:1].upper() + label[1:]

    def fragilities(self, view: View, facts: Facts) -> FamilyView:
        """The sixteen domains in four families, and who wants to act on which."""
        question = self.shaper.method.question("D1-03")
        families: dict[str, list[str]] = {}
        for choice in question.choix:
            families.setdefault(choice.famille or "", []).append(str(choice.valeur))
        chosen: dict[str, tuple[str, ...]] = {}
        others = {side: facts_of(answers) for side, answers in shown_by_others(view).items()}
        for side, held in {view.side: facts, **others}.items():
            for name in held.fragilites or ():
                chosen[name] = (*chosen.get(name, ()), side)
        labels = {str(c.valeur): c.label(facts.acteur_type) for c in question.choix}
        return FamilyView(
            chart=charts.family_chart(families, tuple(chosen)),
            rows=tuple(
                (family, tuple((labels[name], chosen.get(name, ())) for name in names))
                for family, names in families.items()
            ),
            others=tuple(
                self.shaper.display.value("fragilites", n) for n in chosen if n not in labels
            ),
            chosen=bool(chosen),
        )

    def grids(self, facts: Facts) -> tuple[GridView, ...]:
        """Those who are considered, on the criteria of their kind (guide p. 46)."""
        made = (self._grid(kind, facts) for kind in ("criteres_sig", "criteres_eco"))
        return tuple(grid for grid in made if grid is not None)

    def _grid(self, kind: GridKind, facts: Facts) -> GridView | None:
        criteria = columns_of(kind)
        marks: dict[str, dict[str, int | None]] = {}
        partner = getattr(facts, kind)
        held = [(facts.partenaire_nom or "", partner)] if partner else []
        held += [(c.nom, getattr(c, kind)) for c in facts.candidats or () if getattr(c, kind)]
        for place, (name, given) in enumerate(held, start=1):
            key = name if name not in marks else f"{name} ({place})"
            marks[key] = {criterion: getattr(given, criterion) for criterion in criteria}
        if not marks:
            return None
        names = {c: self.shaper.display.label(f"candidats.{kind}.{c}") for c in criteria}
        shown = dict(list(marks.items())[: len(charts.SHAPES)])
        return GridView(
            kind=kind,
            chart=charts.grid_chart(criteria, shown),
            names=names,
            candidates=tuple(marks),
            legend=tuple(
                (name, charts.outline(charts.SHAPES[rank], 9, 9, 5.5))
                for rank, name in enumerate(shown)
            ),
            rows=tuple(
                (names[c], tuple(str(given[c] or "") for given in marks.values())) for c in criteria
            ),
        )

    def maturity(self, facts: Facts) -> MaturityView:
        """Where the relation is, out of four."""
        names = self.shaper.display.labels.values("maturite")
        listed = tuple((int(level), name) for level, name in names.items())
        return MaturityView(charts.stair_chart(facts.maturite), facts.maturite, listed)

    # risks

    def risks(self, facts: Facts) -> tuple[RiskView, ...]:
        """The risks and freins of this case."""
        return tuple(self._risk(found, facts) for found in risks_of(facts, self.content.risks))

    def _risk(self, found: ApplicableRisk, facts: Facts) -> RiskView:
        risk = found.risk
        watched = found.status == "watch"
        return RiskView(
            id=risk.id,
            nature=risk.nature,
            status=found.status,
            title=risk.titre,
            text=risk.texte,
            sources=tuple(map(self.shaper.source, risk.sources)),
            parries=tuple(
                ParryView(p.texte, p.etape, tuple(map(self.shaper.source, p.sources)))
                for p in risk.parades
            ),
            actors=found.actors,
            own=found.own,
            rests_on=() if watched else self._labels(found.slots),
            asks=tuple(self._asks(found.slots, facts)) if watched else (),
            card=f"/fiches/{risk.fiche}",
        )

    def _labels(self, slots: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.shaper.display.label_of(slot) for slot in slots))

    def _asks(self, slots: Iterable[str], facts: Facts) -> Iterable[tuple[str, str]]:
        """What would tell, by question: several slots of one question are one line."""
        seen: set[str] = set()
        for slot in slots:
            asked = self.shaper.asking(slot)
            if asked is None or not is_for(asked, facts):
                yield self.shaper.display.label_of(slot), ""
            elif asked.id not in seen:
                seen.add(asked.id)
                yield self.shaper.display.label_of(slot), asked.id

    def own_risks(self, facts: Facts) -> tuple[str, ...]:
        """What people wrote themselves, beside the four freins."""
        known = {"moyens", "methode", "connaissance", "confiance"}
        noted = [text for text in facts.risques or () if text not in known]
        planned = facts.plan.risques if facts.plan else None
        return (*noted, *(self.shaper.display.value("plan.risques", r) for r in planned or ()))

    # calendar

    def calendar(self, facts: Facts, today: date) -> CalendarView:
        """The calendar of this case on ``today``."""
        content = self.content.calendar
        found = schedule(facts, content, today=today)
        return CalendarView(
            target=long_date(found.target) if found.target else None,
            signed=found.signed,
            call=found.call,
            short=found.lead.mois[0],
            long=found.lead.mois[1],
            alert=content.alertes[found.alert] if found.alert else None,
            alert_kind=found.alert,
            note=content.note,
            sources=tuple(map(self.shaper.source, found.lead.sources)),
            before=tuple(map(self._entry, found.before)),
            after=tuple(map(self._entry, found.after)),
            default_end=found.default_end,
        )

    def _entry(self, entry: Entry) -> EntryView:
        near, far = sorted(abs(months) for months in entry.months)
        weeks = 0 < far < 2
        near, far = (round(near * WEEKS), round(far * WEEKS)) if weeks else (near, far)
        first, last = entry.days or (None, None)
        return EntryView(
            title=entry.landmark.titre,
            text=entry.landmark.texte,
            step=entry.landmark.etape,
            sources=tuple(map(self.shaper.source, entry.landmark.sources)),
            first=long_date(first) if first else "",
            last=long_date(last) if last else "",
            near=grouped(near),
            far=grouped(far),
            unit="semaines" if weeks else "mois",
            moment=entry.moment,
            signature=far == 0,
        )


def columns_of(kind: GridKind) -> tuple[str, ...]:
    """The criteria of a list, in the order of the guide (p. 46)."""
    prefix = f"{kind}."
    return tuple(c.removeprefix(prefix) for c in columns("candidats") if c.startswith(prefix))
