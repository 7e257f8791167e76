"""Change the agenda of a workshop: what two trainers do at once never overwrites silently."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from assistant.errors import CallerError, NotFound
from assistant.store.workshops import TITLE_LENGTH
from assistant.workshop import editing
from assistant.workshop.activity import InvalidConfig
from assistant.workshop.agenda import Agenda, Item
from assistant.workshop.config_forms import fields_of, read_config, refilled
from assistant.workshop.session import Session
from web.asking import PlainText, without_controls
from web.owner import KnownOwner
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossiers import back
from web.routes.workshops import LedHere, origin, prepare_page
from web.services import Services, ServicesHere
from web.workshop_pages import EditItemPage

router = APIRouter(prefix="/ateliers/{workshop_id}")
Seen = Annotated[str, Field(max_length=40)]
LONGEST = 6_000  # minutes that may be announced
WORDS = ("title", "minutes", "purpose", "instructions")
LINES = ("say", "material")
MAX_FIELDS = 200


class Settings(BaseModel):
    """The form of what concerns the whole workshop; ``vu`` is the version that was seen."""

    vu: Seen
    titre: Annotated[PlainText, Field(max_length=200)] = ""
    cas: Annotated[PlainText, Field(max_length=60)] = ""
    duree: Annotated[PlainText, Field(max_length=80)] = ""

    @property
    def minutes(self) -> int | None:
        """The time that was announced; raises ``CallerError``."""
        typed = self.duree.strip()
        if typed and not (typed.isdecimal() and 1 <= int(typed) <= LONGEST):
            raise CallerError("duree_invalide")
        return int(typed) if typed else None


class Gesture(BaseModel):
    """A button of the agenda."""

    geste: Literal["ajouter", "retirer", "monter", "descendre"]
    vu: Seen
    item: Annotated[PlainText, Field(max_length=80)] = ""
    sorte: Annotated[PlainText, Field(max_length=80)] = ""


@router.post("/reglages")
def settle(
    request: Request,
    services: ServicesHere,
    session: LedHere,
    owner: KnownOwner,
    form: Annotated[Settings, Form()],
) -> Response:
    """The name of the workshop, its fictional case, how long the room was told it lasts."""

    def change(agenda: Agenda) -> Agenda:
        if form.cas not in services.cases:
            raise NotFound("cas_inconnu")
        moved = editing.on_case(form.cas, services.workshops.activities)
        agenda = moved(agenda) if form.cas != agenda.case else agenda
        return agenda.model_copy(update={"announced": form.minutes})

    typed = {"titre": form.titre[:TITLE_LENGTH], "cas": form.cas, "duree": form.duree}
    try:
        services.workshops.edit(session.id, change, seen=form.vu)
    except CallerError as error:
        return _refused(request, services, session, error, typed=typed)
    services.workshops.store.change(session.id, owner=owner, title=form.titre)
    return back(f"/ateliers/{session.id}")


@router.post("/deroule")
def arrange(
    request: Request,
    services: ServicesHere,
    session: LedHere,
    form: Annotated[Gesture, Form()],
) -> Response:
    """Add an item of a kind, take one away, move it."""
    item = form.item
    try:
        if form.geste == "ajouter":
            starter = services.starters.get(form.sorte)
            if starter is None:
                raise NotFound("sorte_inconnue")
            activities = services.workshops.activities
            change = editing.added(starter, activities, after=item or None)
        elif form.geste == "retirer":
            change = editing.removed(item)
        else:
            change = editing.moved(item, -1 if form.geste == "monter" else 1)
        room = services.workshops.edit(session.id, change, seen=form.vu)
    except CallerError as error:
        return _refused(request, services, session, error)
    place = f"moment-{item}" if item and form.geste != "retirer" else "deroule"
    if form.geste == "ajouter" and not item and room.agenda.items:
        place = f"moment-{room.agenda.items[-1].id}"
    return back(f"/ateliers/{session.id}#{place}")


@router.get("/deroule/{item_id}")
def show(services: ServicesHere, session: LedHere, item_id: str) -> HTMLResponse:
    """The form of one item."""
    agenda = services.workshops.room(session.id).agenda
    item = _item(agenda, item_id)
    return render(_edit_page(services, session, agenda, item), headers=PRIVATE)


@router.post("/deroule/{item_id}")
async def rewrite(
    request: Request, services: ServicesHere, session: LedHere, item_id: str
) -> Response:
    """Change one item; what cannot be kept stays on the page, with why."""
    form = await _form(request)
    return await to_thread.run_sync(_rewrite, request, services, session, item_id, form)


def _rewrite(
    request: Request,
    services: Services,
    session: Session,
    item_id: str,
    form: Mapping[str, Sequence[str]],
) -> Response:
    agenda = services.workshops.room(session.id).agenda
    item = agenda.item(item_id)
    if item is None:
        return _refused(request, services, session, editing.Overtaken())
    seen = next(iter(form.get("vu", ())), "")
    try:
        activity = services.workshops.activities[item.kind]
        fields = _read(form) | {"config": read_config(activity, form, item.config)}
        services.workshops.edit(session.id, editing.rewritten(item_id, fields), seen=seen)
    except (InvalidConfig, editing.InvalidItem) as error:
        wrong = str(error.details.get("champ", "")).partition(".")[0]
        page = _edit_page(services, session, agenda, item, form=form, wrong=wrong)
    except CallerError as error:
        told = services.engine.texts.explain(error)
        page = _edit_page(services, session, agenda, item, form=form, told=told)
        return render(page, status=error.status, headers=PRIVATE)
    else:
        return back(f"/ateliers/{session.id}#moment-{item_id}")
    return render(page, status=422, headers=PRIVATE)


def _edit_page(
    services: Services,
    session: Session,
    agenda: Agenda,
    item: Item,
    *,
    form: Mapping[str, Sequence[str]] | None = None,
    wrong: str = "",
    told: str = "",
) -> EditItemPage:
    """The form of an item, as it is or as it was typed."""
    fields = fields_of(services.workshops.activities[item.kind], item.config)
    typed = {name: str(getattr(item, name)) for name in WORDS}
    typed |= {name: "\n".join(getattr(item, name)) for name in LINES}
    typed["spare"] = "oui" if item.spare else ""
    if form is not None:
        fields = refilled(fields, form)
        typed |= {name: "\n".join(form.get(name, ())) for name in (*WORDS, *LINES, "spare")}
    return EditItemPage(
        session=session,
        item=item,
        starter=services.starters.get(item.kind),
        typed=typed,
        fields=fields,
        version=agenda.version,
        wrong=wrong,
        told=told,
        fixed=item.id in services.workshops.room(session.id).stages,
    )


def _read(form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The words of an item as they were typed; the item checks them."""
    fields: dict[str, Any] = {name: "\n".join(form.get(name, ())) for name in WORDS}
    for name in LINES:
        lines = "\n".join(form.get(name, ())).splitlines()
        fields[name] = tuple(line.strip() for line in lines if line.strip())
    return fields | {"spare": bool(form.get("spare"))}


def _item(agenda: Agenda, item_id: str) -> Item:
    item = agenda.item(item_id)
    if item is None:
        raise NotFound("activite_inconnue")
    return item


async def _form(request: Request) -> Mapping[str, Sequence[str]]:
    """What a form sent, without control characters; raises ``CallerError``."""
    found: dict[str, list[str]] = {}
    sent = await request.form(max_fields=MAX_FIELDS)
    for name, value in sent.multi_items():
        try:
            text = without_controls(value) if isinstance(value, str) else None
        except ValueError as error:
            raise CallerError from error
        if text is None:
            raise CallerError
        found.setdefault(name, []).append(text.replace("\r\n", "\n"))
    return found


def _refused(
    request: Request,
    services: Services,
    session: Session,
    error: CallerError,
    *,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The workshop's page with what is wrong and, still there, what was typed."""
    told = services.engine.texts.explain(error)
    page = prepare_page(services, session, origin(request, services), told=told, typed=typed)
    return render(page, status=error.status, headers=PRIVATE)
