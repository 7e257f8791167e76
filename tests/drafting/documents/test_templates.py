"""What a template may say, and how a wrong one is reported."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents import figures, lint
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.drafting import draft
from assistant.drafting.documents.language import compiled
from assistant.drafting.documents.logic import View, parse_rule, shown, truth
from assistant.drafting.documents.template import load_templates
from assistant.errors import InvalidContent
from tests.drafting.documents.samples import MODELS, TODAY, library

CLAUSE = {"id": "t.a", "sources": ["guide p. 48"], "texte": "Bonjour."}
ARTICLE = {"code": "objet", "titre": "Objet"}


def folder(tmp_path: Path, articles: list[dict[str, Any]], **more: Any) -> Path:
    (tmp_path / "communs.yaml").write_text((MODELS / "communs.yaml").read_text("utf-8"), "utf-8")
    document = {"document": "essai", "titre": "Essai", "version": "1", "sources": ["projet"]}
    text = yaml.safe_dump(document | {"articles": articles} | more, allow_unicode=True)
    (tmp_path / "essai.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def problems(tmp_path: Path, *clauses: dict[str, Any], champs: Any = ()) -> list[str]:
    article = ARTICLE | {"clauses": [CLAUSE | c for c in clauses], "champs": list(champs)}
    return lint.problems(load_templates(folder(tmp_path, [article])))


def test_shipped_templates_have_no_problem() -> None:
    assert [
        p for p in lint.problems(library()) if p.startswith(("mecenat_financier", "communs"))
    ] == []


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ({"texte": "{{ v('don.monant') }}"}, "unknown slot don.monant"),
        ({"texte": "{{ inconnu('x') }}"}, "not in the language: inconnu"),
        ({"texte": "{{ montant_total }}"}, "not in the language: montant_total"),
        ({"texte": "{{ v('don.montant')|upper }}"}, "not in the language: Filter"),
        ({"texte": "{{ 7*7 }}"}, "not in the language: Mul"),
        ({"texte": "{{ v.__class__ }}"}, "not in the language: .__class__"),
        ({"texte": "{% include 'x' %}"}, "not in the language: Include"),
        ({"texte": "{% set x = 1 %}"}, "not in the language: Assign"),
        ({"texte": "{{ v('don.montant' }}"}, "unreadable"),
        ({"texte": "{% if vaut('duree.renouvellement', 'jamais') %}x{% endif %}"}, None),
        ({"si": "pleine_lune"}, "unknown condition pleine_lune"),
        ({"si": {"vaut": {"duree.renouvellement": "jamais"}}}, "no such value jamais"),
        ({"si": {"connu": "don.monant"}}, "unknown slot don.monant"),
        ({"texte": "{{ calcul('lune') }}"}, "unknown computation lune"),
        ({"texte": "{{ nom('roi') }}"}, "unknown role roi"),
        ({"texte": "{{ condition('pleine_lune') }}"}, "unknown condition pleine_lune"),
        ({"texte": "{% for p in parties %}{{ p.v('age') }}{% endfor %}"}, "unknown slot parties[].age"),
        ({"texte": "{{ v('finances.regime') }}"}, "no words for the values of finances.regime"),
        ({"texte": "a\ue000b"}, "U+E000"),
        ({"defaut": False}, "defaut without optionnelle"),
    ],
)  # fmt: skip
def test_a_wrong_clause_is_reported(
    tmp_path: Path, clause: dict[str, Any], said: str | None
) -> None:
    found = problems(tmp_path, clause)

    assert any(said in p for p in found) if said else found == []


def test_an_obligatory_field_that_no_clause_prints_is_reported(tmp_path: Path) -> None:
    field = {"slot": "objet.projet", "obligation": "O"}

    assert any("never printed: objet.projet" in p for p in problems(tmp_path, {}, champs=[field]))
    assert problems(tmp_path, {"texte": "{{ v('objet.projet') }}"}, champs=[field]) == []


def test_two_clauses_with_one_id_are_reported(tmp_path: Path) -> None:
    articles = [ARTICLE | {"clauses": [CLAUSE]}, ARTICLE | {"clauses": [CLAUSE]}]

    assert "essai: clause id twice: t.a" in lint.problems(
        load_templates(folder(tmp_path, articles))
    )


@pytest.mark.parametrize(
    "article",
    [
        {"code": "lune"},
        {"clauses": [CLAUSE | {"sources": ["guide p. 400"]}]},
        {"clauses": [CLAUSE | {"sources": []}]},
        {"clauses": [CLAUSE | {"text": "faute de frappe"}]},
        {"champs": [{"slot": "objet.projet", "obligation": "C"}]},
        {"commun": "lune"},
        {"si": {"peut_etre": "x"}},
    ],
)
def test_a_file_outside_the_schema_is_refused(tmp_path: Path, article: dict[str, Any]) -> None:
    with pytest.raises(InvalidContent):
        load_templates(folder(tmp_path, [ARTICLE | article]))


def test_an_unsafe_clause_is_refused_even_without_the_lint() -> None:
    with pytest.raises(InvalidContent):
        compiled("{{ v.__init__.__globals__ }}")


def test_an_organisation_replaces_a_document_and_adds_a_clause(tmp_path: Path) -> None:
    (tmp_path / "communs.yaml").write_text(
        yaml.safe_dump({"version": "org-1", "clauses": {"don": [CLAUSE | {"id": "org.don"}]}}),
        "utf-8",
    )

    shelf = load_templates(MODELS, tmp_path)

    document = draft(parse_facts({}), "mecenat_financier", library=shelf, labels={}, today=TODAY)
    don = next(a for a in document.articles if a.code == "don")
    assert don.clauses[-1].id == "org.don"
    assert "org-1" in document.version_modele


def test_the_lint_command_fails_with_the_problems(tmp_path: Path, capsys: Any) -> None:
    bad = folder(tmp_path, [ARTICLE | {"clauses": [CLAUSE | {"si": "pleine_lune"}]}])

    assert lint.main([str(bad)]) == 1
    assert "pleine_lune" in capsys.readouterr().out


def test_unknown_stays_unknown_through_et_ou_non() -> None:
    view = View(parse_facts({"payeur_public": False}))
    unknown, false = {"connu": "don.montant"}, "payeur_public"

    assert truth(parse_rule({"et": [unknown, false]}), view) is False
    assert truth(parse_rule({"ou": [unknown, false]}), view) is None
    assert truth(parse_rule({"non": unknown}), view) is None
    assert shown(parse_rule({"non": unknown}), view) is True
    assert truth(parse_rule({"non": false}), view) is True


def test_every_condition_is_unknown_or_settled_by_an_empty_case() -> None:
    view = View(parse_facts({}))

    assert {name for name, test in REGISTRY.items() if test(view) is True} == set()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "zéro euro"), (1, "un euro"), (2, "deux euros"), (80, "quatre-vingts euros"),
        (200, "deux cents euros"), (1_000_000, "un million d’euros"),
        (2_000_000, "deux millions d’euros"), (1.5, "un euro et cinquante centimes"),
        (0.01, "un centime"), (80_000, "quatre-vingt mille euros"),
        (2_500_300, "deux millions cinq cent mille trois cents euros"),
    ],
)  # fmt: skip
def test_amounts_in_words(value: float, said: str) -> None:
    from decimal import Decimal

    assert figures.in_words(Decimal(str(value))) == said


def test_an_obligatory_field_whose_clause_is_hidden_is_marked_all_the_same(tmp_path: Path) -> None:
    clause = CLAUSE | {"texte": "{{ v('objet.projet') }}", "si": {"connu": "don.montant"}}
    field = {"slot": "objet.projet", "obligation": "O"}
    article = ARTICLE | {"clauses": [clause], "champs": [field]}
    shelf = load_templates(folder(tmp_path, [article]))

    document = draft(parse_facts({}), "essai", library=shelf, labels={}, today=TODAY)

    assert "Reste à préciser" in document.articles[0].texte
    assert "[À COMPLÉTER\u00a0: projet]" in document.articles[0].texte
