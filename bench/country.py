"""A country of councils, as values and as rows: what the slopes and their check are measured on.

Every organisation has spaces with folders, a policy of so many lines, groups, staff and guests, and people who were
given something by name. The same for the same size.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import insert, text, update

from acl.directory import Place, PlaceTree
from acl.store import PolicyFile, Snapshot, adopt
from acl.visibility import joined
from bench.corpus import Corpus
from hub.access import models
from hub.access.snapshots import as_node
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.nouns.documents.models import Document, Revision
from hub.nouns.organisations.models import Organisation

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HEADER = "effect,who,can,where,marking,state,until,reason\n"
AUDIENCES = ("open", "restricted", "private", "restricted", "open")
FOLDERS = 4
"""Of each space."""
TEAM, TEAMS_EACH = 67, 3
"""A group for so many people, and how many each of the staff is in, of whichever organisation."""
GIVEN = 2
"""Grants for each person, by name."""
GUESTS = 20
"""One person in so many is a guest."""
AT_ONCE = 20_000


@dataclass(frozen=True)
class Country:
    """Its size: people, organisations, places of all kinds, lines of policy of all organisations together."""

    people: int = 300
    organisations: int = 300
    places: int = 3_000
    lines: int = 3_000

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The places as rows, parents first."""
        found = [
            _place(f"o{number}", "organisation", "platform", f"o{number}", f"council-{number}")
            for number in range(self.organisations)
        ]
        each = (self.places - self.organisations) // (FOLDERS + 1)
        for number in range(each):
            top, space = found[number % self.organisations], f"s{number:011}"
            audience = AUDIENCES[number // self.organisations % len(AUDIENCES)]
            path = f"{top['path']}/space-{number}"
            found.append(_place(space, "space", top["id"], top["id"], path, audience))
            found += [
                _place(f"f{number:09}{n:02}", "folder", space, top["id"], f"{path}/folder-{n}") for n in range(FOLDERS)
            ]
        return found

    @property
    def spaces(self) -> list[dict[str, Any]]:
        """Those that are spaces."""
        return [row for row in self.rows if row["kind"] == "space"]

    @property
    def nodes(self) -> list[Place]:
        """The places as a web process keeps them, with what pages say of them."""
        return [as_node(models.Place(**row)) for row in self.rows]

    @property
    def groups(self) -> int:
        """How many there are."""
        return max(2, self.people // TEAM)

    @property
    def teams(self) -> int:
        """Groups of the organisations that have the most."""
        return -(-self.groups // self.organisations)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The policy files by name."""
        by_organisation: dict[str, list[str]] = {}
        for row in self.rows:
            by_organisation.setdefault(row["organisation_id"], []).append(row["path"])
        found = {
            f"organisations/council-{number}.csv": self._text(number, by_organisation[f"o{number}"])
            for number in range(self.organisations)
        }
        everybody = (
            "allow,all-staff,read,*,only PUBLIC,published,-,Public is public\n"
            "allow,own-organisation,read,*,up to OFFICIAL,published,-,Own work\n"
            "deny,all-staff,read,*,any,withdrawn,-,Withdrawn is gone\n"
        )
        return found | {"platform.csv": HEADER + everybody}

    def _text(self, number: int, paths: Sequence[str]) -> str:
        rng, slug = random.Random(number), f"council-{number}"
        lines = [f"allow,document-owner,manage,{slug},any,any,-,Authors keep their own work"]
        seen = set(lines)
        while len(lines) < self.lines // self.organisations:
            where, team = rng.choice(paths), f"team-{rng.randrange(self.teams)}"
            other = f"council-{rng.randrange(self.organisations)}"
            can, until = (
                rng.choice(("read", "edit", "manage")),
                rng.choice(("-", "-", f"20{rng.randrange(27, 60)}-01-15")),
            )
            line = rng.choices(
                (
                    f"allow,group:{slug}/{team},{can},{where},any,any,{until},Our team",
                    f"allow,org:{other},read,{where},up to OFFICIAL,published,{until},Joint work",
                    f"allow,group:{other}/{team},comment,{where},up to OFFICIAL,any,{until},Joint",
                    f"deny,everyone-but:group:{slug}/{team},read,{where},any,any,{until},Privileged",
                ),
                (62, 16, 20, 2),
            )[0]
            if line not in seen:
                seen.add(line)
                lines.append(line)
        return HEADER + "\n".join(lines) + "\n"

    def files(self) -> dict[str, PolicyFile]:
        """The files as the hub takes them."""
        return {name: adopt(name, text, _scope(name)) for name, text in self.texts.items()}

    def snapshot(self) -> Snapshot:
        """The whole policy, over the whole tree."""
        return Snapshot(self.files(), PlaceTree(self.nodes), 1)

    def handles(self) -> Iterator[tuple[str, str, str]]:
        """Handle, kind and organisation of everybody."""
        for number in range(self.people):
            at = number % self.organisations
            kind = "guest" if number // self.organisations % GUESTS == GUESTS - 1 else "staff"
            yield f"council-{at}/p{number}", kind, f"o{at}"

    def words(self) -> list[str]:
        """The `who` words of all groups."""
        found = (divmod(number, self.organisations) for number in range(self.groups))
        return [f"group:council-{at}/team-{team}" for team, at in found]

    def fill(self, database: Database) -> None:
        """Write it all into a new database, many rows at a time and past its history."""
        with quickly(database) as connection:
            places = ({**row, "generation": 1, "created_at": NOW} for row in self.rows)
            for table, rows in (
                (models.Place, places),
                (models.PlaceClosure, self._closure()),
                (Organisation, ({"id": f"o{number}", "kind": "council"} for number in range(self.organisations))),
                (models.PolicyText, self._policies()),
                (models.Person, self._everybody()),
                (models.Group, self._groups()),
                (models.GroupMember, self._members()),
                (models.Grant, self._given()),
            ):
                write(connection, table, rows)
            connection.execute(update(models.HubState).values(policy_generation=10))

    def _closure(self) -> Iterator[dict[str, Any]]:
        lines: dict[str, list[tuple[str, bool]]] = {"platform": [("platform", True)]}
        for row in self.rows:
            shut = row["audience"] == "private"
            lines[row["id"]] = [(row["id"], True), *((up, way and not shut) for up, way in lines[row["parent_id"]])]
            for depth, (node, way) in enumerate(lines[row["id"]]):
                yield {"descendant_id": row["id"], "ancestor_id": node, "depth": depth, "open": way}

    def _policies(self) -> Iterator[dict[str, Any]]:
        for name, said in self.texts.items():
            yield {"name": name, "scope": _scope(name), "text": said, "digest": "", "generation": 1,
                   "accepted_at": NOW, "accepted_by": "bench"}  # fmt: skip

    def _everybody(self) -> Iterator[dict[str, Any]]:
        rng = random.Random(3)
        for number, (handle, kind, organisation) in enumerate(self.handles()):
            yield {"id": f"p{number:011}", "organisation_id": organisation, "handle": handle, "kind": kind,
                   "name": f"Person {rng.randrange(10**7):07}", "created_at": NOW}  # fmt: skip

    def _groups(self) -> Iterator[dict[str, Any]]:
        for word in self.words():
            handle = word.removeprefix("group:")
            yield {
                "id": handle,
                "organisation_id": f"o{handle[8:].partition('/')[0]}",
                "handle": handle,
                "name": handle,
            }

    def _members(self) -> Iterator[dict[str, Any]]:
        rng, groups = random.Random(4), [word.removeprefix("group:") for word in self.words()]
        for number, (_, kind, _) in enumerate(self.handles()):
            for group in rng.sample(groups, min(TEAMS_EACH, len(groups))) if kind == "staff" else ():
                yield {"group_id": group, "person_id": f"p{number:011}"}

    def _given(self) -> Iterator[dict[str, Any]]:
        rng, spaces = random.Random(5), self.spaces
        for handle, kind, _ in self.handles():
            word = f"{'guest' if kind == 'guest' else 'person'}:{handle}"
            yield from (grant(word, rng.choice(spaces)) for _ in range(GIVEN))


def grant(word: str, space: Mapping[str, Any]) -> dict[str, Any]:
    """That somebody may read a space."""
    return {"id": new_id(), "principal": word, "can": "read", "node": space["id"], "marking": "any",
            "organisation_id": space["organisation_id"], "state": "published", "source": "membership",
            "given_by": "bench", "reason": "Works with us", "created_at": NOW}  # fmt: skip


def documents(places: Sequence[Mapping[str, Any]], count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """So many documents, newest first, with the revision of each: a row of either table."""
    for number, entry in enumerate(Corpus(count).entries()):
        place, own = places[number * 7_919 % len(places)], f"d{number:08}"
        when = NOW - timedelta(minutes=number)
        row = {"id": own, "place_id": place["id"], "organisation_id": place["organisation_id"], "type": "markdown",
               "title": entry.title, "marking": "OFFICIAL", "state": "published",
               "ms": joined("OFFICIAL", "published"), "owner": f"person:{place['path'].partition('/')[0]}/p1",
               "number": 1, "created_at": when, "changed_at": when}  # fmt: skip
        yield row, {"document_id": own, "number": 1, "title": row["title"], "author": row["owner"],
                    "body": entry.body, "created_at": when}  # fmt: skip


def fill_documents(database: Database, places: Sequence[Mapping[str, Any]], count: int) -> float:
    """Write so many documents; returns the bytes that they take."""
    pairs = list(documents(places, count))
    with quickly(database) as connection:
        before = bytes_of(connection)
        write(connection, Document, (row for row, _ in pairs))
        write(connection, Revision, (row for _, row in pairs))
        return float(bytes_of(connection) - before)


def bytes_of(connection: Any) -> int:
    """How large a database of SQLite is."""
    pages, size = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
    return int(pages * size)


@contextmanager
def quickly(database: Database) -> Iterator[Any]:
    """A transaction of SQLite that does not wait for the disk."""
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA synchronous=OFF")
        with connection.begin():
            yield connection
        connection.connection.cursor().execute("PRAGMA synchronous=FULL")


def write(connection: Any, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows, many with one statement."""
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            connection.execute(insert(model.__table__), some)
            some = []
    if some:
        connection.execute(insert(model.__table__), some)


def _place(own: str, kind: str, parent: str, organisation: str, path: str, audience: str = "") -> dict[str, Any]:
    return {"id": own, "kind": kind, "parent_id": parent, "organisation_id": organisation, "path": path,
            "slug": path.rpartition("/")[2], "name": f"The {path}", "description": "", "audience": audience,
            "marking": "OFFICIAL", "state": "published", "ms": joined("OFFICIAL", "published"),
            "owner": ""}  # fmt: skip


def _scope(name: str) -> str:
    return "platform" if name == "platform.csv" else f"o{name.partition('council-')[2].removesuffix('.csv')}"
