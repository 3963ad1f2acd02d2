"""Someone who looks: the person of a request, and every question that may be asked of policy in their name.

Reads go through the compiled Visibility (`visible`, `sees`, `where`), writes through the gate (`require`). There is
no third way. A viewer notes that a decision was asked for; a response without one fails closed (`hub/access/guard.py`).
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from acl.directory import Subject
from acl.gate import Decision, Disagreement, Gate
from acl.store import Snapshot
from acl.visibility import Object, Visibility
from hub.access.known_place import KnownPlace
from hub.access.models import Person
from hub.access.sight import Sight
from hub.ground.errors import NotFound, NotPermitted
from hub.things.columns import Columns
from hub.things.kinds import Kinds

log = structlog.get_logger(__name__)


class Judged(Protocol):
    """A row that policy speaks of."""

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The attributes that decide; None while the snapshot does not know its place."""


Thing = TypeVar("Thing", bound=Judged)
Found = TypeVar("Found")


@dataclass
class Viewer:
    """A person who looks, with one snapshot for the whole request: no decision mixes two generations."""

    person: Person
    subject: Subject
    snapshot: Snapshot
    today: date
    session: Session
    kinds: Kinds
    """Of what there is to be seen."""
    asked: bool = field(default=False)
    opened: dict[str, str] = field(default_factory=dict)
    """What was asked for and may be read: node -> organisation that it lies in."""
    _sights: dict[str, Sight] = field(default_factory=dict)
    _found: dict[str, Any] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        """The gate of this request's snapshot and day."""
        return Gate(self.snapshot, self.today)

    def sight(self, action: str = "read") -> Sight:
        """All on which the person may do `action`, as it was worked out for this snapshot and day."""
        self.asked = True
        found = self._sights.get(action)
        if found is None:
            found = self._sights[action] = self._remembered(action)
        return found

    def _remembered(self, action: str) -> Sight:
        key, sights = (self.subject, action, self.today), self.snapshot.sights
        found: Sight | None = sights.get(key)
        if found is None:
            found = Sight(self.snapshot, self.gate.visible(self.subject, action))
            sights.put(key, found)
        return found

    def visible(self, action: str = "read") -> Visibility:
        """The predicate of everything on which the person may do `action`."""
        return self.sight(action).visibility

    def place(self, place_id: str) -> KnownPlace | None:
        """A place whose own page the person may see, as this snapshot has it; None whether it is absent or hidden."""
        return self.sight().place(place_id)

    def places(self, ids: Iterable[str]) -> dict[str, KnownPlace]:
        """Those of some places whose own pages the person may see, by id. No query."""
        return {key: found for key in ids if (found := self.place(key)) is not None}

    def once(self, find: Callable[[], Found]) -> Found:
        """What a method finds for this viewer, which is the same whatever asks: it is asked once in a request."""
        if find.__qualname__ not in self._found:
            self._found[find.__qualname__] = find()
        found: Found = self._found[find.__qualname__]
        return found

    def where(self, columns: Columns, action: str = "read") -> ColumnElement[bool]:
        """The same as a condition on a table's rows."""
        return self.sight(action).where(columns)

    def statement(self, build: Callable[..., Found], *constants: Hashable) -> Found:
        """Statements, and places, that hang on who looks and what they may, and on nothing else: once for a generation.

        `build` is a function of a module, called with the viewer and the constants. Whatever changes from one
        request to the next, the time too, is a parameter of a statement: building one costs more than asking it.
        """
        return self.sight().built((build, constants), lambda: build(self, *constants))

    def sees(self, thing: Judged, action: str = "read") -> bool:
        """Whether the person may do `action` to one loaded thing, by the compiled predicate."""
        judged = thing.judged(self.snapshot)
        return judged is not None and self.sight(action).check(judged)

    def kept(self, things: list[Thing], action: str = "read") -> list[Thing]:
        """Those of the things that the person may do `action` to."""
        check = self.sight(action).check
        return [t for t in things if (o := t.judged(self.snapshot)) is not None and check(o)]

    def read(self, thing: Thing | None) -> Thing:
        """Load and judge in one breath: the thing, or NotFound, whether it is absent or hidden."""
        self.asked = True
        judged = None if thing is None else thing.judged(self.snapshot)
        if thing is None or judged is None or not self.sight().check(judged):
            raise NotFound
        self.opened[judged.node] = judged.org
        return thing

    def decide(self, action: str, thing: Judged) -> Decision | None:
        """Ask the gate, with its reasons; None, which is a refusal, where it cannot decide.

        That is so while the snapshot does not know the thing's place, and, with an alarm, where Casbin does not say
        what the matching lines say.
        """
        self.asked = True
        judged = thing.judged(self.snapshot)
        return None if judged is None else self.judge(action, judged)

    def judge(self, action: str, judged: Object) -> Decision | None:
        """The same about attributes, as of a thing that is not there yet."""
        self.asked = True
        try:
            return self.gate.decide(self.subject, action, judged)
        except Disagreement:
            log.exception(
                "CASBIN AND THE LINES DIFFER: refused", subject=self.subject.id, action=action, node=judged.node
            )
            return None

    def require(self, action: str, thing: Thing | None) -> Thing:
        """The thing, if the person may do `action` to it. What they may not even see is NotFound."""
        found = self.read(thing)
        decision = self.decide(action, found)
        if decision is None or not decision.allowed:
            raise NotPermitted("You can read this, but policy does not let you change it.")
        return found
