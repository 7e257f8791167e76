"""The partnership agreement (conventions.md §1.4): complete, partial, and in each variant."""

from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.document import Article, DocumentConvention
from assistant.drafting.documents.logic import View
from assistant.drafting.documents.obligations import obligations
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.documents.drafts import (
    alerts,
    check_bare,
    check_complete,
    clauses,
    missing,
    text,
    written,
)
from tests.drafting.documents.samples import library

PARTNERSHIP = "partenariat"
# answers that close what no clean case says: nothing is left « selon le cas »
CLOSED = {
    "pi.licence.droits": [],
    "non_concurrence.active": False,
    "pret.usage_seulement": False,
    "parties.1.soumise_sapin2": False,
    "evenement.prevu": False,
}
CASES = ["partenariat", "partenariat_pr", "partenariat_ce", "partenariat_is"]
CASES += ["partenariat_collectivite"]
IN_ORDER = [
    "Parties", "Préambule", "Objet et vision partagée", "Périmètre",
    "Objectifs, résultats attendus et indicateurs", "Actions", "Engagements de chaque partie",
    "Moyens et valorisation", "Dispositions financières", "Gouvernance", "Parties prenantes",
    "Communication, noms et logos", "Propriété intellectuelle, données et résultats",
    "Confidentialité, exclusivité et non-concurrence", "Responsabilité et assurances", "Éthique",
    "Suivi et évaluation", "Durée, renouvellement et fin", "Révision",
    "Suspension, résiliation et sortie", "Alerte, médiation et litiges", "Annexes et signatures",
]  # fmt: skip
PR = {"pt.pr.diagnostic", "pt.pr.changement", "pt.pr.citer"}
CE = {"pt.ce.offre", "pt.ce.clients", "pt.ce.prix", "pt.ce.repartition", "pt.ce.facturation"}
CE |= {"pt.ce.mandataire", "pt.ce.sortie", "pt.ce.groupement", "pt.ce.utilite"}
IS = {"pt.is.hypothese", "pt.is.terrain", "pt.is.mesure", "pt.is.arret", "pt.is.echelle"}
PUBLIC = {"pt.public.deliberation", "pt.public.competence", "pt.public.interet"}
PUBLIC |= {"pt.public.projet-territoire", "pt.public.hors-commande"}
SEVERAL = {"pt.gouvernance.entree-sortie", "pt.gouvernance.soutien", "pt.resiliation.retrait"}
OF_A_VARIANT = PR | CE | IS | PUBLIC | SEVERAL


def complete(name: str = PARTNERSHIP, **changes: Any) -> dict[str, Any]:
    return changed(a_case(name)[1], CLOSED | changes)


def drafted(facts: dict[str, Any]) -> DocumentConvention:
    return written(PARTNERSHIP, facts)


def article(document: DocumentConvention, title: str) -> Article:
    return next(a for a in document.articles if a.titre == title)


@pytest.mark.parametrize("name", CASES)
def test_a_complete_case_lacks_nothing_and_raises_no_alert(name: str) -> None:
    check_complete(drafted(complete(name)))


def test_nothing_said_is_twenty_numbered_articles_of_gaps() -> None:
    document = drafted({})

    check_bare(document)
    assert [a.titre.replace("\u2019", "'") for a in document.articles] == IN_ORDER
    assert [a.num for a in document.articles] == [None, None, *range(1, 21)]
    assert not clauses(document) & OF_A_VARIANT


def test_an_article_that_may_still_come_is_listed_until_an_answer_refuses_it() -> None:
    asked = {"hypothese", "terrain_experimentation", "criteres_arret"}

    assert asked <= missing(drafted({}), certain=False)
    assert not asked & missing(drafted({}))
    assert asked <= missing(drafted({"experimentation": True}))
    assert not asked & missing(drafted({"experimentation": False}), certain=False)


def test_a_partial_case_marks_what_is_left_and_invents_nothing() -> None:
    keep = ("parties", "considerants", "objectifs", "perimetre", "engagements", "flux")
    facts = {slot: value for slot, value in complete().items() if slot in keep}

    document = drafted(facts)

    assert missing(document) == {
        "actions_macro", "moyens", "finances.regime", "pilotage.referents", "pilotage.frequence",
        "communication.liberte_expression", "communication.retrait_fin", "pi.apports_anterieurs",
        "pi.resultats", "rgpd.donnees_personnelles", "confidentialite.active", "exclusivite.mode",
        "evaluation.prevue", "duree.date_debut", "duree.date_fin", "duree.renouvellement",
        "duree.non_renouvellement_consequences", "duree.calendrier", "duree.fin_de_projet",
        "avenant_ecrit", "resiliation.cas", "resiliation.mise_en_demeure_jours",
        "resiliation.preavis_jours", "resiliation.consequences", "litiges.alerte",
        "signature.lieu", "signature.date", "signature.exemplaires",
    }  # fmt: skip
    assert "15 décembre" not in text(document)
    assert "60\u202f%" not in text(document)


@pytest.mark.parametrize(
    ("name", "variant", "there"),
    [
        ("partenariat", None, set()),
        ("partenariat_pr", "pratiques_responsables", PR),
        ("partenariat_ce", "cooperation_economique", CE),
        ("partenariat_is", "innovation_societale", IS),
        ("partenariat_collectivite", "territoriale", PUBLIC | SEVERAL),
    ],
)
def test_a_variant_has_its_own_clauses_and_no_others(
    name: str, variant: str | None, there: set[str]
) -> None:
    document = drafted(complete(name))

    assert document.variante == variant
    assert clauses(document) & OF_A_VARIANT == there


def test_variants_add_up() -> None:
    facts = complete("partenariat_ce") | {
        slot: value for slot, value in complete("partenariat_is").items() if slot not in ("flux", "finances", "exclusivite")
    }  # fmt: skip

    document = drafted(facts)

    assert clauses(document) & OF_A_VARIANT == CE | IS
    assert document.variante == "cooperation_economique"


@pytest.mark.parametrize(
    ("regime", "clause"),
    [
        ("aucun_flux", "pt.finances.aucun"), ("partage_couts", "pt.finances.couts"),
        ("partage_revenus", "pt.finances.revenus"), ("don", "pt.finances.don"),
        ("prix", "pt.finances.prix"), ("subvention", "pt.finances.subvention"),
        (None, "pt.finances.inconnu"),
    ],
)  # fmt: skip
def test_each_financial_regime_has_its_clause(regime: str | None, clause: str) -> None:
    kinds = {"aucun", "couts", "revenus", "don", "prix", "subvention", "inconnu"}
    printed = clauses(drafted({"finances": {"regime": regime}}))

    assert printed & {f"pt.finances.{kind}" for kind in kinds} == {clause}


@pytest.mark.parametrize("regime", ["don", "prix", "subvention"])
def test_money_that_needs_its_own_act_is_sent_to_it(regime: str) -> None:
    printed = text(drafted({"finances": {"regime": regime}}))

    assert "distinct" in printed
    assert "n\u2019est la contrepartie de ce don" in printed or regime != "don"


@pytest.mark.parametrize("regime", ["partage_couts", "partage_revenus"])
def test_what_is_shared_needs_a_key(regime: str) -> None:
    assert "finances.cle_repartition" in missing(drafted({"finances": {"regime": regime}}))
    none = missing(drafted({"finances": {"regime": "aucun_flux"}}), certain=False)
    assert "finances.cle_repartition" not in none


def test_shares_given_twice_are_printed_once_unless_they_differ() -> None:
    same = clauses(drafted(complete("partenariat_ce")))
    other = complete("partenariat_ce")
    other["finances"]["cle_repartition"][0]["pourcentage"] = 50
    other["finances"]["qui_facture"] = "La Ressourcerie"
    both = clauses(drafted(other))

    assert "pt.finances.cle-renvoi" in same
    assert not {"pt.finances.cle", "pt.finances.facture"} & same
    assert {"pt.finances.cle", "pt.finances.facture", "pt.ce.repartition"} <= both


@pytest.mark.parametrize(
    ("kind", "words"),
    [("conjoint", "que de la part de l\u2019offre"), ("solidaire", "l\u2019exécution de toute")],
)
def test_the_kind_of_group_says_who_answers_for_what(kind: str, words: str) -> None:
    document = drafted(complete("partenariat_ce", solidarite=kind))

    assert words in text(document)
    assert f"pt.ce.{kind}" in clauses(document)


def test_no_agency_but_the_one_that_the_joint_offer_gives() -> None:
    alone = article(drafted(complete()), "Objet et vision partagée").texte
    offer = article(drafted(complete("partenariat_ce")), "Objet et vision partagée").texte

    assert "Aucune partie ne peut agir au nom" in alone
    assert "Hors le mandat limité" in offer


@pytest.mark.parametrize(
    ("plan", "annexes", "clause"),
    [
        ("annexe_contractuelle", [], "pt.actions.plan-annexe"),
        ("non_contractuel", [], "pt.actions.plan-travail"),
        ("non_contractuel", ["Plan d\u2019action 2027"], "pt.actions.plan-annexe"),
        (None, ["plan d'action"], "pt.actions.plan-annexe"),
        (None, ["budget"], None),
    ],
)
def test_the_plan_never_both_binds_and_does_not(
    plan: str | None, annexes: list[str], clause: str | None
) -> None:
    facts = complete(annexes=annexes) | {"plan": {"valeur": plan}}

    printed = clauses(drafted(facts))

    found = printed & {"pt.actions.plan-annexe", "pt.actions.plan-travail"}
    assert found == ({clause} if clause else set())


def test_each_party_makes_two_commitments_at_least() -> None:
    facts = complete()
    facts["engagements"]["La Ressourcerie"] = ["tenir un registre"]

    document = drafted(facts)

    assert "engagements{}" in missing(document)
    assert "[À COMPLÉTER" in article(document, "Engagements de chaque partie").texte


def test_a_place_of_court_is_never_written() -> None:
    facts = complete()
    facts["litiges"]["juridiction"] = "tribunal de Nantes"

    document = drafted(facts)

    assert "tribunal de Nantes" not in text(document)
    assert alerts(document) == {"LIT-02"}


def test_two_parties_decide_together_and_three_say_how() -> None:
    two = drafted(complete(gouvernance=None))
    facts = changed(complete("partenariat_collectivite"), {"gouvernance": None})
    three = drafted(facts)

    assert "pt.gouvernance.accord" in clauses(two)
    assert "pt.gouvernance.accord" not in clauses(three)
    assert missing(three) == {
        "gouvernance.decisions", "gouvernance.entree_sortie", "gouvernance.structure_de_soutien",
    }  # fmt: skip


def test_nothing_is_promised_on_taxes() -> None:
    for name in CASES:
        said = text(drafted(complete(name))).casefold()
        assert not any(word in said for word in ("réduction d", "déductible", "reçu fiscal"))


ASSO, FIRM, CITY = ({"type_acteur": kind} for kind in ("association", "entreprise", "collectivite"))
TINY, GIANT = ASSO | {"effectif": 2}, FIRM | {"effectif": 400}
TRUTHS: list[tuple[str, dict[str, Any], bool | None]] = [
    ("pratiques_responsables", {}, None),
    ("pratiques_responsables", {"changement_pratiques": True}, True),
    ("pratiques_responsables", {"changement_pratiques": False, "diagnostic_initial": "x"}, False),
    ("pratiques_responsables", {"engagement_de_changement": "trier"}, True),
    ("pratiques_responsables", {"acteur_type": "entreprise", "objectif_dominant": "processus"}, True),
    ("pratiques_responsables", {"acteur_type": "association", "objectif_dominant": "processus"}, None),
    ("cooperation_economique", {}, None),
    ("cooperation_economique", {"flux": ["partage_revenus"]}, True),
    ("cooperation_economique", {"flux": ["mutualisation"]}, None),
    ("cooperation_economique", {"flux": ["aucun"], "finances": {"regime": "partage_revenus"}}, True),
    ("cooperation_economique", {"flux": ["aucun"], "finances": {"regime": "aucun_flux"}}, False),
    ("innovation_societale", {}, None),
    ("innovation_societale", {"experimentation": True}, True),
    ("innovation_societale", {"experimentation": False, "objectif_dominant": "innovation"}, False),
    ("innovation_societale", {"objectif_dominant": "innovation"}, True),
    ("innovation_societale", {"criteres_arret": "six mois"}, True),
    ("collectivite_engagee", {}, None),
    ("collectivite_engagee", {"acteur_type": "collectivite"}, True),
    ("collectivite_engagee", {"partenaire_type": "collectivite"}, True),
    ("collectivite_engagee", {"parties": [ASSO, CITY]}, True),
    ("collectivite_engagee", {"parties": [ASSO]}, None),
    ("collectivite_engagee", {"parties": [ASSO, FIRM], "acteur_type": "collectivite"}, False),
    ("asymetrie_des_parties", {}, None),
    ("asymetrie_des_parties", {"parties": [TINY, GIANT]}, True),
    ("asymetrie_des_parties", {"parties": [TINY, FIRM | {"soumise_sapin2": True}]}, True),
    ("asymetrie_des_parties", {"parties": [TINY, FIRM]}, None),
    ("asymetrie_des_parties", {"parties": [TINY, FIRM | {"effectif": 80, "soumise_sapin2": False}]}, False),
    ("asymetrie_des_parties", {"parties": [ASSO | {"effectif": 3}, GIANT]}, False),
    ("plan_contractuel", {}, None),
    ("plan_contractuel", {"plan": {"valeur": "non_contractuel"}}, False),
    ("plan_contractuel", {"annexes": ["plan d'action"], "annexes_font_partie_integrante": True}, True),
    ("prefiguration", {}, None),
    ("prefiguration", {"usage": "prefiguration"}, True),
    ("prefiguration", {"usage": "cadre"}, False),
    ("cle_deja_ecrite", {}, None),
    ("factures_deja_dites", {}, None),
    ("factures_deja_dites", {"finances": {"qui_facture": "A"}, "facturation": {"qui": "A"}}, True),
    ("factures_deja_dites", {"finances": {"qui_facture": "A"}, "facturation": {"qui": "B"}}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts", "expected"), TRUTHS)
def test_a_condition_is_true_false_or_not_known(
    name: str, facts: dict[str, Any], expected: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is expected


@pytest.mark.parametrize("name", [*CASES, "protocole_accord"])
def test_taking_any_answer_away_never_takes_a_missing_field_away(name: str) -> None:
    contract, facts = a_case(name)
    facts = changed(facts, CLOSED)
    template = library().document(contract)
    whole = obligations(template, parse_facts(facts))
    listed = missing(written(contract, facts), certain=False)

    for slot in facts:
        kept = changed(facts, {slot: None})
        less = obligations(template, parse_facts(kept))
        assert listed <= missing(written(contract, kept), certain=False), slot
        assert set(whole.missing) <= set(less.missing), slot
        assert set(whole.required) <= set(less.required), slot
