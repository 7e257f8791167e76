"""Patronage in kind (§1.2): goods given, a loan, food, a place; value added tax."""

from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.logic import View
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.documents.drafts import check_bare, check_complete, clauses, missing, text
from tests.drafting.documents.drafts import written as drafted

NAME = "mecenat_nature"
SETTLED: dict[str, Any] = {"parties.1.soumise_sapin2": False}
LOAN: dict[str, Any] = {
    "pret": {
        "usage_seulement": True, "restitution_date": "2027-12-15", "etat_des_lieux": True,
        "assurance": "au contrat du bénéficiaire",
    },
    "transfert_propriete_date": None, "transfert_risques_date": None,
}  # fmt: skip
FOOD: dict[str, Any] = {
    "alimentaire": {
        "denrees": True,
        "habilitation": "arrêté n° 12",
        "tracabilite": "registre des lots",
        "destruction_interdite": True,
    }
}
PLACE: dict[str, Any] = {
    "local": {
        "adresse": "3 rue du Lavoir, 44000 Nantes", "surface": 40, "charges_a": "le mécène",
        "assurance": "au contrat du bénéficiaire", "precarite": True,
    }
}  # fmt: skip


def complete(**changes: Any) -> dict[str, Any]:
    return changed(a_case(NAME)[1], SETTLED | changes)


def written(facts: dict[str, Any]) -> Any:
    return drafted(NAME, facts)


@pytest.mark.parametrize("changes", [{}, LOAN, FOOD, LOAN | PLACE])
def test_a_complete_case_lacks_nothing_and_raises_no_alert(changes: dict[str, Any]) -> None:
    check_complete(written(complete(**changes)))


def test_an_empty_case_prints_gaps_and_nothing_else() -> None:
    document = written({})

    check_bare(document)
    assert {"biens", "remise.pv", "fiscal.eligibilite_declaree"} <= missing(document)
    assert "Reste à préciser" not in next(a.texte for a in document.articles if a.code == "biens")


def test_articles_follow_the_order_of_the_domain() -> None:
    assert [a.code for a in written({}).articles] == [
        "parties", "preambule", "objet", "perimetre", "biens", "remise", "affectation",
        "engagements", "engagements", "contreparties", "fiscal", "communication", "independance",
        "pilotage", "confidentialite", "ethique", "duree", "resiliation", "litiges", "signatures",
    ]  # fmt: skip


GIFT_ONLY = {"mn.objet.don", "mn.biens.valeur", "mn.remise.transfert", "mn.fiscal.tva",
             "mn.resiliation.biens"}  # fmt: skip
LOAN_ONLY = {"mn.objet.pret", "mn.biens.valeur-pret", "mn.pret.usage", "mn.pret.restitution",
             "mn.pret.assurance", "mn.resiliation.pret"}  # fmt: skip
FOOD_ONLY = {"mn.denrees.habilitation", "mn.denrees.tri", "mn.denrees.tracabilite",
             "mn.denrees.destruction", "mn.denrees.attestation"}  # fmt: skip
PLACE_ONLY = {"mn.local.designation", "mn.local.charges", "mn.local.precarite"}


@pytest.mark.parametrize(
    ("changes", "variant", "there", "absent"),
    [
        ({}, None, GIFT_ONLY, LOAN_ONLY | FOOD_ONLY | PLACE_ONLY),
        (LOAN, "pret", LOAN_ONLY | {"mn.pret.etat-des-lieux"}, GIFT_ONLY | PLACE_ONLY),
        (LOAN | PLACE, "local", LOAN_ONLY | PLACE_ONLY, GIFT_ONLY | {"mn.local.public"}),
        (FOOD, "denrees", GIFT_ONLY | FOOD_ONLY, LOAN_ONLY | PLACE_ONLY | {"mn.denrees.qualite"}),
        (PLACE | {"pret": None}, "local", PLACE_ONLY | LOAN_ONLY, GIFT_ONLY),
        (PLACE, "local", PLACE_ONLY | GIFT_ONLY, LOAN_ONLY),
        (LOAN | {"local": {"domaine_public": True}}, "local", {"mn.local.public"}, set()),
        ({"remise.pv": False}, None, {"mn.remise.sans-pv"}, {"mn.remise.pv"}),
        ({"remise.pv": None}, None, {"mn.remise.pv-inconnu"}, {"mn.remise.pv", "mn.remise.sans-pv"}),
    ],
)  # fmt: skip
def test_each_variant_has_its_clauses(
    changes: dict[str, Any], variant: str | None, there: set[str], absent: set[str]
) -> None:
    document = written(complete(**changes))

    assert document.variante == variant
    assert there <= clauses(document)
    assert not absent & clauses(document)


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("denrees_donnees", {}, None),
        ("denrees_donnees", {"alimentaire": {"denrees": True}}, True),
        ("denrees_donnees", {"alimentaire": {"denrees": False}}, False),
        ("local_prete", {}, None),
        ("local_prete", {"local": {"domaine_public": False}}, True),
        ("apport_prete", {}, None),
        ("apport_prete", {"local": {"surface": 12}}, True),
        ("apport_prete", {"pret": {"usage_seulement": False}, "local": {"surface": 12}}, False),
        ("apport_prete", {"pret": {"usage_seulement": True}}, True),
    ],
)
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer


def test_a_loan_asks_when_it_ends_and_not_when_property_passes() -> None:
    found = missing(written(complete(**LOAN | {"pret": {"usage_seulement": True}})))

    assert {"pret.restitution_date", "pret.etat_des_lieux", "pret.assurance"} <= found
    assert "transfert_propriete_date" not in found


def test_the_receipt_is_conditional_and_the_beneficiary_alone_issues_it() -> None:
    said = text(written(complete()))

    assert "Si les conditions de ce régime sont réunies, le Bénéficiaire établit le reçu" in said
    assert "et lui seul" in said
    assert "Aucune partie ne garantit à l’autre un avantage fiscal" in said


def test_counterparts_are_compared_to_the_value_of_the_goods() -> None:
    returns = [{"nature": "visite", "valeur": 810, "visibilite": False}]
    assert "10\u202f%" in text(written(complete(contreparties=returns)))


def test_value_added_tax_to_check_is_said_only_when_it_was() -> None:
    sentence = "si la taxe qu’il a déduite doit être régularisée"
    assert sentence in text(written(complete()))
    assert sentence not in text(written(complete(tva={"regularisation_a_verifier": False})))
