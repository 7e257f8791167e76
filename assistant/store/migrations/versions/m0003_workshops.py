"""Workshops, what happened in them, and the browsers that may act there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "workshop",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("code", sa.String(8), nullable=True),
        sa.Column("screen", sa.String(43), nullable=False),
        sa.Column("trainer_digest", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workshop"),
        sa.UniqueConstraint("code", name="uq_workshop_code"),
        sa.UniqueConstraint("screen", name="uq_workshop_screen"),
        sa.UniqueConstraint("trainer_digest", name="uq_workshop_trainer_digest"),
    )
    op.create_index("ix_workshop_owner_updated_at", "workshop", ["owner", "updated_at"])
    op.create_index("ix_workshop_expires_at", "workshop", ["expires_at"])
    op.create_table(
        "workshop_event",
        sa.Column("workshop_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workshop_id", "seq", name="pk_workshop_event"),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name="fk_workshop_event_workshop_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "workshop_key",
        sa.Column("workshop_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("participant", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("workshop_id", "digest", name="pk_workshop_key"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_key_workshop_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Forget every workshop."""
    op.drop_table("workshop_key")
    op.drop_table("workshop_event")
    op.drop_table("workshop")
