"""A machine with keys that are not the hub's, as its operator meets it."""

import subprocess
import sys

import pytest

from hub.access.keys_in_force import settle_keys
from hub.ground.keys import load_keys
from tests.hub.upkeep.town import Town


@pytest.mark.long
def test_an_operator_is_told_and_may_say_that_the_old_keys_are_lost(small_town: Town) -> None:
    """By the commands that they would give; the doctor says the same."""
    town = small_town
    settle_keys(town.settings, town.database)
    (town.data / "keys.json").unlink()
    load_keys(town.data / "keys.json")
    for command in ("serve", "worker"):
        ran = subprocess.run(
            [sys.executable, "-m", "hub.cli", command],
            env=town.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode in {1, 78}
        assert "are not those that this hub works with. Copy the key file from a machine" in ran.stderr
    looked = town.hub("doctor")
    assert looked.code == 1
    assert "hub keys accept" in looked.out
    assert town.hub("keys", "accept").code == 0
    assert "not those" not in town.hub("doctor").out
