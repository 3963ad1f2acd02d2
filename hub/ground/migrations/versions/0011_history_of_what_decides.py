"""How everything stood that decides who may see what: history begins with the moment of this migration."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = "node, kind, place_id, organisation_id, owner, ms, audience, path, blocked, from_at, found"
_STANDING = (
    """SELECT 'home:' || id, 'home', id, organisation_id, owner, ms, '', '', FALSE
    FROM places WHERE kind IN ('organisation', 'space')""",
    """SELECT id, kind, coalesce(parent_id, ''), coalesce(organisation_id, ''),
    CASE WHEN kind = 'folder' THEN owner ELSE '' END, CASE WHEN kind = 'folder' THEN ms ELSE '' END,
    audience, path, blocked_at IS NOT NULL
    FROM places WHERE id <> 'platform'""",
    """SELECT 'profile:' || id, 'profile', organisation_id, organisation_id,
    CASE WHEN kind = 'guest' THEN 'guest:' || handle ELSE 'person:' || handle END,
    CASE WHEN status = 'active' THEN 'OFFICIAL.published' ELSE 'OFFICIAL.withdrawn' END, '', '', FALSE
    FROM people""",
    """SELECT 'doc:' || id, 'doc', place_id, organisation_id, owner, ms, '', '', FALSE
    FROM documents""",
    """SELECT 'grants:' || id, 'grants', node, organisation_id, principal, '', '', '', FALSE
    FROM grants WHERE ended_at IS NULL""",
    """SELECT 'member:' || group_id || ':' || person_id, 'member', group_id, '', person_id, '', '', '', FALSE
    FROM group_members""",
)
"""How the hub stood when this was written: a migration leans on nothing that may change."""


def upgrade() -> None:
    """Since when things stand as they are found, nobody knows."""
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place_id", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=160), nullable=False),
        sa.Column("ms", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=900), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')" if on_sqlite else "current_timestamp"
    rows = " UNION ALL ".join(standing.replace("FROM", f", {now}, TRUE FROM") for standing in _STANDING)
    op.execute(f"INSERT INTO history ({_COLUMNS}) {rows}")  # noqa: S608  # the words above, and one moment for all
    still = sa.text("to_at IS NULL")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index("ix_history_node_from_at", ["node", "from_at"], unique=False)
        batch_op.create_index("ix_history_kind_from_at", ["kind", "from_at"], unique=False)
        batch_op.create_index("ix_history_place_id", ["place_id"], unique=False)
        batch_op.create_index("uq_history_open", ["node"], unique=True, sqlite_where=still, postgresql_where=still)


def downgrade() -> None:
    """Nobody can be told of past days any more."""
    op.drop_table("history")
