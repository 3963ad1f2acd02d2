"""News and ideas: when they are published, how far they came, who supports them and who has read them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Of what is there nobody has said any of it."""
    op.create_table(
        "must_read",
        sa.Column("node", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=160), nullable=False),
        sa.Column("by_date", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["places.id"], name=op.f("fk_must_read_organisation_id_places")),
        sa.PrimaryKeyConstraint("node", "organisation_id", name=op.f("pk_must_read")),
    )
    with op.batch_alter_table("must_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_must_read_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "offered_sorts",
        sa.Column("place_id", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_offered_sorts_place_id_places"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place_id", "sort", name=op.f("pk_offered_sorts")),
    )
    op.create_table(
        "read_receipts",
        sa.Column("node", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_read_receipts_person_id_people")),
        sa.PrimaryKeyConstraint("node", "person_id", name=op.f("pk_read_receipts")),
    )
    op.create_table(
        "stage_moves",
        sa.Column("node", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["node", "number"], ["posts.node", "posts.number"], name=op.f("fk_stage_moves_node_posts")
        ),
        sa.PrimaryKeyConstraint("node", "number", name=op.f("pk_stage_moves")),
    )
    op.create_table(
        "votes",
        sa.Column("node", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_votes_person_id_people")),
        sa.PrimaryKeyConstraint("node", "person_id", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("publish_by", sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("campaign_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("worth", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("done_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_threads_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_publish_at"), ["publish_at"], unique=False)


def downgrade() -> None:
    """Without the tables and the columns, one by one: a table made anew would lose its index of titles in SQLite."""
    for name in ("publish_at", "campaign_id"):
        op.drop_index(op.f(f"ix_threads_{name}"), table_name="threads")
    for name in ("done_on", "worth", "campaign_id", "closes_at", "published_at", "publish_by", "publish_at"):
        op.drop_column("threads", name)
    op.drop_table("votes")
    op.drop_table("stage_moves")
    op.drop_table("read_receipts")
    op.drop_table("offered_sorts")
    op.drop_index(op.f("ix_must_read_organisation_id"), table_name="must_read")
    op.drop_table("must_read")
