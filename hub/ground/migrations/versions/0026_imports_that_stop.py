"""Imports that are stopped and taken back; who wrote a file, as it says itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing is known of what was brought in, or read, before."""
    with op.batch_alter_table("file_texts") as table:
        table.add_column(sa.Column("author", sa.String(length=200), nullable=True))
    with op.batch_alter_table("imports") as table:
        table.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("undo_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("made", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without the columns."""
    with op.batch_alter_table("imports") as table:
        for name in ("made", "undone_at", "undo_at", "stopped_at"):
            table.drop_column(name)
    with op.batch_alter_table("file_texts") as table:
        table.drop_column("author")
