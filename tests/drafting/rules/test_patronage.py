"""§2.3: patronage of money, of goods and of skills."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.parameters import load_parameters
from assistant.drafting.rules.catalogue import check
from assistant.drafting.rules.rule import Severity
from tests.builders import CORPUS
from tests.drafting.rules.firing import TODAY
from tests.drafting.rules.neighbours import Pair, check_pair, issues, messages, named

GIFT, GOODS = "mecenat_financier", "mecenat_nature"
LOAN, OFFERED = "mecenat_competences_pret", "mecenat_competences_prestation"
UNPROVEN = {"fiscal.rescrit_date": None, "parties.0.eligible_mecenat": "oui_declare"}
TOWN_RECEIVES = {"parties.0.type_acteur": "collectivite"}
AGENTS = {
    "mc.agents_publics": True,
    "parties.1.type_acteur": "collectivite",
    "parties.1.population": 3501,
    "mc.valorise_en_subvention": True,
}
ONE_PAYMENT = [{"date": "2027-02-01", "montant": 9000}]
PAIRS = [
    Pair("MEC-01", GIFT, {"parties.0.eligible_mecenat": "non"}, {"parties.0.eligible_mecenat": "oui_rescrit"}),
    Pair("MEC-01", "", {"flux": ["don_numeraire"], "beneficiaire_eligible": "non"}, {"flux": ["prix"]}, "aucun"),
    Pair("MEC-01", GIFT, {**UNPROVEN, "parties.0.forme_juridique": "SCIC SAS à capital variable"}, {"parties.0.forme_juridique": "association loi 1901"}),
    Pair("MEC-01", GIFT, {**UNPROVEN, "parties.0.type_acteur": "entreprise"}, {"parties.0.eligible_mecenat": "oui_rescrit"}),
    Pair("MEC-01", GIFT, {**UNPROVEN, "parties.0.forme_juridique": "société coopérative d'intérêt collectif"}, {"fiscal.rescrit_date": "2026-01-05"}),
    Pair("MEC-02", GIFT, UNPROVEN, {"parties.0.eligible_mecenat": "oui_reseau_ou_RUP"}),
    Pair("MEC-02", GIFT, UNPROVEN, {"parties.0.reconnue_utilite_publique": True}),
    Pair("MEC-02", GIFT, {"fiscal.rescrit_date": None, "parties.0.eligible_mecenat": None}, {"fiscal.rescrit_date": "2026-01-05"}),
    Pair("MEC-02", "", {"flux": ["don_numeraire"], "beneficiaire_eligible": "inconnu"}, {"beneficiaire_eligible": "oui_rescrit"}),
    Pair("MEC-03", GIFT, {"contreparties": [{"nature": "places", "valeur": 2250.01}]}, {"contreparties": [{"nature": "places", "valeur": 2250}]}),
    Pair("MEC-03", GIFT, {"contreparties": [{"nature": "places", "quantite": 10, "valeur_unitaire": 300}]}, {"contreparties": [{"nature": "places", "quantite": 7, "valeur_unitaire": 300}]}),
    Pair("MEC-03", GIFT, {"contrepartie_valeur": 2300}, {"contrepartie_valeur": 2200}),
    Pair("MEC-03", GOODS, {"contreparties": [{"nature": "places", "valeur": 2100}]}, {"contreparties": [{"nature": "places", "valeur": 2000}]}),
    Pair("MEC-03", LOAN, {"contreparties": [{"nature": "formation", "valeur": 2600}]}, {"contreparties": [{"nature": "formation", "valeur": 2500}]}),
    Pair("MEC-03", "", {"flux": ["don_numeraire"], "contrepartie_niveau": "significative"}, {"flux": ["prix"]}, "scission"),
    Pair("MEC-04", GIFT, {"contreparties": [{"nature": "logo", "quantite": 2}]}, {"contreparties": [{"nature": "logo", "quantite": 2, "valeur_unitaire": 50}]}),
    Pair("MEC-04", GIFT, {"contreparties": None, "contrepartie_liste": ["logo sur le site"]}, {"contrepartie_valeur": 300}),
    Pair("MEC-05", GIFT, {"contreparties": None, "contrepartie_niveau": "aucune"}, {"contrepartie_niveau": "symbolique"}),
    Pair("MEC-05", GOODS, {}, {"contreparties": [{"nature": "nom", "valeur": 100}], "contrepartie_niveau": "symbolique"}),
    Pair("MEC-06", GIFT, {"fiscal.recu.modele": None}, {"fiscal.recu.modele": "16216*03"}),
    Pair("MEC-06", GIFT, {"fiscal.recu.modele": "Cerfa n° 11 580*04"}, {"fiscal.recu.modele": "Cerfa n° 16216"}),
    Pair("MEC-06", GIFT, {"fiscal.recu.modele": None}, {"fiscal.recu_demande": False}),
    Pair("MEC-07", GIFT, {"fiscal.recu.emetteur": "mecene"}, {"fiscal.recu.emetteur": "beneficiaire"}),
    Pair("MEC-07", LOAN, {"recu.emetteur": "outil"}, {"recu.emetteur": "beneficiaire"}),
    Pair("MEC-07", GIFT, {"fiscal.recu.signataire": "le directeur de Maison Tessier"}, {"fiscal.recu.signataire": "la trésorière"}),
    Pair("MEC-08", GIFT, {"don.montant": 31001, "don.echeancier": None}, {"don.montant": 31000}),
    Pair("MEC-08", GIFT, {"mecene.ca_ht": 100000, "mecene.dons_exercice": 20001}, {"mecene.dons_exercice": 20000}),
    Pair("MEC-08", GIFT, {"mecene.ca_ht": None, "mecene.dons_exercice": 20001}, {"mecene.ca_ht": 5000000}),
    Pair("MEC-09", GIFT, {"mecene.dons_exercice": 10001}, {"mecene.dons_exercice": 10000}),
    Pair("MEC-09", GIFT, {"don.montant": 10001, "don.echeancier": None}, {"don.echeancier": [{"date": "2027-03-01", "montant": 5001}, {"date": "2028-03-01", "montant": 5000}]}),
    Pair("MEC-10", GIFT, {"mecene.dons_exercice": 2000001}, {"mecene.dons_exercice": 2000000}),
    Pair("MEC-10", GIFT, {"mecene.dons_exercice": 2000001}, {"beneficiaire.aide_personnes_en_difficulte": True}),
    Pair("MEC-11", GIFT, {"don.montant": 9001}, {"don.montant": 9000}),
    Pair("MEC-11", GIFT, {"don.echeancier": [{"date": "2027-02-01", "montant": 9500}, {"date": "2027-03-01"}]}, {"don.echeancier": [{"date": "2027-02-01", "montant": 8500}, {"date": "2027-03-01"}]}),
    Pair("MEC-11", GIFT, {"don.echeancier": [{"date": "2028-01-01", "montant": 9000}]}, {"don.echeancier": [{"date": "2027-12-31", "montant": 9000}]}),
    Pair("MEC-12", GIFT, {"don.presente_comme_libre": True, "duree.mois": 13}, {"duree.mois": 12}),
    Pair("MEC-12", GIFT, {"don.presente_comme_libre": True, "don.echeancier": [{"date": "2027-02-01"}, {"date": "2028-02-01"}]}, {"don.presente_comme_libre": False}),
    Pair("MEC-13", GIFT, {"objet.affectation": None}, {"objet.affectation": "mixte"}),
    Pair("MEC-13", GIFT, {"affectation": None}, {"affectation": {"compte_rendu": "six mois après"}}),
    Pair("MEC-13", LOAN, {"affectation": None, "evaluation": None}, {"evaluation": {"prevue": True}}),
    Pair("MEC-14", GIFT, {"beneficiaire.dons_annuels": 153001}, {"beneficiaire.dons_annuels": 153000}),
    Pair("MEC-14", GIFT, {"beneficiaire.dons_annuels": 153001}, {"parties.0.type_acteur": "collectivite"}),
    Pair("MEC-15", GIFT, {}, {"fiscal.recu_demande": False}),
    Pair("MEC-16", GIFT, {"produit_partage": True}, {"produit_partage": False}),
    Pair("MEC-16", "prestation", {"produit_partage": True, "fiscal.recu_demande": True}, {"fiscal.recu_demande": False}),
    Pair("MEC-17", GIFT, {**TOWN_RECEIVES, "mecene.lien_beneficiaire": ["fournisseur"]}, {"mecene.lien_beneficiaire": ["aucun"]}),
    Pair("MEC-17", GIFT, {**TOWN_RECEIVES, "conflits_interets": ["candidat_marche"]}, {"parties.0.type_acteur": "association"}),
    Pair("NAT-01", GOODS, {"biens": []}, {"biens": [{"designation": "tables", "quantite": 4}]}),
    Pair("NAT-01", GOODS, {"biens": None}, {"local.adresse": "3 rue du Lavoir"}),
    Pair("NAT-01", GOODS, {"biens.0.quantite": 0}, {"biens.0.quantite": 1}),
    Pair("NAT-01", "", {"flux": ["don_nature"], "biens": [{"quantite": 2}]}, {"biens": [{"quantite": 2, "designation": "tables"}]}),
    Pair("NAT-02", GOODS, {"biens.0.valeur": None}, {"biens.0.valeur": 10}),
    Pair("NAT-02", GOODS, {"biens.0.methode": "prix_vente_ttc"}, {"biens.0.methode": "prix_revient"}),
    Pair("NAT-03", GOODS, {"alimentaire.denrees": True}, {"alimentaire.habilitation": "AA-44-2024-12"}),
    Pair("NAT-04", GOODS, {"pret": {"usage_seulement": True, "restitution_date": "2027-12-01"}}, {"transfert_propriete_date": None}),
    Pair("NAT-04", GOODS, {"pret": {"usage_seulement": True}, "transfert_propriete_date": None}, {"pret.restitution_date": "2027-12-01"}),
    Pair("NAT-04", GOODS, {"biens.0.origine": "location"}, {"biens.0.origine": "stock"}),
    Pair("MC-01", LOAN, {"salaries.0.accord_ecrit_date": None}, {"salaries.0.accord_ecrit_date": "2027-02-01"}),
    Pair("MC-01", LOAN, {"salaries.0.accord_ecrit_date": "2027-02-02"}, {"mc.debut": "2027-02-02"}),
    Pair("MC-01", LOAN, {"salaries": []}, {"forme": "prestation_offerte", "forme_mc": "prestation_offerte"}),
    Pair("MC-02", LOAN, {"parties.0.eligible_mecenat": "non"}, {"mc.facturation": 8000}),
    Pair("MC-02", LOAN, {"parties.0.eligible_mecenat": "non", "parties.0.jeune_entreprise_ou_pme": True, "parties.1.effectif": 4999}, {"parties.1.effectif": 5000}),
    Pair("MC-02", LOAN, {"parties.0.eligible_mecenat": "non"}, {"parties.0.eligible_mecenat": "oui_rescrit"}),
    Pair("MC-03", LOAN, {"mc.debut": "2027-02-01", "mc.fin": "2030-02-01"}, {"mc.fin": "2030-01-31"}),
    Pair("MC-03", LOAN, {"mc.debut": None, "mc.fin": None, "duree": {"mois": 37}}, {"duree.mois": 36}),
    Pair("MC-03", LOAN, {"mc.intra_groupe": True}, {"mc.intra_groupe": False}),
    Pair("MC-03", LOAN, {"parties.0.groupe": "Valmorel", "parties.1.groupe": "VALMOREL"}, {"parties.0.groupe": "Autre"}),
    Pair("MC-03", LOAN, {"mc.intra_groupe": True}, {"forme": "prestation_offerte", "forme_mc": "prestation_offerte"}),
    Pair("MC-04", LOAN, {"salaries.0.qualification": None}, {"salaries.0.qualification": "ingénieure"}),
    Pair("MC-04", LOAN, {"mc.mode_facturation": None, "mc.facturation": None}, {"mc.facturation": 0}),
    Pair("MC-04", LOAN, {"mission.finalite": None}, {"mission.finalite": "inclusion"}),
    Pair("MC-05", LOAN, {"mc.valeur_totale": 12016}, {"mc.valeur_totale": 12015}),
    Pair("MC-05", LOAN, {"mc.valeur_totale": 24031, "salaries": [{"identite": "a"}, {"identite": "b"}]}, {"mc.valeur_totale": 24030}),
    Pair("MC-05", LOAN, {"mc.valeur_totale": None, "mc.volume_jours": 49}, {"mc.volume_jours": 48}),
    Pair("MC-06", LOAN, {"temps_travail": "libre"}, {"temps_travail": "travail"}),
    Pair("MC-06", "", {"flux": ["temps_salarie"], "temps_travail": "libre"}, {"flux": ["aucun"]}, "aucun"),
    Pair("MC-07", LOAN, {"mc.tuteur_association": None}, {"mc.tuteur_association": "Anna"}),
    Pair("MC-07", OFFERED, {"mc.manager_entreprise": None}, {"mc.manager_entreprise": "Paul"}),
    Pair("MC-07", LOAN, {"mc.autorite_disciplinaire": "association"}, {"mc.autorite_disciplinaire": "entreprise"}),
    Pair("MC-08", LOAN, {"mc.accident_procedure": None}, {"mc.accident_procedure": "prévenir"}),
    Pair("MC-08", LOAN, {"assurance.rc": {"Valmorel": False}}, {"assurance.rc": {"Valmorel": True}}),
    Pair("MC-09", LOAN, {"mc.cse_informe": None}, {"mc.cse_informe": True}),
    Pair("MC-10", OFFERED, {"mission.livrables": None, "annexes": ["planning"]}, {"annexes": ["fiche mission"]}),
    Pair("MC-10", OFFERED, {"mission.livrables": [], "annexes": None}, {"mission.livrables": ["guide"]}),
    Pair("MC-11", LOAN, {**AGENTS, "parties.1.population": 3500, "mc.fin": "2027-12-27"}, {"parties.1.population": 3501}),
    Pair("MC-11", LOAN, {**AGENTS, "mc.fin": "2027-12-28"}, {"mc.fin": "2027-12-27"}),
    Pair("MC-12", LOAN, {**AGENTS, "mc.valorise_en_subvention": False}, {"mc.valorise_en_subvention": True}),
    Pair("MC-12", LOAN, {**AGENTS, "mc.valorise_en_subvention": None}, {"mc.facturation": 9000}),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_rule_fires_and_its_neighbour_is_silent(pair: Pair) -> None:
    check_pair(pair)


@pytest.mark.parametrize(
    ("value", "severity", "shown"),
    [
        (2251, Severity.ALERT, "25,1\u202f%"),
        (4500, Severity.ALERT, "50\u202f%"),
        (4501, Severity.BLOCKING, "50,1\u202f%"),
    ],
)
def test_counterparts_alert_over_usage_and_block_over_half(
    value: int, severity: Severity, shown: str
) -> None:
    (issue,) = issues(
        Pair("MEC-03", GIFT, {}, {}), {"contreparties": [{"nature": "places", "valeur": value}]}
    )

    assert issue.severity is severity
    assert shown in issue.fact
    assert "usage" in issue.why
    assert "pas un texte de loi" in issue.why


def test_what_is_known_of_counterparts_is_enough_to_tell_that_they_are_too_high() -> None:
    lines = [{"nature": "places", "valeur": 3000}, {"nature": "logo"}]

    assert issues(Pair("MEC-03", GIFT, {}, {}), {"contreparties": lines})


def test_a_threshold_is_the_one_of_the_content() -> None:
    stored = load_parameters(CORPUS)
    usage = stored.entries["mecenat.contreparties"].model_copy(
        update={"valeur": {"usage": Decimal(5)}}
    )
    lowered = type(stored)({**stored.entries, "mecenat.contreparties": usage}, stored.mentions)
    facts = parse_facts(
        {
            "don": {"montant": 1000},
            "flux": ["don_numeraire"],
            "contreparties": [{"nature": "nom", "valeur": 60}],
        }
    )

    def fires(parameters: object) -> bool:
        found = check(facts, GIFT, parameters=parameters, today=TODAY, messages=messages())  # type: ignore[arg-type]
        return "MEC-03" in {issue.rule for issue in found}

    assert fires(lowered)
    assert not fires(stored)


def test_a_doubtful_figure_is_shown_as_such() -> None:
    (issue,) = issues(Pair("MC-05", LOAN, {}, {}), {"mc.valeur_totale": 15000})

    assert "12\u202f015\u202f€ (à vérifier)" in issue.why


def test_a_figure_past_its_date_says_so() -> None:
    found = issues(Pair("MC-05", LOAN, {}, {}), {"mc.valeur_totale": 15000}, today=date(2027, 2, 1))

    assert "31 décembre 2026" in found[0].why


def test_a_sponsorship_that_was_chosen_is_not_reproached_with_patronage() -> None:
    facts = {"flux": ["don_numeraire"], "beneficiaire_eligible": "non", "contreparties": []}

    for rule in ("MEC-01", "MEC-02", "MEC-05", "MEC-06"):
        assert issues(Pair(rule, "", {}, {}, "parrainage"), facts) == []


def test_public_money_is_no_patronage() -> None:
    facts = {"flux": ["don_nature"], "payeur_public": True, "beneficiaire_eligible": "non"}

    assert issues(Pair("MEC-01", "", {}, {}, "subvention_cpo"), facts) == []


@pytest.mark.parametrize(
    "rule", ["MEC-02", "MEC-06", "MEC-13", "NAT-01", "MC-07", "MC-08", "MC-09", "MC-10"]
)
@pytest.mark.parametrize(
    "contract", [None, "aucun", "partenariat", "subvention_cpo", "marche_public"]
)
def test_what_is_absent_matters_only_to_patronage(rule: str, contract: str | None) -> None:
    assert issues(Pair(rule, "", {}, {}, contract), {}) == []


def test_lent_agents_are_outside_the_labour_code() -> None:
    changes = {**AGENTS, "parties.0.eligible_mecenat": "non"}

    assert issues(Pair("MC-02", LOAN, {}, {}), changes) == []
