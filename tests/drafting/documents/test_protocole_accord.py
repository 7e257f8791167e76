"""The memorandum of understanding (conventions.md §1.6) in its three uses."""

from typing import Any

import pytest

from assistant.drafting.documents.document import Article, DocumentConvention
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

MEMORANDUM = "protocole_accord"
CLOSED: dict[str, Any] = {"annexes": []}
IN_ORDER = [
    "parties", "preambule", "portee", "objectifs", "principes", "perimetre", "travaux", "couts",
    "pilotage", "confidentialite", "communication", "pi", "conditions", "suites", "duree",
    "litiges", "signatures",
]  # fmt: skip
USES = {"pa.portee.sans-conclure", "pa.portee.cadre", "pa.portee.prefiguration"}
USES |= {"pa.suites.cadre", "pa.duree.retrait", "pa.prefiguration.etapes"}
TRIAL = {"hypothese": "Un bureau démontable coûte moins cher.", "criteres_arret": "six mois"}


def complete(**changes: Any) -> dict[str, Any]:
    return changed(a_case(MEMORANDUM)[1], CLOSED | changes)


def drafted(facts: dict[str, Any]) -> DocumentConvention:
    return written(MEMORANDUM, facts)


def article(document: DocumentConvention, code: str) -> Article:
    return next(a for a in document.articles if a.code == code)


@pytest.mark.parametrize("usage", ["negociation", "cadre", "prefiguration"])
def test_a_complete_case_lacks_nothing_and_raises_no_alert(usage: str) -> None:
    facts = complete(usage=usage)
    facts["perimetre"]["declinaison_locale"] = "le choix des partenaires locaux"

    check_complete(drafted(facts))


def test_nothing_said_is_fourteen_articles_and_signatures_of_gaps() -> None:
    document = drafted({})

    check_bare(document)
    assert [a.code for a in document.articles] == IN_ORDER
    assert [a.num for a in document.articles] == [None, None, *range(1, 16)]
    assert not clauses(document) & USES


def test_a_partial_case_marks_what_is_left_and_invents_nothing() -> None:
    keep = ("parties", "considerants", "objectifs", "perimetre", "usage", "pilotage", "duree")
    facts = {slot: value for slot, value in complete().items() if slot in keep}

    document = drafted(facts)

    assert missing(document) == {
        "portee.clauses_engageantes", "portee.clauses_intention", "travaux", "date_butoir",
        "couts.repartition", "confidentialite.active", "rgpd.donnees_personnelles",
        "communication.liberte_expression", "communication.retrait_fin", "pi.apports_anterieurs",
        "conditions", "conventions_filles", "fin_sans_suite", "litiges.alerte",
        "signature.lieu", "signature.date", "signature.exemplaires",
    }  # fmt: skip
    assert alerts(document) == {"GEN-04", "PROT-01", "PROT-02"}


@pytest.mark.parametrize(
    ("usage", "there"),
    [
        ("negociation", {"pa.portee.sans-conclure", "pa.duree.retrait"}),
        ("cadre", {"pa.portee.cadre", "pa.suites.cadre"}),
        (
            "prefiguration",
            {"pa.portee.prefiguration", "pa.prefiguration.etapes", "pa.duree.retrait"},
        ),
        (None, set()),
    ],
)
def test_each_use_has_its_own_clauses(usage: str | None, there: set[str]) -> None:
    document = drafted(complete(usage=usage))

    assert clauses(document) & USES == there
    assert document.variante == usage


def test_only_talks_say_that_nobody_has_to_conclude() -> None:
    words = "ne vaut pas engagement de conclure"

    assert words in text(drafted(complete()))
    assert words not in text(drafted(complete(usage="cadre")))


def test_a_frame_says_what_is_left_to_local_teams() -> None:
    assert missing(drafted(complete(usage="cadre"))) == {"perimetre.declinaison_locale"}
    assert missing(drafted(complete())) == set()


def test_what_is_tried_out_is_written_even_when_the_use_is_not_said() -> None:
    document = drafted(complete(usage=None) | TRIAL)

    preparing = article(document, "variante").texte
    assert "Un bureau démontable" in preparing
    assert "terrain" not in preparing


@pytest.mark.parametrize(
    ("binding", "words"),
    [(["coûts"], "- coûts"), ([], "aucune stipulation qui les engage"), (None, "[À COMPLÉTER")],
)
def test_what_binds_is_listed_said_to_be_nothing_or_marked(
    binding: list[str] | None, words: str
) -> None:
    scope = {"clauses_engageantes": binding, "clauses_intention": ["création"]}

    assert words in article(drafted(complete(portee=scope)), "portee").texte


@pytest.mark.parametrize(
    ("months", "clause"),
    [(4, "pa.exclusivite.negociation"), (0, "pa.exclusivite.aucune"), (None, "pa.exclusivite.aucune")],
)  # fmt: skip
def test_talks_are_exclusive_only_when_it_is_said(months: int | None, clause: str) -> None:
    printed = clauses(drafted(complete(exclusivite_negociation_mois=months)))

    assert {c for c in printed if c.startswith("pa.exclusivite")} == {clause}


def test_talks_stay_between_the_parties_by_default() -> None:
    said = complete()
    silent = changed(said, {"communication.temporalite": None})

    assert "pa.communication.silence" not in clauses(drafted(said))
    assert "pa.communication.silence" in clauses(drafted(silent))


def test_conditions_may_be_none() -> None:
    document = drafted(complete(conditions=[], conditions_suspensives_connues=False))

    assert "conditions" not in missing(document)
    assert "pa.conditions.aucune" in clauses(document)
    assert "pa.conditions.diligence" not in clauses(document)


def test_an_authority_keeps_its_own_procedures() -> None:
    facts = complete()
    facts["parties"].append({"type_acteur": "collectivite", "designation_courte": "La Commune"})

    assert "pa.conditions.public" in clauses(drafted(facts))
    assert "pa.conditions.public" not in clauses(drafted(complete()))


def test_no_money_moves_on_a_memorandum_alone() -> None:
    assert "ne fonde à lui seul aucun versement" in text(drafted({}))
