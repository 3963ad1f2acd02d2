"""Whose turn it is to work, and by what the keys are known that the hub works with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """No worker has had a turn; the first start of the hub notes its keys."""
    turns = op.create_table(
        "worker_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=255), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_worker_turns_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_turns")),
    )
    op.bulk_insert(turns, [{"id": 1, "number": 0, "machine": "", "since": None}])
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keys", sa.String(length=140), server_default="", nullable=False))
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.alter_column("keys", existing_type=sa.String(length=140), server_default=None)


def downgrade() -> None:
    """Nobody knows whose turn it was."""
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.drop_column("keys")
    op.drop_table("worker_turns")
