"""Who came by a link that was made for another address."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0050"
down_revision: str | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("issuer_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("pending_id", sa.String(length=40), nullable=True),
        sa.Column("decider", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuers.id"], name=op.f("fk_arrivals_issuer_id_issuers")),
        sa.ForeignKeyConstraint(
            ["pending_id"], ["pending_bindings.id"], name=op.f("fk_arrivals_pending_id_pending_bindings")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_arrivals_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("person_id", "issuer_id", "subject", name=op.f("uq_arrivals_person_id")),
    )
    op.create_index("ix_arrivals_decider", "arrivals", ["decider"])
    op.create_index("ix_arrivals_issuer_id", "arrivals", ["issuer_id"])
    with op.batch_alter_table("pending_bindings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=254), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("pending_bindings", schema=None) as batch_op:
        batch_op.drop_column("address")
    op.drop_table("arrivals")
