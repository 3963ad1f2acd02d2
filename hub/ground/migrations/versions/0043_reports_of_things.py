"""Reports of what people comment on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('thing_reports',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('node', sa.String(length=60), nullable=False),
    sa.Column('reporter_id', sa.String(length=40), nullable=False),
    sa.Column('why', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('passed_on', sa.Boolean(), nullable=False),
    sa.Column('passed_by', sa.String(length=160), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome_by', sa.String(length=160), nullable=False),
    sa.Column('put_away', sa.Boolean(), nullable=False),
    sa.Column('owner_seen', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['reporter_id'], ['people.id'], name=op.f('fk_thing_reports_reporter_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thing_reports')),
    sa.UniqueConstraint('node', 'reporter_id', name=op.f('uq_thing_reports_node'))
    )
    with op.batch_alter_table('thing_reports', schema=None) as batch_op:
        batch_op.create_index('ix_thing_reports_outcome', ['outcome', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_thing_reports_reporter_id'), ['reporter_id'], unique=False)


def downgrade() -> None:
    op.drop_table('thing_reports')
