"""For developers: write the next migration from the difference between the models and the newest migration.

    python -m hub.ground.migrations.autogenerate "add a table of holds"

Read what it wrote before you keep it. Until the first release there is only `0001`, written anew by `--first`.
"""

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import MetaData

from hub.ground.db import Base, Database, Line, Moment
from hub.ground.migrations.run import changing, configuration, upgrade

FOLDER = Path(__file__).parent
FIRST = "0001"
_CALL = "    insert_first_rows()\n"


def whole_metadata() -> MetaData:
    """Every table of the hub: each `models.py` of a feature, and the two foundations that have tables."""
    hub = FOLDER.parent.parent
    for path in sorted(hub.rglob("models.py")):
        importlib.import_module(".".join(("hub", *path.relative_to(hub).with_suffix("").parts)))
    for name in ("hub.ground.outbox", "hub.ground.unit_of_work"):
        importlib.import_module(name)
    return Base.metadata


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name plain types: the models' own may change after them."""
    if kind == "type" and isinstance(item, Line):
        return f"sa.String(length={getattr(item.impl_instance, 'length', None)})"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def write_next(message: str, *, first: bool = False) -> Path:
    """Write a migration and the new head; returns its path."""
    head = (FOLDER / "HEAD").read_text("utf-8").strip()
    number = FIRST if first else f"{int(head) + 1:04d}"
    if first:
        for old in (FOLDER / "versions").glob("0*.py"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/scratch.sqlite3")
        if not first:
            upgrade(database, head)
        with changing(database) as connection:
            config = configuration(connection)
            config.attributes.update(metadata=whole_metadata(), render_item=render_item)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()
    (FOLDER / "HEAD").write_text(f"{number}\n", "utf-8")
    path = next((FOLDER / "versions").glob(f"{number}_*.py"))
    if first:
        _add_first_rows(path)
    return path


def _add_first_rows(path: Path) -> None:
    text = path.read_text("utf-8")
    imported = "from alembic import op\n"
    text = text.replace(imported, f"{imported}\nfrom hub.ground.migrations.first_rows import insert_first_rows\n", 1)
    before, after = text.split("\n\ndef downgrade()", 1)
    path.write_text(f"{before.rstrip()}\n{_CALL}\n\ndef downgrade(){after}", "utf-8")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--first"]
    write_next(" ".join(arguments) or "tables", first="--first" in sys.argv)
