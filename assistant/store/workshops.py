"""Keep workshops: events are appended, each command in a transaction of its own.

A participant's phone and a trainer's browser are known by a random cookie, of which only the
digest is kept; to anybody else a workshop does not exist.
"""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Transaction

from assistant.clock import Clock
from assistant.errors import NotFound
from assistant.store.database import Database
from assistant.store.models import WorkshopEventRow, WorkshopKeyRow, WorkshopRow
from assistant.workshop.events import EVENTS, TRAINER, Ended, Event, Joined, Recorded, Undone
from assistant.workshop.session import ALPHABET, CODE_LENGTH, Outdated, Session

TITLE_LENGTH = 120
RETENTION_DAYS = 30
_TRIES = 20


class WorkshopStore:
    """The workshops of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(
        self, owner: str, *, title: str, events: Sequence[Event], days: int = RETENTION_DAYS
    ) -> Session:
        """A new workshop, erased after ``days`` unless its trainer does it before."""
        with self._database.writing() as session:
            row = self._opened(session, owner, title=title, days=days)
            for event in events:
                _append(session, row, TRAINER, event, at=row.created_at)
            return _session(row)

    def restore(
        self,
        owner: str,
        *,
        title: str,
        history: Sequence[Recorded],
        ended: bool,
        days: int = RETENTION_DAYS,
    ) -> Session:
        """A new workshop where all this has happened, at its own moments; no phone is in it."""
        with self._database.writing() as session:
            row = self._opened(session, owner, title=title, days=days)
            for item in history:
                _append(session, row, item.by, item.event, at=item.at)
            if ended:
                row.code, row.ended_at = None, row.created_at
            return _session(row)

    def _opened(self, session: Transaction, owner: str, *, title: str, days: int) -> WorkshopRow:
        now = self._clock.now()
        row = WorkshopRow(
            id=str(uuid.uuid4()),
            owner=owner,
            title=title.strip()[:TITLE_LENGTH],
            code=_free_code(session),
            screen=secrets.token_urlsafe(32),
            trainer_digest=None,
            created_at=now,
            updated_at=now,
            expires_at=now + timedelta(days=days),
            ended_at=None,
            revision=0,
        )
        session.add(row)
        session.flush()
        return row

    def listing(self, owner: str) -> list[Session]:
        """The workshops that this browser may lead, latest first."""
        shared = select(WorkshopKeyRow.workshop_id).where(
            WorkshopKeyRow.digest == digest(owner), WorkshopKeyRow.participant.is_(None)
        )
        query = (
            select(WorkshopRow)
            .where((WorkshopRow.owner == owner) | WorkshopRow.id.in_(shared))
            .order_by(WorkshopRow.updated_at.desc(), WorkshopRow.id)
        )
        with self._database.reading() as session:
            return [_session(row) for row in session.scalars(query)]

    def led(self, workshop_id: str, *, owner: str) -> Session:
        """A workshop, to who leads it; raises ``NotFound``."""
        with self._database.reading() as session:
            return _session(_led(session, workshop_id, owner))

    def by_code(self, code: str) -> Session:
        """The workshop that a code opens; raises ``NotFound``."""
        with self._database.reading() as session:
            return _session(_found(session.scalar(
                select(WorkshopRow).where(WorkshopRow.code == code)
            ), "code_inconnu"))  # fmt: skip

    def by_screen(self, screen: str) -> Session:
        """The workshop that a projection link shows; raises ``NotFound``."""
        with self._database.reading() as session:
            return _session(_found(session.scalar(
                select(WorkshopRow).where(WorkshopRow.screen == screen)
            )))  # fmt: skip

    def session(self, workshop_id: str) -> Session:
        """A workshop, once it is known that one may see it; raises ``NotFound``."""
        with self._database.reading() as session:
            return _session(_found(session.get(WorkshopRow, workshop_id)))

    def history(self, workshop_id: str, *, since: int = 0) -> list[Recorded]:
        """The events after number ``since``, in order; raises ``NotFound``."""
        query = (
            select(WorkshopEventRow)
            .where(WorkshopEventRow.workshop_id == workshop_id, WorkshopEventRow.seq > since)
            .order_by(WorkshopEventRow.seq)
        )
        with self._database.reading() as session:
            found = [_recorded(row) for row in session.scalars(query)]
            if not found:
                _found(session.get(WorkshopRow, workshop_id))
            return found

    def append(
        self, workshop_id: str, by: str, events: Sequence[Event], *, after: int
    ) -> list[Recorded]:
        """Append what ``by`` did, all or nothing, right after event number ``after``.

        Raises ``Outdated`` when something else came first, ``NotFound``.
        """
        now = self._clock.now()
        with self._database.writing() as session:
            row = _found(session.get(WorkshopRow, workshop_id, with_for_update=True))
            if row.revision != after:
                raise Outdated
            added = [_append(session, row, by, event, at=now) for event in events]
            if any(isinstance(event, Ended) for event in events):
                row.code, row.ended_at = None, now
            if any(isinstance(event, Undone) for event in events) and row.code is None:
                row.code, row.ended_at = _free_code(session), None
            row.updated_at = now
            return [_recorded(item) for item in added]

    # Who may act

    def join(self, workshop_id: str, event: Joined, *, after: int) -> tuple[Recorded, str]:
        """Let a phone in; return its event and the secret of its cookie, which is not kept."""
        now = self._clock.now()
        participant, secret = str(uuid.uuid4()), secrets.token_urlsafe(32)
        with self._database.writing() as session:
            row = _found(session.get(WorkshopRow, workshop_id, with_for_update=True))
            if row.revision != after:
                raise Outdated
            session.add(WorkshopKeyRow(
                workshop_id=row.id, digest=digest(secret), participant=participant
            ))  # fmt: skip
            return _recorded(_append(session, row, participant, event, at=now)), secret

    def participant(self, workshop_id: str, secret: str) -> str | None:
        """Whose phone it is; None for a stranger's."""
        with self._database.reading() as session:
            row = session.get(WorkshopKeyRow, (workshop_id, digest(secret))) if secret else None
            return row.participant if row else None

    def trainer_link(self, workshop_id: str, *, owner: str) -> str:
        """A new link that lets another browser lead; the one before opens nothing any more."""
        secret = secrets.token_urlsafe(32)
        with self._database.writing() as session:
            _led(session, workshop_id, owner).trainer_digest = digest(secret)
        return secret

    def accept_trainer(self, secret: str, *, owner: str) -> str:
        """Let the browser ``owner`` lead; return the workshop's id. Raises ``NotFound``."""
        with self._database.writing() as session:
            row = _found(session.scalar(
                select(WorkshopRow).where(WorkshopRow.trainer_digest == digest(secret))
            ), "lien_animation_inconnu")  # fmt: skip
            if not _same(row.owner, owner):
                session.merge(WorkshopKeyRow(
                    workshop_id=row.id, digest=digest(owner), participant=None
                ))  # fmt: skip
            return row.id

    def change(
        self, workshop_id: str, *, owner: str, title: str | None = None, days: int | None = None
    ) -> None:
        """Rename, or keep for ``days`` from now; an empty title changes nothing."""
        with self._database.writing() as session:
            row = _led(session, workshop_id, owner)
            row.title = (title or "").strip()[:TITLE_LENGTH] or row.title
            if days is not None:
                row.expires_at = self._clock.now() + timedelta(days=days)

    # Erasing

    def delete(self, workshop_id: str, *, owner: str) -> None:
        """Erase a workshop and everything that was said in it, for good."""
        with self._database.writing() as session:
            _led(session, workshop_id, owner)
            session.execute(delete(WorkshopRow).where(WorkshopRow.id == workshop_id))
        self._database.scrub()

    def purge(self) -> int:
        """Erase what is past its date; return how many workshops went."""
        now = self._clock.now()
        past = WorkshopRow.expires_at <= now
        with self._database.writing() as session:
            count = session.scalar(select(func.count()).select_from(WorkshopRow).where(past)) or 0
            if count:
                session.execute(delete(WorkshopRow).where(past))
        if count:
            self._database.scrub()
        return count


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _free_code(session: Transaction) -> str:
    for _ in range(_TRIES):
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if session.scalar(select(WorkshopRow.id).where(WorkshopRow.code == code)) is None:
            return code
    raise Outdated


def _found(row: WorkshopRow | None, code: str = "atelier_inconnu") -> WorkshopRow:
    if row is None:
        raise NotFound(code)
    return row


def _led(session: Transaction, workshop_id: str, owner: str) -> WorkshopRow:
    row = _found(session.get(WorkshopRow, workshop_id))
    if owner and _same(row.owner, owner):
        return row
    key = session.get(WorkshopKeyRow, (workshop_id, digest(owner))) if owner else None
    if key is None or key.participant is not None:
        raise NotFound("atelier_inconnu")
    return row


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _append(
    session: Transaction, row: WorkshopRow, by: str, event: Event, *, at: datetime
) -> WorkshopEventRow:
    row.revision += 1
    added = WorkshopEventRow(
        workshop_id=row.id,
        seq=row.revision,
        at=at,
        by=by,
        event=EVENTS.dump_python(event, mode="json"),
    )
    session.add(added)
    return added


def _recorded(row: WorkshopEventRow) -> Recorded:
    return Recorded(
        seq=row.seq, at=_utc(row.at), by=row.by, event=EVENTS.validate_python(row.event)
    )


def _session(row: WorkshopRow) -> Session:
    return Session(
        id=row.id,
        title=row.title,
        code=row.code,
        screen=row.screen,
        created_at=_utc(row.created_at),
        updated_at=_utc(row.updated_at),
        expires_at=_utc(row.expires_at),
        ended_at=_utc(row.ended_at) if row.ended_at else None,
        revision=row.revision,
    )


def _utc(moment: datetime) -> datetime:
    # SQLite forgets the time zone; everything was written in UTC
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
