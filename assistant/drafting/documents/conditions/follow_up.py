"""Conditions of the action plan (§1.8) and of the crossed evaluation (§1.9)."""

from assistant.casefile.parties import Party
from assistant.drafting.documents.derived import GAP, folded, marks_by_line, total
from assistant.drafting.documents.logic import Truth, View, condition

FACILITATOR = "tiers_facilitateur"


@condition
def budget_annonce_different(view: View) -> Truth:
    """The total that was announced is not the sum of the lines (PLAN-02)."""
    announced, lines = view.get("plan.budget_total"), view.get("plan.budget")
    summed = total(line.montant for line in lines) if lines else None
    return None if announced is None or summed is None else bool(announced != summed)


@condition
def ecarts_a_discuter(view: View) -> Truth:
    """Two sides see the same thing differently (guide p. 57; EVAL-03)."""
    if view.get("eval.notes") is None:
        return None
    lines = marks_by_line(view.facts).values()
    return any(max(marks) - min(marks) >= GAP for marks in lines)


@condition
def reponses_croisees(view: View) -> Truth:
    """Each side gave a mark, or has somebody who answers (§1.9; EVAL-02)."""
    sides = [party for party in view.facts.parties or () if party.role != FACILITATOR]
    if len(sides) < 2:
        return None
    given = [*(view.get("eval.notes") or ()), *(view.get("eval.repondants") or ())]
    answered = {folded(answer.partie) for answer in given}
    return all(answered & _names(party) for party in sides)


def _names(party: Party) -> set[str]:
    names = (party.designation_courte, party.denomination, party.role)
    return {folded(name) for name in names if name}
