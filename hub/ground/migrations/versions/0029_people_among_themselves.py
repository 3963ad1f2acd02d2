"""Staff's pages lie among their organisation's people: the index learns of it, entry by entry."""

from collections.abc import Sequence

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Each of them is indexed again."""
    op.execute(
        "INSERT INTO outbox (topic, about, created_at, attempts, parked, error) "
        "SELECT 'index', 'person:' || id, CURRENT_TIMESTAMP, 0, false, '' FROM people WHERE kind <> 'guest'"
    )


def downgrade() -> None:
    """Nothing was taken away."""
