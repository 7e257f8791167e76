"""§2.6: each rule fires, and is silent when one slot changes."""

from typing import Any

import pytest

from assistant.drafting.rules.situation import AGREEMENTS
from tests.drafting.rules.firing import Row, check_row, hits, titled

ASSO: dict[str, Any] = {"type_acteur": "association"}
FIRM: dict[str, Any] = {"type_acteur": "entreprise"}
YEAR = {"duree.date_debut": "2027-01-01", "duree.date_fin": "2027-12-31"}
ENDING = {"resiliation.cas": ["manquement"], "resiliation.consequences": "les sommes restent"}
STEADY = {"services_reguliers": True, "relation_mois": 25, "resiliation.preavis_jours": 89}
TALK = {"litiges.alerte": "par écrit", "litiges.mediation": True}
ROWS = [
    Row("RES-01", "partenariat", {}, {"duree.non_renouvellement_consequences": "bilan"}),
    Row("RES-01", "mecenat_nature", {}, {"non_renouvellement": "bilan"}),
    Row("RES-01", "protocole_accord", {}, {"fin_sans_suite": "chacun ses frais"}),
    *(Row("RES-02", "partenariat", {**ENDING, slot: None}, {slot: ENDING[slot]}) for slot in ENDING),
    Row("RES-02", "prestation", {**ENDING, "resiliation.cas": None}, {"resiliation.preavis_jours": 30}),
    Row("RES-03", "partenariat", {**YEAR, "duree.date_fin": None}, {"duree.date_fin": "2027-12-31"}),
    Row("RES-03", "partenariat", {"duree.mois": 12}, {"duree.date_debut": "2027-01-01"}),
    Row("RES-03", None, {**YEAR, "duree.date_fin": "2027-01-01"}, {"duree.date_fin": "2027-01-02"}),
    Row("RES-03", None, {**YEAR, "duree.mois": 36}, {"duree.mois": 12}),
    Row("RES-03", None, {"mc.debut": "2027-03-01", "mc.fin": "2027-02-01"}, {"mc.fin": "2027-04-01"}),
    Row("RES-03", "protocole_accord", {}, {"date_butoir": "2027-06-30"}),
    Row("RES-03", "protocole_accord", {"duree.date_debut": "2027-01-01", "date_butoir": "2026-12-31"}, {"date_butoir": "2027-06-30"}),
    Row("RES-04", "prestation", STEADY, {"relation_mois": 24}),
    Row("RES-04", "prestation", STEADY, {"resiliation.preavis_jours": 90}),
    Row("RES-04", "prestation", STEADY, {"services_reguliers": False}),
    Row("RES-04", "prestation", {**STEADY, "resiliation.preavis_jours": None, "duree.preavis_non_renouvellement_jours": 15}, {"duree.preavis_non_renouvellement_jours": 180}),
    Row("RES-05", "mecenat_financier", {"duree.renouvellement": "tacite"}, {"duree.renouvellement": "expres"}),
    Row("RES-06", None, {"relation_poursuivie": True, "duree.date_fin": "2026-11-15"}, {"duree.date_fin": "2026-11-16"}),
    Row("RES-06", None, {"relation_poursuivie": True}, {"relation_poursuivie": False}),
    Row("RES-07", "mecenat_financier", {"evenement.date": "2027-05-01"}, {"resiliation.annulation_report": "report"}),
    Row("RES-07", "parrainage", {"evenement.date": "2027-05-01"}, {"annulation_evenement": "moitié rendue"}),
    Row("RES-08", None, {"duree.indeterminee": True}, {"resiliation.preavis_jours": 90}),
    Row("RES-08", None, {"duree.indeterminee": True}, {"duree.preavis_non_renouvellement_jours": 90}),
    *(Row("LIT-01", "partenariat", {**TALK, slot: None}, {slot: TALK[slot]}) for slot in TALK),
    Row("LIT-01", "partenariat", {**TALK, "litiges.mediation": False}, {"litiges.mediation": True}),
    Row("LIT-02", "partenariat", {"litiges.juridiction": "tribunal de commerce de Lyon", "parties": [FIRM, ASSO]}, {"parties": [FIRM, FIRM]}),
    Row("LIT-02", "partenariat", {"litiges.juridiction": "Lyon", "acteur_type": "association"}, {"acteur_type": "entreprise"}),
    Row("LIT-02", None, {"litiges.juridiction": "tribunaux de Lyon", "parties": [{**FIRM, "commercant": False}]}, {"parties": [{**FIRM, "commercant": True}]}),
    Row("LIT-03", None, {"litiges.mediation": {"obligatoire": True}}, {"litiges.mediation": {"obligatoire": True, "delai_jours": 60}}),
    Row("LIT-03", None, {"litiges.mediation": {"obligatoire": True}}, {"litiges.mediation": {"obligatoire": False}}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_rule_of_ends_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


PLACES = [
    "Tribunal judiciaire de Nantes", "les tribunaux de Paris", "le tribunal de commerce de Lyon",
    "tribunaux d'Angers", "tribunal des activités économiques de Nanterre", "TJ Rennes",
    "tribunal du siège du mécène", "compétence exclusive des tribunaux de Lille", "la cour d'appel de Douai",
    "les tribunaux du Mans", "tribunal compétent de Saint-Étienne", "tribunal judiciaire de lyon", "Bordeaux",
]  # fmt: skip
LAWFUL = [
    "le tribunal compétent", "les tribunaux compétents selon les règles de droit commun", "tribunal du défendeur",
    "tribunal du lieu du domicile du défendeur", "les juridictions françaises compétentes", "tribunaux de droit commun",
    "tribunal judiciaire ou de commerce selon la qualité du défendeur", "tribunal administratif de Rennes",
    "la juridiction désignée par le Code de procédure civile", "le tribunal dans le ressort duquel demeure le défendeur",
    "tribunal du lieu d'exécution de la prestation", "tribunaux compétents, conformément à la loi",
]  # fmt: skip


@pytest.mark.parametrize("court", PLACES)
def test_a_court_named_by_its_place_is_seen(court: str) -> None:
    assert hits("LIT-02", None, {"litiges.juridiction": court, "parties": [ASSO]})


@pytest.mark.parametrize("court", LAWFUL)
def test_a_court_left_to_the_law_is_left_alone(court: str) -> None:
    assert not hits("LIT-02", None, {"litiges.juridiction": court, "parties": [ASSO]})


@pytest.mark.parametrize("rule", ["RES-01", "RES-02", "RES-03", "RES-07", "LIT-01"])
@pytest.mark.parametrize("contract", ["aucun", "marche_public"])
def test_no_clause_is_missing_where_none_is_written(rule: str, contract: str) -> None:
    assert not hits(rule, contract, {"evenement.date": "2027-05-01"})


@pytest.mark.parametrize("contract", sorted(AGREEMENTS))
def test_every_agreement_needs_a_duration_and_a_word_on_its_end(contract: str) -> None:
    assert hits("RES-01", contract, {})
    assert hits("RES-03", contract, {})
