"""The action plan and the evaluation grid as a workbook: one sheet a table, no formula at all."""

import io
import re
import unicodedata
from datetime import datetime, time

from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.nodes import Table, plain, text_of
from assistant.drafting.rendering.packages import read_zip, write_zip

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_TITLE, LONGEST_CELL = 31, 32_767
_MOMENT = re.compile(rb"(<(dcterms:created|dcterms:modified)[^>]*>)[^<]*")


def _title(words: str, taken: set[str]) -> str:
    base = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", words)).strip()[:LONGEST_TITLE]
    title, number = base, 2
    while title.casefold() in taken:
        suffix = f" {number}"
        title, number = base[: LONGEST_TITLE - len(suffix)] + suffix, number + 1
    taken.add(title.casefold())
    return title


def render(document: DocumentConvention) -> bytes:
    """A workbook. Every cell is text: a leading = + - @ is never a formula."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    front = book.create_sheet(_title(document.mots["sommaire"], taken))
    lines = [document.titre]
    if document.projet:
        lines.append(document.mots["projet"])
    lines += [document.avertissement, *(f.libelle for f in document.champs_manquants)]
    lines += document.remarques
    for number, line in enumerate(lines, 1):
        _put(front, number, 1, line, bold=number == 1)
    front.column_dimensions["A"].width = 100
    _words(front, document)
    for article in document.articles:
        for block in article.blocs:
            if isinstance(block, Table):
                _sheet(book.create_sheet(_title(block.titre, taken)), block)
    stamp = datetime.combine(document.genere_le, time())
    book.properties.created = book.properties.modified = stamp
    book.properties.language = document.langue
    buffer = io.BytesIO()
    book.save(buffer)
    parts = read_zip(buffer.getvalue())
    moment = rb"\g<1>" + f"{document.genere_le.isoformat()}T00:00:00Z".encode()
    parts["docProps/core.xml"] = _MOMENT.sub(moment, parts["docProps/core.xml"])
    return write_zip(parts)


def _words(front: object, document: DocumentConvention) -> None:
    """What no table holds: titles and sentences, under the first lines; tables have sheets."""
    for article in document.articles:
        blocks = [block for block in article.blocs if not isinstance(block, Table)]
        for number, line in enumerate([article.titre, *map(text_of, blocks)]):
            row = front.max_row + 1  # type: ignore[attr-defined]
            _put(front, row + (number == 0), 1, line, bold=number == 0)


def _put(sheet: object, row: int, column: int, text: str, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row=row, column=column)  # type: ignore[attr-defined]
    cell.value = text[:LONGEST_CELL]
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=bold)


def _sheet(sheet: object, table: Table) -> None:
    for number, column in enumerate(table.colonnes, 1):
        _put(sheet, 1, number, column.titre, bold=True)
        letter = sheet.cell(row=1, column=number).column_letter  # type: ignore[attr-defined]
        sheet.column_dimensions[letter].width = 28  # type: ignore[attr-defined]
    for line, row in enumerate(table.lignes, 2):
        for number, cell in enumerate(row, 1):
            _put(sheet, line, number, plain(cell))
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]
