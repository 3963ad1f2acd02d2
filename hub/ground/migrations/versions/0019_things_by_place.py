"""What lies at a place is found in the order of its ids."""

from collections.abc import Sequence

from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The index is built page by page, and a page sorts nothing."""
    op.create_index("ix_documents_placed", "documents", ["place_id", "id"])
    op.drop_index("ix_people_organisation_id", "people")
    op.create_index("ix_people_placed", "people", ["organisation_id", "id"])
    op.drop_index("ix_place_closure_down", "place_closure")
    op.create_index("ix_place_closure_down", "place_closure", ["ancestor_id", "open", "descendant_id"], unique=True)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_place_closure_down", "place_closure")
    op.create_index("ix_place_closure_down", "place_closure", ["ancestor_id", "open", "descendant_id"])
    op.drop_index("ix_people_placed", "people")
    op.create_index("ix_people_organisation_id", "people", ["organisation_id"])
    op.drop_index("ix_documents_placed", "documents")
