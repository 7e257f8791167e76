"""The action plan (conventions.md §1.8) and the crossed evaluation (§1.9), on pages and in sheets."""

import io
from typing import Any

import openpyxl
import pytest

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.derived import FORMULAS, GAP
from assistant.drafting.documents.document import Article, DocumentConvention
from assistant.drafting.documents.logic import View
from assistant.drafting.documents.nodes import Table, Value, plain
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

PLAN, GRID = "plan_action", "grille_evaluation"
SECTIONS = [
    "En-tête", "Objectif et résultats attendus", "Territoires et cibles", "Actions",
    "Moyens et budget", "Pilotage", "Communication", "Risques et parades",
    "Points d'évaluation", "Journal des révisions",
]  # fmt: skip
ANALYSES = [
    "Mode d'emploi", "Période et personnes qui répondent", "Le cadre (analyse 1)",
    "Le contenu (analyse 2)", "Les résultats (analyse 3)",
    "Les convictions et l'avenir (analyse 4)",
]  # fmt: skip
VALUES = {"pl.valeur.annexe", "pl.valeur.travail", "pl.valeur.contradiction"}
FREE = {"plan.valeur": "non_contractuel"}
APART = [
    {"partie": "La Ressourcerie", "ligne": "Pilotage", "note": 5},
    {"partie": "maison tessier mobilier", "ligne": "pilotage", "note": 2},
    {"partie": "La Ressourcerie", "ligne": "communication", "note": 3},
    {"partie": "Maison Tessier", "ligne": "communication"},
    {"partie": "La Ressourcerie", "ligne": "moyens", "note": 4},
]


def complete(name: str, **changes: Any) -> dict[str, Any]:
    return changed(a_case(name)[1], changes)


def titles(document: DocumentConvention) -> list[str]:
    return [article.titre.replace("\u2019", "'") for article in document.articles]


def article(document: DocumentConvention, title: str) -> Article:
    return next(a for a in document.articles if a.titre.replace("\u2019", "'") == title)


def tables(document: DocumentConvention) -> dict[str, Table]:
    blocks = (block for a in document.articles for block in a.blocs)
    return {b.titre.replace("\u2019", "'"): b for b in blocks if isinstance(b, Table)}


def cells(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in table.lignes]


@pytest.mark.parametrize(("name", "wanted"), [(PLAN, SECTIONS), (GRID, ANALYSES)])
def test_a_complete_case_lacks_nothing_and_raises_no_alert(name: str, wanted: list[str]) -> None:
    document = written(name, complete(name))

    check_complete(document)
    assert titles(document) == wanted


@pytest.mark.parametrize(("name", "wanted"), [(PLAN, SECTIONS), (GRID, ANALYSES)])
def test_nothing_said_is_every_section_of_gaps_in_order(name: str, wanted: list[str]) -> None:
    document = written(name, {})

    check_bare(document)
    assert titles(document) == wanted
    assert "Reste à préciser" not in text(document)


def test_a_partial_plan_marks_pilots_and_dates() -> None:
    plan = {"actions": [{"intitule": "Collecte"}, {"intitule": "Tri", "fin": "2027-05-01"}]}

    document = written(PLAN, complete(PLAN, plan=plan, annexes=[]))

    assert {"plan.actions[].pilote", "plan.actions[].debut"} <= missing(document)
    gaps = next(f for f in document.champs_manquants if f.champ == "plan.actions[].debut")
    assert gaps.chemins == ("plan.actions.0.debut",)
    assert alerts(document) == {"PLAN-01"}


@pytest.mark.parametrize(
    ("changes", "clause", "conflict"),
    [
        ({}, "pl.valeur.annexe", False),
        (FREE | {"annexes": ["budget"]}, "pl.valeur.travail", False),
        (FREE | {"annexes_font_partie_integrante": False}, "pl.valeur.travail", False),
        (FREE, "pl.valeur.contradiction", True),
    ],
)
def test_a_plan_binds_or_not_and_never_both(
    changes: dict[str, Any], clause: str, conflict: bool
) -> None:
    document = written(PLAN, complete(PLAN, **changes))

    assert clauses(document) & VALUES == {clause}
    assert ("PLAN-04" in alerts(document)) is conflict


def test_a_plan_adds_up_its_budget_and_its_days() -> None:
    found = tables(written(PLAN, complete(PLAN)))

    assert plain(found["Budget prévisionnel"].lignes[-1][-1]) == "16\u202f000\u202f€"
    assert plain(found["Temps consacré par chaque partie"].lignes[-1][-1]) == "74"


def test_a_total_that_is_not_the_sum_is_said() -> None:
    wrong = complete(PLAN, **{"plan.budget_total": 17000})

    assert "pl.budget.annonce" in clauses(written(PLAN, wrong))
    assert "pl.budget.annonce" not in clauses(written(PLAN, complete(PLAN)))


def test_no_risk_and_no_expense_are_said_in_words() -> None:
    facts = complete(PLAN, **{"plan.risques": [], "plan.budget": [], "plan.budget_total": None})

    document = written(PLAN, facts)

    assert "Aucun risque" in text(document)
    assert "Aucune dépense" in text(document)
    assert document.champs_manquants == ()


def crossed(notes: list[dict[str, Any]] | None = None) -> DocumentConvention:
    changes = {} if notes is None else {"eval.notes": notes}
    return written(GRID, complete(GRID, **changes))


def test_answers_of_the_sides_stand_side_by_side_with_their_gap() -> None:
    table = tables(crossed(APART))["Notes croisées et écarts de perception"]

    assert [column.titre for column in table.colonnes] == [
        "Sujet noté", "La Ressourcerie", "Maison Tessier", "Écart", "Note retenue ensemble"
    ]  # fmt: skip
    assert cells(table) == [
        ["Pilotage", "5", "2", "3", ""],
        ["communication", "3", "sans objet", "", ""],
        ["moyens", "4", "pas de réponse", "", ""],
    ]


def test_a_gap_says_what_it_is_computed_from_and_stands_out() -> None:
    table = tables(crossed(APART))["Notes croisées et écarts de perception"]

    gap = table.lignes[0][3][0]
    assert isinstance(gap, Value)
    assert (gap.slot, gap.derive_de, gap.gras) == ("eval.ecarts", ("eval.notes",), True)
    assert gap.origine is not None


def test_somebody_who_is_no_party_has_a_column_too() -> None:
    notes = [*APART, {"partie": "La Ville", "ligne": "moyens", "note": 1}]

    table = tables(crossed(notes))["Notes croisées et écarts de perception"]

    assert table.colonnes[3].titre == "La Ville"
    assert cells(table)[2] == ["moyens", "4", "pas de réponse", "1", "3", ""]


@pytest.mark.parametrize(
    ("notes", "clause"),
    [(APART, "ge.resultats.ecarts"), (None, "ge.resultats.sans-ecart")],
)
def test_large_gaps_are_named_before_any_decision(
    notes: list[dict[str, Any]] | None, clause: str
) -> None:
    document = crossed(notes)

    gaps = {"ge.resultats.ecarts", "ge.resultats.sans-ecart"}
    assert clauses(document) & gaps == {clause}
    assert ("Pilotage (3)" in text(document)) is (notes is APART)


def test_the_gap_to_discuss_is_that_of_the_parameters() -> None:
    assert office().parameters.amount("outil.evaluation.ecart") == GAP


def test_without_marks_the_grid_is_a_form() -> None:
    document = written(GRID, complete(GRID, **{"eval.notes": None}))

    assert missing(document) == {"eval.notes"}
    assert "Notes croisées, à remplir" in tables(document)
    assert "ge.resultats.notes" not in clauses(document)


def test_a_decision_waits_for_every_side() -> None:
    alone = {"eval.notes": APART[:1], "eval.repondants": [{"partie": "La Ressourcerie"}]}

    document = written(GRID, complete(GRID, **alone))

    assert {"ge.avenir.decision-reservee", "ge.repondants.manque"} <= clauses(document)
    assert "ge.avenir.decision" not in clauses(document)
    assert "EVAL-02" in alerts(document)
    assert "ge.avenir.decision" in clauses(crossed())


@pytest.mark.parametrize(
    ("decision", "clause"),
    [("reconduire", "ge.avenir.suite"), ("changer_de_categorie", "ge.avenir.suite"),
     ("achever", "ge.avenir.fin")],
)  # fmt: skip
def test_a_decision_says_what_follows(decision: str, clause: str) -> None:
    document = written(GRID, complete(GRID, **{"eval.decision": decision}))

    assert clauses(document) & {"ge.avenir.suite", "ge.avenir.fin"} == {clause}


def test_an_authority_has_its_line() -> None:
    line = ["Ceux de la collectivité", "sans objet"]
    silent = complete(GRID, **{"eval.objectifs.collectivite": None})
    public = complete(GRID, **{"eval.objectifs.collectivite": None})
    public["parties"].append({"type_acteur": "collectivite", "designation_courte": "La Commune"})

    assert line in cells(tables(written(GRID, silent))["Atteinte des objectifs"])
    assert "eval.objectifs.collectivite" in missing(written(GRID, public))


def test_a_result_is_not_called_an_impact() -> None:
    said = text(written(GRID, {}))

    assert "on ne parle d’impact que pour un changement constaté" in said
    assert said.count("impact") == 1


@pytest.mark.parametrize("name", [PLAN, GRID])
def test_a_workbook_holds_every_table_and_every_sentence(name: str) -> None:
    document = written(name, complete(name))

    book = openpyxl.load_workbook(io.BytesIO(office().file(document, "xlsx")))

    assert len(book.sheetnames) == 1 + len(tables(document))
    held = {c.value for sheet in book for row in sheet for c in row if c.value}
    for table in tables(document).values():
        assert {plain(cell) for row in table.lignes for cell in row if cell} <= held
    front = "\n".join(str(c.value) for c in book.worksheets[0]["A"] if c.value)
    blocks = [b for a in document.articles for b in a.blocs if not isinstance(b, Table)]
    assert blocks
    assert all(a.titre in front for a in document.articles)
    assert all(plain(b.contenu) in front for b in blocks if b.type == "paragraphe")


SIDES = {"parties": [{"designation_courte": "A"}, {"designation_courte": "B"}]}


@pytest.mark.parametrize(
    ("name", "facts", "answer"),
    [
        ("budget_annonce_different", {}, None),
        ("budget_annonce_different",
         {"plan": {"budget_total": 2, "budget": [{"poste": "x", "montant": 2}]}}, False),
        ("budget_annonce_different",
         {"plan": {"budget_total": 3, "budget": [{"poste": "x", "montant": 2}]}}, True),
        ("ecarts_a_discuter", {}, None),
        ("ecarts_a_discuter", {"eval": {"notes": APART}}, True),
        ("ecarts_a_discuter", {"eval": {"notes": APART[2:]}}, False),
        ("reponses_croisees", {}, None),
        ("reponses_croisees", SIDES, False),
        ("reponses_croisees",
         SIDES | {"eval": {"repondants": [{"partie": "a"}, {"partie": "B"}]}}, True),
        ("reponses_croisees",
         SIDES | {"eval": {"notes": [{"partie": "A", "ligne": "x", "note": 1}]}}, False),
    ],
)  # fmt: skip
def test_conditions_answer_both_ways_or_not_at_all(
    name: str, facts: dict[str, Any], answer: bool | None
) -> None:
    assert REGISTRY[name](View(parse_facts(facts))) is answer


def test_the_total_of_invoices_is_unknown_when_a_part_is() -> None:
    parts = {"facturation": {"echeancier": [{"montant": 2000}, {"montant": 500}]}}
    open_ = {"facturation": {"echeancier": [{"montant": 2000}, {"date": "2027-01-01"}]}}

    total = FORMULAS["facturation.total"]
    assert total(parse_facts(parts)).text == "2\u202f500\u202f€"
    assert total(parse_facts(open_)).text is None
