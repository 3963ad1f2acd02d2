"""What grows with the years: sessions, audit and history; and what waits for the worker."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any, Final

from bench.country import NOW, bytes_of, quickly, write
from bench.slopes import Part, least
from hub.access.models import Place, SignedInSession
from hub.access.parts import Parts
from hub.access.places import set_audience
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import AuditEntry, unit_of_work
from hub.mail.jobs import letters_round
from hub.mail.models import SentLetter
from hub.running.indexing import OutboxSource
from hub.things.models import Past
from hub.upkeep.measures import sessions_open
from search.indexer import BATCH

ACTS, STOOD, WAITING = 40_000_000, 100_000_000, 2_000_000
"""On paper: acts a year, rows of history, and what waits at once where everybody is written to."""
ROWS: Final = (
    Part("sessions, on disk", "B", 50e9, "a job that forgets those that are over"),
    Part("audit entries, on disk", "B", 50e9, "a table for each year", ACTS),
    Part("history, on disk", "B", 100e9, "a table for each organisation", STOOD),
    Part("the open sessions are counted", "s", 1.0, "an index of the open ones"),
    Part("an audience changes", "s", 0.1, "an index", STOOD),
    Part("the next letters of those that wait", "s", 1.0, "an index in the order of sending", WAITING),
    Part("the next messages of those that wait", "s", 1.0, "an index of the subtrees", WAITING),
)
_KINDS = ("doc", "folder", "space", "profile")


def fill_tables(parts: Parts, rows: int) -> Mapping[str, float]:
    """Write so many rows into each of the tables; returns what they take on disk."""
    at = {
        "sessions, on disk": (SignedInSession, _sessions(rows)),
        "audit entries, on disk": (AuditEntry, _acts(rows)),
        "history, on disk": (Past, _stood(rows)),
        "letters": (SentLetter, _letters(rows)),
        "messages": (OutboxMessage, _messages(rows)),
    }
    found = {}
    with quickly(parts.database) as connection:
        for name, (model, made) in at.items():
            before = bytes_of(connection)
            write(connection, model, made)
            found[name] = float(bytes_of(connection) - before)
    return found


def rows_costs(parts: Parts) -> Mapping[str, float]:
    """What hangs on how many rows there are."""
    found: dict[str, float] = {}
    with parts.database.reading() as session:
        found["the open sessions are counted"] = least(lambda: sessions_open(session, parts.clock.now()))
        found["the next messages of those that wait"] = least(lambda: OutboxSource(parts).pending(BATCH))
    audiences = cycle(("private", "restricted"))

    def change() -> None:
        with unit_of_work(parts.database, parts.clock) as uow:
            set_audience(uow, uow.session.get_one(Place, f"s{0:011}"), next(audiences))

    found["an audience changes"] = least(change)
    found["the next letters of those that wait"] = least(lambda: letters_round(parts), 1)
    return found


def _sessions(rows: int) -> Iterator[dict[str, Any]]:
    """As sessions are after they are over: the token of the issuer has gone, the row has not."""
    for number in range(rows):
        yield {"handle_hash": f"{number * 2_654_435_761 % 2**64:064x}", "person_id": f"p{1:011}", "issuer_id": "i" * 12,
               "sid": "0" * 36, "created_at": NOW, "seen_at": NOW, "expires_at": NOW, "ended_at": NOW}  # fmt: skip


def _acts(rows: int) -> Iterator[dict[str, Any]]:
    for number in range(rows):
        yield {"at": NOW, "actor": f"council-1/p{number}", "act": "document:publish", "object": f"doc:{number:012}",
               "organisation_id": "o1", "detail": "OFFICIAL.draft to OFFICIAL.published"}  # fmt: skip


def _stood(rows: int) -> Iterator[dict[str, Any]]:
    for number, kind in zip(range(rows), cycle(_KINDS)):
        yield {"node": f"{kind}:{number:012}", "kind": kind, "place_id": f"{number % 997:012}", "organisation_id": "o1",
               "owner": f"person:council-1/p{number}", "ms": "OFFICIAL.published", "audience": "", "path": "",
               "blocked": False, "from_at": NOW, "to_at": None, "found": False}  # fmt: skip


def _letters(rows: int) -> Iterator[dict[str, Any]]:
    for number in range(rows):
        yield {"id": f"l{number:012}", "address": f"p{number}@council.example", "subject": "Your space has moved",
               "lines": "It lies elsewhere now.", "created_at": NOW, "due_at": NOW}  # fmt: skip


def _messages(rows: int) -> Iterator[dict[str, Any]]:
    for number in range(rows):
        yield {"topic": "index", "about": f"doc:{number:012}", "created_at": NOW}
