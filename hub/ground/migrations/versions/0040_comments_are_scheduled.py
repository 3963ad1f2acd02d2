"""Whether a schedule says how long comments are kept too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('records_schedules', schema=None) as batch_op:
        batch_op.add_column(sa.Column('comments', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('records_schedules', schema=None) as batch_op:
        batch_op.drop_column('comments')
