"""§2.2: qualification and what every agreement lays down."""

from datetime import date

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.rules.catalogue import check
from tests.drafting.clean_cases import a_case
from tests.drafting.rules.firing import TODAY, parameters
from tests.drafting.rules.neighbours import Pair, check_pair, issues, messages, named

GIFT, SHARED, MEMO = "mecenat_financier", "partenariat", "protocole_accord"
BIG = [
    {"type_acteur": "association", "designation_courte": "La Petite", "effectif": 2},
    {"type_acteur": "entreprise", "designation_courte": "La Grande", "effectif": 250},
]
PAIRS = [
    Pair("QUAL-01", GIFT, {"contrepartie_niveau": "equivalente"}, {"contrepartie_niveau": "symbolique"}),
    Pair("QUAL-01", GIFT, {"contreparties": [{"nature": "loges", "valeur": 9000}]}, {"contreparties": [{"nature": "loges", "valeur": 8999}]}),
    Pair("QUAL-01", "", {"contrat_demande": "mecenat_financier", "contrepartie_niveau": "equivalente"}, {"contrat_demande": "parrainage"}, "prestation"),
    Pair("QUAL-01", "", {"flux": ["don_numeraire"], "contrepartie_niveau": "equivalente"}, {"flux": ["prix"]}, "parrainage"),
    Pair("QUAL-02", GIFT, {"contrat_demande": "parrainage"}, {"contrat_demande": "mecenat_financier"}),
    Pair("QUAL-03", GIFT, {"flux": ["don_numeraire", "prix"]}, {"flux": ["don_numeraire", "temps_salarie"]}),
    Pair("QUAL-03", GIFT, {"flux": ["don_numeraire", "subvention"]}, {"conventions_filles": [{"type": "convention de subvention"}]}),
    Pair("QUAL-03", "prestation", {"don.montant": 500}, {"don.montant": None}),
    Pair("QUAL-03", SHARED, {"finances.regime": "don"}, {"finances.regime": "partage_couts"}),
    Pair("QUAL-03", "", {"flux": ["partage_revenus", "don_numeraire"]}, {"flux": ["partage_revenus", "prix"]}),
    Pair("QUAL-04", SHARED, {"finances": {"montant": 15000}}, {"finances.regime": "partage_couts"}),
    Pair("QUAL-04", SHARED, {"finances.montant": 15000}, {"finances.montant": None}),
    Pair("QUAL-04", SHARED, {"finances": None, "moyens": [{"partie": "Maison Tessier", "categorie": "financier", "valeur_estimee": 3000}, {"partie": "La Ressourcerie", "categorie": "local", "description": "un atelier"}]}, {"finances": {"regime": "partage_couts"}}),
    Pair("GEN-01", SHARED, {"objectifs.commun": None}, {"objectifs.commun": "équiper 150 ménages"}),
    Pair("GEN-01", GIFT, {"objectifs.commun": None, "objet.projet": None}, {"objet.projet": "un atelier"}),
    Pair("GEN-02", SHARED, {"objectifs.propres": {"Maison Tessier": "fidéliser"}}, {"objectifs.propres": {"entreprise": "fidéliser", "La Ressourcerie": "se diversifier"}}),
    Pair("GEN-02", SHARED, {"objectifs.propres": None}, {"objectifs.propres": {"Association": "x", "entreprise": "y"}}),
    Pair("GEN-02", MEMO, {"parties": None, "objectifs.propres": {"a": "x"}}, {"objectifs.propres": {"a": "x", "b": "y"}}),
    Pair("GEN-03", GIFT, {"perimetre.thematique": []}, {"perimetre.thematique": ["réemploi"]}),
    Pair("GEN-03", SHARED, {"perimetre": None}, {"perimetre": {"geographique": "Nantes", "thematique": "réemploi", "beneficiaires": "ménages"}}),
    Pair("GEN-04", SHARED, {"moyens": [{"partie": "Maison Tessier", "categorie": "humain"}]}, {"moyens": [{"partie": "Maison Tessier", "categorie": "humain"}, {"partie": "La Ressourcerie", "description": "aucun : elle ouvre ses locaux"}]}),
    Pair("GEN-04", GIFT, {"moyens": None, "don": None}, {"don": {"montant": 900}}),
    Pair("GEN-04", MEMO, {"moyens": None, "couts": None}, {"couts.repartition": "chacun garde ses frais"}),
    Pair("GEN-05", MEMO, {"usage": "cadre", "flux": ["don_numeraire", "prix"], "conventions_filles": []}, {"conventions_filles": [{"type": "mécénat"}, {"type": "prestation"}]}),
    Pair("GEN-05", SHARED, {"flux": ["don_numeraire", "prix"]}, {"flux": ["mutualisation"]}),
    Pair("GEN-05", MEMO, {"usage": "cadre", "flux": ["don_numeraire", "prix"], "conventions_filles": []}, {"usage": "negociation"}),
    Pair("GEN-06", GIFT, {"pilotage.referents": [{"partie": "La Ressourcerie", "nom": "Samir Belkacem"}]}, {"pilotage.referents": [{"partie": "La Ressourcerie", "nom": "Samir Belkacem"}, {"partie": "le mécène Maison Tessier", "fonction": "responsable RSE"}]}),
    Pair("GEN-06", SHARED, {"pilotage.referents": None}, {"pilotage.referents": [{"partie": "association", "nom": "A"}, {"partie": "entreprise", "nom": "B"}]}),
    Pair("GEN-07", SHARED, {"pilotage.frequence": None}, {"pilotage.frequence": "semestrielle"}),
    Pair("GEN-07", SHARED, {"pilotage": {"frequence": "annuelle"}, "suivi": None}, {"suivi": {"outils": ["tableau de bord"]}}),
    Pair("GEN-10", "", {"date_cible": "2027-01-15"}, {"date_cible": "2027-01-16"}),
    Pair("GEN-10", "", {"date_cible": "2026-12-01"}, {"appel_a_projets": True}),
    Pair("GEN-11", SHARED, {"parties": BIG}, {"engagements_equilibre": "rythme fixé par l'association"}),
    Pair("GEN-11", SHARED, {"parties": BIG}, {"independance.clause": "l'association garde ses choix"}),
    Pair("GEN-11", SHARED, {"parties": BIG}, {"parties": [{**BIG[0], "effectif": 3}, BIG[1]]}),
    Pair("GEN-11", SHARED, {"parties": BIG}, {"parties": [BIG[0], {**BIG[1], "effectif": 249}]}),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_rule_fires_and_its_neighbour_is_silent(pair: Pair) -> None:
    check_pair(pair)


def test_the_recommended_contract_is_what_a_request_is_compared_with() -> None:
    pair = Pair("QUAL-02", GIFT, {}, {})

    assert issues(pair, {}, recommended="parrainage")
    assert issues(pair, {}, recommended="mecenat_financier") == []
    assert issues(pair, {}) == []
    (issue,) = issues(pair, {"contrat_demande": "partenariat"}, recommended="scission")
    assert "une convention de partenariat" in issue.fact
    assert "deux actes séparés" in issue.fact


def test_each_contract_has_a_name_in_the_message() -> None:
    for contract in messages()["QUAL-02"].mots:
        pair = Pair("QUAL-02", "", {}, {}, "partenariat")
        for issue in issues(pair, {"contrat_demande": contract}):
            assert "_" not in issue.fact


def test_a_value_without_an_origin_is_told() -> None:
    pair = Pair("GEN-08", "", {}, {})
    facts = {"don": {"montant": 900, "conditions": "aucune"}, "acteur_nom": "La Ressourcerie"}
    whole = {"don.montant": "tour 3", "don.conditions": "tour 4", "acteur_nom": "tour 1"}

    assert issues(pair, facts) == []
    assert issues(pair, facts, origins=whole) == []
    assert issues(pair, facts, origins={"don": "import", "acteur_nom": "tour 1"}) == []
    (issue,) = issues(pair, facts, origins={**whole, "don.conditions": None})
    assert issue.slots == ("don.conditions",)
    (issue,) = issues(pair, facts, origins={})
    assert set(issue.slots) == set(whole)
    assert issues(pair, {"flux": ["inconnu"]}, origins={}) == []


def test_a_row_with_an_origin_covers_its_list() -> None:
    pair = Pair("GEN-08", "", {}, {})

    assert issues(pair, {"parties": [{"siren": "000001016"}]}, origins={"parties.0.siren": 2}) == []


def test_a_document_without_its_notice_is_told() -> None:
    pair = Pair("GEN-09", GIFT, {}, {})

    assert issues(pair, {}, notice=False)
    assert issues(pair, {}, notice=True) == []
    assert issues(pair, {}) == []


def test_two_months_before_the_end_of_february() -> None:
    pair = Pair("GEN-10", "", {}, {})

    assert issues(pair, {"date_cible": "2027-02-27"}, today=date(2026, 12, 31))
    assert issues(pair, {"date_cible": "2027-02-28"}, today=date(2026, 12, 31)) == []
    assert issues(pair, {"date_cible": "2026-11-01"}) == []


@pytest.mark.parametrize("rule", ["GEN-01", "GEN-02", "GEN-03", "GEN-04", "GEN-06", "GEN-07"])
@pytest.mark.parametrize(
    "contract", [None, "aucun", "subvention_cpo", "marche_public", "prestation"]
)
def test_what_is_absent_matters_only_where_it_is_laid_down(rule: str, contract: str | None) -> None:
    assert issues(Pair(rule, "", {}, {}, contract), {}) == []
    assert issues(Pair(rule, "", {}, {}, "partenariat"), {})


def test_a_facilitator_owes_nothing() -> None:
    _, facts = a_case(SHARED)
    helper = {
        "role": "tiers_facilitateur",
        "denomination": "Le Pont",
        "representant": {"nom": "A", "qualite": "b", "fondement": "mandat_social"},
    }
    facts["parties"] = [*facts["parties"], helper]
    found = check(
        parse_facts(facts), SHARED, parameters=parameters(), today=TODAY, messages=messages()
    )

    assert {"GEN-02", "GEN-04", "GEN-06"}.isdisjoint(issue.rule for issue in found)
