"""Who will see this, at 20,000 people and 200,000 documents: 100 organisations, 6,000 places, SQLite.

Each organisation has a policy as people write them, private spaces among its open ones, grants to people, groups and
guests, documents shared by themselves, and drafts. Each question is asked from a process that has been asked before;
the first row is a process that has just started and knows its policies only. Measured is the processor time of the one
thread, which does the database's work too: nothing waits, and neighbours count neither way.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from acl.store import adopt
from acl.visibility import joined
from bench.table import Row, print_table
from hub.access.models import Grant, Group, GroupMember, HubState, Person, Place, PlaceClosure, PolicyText
from hub.access.snapshots import Snapshots
from hub.audience import foreseeing as audience
from hub.audience.foreseeing import Change, foresee
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.ground.schema import migrate
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document
from hub.nouns.kinds import KINDS
from hub.running.garbage import settle

PEOPLE, DOCUMENTS, ORGANISATIONS, SPACES, FOLDERS = 20_000, 200_000, 100, 20, 2
LARGE = 10
"""The first organisation has so many times the documents of another."""
UNOWNED = 4
"""In every organisation of so many, owners have no line of their own."""
BAR = 300.0
"""Milliseconds."""
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HEADER = "effect,who,can,where,marking,state,until,reason\n"


def main(people: int = PEOPLE, documents: int = DOCUMENTS) -> list[Row]:
    """Measure and return the rows of the table."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'hub.ground.db'}")
        migrate(database)
        town = _Town(database, people, documents)
        town.fill()
        try:
            return list(_measured(town))
        finally:
            database.close()


def _measured(town: "_Town") -> Iterator[Row]:
    settle()  # as each web process does when it starts
    snapshots = Snapshots(town.database)
    label = f"{town.people:,} people, {town.documents:,} documents"
    with town.database.reading() as session:
        snapshots.latest(session)
        questions = town.questions(session, snapshots)
    for name in ("a space of the largest organisation is opened", "the platform's file gains a line"):
        yield _row(
            f"who will see this: first question of a process, {name}, {label}",
            town,
            questions[name],
            lambda: Snapshots(town.database),
        )
    for name, change in questions.items():
        yield _row(f"who will see this: {name}", town, change, lambda: snapshots)


def _row(name: str, town: "_Town", change: Change, snapshots: Callable[[], Snapshots]) -> Row:
    taken, said = [], ""
    for _ in range(7):
        with town.database.reading() as session:
            known = snapshots()
            known.latest(session)
            begun = time.thread_time()
            shown = foresee(session, known, KINDS, TODAY, change)
            taken.append((time.thread_time() - begun) * 1000)
            said = f"{shown.things:,} to {shown.staff + shown.guests:,}"
    worst = max(taken[1:])
    return Row(name, f"{worst:.0f} ms ({said})", f"at most {BAR:.0f} ms", worst <= BAR)


@dataclass(frozen=True)
class _Where:
    id: str
    organisation: str
    slug: str
    path: str
    kind: str


class _Town:
    """Rows of a hub, written many at a time."""

    def __init__(self, database: Database, people: int, documents: int) -> None:
        self.database, self.people, self.documents = database, people, documents
        self.rng = random.Random(11)
        self.organisations: list[_Where] = []
        self.spaces: list[_Where] = []
        self.places: list[_Where] = []
        self.handles: list[str] = []
        self.groups: list[tuple[str, str]] = []
        self.ids: list[str] = []

    def fill(self) -> None:
        """Write everything."""
        with unit_of_work(self.database, SystemClock()) as uow:
            session = uow.session
            self._places(session)
            self._people(session)
            self._documents(session)
            self._policies(session)
            self._grants(session)
            session.execute(HubState.__table__.update().values(policy_generation=10))

    def questions(self, session: Session, snapshots: Snapshots) -> dict[str, Change]:
        """What is asked."""
        large = self.organisations[0]
        closed = [session.get_one(Place, s.id) for s in self.spaces if s.organisation == large.id]
        private = next(place for place in closed if place.audience == "private" and place.slug != "s2")
        open_ = next(place for place in closed if place.audience == "open")
        name = "organisations/council-0.csv"
        text = snapshots.latest(session).files[name].text + "allow,all-staff,read,council-0,any,published,-,All of it\n"
        platform = adopt("platform.csv", HEADER + "allow,all-staff,read,*,up to OFFICIAL,any,-,All of it\n", "platform")
        owners = HEADER + "allow,document-owner,read,*,any,any,-,Owners read their own\n"
        snapshot = snapshots.latest(session)
        return {
            "a space of the largest organisation is opened": audience.audience_change(private, "open"),
            "a space is closed": audience.audience_change(open_, "private"),
            "another organisation is given a space": self._gift(private.id, large, "org:council-1"),
            "a group is given a whole organisation": self._gift(large.id, large, f"group:{self.groups[-1][1]}"),
            "a document is shared": audience.grants_given(
                session.get_one(Document, self.ids[0]), self._grant(f"doc:{self.ids[0]}", large, "org:council-2")
            ),
            "an organisation's file gains a line": audience.policy_changed(
                snapshot, {name: adopt(name, text, large.id)}
            ),
            "the platform's file gains a line": audience.policy_changed(snapshot, {"platform.csv": platform}),
            "every owner gains their own": audience.policy_changed(
                snapshot, {"platform.csv": adopt("platform.csv", owners, "platform")}
            ),
        }

    def _gift(self, node: str, organisation: _Where, who: str) -> Change:
        return audience.grants_given(None, self._grant(node, organisation, who))

    def _grant(self, node: str, organisation: _Where, who: str) -> Grant:
        return Grant(**self._grant_row(node, organisation.id, who))

    def _grant_row(self, node: str, organisation: str, who: str) -> dict[str, object]:
        return {
            "id": new_id(), "principal": who, "can": "read", "node": node, "organisation_id": organisation,
            "marking": "any", "state": "published", "until": None, "source": "membership", "given_by": "x",
            "reason": "", "created_at": NOW,
        }  # fmt: skip

    def _places(self, session: Session) -> None:
        rows, closure = [], []

        def add(kind: str, above: list[tuple[str, bool]], path: str, organisation: str, audience_: str = "") -> _Where:
            place = new_id()
            where = _Where(place, organisation or place, path.partition("/")[0], path, kind)
            rows.append(
                {
                    "id": place, "kind": kind, "parent_id": above[0][0], "organisation_id": where.organisation,
                    "slug": path.rpartition("/")[2], "path": path, "name": path, "audience": audience_,
                    "marking": "OFFICIAL", "ms": "OFFICIAL.published", "generation": 1, "created_at": NOW,
                }
            )  # fmt: skip
            shut = audience_ in ("private", "confidential")
            line = [(place, True), *((node, is_open and not shut) for node, is_open in above)]
            closure.extend(
                {"descendant_id": place, "ancestor_id": node, "depth": depth, "open": is_open}
                for depth, (node, is_open) in enumerate(line)
            )
            lines[place] = line
            return where

        lines: dict[str, list[tuple[str, bool]]] = {"platform": [("platform", True)]}
        for number in range(ORGANISATIONS):
            top = add("organisation", lines["platform"], f"council-{number}", "")
            self.organisations.append(top)
            for which in range(SPACES):
                word = ("open", "restricted", "private", "restricted", "confidential")[which % 5]
                space = add("space", lines[top.id], f"{top.path}/s{which}", top.id, word)
                self.spaces.append(space)
                self.places.append(space)
                self.places += [add("folder", lines[space.id], f"{space.path}/f{n}", top.id) for n in range(FOLDERS)]
        session.execute(insert(Place), rows)
        session.execute(insert(PlaceClosure), closure)

    def _people(self, session: Session) -> None:
        people, groups, members = [], [], []
        for number in range(self.people):
            firm = self.organisations[number % ORGANISATIONS]
            kind = "guest" if number // ORGANISATIONS % 20 == 19 else "staff"
            handle = f"{firm.slug}/p{number}"
            self.handles.append(f"{'guest' if kind == 'guest' else 'person'}:{handle}")
            people.append(
                {"id": new_id(), "organisation_id": firm.id, "handle": handle, "kind": kind, "name": f"P {number:05}",
                 "created_at": NOW}
            )  # fmt: skip
        for firm in self.organisations:
            for which in range(5):
                group = (new_id(), f"{firm.slug}/g{which}")
                self.groups.append(group)
                groups.append({"id": group[0], "organisation_id": firm.id, "handle": group[1], "name": group[1]})
        for number, person in enumerate(people):
            if person["kind"] == "staff":
                at = number % ORGANISATIONS * 5
                members += [
                    {"group_id": self.groups[at + n][0], "person_id": person["id"]}
                    for n in self.rng.sample(range(5), 3)
                ]
        session.execute(insert(Person), people)
        session.execute(insert(Group), groups)
        session.execute(insert(GroupMember), members)

    def _documents(self, session: Session) -> None:
        large = [place for place in self.places if place.organisation == self.organisations[0].id]
        seats = self.places + large * (LARGE - 1)
        staff = [handle for handle in self.handles if handle.startswith("person")]
        by_slug: dict[str, list[str]] = {}
        for handle in staff:
            by_slug.setdefault(handle.partition(":")[2].partition("/")[0], []).append(handle)
        markings = ("PUBLIC", "OFFICIAL", "OFFICIAL", "OFFICIAL", "OFFICIAL-SENSITIVE")
        states = ("published", "published", "published", "draft", "archived")
        rows = []
        for number in range(self.documents):
            place = large[0] if number == 0 else self.rng.choice(seats)
            marking, state = self.rng.choice(markings), self.rng.choice(states)
            rows.append(
                {"id": new_id(), "place_id": place.id, "organisation_id": place.organisation, "title": f"D {number}",
                 "type": "markdown", "marking": marking, "state": state, "ms": joined(marking, state),
                 "owner": self.rng.choice(by_slug[place.slug]), "created_at": NOW,
                 "changed_at": NOW - timedelta(minutes=number)}
            )  # fmt: skip
        self.ids = [str(row["id"]) for row in rows]
        session.execute(insert(Document), rows)

    def _policies(self, session: Session) -> None:
        for number, firm in enumerate(self.organisations):
            slug, other = firm.slug, f"council-{(number + 1) % ORGANISATIONS}"
            lines = [
                f"allow,all-staff,read,{slug},only PUBLIC,published,-,Openly",
                f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff",
                *([f"allow,document-owner,manage,{slug},any,any,-,Own work"] if number % UNOWNED else []),
                f"deny,everyone-but:group:{slug}/g0,read,{slug}/s2,any,any,-,Legal",
                *(f"allow,group:{slug}/g{n % 5},edit,{slug}/s{n},any,any,-,Team" for n in range(SPACES)),
                *(f"allow,org:{other},read,{slug}/s{n},up to OFFICIAL,published,-,Joint" for n in range(5)),
            ]
            text = HEADER + "".join(f"{line}\n" for line in lines)
            session.add(
                PolicyText(name=f"organisations/{slug}.csv", scope=firm.id, text=text, digest="", generation=1,
                           accepted_at=NOW, accepted_by="bench")
            )  # fmt: skip
        session.flush()

    def _grants(self, session: Session) -> None:
        rows = []
        for space in self.spaces:
            who = [*self.rng.sample(self.handles, 8), f"group:{self.rng.choice(self.groups)[1]}"]
            rows += [self._grant_row(space.id, space.organisation, word) for word in who]
        at = {row.id: row.organisation_id for row in session.execute(select(Document.id, Document.organisation_id))}
        for document in self.rng.sample(self.ids, 2_000):
            rows.append(self._grant_row(f"doc:{document}", at[document], self.rng.choice(self.handles)))
        session.execute(insert(Grant), rows)


if __name__ == "__main__":
    print_table(main())
