"""Cases as people bring them, the hard ones included."""

from typing import Any

import pytest

from tests.coaching.recommendation.given import advised, ids

GIFT = {
    "acteur": "entreprise", "objectif": "positionnement", "sens": "E_vers_A",
    "flux": ["don_numeraire"], "coco": 1, "mat": 1,
}  # fmt: skip
LINE = "contreparties"
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # how much comes back, from the figures (25 % and 100 %, §3.1)
    ("a gift of 8 000 with 2 000 back is patronage",
     GIFT | {"don": {"montant": 8000}, "contrepartie_valeur": 2000}, {"contrat": "mecenat_financier"}),
    ("a cent more is to be split",
     GIFT | {"don": {"montant": 8000}, "contrepartie_valeur": "2000.01"}, {"contrat": "scission"}),
    ("nearly the whole is to be split",
     GIFT | {"don": {"montant": 8000}, "contrepartie_valeur": 7999}, {"contrat": "scission"}),
    ("the whole is a sale",
     GIFT | {"don": {"montant": 8000}, "contrepartie_valeur": 8000}, {"contrat": "prestation"}),
    ("the whole in logos is sponsorship",
     GIFT | {"don": {"montant": 8000}, "contrepartie_valeur": 9000, "contrepartie_liste": ["logo"]},
     {"contrat": "parrainage", "categorie": "pratiques_responsables"}),
    ("figures go before words: said significant, worth a tenth",
     GIFT | {"retour": "significative", "don": {"montant": 5000}, "contrepartie_valeur": 500},
     {"contrat": "mecenat_financier", "alert": "contrepartie.ecart"}),
    ("said symbolic, worth four tenths",
     GIFT | {"retour": "symbolique", "don": {"montant": 5000}, "contrepartie_valeur": 2000},
     {"contrat": "scission", "alert": "contrepartie.ecart"}),
    ("one line without a value, the rest over the usage already",
     GIFT | {"don": {"montant": 1000}, LINE: [{"nature": "a", "valeur": 300}, {"nature": "b"}]},
     {"contrat": "scission", "alert": "MEC-04"}),
    ("one line without a value, nothing else known",
     GIFT | {"don": {"montant": 1000}, LINE: [{"nature": "a", "valeur": 100}, {"nature": "b"}]},
     {"contrat": None, "missing": "contrepartie_valeur"}),
    ("a logo nobody valued is a question of value, not of words",
     GIFT | {"contrepartie_liste": ["logo sur le site"], "don": {"montant": 1000}},
     {"contrat": None, "missing": "contrepartie_valeur", "categorie": "mecenat"}),
    ("nothing back, said beside a list: the value is asked",
     GIFT | {"retour": "aucune", "contrepartie_liste": ["dix places"]},
     {"contrat": None, "missing": "contrepartie_valeur"}),
    ("goods and their value",
     GIFT | {"flux": ["don_nature"], "biens": [{"designation": "PC", "valeur": 900}], "contrepartie_valeur": 90},
     {"contrat": "mecenat_nature"}),
    ("skills and their value",
     GIFT | {"flux": ["temps_salarie"], "mc": {"valeur_totale": 6000}, "contrepartie_valeur": 3000},
     {"contrat": "scission", "documents": ("mecenat_competences", "parrainage")}),
    ("a gift, and nobody spoke of what comes back",
     GIFT, {"contrat": None, "missing": "contrepartie_niveau", "categorie": "mecenat"}),
    # who may receive
    ("a gift to a SCIC with a good deal back is sponsorship for the whole",
     GIFT | {"retour": "significative", "beneficiaire_eligible": "non"},
     {"contrat": "parrainage", "alert": "MEC-01"}),
    ("a declared eligibility is not a proof",
     GIFT | {"retour": "aucune", "beneficiaire_eligible": "oui_declare"},
     {"contrat": "mecenat_financier", "alert": "MEC-02", "no_alert": "MEC-01"}),
    ("a rescrit settles it",
     GIFT | {"retour": "aucune", "beneficiaire_eligible": "oui_rescrit"},
     {"contrat": "mecenat_financier", "no_alert": "MEC-02", "confidence": "haute"}),
    ("a foundation that receives",
     GIFT | {"acteur": "fondation", "retour": "aucune", "beneficiaire_eligible": "oui_reseau_ou_RUP"},
     {"contrat": "mecenat_financier", "categorie": "mecenat"}),
    ("a town that receives from its supplier",
     GIFT | {"acteur": "collectivite", "retour": "symbolique", "conflits_interets": ["fournisseur"]},
     {"contrat": "mecenat_financier", "annex": "deliberation", "alert": "MEC-17"}),
    ("a town and a gift, without saying who gives",
     {"acteur": "collectivite", "objectif": "positionnement", "flux": ["don_numeraire"], "retour": "aucune"},
     {"contrat": None, "missing": "sens_apport"}),
    ("a gift that would go the other way",
     GIFT | {"sens": "A_vers_E", "retour": "aucune"},
     {"contrat": None, "categorie": None, "reason": "sens.contradiction", "missing": "sens_apport"}),
    ("a grant that nobody public pays",
     GIFT | {"flux": ["subvention"], "payeur_public": False},
     {"contrat": None, "reason": "subvention.contradiction", "missing": "payeur_public"}),
    # time, capital
    ("volunteers on their own time",
     GIFT | {"flux": ["temps_salarie"], "temps_travail": "libre", "retour": "aucune"},
     {"contrat": "aucun", "annex": "lettre_mission_benevolat", "alert": "MC-06"}),
    ("money and volunteers",
     GIFT | {"flux": ["temps_salarie", "don_numeraire"], "temps_travail": "libre", "retour": "aucune"},
     {"contrat": "mecenat_financier", "annex": "lettre_mission_benevolat", "no_annex": "convention_cadre"}),
    ("a loan at the cost of money",
     GIFT | {"objectif": "modele_eco", "sens": "ensemble_vers_tiers", "flux": ["pret_ou_capital"], "coco": 4},
     {"contrat": "protocole_accord", "step": "capital.acte", "modele": "modele_hybride"}),
    # several flows (J13)
    ("a gift and a price are two acts under one frame",
     GIFT | {"flux": ["prix", "don_numeraire"], "retour": "aucune"},
     {"contrat": "prestation", "annex": "convention_cadre", "alert": "QUAL-03",
      "documents": ("prestation", "mecenat_financier")}),
    ("a gift and shared revenue",
     GIFT | {"flux": ["don_numeraire", "partage_revenus"], "retour": "aucune", "coco": 3,
             "sens": "ensemble_vers_tiers", "objectif": "modele_eco"},
     {"contrat": "mecenat_financier", "annex": "convention_cadre",
      "documents": ("mecenat_financier", "partenariat")}),
    ("money and goods are one patronage in two conventions",
     GIFT | {"flux": ["don_nature", "don_numeraire"], "retour": "aucune"},
     {"documents": ("mecenat_financier", "mecenat_nature"), "no_annex": "convention_cadre"}),
    ("a grant and a gift",
     {"acteur": "association", "flux": ["subvention", "don_numeraire"], "initiative": "association", "retour": "aucune"},
     {"contrat": "subvention_cpo", "annex": "convention_cadre",
      "documents": ("subvention_cpo", "mecenat_financier")}),
    # public payers
    ("a public payer, and nobody said whose idea it was",
     {"acteur": "association", "objectif": "modele_eco", "payeur_public": True, "flux": ["subvention"]},
     {"contrat": None, "missing": "initiative", "categorie": None}),
    ("a public payer whose idea it was",
     {"acteur": "association", "payeur_public": True, "flux": ["subvention"], "initiative": "collectivite"},
     {"contrat": "marche_public", "confidence": "moyenne"}),
    ("a joint idea, with a public payer",
     {"acteur": "association", "payeur_public": True, "flux": ["subvention"], "initiative": "conjointe"},
     {"contrat": None, "missing": "besoin_defini_par_payeur"}),
    ("the association's idea, but a service to the payer",
     {"acteur": "association", "payeur_public": True, "initiative": "association", "prestation_individualisee": True},
     {"contrat": "marche_public", "confidence": "haute"}),
    ("a price paid by a town is a market even for the association's own idea",
     {"acteur": "association", "payeur_public": True, "initiative": "association", "flux": ["prix"]},
     {"contrat": "marche_public", "alert": "CP-01"}),
    ("a town and a price, without saying who pays",
     {"acteur": "collectivite", "flux": ["prix"], "sens": "A_vers_E", "objectif": "processus"},
     {"contrat": None, "missing": "payeur_public"}),
    ("a market answered together, the town at the table",
     {"acteur": "association", "objectif": "modele_eco", "sens": "ensemble_vers_tiers", "coco": 3, "mat": 3,
      "flux": ["partage_revenus"], "offre_commune": {"vise_marche_public": True}, "partenaire_type": "collectivite"},
     {"contrat": "partenariat", "annex": "convention_groupement", "alert": "CP-04"}),
    # who pays whom
    ("an association that buys from a company",
     {"acteur": "association", "objectif": "modele_eco", "sens": "E_vers_A", "flux": ["prix"], "partenaire_type": "entreprise"},
     {"contrat": "prestation", "categorie": "hors_typologie", "modele": None}),
    ("a durable change that is paid for",
     {"acteur": "entreprise", "objectif": "processus", "sens": "A_vers_E", "flux": ["prix"], "coco": 3,
      "changement_pratiques": True},
     {"contrat": "prestation", "modele": "alternative_interet_general"}),
    ("a free diagnosis of one's practices",
     {"acteur": "entreprise", "objectif": "processus", "sens": "A_vers_E", "flux": ["aucun"], "coco": 1},
     {"contrat": "partenariat", "modele": "audit_pratiques"}),
    # building together
    ("a joint offer between people who just met",
     {"acteur": "entreprise", "objectif": "modele_eco", "sens": "ensemble_vers_tiers", "flux": ["partage_revenus"],
      "coco": 3, "mat": 1},
     {"contrat": "protocole_accord", "modele": "offre_commune", "alert": "CE-04"}),
    ("a settled subject needs no protocol, and is warned",
     {"acteur": "entreprise", "objectif": "innovation", "sens": "ensemble_vers_tiers", "flux": ["mutualisation"],
      "coco": 3, "mat": 1, "objet_arrete": True},
     {"contrat": "partenariat", "alert": "IS-02"}),
    ("an innovation whose maturity nobody knows",
     {"acteur": "entreprise", "objectif": "innovation", "sens": "ensemble_vers_tiers", "flux": ["mutualisation"], "coco": 3},
     {"contrat": None, "missing": "maturite", "modele": "rd_societale"}),
    ("open conditions call for a protocol whatever the maturity",
     {"acteur": "entreprise", "objectif": "processus", "sens": "A_vers_E", "flux": ["aucun"], "coco": 2, "mat": 3,
      "conditions_suspensives_connues": True},
     {"contrat": "protocole_accord", "reason": "J11"}),
    ("several agreements to come call for a protocol",
     {"acteur": "entreprise", "objectif": "processus", "sens": "A_vers_E", "flux": ["aucun"], "coco": 2, "mat": 3,
      "conventions_filles": [{"type": "mécénat"}, {"type": "prestation"}]},
     {"contrat": "protocole_accord", "reason": "J11"}),
    ("a joint venture at once",
     {"acteur": "association", "objectif": "innovation", "sens": "ensemble_vers_tiers", "flux": ["mutualisation"],
      "coco": 4, "mat": 1, "structure_commune": True, "relation_mois": 3},
     {"contrat": "protocole_accord", "modele": "modele_hybride", "alert": "CE-04", "categorie": "innovation_societale"}),
    ("money for an innovation that both build",
     {"acteur": "entreprise", "objectif": "innovation", "sens": "ensemble_vers_tiers", "coco": 3, "mat": 3,
      "flux": ["don_numeraire", "mutualisation"], "retour": "aucune"},
     {"contrat": "mecenat_financier", "categorie": "innovation_societale", "modele": "rd_societale"}),
    ("the law wins over the objective",
     GIFT | {"objectif": "modele_eco", "retour": "aucune"},
     {"categorie": "mecenat", "contrat": "mecenat_financier", "rejected": "cooperation_economique"}),
    # what is added
    ("two years make it complex",
     GIFT | {"retour": "aucune", "duree": {"mois": 24}}, {"annex": "plan_action"}),
    ("twelve months do not",
     GIFT | {"retour": "aucune", "duree": {"date_debut": "2026-01-01", "date_fin": "2026-12-31"}},
     {"no_annex": "plan_action"}),
    ("a day more does",
     GIFT | {"retour": "aucune", "duree": {"date_debut": "2026-01-01", "date_fin": "2027-01-01"}},
     {"annex": "plan_action", "reason": "J14"}),
    ("three parties make it complex",
     GIFT | {"retour": "aucune", "parties": [{}, {}, {}]}, {"annex": "plan_action"}),
    ("a side that signs nothing",
     {"acteur": "association", "objectif": "processus", "sens": "A_vers_E", "flux": ["aucun"], "coco": 2,
      "refus_contractualiser": True},
     {"annex": "charte", "reason": "J15", "step": "refus.transparence", "contrat": "partenariat"}),
    ("someone who asks for patronage and sells",
     {"acteur": "entreprise", "objectif": "positionnement", "sens": "A_vers_E", "flux": ["prix"],
      "contrat_demande": "mecenat"},
     {"contrat": "prestation", "alert": "QUAL-02"}),
    ("two things unknown: a question and no contract",
     {"acteur": "entreprise", "flux": ["don_numeraire"], "retour": "aucune"},
     {"contrat": None, "confidence": "basse", "missing": "objectif_dominant", "alert": "confiance.basse"}),
    ("one thing unknown: a contract, less sure",
     {"acteur": "entreprise", "flux": ["don_numeraire"], "retour": "aucune", "sens": "E_vers_A"},
     {"contrat": "mecenat_financier", "confidence": "moyenne"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"), [pytest.param(given, then, id=name) for name, given, then in CASES]
)
def test_a_case(values: dict[str, Any], expected: dict[str, Any]) -> None:
    found = advised(**values)

    seen = {
        "contrat": lambda x: found.contrat == x,
        "categorie": lambda x: found.categorie == x,
        "modele": lambda x: found.modele == x,
        "confidence": lambda x: found.confidence == x,
        "documents": lambda x: found.documents == x,
        "missing": lambda x: found.missing[:1] == (x,),
        "annex": lambda x: x in found.annexes,
        "no_annex": lambda x: x not in found.annexes,
        "alert": lambda x: x in ids(found.alerts),
        "no_alert": lambda x: x not in ids(found.alerts),
        "reason": lambda x: x in ids(found.reasons),
        "step": lambda x: x in ids(found.next_steps),
        "rejected": lambda x: x in {r.option for r in found.rejected},
    }
    assert {name: value for name, value in expected.items() if not seen[name](value)} == {}, found


def test_the_figures_are_told_with_the_slots_they_come_from() -> None:
    found = advised(**GIFT, don={"montant": 10000}, contrepartie_valeur=4000)
    (told,) = [reason for reason in found.reasons if reason.id == "contrepartie.calcul"]

    assert "40 %" in told.text
    assert told.slots == ("don.montant", "contrepartie_valeur")


TOGETHER = {
    "acteur": "entreprise", "sens": "ensemble_vers_tiers", "flux": ["mutualisation"], "coco": 3,
    "mat": 3,
}  # fmt: skip


def test_a_tie_that_the_facts_do_not_settle_shows_both_ways_and_asks() -> None:
    found = advised(**TOGETHER, objectif_carre={"innovation": 5, "modele_eco": 5})

    assert found.categorie is None
    assert {o.categorie for o in found.options} == {
        "innovation_societale",
        "cooperation_economique",
    }
    assert all(option.text for option in found.options)
    assert found.missing[0] == "objectif_dominant"
    assert found.contrat == "partenariat"  # both ways lead to it


def test_a_tie_that_the_contract_settles_is_no_tie() -> None:
    tied = {"positionnement": 5, "modele_eco": 5}
    found = advised(**GIFT | {"objectif": None}, retour="aucune", objectif_carre=tied)

    assert (found.categorie, found.options) == ("mecenat", ())


def test_a_named_goal_settles_a_tie_and_never_overrules_points() -> None:
    tied = {"innovation": 5, "modele_eco": 5}
    settled = advised(**TOGETHER, objectif="innovation", objectif_carre=tied)
    overruled = advised(**TOGETHER, objectif="innovation", objectif_carre={"modele_eco": 10})

    assert settled.categorie == "innovation_societale"
    assert overruled.categorie == "cooperation_economique"
    assert "carre.ecart" in ids(overruled.alerts)


@pytest.mark.parametrize(
    ("points", "place"),
    [
        ({"processus": 10}, (-1, -1)), ({"modele_eco": 10}, (-1, 1)),
        ({"positionnement": 10}, (1, -1)), ({"innovation": 10}, (1, 1)),
        ({"processus": 5, "innovation": 5}, (0, 0)),
        ({"positionnement": 6, "modele_eco": 3, "innovation": 1}, (0.4, -0.2)),
    ],
)  # fmt: skip
def test_the_barycentre_is_the_weighted_mean(points: dict[str, int], place: Any) -> None:
    found = advised(objectif_carre=points).barycentre

    assert found is not None
    assert (found.x, found.y) == place
    assert "déduction" in found.note


def test_nothing_said_is_nothing_recommended() -> None:
    found = advised()

    assert (found.categorie, found.modele, found.contrat, found.reasons) == (None, None, None, ())
    assert found.barycentre is None
    assert found.missing[0] == "acteur_type"


def test_the_published_shape() -> None:
    told = advised(**GIFT, retour="aucune").to_json()

    assert {
        "categorie", "modele", "contrat", "annexes", "confidence", "reasons", "rejected",
        "missing", "alerts",
    } <= set(told)  # fmt: skip
    assert told["reasons"][0]["source"].startswith("droit : CGI, art. 238 bis")
    assert set(told["rejected"][0]) >= {"option", "why"}
    assert told["missing"] == ["beneficiaire_eligible"]
