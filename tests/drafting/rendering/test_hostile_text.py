"""What people type comes out of every format as it went in."""

import io
import re
from typing import Any

import docx
import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from odf.element import Element
from pypdf import PdfReader

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.drafting import draft
from assistant.drafting.documents.nodes import Column, Table, Words
from assistant.drafting.rendering.glyphs import covered
from assistant.drafting.rendering.render import render
from tests.drafting.documents.samples import TODAY, library, patronage

HOSTILE = {
    "markup": "a & b < c > d { e } % f * g # h | i _j_ ~k~ ^l^ `m` $n$ \\o @p [q](r) ![s]",
    "french": "« l’œuvre » coûte 12 € – dès l’été… Àïÿœ",
    "narrow spaces": "10\u202f000\u202f€\u00a0: « oui\u202f! »",
    "emoji": "Bravo 🎉👩‍🌾 !",
    "right to left": "שלום עולם et مرحبا بالعالم",
    "jinja": "{{7*7}} {% for x in y %} {# z #} {{ v('don.montant') }}",
    "formula": "=cmd|'/C calc'!A0",
    "plus": "+1+1",
    "minus": "- pas une puce",
    "at": "@SUM(A1)",
    "number": "1. pas une liste",
    "heading": "# pas un titre",
    "quote": "> pas une citation",
    "html": "<script>alert(1)</script><b>gras</b>&amp;&nbsp;",
    "typst": '#let x = 1; #image("/etc/passwd") = titre $ x $ @ref <label> // suite',
    "yaml": "--- : - ? ! & * %",
    "bold": "**pas gras** __ni ici__",
    "quotes": "\"guillemets\" et 'apostrophes'",
    "urls": "https://exemple.fr/?a=1&b=2 <mailto:x@exemple.fr>",
    "lines": "première ligne\nseconde ligne\n- troisième",
    "tab": "avant\taprès",
    "spaces": "deux  espaces   puis trois",
    "bounds": "\ue000\ue010\ue001",
    "cdata": "]]> <![CDATA[ x ]]>",
    "long": "mot " * 2499 + "fin.",
}


def agreement(text: str) -> DocumentConvention:
    case = patronage()
    case["objet"]["projet"] = text
    case["engagements_mecene"] = [text, "autre"]
    case["contreparties"][0]["nature"] = text[:400].strip()
    facts = parse_facts(case)
    return draft(facts, "mecenat_financier", library=library(), labels={}, today=TODAY)


def odt_text(element: Element) -> str:
    if element.nodeType == element.TEXT_NODE:
        return str(element.data)
    name = element.qname[1]
    if name == "s":
        return " " * int(element.getAttribute("c") or 1)
    if name in ("tab", "line-break"):
        return "\t" if name == "tab" else "\n"
    end = "\n" if name in ("p", "h") else ""
    return "".join(odt_text(child) for child in element.childNodes) + end


def in_docx(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def in_odt(data: bytes) -> str:
    return odt_text(odf.opendocument.load(io.BytesIO(data)).body)


def in_html(data: bytes) -> str:
    soup = BeautifulSoup(data, "html.parser")
    for line_break in soup.find_all("br"):
        following = line_break.next_sibling
        if isinstance(following, str) and following.startswith("\n"):
            following.replace_with(following[1:])
        line_break.replace_with("\n")
    return soup.get_text()


def in_md(data: bytes) -> str:
    return in_html(MarkdownIt("commonmark").enable("table").render(data.decode()).encode())


def in_pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


READERS = {"docx": in_docx, "odt": in_odt, "html": in_html, "md": in_md}


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_text_read_back_is_the_text_put_in(name: str, form: str) -> None:
    text = HOSTILE[name]

    found = READERS[form](render(agreement(text), form))

    assert found.count(text) >= 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pdf_holds_the_text_or_says_what_it_could_not_print(name: str) -> None:
    text = HOSTILE[name]
    drawable = "".join(c if ord(c) in covered() else f"[U+{ord(c):04X}]" for c in text)

    found = in_pdf(render(agreement(text), "pdf"))

    if name == "right to left":  # extraction gives the visual order
        assert all(word in found or word[::-1] in found for word in text.split() if len(word) > 2)
    else:
        assert bare(drawable) in bare(found)
    assert (drawable == text) == ("U+" not in found)


def bare(text: str) -> str:
    # lines are broken, hyphenated and numbered by the page
    text = re.sub(r"Convention de mécénat financier\s+PROJET|Page \d+ sur \d+", "", text)
    return re.sub(r"[\s\u00ad\u200d\u2010\u00a0\u202f-]+", "", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_json_is_the_document(name: str) -> None:
    document = agreement(HOSTILE[name])

    assert DocumentConvention.model_validate_json(render(document, "json")) == document


def workbook(text: str) -> Any:
    cell = (Words(texte=text),)
    table = Table(clause="x.y", titre=text[:40], colonnes=(Column(titre="A"),), lignes=((cell,),))
    document = agreement("x")
    first = document.articles[0].model_copy(update={"blocs": (table,)})
    plan = document.model_copy(update={"type_document": "plan_action", "articles": (first,)})
    return openpyxl.load_workbook(io.BytesIO(render(plan, "xlsx")))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_holds_the_text_and_no_formula(name: str) -> None:
    text = HOSTILE[name]

    book = workbook(text)

    cell = book.worksheets[-1]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert all(c.data_type != "f" for sheet in book for row in sheet for c in row)


def test_control_characters_are_taken_out_and_said() -> None:
    document = agreement("avant\x00\x07\x1b[31m\ufffeaprès\r\nsuite")

    assert "avant[31maprès\nsuite" in document.articles[2].texte
    assert len(document.remarques) == 1
    for form in ("docx", "odt", "html", "md", "pdf", "json"):
        assert render(document, form)
