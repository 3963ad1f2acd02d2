"""How much waits for somebody: the one number in the bar, counted when it is older than a minute.

What the viewer does themselves is counted at once; what others do, within the minute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy import Select, literal, select
from sqlalchemy.exc import SQLAlchemyError

from hub.access.login import last_visit
from hub.access.models import SignedInSession
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.feature import NEWS, WAITS, Waits
from hub.keeping.models import Visit
from hub.keeping.trail import trail_beside, trail_in

log = structlog.get_logger(__name__)

COUNTED_EVERY: Final = timedelta(minutes=1)
KEPT: Final = 5_000
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
KEY: Final = "hub-waiting"


@dataclass(frozen=True)
class _Counted:
    at: datetime
    rights: tuple[int, int]
    """The generation of policy, and of what the person holds."""
    count: int
    heard: int
    """How much there is that they have not looked at."""


class Waiting:
    """Remembers for each person how much waited when that was counted last, in this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._counted: dict[str, _Counted] = {}

    def count(self, viewer: Viewer) -> tuple[int, int]:
        """How much waits for the viewer, and how much is new to them.

        A page is right without it: what fails is logged, and counts as nothing.
        """
        found = self._counted.get(viewer.person.id)
        if found and self._is_fresh(found, viewer):
            return found.count, found.heard
        if request.method == "POST":  # what answers a form is asked enough; the page after it counts
            return (found.count, found.heard) if found else (0, 0)
        asked = viewer.asked
        try:
            return self.noted(viewer, _count(viewer))
        except SQLAlchemyError:
            log.warning("cannot count what waits")
            return 0, 0
        finally:
            viewer.asked = asked  # the frame of a page is no decision about what it frames

    def noted(self, viewer: Viewer, count: int) -> tuple[int, int]:
        """Remember what was just counted to wait, and count what is new unless that is known."""
        found = self._counted.get(viewer.person.id)
        if len(self._counted) > KEPT:
            self._counted.clear()
        known = found is not None and self._is_fresh(found, viewer)
        heard = found.heard if found and known else sum(news(viewer) for news in current_app.extensions[NEWS])
        self._counted[viewer.person.id] = _Counted(self._parts.clock.now(), _rights(viewer), count, heard)
        return count, heard

    def _is_fresh(self, found: _Counted, viewer: Viewer) -> bool:
        return found.rights == _rights(viewer) and self._parts.clock.now() - found.at < COUNTED_EVERY

    def outdate(self, person_id: str) -> None:
        """Count anew on the next page of somebody who did something."""
        found = self._counted.get(person_id)
        if found is not None:
            self._counted[person_id] = replace(found, at=LONG_AGO)


def init_waiting(app: Flask, parts: Parts) -> Callable[[Viewer], tuple[int, int]]:
    """Let the frame count for an application; returns what counts."""
    waiting = app.extensions[KEY] = Waiting(parts)

    def after(response: Response) -> Response:
        user = g.get("user")
        if user is not None and (request.method == "POST" or g.get("looked")):
            waiting.outdate(user.viewer.person.id)
        return response

    app.after_request(after)
    return waiting.count


def _rights(viewer: Viewer) -> tuple[int, int]:
    return viewer.snapshot.generation, viewer.person.access_epoch


def _count(viewer: Viewer) -> int:
    """One query for all features; none for whom nothing can wait."""
    asked: tuple[Waits, ...] = current_app.extensions[WAITS]
    counts = [count for waits in asked if (count := waits(viewer)) is not None]
    return sum(viewer.session.execute(select(*counts)).one()) if counts else 0


@dataclass(frozen=True)
class Before:
    """What somebody did before, and what waits for them."""

    visits: list[Visit]
    """As `trail_in` has it."""
    last_visit: datetime | None = None
    """When they were here before this session."""
    waits: Sequence[int] = ()
    """How much waits, by each that was asked."""


def before(viewer: Viewer, row: SignedInSession, waits: tuple[Waits, ...]) -> Before:
    """All of that for the viewer. One query."""
    asked = viewer.statement(_before, waits)
    rows = viewer.session.execute(asked, {"person": row.person_id, "begun": row.created_at}).all()
    seen, *counts, _ = rows[0]
    visits = trail_in(row.person_id, [each[-1] for each in rows])
    return Before(visits, min(seen, row.created_at) if seen else None, counts)


def _before(viewer: Viewer, waits: tuple[Waits, ...]) -> Select[*tuple[Any, ...]]:
    counts = [literal(0) if (count := each(viewer)) is None else count for each in waits]
    named = [count.label(f"waits_{number}") for number, count in enumerate(counts)]
    return trail_beside(select(last_visit().scalar_subquery().label("seen"), *named))
