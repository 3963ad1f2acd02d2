"""Where the things of one hub lie, for work that is done to the whole of it, also while it cannot be started."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.ground.clock import Clock, SystemClock
from hub.ground.db import Database
from hub.ground.files import FileStore, open_files


@dataclass(frozen=True)
class House:
    """The database and the folders of a hub; nothing is said of what state they are in."""

    database: Database
    files: FileStore
    data: Path
    key_file: Path
    policy_dir: Path
    clock: Clock
    given_keys: str = ""
    """The keys as the environment gives them; empty where they lie in the key file."""


@contextmanager
def open_house(settings: Any) -> Iterator[House]:
    """The house that the settings describe. Makes the data folder, and nothing in the database."""
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        yield House(
            database=database,
            files=open_files(settings.files_url, settings.files_dir),
            data=settings.data,
            key_file=settings.key_path,
            policy_dir=settings.policy_dir,
            clock=SystemClock(),
            given_keys=settings.keys,
        )
    finally:
        database.close()
