"""§2.8, action plan and evaluation: each rule fires, and is silent when one slot changes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drafting.rules.firing import Row, check_row, hits, titled

ACTION: dict[str, Any] = {"intitule": "Collecte", "pilote": "Les Ateliers", "debut": "2027-02-01"}
PERIOD = {"plan.periode.debut": "2027-01-01", "plan.periode.fin": "2027-12-31"}
SIDES = [
    {"type_acteur": "association", "designation_courte": "Les Ateliers"},
    {"type_acteur": "entreprise", "denomination": "Maison Tessier"},
]
BUDGET = {"plan.budget": [{"poste": "camion", "montant": 600}, {"poste": "bois", "montant": 400}]}
ANNEXED = {
    "plan.valeur": "non_contractuel",
    "annexes": ["Plan d'action 2027"],
    "annexes_font_partie_integrante": True,
}
A, B = (
    {"partie": "Asso", "ligne": "pilotage", "note": 5},
    {"partie": "Firme", "ligne": "pilotage", "note": 3},
)
COUNT, USE = (
    {"libelle": "repas", "nature": "activite"},
    {"libelle": "santé", "nature": "utilite_beneficiaires"},
)
ROWS = [
    Row("PLAN-01", None, {"plan.actions": [{**ACTION, "pilote": None}]}, {"plan.actions": [ACTION]}),
    Row("PLAN-01", None, {"plan.actions": [{**ACTION, "debut": None}]}, {"plan.actions": [{**ACTION, "debut": None, "fin": "2027-03-01"}]}),
    Row("PLAN-02", None, {"parties": SIDES, "plan.actions": [{**ACTION, "pilote": "La Région"}]}, {"plan.actions": [{**ACTION, "pilote": "L'équipe de Maison Tessier"}]}),
    Row("PLAN-02", None, {"parties": SIDES, "plan.actions": [{**ACTION, "pilote": "Samir B."}]}, {"pilotage.referents": [{"partie": "Les Ateliers", "nom": "Samir B."}]}),
    Row("PLAN-02", None, {"parties": SIDES, "plan.actions": [{**ACTION, "pilote": "Zoé"}]}, {"plan.actions": [{**ACTION, "pilote": "le comité de pilotage"}]}),
    Row("PLAN-02", None, {**PERIOD, "plan.actions": [{**ACTION, "fin": "2028-01-01"}]}, {"plan.actions": [{**ACTION, "fin": "2027-12-31"}]}),
    Row("PLAN-02", None, {"plan.actions": [{**ACTION, "fin": "2027-01-31"}]}, {"plan.actions": [{**ACTION, "fin": "2027-02-01"}]}),
    Row("PLAN-02", None, {**PERIOD, "plan.periode.fin": "2026-12-31"}, {"plan.periode.fin": "2027-12-31"}),
    Row("PLAN-02", None, {**BUDGET, "plan.budget_total": 1200}, {"plan.budget_total": 1000}),
    Row("PLAN-02", None, {"plan.budget_total": 10, "plan.actions": [{**ACTION, "budget": 11}]}, {"plan.actions": [{**ACTION, "budget": 10}]}),
    Row("PLAN-03", None, {"plan.actions": [ACTION]}, {"plan.points_evaluation": [{"date": "2027-06-01"}]}),
    *(Row("PLAN-04", None, ANNEXED, change) for change in ({"plan.valeur": "annexe_contractuelle"}, {"annexes": ["budget"]}, {"annexes_font_partie_integrante": False})),
    Row("EVAL-01", "partenariat", {"duree.mois": 13}, {"duree.mois": 12}),
    Row("EVAL-01", "mecenat_financier", {"duree.mois": 24, "evaluation.prevue": False}, {"evaluation.prevue": True}),
    Row("EVAL-01", "prestation", {"duree.date_debut": "2027-01-01", "duree.date_fin": "2028-01-31"}, {"duree.date_fin": "2027-12-31"}),
    Row("EVAL-01", "partenariat", {"duree.indeterminee": True}, {"duree.indeterminee": False}),
    Row("EVAL-02", None, {"eval.repondants": [{"partie": "Asso"}]}, {"eval.repondants": [{"partie": "Asso"}, {"partie": "Firme"}]}),
    Row("EVAL-02", None, {"eval.notes": [A, {**A, "ligne": "sens"}]}, {"eval.notes": [A, B]}),
    Row("EVAL-02", None, {"eval.notes": [A, B], "eval.decision": "achever", "parties": [*SIDES, {"type_acteur": "fondation"}]}, {"parties": SIDES}),
    Row("EVAL-03", None, {"eval.notes": [A, B]}, {"eval.notes": [A, {**B, "note": 4}]}),
    Row("EVAL-03", None, {"eval.notes": [A, B]}, {"eval.notes": [A, {**B, "ligne": "sens"}]}),
    Row("EVAL-04", None, {"eval.decision": "reconduire"}, {"eval.analyse_coherence": "les moyens ont suivi"}),
    Row("EVAL-04", None, {"eval.decision": "reconduire"}, {"eval.decision": "achever"}),
    Row("EVAL-05", None, {"objectifs.indicateurs": [COUNT]}, {"objectifs.indicateurs": [COUNT, USE]}),
    Row("EVAL-05", None, {"objectifs.indicateurs": [COUNT]}, {"objectifs.indicateurs": []}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_rule_of_plans_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


def test_a_kind_of_indicator_that_nobody_gave_is_not_guessed() -> None:
    assert not hits("EVAL-05", None, {"objectifs.indicateurs": [{"libelle": "repas"}]})


def test_each_contradiction_of_a_plan_is_said_apart() -> None:
    facts = {
        **PERIOD,
        **BUDGET,
        "plan.budget_total": 3,
        "plan.actions": [{**ACTION, "fin": "2029-01-01"}],
    }

    assert [hit.details["cas"] for hit in hits("PLAN-02", None, facts)] == ["dates", "budget"]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 10**6))
def test_a_budget_is_right_when_it_is_the_sum_of_its_lines(lines: list[int], total: int) -> None:
    budget = [{"poste": "p", "montant": amount} for amount in lines]
    found = hits("PLAN-02", None, {"plan.budget": budget, "plan.budget_total": total})

    assert bool(found) is (sum(lines) != total)


@pytest.mark.parametrize("contract", ["aucun", "marche_public"])
def test_no_evaluation_is_missing_where_no_agreement_is_written(contract: str) -> None:
    assert not hits("EVAL-01", contract, {"duree.mois": 36})
