"""Word and OpenDocument files, made the same every time, with fields that can be read back."""

import json
import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.rendering import reference
from assistant.drafting.rendering.packages import read_zip, write_zip
from assistant.drafting.rendering.pandoc import convert
from assistant.drafting.rendering.tree import Node, Tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ITEM = "customXml/item1.xml"
FIELDS = "urn:cote-a-cote:champs"
_RELATION = (
    '<Relationship Id="rIdChamps" Target="../customXml/item1.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"/>'
)
_MOMENT = re.compile(rb"(<(dcterms:created|dcterms:modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a file says: its title, « PROJET » or nothing, page numbers; its day."""

    title: str
    draft: str
    page: str
    of: str
    day: date


def frame_of(document: DocumentConvention) -> Frame:
    """The frame of a document."""
    words = document.mots
    draft = words["projet"] if document.projet else ""
    return Frame(document.titre, draft, words["page"], words["sur"], document.genere_le)


def _filled(part: bytes, frame: Frame) -> bytes:
    said = {
        reference.TITLE: frame.title,
        reference.DRAFT: frame.draft,
        reference.PAGE: frame.page,
        reference.OF: frame.of,
    }
    for mark, text in said.items():
        part = part.replace(mark.encode(), escape(text).encode())
    return part


def _title(frame: Frame) -> bytes:
    return f"<dc:title>{escape(frame.title)}</dc:title>".encode()


def _moment(day: date) -> bytes:
    return f"{day.isoformat()}T00:00:00Z".encode()


def docx(document: DocumentConvention) -> bytes:
    """A Word file. Each value is in a bookmark; a custom part says which slot it is."""
    tree = Tree(document, "docx")
    parts = framed_docx(tree.build(), frame_of(document))
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", f"{_RELATION}</Relationships>".encode())
    parts[ITEM] = _item(document, tree.fields)
    return write_zip(parts)


def framed_docx(tree: Node, frame: Frame) -> dict[str, bytes]:
    """The parts of a Word file, with our styles and its frame. Raises ``RenderingFailed``."""
    path = reference.RESOURCES / "reference.docx"
    parts = read_zip(convert(tree, "docx", [f"--reference-doc={path}"]))
    parts = {name: _filled(p, frame) if _runs(name) else p for name, p in parts.items()}
    parts["word/document.xml"] = _tidy(parts["word/document.xml"])
    moment = rb"\g<1>" + _moment(frame.day)
    core = parts["docProps/core.xml"].replace(b"<dc:title></dc:title>", _title(frame))
    parts["docProps/core.xml"] = _MOMENT.sub(moment, core)
    return parts


def _runs(name: str) -> bool:
    return name.startswith(("word/header", "word/footer"))


def _tidy(part: bytes) -> bytes:
    """Rows are never cut by a page break, and a table of labels says that it has a head."""
    text = part.decode("utf-8")
    text = re.sub(r"<w:trPr>", "<w:trPr><w:cantSplit/>", text)
    return re.sub(r"<w:tr>(?!<w:trPr>)", "<w:tr><w:trPr><w:cantSplit/></w:trPr>", text).encode()


def _item(document: DocumentConvention, fields: list[tuple[str, str]]) -> bytes:
    value = {
        "document": document.type_document,
        "version": document.version_modele,
        "signets": dict(fields),
    }
    # only names: who said what stays in the case, not in a file that goes to the other side
    text = escape(json.dumps(value, ensure_ascii=True), quote=False)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declaration}<c:champs xmlns:c="{FIELDS}">{text}</c:champs>'.encode()


def read_docx(data: bytes) -> dict[str, Any]:
    """The fields of a Word file made here, as they stand in its text now."""
    parts = read_zip(data)
    item = ET.fromstring(parts[ITEM])  # noqa: S314 - a part of a package that we wrote
    value: dict[str, Any] = json.loads(item.text or "{}")
    said = _bookmarks(ET.fromstring(parts["word/document.xml"]))  # noqa: S314
    marks: dict[str, str] = value.pop("signets")
    return {**value, "champs": {slot: said.get(name, "") for name, slot in marks.items()}}


def _bookmarks(root: ET.Element) -> dict[str, str]:
    open_marks: dict[str, str] = {}
    said: dict[str, str] = {}
    for element in root.iter():
        if element.tag == f"{W}bookmarkStart":
            name = element.get(f"{W}name", "")
            open_marks[element.get(f"{W}id", "")] = name
            said[name] = ""
        elif element.tag == f"{W}bookmarkEnd":
            open_marks.pop(element.get(f"{W}id", ""), None)
        else:
            text = {f"{W}t": element.text or "", f"{W}br": "\n", f"{W}tab": "\t"}.get(element.tag)
            for name in open_marks.values() if text else ():
                said[name] += text or ""
    return said


def odt(document: DocumentConvention) -> bytes:
    """An OpenDocument file."""
    return write_zip(framed_odt(Tree(document, "odt").build(), frame_of(document)))


def framed_odt(tree: Node, frame: Frame) -> dict[str, bytes]:
    """The parts of an OpenDocument file, with our styles and its frame."""
    path = reference.RESOURCES / "reference.odt"
    parts = read_zip(convert(tree, "odt", [f"--reference-doc={path}"]))
    parts["styles.xml"] = _filled(parts["styles.xml"], frame)
    stamp = _moment(frame.day)
    for tag in (b"meta:creation-date", b"dc:date"):
        parts["meta.xml"] = re.sub(b"(<%s>)[^<]*" % tag, rb"\g<1>" + stamp, parts["meta.xml"])
    parts["meta.xml"] = re.sub(
        b"<dc:title>.*?</dc:title>|<dc:title ?/>", lambda _: _title(frame), parts["meta.xml"]
    )
    return parts
