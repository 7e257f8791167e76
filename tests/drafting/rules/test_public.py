"""§2.5: each rule fires, and is silent when one slot changes."""

from typing import Any

import pytest

from tests.drafting.rules.firing import Row, check_row, hits, titled

TOWN: dict[str, Any] = {
    "role": "collectivite",
    "type_acteur": "collectivite",
    "designation_courte": "La Ville",
}
ASSO: dict[str, Any] = {"role": "beneficiaire", "type_acteur": "association"}
GIVEN = {"parties": [{**TOWN, "role": "beneficiaire"}]}
OFFER = {"offre_commune.vise_marche_public": True}
LENT = {"parties": [TOWN], "moyens": [{"partie": "La Ville", "categorie": "local"}]}
VALUED = [{"partie": "La Ville", "categorie": "local", "valeur_estimee": 900}]
ROWS = [
    Row("CP-01", None, {"payeur_public": True, "besoin_defini_par_payeur": True}, {"besoin_defini_par_payeur": False}),
    Row("CP-01", "subvention_cpo", {"payeur_public": True, "prestation_individualisee": True}, {"payeur_public": False}),
    Row("CP-01", "partenariat", {"payeur_public": True, "flux": ["prix"]}, {"flux": ["subvention"]}),
    Row("CP-01", "prestation", {"parties": [{**TOWN, "role": "client"}]}, {"parties": [{**TOWN, "role": "prestataire"}]}),
    Row("CP-01", "partenariat", {"payeur_public": True, "finances.regime": "prix"}, {"finances.regime": "subvention"}),
    Row("CP-02", "prestation", {"payeur_public": True, "prix.montant_ht": 59999}, {"prix.montant_ht": 60000}),
    Row("CP-03", "mecenat_financier", {**GIVEN, "contrepartie_niveau": "significative"}, {"contrepartie_niveau": "symbolique"}),
    Row("CP-03", "mecenat_nature", {**GIVEN, "contreparties": [{"nature": "loges", "repond_besoin": True}]}, {"parties": [ASSO]}),
    Row("CP-03", "mecenat_financier", {"parties": [TOWN, {"role": "mecene"}], "contrepartie_niveau": "equivalente"}, {"contrepartie_niveau": "aucune"}),
    Row("CP-04", "partenariat", {**OFFER, "parties": [TOWN]}, {"offre_commune.vise_marche_public": False}),
    Row("CP-04", "partenariat", {**OFFER, "partenaire_type": "collectivite"}, {"partenaire_type": "entreprise"}),
    Row("SUB-01", "partenariat", {"subvention.montant_annuel": 23000.01}, {"subvention.montant_annuel": 23000}),
    Row("SUB-01", "partenariat", {"subvention.montant_annuel": 40000}, {"subvention.convention": True}),
    Row("SUB-01", None, {"subvention.montant_annuel": 20000, "subvention.aides_nature": [{"type": "local", "valeur": 3001}]}, {"subvention.aides_nature": [{"type": "local", "valeur": 3000}]}),
    Row("SUB-01", "subvention_cpo", {"subvention.montant_annuel": 40000}, {"contrat_demande": "subvention_cpo"}),
    Row("SUB-01", "subvention_cpo", {"subvention.montant_annuel": 40000, "contrat_demande": "subvention_cpo", "subvention.convention": False}, {"subvention.convention": None}),
    Row("SUB-01", None, {"subvention.montant_annuel": 40000}, {"subvention.autorites": ["Ville", "Région"]}),
    Row("SUB-01", None, {"subvention.montant_total": 60000}, {"duree.mois": 36}),
    Row("SUB-01", "partenariat", {"finances": {"regime": "subvention", "montant": 30000}}, {"finances": {"regime": "don", "montant": 30000}}),
    Row("SUB-02", "subvention_cpo", {"initiative": "inconnu"}, {"initiative": "association"}),
    Row("SUB-02", None, {"flux": ["subvention"]}, {"considerants.origine_initiative": "association"}),
    Row("SUB-02", None, {"flux": ["subvention"], "initiative": "collectivite"}, {"initiative": "association"}),
    Row("SUB-03", "subvention_cpo", {}, {"subvention.CER_souscrit_date": "2026-01-05"}),
    Row("SUB-03", "subvention_cpo", {"parties": [ASSO]}, {"parties": [{**ASSO, "agreee": True}]}),
    Row("SUB-03", "subvention_cpo", {"parties": [ASSO]}, {"parties": [{**ASSO, "reconnue_utilite_publique": True}]}),
    Row("SUB-03", "subvention_cpo", {"parties": [ASSO]}, {"parties": [{**ASSO, "type_acteur": "entreprise"}]}),
    Row("SUB-04", "subvention_cpo", {}, {"subvention.compte_rendu": "avant juin"}),
    Row("SUB-05", None, {"subvention.aides_nature": [{"type": "salle"}]}, {"subvention.aides_nature": [{"type": "salle", "valeur": 0}]}),
    Row("SUB-05", "partenariat", LENT, {"moyens": VALUED}),
    Row("SUB-06", None, {"subvention.reversement_prevu": True}, {"subvention.reversement_autorise": True}),
    Row("SUB-07", None, {"subvention.elus_interesses": ["l'adjointe"]}, {"subvention.elus_interesses": []}),
    Row("SUB-07", "partenariat", {"conflits_interets": ["elu"], "parties": [TOWN]}, {"probite.traitement_conflits": "déport"}),
    Row("SUB-07", "partenariat", {"conflits_interets": ["elu"], "parties": [TOWN]}, {"parties": [ASSO]}),
    Row("SUB-08", None, {"subvention.activite_economique": True, "subvention.cumul_trois_ans": 300001}, {"subvention.cumul_trois_ans": 300000}),
    Row("SUB-08", None, {"subvention.activite_economique": True, "subvention.cumul_trois_ans": 400000}, {"subvention.regime_aide_etat": "sieg_de_minimis"}),
    Row("SUB-08", None, {"subvention.activite_economique": True, "subvention.cumul_trois_ans": 400000}, {"subvention.regime_aide_etat": "RGEC"}),
    Row("SUB-08", None, {"subvention.activite_economique": True, "subvention.cumul_trois_ans": 800000, "subvention.regime_aide_etat": "sieg_de_minimis"}, {"subvention.activite_economique": False}),
    Row("SUB-09", None, {"beneficiaire.subventions_annuelles": 153001}, {"beneficiaire.subventions_annuelles": 153000}),
    Row("SUB-10", "subvention_cpo", {}, {"subvention.delai_versement_jours": 60}),
    Row("SUB-11", "subvention_cpo", {}, {"subvention.excedent_raisonnable": "dix pour cent"}),
    Row("SUB-12", "partenariat", {"local.domaine_public": True, "duree.renouvellement": "tacite"}, {"duree.renouvellement": "expres"}),
    Row("SUB-12", "partenariat", {"local.domaine_public": True, "duree.renouvellement": "tacite"}, {"local.domaine_public": False}),
    Row("SUB-13", "subvention_cpo", {"parties": [ASSO]}, {"parties": [{**ASSO, "siren": "000104109"}]}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=titled)
def test_a_rule_of_public_money_fires_and_its_neighbour_is_silent(row: Row) -> None:
    check_row(row)


@pytest.mark.parametrize("rule", ["SUB-02", "SUB-03", "SUB-04", "SUB-10", "SUB-11", "SUB-13"])
@pytest.mark.parametrize("contract", [None, "partenariat", "mecenat_financier", "marche_public"])
def test_nothing_of_a_grant_is_asked_where_there_is_none(rule: str, contract: str | None) -> None:
    assert not hits(rule, contract, {"parties": [ASSO], "payeur_public": False})


def test_the_amount_of_an_order_is_not_compared_when_nothing_is_bought() -> None:
    assert not hits("CP-02", "subvention_cpo", {"payeur_public": True})
    assert not hits("CP-02", "prestation", {"prix.montant_ht": 4000})
