"""The names that sentences about rules need: of places, people, groups, and of those who gave what was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from acl.cells import EVERYONE_BUT
from acl.groups import VOICE
from acl.misses import place_of
from acl.rules import Rule
from acl.store import Snapshot
from acl.vocabulary import SOMEBODY, is_inside
from hub.access.judged import place_named
from hub.access.known_place import KnownPlace, known_place
from hub.access.models import Grant, Group, Person, Place
from hub.web.pages import Who

GIVEN = "grants:"
AUDIENCE = "audience:"


class Names(dict[str, str]):
    """Names of principals, places and givers, by the keys of `acl.explain.Names`."""

    def get_or_blank(self, key: str) -> str:
        """The name, or an empty string."""
        return self.get(key, "")


@dataclass(frozen=True)
class Rows:
    """What some rules name, as rows of the tables."""

    places: list[KnownPlace]
    people: list[Person]
    homes: dict[str, str]
    """The name of their organisation, by the person's handle."""
    groups: list[Group]
    givers: dict[str, str]
    """Handle of the giver, by the grant's id."""

    def names(self) -> Names:
        """All names, for those who may know every one of them."""
        people = {person.handle: self._in_full(person) for person in self.people}
        found = Names({person.subject_id: people[person.handle] for person in self.people})
        found.update({f"{GIVEN}{grant}": people[by] for grant, by in self.givers.items() if by in people})
        found.update({f"group:{group.handle}": group.name for group in self.groups})
        for place in self.places:
            found[place.id] = place.name if place.path else ""
            if place.kind == "organisation":
                found[f"org:{place.path}"] = place.name
        return found

    def _in_full(self, person: Person) -> str:
        return str(Who(person.name, self.homes.get(person.handle, "")))


def names_for(session: Session, snapshot: Snapshot, rules: tuple[Rule, ...]) -> Names:
    """The names that explaining these rules needs, whoever may know them, in at most three queries."""
    return rows_for(session, snapshot, rules).names()


@dataclass(frozen=True)
class _Wanted:
    """The keys of the rows that some rules need."""

    handles: set[str]
    groups: set[str]
    slugs: set[str]
    ids: set[str]

    @classmethod
    def by(cls, rules: Iterable[Rule], nodes: Iterable[str], givers: Iterable[str]) -> "_Wanted":
        every = tuple(rules)
        words = {rule.who.removeprefix(EVERYONE_BUT) for rule in every}
        return cls(
            handles={_handle(word) for word in words if word.startswith(SOMEBODY)} | set(givers),
            groups={_handle(word) for word in words if word.startswith("group:")},
            slugs={_handle(word) for word in words if word.startswith("org:")},
            ids={rule.scope for rule in every} | {node_of(rule) for rule in every} | set(nodes),
        )


def rows_for(session: Session, snapshot: Snapshot, rules: Iterable[Rule], nodes: Iterable[str] = ()) -> Rows:
    """The rows behind these rules, and the places of `nodes`, in at most three queries however many they are."""
    every = tuple(rules)
    givers = _givers(session, every)
    wanted = _Wanted.by(every, nodes, givers.values())
    handles, groups = wanted.handles, wanted.groups
    people = session.execute(_people(), {"handles": sorted(handles)}).all() if handles else []
    return Rows(
        places=_places(snapshot, wanted) if every else [],
        people=[person for person, _ in people],
        homes={person.handle: organisation for person, organisation in people},
        groups=list(session.scalars(_groups(), {"handles": sorted(groups)})) if groups else [],
        givers=givers,
    )


@cache
def _people() -> Select[Person, str]:
    own = select(Person, Place.name).join(Place, Place.id == Person.organisation_id)
    return own.where(Person.handle.in_(bindparam("handles", expanding=True)))


@cache
def _groups() -> Select[Group]:
    return select(Group).where(Group.handle.in_(bindparam("handles", expanding=True)))


@cache
def _given_by() -> Select[str, str]:
    return select(Grant.id, Grant.given_by).where(Grant.id.in_(bindparam("ids", expanding=True)))


def _places(snapshot: Snapshot, wanted: _Wanted) -> list[KnownPlace]:
    ids = wanted.ids | {snapshot.tree.resolve(slug, "") or "" for slug in wanted.slugs}
    return [place for node in sorted(ids) if (place := known_place(snapshot, node))]


def some_of(rows: Rows, rules: Iterable[Rule], nodes: Iterable[str] = ()) -> Rows:
    """What `rows_for` these rules alone would load, out of rows that were loaded for more."""
    every = tuple(rules)
    given = {rule.file.removeprefix(GIVEN) for rule in every if rule.file.startswith(GIVEN)}
    givers = {grant: by for grant, by in rows.givers.items() if grant in given}
    wanted = _Wanted.by(every, nodes, givers.values())
    return Rows(
        places=[p for p in rows.places if p.path in wanted.slugs or p.id in wanted.ids] if every else [],
        people=[person for person in rows.people if person.handle in wanted.handles],
        homes=rows.homes,
        groups=[group for group in rows.groups if group.handle in wanted.groups],
        givers=givers,
    )


def node_of(rule: Rule) -> str:
    """The node that a rule of the hub's own making names, of a home page its place; of a line of a file nothing."""
    return place_named(rule.where.removeprefix("node:")) if rule.where.startswith("node:") else ""


def source_of(rule: Rule, names: Mapping[str, str]) -> str:
    """Where a rule stands, for people: "organisations/leeds.csv line 14", "A membership, given by Sam of Leeds"."""
    if rule.file.startswith(GIVEN):
        kind = "A guest’s admission" if rule.who.startswith("guest:") else "A membership"
        what = "A share" if is_inside(rule.where.removeprefix("node:")) else kind
        return f"{what}, given by {names[rule.file]}" if names.get(rule.file) else what
    if rule.file.startswith(AUDIENCE):
        return f"The audience of {names.get(node_of(rule)) or 'a space above it'}"
    if rule.file.startswith(VOICE):
        return f"Who may write in {names.get(node_of(rule)) or 'a space above it'}"
    return place_of(rule)


def _handle(word: str) -> str:
    return word.partition(":")[2]


def _givers(session: Session, rules: Iterable[Rule]) -> dict[str, str]:
    """Who gave each grant; nobody is said to have given something to themselves."""
    whose = {rule.file.removeprefix(GIVEN): _handle(rule.who) for rule in rules if rule.file.startswith(GIVEN)}
    if not whose:
        return {}
    rows = session.execute(_given_by(), {"ids": sorted(whose)})
    return {grant: by for grant, by in rows if by != whose[grant]}
