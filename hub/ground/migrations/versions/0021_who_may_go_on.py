"""Which programs may go on with a database that a newer one has migrated."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The oldest schema whose program works with this one; what comes with it is written as a migration ends."""
    with op.batch_alter_table("hub_state") as table:
        table.add_column(sa.Column("works_from", sa.String(length=8), server_default="", nullable=False))
    with op.batch_alter_table("hub_state") as table:
        table.alter_column("works_from", existing_type=sa.String(length=8), server_default=None)


def downgrade() -> None:
    """As it was."""
    with op.batch_alter_table("hub_state") as table:
        table.drop_column("works_from")
