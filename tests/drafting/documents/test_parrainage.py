"""The sponsorship contract (conventions.md §1.5, variant): a price for being seen."""

from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.document import Article, DocumentConvention
from assistant.drafting.documents.logic import View
from assistant.drafting.documents.nodes import Table
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

SPONSORSHIP = "parrainage"
IN_ORDER = [
    "parties", "objet", "visibilite", "exclusivite", "engagements", "mission", "prix", "fiscal",
    "confidentialite", "responsabilite", "communication", "revision", "duree", "resiliation",
    "evaluation", "litiges", "signatures",
]  # fmt: skip
ALWAYS = {
    "pr.objet.visibilite", "pr.visibilite.table", "pr.image.regle", "pr.prix.montant",
    "pr.prix.facture", "pr.fiscal.sans-recu", "pr.annulation", "litiges.juge", "signatures.fait",
}  # fmt: skip


def complete(**changes: Any) -> dict[str, Any]:
    return changed(a_case(SPONSORSHIP)[1], {"annexes": []} | changes)


def drafted(facts: dict[str, Any]) -> DocumentConvention:
    return written(SPONSORSHIP, facts)


def article(document: DocumentConvention, code: str) -> Article:
    return next(a for a in document.articles if a.code == code)


def test_a_complete_case_lacks_nothing_and_raises_no_alert() -> None:
    document = drafted(complete())

    check_complete(document)
    assert clauses(document) >= ALWAYS


def test_nothing_said_is_every_article_of_gaps_in_order() -> None:
    document = drafted({})

    check_bare(document)
    assert [a.code for a in document.articles] == IN_ORDER
    assert {"visibilite", "droit_image.clause", "annulation_evenement"} <= missing(document)


def test_a_partial_case_marks_what_is_left_and_invents_nothing() -> None:
    gone = {"visibilite": None, "droit_image": None, "annulation_evenement": None, "tva": None}
    gone |= {"facturation": None, "exclusivite": None}

    document = drafted(complete(**gone))

    assert missing(document) == {
        "visibilite", "droit_image.clause", "droit_image.mineurs", "annulation_evenement",
        "tva.regime", "facturation.qui", "facturation.date", "exclusivite.mode",
    }  # fmt: skip
    assert alerts(document) == {"PAR-01", "RES-07"}


def test_what_is_bought_is_a_table_of_supports() -> None:
    blocks = article(drafted(complete()), "visibilite").blocs

    table = next(block for block in blocks if isinstance(block, Table))
    assert [column.titre for column in table.colonnes] == [
        "Support", "Emplacement", "Durée", "Diffusion"
    ]  # fmt: skip
    assert len(table.lignes) == 2


def test_a_sponsorship_has_an_invoice_and_no_receipt() -> None:
    words = text(drafted(complete()))

    assert "Une facture est établie" in words
    assert "aucun reçu fiscal" in words
    assert "TVA-03" in alerts(drafted(complete(**{"fiscal.recu_demande": True})))


@pytest.mark.parametrize(
    ("image", "there", "absent"),
    [
        ({"mineurs": False}, {"pr.image.sans-mineur"}, {"pr.image.mineurs"}),
        ({"mineurs": True, "consentement": True},
         {"pr.image.mineurs", "pr.image.consentement"}, {"pr.image.sans-mineur"}),
        ({"mineurs": False, "personnes_nommees": True},
         {"pr.image.nommees", "pr.image.consentement"}, {"pr.image.mineurs"}),
        ({}, {"pr.image.mineurs"}, {"pr.image.sans-mineur", "pr.image.consentement"}),
    ],
)  # fmt: skip
def test_people_who_are_shown_choose_the_clauses(
    image: dict[str, Any], there: set[str], absent: set[str]
) -> None:
    printed = clauses(drafted(complete(droit_image={"clause": "affichage à l'entrée"} | image)))

    assert there <= printed
    assert not absent & printed


def test_children_are_not_shown_without_the_agreement_of_their_parents() -> None:
    image = {"clause": "affichage", "mineurs": True}

    document = drafted(complete(droit_image=image))

    assert "droit_image.consentement" in missing(document)
    assert alerts(document) == {"PAR-02"}
    assert "représentants légaux" in article(document, "mission").texte


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({"exclusivite": {"mode": "aucune"}}, "exclusivite.aucune"),
        ({}, "exclusivite.active"),
        ({"facturation.echeancier": [{"montant": 4000}]}, "pr.prix.echeancier"),
        ({"prix": 6000, "vigilance.attestation": True, "vigilance.periodicite_mois": 6},
         "pr.social.vigilance"),
        ({"prix": 6000, "vigilance.attestation": False}, "pr.social.vigilance-non"),
        ({"parties.1.type_acteur": "collectivite"}, "pr.parties.public"),
    ],
)  # fmt: skip
def test_answers_choose_the_clauses(changes: dict[str, Any], there: str) -> None:
    assert there in clauses(drafted(complete(**changes)))
    if changes:
        assert there not in clauses(drafted(complete()))


def test_cancelling_may_have_been_settled_with_the_other_endings() -> None:
    moved = {"annulation_evenement": None, "resiliation.annulation_report": "Prix rendu."}

    document = drafted(complete(**moved))

    assert "annulation_evenement" not in missing(document)
    assert "Prix rendu." in article(document, "revision").texte


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("parrain_public", {"payeur_public": True}, True),
        ("parrain_public", {"parties": [{"role": "parrain", "type_acteur": "entreprise"}],
                            "payeur_public": False}, False),
        ("parrain_public", {}, None),
        ("images_de_personnes", {"droit_image": {"mineurs": True}}, True),
        ("images_de_personnes",
         {"droit_image": {"mineurs": False, "personnes_nommees": False}}, False),
        ("images_de_personnes", {"droit_image": {"mineurs": False}}, None),
    ],
)  # fmt: skip
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer
