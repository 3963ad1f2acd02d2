"""What is hidden costs no time that could tell of it: the same answers of two hubs, one of which holds hidden things.

The hubs are those of `tests/twins`, asked in turn, so that whatever else the machine does falls on both alike. What is
compared is the median of the processor time of an answer.
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from flask.testing import FlaskClient

from bench.table import Row
from hub.ground.db import Database
from hub.ground.schema import migrate
from tests.twins.worlds import SECRETS, copy_of, hub_in, lucky, make_town

LOOKER = "leeds/iva"
ADDRESSES = {
    "home": "/",
    "search for what is hidden": "/search?q=lantern",
    "search for what is not": "/search?q=sandbags",
    "an organisation with hidden spaces": "/places/leeds",
    "a space that is hidden, or absent": "/places/leeds/max-only",
    "a person who is hidden, or absent": "/people/york/zoe-hart",
    "a space with hidden documents": "/places/leeds/open-data",
}
ROUNDS = 150
MOST = 1.15
"""How much longer the slower of the two may take."""


def main() -> list[Row]:
    """One row for each address."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_, lucky() as luck:
        town, template = Path(folder) / "town", Path(folder) / "template.sqlite3"
        town.mkdir()
        database = Database(f"sqlite:///{template}")
        migrate(database)
        database.close()
        make_town(template, town)
        with_all = copy_of(town, Path(folder) / "with")
        with hub_in(with_all) as world:
            for name, secret in SECRETS.items():
                if LOOKER not in secret.known_to and name != "a guest who was put out":  # she is admitted instead
                    luck.begin(name)
                    secret.made(world)
            world.index_all()
        hubs = [open_.enter_context(hub_in(each)) for each in (town, with_all)]
        clients = [hub.client(LOOKER) for hub in hubs]
        return [_row(name, address, clients) for name, address in ADDRESSES.items()]


def _row(name: str, address: str, clients: list[FlaskClient]) -> Row:
    taken: tuple[list[float], ...] = tuple([] for _ in clients)
    for turn in range(ROUNDS):
        for number in (0, 1) if turn % 2 else (1, 0):
            start = time.process_time()
            clients[number].get(address)
            taken[number].append(time.process_time() - start)
    without, beside = (statistics.median(times[10:]) for times in taken)
    ratio = max(without, beside) / min(without, beside)
    shown = f"{without * 1000:.1f} and {beside * 1000:.1f} ms, {ratio:.2f}×"
    return Row(f"hidden things: {name}", shown, f"at most {MOST:g}×", met=ratio <= MOST)
