"""The examples of docs/examples are what the code writes today."""

from pathlib import Path

import pytest

from assistant.drafting.rendering.render import formats
from assistant.settings import load_settings
from eval.examples import (
    CASES,
    EXAMPLES,
    FORMATS,
    WORKSHOP,
    examples,
    workshop,
    workshop_file,
    write,
)
from tests.builders import ROOT
from tests.drafting.documents.drafts import office, text

LARGEST = 3_000_000  # bytes, all examples together
NAMES = sorted(office().library.documents)
WRITTEN = {document.type_document: document for document in examples(office())}


def test_each_type_of_document_has_an_example() -> None:
    assert sorted(WRITTEN) == NAMES
    assert sorted(path.stem for path in CASES.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_markdown_of_an_example_is_up_to_date(name: str) -> None:
    made = office().file(WRITTEN[name], "md").decode("utf-8")

    kept = (EXAMPLES / f"{name}.md").read_text(encoding="utf-8")
    assert kept == made, "python -m eval examples"


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_complete_and_nothing_blocks_it(name: str) -> None:
    document = WRITTEN[name]

    assert document.champs_manquants == ()
    assert "[À" not in text(document)
    assert "bloquant" not in {alert.severite for alert in document.alertes}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_there_in_each_of_its_formats(name: str) -> None:
    wanted = {form for form in formats(name) if form in FORMATS}

    assert {path.suffix[1:] for path in EXAMPLES.glob(f"{name}.*")} == wanted


def test_examples_stay_small_and_are_all_listed() -> None:
    files = list(EXAMPLES.iterdir())
    guide = (EXAMPLES / "LISEZMOI.md").read_text(encoding="utf-8")

    assert sum(path.stat().st_size for path in files) < LARGEST
    assert {path.stem for path in files} == {*NAMES, WORKSHOP, "LISEZMOI"}
    assert all(f"`{name}`" in guide for name in (*NAMES, WORKSHOP))
    assert (ROOT / "docs" / "examples") == EXAMPLES


def test_writing_takes_away_what_is_no_example_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "ancien.md").write_text("x", encoding="utf-8")
    (tmp_path / "LISEZMOI.md").write_text("y", encoding="utf-8")

    written = write(office(), tmp_path, forms=("md",))

    assert {path.name for path in tmp_path.iterdir()} == {
        "LISEZMOI.md", *(path.name for path in written)
    }  # fmt: skip
    assert {path.stem for path in written} == set(NAMES)


def test_the_minutes_of_the_workshop_are_up_to_date_in_each_format() -> None:
    kept = (EXAMPLES / f"{WORKSHOP}.md").read_bytes()

    assert kept == workshop_file(workshop(office(), load_settings()), "md"), (
        "python -m eval examples"
    )
    assert {path.suffix[1:] for path in EXAMPLES.glob(f"{WORKSHOP}.*")} == set(FORMATS)
