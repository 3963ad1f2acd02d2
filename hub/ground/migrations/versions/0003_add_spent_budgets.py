"""add spent budgets."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('spent_budgets',
    sa.Column('who', sa.String(length=64), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('spent', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('who', 'window', name=op.f('pk_spent_budgets'))
    )
    with op.batch_alter_table('spent_budgets', schema=None) as batch_op:
        batch_op.create_index('ix_spent_budgets_window', ['window'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('spent_budgets', schema=None) as batch_op:
        batch_op.drop_index('ix_spent_budgets_window')

    op.drop_table('spent_budgets')
