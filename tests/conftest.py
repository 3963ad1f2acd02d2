"""What every test may use: real databases, engines, browser and issuers, each started once for the run.

They are plugins of the whole suite and not imports of single folders: an imported fixture is another one, and would
start its server again.
"""

import gc
import os
import sys

from hypothesis import settings

# hubs are started by the hundred: each would compile the whole house again where the machine keeps no compiled modules
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# how long an example takes says how busy the machine is: what must be quick is measured in bench/
settings.register_profile("hub", deadline=None)
settings.load_profile("hub")

pytest_plugins = (
    "tests.remembered",
    "tests.lanes",
    "tests.databases",
    "tests.engines",
    "tests.browser",
    "tests.hub.once",
    "tests.peers.fixtures",
)


def pytest_collection_finish() -> None:
    """What is there now stays: the collector of garbage need not look through it again during every test."""
    gc.collect()
    gc.freeze()
