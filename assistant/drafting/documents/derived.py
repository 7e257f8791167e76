"""What is computed from what was given: totals, ratios, a number of months.

A computed value exists only when everything it needs was given; it names the slots it comes from.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.casefile import paths
from assistant.casefile.facts import Facts
from assistant.casefile.gifts import CounterpartLine
from assistant.drafting.documents import figures

# outil.evaluation.ecart of corpus/parametres.yaml; a test keeps the two alike
GAP = 2


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed value as printed, and the slots it comes from; None when it cannot be known."""

    text: str | None
    slots: tuple[str, ...]


Formula = Callable[[Facts], Computed]
FORMULAS: dict[str, Formula] = {}


def formula(name: str) -> Callable[[Formula], Formula]:
    """Register a formula under the name that clauses use."""

    def register(function: Formula) -> Formula:
        FORMULAS[name] = function
        return function

    return register


def total(values: Iterable[Decimal | int | None] | None) -> Decimal | None:
    """The sum, or None as soon as one term is unknown."""
    if values is None:
        return None
    terms = list(values)
    return None if None in terms else sum((Decimal(t) for t in terms if t is not None), Decimal(0))


def _terms(facts: Facts, slot: str, name: str) -> list[Any] | None:
    rows = paths.read(facts, slot)
    return None if rows is None else [getattr(row, name) for row in rows]


def line_value(line: CounterpartLine) -> Decimal | None:
    """What a line is worth: its value, or the quantity times the unit value."""
    if line.valeur is not None:
        return line.valeur
    if line.quantite is None or line.valeur_unitaire is None:
        return None
    return line.quantite * line.valeur_unitaire


def counterparts_total(facts: Facts) -> Decimal | None:
    """What is given in return, in euros; zero when « none » was said."""
    if facts.contreparties is None:
        return None
    return total(line_value(line) for line in facts.contreparties)


def _amount(value: Decimal | None, *slots: str) -> Computed:
    return Computed(None if value is None else figures.amount(value), slots)


@formula("contreparties.total")
def _returns(facts: Facts) -> Computed:
    return _amount(counterparts_total(facts), "contreparties")


def _share(facts: Facts, gift: Decimal | None, *slots: str) -> Computed:
    returns = counterparts_total(facts)
    if returns is None or not gift:
        return Computed(None, slots)
    share = (returns * 100 / gift).quantize(Decimal("0.1"))
    return Computed(figures.percent(share), slots)


@formula("contreparties.ratio")
def _ratio(facts: Facts) -> Computed:
    return _share(facts, paths.read(facts, "don.montant"), "contreparties", "don.montant")


@formula("biens.ratio")
def _goods_ratio(facts: Facts) -> Computed:
    return _share(facts, total(_terms(facts, "biens", "valeur")), "biens", "contreparties")


@formula("mc.ratio")
def _skills_ratio(facts: Facts) -> Computed:
    value = paths.read(facts, "mc.valeur_totale")
    return _share(facts, value, "contreparties", "mc.valeur_totale")


@formula("don.echeancier.total")
def _instalments(facts: Facts) -> Computed:
    return _amount(total(_terms(facts, "don.echeancier", "montant")), "don.echeancier")


@formula("facturation.total")
def _invoiced(facts: Facts) -> Computed:
    return _amount(
        total(_terms(facts, "facturation.echeancier", "montant")), "facturation.echeancier"
    )


@formula("moyens.total")
def _means(facts: Facts) -> Computed:
    return _amount(total(_terms(facts, "moyens", "valeur_estimee")), "moyens")


@formula("biens.total")
def _goods(facts: Facts) -> Computed:
    return _amount(total(_terms(facts, "biens", "valeur")), "biens")


@formula("plan.budget.total")
def _budget(facts: Facts) -> Computed:
    return _amount(total(_terms(facts, "plan.budget", "montant")), "plan.budget")


@formula("plan.jours.total")
def _workdays(facts: Facts) -> Computed:
    days = total(_terms(facts, "plan.jours_homme", "jours"))
    return Computed(None if days is None else figures.number(days), ("plan.jours_homme",))


@formula("mc.valeur")
def _skills(facts: Facts) -> Computed:
    cost, days = (paths.read(facts, s) for s in ("mc.cout_revient_jour", "mc.volume_jours"))
    value = None if cost is None or days is None else cost * days
    return _amount(value, "mc.cout_revient_jour", "mc.volume_jours")


@formula("duree.mois")
def _months(facts: Facts) -> Computed:
    slots = ("duree.date_debut", "duree.date_fin")
    start, end = (paths.read(facts, slot) for slot in slots)
    if start is None or end is None or end < start:
        return Computed(None, slots)
    whole = (end.year - start.year) * 12 + end.month - start.month
    # a year from 1 January ends on 31 December: the last day counts
    return Computed(figures.months(whole + (end.day >= start.day - 1)), slots)


def folded(name: str) -> str:
    """What names that people typed are compared by: no case, no spaces to spare."""
    return " ".join(name.replace("\u2019", "'").casefold().split())


def marks_by_line(facts: Facts) -> dict[str, list[int]]:
    """The marks given to each line of the grid, by all sides; « sans objet » is no mark."""
    marks: dict[str, tuple[str, list[int]]] = {}
    for note in paths.read(facts, "eval.notes") or ():
        if note.note is not None:
            marks.setdefault(folded(note.ligne), (note.ligne, []))[1].append(note.note)
    return dict(marks.values())


@formula("eval.ecarts")
def _gaps(facts: Facts) -> Computed:
    if paths.read(facts, "eval.notes") is None:
        return Computed(None, ("eval.notes",))
    spans = {line: max(marks) - min(marks) for line, marks in marks_by_line(facts).items()}
    gaps = [f"{line} ({span})" for line, span in spans.items() if span >= GAP]
    return Computed("\u202f; ".join(gaps) or "0", ("eval.notes",))
