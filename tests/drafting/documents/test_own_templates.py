"""An organisation's own clauses and templates: checked by a command, printed everywhere."""

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.bootstrap import build_office
from assistant.casefile.facts import parse_facts
from assistant.cli import main
from assistant.settings import Settings
from tests.drafting.clean_cases import a_case

GOOD = """
version: "org-1"
textes:
  projet: "BROUILLON INTERNE"
clauses:
  don:
    - id: org.don.carte
      sources: ["projet"]
      optionnelle: true
      texte: |
        {{ nom("beneficiaire") }} adresse une carte de vœux pour {{ montant("don.montant") }}.
  engagements:
    - id: org.engagements.partout
      sources: ["projet"]
      texte: |
        Chacun tient parole.
"""


def own(tmp_path: Path, text: str, name: str = "communs.yaml") -> Path:
    folder = tmp_path / "modeles"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def facts_file(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(a_case("mecenat_financier")[1], default=str), encoding="utf-8")
    return str(path)


def test_a_good_folder_has_nothing_to_mend(tmp_path: Path, capsys) -> None:
    assert main(["lint", str(own(tmp_path, GOOD))]) == 0
    assert "Rien à corriger" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ v('don.inconnu') }}", "le champ « don.inconnu » n’existe pas"),
        ("{{ ''.__class__ }}", "n’est pas permis"),
        ("{% if %}", "le texte ne se lit pas"),
        ("{{ calcul('rien') }}", "le calcul « rien » n’existe pas"),
        ("{{ nom('roi') }}", "le rôle « roi » n’existe pas"),
        ("{% if condition('rien') %}x{% endif %}", "la condition « rien » n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_in_french_with_its_place(
    tmp_path: Path, capsys, text: str, sentence: str
) -> None:
    clause = {"id": "org.don.carte", "sources": ["projet"], "texte": text}
    folder = own(tmp_path, json.dumps({"clauses": {"don": [clause]}}))

    assert main(["lint", str(folder)]) == 2
    out = capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")
    assert "mecenat_financier › don › org.don.carte" in out
    assert sentence in out


@pytest.mark.parametrize(
    ("name", "text"),
    [("communs.yaml", "clauses: 3"), ("essai.yaml", "document: essai"), ("x.yaml", "a: [b")],
)
def test_a_file_that_is_no_template_is_named(tmp_path: Path, capsys, name: str, text: str) -> None:
    assert main(["lint", str(own(tmp_path, text, name))]) == 2
    assert name in capsys.readouterr().err


def test_a_folder_that_is_not_there_or_empty_is_said(tmp_path: Path, capsys) -> None:
    assert main(["lint", str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
    assert main(["lint", str(tmp_path)]) == 2
    assert "aucun fichier .yaml" in capsys.readouterr().err


def test_own_clauses_are_printed_once_in_what_is_drafted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(own(tmp_path, GOOD)))
    out = tmp_path / "x.md"
    assert main(["draft", facts_file(tmp_path), "--out", str(out),
                 "--document", "mecenat_financier"]) == 0  # fmt: skip
    text = out.read_text(encoding="utf-8")

    assert "adresse une carte de vœux" in text
    assert text.count("Chacun tient parole.") == 1
    assert "BROUILLON INTERNE" in text


def test_a_document_of_the_organisation_replaces_ours(tmp_path: Path) -> None:
    text = """
document: mecenat_financier
titre: "Notre convention"
version: "org-2"
sources: ["projet"]
articles:
  - code: don
    titre: "Le don"
    champs:
      - {slot: don.montant, obligation: O}
    clauses:
      - id: org.unique
        sources: ["projet"]
        texte: 'Nous donnons {{ montant("don.montant") }}.'
"""
    office = build_office(Settings(models=own(tmp_path, text, "mecenat_financier.yaml")))
    facts = parse_facts({"don": {"montant": 8000}})
    document = office.write(facts, "mecenat_financier", today=date(2026, 11, 21))

    assert document.titre == "Notre convention"
    assert [article.titre for article in document.articles] == ["Le don"]
    assert main(["lint", str(tmp_path / "modeles")]) == 0
