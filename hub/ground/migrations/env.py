"""Alembic's environment: it works on the connection that `run.py` beside it hands it, and on nothing else."""

from alembic import context

_attributes = context.config.attributes
_connection = _attributes["connection"]

context.configure(
    connection=_connection,
    target_metadata=_attributes.get("metadata"),
    render_as_batch=_connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
    render_item=_attributes.get("render_item"),
)
with context.begin_transaction():
    context.run_migrations()
