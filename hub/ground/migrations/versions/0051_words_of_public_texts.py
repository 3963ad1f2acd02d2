"""The words of public texts are counted; what a word counts is in the index in another way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The index is built anew. Web processes of the version before wait for it: its layout is another one."""
    op.create_table(
        "public_texts",
        sa.Column("entry", sa.String(length=240), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_public_texts")),
    )
    op.create_table(
        "public_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("seen_as", sa.String(length=80), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_words_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_words")),
    )
    op.execute(
        "INSERT INTO outbox (topic, about, created_at, attempts, parked, error) "
        "SELECT 'rebuild', 'index:all', CURRENT_TIMESTAMP, 0, false, '' WHERE EXISTS (SELECT id FROM people)"
    )


def downgrade() -> None:
    """They can be counted again."""
    op.drop_table("public_words")
    op.drop_table("public_texts")
