"""``make corpus-check`` finds each kind of fault, and nothing in sound content."""

from pathlib import Path

import pytest

from assistant.knowledge.check import SOURCE_FILES, main
from tests.builders import a_card_file, a_sources_file

SOURCE = "au petit matin le jardinier du village arrose longuement ses tomates avant que le soleil ne brûle"


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """Sound content: two cards, each source section covered, source texts at hand."""
    directory = tmp_path / "corpus"
    a_sources_file(directory)
    (directory / "glossaire.yaml").write_text("termes: []\n", encoding="utf-8")
    a_card_file(directory, "potager", voir_aussi=["outils"])
    a_card_file(
        directory,
        "outils",
        sources=[{"document": "affiche", "page": None, "section": "Les outils"}],
    )
    sources = tmp_path / "sources"
    sources.mkdir()
    for name in SOURCE_FILES.values():
        (sources / name).write_text(SOURCE, encoding="utf-8")
    return directory


def findings(garden: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(["--corpus", str(garden), "--sources", str(garden.parent / "sources"), *options])
    return code, capsys.readouterr().err


def test_sound_content_passes(garden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(garden, capsys) == (0, "")


LEAD = "Un potager demande de l'eau, de la lumière et un peu de patience au fil des saisons."


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"sources": [{"document": "manuel", "page": 7, "section": "Le potager"}]}, "page 7 outside"),
        ({"sources": [{"document": "manuel", "page": None, "section": "Le potager"}]}, "page None outside"),
        ({"sources": [{"document": "affiche", "page": 1, "section": "Les outils"}]}, "is not paged"),
        ({"sources": [{"document": "manuel", "page": 2, "section": "La serre"}]}, "unknown section"),
        ({"sources": [{"document": "roman", "page": 2, "section": "Le potager"}]}, "unknown document"),
        ({"voir_aussi": ["nulle-part"]}, "no card nulle-part"),
        ({"voir_aussi": ["tomates"]}, "no card tomates"),
        ({"questions": ["Quoi potager ?", "Un ?", "Deux ?", "Trois ?", "Quatre ?"]}, "question shared with potager"),
        ({"questions": ["Un ?", "un", "Deux ?", "Trois ?", "Quatre ?"]}, "question twice: un"),
        ({"body": f"{LEAD}\n\nOn le sait : le jardinier du village arrose longuement ses tomates avant que le soleil ne."},
         "copied from a source"),
        ({"body": LEAD + " De l'eau encore." * 70}, "body of"),
        ({"body": "Trop court."}, "body of 11 characters"),
        ({"body": f"- {LEAD}"}, "must begin with a sentence"),
        ({"body": f"{LEAD}\n\n## Un titre"}, "heading"),
        ({"body": f"{LEAD} [lien](https://exemple.fr)"}, "link"),
        ({"body": f"{LEAD} <b>gras</b>"}, "HTML"),
        ({"body": f"{LEAD}[^2]"}, "marque_sans_source"),
        ({"etape": 9}, "champ_invalide"),
    ],
)  # fmt: skip
def test_each_fault_is_found_in_its_file(
    garden: Path, capsys: pytest.CaptureFixture[str], fault: dict[str, object], problem: str
) -> None:
    a_card_file(garden, "tomates", **fault)  # type: ignore[arg-type]

    code, said = findings(garden, capsys)

    assert code == 1
    assert any("tomates.md" in line and problem in line for line in said.splitlines()), said


def test_a_run_of_twelve_common_words_is_allowed(
    garden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twelve = " ".join(SOURCE.split()[2:14])
    a_card_file(garden, "tomates", body=f"{LEAD} Voici : {twelve}, voilà tout.")

    assert findings(garden, capsys) == (0, "")


def test_a_run_made_of_names_is_allowed(garden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = " ".join(word.capitalize() for word in SOURCE.split()[2:15])
    a_card_file(garden, "tomates", body=f"{LEAD} Voici {named}.")

    assert findings(garden, capsys) == (0, "")


def test_a_section_without_a_card_is_found(
    garden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (garden / "fiches" / "outils.md").unlink()
    a_card_file(garden, "potager")

    code, said = findings(garden, capsys)

    assert (code, said) == (1, "corpus/fiches: no card covers affiche « Les outils »\n")


def test_a_file_named_otherwise_than_its_card_is_found(
    garden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (garden / "fiches" / "potager.md").rename(garden / "fiches" / "autre.md")

    assert "file name differs" in findings(garden, capsys)[1]


def test_an_id_used_twice_is_found(garden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (garden / "fiches" / "bis").mkdir()
    card = (garden / "fiches" / "outils.md").read_text(encoding="utf-8")
    (garden / "fiches" / "bis" / "outils.md").write_text(card, encoding="utf-8")

    assert "used twice" in findings(garden, capsys)[1]


def test_only_shows_the_findings_of_some_files(
    garden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_card_file(garden, "tomates", body="Trop court.")

    assert findings(garden, capsys, "--only", "potager") == (0, "")
    assert findings(garden, capsys, "--only", "tomates")[0] == 1


def test_the_real_content_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])

    assert (code, capsys.readouterr().err) == (0, "")
