"""Keep conversations: each method is one transaction.

A conversation belongs to whoever holds its owner token; anybody else's is not found, so that
nothing tells whether it exists.
"""

import secrets
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assistant.clock import Clock, SystemClock
from assistant.errors import NotFound
from assistant.store.database import Database
from assistant.store.dossiers import DossierStore
from assistant.store.models import ConversationRow, FeedbackRow, MessageRow
from assistant.store.values import (
    Complaint,
    Conversation,
    Feedback,
    Message,
    NewMessage,
    Verdict,
)
from assistant.store.workshops import WorkshopStore

TITLE_LENGTH = 80


class Store:
    """The conversations of one data directory."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.dossiers = DossierStore(database, clock)
        self.workshops = WorkshopStore(database, clock)

    @classmethod
    def open(cls, directory: Path, *, url: str | None = None, clock: Clock | None = None) -> Self:
        """Open or create the file, or the database at ``url``; raises ``StorageUnavailable``."""
        return cls(Database(directory, url), clock or SystemClock())

    @property
    def has_company(self) -> bool:
        """Whether other processes may write to the same database."""
        return self._database.shared

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def start(self, owner: str, first: NewMessage | None = None) -> str:
        """Create a conversation, with its first turn when there is one; return its id."""
        now = self._clock.now()
        row = ConversationRow(
            id=str(uuid.uuid4()), owner=owner, title="", created_at=now, updated_at=now
        )
        with self._database.writing() as session:
            session.add(row)
            if first is not None:
                session.add(_turn(row, first, position=1, now=now))
            return row.id

    def conversations(self, owner: str, *, archived: bool = False) -> list[Conversation]:
        """The conversations of ``owner`` that hold at least one turn, the latest first."""
        turns = func.count(MessageRow.id)
        query = (
            select(ConversationRow, turns)
            .join(MessageRow, MessageRow.conversation_id == ConversationRow.id)
            .where(ConversationRow.owner == owner, ConversationRow.archived == archived)
            .group_by(ConversationRow.id)
            .order_by(ConversationRow.updated_at.desc(), ConversationRow.id)
        )
        with self._database.reading() as session:
            return [_conversation(row, count) for row, count in session.execute(query)]

    def conversation(self, conversation_id: str, *, owner: str) -> Conversation:
        """One conversation of ``owner``; raises ``NotFound``."""
        with self._database.reading() as session:
            row = _owned(session, conversation_id, owner)
            return _conversation(row, _count(session, row.id))

    def shared(self, token: str) -> Conversation:
        """The conversation that ``token`` opens to anyone; raises ``NotFound``."""
        with self._database.reading() as session:
            row = session.scalar(
                select(ConversationRow).where(ConversationRow.share_token == token)
            )
            if row is None:
                raise NotFound("conversation_inconnue")
            return _conversation(row, _count(session, row.id))

    def messages(self, conversation: Conversation, *, since: int = 1) -> list[Message]:
        """The turns of ``conversation`` from position ``since`` on, oldest first."""
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation.id, MessageRow.position >= since)
            .order_by(MessageRow.position)
        )
        with self._database.reading() as session:
            return [_message(row) for row in session.scalars(query)]

    def message(self, conversation_id: str, message_id: str, *, owner: str) -> Message:
        """One turn of a conversation of ``owner``; raises ``NotFound``."""
        with self._database.reading() as session:
            row = _owned_message(session, message_id, owner)
            if row.conversation_id != conversation_id:
                raise NotFound("conversation_inconnue")
            return _message(row)

    def add(self, conversation_id: str, new: NewMessage, *, owner: str) -> Message:
        """Append a turn; the first one names the conversation. Raises ``NotFound``."""
        now = self._clock.now()
        with self._database.writing() as session:
            conversation = _owned(session, conversation_id, owner)
            last = session.scalar(
                select(func.max(MessageRow.position)).where(
                    MessageRow.conversation_id == conversation_id
                )
            )
            row = _turn(conversation, new, position=(last or 0) + 1, now=now)
            session.add(row)
            return _message(row)

    def change(
        self,
        conversation_id: str,
        *,
        owner: str,
        title: str | None = None,
        archived: bool | None = None,
    ) -> Conversation:
        """Rename, put aside or put back; an empty title changes nothing."""
        with self._database.writing() as session:
            row = _owned(session, conversation_id, owner)
            row.title = shortened(title or "") or row.title
            row.archived = row.archived if archived is None else archived
            return _conversation(row, _count(session, row.id))

    def share(self, conversation_id: str, *, owner: str) -> str:
        """The token that opens a conversation to anyone; the same one when already shared."""
        with self._database.writing() as session:
            row = _owned(session, conversation_id, owner)
            row.share_token = row.share_token or secrets.token_urlsafe(24)
            return row.share_token

    def unshare(self, conversation_id: str, *, owner: str) -> None:
        """Close what ``share`` opened; the token never opens anything again."""
        with self._database.writing() as session:
            _owned(session, conversation_id, owner).share_token = None

    def delete(self, conversation_id: str, *, owner: str) -> None:
        """Erase a conversation, its turns and the opinions on them, for good."""
        with self._database.writing() as session:
            session.delete(_owned(session, conversation_id, owner))

    def delete_all(self, owner: str) -> None:
        """Erase everything that ``owner`` has here, for good."""
        with self._database.writing() as session:
            session.execute(delete(ConversationRow).where(ConversationRow.owner == owner))

    def judge(self, message_id: str, feedback: Feedback, *, owner: str) -> Message:
        """Keep an opinion on one reply, replacing the previous one; raises ``NotFound``."""
        with self._database.writing() as session:
            row = _owned_message(session, message_id, owner)
            kept = row.feedback or FeedbackRow(message_id=message_id)
            kept.verdict = feedback.verdict.value
            kept.reason = feedback.reason.value if feedback.reason else None
            kept.comment = feedback.comment
            kept.created_at = self._clock.now()
            row.feedback = kept
            return _message(row)


def shortened(text: str) -> str:
    """``text`` on one line, cut at a word when it is long."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _turn(
    conversation: ConversationRow, new: NewMessage, *, position: int, now: datetime
) -> MessageRow:
    conversation.title = conversation.title or shortened(new.question)
    conversation.updated_at = now
    return MessageRow(
        id=new.id,
        conversation_id=conversation.id,
        position=position,
        question=new.question,
        actor=new.actor,
        resolved=new.resolved,
        reply=new.reply,
        units=list(new.units),
        created_at=now,
        feedback=None,
    )


def _owned(session: Session, conversation_id: str, owner: str) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id)
    if row is None or not secrets.compare_digest(row.owner.encode(), owner.encode()):
        raise NotFound("conversation_inconnue")
    return row


def _owned_message(session: Session, message_id: str, owner: str) -> MessageRow:
    row = session.get(MessageRow, message_id)
    if row is None:
        raise NotFound("conversation_inconnue")
    _owned(session, row.conversation_id, owner)
    return row


def _count(session: Session, conversation_id: str) -> int:
    query = select(func.count(MessageRow.id)).where(MessageRow.conversation_id == conversation_id)
    return session.scalar(query) or 0


def _conversation(row: ConversationRow, turns: int) -> Conversation:
    return Conversation(
        id=row.id,
        title=row.title,
        created_at=_utc(row.created_at),
        updated_at=_utc(row.updated_at),
        archived=row.archived,
        share_token=row.share_token,
        turns=turns,
    )


def _message(row: MessageRow) -> Message:
    feedback = None
    if row.feedback is not None:
        reason = row.feedback.reason
        feedback = Feedback(
            Verdict(row.feedback.verdict), Complaint(reason) if reason else None,
            row.feedback.comment,
        )  # fmt: skip
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        position=row.position,
        question=row.question,
        actor=row.actor,
        resolved=row.resolved,
        reply=row.reply,
        units=tuple(row.units),
        created_at=_utc(row.created_at),
        feedback=feedback,
    )


def _utc(moment: datetime) -> datetime:
    # SQLite forgets the time zone; everything was written in UTC
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
