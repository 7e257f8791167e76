"""§2.8, partnerships and memoranda: each rule fires, and is silent when one slot changes."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drafting.rules.firing import Row, check_row, hits, titled

HALVES = [{"partie": "A", "pourcentage": 50}, {"partie": "B", "pourcentage": 50}]
OFFER: dict[str, Any] = {
    "offre_commune.description": "des bureaux", "repartition_CA_pct": HALVES,
    "facturation.qui": "A", "solidarite": "conjoint",
}  # fmt: skip
ASSO = {"type_acteur": "association", "designation_courte": "Les Ateliers"}
FIRM = {"type_acteur": "entreprise", "designation_courte": "Tessier"}
TRADE = {
    "offre_commune": {"activite_marchande_preponderante": True, "porteur": "Les Ateliers"},
    "parties": [ASSO, FIRM],
}
TRIAL = {"experimentation": True, "criteres_arret": "six mois", "protocole_mesure": "coût"}
SCOPE = {"portee.clauses_engageantes": ["coûts"], "portee.clauses_intention": ["création"]}
END = {"date_butoir": "2027-06-30", "fin_sans_suite": "chacun ses frais"}
ROWS = [
    *(Row("CE-01", "partenariat", {**OFFER, slot: None}, {slot: OFFER[slot]}) for slot in ("repartition_CA_pct", "facturation.qui", "solidarite")),
    Row("CE-01", "partenariat", {"flux": ["partage_revenus"]}, {"flux": ["mutualisation"]}),
    Row("CE-01", "partenariat", {"finances.regime": "partage_revenus"}, {"finances.regime": "aucun_flux"}),
    Row("CE-01", "partenariat", {**OFFER, "solidarite": None}, {"responsabilite.limites": "chacun sa part"}),
    Row("CE-02", None, {"repartition_CA_pct": [HALVES[0], {"partie": "B", "pourcentage": 40}]}, {"repartition_CA_pct": HALVES}),
    Row("CE-02", None, {"finances.cle_repartition": [HALVES[0]]}, {"finances.cle_repartition": HALVES}),
    Row("CE-03", "partenariat", TRADE, {"offre_commune": {**TRADE["offre_commune"], "porteur": "Tessier"}}),
    Row("CE-03", None, {**TRADE, "offre_commune": {"activite_marchande_preponderante": True}}, {"parties": [FIRM]}),
    Row("CE-03", None, TRADE, {"offre_commune": {"activite_marchande_preponderante": False}}),
    Row("CE-04", None, {"structure_commune": True, "relation_mois": 11}, {"relation_mois": 12}),
    Row("CE-04", None, {"structure_commune": True, "maturite": 1}, {"maturite": 3}),
    *(Row("IS-01", "partenariat", {**TRIAL, slot: None}, {slot: TRIAL[slot]}) for slot in ("criteres_arret", "protocole_mesure")),
    Row("IS-02", None, {"maturite": 2, "objectif_dominant": "innovation"}, {"maturite": 3}),
    Row("IS-02", "partenariat", {"maturite": 1, "experimentation": True}, {"experimentation": False}),
    *(Row("PROT-01", "protocole_accord", {**SCOPE, slot: None}, {slot: []}) for slot in SCOPE),
    Row("PROT-01", "protocole_accord", {**SCOPE, "portee.clauses_intention": ["Coûts"]}, {"portee.clauses_intention": ["création"]}),
    *(Row("PROT-02", "protocole_accord", {**END, slot: None}, {slot: END[slot]}) for slot in END),
    Row("PROT-02", "protocole_accord", {**END, "travaux": [{"tache": "étude", "date": "2027-07-01"}]}, {"date_butoir": "2027-07-01"}),
    Row("PROT-03", "protocole_accord", {"conditions_suspensives_connues": True}, {"conditions": ["financement"]}),
    Row("PROT-03", "protocole_accord", {"conditions_suspensives_connues": True, "conditions": []}, {"conditions_suspensives_connues": False}),
    Row("PROT-03", "protocole_accord", {"parties": [{"type_acteur": "collectivite"}]}, {"deliberation.date": "2026-10-01"}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_rule_of_partnerships_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize(
    ("rule", "contract"),
    [
        *product(["CE-01", "PROT-01", "PROT-02", "PROT-03"], [None, "mecenat_financier", "aucun"]),
        *product(["IS-01"], ["mecenat_financier", "aucun"]),
    ],
)
def test_other_documents_are_left_alone(rule: str, contract: str | None) -> None:
    facts = {
        "experimentation": True,
        "flux": ["partage_revenus"],
        "conditions_suspensives_connues": True,
    }

    assert not hits(rule, contract, facts)


def test_the_advised_doors_are_not_advised_again() -> None:
    facts = {"maturite": 1, "objectif_dominant": "innovation"}

    assert not hits("IS-02", "mecenat_financier", facts)


@given(st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=5))
def test_shares_are_right_when_they_make_a_hundred(parts: list[Decimal]) -> None:
    shares = [{"partie": str(rank), "pourcentage": str(part)} for rank, part in enumerate(parts)]
    wrong = abs(sum(parts) - 100) > Decimal("0.1")

    assert bool(hits("CE-02", None, {"repartition_CA_pct": shares})) is wrong
