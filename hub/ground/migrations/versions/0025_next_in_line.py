"""What is next in line, over or open is found without reading all that there is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUBTREES = sa.text("substr(about, 1, 8) = 'subtree:'")
LINKS = sa.text("secret <> ''")
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """The worker asks for letters, their links and subtrees in each round, monitoring for the open sessions."""
    op.create_index("ix_letters_next", "letters", ["state", "attempts", "created_at"])
    op.create_index("ix_letters_links", "letters", ["secret_until"], sqlite_where=LINKS, postgresql_where=LINKS)
    op.create_index(
        "ix_outbox_subtrees",
        "outbox",
        ["topic", "parked", "id"],
        sqlite_where=SUBTREES,
        postgresql_where=SUBTREES,
    )
    op.create_index("ix_sessions_open", "sessions", ["expires_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_sessions_open", "sessions")
    op.drop_index("ix_outbox_subtrees", "outbox")
    op.drop_index("ix_letters_links", "letters")
    op.drop_index("ix_letters_next", "letters")
