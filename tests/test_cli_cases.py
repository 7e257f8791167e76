"""``assistant recommend | check | draft | schema``: the shapes of design.md §4, and what goes wrong."""

import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assistant.casefile.facts import Facts
from assistant.cli import main

GIFT = {
    "acteur_type": "association", "objectif_dominant": "modele_eco", "sens_apport": "E_vers_A",
    "contrepartie_niveau": "aucune", "flux": ["don_numeraire"], "coconstruction": 1, "maturite": 1,
    "don": {"montant": 8000},
}  # fmt: skip


def facts_file(directory: Path, value: Any) -> str:
    path = directory / "facts.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_recommend_has_the_published_shape(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recommend", facts_file(tmp_path, GIFT)]) == 0
    found = said(capsys)

    assert {"categorie", "modele", "contrat", "annexes", "confidence", "reasons", "rejected",
            "missing", "alerts"} <= found.keys()  # fmt: skip
    assert (found["categorie"], found["modele"], found["contrat"]) == (
        "mecenat", "mecenat_traditionnel", "mecenat_financier",
    )  # fmt: skip
    assert found["confidence"] in ("haute", "moyenne", "basse")
    assert all(reason["text"] and reason["source"] for reason in found["reasons"])
    assert all(set(rejected) >= {"option", "why"} for rejected in found["rejected"])


def test_check_has_the_published_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", facts_file(tmp_path, GIFT)]) == 0
    found = said(capsys)

    assert found["contrat"] == "mecenat_financier"
    assert 0 < found["filled"] < found["required"]
    assert all(issue["severity"] in ("bloquant", "alerte", "conseil") for issue in found["issues"])
    assert all(
        set(issue) == {"rule", "severity", "article", "message", "source"} and issue["message"]
        for issue in found["issues"]
    )


@pytest.mark.parametrize("form", ["docx", "odt", "pdf", "md", "html", "json"])
def test_draft_writes_each_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    out = tmp_path / f"convention.{form}"

    assert main(["draft", facts_file(tmp_path, GIFT), "--out", str(out)]) == 0
    content = out.read_bytes()
    starts = {"docx": b"PK", "odt": b"PK", "pdf": b"%PDF-", "json": b"{", "html": b"<!DOCTYPE html"}
    assert content.startswith(starts.get(form, b""))
    if form in ("docx", "odt"):
        assert zipfile.ZipFile(out).testzip() is None
    else:
        assert b"COMPL" in content or form == "pdf"
    assert "projet à faire relire" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["plan_action", "grille_evaluation"])
def test_the_plan_and_the_grid_are_written_too(tmp_path: Path, name: str) -> None:
    out = tmp_path / "x.xlsx"

    assert main(["draft", facts_file(tmp_path, GIFT), "--out", str(out), "--document", name]) == 0
    assert zipfile.ZipFile(out).testzip() is None


def test_the_schema_accepts_the_facts_that_are_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "facts"]) == 0
    schema = said(capsys)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors(GIFT))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors({"inconnu_au_bataillon": 1}))
    assert schema["properties"].keys() == Facts.model_fields.keys()
    assert schema["properties"]["acteur_type"]["title"] == "Type de votre structure"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"montant_du_don": 1, "don": {"truc": 2}}, "don.truc, montant_du_don"),
        ({"don": {"montant": -1}}, "n’est pas un nombre possible"),
        ({"date_cible": "2027-02-30"}, "n’existe pas"),
        ({"flux": ["cadeau"]}, "n’est pas une des valeurs prévues"),
        ([1], "un seul objet JSON"),
        ("{", "n’est pas du JSON valide"),
    ],
)
def test_wrong_facts_are_named_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: Any, sentence: str
) -> None:
    for command in (["recommend"], ["check"], ["draft", "--out", str(tmp_path / "x.docx")]):
        assert main([command[0], facts_file(tmp_path, value), *command[1:]]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert sentence in captured.err
        assert captured.err.count("\n") == 1


def test_what_cannot_be_drafted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    undecided = facts_file(tmp_path, {"acteur_type": "association"})
    for arguments, sentence in (
        ([undecided, "--out", str(tmp_path / "x.docx")], "sans deviner"),
        ([undecided, "--out", str(tmp_path / "x.zzz"), "--document", "plan_action"], "zzz"),
        ([undecided, "--out", str(tmp_path / "non" / "x.md"), "--document", "plan_action"],
         "ne peut pas être écrit"),
        ([undecided, "--out", str(tmp_path / "x.md"), "--document", "testament"], "testament"),
        ([str(tmp_path / "absent.json"), "--out", "x.md"], "n’existe pas"),
    ):  # fmt: skip
        assert main(["draft", *arguments]) == 2
        assert sentence in capsys.readouterr().err


def test_the_same_facts_give_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    for out in (first, second):
        main(["draft", facts_file(tmp_path, GIFT), "--out", str(out)])

    assert first.read_bytes() == second.read_bytes()
