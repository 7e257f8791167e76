"""One's case files and those one is invited to, for programs; the owner is the cookie's."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.casefile.paths import nested
from assistant.casefile.shape import leaves
from assistant.coaching import crossed as seen
from assistant.coaching.dossier import Dossier, Invitation, Standing
from assistant.coaching.reply import Part
from assistant.coaching.sides import PRIVATE, Side
from assistant.coaching.workspace import View
from assistant.errors import CallerError
from web.asking import PlainText
from web.owner import KnownOwner, Owner
from web.reading import said
from web.routes.chat import PRIVATE as NOT_STORED
from web.routes.dossier_sides import Guest, link
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers")


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewDossier(_Sent):
    """A case file to open."""

    title: PlainText = Field(default="", max_length=200)


class DossierChange(_Sent):
    """What to change; what is absent stays."""

    title: PlainText | None = Field(default=None, min_length=1, max_length=200)
    archived: bool | None = None


class MessageSent(_Sent):
    """What is told to the coach, in one's own words."""

    message: PlainText = Field(min_length=1)


class AnswersSent(_Sent):
    """Values by slot, dotted or nested; ``base`` is the revision that was looked at."""

    values: dict[PlainText, Any] = Field(min_length=1)
    base: int | None = Field(default=None, ge=0)


class SharedSlots(_Sent):
    """Every private slot that the other sides may see; those that are absent are hidden."""

    shared: list[PlainText] = Field(max_length=60)


class NewInvitation(_Sent):
    """A link to give; ``name`` is seen by every side."""

    side: Guest = "partenaire"
    name: PlainText = Field(default="", max_length=120)
    days: int = Field(default=30, ge=1, le=90)


class DossierModel(BaseModel):
    """A case file as one side sees it; ``revision`` is the number of its last event."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool
    revision: int
    side: Side
    mine: bool


class ProgressModel(BaseModel):
    """How far a step is: counts of its questions that matter in this case."""

    step: int
    total: int
    answered: int
    to_confirm: int
    unknown: int


class QuestionModel(BaseModel):
    """What is asked now."""

    id: str
    step: int
    text: str
    slots: list[str]


class DossierDetail(DossierModel):
    """The case as this side sees it; ``facts`` nests what is known by slot."""

    facts: dict[str, Any]
    missing: list[str]
    shared: list[str]
    progress: list[ProgressModel]
    question: QuestionModel | None
    recommendation: dict[str, Any]


class Reply(BaseModel):
    """What the coach said, and how many things happened."""

    parts: list[Part]
    events: int


class ClashModel(BaseModel):
    """An answer that changed since ``base``: what is held, what was sent. Neither is lost."""

    slot: str
    held: Any
    sent: Any


class Recorded(BaseModel):
    """What was taken; with the status 409, ``clashes`` wait to be settled."""

    recorded: list[str]
    clashes: list[ClashModel]
    revision: int


class InvitationModel(BaseModel):
    """A link that was given."""

    id: str
    side: Side
    name: str
    created_at: datetime
    expires_at: datetime
    standing: Standing


class InvitationGiven(InvitationModel):
    """A new link; ``url`` is given this once."""

    url: str


class PositionModel(BaseModel):
    """What one side says, who gave it and when."""

    side: Side
    author: str
    value: Any
    at: datetime
    status: Literal["confirmed", "to_confirm"]


class ItemModel(BaseModel):
    """A slot and the position of each side that spoke."""

    slot: str
    positions: list[PositionModel]


class MarkModel(ItemModel):
    """Marks given to one criterion; ``wide`` when they are to be discussed."""

    gap: int
    wide: bool


class BalanceModel(BaseModel):
    """Where the objectives of a side balance, or of all when ``side`` is null."""

    side: Side | None
    weights: dict[str, float]
    x: float
    y: float


class CrossedModel(BaseModel):
    """What the sides may all see, side by side."""

    sides: list[Side]
    agreements: list[ItemModel]
    negotiations: list[ItemModel]
    alone: list[ItemModel]
    own: list[ItemModel]
    marks: list[MarkModel]
    balances: list[BalanceModel]


@router.get("")
def listing(
    services: ServicesHere, owner: KnownOwner, archived: bool = False
) -> list[DossierModel]:
    """One's case files and those one is invited to, latest first."""
    found = services.dossiers.listing(owner, archived=archived) if owner else []
    return [DossierModel(**_fields(dossier)) for dossier in found]


@router.post("", status_code=201)
def create(services: ServicesHere, owner: Owner, body: NewDossier) -> DossierModel:
    """Open a case file."""
    title = body.title.strip() or services.engine.texts.say("dossiers", "sans_titre")
    return DossierModel(**_fields(services.workspace.create(owner, title=title)))


@router.post("/import", status_code=201)
def restore(services: ServicesHere, owner: Owner, body: dict[str, Any]) -> DossierModel:
    """Open what was exported."""
    return DossierModel(**_fields(services.workspace.restore(owner, body)))


@router.get("/{dossier_id}")
def read(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> DossierDetail:
    """What is known, what is missing, what to ask next, and what that leads to."""
    return _detail(services.workspace.view(dossier_id, owner=owner))


@router.patch("/{dossier_id}")
def change(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, body: DossierChange
) -> DossierModel:
    """Rename, put aside, or put back one's own."""
    services.dossiers.change(dossier_id, owner=owner, title=body.title, archived=body.archived)
    return DossierModel(**_fields(services.dossiers.dossier(dossier_id, owner=owner)))


@router.delete("/{dossier_id}", status_code=204)
def delete(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> None:
    """Erase one's own, for good."""
    services.dossiers.delete(dossier_id, owner=owner)


@router.post("/{dossier_id}/messages")
async def say(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, body: MessageSent
) -> Reply:
    """Tell the coach something, in one's own words."""
    turn = await said(services, dossier_id, body.message, owner=owner)
    return Reply(parts=list(turn.parts), events=len(turn.events))


@router.post(
    "/{dossier_id}/answers",
    responses={409: {"model": Recorded, "description": "Some answers changed since `base`."}},
)
def answer(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    body: AnswersSent,
    response: Response,
) -> Recorded:
    """Record answers, all or none; what changed since ``base`` is proposed and reported."""
    whole = services.workspace.coach.method.by_slot
    values = dict(leaves(body.values, whole=whole))
    clashes = services.workspace.answer(dossier_id, values, owner=owner, base=body.base, via="form")
    lost = {clash.slot for clash in clashes}
    if clashes:
        response.status_code = 409
    return Recorded(
        recorded=[slot for slot in values if slot not in lost],
        clashes=[ClashModel(slot=c.slot, held=c.held.value, sent=c.sent) for c in clashes],
        revision=services.dossiers.dossier(dossier_id, owner=owner).revision,
    )


@router.put("/{dossier_id}/sharing")
def share(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, body: SharedSlots
) -> SharedSlots:
    """Choose what the other sides see."""
    view = services.workspace.view(dossier_id, owner=owner)
    wanted, held = set(body.shared), view.table.side.shared
    if not wanted <= PRIVATE:
        raise CallerError("slot_inconnu", slot=", ".join(sorted(wanted - PRIVATE))[:200])
    services.workspace.share(dossier_id, owner=owner, shared=wanted - held, hidden=held - wanted)
    return SharedSlots(shared=sorted(wanted))


@router.get("/{dossier_id}/export")
def export(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> dict[str, Any]:
    """What this side may take away; ``import`` takes it."""
    return services.workspace.export(dossier_id, owner=owner)


@router.get("/{dossier_id}/crossed")
def crossed(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> CrossedModel:
    """Agreements, gaps, and what is left to negotiate."""
    view = services.workspace.view(dossier_id, owner=owner)
    found = seen.crossed(view.state, view.side, services.workspace.coach.method)
    return CrossedModel.model_validate(_crossed(found))


@router.get("/{dossier_id}/invitations")
def invitations(
    services: ServicesHere, owner: KnownOwner, dossier_id: str
) -> list[InvitationModel]:
    """The links of one's own case file, latest first."""
    given = services.dossiers.invitations(dossier_id, owner=owner)
    return [InvitationModel(**_link(services, one)) for one in given]


@router.post("/{dossier_id}/invitations", status_code=201)
def invite(  # noqa: PLR0917 - what a route takes
    request: Request,
    response: Response,
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    body: NewInvitation,
) -> InvitationGiven:
    """A link for another side; its address is given this once."""
    made, secret = services.dossiers.invite(
        dossier_id, owner=owner, side=body.side, name=body.name, days=body.days
    )
    response.headers.update(NOT_STORED)
    return InvitationGiven(**_link(services, made), url=link(request, secret))


@router.delete("/{dossier_id}/invitations/{invitation_id}", status_code=204)
def withdraw(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, invitation_id: str
) -> None:
    """Close a link."""
    services.dossiers.revoke(dossier_id, invitation_id, owner=owner)


def _fields(dossier: Dossier) -> dict[str, Any]:
    names = ("id", "title", "created_at", "updated_at", "archived", "revision", "side", "mine")
    return {name: getattr(dossier, name) for name in names}


def _detail(view: View) -> DossierDetail:
    asked = view.question
    actor = view.table.facts.acteur_type
    return DossierDetail(
        **_fields(view.dossier),
        facts=nested({slot: answer.value for slot, answer in view.table.known.items()}),
        missing=list(view.recommendation.missing),
        shared=sorted(view.table.side.shared),
        progress=[ProgressModel.model_validate(p, from_attributes=True) for p in view.progress],
        question=QuestionModel(
            id=asked.id, step=asked.etape, text=asked.text(actor), slots=list(asked.slots)
        )
        if asked
        else None,
        recommendation=view.recommendation.to_json(),
    )


def _link(services: Services, invitation: Invitation) -> dict[str, Any]:
    names = ("id", "side", "name", "created_at", "expires_at")
    held = {name: getattr(invitation, name) for name in names}
    return {**held, "standing": invitation.standing(services.workspace.now())}


def _crossed(found: seen.Crossed) -> dict[str, Any]:
    def items(held: tuple[seen.Item, ...]) -> list[dict[str, Any]]:
        return [{"slot": one.slot, "positions": _positions(one)} for one in held]

    return {
        "sides": list(found.sides),
        "agreements": items(found.agreements),
        "negotiations": items(found.negotiations),
        "alone": items(found.alone),
        "own": items(found.own),
        "marks": [
            {"slot": m.slot, "positions": _positions(m), "gap": m.gap, "wide": m.wide}
            for m in found.marks
        ],
        "balances": [
            {"side": b.side, "weights": {n: float(w) for n, w in b.weights}, "x": b.x, "y": b.y}
            for b in found.balances
        ],
    }


def _positions(item: seen.Item | seen.MarkGap) -> list[dict[str, Any]]:
    names = ("side", "author", "value", "at", "status")
    return [{name: getattr(one, name) for name in names} for one in item.positions]
