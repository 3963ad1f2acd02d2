"""A draft names the node of what it is about, of whatever kind that is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Drafts stay what they are about."""
    with op.batch_alter_table("typed_drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("node", sa.String(length=60), server_default="", nullable=False))
    op.execute("UPDATE typed_drafts SET node = CASE WHEN document_id <> '' THEN 'doc:' || document_id ELSE place_id END")
    with op.batch_alter_table("typed_drafts", schema=None) as batch_op:
        batch_op.alter_column("node", existing_type=sa.String(length=60), server_default=None)
        batch_op.drop_column("place_id")
        batch_op.drop_column("document_id")


def downgrade() -> None:
    """Drafts about things of other kinds are about nothing again."""
    with op.batch_alter_table("typed_drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_id", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("place_id", sa.String(length=40), server_default="", nullable=False))
    op.execute("UPDATE typed_drafts SET document_id = substr(node, 5) WHERE node LIKE 'doc:%'")
    op.execute("UPDATE typed_drafts SET place_id = node WHERE node NOT LIKE '%:%'")
    with op.batch_alter_table("typed_drafts", schema=None) as batch_op:
        batch_op.alter_column("document_id", existing_type=sa.String(length=40), server_default=None)
        batch_op.alter_column("place_id", existing_type=sa.String(length=40), server_default=None)
        batch_op.drop_column("node")
