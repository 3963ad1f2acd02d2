"""Following what people know."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('skill_follows',
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_skill_follows_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', 'key', name=op.f('pk_skill_follows'))
    )
    with op.batch_alter_table('skill_follows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_follows_key'), ['key'], unique=False)


def downgrade() -> None:
    op.drop_table('skill_follows')
