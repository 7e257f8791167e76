"""A report as a file: Word, OpenDocument, PDF, HTML, Markdown. One text, one tree.

Charts are SVG in HTML and PDF; Word and OpenDocument get them as PNG (pandoc asks for a program
that is not ours to draw an SVG there), made by Typst, with their words as alternative text;
Markdown has the tables that stand under each chart.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Literal, get_args

from assistant.drafting.rendering import glyphs, markdown, pdf, typesetting
from assistant.drafting.rendering.packages import write_zip
from assistant.drafting.rendering.pandoc import RenderingFailed, convert
from assistant.drafting.rendering.reference import RESOURCES
from assistant.drafting.rendering.render import UnknownFormat
from assistant.drafting.rendering.tree import (
    API,
    TITLE,
    WARNING,
    Node,
    attr,
    bullets,
    grid,
    header,
    para,
    styled,
    text,
)
from assistant.drafting.rendering.word import Frame, framed_docx, framed_odt
from assistant.workshop.exporting.charts import retold, svg
from assistant.workshop.exporting.report import (
    Block,
    Grid,
    Heading,
    Line,
    Listed,
    Picture,
    Report,
    clean,
)
from assistant.workshop.exporting.words import figure

Format = Literal["docx", "odt", "pdf", "html", "md"]
FORMATS: tuple[str, ...] = get_args(Format)
CAPTION, SOFT = "Legende", "Discret"
PIXELS = 170  # an inch
WIDTH = "14cm"
LETTERS = (10, 34)  # the narrowest and the widest that a column is taken to be
_COLUMNS = re.compile(r"<colgroup>\s*(?:<col style=\"width: \d+%\" />\s*)*</colgroup>")
_ALIGNED = re.compile(r"<(td|th) style=\"text-align: (left|right);\">")
Drawn = Callable[[Picture], list[Node]]
_STYLE = """h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
.graphique { margin: 1rem 0; break-inside: avoid; }
.graphique svg { max-width: 100%; height: auto; }
.legende { font-style: italic; color: #57534e; font-size: .95rem; }
.discret { color: #57534e; font-size: .95rem; }
td, th { overflow-wrap: anywhere; }
td.right, th.right { text-align: right; }
"""


def render(report: Report, form: str) -> bytes:
    """The file; the same report gives the same bytes. Raises ``UnknownFormat``."""
    makers = {"docx": _docx, "odt": _odt, "pdf": _pdf, "html": _html, "md": _markdown}
    if form not in makers:
        raise UnknownFormat(format=form, connus=", ".join(FORMATS))
    return makers[form](_mapped(report, clean))


def _docx(report: Report) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        drawn = _pictures(report, Path(folder))
        parts = framed_docx(_tree(report, drawn, level=1), _frame(report))
        return write_zip(_without(folder, parts))


def _odt(report: Report) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        drawn = _pictures(report, Path(folder))
        parts = framed_odt(_tree(report, drawn, level=1), _frame(report))
        return write_zip(_without(folder, parts))


def _without(folder: str, parts: dict[str, bytes]) -> dict[str, bytes]:
    """Parts that do not say in which directory of this machine the pictures were."""
    gone = f"{folder}/".encode()
    return {
        name: part.replace(gone, b"") if name.endswith(".xml") else part
        for name, part in parts.items()
    }


def _html(report: Report) -> bytes:
    def drawn(picture: Picture) -> list[Node]:
        label = escape(picture.alt, quote=True)
        image = svg(picture.chart).replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
        raw = f'<div class="graphique">{image}</div>'
        return [_caption(picture), {"t": "RawBlock", "c": ["html", raw]}]

    tree = _tree(report, drawn, level=2)
    body = _classed(convert(tree, "html5", ["--wrap=none"]).decode("utf-8"))
    page = _page().replace("@@TITRE@@", escape(report.title))
    return page.replace("@@CORPS@@", body).encode("utf-8")


def _classed(body: str) -> str:
    """Classes instead of style attributes, which a page that allows its own style only ignores.

    What people wrote holds no bare « < »: these tags are pandoc's.
    """
    body = _COLUMNS.sub("", body).replace('<table style="width:100%;">', "<table>")
    return _ALIGNED.sub(r'<\1 class="\2">', body)


@cache
def _page() -> str:
    page = (RESOURCES / "accord.html").read_text(encoding="utf-8")
    return page.replace("</style>", f"{_STYLE}</style>")


def _markdown(report: Report) -> bytes:
    return markdown.render(_tree(report, lambda _picture: [], level=2))


def _pdf(report: Report) -> bytes:
    report = printable(report)
    pieces = [pdf.opening(_frame(report))]
    pieces.append(typesetting.blocks(_front(report, level=2)))
    for block in report.blocks:
        if isinstance(block, Picture):
            pieces.append(_typst(block))
        else:
            pieces.append(typesetting.blocks(list(_block(block, 2))))
    return pdf.compiled("\n\n".join(pieces), report.day)


def _typst(picture: Picture) -> str:
    image = typesetting.literal(svg(picture.chart))
    caption = typesetting.literal(picture.chart.title)
    alt = typesetting.literal(picture.alt)
    return (
        "#block(breakable: false, width: 100%)["
        f'#block(sticky: true, text(size: 10pt, style: "italic")[#{caption}])\n'
        f'#image(bytes({image}), format: "svg", width: 140mm, alt: {alt})]'
    )


def printable(report: Report) -> Report:
    """The report with every character drawable, and a remark when some were not."""
    unknown: dict[str, None] = {}
    found = _mapped(report, lambda words: glyphs.replaced(words, unknown))
    if not unknown:
        return report
    remark = Line(report.unprintable.replace("{liste}", ", ".join(unknown)), soft=True)
    return replace(found, blocks=(*found.blocks, remark))


def _frame(report: Report) -> Frame:
    return Frame(report.title, "", report.page, report.of, report.day)


# The tree


def _tree(report: Report, drawn: Drawn, *, level: int) -> Node:
    blocks = _front(report, level=level)
    for block in report.blocks:
        blocks += drawn(block) if isinstance(block, Picture) else _block(block, level)
    meta = {
        "lang": {"t": "MetaString", "c": "fr-FR"},
        "pagetitle": {"t": "MetaString", "c": report.title},
    }
    return {"pandoc-api-version": API, "meta": meta, "blocks": blocks}


def _front(report: Report, *, level: int) -> list[Node]:
    first = styled(TITLE, [para(text(report.title))])
    if level == 2:
        first = header(1, report.title, "titre")
    note = [{"t": "Strong", "c": text(f"{report.note_title}.")}, *text(f" {report.note}")]
    return [first, styled(WARNING, [para(note)])]


def _block(block: Block, level: int) -> Iterator[Node]:
    match block:
        case Heading():
            yield header(block.level + level - 1, block.text, "")
        case Line():
            words = text(block.text)
            node = para([{"t": "Strong", "c": words}] if block.bold else words)
            yield styled(SOFT, [node]) if block.soft else node
        case Listed():
            yield _list(block)
        case Grid():
            yield _table(block, level)


def _list(block: Listed) -> Node:
    items = []
    for item, under in block.items:
        nodes: list[Node] = [{"t": "Plain", "c": text(item)}]
        if under:
            nodes.append(bullets(text(line) for line in under))
        items.append(nodes)
    return {"t": "BulletList", "c": items}


def _table(block: Grid, level: int) -> Node:
    numbers = [
        any(isinstance(row[n], int | float) for row in block.rows)
        and not any(isinstance(row[n], str) for row in block.rows)
        for n in range(len(block.columns))
    ]
    heads = [text(head) for head in block.columns]
    if level == 1:  # the other formats set the cells of a head in bold by themselves
        heads = [[{"t": "Strong", "c": head}] for head in heads]
    node = grid(
        heads,
        [[text(figure(cell)) for cell in row] for row in block.rows],
        ["AlignRight" if number else "AlignLeft" for number in numbers],
        caption=text(block.title),
    )
    node["c"][2] = [
        [align, {"t": "ColWidth", "c": width}]
        for (align, _), width in zip(node["c"][2], _widths(block), strict=True)
    ]
    return node


def _widths(block: Grid) -> list[float]:
    """Columns in proportion to what they hold; no word is cut where there is room."""
    needs = []
    for number, head in enumerate(block.columns):
        cells = [figure(row[number]) for row in block.rows]
        bold = [1.35 * len(word) for word in head.split()]
        words = [len(word) for cell in cells for word in cell.split()]
        least = max((*bold, *words, LETTERS[0] - 2)) + 2
        needs.append(min(max((least, *map(len, cells))), LETTERS[1]))
    return [round(need / sum(needs), 4) for need in needs]


def _caption(picture: Picture) -> Node:
    return styled(CAPTION, [para(text(picture.chart.title))])


# Pictures


def _pictures(report: Report, folder: Path) -> Drawn:
    """Every chart as a PNG file, drawn in one go."""
    charts = [block for block in printable(report).blocks if isinstance(block, Picture)]
    # with printable characters, pictures keep their places
    held = [block for block in report.blocks if isinstance(block, Picture)]
    images = _png([svg(picture.chart) for picture in charts], folder) if charts else []
    paths = {}
    for number, (picture, image) in enumerate(zip(held, images, strict=True)):
        path = folder / f"graphique-{number}.png"
        path.write_bytes(image)
        paths[id(picture)] = path
    return partial(_image, paths)


def _image(paths: dict[int, Path], picture: Picture) -> list[Node]:
    target = [str(paths[id(picture)]), ""]
    image = {"t": "Image", "c": [attr("", [], width=WIDTH), text(picture.alt), target]}
    return [_caption(picture), para([image])]


def _png(drawings: Sequence[str], folder: Path) -> list[bytes]:
    import typst

    pages = "\n#pagebreak()\n".join(
        f'#image(bytes({typesetting.literal(drawing)}), format: "svg", width: 140mm)'
        for drawing in drawings
    )
    source = folder / "graphiques.typ"
    source.write_text(
        "#set page(width: auto, height: auto, margin: 2pt, fill: white)\n" + pages,
        encoding="utf-8",
    )
    try:
        found = typst.compile(
            str(source),
            format="png",
            ppi=PIXELS,
            font_paths=[str(RESOURCES / "polices")],
            ignore_system_fonts=True,
        )
    except RuntimeError as error:
        raise RenderingFailed(raison=str(error)[:200]) from error
    return [bytes(page) for page in found] if isinstance(found, list) else [bytes(found or b"")]


# Every text


def _mapped(report: Report, change: Callable[[str], str]) -> Report:
    """The report with every text changed."""
    return replace(
        report,
        title=change(report.title),
        note=change(report.note),
        blocks=tuple(_changed(block, change) for block in report.blocks),
    )


def _changed(block: Block, change: Callable[[str], str]) -> Block:
    match block:
        case Heading() | Line():
            return replace(block, text=change(block.text))
        case Listed():
            return Listed(
                tuple((change(item), tuple(map(change, under))) for item, under in block.items)
            )
        case Grid():
            rows = tuple(
                tuple(change(cell) if isinstance(cell, str) else cell for cell in row)
                for row in block.rows
            )
            return Grid(change(block.title), tuple(map(change, block.columns)), rows)
        case Picture():
            return Picture(retold(block.chart, change), change(block.alt))
