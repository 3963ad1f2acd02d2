"""Who may write in each space, and since when. Of those that are there nobody has said so yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Empty is what is usual for the audience: so programs of before go on adding spaces, and history needs no mending."""
    op.add_column("places", sa.Column("voices", sa.String(length=20), server_default="", nullable=False))
    op.add_column("history", sa.Column("voices", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    """Nobody writes but members."""
    with op.batch_alter_table("history") as table:
        table.drop_column("voices")
    with op.batch_alter_table("places") as table:
        table.drop_column("voices")
