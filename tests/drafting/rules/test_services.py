"""§2.4: each rule fires, and is silent when one slot changes."""

from datetime import date
from typing import Any

import pytest

from tests.drafting.rules.firing import Row, check_row, hits, titled

SELLER: dict[str, Any] = {"role": "prestataire", "type_acteur": "association"}
BUYER: dict[str, Any] = {"role": "client", "type_acteur": "entreprise"}
SOLD = {"prestation": {"livrables": ["rapport"]}, "reception": {"modalites": "recette"}}
SHOWN = {
    "visibilite": [{"support": "maillots"}],
    "droit_image.clause": "accord à l'inscription",
    "annulation_evenement": "moitié rendue",
}
ROWS = [
    Row("TVA-01", "prestation", {}, {"tva.regime": "franchise"}),
    Row("TVA-01", "parrainage", {"assujetti_tva": "inconnu"}, {"assujetti_tva": "oui"}),
    Row("TVA-01", "prestation", {"parties": [SELLER]}, {"parties": [{**SELLER, "assujetti_tva": "non"}]}),
    Row("TVA-02", "prestation", {"parties": [SELLER], "prix.montant_ht": 30000, "prestataire.recettes_lucratives": 60000}, {"prestataire.recettes_lucratives": 50011}),
    Row("TVA-02", "prestation", {"parties": [SELLER], "prix.montant_ht": 90000}, {"parties": [{**SELLER, "type_acteur": "entreprise"}]}),
    Row("TVA-02", "parrainage", {"sens_apport": "A_vers_E", "prestataire.lucratif_preponderant": True}, {"prestataire.lucratif_preponderant": False}),
    Row("TVA-03", "prestation", {"fiscal.recu_demande": True}, {"fiscal.recu_demande": False}),
    Row("TVA-03", "parrainage", {"fiscal.recu.modele": "16216"}, {"fiscal.recu.modele": None}),
    Row("TVA-03", "parrainage", {"recu.emetteur": "beneficiaire"}, {"recu.emetteur": None}),
    Row("TVA-04", "prestation", {"facturation.date": "2026-09-01"}, {"facturation.date": "2026-08-31"}),
    Row("PRE-01", "prestation", {"prix.montant_ht": 5000}, {"prix.montant_ht": 4999.99}),
    Row("PRE-01", "parrainage", {"prix.montant_ht": 5000, "vigilance.attestation": False}, {"vigilance.attestation": True}),
    Row("PRE-02", "prestation", {"prestation.livrables": ["rapport"]}, {"reception.modalites": "recette"}),
    Row("PRE-02", "prestation", {**SOLD, "prestation": None}, {"prestation": {"livrables": ["rapport"]}}),
    Row("PRE-03", "prestation", {"prix.montant_ht": 0}, {"prix.montant_ht": 1}),
    Row("PRE-03", "prestation", {"prix.solidaire": True}, {"prix.solidaire": False}),
    Row("PRE-04", "prestation", {"prestataire.part_client_pct": 51}, {"prestataire.part_client_pct": 50}),
    Row("PRE-04", "parrainage", {"dependance_pct": 70}, {"dependance_pct": 20}),
    Row("PRE-05", "prestation", {"parties": [{**SELLER, "type_acteur": "ESAT"}]}, {"achat_responsable.attestation_oeth": True}),
    Row("PRE-05", "prestation", {"parties": [{**SELLER, "type_acteur": "ea"}]}, {"parties": [SELLER]}),
    *(Row("PAR-01", "parrainage", {**SHOWN, slot: None}, {slot: SHOWN[slot]}) for slot in SHOWN),
    Row("PAR-01", "parrainage", {**SHOWN, "annulation_evenement": None}, {"resiliation.annulation_report": "report"}),
    Row("PAR-02", "parrainage", {"droit_image.mineurs": True}, {"droit_image.mineurs": False}),
    Row("PAR-02", None, {"droit_image.personnes_nommees": True, "droit_image.consentement": False}, {"droit_image.consentement": True}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_rule_of_services_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize("rule", ["TVA-01", "TVA-03", "TVA-04", "PRE-01", "PRE-02", "PAR-01"])
@pytest.mark.parametrize("contract", [None, "mecenat_financier", "subvention_cpo", "aucun"])
def test_nothing_of_a_price_is_asked_where_nothing_is_sold(rule: str, contract: str | None) -> None:
    facts = {"fiscal.recu_demande": True, "prix.montant_ht": 9000}

    assert not hits(rule, contract, facts)


def test_who_sells_is_seen_from_who_buys() -> None:
    sides = [{"role": "association", "type_acteur": "association"}, BUYER]

    assert hits("TVA-02", "prestation", {"parties": sides, "prix.montant_ht": 90000})
    assert hits("TVA-02", "prestation", {"parties": sides[::-1], "prix.montant_ht": 90000})


def test_an_invoice_of_no_known_day_comes_after_the_contract() -> None:
    assert hits("TVA-04", "prestation", {}, today=date(2026, 9, 1))
    assert not hits("TVA-04", "prestation", {}, today=date(2026, 8, 31))
