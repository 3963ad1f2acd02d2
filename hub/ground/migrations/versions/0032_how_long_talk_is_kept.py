"""How long organisations keep what their people say, and what was taken out of posts for good."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nobody has said how long yet, so everything is kept."""
    op.create_table(
        "records_schedules",
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("closed_only", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=160), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["places.id"], name=op.f("fk_records_schedules_organisation_id_places")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_records_schedules")),
    )
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("node", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"], name=op.f("fk_removals_node_posts")),
        sa.ForeignKeyConstraint(["organisation_id"], ["places.id"], name=op.f("fk_removals_organisation_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    op.create_index("ix_removals_post", "removals", ["node", "number"])
    op.add_column("holders", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("holders", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "holders", sa.Column("held_for", sa.String(length=300), server_default=sa.text("('')"), nullable=False)
    )
    op.create_index("ix_holders_due_at", "holders", ["due_at"])
    op.add_column("talks", sa.Column("removed_to", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("talks", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("talks", sa.Column("removed_after", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """As it was, but for what was removed, which nothing brings back."""
    op.drop_column("talks", "removed_after")
    op.drop_column("talks", "removed_at")
    op.drop_column("talks", "removed_to")
    op.drop_index("ix_holders_due_at", "holders")
    op.drop_column("holders", "held_for")
    op.drop_column("holders", "ended_at")
    op.drop_column("holders", "due_at")
    op.drop_index("ix_removals_post", "removals")
    op.drop_table("removals")
    op.drop_table("records_schedules")
