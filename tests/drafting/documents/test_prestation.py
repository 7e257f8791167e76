"""The service contract (conventions.md §1.5): complete, partial, inclusive, and a public buyer."""

from decimal import Decimal
from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.conditions.services import VIGILANCE_THRESHOLD
from assistant.drafting.documents.document import Article, DocumentConvention
from assistant.drafting.documents.logic import View
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.documents.drafts import (
    alerts,
    check_bare,
    check_complete,
    clauses,
    missing,
    office,
    text,
    written,
)

SERVICE = "prestation"
IN_ORDER = [
    "Parties", "Objet et périmètre", "Documents contractuels", "Modalités et calendrier",
    "Obligations du Prestataire", "Obligations du Client",
    "Prix, taxe sur la valeur ajoutée, facturation et paiement", "Réception et conformité",
    "Obligations sociales", "Sous-traitance et cession", "Propriété intellectuelle",
    "Confidentialité et données personnelles", "Responsabilité et assurances",
    "Communication et références", "Durée et renouvellement", "Résiliation",
    "Évaluation de la prestation", "Alerte, médiation et litiges", "Signatures",
]  # fmt: skip
ALWAYS = {
    "ps.objet.prestation", "ps.objet.livrables", "ps.modalites.jalons", "ps.prix.montant",
    "ps.prix.facture", "ps.prix.paiement", "ps.prix.penalites", "ps.prix.sans-recu",
    "ps.reception.reserves", "ps.social.personnel", "duree.fin", "resiliation.consequences",
    "litiges.juge", "signatures.fait",
}  # fmt: skip
WORKSHOP: dict[str, Any] = {
    "parties.0.type_acteur": "ESAT",
    "achat_responsable.taux_main_oeuvre": 62,
    "achat_responsable.attestation_oeth": True,
    "achat_responsable.volumes_minimaux": "200 meubles par an",
    "achat_responsable.preavis_jours": 180,
}
PUBLIC: dict[str, Any] = {
    "parties.1.type_acteur": "collectivite", "parties.1.designation_courte": "La Commune",
}  # fmt: skip
NOT_DRAFTED = {"prix", "signatures", "engagements", "duree", "litiges", "parties"}


def complete(**changes: Any) -> dict[str, Any]:
    return changed(a_case(SERVICE)[1], changes)


def drafted(facts: dict[str, Any]) -> DocumentConvention:
    return written(SERVICE, facts)


def article(document: DocumentConvention, title: str) -> Article:
    return next(a for a in document.articles if a.titre.startswith(title))


def test_a_complete_case_lacks_nothing_and_raises_no_alert() -> None:
    document = drafted(complete())

    check_complete(document)
    assert clauses(document) >= ALWAYS
    assert document.variante is None


def test_nothing_said_is_every_article_of_gaps_in_order() -> None:
    document = drafted({})

    check_bare(document)
    assert [a.titre.replace("\u2019", "'") for a in document.articles] == IN_ORDER
    assert {"prix.montant_ht", "prestation.livrables", "tva.regime"} <= missing(document)


def test_a_partial_case_marks_what_is_left_and_invents_nothing() -> None:
    keep = ("parties", "prestation", "duree", "resiliation", "litiges", "signature", "evaluation")
    keep += ("confidentialite", "rgpd", "communication", "payeur_public", "flux", "annexes")
    facts = complete(annexes=[])

    document = drafted({slot: value for slot, value in facts.items() if slot in keep})

    assert missing(document) == {
        "prix.montant_ht", "prix.mode", "tva.regime", "paiement.delai_jours",
        "paiement.penalites", "reception.modalites", "reception.delai_reserves_jours",
        "sous_traitance.autorisee", "pi.livrable_intellectuel",
    }  # fmt: skip
    assert alerts(document) == {"PRE-02", "PI-01"}


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        ({"prix.mode": "forfait"}, "ps.prix.forfait", "ps.prix.regie"),
        ({"prix.mode": "regie"}, "ps.prix.regie", "ps.prix.forfait"),
        ({"prix.mode": "unite"}, "ps.prix.unite", "ps.prix.mode-inconnu"),
        ({"tva.regime": "franchise"}, "ps.prix.tva-non-facturee", "ps.prix.tva-facturee"),
        ({"tva.regime": "assujetti"}, "ps.prix.tva-facturee", "ps.prix.tva-non-facturee"),
        ({"tva.regime": None}, "ps.prix.tva-inconnue", "ps.prix.tva-facturee"),
        ({"prestation.obligation_type": "resultat"}, "ps.prestataire.resultat",
         "ps.prestataire.moyens"),
        ({"sous_traitance.autorisee": True}, "ps.sous-traitance.oui", "ps.sous-traitance.non"),
        ({"vigilance.attestation": False}, "ps.social.vigilance-non", "ps.social.vigilance"),
        ({"pi.livrable_intellectuel": False, "pi.resultats": None}, "ps.pi.aucun",
         "pi.resultats"),
        ({"prestation.exclusions": []}, "ps.objet.sans-exclusion", "ps.objet.exclusions"),
        ({"annexes": []}, "ps.documents.seul", "ps.documents.liste"),
        ({"annexes_font_partie_integrante": False}, "ps.documents.information",
         "ps.documents.integrantes"),
    ],
)  # fmt: skip
def test_answers_choose_the_clauses(changes: dict[str, Any], there: str, absent: str) -> None:
    printed = clauses(drafted(complete(**changes)))

    assert there in printed
    assert absent not in printed


def test_the_certificate_is_asked_for_from_the_threshold_of_the_parameters() -> None:
    facts = complete(vigilance=None)

    assert "vigilance.attestation" in missing(drafted(facts))
    assert "vigilance.attestation" not in missing(drafted(changed(facts, {"prix": 4999})))
    assert office().parameters.amount("presta.vigilance.seuil") == VIGILANCE_THRESHOLD


def test_a_sheltered_workshop_has_its_own_title_and_clauses() -> None:
    document = drafted(complete(**WORKSHOP))

    check_complete(document)
    assert document.variante == "achat_responsable"
    words = article(document, "Achat responsable").texte
    assert "62\u202f%" in words
    assert "180\u00a0jours" in words
    assert "aucune déduction n’est garantie" in words
    assert "ps.achat.insertion" not in clauses(document)


def test_a_sheltered_workshop_marks_what_its_client_needs() -> None:
    bare = complete(**{"parties.0.type_acteur": "ESAT"})

    assert {slot for slot in missing(drafted(bare)) if slot.startswith("achat_")} == {
        "achat_responsable.taux_main_oeuvre", "achat_responsable.attestation_oeth",
        "achat_responsable.volumes_minimaux", "achat_responsable.preavis_jours",
    }  # fmt: skip
    assert alerts(drafted(bare)) == set()  # PRE-05 is advice


def test_an_integration_structure_gives_no_certificate_for_disabled_workers() -> None:
    changes = {"parties.0.type_acteur": "SIAE", "achat_responsable": {"preavis_jours": 90}}

    document = drafted(complete(**changes))

    assert {"ps.achat.insertion", "ps.achat.preavis"} <= clauses(document)
    assert not {"ps.achat.attestation", "ps.achat.main-oeuvre"} & clauses(document)
    assert missing(document) == {"achat_responsable.volumes_minimaux"}


@pytest.mark.parametrize("changes", [PUBLIC, {"payeur_public": True}])
def test_a_public_buyer_gets_a_frame_and_no_contract(changes: dict[str, Any]) -> None:
    document = drafted(complete(**changes))

    assert document.variante == "trame_marche_public"
    assert not NOT_DRAFTED & {a.code for a in document.articles}
    assert "service achats" in text(document)
    assert "marché public" in text(document)
    assert "CP-01" in alerts(drafted(complete(**PUBLIC, payeur_public=True)))


def test_the_frame_takes_its_threshold_from_the_dated_parameters() -> None:
    document = drafted({"payeur_public": True})

    shown = office().parameters.shown("cp.dispense.services", document.genere_le)
    assert shown.split()[0] in text(document).replace("\u202f", " ")
    assert missing(document) == {"parties", "prestation.description"}


def test_a_public_buyer_hears_of_reserved_contracts_as_something_to_check() -> None:
    document = drafted(complete(**PUBLIC, **{"parties.0.type_acteur": "ESAT"}))

    assert "ps.public.reserve" in clauses(document)
    assert "À vérifier" in text(document)


def test_a_price_is_never_a_gift() -> None:
    assert "aucun reçu fiscal" in text(drafted({}))


def _parties(client: str | None, seller: str | None) -> dict[str, Any]:
    rows = [{"role": "client", "type_acteur": client}, {"role": "prestataire"}]
    rows[1]["type_acteur"] = seller
    return {"parties": [{k: v for k, v in row.items() if v} for row in rows]}


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("acheteur_public", {}, None),
        ("acheteur_public", {"payeur_public": True}, True),
        ("acheteur_public", {"payeur_public": False}, None),
        ("acheteur_public", _parties("collectivite", None), True),
        ("acheteur_public", _parties("entreprise", None) | {"payeur_public": False}, False),
        ("achat_inclusif", _parties(None, None), None),
        ("achat_inclusif", _parties(None, "SIAE"), True),
        ("achat_inclusif", _parties(None, "association"), False),
        ("achat_esat", _parties(None, "ESAT"), True),
        ("achat_esat", _parties(None, "SIAE"), False),
        ("achat_insertion", _parties(None, "SIAE"), True),
        ("achat_insertion", {}, None),
        ("vigilance_requise", {"prix": 5000}, True),
        ("vigilance_requise", {"prix": 4999}, False),
        ("vigilance_requise", {}, None),
        ("tva_facturee", {"tva": {"regime": "assujetti"}}, True),
        ("tva_facturee", {"tva": {"regime": "exonere"}}, False),
        ("tva_non_facturee", {"tva": {"regime": "exonere"}}, True),
        ("tva_non_facturee", {}, None),
        ("livrable_intellectuel", {"pi": {"livrable_intellectuel": True}}, True),
        ("livrable_intellectuel", {"pi": {"livrable_intellectuel": False}}, False),
    ],
)
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer


def test_the_invoices_add_up() -> None:
    words = article(drafted(complete()), "Prix").texte

    assert f"{Decimal(12400):,}".replace(",", "\u202f") in words
    assert "douze mille quatre cents euros" in words
