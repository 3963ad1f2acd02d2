"""How the worker hears that something was written, so that a job runs when there is work, and not to look for some.

PostgreSQL tells it with the commit (`hub/ground/telling.py`), over the connection that holds the worker's lock: so the
loss of that connection is heard at once, too. SQLite is asked ten times a second whether anything was committed.
"""

import select
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.ground.db import Database
from hub.ground.telling import CHANNEL
from hub.running.turn import Held

log = structlog.get_logger(__name__)

Tell = Callable[[frozenset[str] | None], None]
"""Is given the names of the tables that were written to, or None where it could be any."""
LOOK_EVERY: Final = 0.1
"""Seconds between two looks at whether a SQLite database was changed."""
STILL_HELD: Final = 2.0
"""Seconds after which the lock is looked after, though its connection seems to be well."""
STOPS_WITHIN: Final = 0.5
PAUSE: Final = 1.0


def hear(stop: threading.Event, database: Database, held: Held, tell: Tell) -> bool:
    """Tell of what is written, until `stop`; False as soon as the lock is lost."""
    if held.connection is not None:
        return _listen(stop, held, held.connection, tell)
    while not stop.is_set():
        try:
            _look(stop, database, tell)
        except Exception as error:  # noqa: BLE001  # whatever it is: jobs look by themselves meanwhile
            log.warning("the database cannot be asked whether it was changed", reason=str(error))
            stop.wait(PAUSE)
    return True


def _look(stop: threading.Event, database: Database, tell: Tell) -> None:
    """Ask over one connection that is kept, and in no transaction: within one the number would stand still."""
    kept, seen = database.engine.raw_connection(), None
    try:
        cursor = kept.cursor()
        while not stop.wait(LOOK_EVERY):
            (number,) = cursor.execute("PRAGMA data_version").fetchone()
            if number != seen:
                tell(None)
            seen = number
    finally:
        kept.close()


def _listen(stop: threading.Event, held: Held, connection: Connection, tell: Tell) -> bool:
    try:
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        tell(None)  # of whatever was written before
        looked = time.monotonic()
        while not stop.is_set():
            for tables in _notices(connection, STOPS_WITHIN):
                tell(tables)
            if time.monotonic() - looked > STILL_HELD:
                looked = time.monotonic()
                if not held.still():
                    return False
    except (psycopg.Error, DBAPIError) as error:
        log.warning("the connection that holds the worker's lock is gone", reason=" ".join(str(error).split()))
        return False
    return True


def _notices(connection: Connection, within: float) -> Iterator[frozenset[str]]:
    """What was told, once there is something or the time is over. Raises where the connection is gone."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise psycopg.OperationalError("it was closed")
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    waiting.poll(within * 1000)
    for notice in driver.notifies(timeout=0):
        yield frozenset(notice.payload.split(","))
