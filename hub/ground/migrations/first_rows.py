"""The rows without which a hub is none: its counters, and the root of the place tree. Part of migration 0001."""

import sqlalchemy as sa
from alembic import op

ROOT = "platform"
"""As it was when 0001 was written; a migration leans on nothing that may change."""


def insert_first_rows() -> None:
    """Insert the row of counters, the root place and its closure row."""
    text, number = sa.String(), sa.Integer()
    counters = ("id", "policy_generation", "indexed_sequence")
    state = sa.table("hub_state", *(sa.column(name, number) for name in counters))
    op.execute(state.insert().values(id=1, policy_generation=1, indexed_sequence=0))
    names = ("id", "kind", "slug", "path", "name", "description", "audience", "marking", "state", "ms", "owner")
    places = sa.table(
        "places",
        *(sa.column(name, text) for name in names),
        sa.column("generation", number),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.execute(
        places.insert().values(
            id=ROOT,
            kind="platform",
            slug="",
            path="",
            name="Platform",
            description="",
            audience="",
            marking="PUBLIC",
            state="published",
            ms="PUBLIC.published",
            owner="",
            generation=1,
            created_at=sa.func.current_timestamp(),
        )
    )
    closure = sa.table(
        "place_closure",
        sa.column("descendant_id", text),
        sa.column("ancestor_id", text),
        sa.column("depth", number),
        sa.column("open", sa.Boolean()),
    )
    op.execute(closure.insert().values(descendant_id=ROOT, ancestor_id=ROOT, depth=0, open=True))
