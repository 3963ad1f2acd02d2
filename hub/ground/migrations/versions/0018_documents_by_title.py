"""Documents by place and title: a page of a long list is read off, and not sorted out of all of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_documents_by_title", "documents", ["place_id", sa.text("lower(title)"), "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_documents_by_title", "documents")
