"""The demo, seeded and indexed once for all tests that only look at it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.hub.demo.stories import the_demo
from tests.hub.once import Shelf
from tests.hub.world import World
from tests.remembered import open_database


@pytest.fixture(scope="session")
def demo(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo as a newcomer meets it. Nobody may change anything in it."""
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as opened, closing(open_database(f"sqlite:///{folder / 'hub.sqlite3'}")) as database:
        yield shelf.copy(opened, folder, the_demo, database, demo=True)
