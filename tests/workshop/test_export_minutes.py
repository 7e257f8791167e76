"""Minutes and hand-outs in every format: what the room said, safely, and nobody's name."""

import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import docx
import odf.draw
import odf.opendocument
import odf.text
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from assistant.drafting.rendering.glyphs import covered
from assistant.drafting.rendering.render import UnknownFormat
from assistant.workshop.activities import KINDS
from assistant.workshop.events import Ended
from assistant.workshop.exporting import charts, conventions, files
from assistant.workshop.exporting.handout import handout
from assistant.workshop.exporting.minutes import minutes
from assistant.workshop.exporting.pictures import SKETCHES
from assistant.workshop.exporting.report import Grid, Heading, Line, Listed, Picture
from tests.drafting.rendering.test_hostile_text import HOSTILE, READERS, bare, in_pdf
from tests.workshop.exported import NAMES, named, of_story, script, told, until
from tests.workshop.playing import Play
from tests.workshop.test_export_sheets import TYPED, asking

DRAWN = {"nuage", "quiz", "gommettes", "carre-magique", "objectifs-communs", "criteres", "charte",
         "mur", "convention-express", "evaluation-croisee", "jeu-de-role", "satisfaction"}  # fmt: skip


def texts(report: Any) -> str:
    found = []
    for block in report.blocks:
        match block:
            case Heading() | Line():
                found.append(block.text)
            case Listed():
                found += [line for item, under in block.items for line in (item, *under)]
            case Grid():
                found += [block.title, *(str(cell) for row in block.rows for cell in row)]
            case Picture():
                found.append(block.alt)
    return "\n".join([report.title, *found])


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    report = minutes(told())
    return {form: files.render(report, form) for form in files.FORMATS}


def test_the_minutes_tell_each_moment_with_its_purpose_and_its_question() -> None:
    said = texts(minutes(told()))

    for item in told().room.agenda.items[:-1]:
        assert item.title in said
        assert f"But\u00a0: {item.purpose}" in said
    assert "Moments prévus et non faits" in said
    assert "Participants\u00a0: 22" in said
    assert "19 novembre 2026" in said
    assert "La cantine sans gâchis" in said


def test_the_words_of_the_room_are_there_as_they_were_typed() -> None:
    said = texts(minutes(told()))

    typed = [
        e.value.get("text") or e.value.get("what")
        for stage in told().room.stages.values()
        for e in stage.entries.values()
        if e.value and not e.hidden
    ]
    assert len([text for text in typed if text]) > 30
    assert all(f"«\u00a0{text}\u00a0»" in said for text in typed if text)
    assert "La commune prête un local, l'entreprise renonce à l'exclusivité." in said


def test_questions_come_with_the_answer_and_its_source() -> None:
    said = texts(minutes(told()))

    assert "sans commune mesure avec le don [1]." in said
    assert "[1] Mécénat et parrainage – Guide Faire alliance, p. 46" in said
    assert "«\u00a0Qui doit signer pour une commune ?\u00a0»" in said
    assert "[S1]" not in said


def test_every_kind_of_activity_is_told_and_every_chart_has_its_table_or_its_words() -> None:
    assert {kind.kind for kind in KINDS} == set(SKETCHES)
    report = minutes(told())
    drawn = [block for block in report.blocks if isinstance(block, Picture)]

    assert len(drawn) >= len(DRAWN)
    titles = {item.title: item.kind for item in told().room.agenda.items}
    kind, with_chart, with_table = "", set(), set()
    for block in report.blocks:
        if isinstance(block, Heading) and block.text in titles:
            kind = titles[block.text]
        elif isinstance(block, Picture):
            with_chart.add(kind)
        elif isinstance(block, Grid):
            with_table.add(kind)
    assert with_chart == DRAWN
    assert with_chart - with_table == {"mur"}  # its list says the votes


def test_what_was_hidden_is_in_no_minutes() -> None:
    play = Play("engagements", question="Quoi ?").comes("Zoé", "Malik").opens()
    play.says("Zoé", {"quoi": ["un mot grossier"]}).says("Malik", {"quoi": ["tenir parole"]})
    report = minutes(of_story(play.hides("Zoé").story))

    assert "tenir parole" in texts(report)
    assert "grossier" not in texts(report)
    for form in ("html", "md"):
        assert "grossier" not in files.render(report, form).decode()


def test_nobody_is_named_unless_the_trainer_asks(made: dict[str, bytes]) -> None:
    for form, read in {**READERS, "pdf": in_pdf}.items():
        said = read(made[form])
        assert not [name for name in NAMES if re.search(rf"\b{name}\b", said)], form
    asked = texts(minutes(named()))
    assert all(name in asked for name in NAMES)


def test_a_small_group_is_not_counted_apart() -> None:
    play = Play("nuage", question="Un mot ?").comes("a", "b", "c", actor="association")
    alone = play.comes("d", actor="entreprise").opens().story

    assert "Participants\u00a0: 4\n" in texts(minutes(of_story(alone))) + "\n"


@pytest.mark.parametrize("form", files.FORMATS)
def test_every_format_holds_the_same_words(form: str, made: dict[str, bytes]) -> None:
    said = bare({**READERS, "pdf": in_pdf}[form](made[form]))
    for block in minutes(told()).blocks:
        if isinstance(block, Heading):
            assert bare(block.text) in said, block.text
        if isinstance(block, Listed):
            assert all(bare(item)[:40] in said for item, _ in block.items)


def test_a_word_file_has_headings_tables_pictures_with_words_and_its_language(
    made: dict[str, bytes],
) -> None:
    document = docx.Document(io.BytesIO(made["docx"]))
    report = minutes(told())
    styles = [p.style.name for p in document.paragraphs]
    xml = zipfile.ZipFile(io.BytesIO(made["docx"])).read("word/document.xml").decode()
    alts = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', xml)

    headings = [b for b in report.blocks if isinstance(b, Heading)]
    assert sum(name.startswith("Heading") for name in styles) == len(headings)
    assert len(document.tables) == sum(isinstance(b, Grid) for b in report.blocks)
    assert len(document.inline_shapes) == sum(isinstance(b, Picture) for b in report.blocks)
    assert len(alts) == len(document.inline_shapes)
    assert all(alt.startswith("Graphique") for alt in alts)
    assert "/tmp" not in xml
    styles_xml = zipfile.ZipFile(io.BytesIO(made["docx"])).read("word/styles.xml").decode()
    assert 'w:val="fr-FR"' in styles_xml
    assert "@@" not in xml


def test_an_opendocument_file_has_headings_and_described_pictures(made: dict[str, bytes]) -> None:
    document = odf.opendocument.load(io.BytesIO(made["odt"]))
    report = minutes(told())

    pictures = document.getElementsByType(odf.draw.Image)
    assert len(pictures) == sum(isinstance(b, Picture) for b in report.blocks)
    headings = document.getElementsByType(odf.text.H)
    assert len(headings) >= sum(isinstance(b, Heading) for b in report.blocks)


def test_a_pdf_is_tagged_and_says_its_language(made: dict[str, bytes]) -> None:
    reader = PdfReader(io.BytesIO(made["pdf"]))
    catalogue = reader.trailer["/Root"]

    assert str(catalogue["/Lang"]).startswith("fr")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata is not None
    assert "Compte rendu" in (reader.metadata.title or "")
    assert len(reader.outline[1]) > 10


def test_a_page_draws_without_a_script_and_without_style_attributes(
    made: dict[str, bytes],
) -> None:
    soup = BeautifulSoup(made["html"], "html.parser")

    assert not soup.find_all("script")
    assert not soup.select("[style]")
    assert soup.html["lang"] == "fr"
    for drawing in soup.find_all("svg"):
        assert drawing["aria-label"].startswith("Graphique")
    assert not re.search(r"(?:src|href)=\"(?!#)", made["html"].decode())


@pytest.fixture(scope="module")
def hostile() -> dict[str, str]:
    report = minutes(of_story(asking(*TYPED.values())))
    return {form: read(files.render(report, form))
            for form, read in {**READERS, "pdf": in_pdf}.items()}  # fmt: skip


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("name", TYPED)
def test_text_read_back_is_the_text_typed(name: str, form: str, hostile: dict[str, str]) -> None:
    assert f"«\u00a0{TYPED[name]}\u00a0»" in hostile[form]


@pytest.mark.parametrize("name", sorted(TYPED.keys() - {"right to left"}))
def test_a_pdf_holds_the_text_or_says_what_it_could_not_print(
    name: str, hostile: dict[str, str]
) -> None:
    drawable = "".join(c if ord(c) in covered() else f"[U+{ord(c):04X}]" for c in TYPED[name])

    assert bare(drawable) in bare(hostile["pdf"])


def test_characters_that_cannot_be_printed_are_said() -> None:
    emoji = minutes(of_story(asking(HOSTILE["emoji"])))

    assert "Des caractères n’ont pas pu être imprimés" in in_pdf(files.render(emoji, "pdf"))
    assert "imprimés" not in in_pdf(files.render(minutes(of_story(asking("simple"))), "pdf"))


LABEL = st.text(max_size=80)


@given(LABEL, st.floats(0, 9), st.sampled_from(("bars", "series", "marks", "square")))
def test_a_drawing_of_any_words_is_xml(label: str, value: float, kind: str) -> None:
    made = {
        "bars": charts.Bars(label, (charts.Bar(label, (value,)),), 9),
        "series": charts.Bars(label, (charts.Bar(label, (value, 1)),), 9, (label, "b")),
        "marks": charts.Marks(label, (charts.Row(label, (0, 1, 0, 2, 1), ((0, 2.5),), 3.0),)),
        "square": charts.Square(label, ((label, -3.0, value),), (label,) * 4, (label,) * 4),
    }[kind]

    root = ET.fromstring(charts.svg(charts.retold(made, files.clean)))

    assert root.get("viewBox")


@settings(max_examples=6, deadline=None)
@given(LABEL)
def test_any_words_can_be_set_in_pdf(text: str) -> None:
    assert files.render(minutes(of_story(asking(f"x{text}x"))), "pdf").startswith(b"%PDF")


def test_the_same_room_gives_the_same_bytes(made: dict[str, bytes]) -> None:
    report = minutes(told())

    assert {form: files.render(report, form) for form in files.FORMATS} == made


def test_minutes_can_be_taken_at_any_moment() -> None:
    for seq in (1, 3, 40, 120, 250, 400):
        assert files.render(minutes(until(seq)), "md")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        files.render(minutes(told()), "exe")


# The hand-out


def test_a_hand_out_holds_what_one_person_gave_and_nobody_else_s() -> None:
    play = Play("engagements", question="Quoi ?").comes("Zoé", "Malik").opens()
    play.says("Zoé", {"quoi": ["appeler"]}).says("Malik", {"quoi": ["écrire"]}).hides("Zoé")
    room = of_story(play.story)

    mine = texts(handout(room, room.room.people["Zoé"]))

    assert "Vos engagements\nappeler" in mine
    assert "écrire" not in mine
    assert "Malik" not in mine


def test_a_hand_out_shows_results_only_once_they_were_shown() -> None:
    play = Play("nuage", question="Un mot ?").comes("Zoé", "Malik").opens()
    play.says("Malik", {"mot": ["patience"]}).says("Zoé", {"mot": ["temps"]})

    def mine() -> str:
        room = of_story(play.story)
        return texts(handout(room, room.room.people["Zoé"]))

    assert "patience" not in mine()
    play.does("montrer", where="phones", on=True)
    assert "patience" in mine()


def test_a_hand_out_keeps_the_answers_of_a_quiz_until_they_are_known() -> None:
    quiz = next(i for i in told().room.agenda.items if i.kind == "quiz")
    play = Play("quiz", **dict(quiz.config)).comes("Zoé").opens()
    name = quiz.config["questions"][0]
    play.says("Zoé", {f"q-{name}": ["a"]}).does("montrer", where="screen", on=True)

    def mine() -> str:
        room = of_story(play.story)
        return texts(handout(room, room.room.people["Zoé"]))

    assert "Explication" not in mine()
    play.does("fermer")
    assert "Explication" in mine()


def test_a_hand_out_has_the_pages_of_what_was_done_and_opens_everywhere() -> None:
    report = handout(told(), told().room.here[3])

    assert "Les pages du guide" in texts(report)
    assert in_pdf(files.render(report, "pdf"))
    assert "<h2" in files.render(report, "html").decode()


# Conventions of tables


def test_each_table_has_its_convention_still_a_draft() -> None:
    works = conventions.tables(told())
    assert [work.number for work in works] == [1, 2, 3, 4]

    document = conventions.convention(told(), works[0].item.id, 1, today=told().days()[-1])

    assert document.projet
    package = conventions.package(told(), "docx", today=told().days()[-1])
    opened = zipfile.ZipFile(io.BytesIO(package))
    assert opened.namelist() == [f"table-{n}.docx" for n in (1, 2, 3, 4)]
    first = docx.Document(io.BytesIO(opened.read("table-1.docx")))
    assert "PROJET" in "\n".join(p.text for p in first.paragraphs)
    told_there = "\n".join(p.text for p in first.paragraphs)
    assert "appel entre référents" in told_there or "écrit aux deux directions" in told_there


def test_the_workshop_of_the_examples_has_every_kind_and_an_end() -> None:
    kinds = {item.kind for item in script().room.agenda.items}

    assert kinds == {kind.kind for kind in KINDS}
    assert isinstance(script().history[-1].event, Ended)
    assert replace(told()).progress.begun
