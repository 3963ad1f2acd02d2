"""The keys that the hub works with are one set for all its machines: the database knows them by a check value.

A machine with other keys would refuse the cookies of the others, and seal secrets that they cannot read. Keys are
renewed by adding new ones: a machine that knows the keys in force, as its newest or an older one, is one of the hub.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, update

from hub.access.models import HubState
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.errors import Unavailable
from hub.ground.keys import Keys, OtherKeys, keys_in, load_keys
from hub.ground.unit_of_work import UnitOfWork, unit_of_work

GIVEN: Final = "HUB_KEYS"
CURE: Final = (
    "Copy the key file from a machine on which this hub runs, or out of its backup. If those keys are lost for good, "
    "“hub keys accept” lets it work with the ones that are here."
)


def keys_of(settings: Any, database: Database) -> Keys:
    """The keys of this machine. Raises OtherKeys where the hub works with others, Unavailable for unreadable ones.

    A hub that never worked with any gets its first ones.
    """
    return keys_here(settings.keys, settings.key_path, database)


def keys_here(given: str, path: Path, database: Database) -> Keys:
    """The same, of what the environment gives, or of a key file."""
    in_force = _in_force(database)
    if not given and in_force and not path.exists():
        raise OtherKeys(f"This hub has keys already, and {path} is not there. {CURE}")
    keys = given_keys(given) if given else load_keys(path)
    if in_force and not keys.know(in_force):
        raise OtherKeys(f"The keys in {GIVEN if given else path} are not those that this hub works with. {CURE}")
    return keys


def settle_keys(settings: Any, database: Database) -> None:
    """Let the hub work with the newest keys of this machine, which knows those before. Raises as `keys_of`."""
    keys, before = keys_of(settings, database), _in_force(database)
    if keys.check != before:
        with unit_of_work(database, SystemClock()) as uow:
            uow.session.execute(update(HubState).where(HubState.keys == before).values(keys=keys.check))
        keys_of(settings, database)  # another machine may have been first


def accept(uow: UnitOfWork, keys: Keys) -> None:
    """Let the hub work with these keys, whatever it worked with before."""
    uow.session.execute(update(HubState).values(keys=keys.check))
    uow.record("hub:keys")


def given_keys(content: str) -> Keys:
    """The keys that the environment gives; raises Unavailable."""
    try:
        return keys_in(content)
    except (ValueError, KeyError, TypeError):
        raise Unavailable(f"{GIVEN} holds no keys: give the content of a key file.") from None


def _in_force(database: Database) -> str:
    with database.reading() as session:
        return session.scalar(select(HubState.keys)) or ""
