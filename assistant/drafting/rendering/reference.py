"""Makes the reference files that give Word and LibreOffice documents their styles.

``python -m assistant.drafting.rendering.reference`` writes ``resources/reference.{docx,odt}`` from
pandoc's own. Run it after a change here; the results are kept with the code, so that drafting
needs nothing else.
"""

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.drafting.rendering.packages import read_zip, write_zip

RESOURCES = Path(__file__).parent / "resources"
# replaced in each document: the running title, « PROJET », and the two words round page numbers
TITLE, DRAFT, PAGE, OF = "@@TITRE@@", "@@PROJET@@", "@@PAGE@@", "@@SUR@@"
_BUILT_IN = ("toc 1", "Signature")
SERIF, INK, SOFT = "Georgia", "1F3A4D", "57534E"


def _default(name: str) -> bytes:
    import pypandoc

    path = pypandoc.get_pandoc_path()
    command = [path, "--print-default-data-file", name]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603


def _font(style: Any, size: float, *, bold: bool = False, color: str = "000000") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = SERIF, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(color)
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if "Theme" in attribute:
            del fonts.attrib[attribute]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), SERIF)


def _space(style: Any, before: float, after: float, *, keep: bool = False) -> None:
    from docx.shared import Pt

    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.15
    layout.keep_with_next = keep


def _added(document: Any, name: str) -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    if name in [style.name for style in document.styles]:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _BUILT_IN)
    style.base_style = document.styles["Normal"]
    return style


def _text_styles(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    styles = document.styles
    for name, size in (
        ("Normal", 11),
        ("Body Text", 11),
        ("First Paragraph", 11),
        ("Compact", 10.5),
    ):
        _font(styles[name], size)
        _space(styles[name], 0, 3 if name == "Compact" else 7)
    _font(styles["Title"], 20, bold=True, color=INK)
    _space(styles["Title"], 6, 12)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(styles["Heading 1"], 13, bold=True, color=INK)
    _space(styles["Heading 1"], 18, 7, keep=True)
    for name, size in (("Heading 2", 11.5), ("Heading 3", 11)):
        _font(styles[name], size, bold=True, color=INK)
        _space(styles[name], 12, 4, keep=True)
    legend = _added(document, "Legende")
    _font(legend, 10, color=SOFT)
    legend.font.italic = True
    _space(legend, 8, 3, keep=True)
    soft = _added(document, "Discret")
    _font(soft, 10, color=SOFT)
    _space(soft, 5, 5)
    _font(styles["Table Caption"], 10, color=SOFT)
    styles["Table Caption"].font.italic = True
    _space(styles["Table Caption"], 8, 3, keep=True)
    _font(styles["TOC Heading"], 12, bold=True, color=INK)
    _space(styles["TOC Heading"], 12, 4, keep=True)
    _font(_added(document, "toc 1"), 10.5)
    _space(styles["toc 1"], 0, 2)
    draft = _added(document, "Projet")
    _font(draft, 13, bold=True, color="9A3412")
    _space(draft, 0, 8)
    draft.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    signature = _added(document, "Signature")
    _font(signature, 11)
    _space(signature, 0, 5, keep=True)
    signature.paragraph_format.keep_together = True


def _element(xml: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))


def _warning_style(document: Any) -> None:
    from docx.shared import Pt

    style = _added(document, "Avertissement")
    _font(style, 9.5)
    _space(style, 6, 10)
    style.paragraph_format.left_indent = Pt(8)
    borders = _element(
        '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="8A6D3B"/></w:pBdr>'
    )
    shade = _element('<w:shd w:val="clear" w:color="auto" w:fill="F6F3EC"></w:shd>')
    properties = style.element.get_or_add_pPr()
    anchor = properties.find("{*}spacing")
    anchor.addprevious(borders)
    anchor.addprevious(shade)
    from docx.enum.style import WD_STYLE_TYPE

    gap = document.styles.add_style("Manquant", WD_STYLE_TYPE.CHARACTER)
    gap.element.get_or_add_rPr().append(
        _element('<w:shd w:val="clear" w:color="auto" w:fill="FFF1C2"></w:shd>')
    )


def _table_style(document: Any) -> None:
    table = document.styles["Table"].element
    for old in table.findall("{*}tblPr"):
        table.remove(old)
    line = 'w:val="single" w:sz="4" w:space="0" w:color="A8A29E"'
    properties = _element(
        f"<w:tblPr><w:tblBorders><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        '<w:bottom w:w="50" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr>"
    )
    # the schema wants it before the conditional formats
    conditional = table.find("{*}tblStylePr")
    if conditional is None:
        table.append(properties)
    else:
        conditional.addprevious(properties)


def _field(paragraph: Any, code: str) -> None:
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        if kind:
            run._r.append(_element(f'<w:fldChar w:fldCharType="{kind}"></w:fldChar>'))  # noqa: SLF001
        else:
            run._r.append(_element(f"<w:instrText>{code}</w:instrText>"))  # noqa: SLF001


def _page(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    section.header_distance = section.footer_distance = Cm(1.25)
    section.gutter = Cm(0)
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.paragraph_format.tab_stops.clear_all()
    head.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(f"{TITLE}\t{DRAFT}")
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{PAGE} ")
    _field(foot, "PAGE")
    foot.add_run(f" {OF} ")
    _field(foot, "NUMPAGES")
    for run in (*head.runs, *foot.runs):
        run.font.size, run.font.name = Pt(9), SERIF
        run.font.color.rgb = RGBColor.from_string(SOFT)


def make_docx() -> bytes:
    """The Word reference."""
    import docx

    document = docx.Document(io.BytesIO(_default("reference.docx")))
    _text_styles(document)
    _warning_style(document)
    _table_style(document)
    _page(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_ODT_STYLES = """
<style:style style:name="Avertissement" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:margin-top="0.2cm" fo:margin-bottom="0.4cm" fo:padding="0.25cm"
 fo:background-color="#f6f3ec" fo:border-left="2pt solid #8a6d3b" fo:border-right="none"
 fo:border-top="none" fo:border-bottom="none"/>
<style:text-properties fo:font-size="9.5pt"/></style:style>
<style:style style:name="Projet" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:text-align="center" fo:margin-bottom="0.3cm"/>
<style:text-properties fo:font-size="13pt" fo:font-weight="bold" fo:color="#9a3412"/></style:style>
<style:style style:name="Signature" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:keep-with-next="always" fo:keep-together="always"
 fo:margin-bottom="0.2cm"/></style:style>
<style:style style:name="SommaireTitre" style:family="paragraph"
 style:parent-style-name="Standard"><style:paragraph-properties fo:keep-with-next="always"
 fo:margin-top="0.4cm"/><style:text-properties fo:font-size="12pt" fo:font-weight="bold"
 fo:color="#1f3a4d"/></style:style>
<style:style style:name="SommaireLigne" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:margin-bottom="0.08cm"/></style:style>
<style:style style:name="Legende" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:keep-with-next="always" fo:margin-top="0.25cm"/>
<style:text-properties fo:font-size="10pt" fo:font-style="italic" fo:color="#57534e"/></style:style>
<style:style style:name="Discret" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:margin-top="0.18cm" fo:margin-bottom="0.18cm"/>
<style:text-properties fo:font-size="10pt" fo:color="#57534e"/></style:style>
<style:style style:name="Manquant" style:family="text"><style:text-properties
 fo:background-color="#fff1c2"/></style:style>
"""
_ODT_HEADER = (
    '<style:header><text:p text:style-name="MP1">@@TITRE@@<text:s text:c="4"/>@@PROJET@@</text:p>'
    "</style:header>"
)
_ODT_FOOTER = (
    '<text:p text:style-name="MP1">@@PAGE@@ <text:page-number text:select-page="current">1'
    "</text:page-number> @@SUR@@ <text:page-count>1</text:page-count></text:p>"
)


def make_odt() -> bytes:
    """The OpenDocument reference."""
    parts = read_zip(_default("reference.odt"))
    styles = parts["styles.xml"].decode("utf-8")
    styles = styles.replace("</office:styles>", f"{_ODT_STYLES}</office:styles>")
    styles = re.sub(r'fo:page-width="[^"]+"', 'fo:page-width="21cm"', styles)
    styles = re.sub(r'fo:page-height="[^"]+"', 'fo:page-height="29.7cm"', styles)
    styles = styles.replace('fo:country="US"', 'fo:country="FR"')
    styles = styles.replace('fo:language="en"', 'fo:language="fr"')
    footer = re.compile(r"<style:footer>.*?</style:footer>", re.DOTALL)
    styles = footer.sub(f"{_ODT_HEADER}<style:footer>{_ODT_FOOTER}</style:footer>", styles)
    styles = styles.replace(
        "<style:header-style />",
        '<style:header-style><style:header-footer-properties fo:min-height="0.4in"'
        ' fo:margin-bottom="0.2in"/></style:header-style>',
    )
    parts["styles.xml"] = styles.encode("utf-8")
    return write_zip(parts)


def main() -> int:
    """Write both files."""
    (RESOURCES / "reference.docx").write_bytes(write_zip(read_zip(make_docx())))
    (RESOURCES / "reference.odt").write_bytes(make_odt())
    return 0


if __name__ == "__main__":
    sys.exit(main())
