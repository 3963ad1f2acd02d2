"""Bringing in many people at once: what a table would do, and doing it in few statements."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from hub.access.models import Group, GroupMember, Person, Place
from hub.access.reserved import PEOPLE
from hub.admin.people_table import Row, Table, Wrong
from hub.admin.service import short_name
from hub.errors import Invalid
from hub.ids import new_id
from hub.outbox import INDEX, OutboxMessage
from hub.people.service import add_group
from hub.signin.models import ExternalIdentity, PendingBinding
from hub.signin.queries import issuer_of_organisation
from hub.unit_of_work import AuditEntry, UnitOfWork

TWICE = "Somebody of this name is there already: delete the line, or give an e-mail address if they are two people."
CLOSED = "Only the administrators of the hub put people into one of these groups: leave it out."


@dataclass(frozen=True)
class Plan:
    """What a table would do: who is new, who is there already, which groups are new, and what is wrong."""

    new: tuple[tuple[Row, str], ...]
    """Each with the handle that they would get."""
    known: tuple[Row, ...]
    groups: tuple[str, ...]
    """Names of the groups that would be made."""
    wrong: tuple[Wrong, ...]


def plan_import(session: Session, organisation: Place, table: Table, closed: frozenset[str] = frozenset()) -> Plan:
    """What a table would do now, in a few queries. Whoever is known by their address is left as they are.

    `closed` are the groups (by handle) that only the administrators of the hub fill.
    """
    rows = session.execute(
        select(Person.handle, func.lower(Person.email), Person.name).where(Person.organisation_id == organisation.id)
    )
    handles = {f"{organisation.path}/{name}" for name in PEOPLE}
    addresses: set[str] = set()
    names: set[str] = set()
    for handle, address, name in rows:
        handles.add(handle)
        addresses.add(address)
        names.add(name.lower())
    known = tuple(row for row in table.rows if row.email and row.email.lower() in addresses)
    unknown = [row for row in table.rows if not row.email or row.email.lower() not in addresses]
    next_numbers: dict[str, int] = {}
    new = [(row, _free(f"{organisation.path}/{short_name(row.name)}", handles, next_numbers)) for row in unknown]
    groups = _by_word(session, organisation)
    made = {short_name(name): name for row, _ in reversed(new) for name in row.groups if _key(name, groups) is None}
    there = [row for row, _ in new if not row.email and not row.subject and row.name.lower() in names]
    shut = {groups[f"handle {handle}"] for handle in closed if f"handle {handle}" in groups}
    closing = [row for row, _ in new if shut & {groups.get(_key(name, groups) or "", "") for name in row.groups}]
    wrong = (
        *table.wrong,
        *(Wrong(row.line, CLOSED) for row in closing),
        *_subjects(session, organisation, new),
        *(Wrong(row.line, TWICE) for row in there),
    )
    return Plan(tuple(new), known, tuple(sorted(made.values())), tuple(sorted(wrong, key=lambda each: each.line)))


def import_people(
    uow: UnitOfWork, organisation: Place, table: Table, *, by: str, closed: frozenset[str] = frozenset()
) -> Plan:
    """Add everybody of a table who is not known yet; raises Invalid where anything is wrong with it by now.

    `by` is whose word the subjects of the table are; `closed` as of `plan_import`.
    """
    plan = plan_import(uow.session, organisation, table, closed)
    if plan.wrong:
        raise Invalid("The table cannot be taken as it is now. Check it again.", "text")
    for name in plan.groups:
        add_group(uow, organisation, f"{organisation.path}/{short_name(name)}", name)
    groups = _by_word(uow.session, organisation)
    people, members, expected = [], set(), []
    issuer = issuer_of_organisation(uow.session, organisation.path)
    for row, handle in plan.new:
        person = new_id()
        people.append(
            {
                "id": person,
                "organisation_id": organisation.id,
                "handle": handle,
                "kind": "staff",
                "name": row.name,
                "email": row.email,
                "job_title": row.job,
                "status": "active",
                "access_epoch": 1,
                "created_at": uow.now,
            }
        )
        members |= {(groups[key], person) for name in row.groups if (key := _key(name, groups)) is not None}
        if row.subject and issuer is not None:
            given = {"person_id": person, "issuer_id": issuer.id, "subject": row.subject}
            expected.append({"id": new_id(), "created_at": uow.now, "link_hash": "", "made_by": by, **given})
    _insert(uow, people, members, expected)
    uow.record("person:import", organisation.id, organisation.id, f"{len(people)} people, {len(plan.groups)} groups")
    return plan


def _insert(
    uow: UnitOfWork, people: list[dict[str, object]], members: set[tuple[str, str]], expected: list[dict[str, object]]
) -> None:
    if people:
        uow.session.execute(insert(Person), people)
        told = [{"topic": INDEX, "about": f"person:{each['id']}", "created_at": uow.now} for each in people]
        uow.session.execute(insert(OutboxMessage), told)
    if members:
        rows = [{"group_id": group, "person_id": person} for group, person in sorted(members)]
        uow.session.execute(insert(GroupMember), rows)
    if expected:
        uow.session.execute(insert(PendingBinding), expected)
    added = {"at": uow.now, "actor": uow.actor, "act": "person:add", "detail": "from a table"}
    audited = [
        {**added, "object": f"person:{each['handle']}", "organisation_id": each["organisation_id"]} for each in people
    ]
    if audited:
        uow.session.execute(insert(AuditEntry), audited)


def _by_word(session: Session, organisation: Place) -> dict[str, str]:
    """The organisation's groups: short name, and name in small letters, to id."""
    rows = session.execute(select(Group.id, Group.handle, Group.name).where(Group.organisation_id == organisation.id))
    found: dict[str, str] = {}
    for group, handle, name in rows:
        found[f"name {name.lower()}"] = group
        found[handle.partition("/")[2]] = group
        found[f"handle {handle}"] = group
    return found


def _key(name: str, groups: dict[str, str]) -> str | None:
    """Which of the groups a name means; None for one that is not there."""
    return next((key for key in (f"name {name.lower()}", short_name(name)) if key in groups), None)


def _subjects(session: Session, organisation: Place, new: list[tuple[Row, str]]) -> list[Wrong]:
    """What stands in the way of expecting the subjects of a table."""
    rows = {row.subject: row for row, _ in new if row.subject}
    if not rows:
        return []
    issuer = issuer_of_organisation(session, organisation.path)
    if issuer is None:
        return [Wrong(0, "There are subjects in the table, but no issuer yet: see “Sign-in”.")]
    known = set(session.scalars(select(ExternalIdentity.subject).where(ExternalIdentity.issuer == issuer.issuer)))
    waiting = select(PendingBinding.subject).where(PendingBinding.issuer_id == issuer.id)
    known |= set(session.scalars(waiting.where(PendingBinding.used_at.is_(None), PendingBinding.subject != "")))
    return [
        Wrong(rows[each].line, "Somebody is known, or expected, under that subject.") for each in rows.keys() & known
    ]


def _free(base: str, taken: set[str], next_numbers: dict[str, int]) -> str:
    """The first handle that nobody has, which is taken from now on. A thousand people of one name are no hindrance."""
    number = next_numbers.get(base, 1)
    while (handle := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    next_numbers[base] = number + 1
    taken.add(handle)
    return handle
