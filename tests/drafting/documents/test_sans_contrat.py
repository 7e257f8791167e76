"""What is no contract (§1.7, §3.2): the volunteer's letter, the record, the sheet of the need."""

from typing import Any

import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents import lint
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.logic import View
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.documents.drafts import (
    check_bare,
    check_complete,
    clauses,
    missing,
    office,
    text,
    written,
)
from tests.drafting.documents.samples import library

HOST = a_case("mecenat_nature")[1]["parties"][0]
LETTER: dict[str, Any] = {
    "flux": ["temps_salarie"], "temps_travail": "libre",
    "parties": [HOST, a_case("mecenat_nature")[1]["parties"][1]],
    "benevole": {
        "nom": "Nadia Roussel", "employeur": "Maison Tessier Mobilier",
        "assurance": "contrat multirisque de l'association",
    },
    "mission": {
        "titre": "refaire le site", "finalite": "Faire connaître l'atelier.",
        "livrables": ["un site"], "exclusions": ["la maintenance"],
    },
    "mc": {
        "debut": "2027-01-11", "fin": "2027-03-26", "horaires": "le jeudi soir", "lieu": "Nantes",
        "tuteur_association": "Samir Belkacem", "frais": "transport, par l'association",
        "accident_procedure": "prévenir l'association le jour même",
    },
    "signature": {"lieu": "Nantes", "date": "2026-12-15"},
}  # fmt: skip
RECORD: dict[str, Any] = {
    "refus_contractualiser": True, "flux": ["mutualisation"],
    "reunion": {
        "date": "2026-11-18", "lieu": "Nantes", "participants": ["Hélène Cadiou", "Marc Tessier"],
        "echanges": ["chacun présente ses attentes"], "accords": ["se revoir"], "desaccords": [],
        "corrections_jours": 8,
    },
}  # fmt: skip
GRANT = a_case("subvention_cpo")[1]
PURCHASE: dict[str, Any] = {
    "payeur_public": True, "besoin_defini_par_payeur": True, "prestation_individualisee": True,
    "initiative": "collectivite", "flux": ["prix"], "objet": {"projet": "Entretenir les berges."},
    "acteur_nom": "Les Jardins du Canal", "prix": {"montant_ht": 22000},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "case", "expected"),
    [
        ("lettre_mission_benevolat", LETTER, {"MC-06"}),
        ("compte_rendu", RECORD, set()),
        ("compte_rendu", a_case("partenariat")[1] | RECORD, set()),
        ("fiche_besoin", GRANT, set()),
    ],
)
def test_a_complete_case_lacks_nothing(name: str, case: dict[str, Any], expected: set[str]) -> None:
    check_complete(written(name, case), *expected)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("lettre_mission_benevolat", {"benevole.nom", "mission.titre", "benevole.assurance"}),
        ("compte_rendu", {"reunion.date", "reunion.participants", "reunion.desaccords"}),
        ("fiche_besoin", {"payeur_public", "initiative", "besoin_defini_par_payeur"}),
    ],
)
def test_an_empty_case_prints_gaps_and_nothing_else(name: str, wanted: set[str]) -> None:
    document = written(name, {})

    check_bare(document)
    assert wanted <= missing(document)


def test_the_employer_does_not_sign_the_letter_of_a_volunteer() -> None:
    document = written("lettre_mission_benevolat", LETTER)

    parties, signatures = document.articles[0].texte, document.articles[-1].texte
    assert "La Ressourcerie des Deux Rives" in parties
    assert "Marc Tessier" not in text(document)
    assert "Nadia Roussel" in signatures
    assert "n’est pas partie" in parties


def test_the_letter_values_no_time_and_promises_no_receipt() -> None:
    said = text(written("lettre_mission_benevolat", LETTER))

    assert "il n’est ni valorisé ni porté sur un reçu fiscal" in said
    assert "€" not in said


def test_a_record_commits_nobody() -> None:
    said = text(written("compte_rendu", RECORD))

    assert "s’engage" not in said
    assert "Il ne crée pas d’obligation" in said
    assert "Aucun point de désaccord" in said


@pytest.mark.parametrize(
    ("flows", "shown"),
    [(["don_numeraire"], True), (["prix", "aucun"], True), (["mutualisation"], False), (None, False)],
)  # fmt: skip
def test_a_record_warns_when_something_would_change_hands(
    flows: list[str] | None, shown: bool
) -> None:
    found = clauses(written("compte_rendu", changed(RECORD, {"flux": flows})))

    assert ("cr.portee.flux" in found) is shown


GRANT_ONLY = {"fb.subvention.modele", "fb.subvention.preparer", "fb.finances.tableau"}
MARKET_ONLY = {"fb.marche.regle", "fb.marche.qui", "fb.marche.reprise"}


@pytest.mark.parametrize(
    ("case", "variant", "there", "absent"),
    [
        (GRANT, "subvention", GRANT_ONLY | {"fb.conditions.subvention"}, MARKET_ONLY),
        (PURCHASE, "marche_public", MARKET_ONLY | {"fb.conditions.marche"}, GRANT_ONLY),
        ({"payeur_public": True}, None, {"fb.conditions.incertain", "fb.marche.regle", "fb.subvention.modele"}, {"fb.finances.tableau", "fb.marche.reprise"}),
    ],
)  # fmt: skip
def test_the_sheet_says_why_and_whom_to_ask(
    case: dict[str, Any], variant: str | None, there: set[str], absent: set[str]
) -> None:
    document = written("fiche_besoin", case)

    assert document.variante == variant
    assert there <= clauses(document)
    assert not absent & clauses(document)


def test_the_sheet_takes_its_figures_from_the_dated_parameters() -> None:
    said = text(written("fiche_besoin", GRANT))

    for figure in ("23\u202f000\u202f€", "12156", "15059", "60 jours", "6 mois", "7 engagements"):
        assert figure in said.replace("\u00a0", " "), figure
    assert "29 septembre 2015" in said


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("probable_marche", {}, None),
        ("probable_marche", PURCHASE, True),
        ("probable_marche", {"payeur_public": True, "contrepartie_niveau": "equivalente"}, True),
        ("probable_marche", PURCHASE | {"payeur_public": False}, False),
        ("probable_marche", {"besoin_defini_par_payeur": True}, None),
        ("probable_subvention", {}, None),
        ("probable_subvention", GRANT, True),
        ("probable_subvention", GRANT | {"initiative": "collectivite"}, False),
        ("probable_subvention", GRANT | {"prestation_individualisee": True}, False),
        ("probable_subvention", GRANT | {"besoin_defini_par_payeur": True}, False),
        ("probable_subvention", GRANT | {"flux": ["prix"]}, False),
        ("flux_engageant", {}, None),
        ("flux_engageant", {"flux": ["aucun"]}, False),
        ("accueil_nomme", {}, None),
        ("accueil_nomme", {"parties": [{"role": "association"}]}, True),
    ],
)
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer


@pytest.mark.parametrize(
    "name",
    [
        "mecenat_financier", "mecenat_nature", "mecenat_competences", "lettre_mission_benevolat",
        "compte_rendu", "fiche_besoin",
    ],
)  # fmt: skip
def test_templates_have_no_problem(name: str) -> None:
    assert [p for p in lint.problems(library()) if p.startswith((f"{name}:", "communs"))] == []


@pytest.mark.parametrize("case", [GRANT, PURCHASE])
def test_public_money_leads_to_the_sheet_and_to_no_convention(case: dict[str, Any]) -> None:
    assert office().documents_of(parse_facts(case)) == ("fiche_besoin",)
