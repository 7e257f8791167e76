"""Rules of the action plan and of evaluation (domain/conventions.md §2.8: PLAN, EVAL)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from assistant.casefile.blocks import Indicator
from assistant.casefile.facts import Facts
from assistant.casefile.plans import CrossedEvaluation, Plan
from assistant.drafting import figures
from assistant.drafting.rules import situation
from assistant.drafting.rules.rule import Context, Hit, rule

# « le comité de pilotage », « les deux référents », « toutes les parties »: nobody from outside
_PLAN = re.compile(r"\bplan (?:(?:d )?actions?|operationnel)\b")
_COUNTED = re.compile(
    r"(?:nombre|nb) (?:de |d )?(?:ateliers?|reunions?|evenements?|seances?|jours|journees|heures"
    r"|actions?|interventions?|formations?|repas|visites?|rencontres?|publications?|supports?)\b"
)
_BODIES = frozenset({"copil", "comite", "comite de pilotage", "referents", "referent", "parties"})


@rule("PLAN-01")
def action_without_pilot_or_day(ctx: Context) -> Iterator[Hit]:
    """Each action has someone and a date (guide p. 51)."""
    actions = (ctx.facts.plan and ctx.facts.plan.actions) or ()
    bare = [a.intitule for a in actions if not a.pilote or not (a.debut or a.fin)]
    if bare:
        yield Hit(("plan.actions",), {"actions": ", ".join(bare)})


def _people(facts: Facts) -> set[str]:
    """Every name that may lead an action, folded: sides, their short names, who stands for them."""
    names = situation.names_of(facts.parties or ())
    people = [facts.acteur_nom, facts.partenaire_nom, facts.facilitateur_nom]
    people += [r.nom for r in (facts.pilotage.referents if facts.pilotage else None) or ()]
    people += [side.representant.nom for side in facts.parties or () if side.representant]
    return names | {situation.folded(name) for name in people if name}


def _strangers(facts: Facts, plan: Plan) -> list[str]:
    known = _people(facts)
    pilots = [action.pilote for action in plan.actions or () if action.pilote]
    members = situation.folded(" ; ".join(m.membres or "" for m in plan.instances or ()))
    if not facts.parties and not (facts.acteur_nom and facts.partenaire_nom):
        return []
    return [
        pilot
        for pilot in pilots
        if not any(situation.mentions(pilot, name) for name in known | _BODIES)
        and not situation.mentions(members, situation.folded(pilot))
    ]


def _out_of_time(plan: Plan) -> list[str]:
    period = plan.periode
    first = (period and period.debut) or date.min
    last = (period and period.fin) or date.max
    wrong = []
    for action in plan.actions or ():
        days = [day for day in (action.debut, action.fin) if day]
        reversed_ = bool(action.debut and action.fin and action.fin < action.debut)
        if reversed_ or any(not first <= day <= last for day in days):
            wrong.append(action.intitule)
    return wrong


def _planned(plan: Plan) -> Decimal | None:
    """The sum of the lines, when every line has an amount."""
    amounts = [line.montant for line in plan.budget or ()]
    if not amounts:
        amounts = [action.budget for action in plan.actions or ()]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


@rule("PLAN-02")
def plan_contradicts_itself(ctx: Context) -> Iterator[Hit]:
    """A pilot who is no party, dates out of the period, a total that is not the sum."""
    facts, plan = ctx.facts, ctx.facts.plan
    if plan is None:
        return
    if strangers := _strangers(facts, plan):
        yield Hit(("plan.actions", "parties"), {"cas": "pilote", "noms": ", ".join(strangers)})
    if late := _out_of_time(plan):
        yield Hit(("plan.actions", "plan.periode"), {"cas": "dates", "actions": ", ".join(late)})
    period = plan.periode
    if period and period.debut and period.fin and period.fin <= period.debut:
        details = {"debut": figures.day(period.debut), "fin": figures.day(period.fin)}
        yield Hit(("plan.periode",), {"cas": "periode", **details})
    total = _planned(plan)
    if total is not None and plan.budget_total is not None and total != plan.budget_total:
        details = {"total": figures.euros(plan.budget_total), "somme": figures.euros(total)}
        yield Hit(("plan.budget_total", "plan.budget"), {"cas": "budget", **details})


@rule("PLAN-03")
def plan_without_checkpoint(ctx: Context) -> Iterator[Hit]:
    """A plan that plans no moment to look back (guide p. 51)."""
    plan = ctx.facts.plan
    if plan and plan.actions and not plan.points_evaluation:
        yield Hit(("plan.points_evaluation",))


@rule("PLAN-04")
def plan_binds_and_does_not(ctx: Context) -> Iterator[Hit]:
    """A plan « without legal value » among annexes that are part of the agreement (guide p. 51)."""
    facts = ctx.facts
    annexed = any(_PLAN.search(situation.folded(name)) for name in facts.annexes or ())
    free = facts.plan and facts.plan.valeur == "non_contractuel"
    if free and annexed and facts.annexes_font_partie_integrante:
        yield Hit(("plan.valeur", "annexes_font_partie_integrante"))


@rule("EVAL-01")
def long_and_not_evaluated(ctx: Context) -> Iterator[Hit]:
    """An agreement of more than a year is evaluated (guide p. 49, 55)."""
    facts = ctx.facts
    months = situation.duration_months(facts)
    limit = ctx.parameters.amount("outil.evaluation.mois")
    long = bool(facts.duree and facts.duree.indeterminee) or (months is not None and months > limit)
    planned = facts.evaluation.prevue if facts.evaluation else None
    if situation.binds(ctx.contract, facts) and long and planned is not True:
        yield Hit(("evaluation.prevue",))


def _answered(evaluation: CrossedEvaluation) -> set[str]:
    """The sides that answered: those that gave marks, or else those that are named."""
    marks = {situation.folded(note.partie) for note in evaluation.notes or ()}
    return marks or {situation.folded(person.partie) for person in evaluation.repondants or ()}


@rule("EVAL-02")
def one_sided(ctx: Context) -> Iterator[Hit]:
    """A grid filled by one side, or a decision that one side did not prepare (guide p. 57)."""
    evaluation = ctx.facts.eval
    answered = _answered(evaluation) if evaluation else set()
    sides = [p for p in ctx.facts.parties or () if p.role != "tiers_facilitateur"]
    if evaluation is None or not answered:
        return
    if len(answered) == 1:
        yield Hit(("eval.notes", "eval.repondants"), {"cas": "seule"})
    elif evaluation.decision and len(answered) < len(sides):
        yield Hit(("eval.decision", "eval.repondants"), {"cas": "decision"})


@rule("EVAL-03")
def marks_far_apart(ctx: Context) -> Iterator[Hit]:
    """Marks of two sides that are far from one another (guide p. 57)."""
    notes = (ctx.facts.eval and ctx.facts.eval.notes) or ()
    by_line: dict[str, list[int]] = defaultdict(list)
    for note in notes:
        if note.note is not None:
            by_line[note.ligne].append(note.note)
    gap = ctx.parameters.amount("outil.evaluation.ecart")
    apart = [line for line, marks in by_line.items() if max(marks) - min(marks) >= gap]
    if apart:
        yield Hit(("eval.notes",), {"lignes": ", ".join(apart)})


@rule("EVAL-04")
def renewed_without_thought(ctx: Context) -> Iterator[Hit]:
    """Going on is decided before coherence was looked at (guide p. 58)."""
    evaluation = ctx.facts.eval
    if evaluation and evaluation.decision == "reconduire" and not evaluation.analyse_coherence:
        yield Hit(("eval.analyse_coherence", "eval.decision"))


def _counts_activity(indicator: Indicator) -> bool:
    """Said, or plain from what is counted: « nombre d'ateliers »."""
    if indicator.nature is None:
        return bool(_COUNTED.match(situation.folded(indicator.libelle)))
    return indicator.nature == "activite"


@rule("EVAL-05")
def only_activity(ctx: Context) -> Iterator[Hit]:
    """Indicators that count what is done, and none of what it was good for (guide p. 55)."""
    goals = ctx.facts.objectifs
    known = (goals.indicateurs if goals else None) or ()
    if known and all(_counts_activity(indicator) for indicator in known):
        yield Hit(("objectifs.indicateurs",))
