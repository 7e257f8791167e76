"""Results as a workbook and as CSV: what was typed, never a formula, nobody's name."""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.events import Answered, Asked, Joined
from assistant.workshop.exporting import sheets
from assistant.workshop.exporting.report import Grid, clean
from tests.drafting.rendering.test_hostile_text import HOSTILE
from tests.workshop.building import Story, item
from tests.workshop.exported import NAMES, named, of_story, told, until
from tests.workshop.playing import Play

ACTIVE = {"wide": "＝1+1", "wide plus": "＋33", "cr": "\r=1", "quote": "'=1", "space": "  =1+1",
          "zero width": "\u200b=1", "pipe": "|calc", "long": "é" * 40_000,
          "escape": "_x0041_ et _x000D_", "pairs": "🎉" * 20_000}  # fmt: skip
EVERY = {**HOSTILE, **ACTIVE}
TYPED = {name: text for name, text in HOSTILE.items() if len(text) <= 200}


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells(data: bytes) -> list[Any]:
    return [cell for sheet in book(data) for row in sheet for cell in row if cell.value is not None]


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def asking(*texts: str) -> Story:
    """A room where each commits to a text, past what a form lets through."""
    people = [f"p{rank}" for rank, _ in enumerate(texts)]
    play = Play("engagements", question="Quoi ?").comes(*people).opens()
    for who, text in zip(people, texts, strict=True):
        play.says(who, {"quoi": ["x"], "quand": ["demain"]})
        last = play.story.history[-1]
        event = last.event.model_copy(update={"value": {"what": text, "when": None}})
        play.story.history[-1] = last.model_copy(update={"event": event})
    return play.story


def test_each_activity_and_each_round_has_its_sheet() -> None:
    names = [sheet.title for sheet in book(sheets.xlsx(told()))]

    assert names[0] == "Le déroulé, prévu et réel"
    assert any("Tour 1" in name for name in names)
    assert names[-3:] == ["Contributions", "Rythme", "Les questions de la salle"]
    opened = {item.title for item in told().room.agenda.items if told().scenes(item)}
    assert {name.rpartition(" – ")[2] for name, _ in sheets.grids(told())} == opened
    assert len(opened) == 14
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_numbers_are_numbers_and_no_cell_is_a_formula() -> None:
    found = cells(sheets.xlsx(told()))

    assert {cell.data_type for cell in found} == {"s", "n"}


@pytest.fixture(scope="module")
def hostile() -> list[Any]:
    return cells(sheets.xlsx(of_story(asking(*TYPED.values()))))


@pytest.mark.parametrize("name", TYPED)
def test_a_workbook_holds_what_was_typed_as_text(name: str, hostile: list[Any]) -> None:
    text, found = TYPED[name], hostile

    kept = [cell for cell in found if cell.value == text]
    assert kept
    assert {cell.data_type for cell in kept} == {"s"}
    assert all(cell.quotePrefix for cell in kept) or text[0] not in "=+-@"


@pytest.mark.parametrize("name", ["long", "pairs"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(name: str) -> None:
    story = Play("nuage", question="Un mot ?").comes("Zoé").story
    story.add(Asked(text="Quoi ?", nonce="12345678"), by="Zoé")
    story.add(Answered(question=len(story.history), reply={"answer": ACTIVE[name]}))
    found = cells(sheets.xlsx(of_story(story)))

    cut = [c.value for c in found if isinstance(c.value, str) and c.value.endswith("cellule)")]
    assert cut
    assert all(len(value.encode("utf-16-le")) // 2 <= 32_767 for value in cut)
    assert any(value[:9_000] == ACTIVE[name][:9_000] for value in cut)


def test_control_characters_never_break_a_file() -> None:
    story = asking("avant\x00\x07\x1b[31m\ufffeaprès")

    found = cells(sheets.xlsx(of_story(story)))

    assert "avant[31maprès" in [cell.value for cell in found]


def test_what_excel_would_read_as_an_escape_is_escaped() -> None:
    found = [cell.value for cell in cells(sheets.xlsx(of_story(asking(ACTIVE["escape"]))))]

    assert "_x005F_x0041_ et _x005F_x000D_" in found


@pytest.mark.parametrize("name", EVERY)
def test_a_csv_cell_is_never_computed_and_gives_back_what_was_typed(name: str) -> None:
    text = EVERY[name]

    found = rows_of(sheets.csv_of([Grid("t", ("a", "b"), ((text, 1.5),))]))

    assert found[2][1] == "1,5"
    assert found[2][0].lstrip()[:1] not in set("=+-@＝＋－＠")
    assert sheets.recovered(found[2][0]) == clean(text)


@given(st.text(max_size=40))
def test_any_text_is_defused_and_recovered(text: str) -> None:
    safe = sheets.defused(text)

    assert sheets.recovered(safe) == text
    assert safe[:1] not in set("=+-@\t\r\n＝＋－＠")


@given(st.text(max_size=60))
def test_a_sheet_title_is_one_that_excel_takes(text: str) -> None:
    book_ = openpyxl.Workbook()
    taken = {"x"}

    for _ in range(3):
        title = sheets._title(text, taken)
        assert 0 < len(title.encode("utf-16-le")) // 2 <= 31
        assert book_.create_sheet(title).title == title


def test_a_csv_package_is_what_excel_opens_in_french() -> None:
    package = zipfile.ZipFile(io.BytesIO(sheets.csv_zip(told())))

    for name in package.namelist():
        data = package.read(name)
        assert data.startswith(b"\xef\xbb\xbf")
        assert name.isascii()
        assert rows_of(data)
    assert len(package.namelist()) == len(sheets.every(told()))


def test_one_activity_can_be_taken_alone() -> None:
    wall = next(i for i in told().room.agenda.items if i.kind == "mur")

    text = sheets.csv_of(g for _, g in sheets.grids(told(), item=wall.id)).decode("utf-8-sig")

    assert "les textes" in text
    assert "Fragilités" not in text


def test_nobody_is_named_unless_the_trainer_asks() -> None:
    anonymous = " ".join(str(cell.value) for cell in cells(sheets.xlsx(told())))
    asked = " ".join(str(cell.value) for cell in cells(sheets.xlsx(named())))

    assert not [name for name in NAMES if re.search(rf"\b{name}\b", anonymous)]
    assert all(name in asked for name in NAMES)
    assert "n° 2" in asked
    assert "n° 2" not in anonymous


def test_what_was_hidden_is_in_no_sheet() -> None:
    entry = next(
        entry
        for stage in told().room.stages.values()
        for entry in stage.entries.values()
        if entry.hidden
    )
    raw = sheets.raw(told())

    assert entry.seq not in {row[0] for row in raw.rows}
    assert len(raw.rows) == sum(
        not e.hidden for stage in told().room.stages.values() for e in stage.entries.values()
    )


def test_the_agenda_tells_what_was_planned_and_what_it_took() -> None:
    grid = sheets.agenda_grid(told())
    by_title = {row[0]: row for row in grid.rows}

    assert by_title["Total"][2] == told().room.agenda.minutes
    assert by_title["Bienvenue"][4] == "fait"
    assert grid.rows[-2][4] == "à venir"
    assert sum(row[3] or 0 for row in grid.rows[:-1]) == pytest.approx(by_title["Total"][3], abs=1)


def test_a_workbook_can_be_taken_at_any_moment() -> None:
    for seq in (1, 5, 60, 150, 300):
        assert book(sheets.xlsx(until(seq))).sheetnames


def test_an_empty_room_has_a_workbook() -> None:
    story = Story(item("mots"))
    story.add(Joined(), by="x")

    assert "Contributions" in book(sheets.xlsx(of_story(story))).sheetnames


def test_the_same_room_gives_the_same_bytes() -> None:
    assert sheets.xlsx(told()) == sheets.xlsx(told())
    assert sheets.csv_zip(told()) == sheets.csv_zip(told())


def test_the_pace_is_told_by_moment() -> None:
    grid = sheets.pace(told())

    assert grid.rows[-1][0] == "À la fin"
    assert sum(grid.rows[-1][1:]) == len(told().room.paces)
    assert "Mon carré magique" in {row[0] for row in grid.rows}
