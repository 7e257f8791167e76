"""Files that are well made: structure, language, accessibility, speed, the same bytes twice."""

import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docx
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.document import Alert, DocumentConvention
from assistant.drafting.documents.drafting import draft
from assistant.drafting.documents.nodes import Value, inlines
from assistant.drafting.rendering.render import UnknownFormat, formats, read_back, render
from tests.drafting.documents.samples import TODAY, library, patronage

TEXT_FORMATS = ("docx", "odt", "pdf", "html", "md", "json")


def agreement(case: dict[str, Any] | None = None, **options: Any) -> DocumentConvention:
    facts = parse_facts(patronage() if case is None else case)
    return draft(facts, "mecenat_financier", library=library(), labels={}, today=TODAY, **options)


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_the_same_document_gives_the_same_bytes(form: str) -> None:
    first = render(agreement(), form)
    time.sleep(1.1)  # a clock in a zip counts by two seconds, in a PDF by one

    assert render(agreement(), form) == first


def test_fields_of_a_word_file_read_back_as_they_were() -> None:
    document = agreement()
    start = {
        n.slot: n.texte for a in document.articles for b in a.blocs for n in inlines(b)
        if isinstance(n, Value)
    }  # fmt: skip

    found = read_back(render(document, "docx"), "docx")

    assert found["champs"] == start
    assert len(start) > 80
    assert (found["document"], found["version"]) == ("mecenat_financier", document.version_modele)


def test_a_value_changed_in_word_is_read_back_changed() -> None:
    data = render(agreement(), "docx")
    package = docx.Document(io.BytesIO(data))
    for paragraph in package.paragraphs:
        for run in paragraph.runs:
            if run.text == "12 rue des Ateliers, 38000 Grenoble":
                run.text = "1 rue Neuve, 38000 Grenoble"
    buffer = io.BytesIO()
    package.save(buffer)

    assert (
        read_back(buffer.getvalue(), "docx")["champs"]["parties.0.siege"]
        == "1 rue Neuve, 38000 Grenoble"
    )


def test_a_json_file_reads_back_whole() -> None:
    document = agreement()

    assert read_back(render(document, "json"), "json") == document.model_dump(mode="json")


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def test_a_word_file_has_headings_contents_language_and_page_numbers() -> None:
    data = render(agreement(), "docx")
    document = docx.Document(io.BytesIO(data))

    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[2:4] == ["Article 1 – Objet", "Article 2 – Périmètre du projet"]
    assert "TOC " in part(data, "word/document.xml")
    assert 'w:val="fr-FR"' in part(data, "word/styles.xml")
    footer = part(data, "word/footer1.xml")
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert "@@" not in footer + part(data, "word/header1.xml") + part(data, "word/document.xml")


def test_tables_have_a_head_and_rows_that_no_page_cuts() -> None:
    xml = part(render(agreement(), "docx"), "word/document.xml")

    assert xml.count("<w:tblHeader") == xml.count("<w:tbl>") > 3
    assert xml.count("<w:cantSplit") == xml.count("<w:tr>")


def test_the_signature_block_stays_on_one_page() -> None:
    document = docx.Document(io.BytesIO(render(agreement(), "docx")))

    table = document.tables[-1]
    styles = {p.style.name for row in table.rows[1:] for c in row.cells for p in c.paragraphs}
    assert styles == {"Signature"}
    assert document.styles["Signature"].paragraph_format.keep_with_next is True


@pytest.mark.parametrize("form", ["docx", "odt", "html", "md", "pdf"])
def test_a_draft_says_so_and_a_final_text_does_not(form: str) -> None:
    draft_text, final_text = (
        text_of(render(agreement(ready=r), form), form) for r in (False, True)
    )

    assert "PROJET" in draft_text
    assert "PROJET" not in final_text


def text_of(data: bytes, form: str) -> str:
    if form == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if form in ("docx", "odt"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "".join(
                package.read(n).decode() for n in package.namelist() if n.endswith(".xml")
            )
    return data.decode()


def test_a_pdf_is_tagged_french_with_bookmarks_and_embedded_fonts() -> None:
    reader = PdfReader(io.BytesIO(render(agreement(), "pdf")))
    root: Any = reader.trailer["/Root"]

    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    titles = [item.title for item in flat(reader.outline)]
    assert "Article 3 – Don et versements" in titles
    for page in reader.pages:
        fonts: Any = page["/Resources"]["/Font"]
        for font in fonts.values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner)


def flat(outline: Any) -> list[Any]:
    return [x for item in outline for x in (flat(item) if isinstance(item, list) else [item])]


def test_a_page_has_one_title_a_language_and_links_that_lead_somewhere() -> None:
    soup = BeautifulSoup(render(agreement({}), "html"), "html.parser")

    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    assert len(soup.find_all("h1")) == 1
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    assert {a["href"][1:] for a in soup.select("a[href^='#']")} <= ids
    assert all(t.find("thead") for t in soup.find_all("table"))
    assert not soup.find_all(["script", "link", "img"])


def test_a_draft_ends_with_what_is_missing_and_what_to_watch() -> None:
    alert = Alert(
        regle="MEC-02", severite="alerte", message="Demandez un <rescrit>.", article="fiscal"
    )

    text = BeautifulSoup(render(agreement({}, issues=[alert]), "html"), "html.parser").get_text()

    assert "Ce qu’il reste à compléter" in text
    assert "Demandez un <rescrit>." in text


def test_thirty_exports_at_once_all_succeed() -> None:
    document = agreement()
    forms = ["docx", "pdf", "odt", "html", "md"] * 6

    with ThreadPoolExecutor(30) as pool:
        files = list(pool.map(lambda form: render(document, form), forms))

    assert all(files)
    assert len(set(files)) == 5


def test_files_are_made_fast_enough() -> None:
    document = agreement()
    render(document, "docx"), render(document, "pdf")

    def best(form: str) -> float:
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            render(document, form)
            spent.append(time.perf_counter() - start)
        return min(spent)

    assert best("docx") < 0.3
    assert best("pdf") < 1.5


def test_a_format_that_a_document_lacks_is_refused() -> None:
    assert "xlsx" in formats("plan_action")
    assert "xlsx" not in formats("mecenat_financier")
    for form in ("xlsx", "rtf"):
        with pytest.raises(UnknownFormat):
            render(agreement(), form)
    with pytest.raises(UnknownFormat):
        read_back(b"", "pdf")
