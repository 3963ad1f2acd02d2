"""Who is in a space, as its members may know it: whom it was given to, and whom a line of policy names just there."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from acl.rules import Rule
from acl.vocabulary import GROUP, GUEST, ORGANISATION, PERSON, SOMEBODY
from hub.access.holds import waiting_of
from hub.access.models import Grant, Group, Hold, Person, Place
from hub.access.viewer import Viewer

ON_A_PAGE: Final = 50
MOST_BY_POLICY: Final = 50
OWN = aliased(Place)
"""The organisation of a person or a group, or the one that was given the space itself."""


@dataclass(frozen=True)
class Insider:
    """One who is in a space: a person, a group, or everybody of an organisation (neither)."""

    can: str
    until: date | None
    person: Person | None
    group: Group | None
    organisation: Place

    @property
    def order(self) -> tuple[bool, str]:
        """Those who manage it first, then by name."""
        return self.can != "manage", (self.person or self.group or self.organisation).name


def insiders(viewer: Viewer, node: str, page: int) -> tuple[list[Insider], int]:
    """A page of those to whom a space was given, those who manage it first, then by name; and how many they are.

    Only those whose rights are in force. A guest does not learn of guests of other firms, who may compete with theirs.
    """
    total = viewer.session.scalar(_given(select(func.count()), viewer, node)) or 0
    order = (case((Grant.can == "manage", 0), else_=1), func.coalesce(Person.name, Group.name, OWN.name), Grant.id)
    rows = _given(select(Grant.can, Grant.until, Person, Group, OWN), viewer, node).order_by(*order)
    some = viewer.session.execute(rows.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE))
    return [Insider(can, until, person, group, own) for can, until, person, group, own in some], total


def insiders_by_policy(viewer: Viewer, node: str) -> list[Insider]:
    """The people and groups whom lines of policy allow something at just a space, in at most three queries."""
    lines = [line for line in _lines_at(viewer, node) if line.who.startswith((*SOMEBODY, GROUP))]
    if not lines:
        return []
    handles = {line.who.partition(":")[2] for line in lines}
    people = select(Person, OWN).join(OWN, OWN.id == Person.organisation_id).where(Person.handle.in_(handles))
    named = {p.subject_id: (p, own) for p, own in viewer.session.execute(people.where(*_known(viewer)))}
    groups = select(Group, OWN).join(OWN, OWN.id == Group.organisation_id).where(Group.handle.in_(handles))
    grouped = {f"group:{each.handle}": (each, own) for each, own in viewer.session.execute(groups)}
    waiting = waiting_of(viewer.session, ((person.id, person.organisation_id) for person, _ in named.values()))
    found = []
    for line in lines:
        until = None if line.until == "-" else date.fromisoformat(line.until)
        if line.who in grouped:
            group, own = grouped[line.who]
            found.append(Insider(line.can, until, None, group, own))
        elif line.who in named:
            person, own = named[line.who]
            if person.id not in waiting or line.scope == person.organisation_id:
                found.append(Insider(line.can, until, person, None, own))
    return sorted(found, key=lambda insider: insider.order)[:MOST_BY_POLICY]


def _lines_at(viewer: Viewer, node: str) -> list[Rule]:
    """The lines in force that allow something at a space."""
    snapshot, today = viewer.snapshot, viewer.today.isoformat()
    above = snapshot.tree.within(node)
    every = (snapshot.rules_at(name).get(node, ()) for name, file in snapshot.files.items() if file.scope in above)
    return [
        line for some in every for line in some if line.effect == "allow" and (line.until == "-" or today <= line.until)
    ]


def _given(statement: Select[*tuple[Any, ...]], viewer: Viewer, node: str) -> Select[*tuple[Any, ...]]:
    kind = Grant.principal.startswith
    short = func.substr(Grant.principal, case((kind(PERSON), 8), (kind(ORGANISATION), 5), else_=7))
    own = func.coalesce(Person.organisation_id, Group.organisation_id)
    itself = and_(kind(ORGANISATION), OWN.kind == "organisation", OWN.path == short)
    return (
        statement.select_from(Grant)
        .outerjoin(Person, and_(or_(kind(PERSON), kind(GUEST)), Person.handle == short))
        .outerjoin(Group, and_(kind(GROUP), Group.handle == short))
        .join(OWN, or_(OWN.id == own, itself))
        .where(Grant.node == node, Grant.ended_at.is_(None))
        .where(or_(Grant.until.is_(None), Grant.until >= viewer.today))
        .where(*_known(viewer), ~_waits())
    )


def _known(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """That somebody is here now, and the viewer's to know."""
    here = (or_(Person.id.is_(None), Person.status == "active"), OWN.blocked_at.is_(None))
    if viewer.person.kind != "guest":
        return here
    own_firm = Person.organisation_id == viewer.person.organisation_id
    return (*here, or_(Person.id.is_(None), Person.kind != "guest", own_firm))


def _waits() -> ColumnElement[bool]:
    """That a person's rights beyond their organisation wait, and this is one of them."""
    theirs = or_(Hold.person_id.is_(None), Hold.person_id == Person.id)
    held = select(Hold.id).where(Hold.confirmed_at.is_(None), Hold.organisation_id == Person.organisation_id, theirs)
    return and_(held.correlate(Person).exists(), Grant.organisation_id != Person.organisation_id)
