"""Staff's pages lie among their organisation's people: the index learns of it."""

from collections.abc import Sequence

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The index is built anew, while the old one answers: texts that are found by their last lines are in it otherwise."""
    op.execute(
        "INSERT INTO outbox (topic, about, created_at, attempts, parked, error) "
        "SELECT 'rebuild', 'index:all', CURRENT_TIMESTAMP, 0, false, '' WHERE EXISTS (SELECT id FROM people)"
    )


def downgrade() -> None:
    """Nothing was taken away."""
