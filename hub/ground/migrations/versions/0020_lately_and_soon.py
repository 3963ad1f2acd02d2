"""Access that ends soon, and what changed lately in a place, are found without reading all that there is."""

from collections.abc import Sequence

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Every home page asks for both."""
    op.create_index("ix_grants_until", "grants", ["until", "node"])
    op.create_index("ix_documents_changed_in", "documents", ["place_id", "changed_at"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_documents_changed_in", "documents")
    op.drop_index("ix_grants_until", "grants")
