"""Question spaces of services, which councils join."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('question_spaces',
    sa.Column('service_id', sa.String(length=60), nullable=False),
    sa.Column('place_id', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_question_spaces_place_id_places'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_question_spaces_service_id_services')),
    sa.PrimaryKeyConstraint('service_id', name=op.f('pk_question_spaces')),
    sa.UniqueConstraint('place_id', name=op.f('uq_question_spaces_place_id'))
    )


def downgrade() -> None:
    op.drop_table('question_spaces')
