"""§2.7: each rule fires, and is silent when one slot changes."""

from typing import Any

import pytest

from tests.drafting.rules.firing import Row, check_row, hits, titled

BRAND: dict[str, Any] = {"titulaire": "La Ville", "supports": "affiches", "duree": "un an"}
SPEECH: dict[str, Any] = {
    "marques": [BRAND],
    "validation_prealable_jours": 10,
    "retrait_fin": "trente jours",
}
FIRM: dict[str, Any] = {"type_acteur": "entreprise", "soumise_sapin2": True}
BOUND = {
    "exclusivite.mode": "secteur",
    "exclusivite.perimetre": "le bois",
    "exclusivite.duree": "un an",
}
RIVAL = {
    "non_concurrence": {
        "active": True,
        "perimetre": "le bois",
        "territoire": "Nantes",
        "duree_mois": 6,
    }
}
LICENCE = {"droits": ["copier"], "territoire": "France", "duree": "cinq ans"}
ROWS = [
    *(Row("COM-01", "partenariat", {"communication": {**SPEECH, gap: None}}, {"communication": SPEECH}) for gap in ("validation_prealable_jours", "retrait_fin")),
    *(Row("COM-01", "mecenat_financier", {"communication": {**SPEECH, "marques": [{**BRAND, gap: None}]}}, {"communication": SPEECH}) for gap in ("supports", "duree")),
    Row("COM-01", "mecenat_financier", {"contrepartie_visibilite": True}, {"contrepartie_visibilite": False}),
    Row("COM-01", "parrainage", {"visibilite": [{"support": "maillots", "duree": "un an"}], "communication.retrait_fin": "un mois"}, {"communication.validation_prealable_jours": 10}),
    Row("COM-02", None, {"communication.temporalite": "immediate"}, {"communication.temporalite": "apres_resultats"}),
    Row("COM-03", None, {"communication.allegations_environnementales": True}, {"communication.allegations_environnementales": False}),
    Row("COM-03", None, {"communication.allegation_texte": "Un partenariat neutre en carbone"}, {"communication.allegation_texte": "Six tonnes de déchets évitées, comptées par l'atelier"}),
    Row("COM-03", None, {"plan.com": [{"message": "Notre gamme éco-responsable"}]}, {"plan.com": [{"message": "Notre gamme réparée"}]}),
    Row("COM-04", None, {"communication.liberte_expression": False}, {"communication.liberte_expression": True}),
    Row("COM-05", None, {**BOUND, "exclusivite.perimetre": None}, {"exclusivite.perimetre": "le bois"}),
    Row("COM-05", None, {**BOUND, "exclusivite.duree": None}, {"exclusivite.duree": "un an"}),
    Row("COM-05", None, {**BOUND, "exclusivite.evoquee_etape_2": False}, {"exclusivite.evoquee_etape_2": True}),
    Row("COM-05", "mecenat_financier", BOUND, {"exclusivite.valorisee": True}),
    Row("COM-05", None, {"exclusivite.mode": "pleine"}, {"exclusivite.mode": "aucune"}),
    *(Row("COM-05", None, {"non_concurrence": {**RIVAL["non_concurrence"], gap: None}}, RIVAL) for gap in ("perimetre", "territoire", "duree_mois")),
    Row("PI-01", "prestation", {"pi.livrable_intellectuel": True}, {"pi.resultats": "auteur"}),
    Row("PI-01", "prestation", {"pi.livrable_intellectuel": True}, {"pi.licence": LICENCE}),
    Row("PI-01", "mecenat_competences", {"mission.livrables": ["un site"]}, {"pi.livrable_intellectuel": False}),
    Row("PI-01", None, {"pi": {"livrable_intellectuel": True, "resultats": "cedee", "licence": LICENCE}}, {"pi": {"livrable_intellectuel": True, "resultats": "cedee", "licence": {**LICENCE, "supports": "papier"}}}),
    Row("PI-02", "partenariat", {"experimentation": True, "pi.resultats": "commune"}, {"pi.apports_anterieurs": []}),
    Row("PI-02", "partenariat", {"hypothese": "moins cher", "pi.apports_anterieurs": []}, {"pi.resultats": "commune"}),
    Row("PI-02", "protocole_accord", {"experimentation": True}, {"pi.apports_anterieurs": ["une méthode"]}),
    Row("DATA-01", None, {"rgpd.donnees_personnelles": True}, {"rgpd.roles": "independants"}),
    *(Row("DATA-02", None, {f"rgpd.{why}": True}, {"rgpd.analyse_impact": True}) for why in ("sensibles", "public_fragile", "mineurs")),
    Row("DATA-03", None, {"confidentialite.informations_strategiques": True}, {"confidentialite.active": True}),
    Row("PROB-01", None, {"conflits_interets": ["aucun", "fournisseur"]}, {"probite.traitement_conflits": "déport"}),
    Row("PROB-01", None, {"mecene.lien_beneficiaire": ["dirigeant_commun"]}, {"mecene.lien_beneficiaire": ["aucun"]}),
    Row("PROB-02", "mecenat_financier", {"parties": [FIRM]}, {"probite.diligences_beneficiaire": ["comptes lus"]}),
    Row("PROB-02", "mecenat_financier", {"parties": [FIRM]}, {"parties": [{**FIRM, "soumise_sapin2": False}]}),
    Row("PROB-03", None, {"partenaire_secteur": "industrie du tabac", "exclusions": ["tabac"]}, {"partenaire_secteur": "menuiserie"}),
    Row("PROB-03", None, {"parties": [{"secteur": "Alcools et spiritueux"}], "lignes_rouges": ["ni tabac, ni alcool"]}, {"lignes_rouges": ["ni tabac, ni armement"]}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_safeguard_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize(
    "claim",
    ["100 % neutre en carbone", "neutralité carbone", "écologique", "éco-conçu", "respectueux de l'environnement",
     "bon pour la planète", "une offre verte", "label maison", "zéro émission", "Éco responsable"],
)  # fmt: skip
def test_generic_claims_are_recognised(claim: str) -> None:
    assert hits("COM-03", None, {"communication.allegation_texte": claim})


@pytest.mark.parametrize(
    "claim", ["espaces verts entretenus", "un fournisseur de Verton", "recyclé à 80 %"]
)
def test_plain_facts_are_left_alone(claim: str) -> None:
    assert not hits("COM-03", None, {"communication.allegation_texte": claim})


@pytest.mark.parametrize(
    ("line", "sector", "crossed"),
    [
        ("l'industrie pétrolière", "Pétrole et gaz", True),
        ("jeux d'argent", "Jeux d'argent en ligne", True),
        ("jeux d'argent", "Jeux de société", False),
        ("pas de logo sur les vêtements", "Vêtements pour enfants", False),
        ("secteurs exclus : tabac, armement", "Défense et armement", True),
        ("aucune entreprise du secteur", "Industrie textile", False),
        ("mine", "Minéraux décoratifs", False),
    ],
)
def test_a_red_line_is_compared_word_by_word(line: str, sector: str, crossed: bool) -> None:
    facts = {"partenaire_secteur": sector, "lignes_rouges": [line]}

    assert bool(hits("PROB-03", None, facts)) is crossed


@pytest.mark.parametrize("rule", ["COM-01", "PI-02", "PROB-02"])
@pytest.mark.parametrize("contract", ["aucun", "marche_public"])
def test_no_term_is_missing_where_no_agreement_is_written(rule: str, contract: str) -> None:
    facts = {"contrepartie_visibilite": True, "experimentation": True, "parties": [FIRM]}

    assert not hits(rule, contract, facts)
