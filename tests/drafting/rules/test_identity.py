"""§2.1: each rule of identity and signature fires, and is silent when one slot changes."""

from typing import Any

import pytest

from assistant.drafting.rules.rule import Severity
from tests.drafting.rules.neighbours import Pair, check_pair, issues, named

GIFT = "mecenat_financier"
TOWN = "partenariat_collectivite"
ALSACE = {"parties.0.siege": "3 quai des Bateliers, 67000 Strasbourg"}
DELEGATED = {
    "parties.0.type_acteur": "collectivite",
    "parties.0.representant": {
        "nom": "Claire Le Goff",
        "qualite": "maire",
        "fondement": "delegation",
        "date": "2026-01-05",
        "reference": "délégation du 5 janvier",
    },
}
PRESIDENT = {
    "parties.0.representant": {
        "nom": "Hélène Cadiou",
        "qualite": "présidente",
        "fondement": "president",
    }
}
PAIRS = [
    Pair("ID-01", GIFT, {"parties.1.siren": "000115278"}, {"parties.1.siren": "000115279"}),
    Pair("ID-01", GIFT, {"parties.1.siren": "12"}, {"parties.1.siren": None}),
    Pair("ID-01", GIFT, {"parties.1.siret": "35600000009076"}, {"parties.1.siret": "35600000009075"}),
    Pair("ID-01", GIFT, {"parties.1.tva_intracom": "FR45732829320"}, {"parties.1.tva_intracom": "FR44732829320"}),
    Pair("ID-01", GIFT, {"parties.1.iban": "FR7630006000011234567890188"}, {"parties.1.iban": "FR7630006000011234567890189"}),
    Pair("ID-01", "", {"parties": [{"siren": "000115278"}]}, {"parties": [{"siren": "000115279"}]}),
    Pair("ID-02", GIFT, {"parties.1.siren": None}, {"parties.1.siret": "00011527900017"}),
    Pair("ID-02", TOWN, {"parties.2.siren": None}, {"parties.2.siren": "000126839"}),
    Pair("ID-02", GIFT, {"parties.1.siren": None}, {"parties.1.type_acteur": "association"}),
    Pair("ID-03", GIFT, {"parties.0.rna": None}, {"parties.0.registre_local": "tribunal de Metz, vol. 12, folio 7"}),
    Pair("ID-03", GIFT, {"parties.0.rna": "12345"}, {"parties.0.rna": "W9R1234567"}),
    Pair("ID-03", GIFT, {"parties.0.rna": None}, {"parties.0.type_acteur": "fondation"}),
    Pair("ID-04", GIFT, ALSACE, {"parties.0.siege": "1 place Stanislas, 54000 Nancy"}),
    Pair("ID-04", GIFT, {**ALSACE, "parties.0.rna": None}, {"parties.0.registre_local": "tribunal de Strasbourg, vol. 90, folio 4"}),
    Pair("ID-05", GIFT, {"parties.0.declaree": False}, {"parties.0.declaree": True}),
    Pair("ID-05", "", {"parties": [{"type_acteur": "association", "declaree": False}], "flux": ["subvention"]}, {"flux": ["mutualisation"]}),
    Pair("ID-06", GIFT, {"parties.1.siret": "00013880000016"}, {"parties.1.siret": "000 115 279 00017"}),
    Pair("SIG-01", GIFT, {"parties.1.representant.nom": None}, {"parties.1.representant.nom": "Marc Tessier"}),
    Pair("SIG-01", GIFT, {"parties.1.representant.qualite": None}, {"parties.1.representant.qualite": "gérant"}),
    Pair("SIG-01", GIFT, {"parties.1.representant.fondement": "inconnu"}, {"parties.1.representant.fondement": "mandat_social"}),
    Pair("SIG-02", GIFT, PRESIDENT, {"parties.0.representant.reference": "article 11 des statuts"}),
    Pair("SIG-02", GIFT, PRESIDENT, {"parties.0.representant.fondement": "deliberation_CA"}),
    Pair("SIG-03", TOWN, {"parties.2.representant.reference": None, "deliberation": None}, {"deliberation": {"numero": "2026-087", "date": "2026-11-05"}}),
    Pair("SIG-03", TOWN, {"parties.2.representant.reference": None, "deliberation": None}, {"parties.2.representant.fondement": "arrete_delegation"}),
    Pair("SIG-03", TOWN, {"parties.2.representant.fondement": "deliberation_CA", "deliberation": None}, {"parties.2.type_acteur": "etablissement_public", "parties.2.role": "administration"}),
    Pair("SIG-04", TOWN, {"deliberation.date": "2026-12-16"}, {"deliberation.date": "2026-12-15"}),
    Pair("SIG-04", GIFT, {"parties.1.representant.date": "2027-01-02"}, {"signature.date": "2027-01-03"}),
    Pair("SIG-05", GIFT, DELEGATED, {"deliberation": {"numero": "2026-12", "date": "2026-11-02"}}),
    Pair("SIG-05", GIFT, DELEGATED, {"parties.0.representant.fondement": "deliberation_collectivite"}),
    Pair("SIG-05", GIFT, {**DELEGATED, "contreparties": [], "contrepartie_niveau": "aucune", "don.conditions": "ouverture du musée"}, {"don.conditions": None}),
    Pair("SIG-06", GIFT, {"pilotage.direction_impliquee": False}, {"pilotage.direction_impliquee": True}),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_rule_fires_and_its_neighbour_is_silent(pair: Pair) -> None:
    check_pair(pair)


def test_an_identifier_that_only_bothers_does_not_block() -> None:
    def severity(**party: str) -> Severity:
        return issues(Pair("ID-01", "", {}, {}), {"parties": [party]})[0].severity

    assert severity(siren="123456789") is Severity.BLOCKING
    assert severity(siret="12345678900011") is Severity.BLOCKING
    assert severity(iban="FR7630006000011234567890188") is Severity.ALERT


def test_an_iban_is_not_repeated_in_a_message() -> None:
    number = "FR7630006000011234567890188"
    found = issues(Pair("ID-01", "", {}, {}), {"parties": [{"iban": number}]})

    assert number not in found[0].message


def test_alsace_is_asked_for_its_own_register() -> None:
    pair = Pair("ID-03", GIFT, {}, {})
    found = issues(pair, {**ALSACE, "parties.0.rna": None})

    assert "registre du tribunal" in found[0].fact
    assert found[0].slots == ("parties.0.registre_local",)


def test_a_signature_names_the_side_and_what_is_missing() -> None:
    pair = Pair("SIG-01", GIFT, {}, {})
    found = issues(pair, {"parties.1.representant": {"nom": "Marc Tessier"}})

    assert len(found) == 1
    assert "Maison Tessier" in found[0].fact
    assert "sa qualité" in found[0].fact
    assert "le nom du signataire" not in found[0].fact
    assert found[0].slots == ("parties.1.representant.qualite", "parties.1.representant.fondement")


@pytest.mark.parametrize("contract", ["aucun", "marche_public"])
@pytest.mark.parametrize("rule", ["ID-02", "ID-03", "SIG-01", "SIG-03"])
def test_what_is_absent_matters_only_to_an_agreement(rule: str, contract: str) -> None:
    bare: dict[str, Any] = {
        "parties": [{"type_acteur": t} for t in ("association", "entreprise", "collectivite")]
    }

    assert issues(Pair(rule, "", {}, {}, contract), bare) == []
    for written in (None, "partenariat", "subvention_cpo", "scission"):
        assert issues(Pair(rule, "", {}, {}, written), bare)


def test_a_case_without_parties_has_nobody_to_sign() -> None:
    assert issues(Pair("SIG-01", GIFT, {}, {}), {"parties": None})
