"""The tables; ``migrations`` builds the same ones, and a test says so."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names every constraint, so that a later migration can change it."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


class ConversationRow(Base):
    """A conversation; ``owner`` is the random token of a browser's cookie."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_owner_updated_at", "owner", "updated_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    share_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived: Mapped[bool] = mapped_column(Boolean, default=False)
    messages: Mapped[list["MessageRow"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="MessageRow.position"
    )


class MessageRow(Base):
    """One question and its reply; ``resolved`` is what a follow-up was understood as."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("conversation.id", ondelete="CASCADE")
    )
    position: Mapped[int] = mapped_column(Integer)
    question: Mapped[str] = mapped_column(Text)
    actor: Mapped[str | None] = mapped_column(String(20))
    resolved: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    units: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    feedback: Mapped["FeedbackRow | None"] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="joined"
    )


class FeedbackRow(Base):
    """What someone thought of one reply; the last opinion replaces the previous one."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("verdict in ('up', 'down')", name="verdict"),)

    message_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    verdict: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class DossierRow(Base):
    """A case file; ``revision`` is the number of its last event."""

    __tablename__ = "dossier"
    __table_args__ = (Index("ix_dossier_owner_updated_at", "owner", "updated_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived: Mapped[bool] = mapped_column(Boolean, default=False)
    revision: Mapped[int] = mapped_column(Integer, default=0)


class DossierEventRow(Base):
    """One thing that happened; rows are added, never changed."""

    __tablename__ = "dossier_event"

    dossier_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(12))
    author: Mapped[str] = mapped_column(Text)
    event: Mapped[dict[str, Any]] = mapped_column(JSON)


class InvitationRow(Base):
    """A link for another side; only the digest of its secret is kept.

    ``guest`` is the owner token of the browser that opened it.
    """

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_guest", "guest"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("dossier.id", ondelete="CASCADE")
    )
    side: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    guest: Mapped[str | None] = mapped_column(String(64))


class WorkshopRow(Base):
    """A live session; ``revision`` is the number of its last event, ``code`` lets phones in.

    ``screen`` opens the projection, which anybody may see; of the trainer's link only the digest
    is kept. It is erased after ``expires_at``.
    """

    __tablename__ = "workshop"
    __table_args__ = (
        Index("ix_workshop_owner_updated_at", "owner", "updated_at"),
        Index("ix_workshop_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    screen: Mapped[str] = mapped_column(String(43), unique=True)
    trainer_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, default=0)


class WorkshopEventRow(Base):
    """One thing that happened in a workshop; rows are added, never changed."""

    __tablename__ = "workshop_event"

    workshop_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(36))
    event: Mapped[dict[str, Any]] = mapped_column(JSON)


class WorkshopKeyRow(Base):
    """A browser that may act in a workshop: a participant's phone, or another trainer's.

    Only the digest of what its cookie holds is kept.
    """

    __tablename__ = "workshop_key"

    workshop_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    participant: Mapped[str | None] = mapped_column(String(36))
