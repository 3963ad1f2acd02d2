"""What was read out of a stored file belongs to the revision that shows it.

Every revision gets its own copy of the text of its file. Its type is known of current revisions only; an older one
that is brought back is read again. Files that waited to be read wait as one message for each revision.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXTS_FOR_EACH = """
INSERT INTO file_texts (document_id, number, kind, readable, reason, text, cut, read_at)
SELECT r.document_id, r.number, CASE WHEN r.number = d.number THEN d.type ELSE '' END,
       o.readable, o.reason, o.text, o.cut, o.read_at
FROM revisions r JOIN documents d ON d.id = r.document_id JOIN old_file_texts o ON o.file_hash = r.file_hash
"""
_WAIT_FOR_EACH = """
INSERT INTO outbox (topic, about, created_at, attempts, parked, error)
SELECT 'extract', 'revision:' || r.document_id || '/' || r.number, min(m.created_at), 0, false, ''
FROM outbox m JOIN revisions r ON r.file_hash = substr(m.about, 6)
WHERE m.topic = 'extract' AND m.about LIKE 'file:%'
GROUP BY r.document_id, r.number
"""
_TEXTS_FOR_ALL = """
INSERT INTO file_texts (file_hash, readable, reason, text, cut, read_at)
SELECT r.file_hash, o.readable, o.reason, o.text, o.cut, o.read_at
FROM revisions r JOIN old_file_texts o ON o.document_id = r.document_id AND o.number = r.number
WHERE NOT EXISTS (
    SELECT 1 FROM revisions e JOIN old_file_texts p ON p.document_id = e.document_id AND p.number = e.number
    WHERE e.file_hash = r.file_hash
    AND (e.document_id < r.document_id OR (e.document_id = r.document_id AND e.number < r.number))
)
"""
_WAIT_FOR_ALL = """
INSERT INTO outbox (topic, about, created_at, attempts, parked, error)
SELECT 'extract', 'file:' || r.file_hash, min(m.created_at), 0, false, ''
FROM outbox m JOIN revisions r ON r.document_id = rtrim(rtrim(substr(m.about, 10), '0123456789'), '/')
AND m.about = 'revision:' || r.document_id || '/' || r.number
WHERE m.topic = 'extract' AND m.about LIKE 'revision:%'
GROUP BY r.file_hash
"""


def upgrade() -> None:
    """A row for each revision in place of one for each content."""
    _set_aside()
    op.create_table(
        "file_texts",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        *_what_was_read(),
        sa.ForeignKeyConstraint(
            ["document_id", "number"],
            ["revisions.document_id", "revisions.number"],
            name=op.f("fk_file_texts_document_id_revisions"),
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_file_texts")),
    )
    _fill(_TEXTS_FOR_EACH, _WAIT_FOR_EACH, "file:%")


def downgrade() -> None:
    """A row for each content again."""
    _set_aside()
    op.create_table(
        "file_texts",
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        *_what_was_read(),
        sa.PrimaryKeyConstraint("file_hash", name=op.f("pk_file_texts")),
    )
    _fill(_TEXTS_FOR_ALL, _WAIT_FOR_ALL, "revision:%")


def _set_aside() -> None:
    """The table as it is, under another name; PostgreSQL keeps one name for each index of a schema."""
    op.rename_table("file_texts", "old_file_texts")
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE old_file_texts RENAME CONSTRAINT pk_file_texts TO pk_old_file_texts")


def _what_was_read() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )


def _fill(texts: str, waiting: str, done: str) -> None:
    op.execute(texts)
    op.execute(waiting)
    op.execute(sa.text("DELETE FROM outbox WHERE topic = 'extract' AND about LIKE :done").bindparams(done=done))
    op.drop_table("old_file_texts")
