"""What of a file is hidden: told to whoever may edit it, once the file is read again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing is known of the files that were read before."""
    with op.batch_alter_table("file_texts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("file_texts", schema=None) as batch_op:
        batch_op.alter_column("hidden", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    """Without the column."""
    with op.batch_alter_table("file_texts", schema=None) as batch_op:
        batch_op.drop_column("hidden")
