"""Patronage of skills (§1.3): a service offered, staff lent, public agents."""

from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.logic import View
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.documents.drafts import check_bare, check_complete, clauses, missing, text
from tests.drafting.documents.drafts import written as drafted

NAME = "mecenat_competences"
SETTLED = {"parties.1.soumise_sapin2": False, "evenement": {"prevu": False}}
AGENTS: dict[str, Any] = {
    "mc.agents_publics": True, "mc.valorise_en_subvention": True, "forme": None, "forme_mc": None,
    "parties.1.type_acteur": "collectivite", "parties.1.population": 9400,
    "considerants.references": ["délibération n° 2026-087"], "litiges.mediation.composition": "trois",
}  # fmt: skip


def complete(form: str = "pret", **changes: Any) -> dict[str, Any]:
    return changed(a_case(f"{NAME}_{form}")[1], SETTLED | changes)


def written(facts: dict[str, Any]) -> Any:
    return drafted(NAME, facts)


@pytest.mark.parametrize("form", ["pret", "prestation"])
def test_a_complete_case_lacks_nothing_and_raises_no_alert(form: str) -> None:
    check_complete(written(complete(form)))


def test_agents_of_a_public_body_lack_nothing_either() -> None:
    document = written(complete("pret", **AGENTS))

    assert document.champs_manquants == ()
    assert "[À" not in text(document)
    assert "fiscal" not in {a.code for a in document.articles}


def test_an_empty_case_prints_gaps_and_nothing_else() -> None:
    document = written({})

    check_bare(document)
    assert {"forme", "salaries", "mc.debut", "mission.finalite"} <= missing(document)
    assert "salaries[].accord_ecrit_date" not in missing(document)


def test_articles_follow_the_order_of_the_domain() -> None:
    codes = [a.code for a in written({}).articles]

    assert codes[:12] == [
        "parties", "preambule", "objet", "mission", "salaries", "rythme", "lieu", "encadrement",
        "securite", "cout", "contreparties", "fiscal",
    ]  # fmt: skip
    assert codes[-3:] == ["resiliation", "litiges", "signatures"]
    assert codes.index("pi") < codes.index("confidentialite") < codes.index("pilotage")


LENT = {"mc.objet.pret", "mc.salaries.nommes", "mc.salaries.accord", "mc.salaries.refus",
        "mc.rythme.limite-pret", "mc.encadrement.pret", "mc.cout.mode",
        "mc.interruption.retour"}  # fmt: skip
OFFERED = {"mc.objet.prestation", "mc.salaries.profils", "mc.salaries.choix",
           "mc.encadrement.prestation"}  # fmt: skip
PUBLIC = {"mc.objet.agents", "mc.salaries.agents", "mc.rythme.limite-agents", "mc.cout.subvention",
          "mc.pilotage.controle", "mc.encadrement.pret", "mc.interruption.retour"}  # fmt: skip
ALWAYS = {"mc.objet.finalite", "mc.mission.titre", "mc.encadrement.autorite", "mc.cout.frais",
          "mc.securite.accident", "mc.interruption.preavis", "litiges.juge"}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "variant", "there", "absent"),
    [
        (complete("pret"), "pret_main_oeuvre", LENT, OFFERED | {"mc.objet.agents"}),
        (complete("prestation"), "prestation_offerte", OFFERED, LENT - {"mc.cout.mode"}),
        (complete("pret", **AGENTS), "agents_publics", PUBLIC, OFFERED | {"mc.objet.forme", "mc.salaries.accord"}),
        (complete("pret", **{"mc.agents_publics": None}), "pret_main_oeuvre", LENT, OFFERED),
        ({}, None, {"mc.objet.forme", "mc.salaries.inconnue"}, LENT | OFFERED | {"mc.objet.agents"}),
    ],
)  # fmt: skip
def test_each_form_has_its_clauses(
    facts: dict[str, Any], variant: str | None, there: set[str], absent: set[str]
) -> None:
    document = written(facts)

    assert document.variante == variant
    assert there | ALWAYS <= clauses(document)
    assert not absent & clauses(document)


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("forme_pret", {}, None),
        ("forme_pret", {"forme": "inconnu"}, None),
        ("forme_pret", {"forme_mc": "pret_main_oeuvre"}, True),
        ("forme_pret", {"forme": "prestation_offerte", "forme_mc": "pret_main_oeuvre"}, False),
        ("forme_prestation", {"forme": "prestation_offerte"}, True),
        ("forme_prestation", {"forme": "pret_main_oeuvre"}, False),
        ("agents_publics", {}, None),
        ("agents_publics", {"mc": {"agents_publics": True}}, True),
        ("agents_publics", {"mc": {"agents_publics": False}}, False),
    ],
)
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer


def test_staff_lent_without_a_written_agreement_is_marked_and_never_said_to_have_agreed() -> None:
    case = complete()
    del case["salaries"][0]["accord_ecrit_date"]

    document = written(case)

    assert missing(document) == {"salaries[].accord_ecrit_date"}
    assert "a donné son accord" not in text(document)


def test_profiles_are_enough_for_a_service_offered() -> None:
    assert "salaries[].identite" not in missing(written(complete("prestation")), certain=False)


def test_what_is_invoiced_is_printed_when_it_is_not_nothing() -> None:
    assert "ne facture rien" in text(written(complete()))
    paid = text(written(complete("pret", **{"mc.facturation": 500})))
    assert "ne facture rien" not in paid
    assert "Somme facturée au Bénéficiaire\u00a0: 500\u202f€" in paid
