"""Keep case files: events are appended, each in a transaction of its own.

Whoever holds the owner token, or opened an invitation that still holds, gets in; to anybody
else a case file does not exist.
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assistant.clock import Clock
from assistant.coaching.dossier import (
    Dossier,
    Invitation,
    InvitationClosed,
    InvitationTaken,
    Offer,
    Outdated,
)
from assistant.coaching.events import EVENTS, Event, Recorded
from assistant.coaching.sides import Side
from assistant.errors import NotFound
from assistant.store.database import Database
from assistant.store.models import DossierEventRow, DossierRow, InvitationRow

TITLE_LENGTH = 120
INVITATION_DAYS = 30


class DossierStore:
    """The case files of one data directory."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, owner: str, *, title: str, events: Sequence[Recorded] = ()) -> Dossier:
        """A new case file, empty or with the history of an imported one."""
        now = self._clock.now()
        row = DossierRow(
            id=str(uuid.uuid4()),
            owner=owner,
            title=title.strip()[:TITLE_LENGTH],
            created_at=now,
            updated_at=now,
            archived=False,
            revision=0,
        )
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            for item in events:
                _append(session, row, item.side, item.author, item.event, at=item.at)
            return _dossier(row, "porteur", "")

    def listing(self, owner: str, *, archived: bool = False) -> list[Dossier]:
        """One's own case files and those one is invited to, latest first."""
        now = self._clock.now()
        guest = (
            select(DossierRow, InvitationRow)
            .join(InvitationRow, InvitationRow.dossier_id == DossierRow.id)
            .where(InvitationRow.guest == owner, *_open(now))
            .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
        )
        own = select(DossierRow).where(DossierRow.owner == owner, DossierRow.archived == archived)
        with self._database.reading() as session:
            found = {row.id: _dossier(row, "porteur", "") for row in session.scalars(own)}
            if not archived:
                for row, invitation in session.execute(guest):
                    seen = _dossier(row, invitation.side, invitation.name)
                    found.setdefault(row.id, seen)
        return sorted(found.values(), key=lambda d: (d.updated_at, d.id), reverse=True)

    def dossier(self, dossier_id: str, *, owner: str) -> Dossier:
        """One case file as ``owner`` may see it; raises ``NotFound``."""
        with self._database.reading() as session:
            return _seen(session, dossier_id, owner, self._clock.now())[1]

    def history(self, dossier_id: str, *, owner: str, since: int = 0) -> list[Recorded]:
        """The events after number ``since``, in order; raises ``NotFound``."""
        query = (
            select(DossierEventRow)
            .where(DossierEventRow.dossier_id == dossier_id, DossierEventRow.seq > since)
            .order_by(DossierEventRow.seq)
        )
        with self._database.reading() as session:
            _seen(session, dossier_id, owner, self._clock.now())
            return [_recorded(row) for row in session.scalars(query)]

    def append(
        self, dossier_id: str, events: Iterable[Event], *, owner: str, after: int | None = None
    ) -> list[Recorded]:
        """Append what the side of ``owner`` did, all or nothing; raises ``NotFound``.

        Raises ``Outdated`` when something happened after event number ``after``.
        """
        now = self._clock.now()
        with self._database.writing() as session:
            row, seen = _seen(session, dossier_id, owner, now)
            if after is not None and row.revision != after:
                raise Outdated
            added = [
                _append(session, row, seen.side, seen.author, event, at=now) for event in events
            ]
            if added:
                row.updated_at = now
            return [_recorded(item) for item in added]

    def change(
        self,
        dossier_id: str,
        *,
        owner: str,
        title: str | None = None,
        archived: bool | None = None,
    ) -> None:
        """Rename, put aside or put back one's own; an empty title changes nothing."""
        with self._database.writing() as session:
            row = _own(session, dossier_id, owner)
            row.title = (title or "").strip()[:TITLE_LENGTH] or row.title
            row.archived = row.archived if archived is None else archived

    def delete(self, dossier_id: str, *, owner: str) -> None:
        """Erase one's own case file, its history and its links, for good."""
        with self._database.writing() as session:
            _own(session, dossier_id, owner)
            session.execute(delete(DossierRow).where(DossierRow.id == dossier_id))

    # Invitations

    def invite(
        self,
        dossier_id: str,
        *,
        owner: str,
        side: Side,
        name: str,
        days: int = INVITATION_DAYS,
    ) -> tuple[Invitation, str]:
        """A link for another side, and its secret, which is not kept."""
        secret = secrets.token_urlsafe(32)
        now = self._clock.now()
        with self._database.writing() as session:
            _own(session, dossier_id, owner)
            row = InvitationRow(
                id=str(uuid.uuid4()),
                dossier_id=dossier_id,
                side=side,
                name=name.strip()[:TITLE_LENGTH],
                digest=_digest(secret),
                created_at=now,
                expires_at=now + timedelta(days=days),
                revoked_at=None,
                guest=None,
            )
            session.add(row)
            return _invitation(row), secret

    def invitations(self, dossier_id: str, *, owner: str) -> list[Invitation]:
        """The links of one's own case file, latest first."""
        query = (
            select(InvitationRow)
            .where(InvitationRow.dossier_id == dossier_id)
            .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
        )
        with self._database.reading() as session:
            _own(session, dossier_id, owner)
            return [_invitation(row) for row in session.scalars(query)]

    def revoke(self, dossier_id: str, invitation_id: str, *, owner: str) -> None:
        """Close a link: it lets nobody in any more, not even who had opened it."""
        with self._database.writing() as session:
            _own(session, dossier_id, owner)
            row = session.get(InvitationRow, invitation_id)
            if row is None or row.dossier_id != dossier_id:
                raise InvitationClosed
            row.revoked_at = row.revoked_at or self._clock.now()

    def offer(self, secret: str, *, guest: str) -> tuple[Offer, list[Recorded]]:
        """What a link offers to the browser ``guest``, and the history behind it.

        Raises ``InvitationClosed``, or ``InvitationTaken`` when another browser has it.
        """
        with self._database.reading() as session:
            row = _by_secret(session, secret, self._clock.now())
            opened = session.get_one(DossierRow, row.dossier_id)
            mine = _same(opened.owner, guest)
            if not mine and row.guest is not None and not _same(row.guest, guest):
                raise InvitationTaken
            events = session.scalars(
                select(DossierEventRow)
                .where(DossierEventRow.dossier_id == row.dossier_id)
                .order_by(DossierEventRow.seq)
            )
            return Offer(_invitation(row), opened.title, mine), [_recorded(e) for e in events]

    def accept(self, secret: str, *, guest: str) -> str:
        """Let the browser ``guest`` in; return the id of the case file.

        Who opened the case file has no need of a link, and leaves it to the person invited.
        Raises ``InvitationClosed``, or ``InvitationTaken`` when another browser has it.
        """
        with self._database.writing() as session:
            row = _by_secret(session, secret, self._clock.now())
            if _same(session.get_one(DossierRow, row.dossier_id).owner, guest):
                return row.dossier_id
            if row.guest is not None and not _same(row.guest, guest):
                raise InvitationTaken
            row.guest = guest
            return row.dossier_id


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (InvitationRow.revoked_at.is_(None), InvitationRow.expires_at > now)


def _by_secret(session: Session, secret: str, now: datetime) -> InvitationRow:
    row: InvitationRow | None = session.scalar(
        select(InvitationRow).where(InvitationRow.digest == _digest(secret), *_open(now))
    )
    if row is None:
        raise InvitationClosed
    return row


def _seen(
    session: Session, dossier_id: str, owner: str, now: datetime
) -> tuple[DossierRow, Dossier]:
    row = session.get(DossierRow, dossier_id)
    if row is None or not owner:
        raise NotFound("dossier_inconnu")
    if secrets.compare_digest(row.owner.encode(), owner.encode()):
        return row, _dossier(row, "porteur", "")
    invitation = session.scalar(
        select(InvitationRow)
        .where(
            InvitationRow.dossier_id == dossier_id,
            InvitationRow.guest == owner,
            *_open(now),
        )
        .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
        .limit(1)
    )
    if invitation is None:
        raise NotFound("dossier_inconnu")
    return row, _dossier(row, invitation.side, invitation.name)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _own(session: Session, dossier_id: str, owner: str) -> DossierRow:
    row = session.get(DossierRow, dossier_id)
    if row is None or not secrets.compare_digest(row.owner.encode(), owner.encode()):
        raise NotFound("dossier_inconnu")
    return row


def _append(
    session: Session, row: DossierRow, side: Side, author: str, event: Event, *, at: datetime
) -> DossierEventRow:
    row.revision += 1
    added = DossierEventRow(
        dossier_id=row.id,
        seq=row.revision,
        at=at,
        side=side,
        author=author,
        event=EVENTS.dump_python(event, mode="json"),
    )
    session.add(added)
    return added


def _recorded(row: DossierEventRow) -> Recorded:
    return Recorded(
        seq=row.seq,
        at=_utc(row.at),
        side=cast("Side", row.side),
        author=row.author,
        event=EVENTS.validate_python(row.event),
    )


def _dossier(row: DossierRow, side: str, author: str) -> Dossier:
    return Dossier(
        id=row.id,
        title=row.title,
        created_at=_utc(row.created_at),
        updated_at=_utc(row.updated_at),
        archived=row.archived,
        revision=row.revision,
        side=cast("Side", side),
        author=author,
    )


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        id=row.id,
        side=cast("Side", row.side),
        name=row.name,
        created_at=_utc(row.created_at),
        expires_at=_utc(row.expires_at),
        revoked_at=_utc(row.revoked_at) if row.revoked_at else None,
        opened=row.guest is not None,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _utc(moment: datetime) -> datetime:
    # SQLite forgets the time zone; everything was written in UTC
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
