"""The documents of a case file, for programs."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel

from assistant.drafting.desk import Sheet
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.rendering.render import formats
from web.owner import KnownOwner
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}/documents")
Name = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]


class DocumentLine(BaseModel):
    """A document of a case: obligatory fields counted, rules that block and others."""

    document: str
    title: str
    ready: bool
    filled: int
    required: int
    blocking: int
    alerts: int
    formats: list[str]


class DocumentDetail(BaseModel):
    """A document as it stands; ``checked`` is what ``assistant check`` says of it.

    ``obstacles`` are the rules and the slots that keep it from being ready to sign.
    """

    document: DocumentConvention
    checked: dict[str, Any]
    ready: bool
    obstacles: list[str]
    revision: int


@router.get("")
def listing(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> list[DocumentLine]:
    """The documents that the case leads to."""
    view = services.workspace.view(dossier_id, owner=owner)
    today = _today(services)
    names = services.desk.names(view.table.facts)
    sheets = (services.desk.sheet(view.state, view.side, n, today=today) for n in names)
    return [_line(sheet) for sheet in sheets]


@router.get("/{name}")
def read(services: ServicesHere, owner: KnownOwner, dossier_id: str, name: Name) -> DocumentDetail:
    """One document, with what is wrong, what is missing, and who gave each value."""
    view = services.workspace.view(dossier_id, owner=owner)
    sheet = services.desk.sheet(view.state, view.side, name, today=_today(services))
    return DocumentDetail(
        document=sheet.document,
        checked=sheet.checked.to_json(),
        ready=sheet.ready,
        obstacles=list(sheet.obstacles),
        revision=view.state.seq,
    )


def _today(services: Services) -> date:
    return services.workspace.now().astimezone().date()


def _line(sheet: Sheet) -> DocumentLine:
    name = sheet.document.type_document
    blocking = sum(issue.severity.value == "bloquant" for issue in sheet.checked.issues)
    return DocumentLine(
        document=name,
        title=sheet.document.titre,
        ready=sheet.ready,
        filled=sheet.checked.filled,
        required=sheet.checked.required,
        blocking=blocking,
        alerts=len(sheet.checked.issues) - blocking,
        formats=list(formats(name)),
    )
