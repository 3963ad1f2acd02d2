"""What is recorded for the model of power cuts: so many acts of an actor, and then a backup of the whole hub."""

import hashlib
import sys
from pathlib import Path

from config.settings import Settings
from hub.app import build_parts
from hub.upkeep.backup import back_up
from hub.upkeep.house import open_house
from tests.hub.upkeep.acting import Actor, say


def main(acts: str, backup: str) -> None:
    """Act, and keep the book on standard output."""
    actor = Actor(build_parts(Settings()), "amy-0")
    for _ in range(int(acts)):
        actor.act()
    with open_house(Settings()) as house:
        back_up(house, Path(backup))
    say(backup=hashlib.sha256(Path(backup).read_bytes()).hexdigest())


if __name__ == "__main__":
    main(*sys.argv[1:])
