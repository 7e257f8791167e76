"""One entry: a document as bytes in a format, and back."""

import json
from functools import cache
from html import escape
from typing import Any, Literal, get_args

from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.rendering import markdown, pdf, sheets, word
from assistant.drafting.rendering.pandoc import convert
from assistant.drafting.rendering.reference import RESOURCES
from assistant.drafting.rendering.tree import Tree
from assistant.errors import CallerError

Format = Literal["docx", "odt", "pdf", "html", "md", "json", "xlsx"]
FORMATS: tuple[str, ...] = get_args(Format)
TABULAR = frozenset({"plan_action", "grille_evaluation"})


class UnknownFormat(CallerError):
    """A format that this document does not have."""

    code = "format_export_inconnu"


@cache
def _page() -> str:
    return (RESOURCES / "accord.html").read_text(encoding="utf-8")


def _html(document: DocumentConvention) -> bytes:
    body = convert(Tree(document, "html").build(), "html5", ["--wrap=none"]).decode("utf-8")
    page = _page().replace("@@TITRE@@", escape(document.titre))
    return page.replace("@@CORPS@@", body).encode("utf-8")


def _markdown(document: DocumentConvention) -> bytes:
    return markdown.render(Tree(document, "md").build())


def _json(document: DocumentConvention) -> bytes:
    value = document.model_dump(mode="json")
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def formats(document_type: str) -> tuple[str, ...]:
    """The formats that a type of document has: a spreadsheet only for the plan and the grid."""
    return tuple(f for f in FORMATS if f != "xlsx" or document_type in TABULAR)


def render(document: DocumentConvention, form: str) -> bytes:
    """A file; the same document gives the same bytes.

    Raises ``UnknownFormat``, ``RenderingFailed``.
    """
    makers = {
        "docx": word.docx, "odt": word.odt, "pdf": pdf.render, "html": _html, "md": _markdown,
        "json": _json, "xlsx": sheets.render,
    }  # fmt: skip
    if form not in formats(document.type_document):
        raise UnknownFormat(format=form, connus=", ".join(formats(document.type_document)))
    return makers[form](document)


def read_back(data: bytes, form: str) -> dict[str, Any]:
    """What a file made here holds: the fields of a Word file, the whole of a JSON one.

    Raises ``UnknownFormat`` for the others.
    """
    if form == "docx":
        return word.read_docx(data)
    if form == "json":
        return DocumentConvention.model_validate_json(data).model_dump(mode="json")
    raise UnknownFormat(format=form, connus="docx, json")
