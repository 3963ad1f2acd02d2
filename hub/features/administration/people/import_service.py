"""Bringing in many people at once: what a table would do, and doing it in few statements."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from hub.access.models import Group, GroupMember, Person, Place
from hub.access.reserved import PEOPLE
from hub.features.administration.people.table import ADMINISTRATORS, Row, Table, Wrong
from hub.features.administration.queries import handles_of_groups
from hub.features.administration.service import free_handle, has_letters, short_name
from hub.features.signin.models import ExternalIdentity, PendingBinding
from hub.features.signin.queries import domains_of, issuer_of_organisation
from hub.ground.errors import Invalid
from hub.ground.ids import new_id
from hub.ground.outbox import INDEX, OutboxMessage
from hub.ground.unit_of_work import AuditEntry, UnitOfWork
from hub.nouns.organisations.service import canonical_domain
from hub.nouns.people.service import add_group

TWICE = "Somebody of this name is there already: delete the line, or give an e-mail address if they are two people."
MOST_NAMED = 20
CLOSED = (
    "Only the administrators of the hub put people into one of these groups, or you do so on its page, where a second "
    "person agrees: leave it out."
)


@dataclass(frozen=True)
class Plan:
    """What a table would do: who is new, who is there already, which groups are new, and what is wrong."""

    new: tuple[tuple[Row, str], ...]
    """Each with the handle that they would get."""
    known: tuple[tuple[Row, str], ...]
    """Whoever has the address already, with their handle; they are left as they are."""
    namesakes: tuple[tuple[Row, str], ...]
    """New people who have the name of somebody else, with the handle of that one."""
    groups: tuple[str, ...]
    """Names of the groups that would be made."""
    wrong: tuple[Wrong, ...]
    advice: str = ""
    """What helps where a group is wrong: which there are."""


@dataclass(frozen=True)
class _There:
    """Who and what an organisation has: handles, and the handle of an address and of a name in small letters."""

    handles: set[str]
    addresses: Mapping[str, str]
    names: Mapping[str, str]
    groups: Mapping[str, str]
    """As of `_by_word`."""
    domains: frozenset[str]


def plan_import(
    session: Session, organisation: Place, table: Table, closed: frozenset[str] = frozenset(), *, make: bool = False
) -> Plan:
    """What a table would do now, in a few queries. Whoever is known by their address is left as they are.

    `closed` are the groups (by handle) that only the administrators of the hub fill; with `make`, groups that are not
    there are made.
    """
    there = _there(session, organisation)
    known = tuple((row, there.addresses[row.email.lower()]) for row in table.rows if _knows(there, row))
    unknown = [row for row in table.rows if not _knows(there, row)]
    next_numbers: dict[str, int] = {}
    new = [
        (row, _free(f"{organisation.path}/{short_name(row.name, 'person')}", there.handles, next_numbers))
        for row in unknown
    ]
    absent = {
        short_name(name) or name.lower(): name
        for row in reversed(unknown)
        for name in reversed(row.groups)
        if _key(name, there.groups) is None
    }
    shut = {there.groups[f"handle {handle}"] for handle in closed if f"handle {handle}" in there.groups}
    wrong = [
        *table.wrong,
        *(fault for row in unknown for fault in _row_faults(table, there, organisation, row, shut, make=make)),
        *_subjects(session, organisation, unknown, table.called.get("subject", "")),
    ]
    namesakes = tuple((row, there.names[row.name.lower()]) for row in unknown if row.name.lower() in there.names)
    return Plan(
        new=tuple(new),
        known=known,
        namesakes=namesakes,
        groups=tuple(sorted(absent.values())) if make else (),
        wrong=tuple(sorted(wrong, key=lambda each: each.line)),
        advice=_groups_in_words(session, organisation) if absent and not make else "",
    )


def _there(session: Session, organisation: Place) -> _There:
    rows = session.execute(
        select(Person.handle, func.lower(Person.email), Person.name).where(Person.organisation_id == organisation.id)
    ).all()
    return _There(
        handles={row[0] for row in rows} | {f"{organisation.path}/{name}" for name in PEOPLE},
        addresses={address: handle for handle, address, _ in rows if address},
        names={name.lower(): handle for handle, _, name in rows},
        groups=_by_word(session, organisation),
        domains=domains_of(session, organisation.id),
    )


def _knows(there: _There, row: Row) -> bool:
    return bool(row.email) and row.email.lower() in there.addresses


def _row_faults(
    table: Table, there: _There, organisation: Place, row: Row, shut: set[str], *, make: bool
) -> Iterator[Wrong]:
    """What is wrong with somebody new, as the organisation is now."""
    named = [(name, _key(name, there.groups)) for name in row.groups]
    if not make:
        said = (name for name, key in named if key is None)  # what no group can be called is told already
        for name in (name for name in said if has_letters(name) and short_name(name) != ADMINISTRATORS):
            yield Wrong(row.line, f"There is no group “{name[:60]}”.", table.called.get("groups", ""))
    if shut & {there.groups[key] for _, key in named if key is not None}:
        yield Wrong(row.line, CLOSED, table.called.get("groups", ""))
    if there.domains and row.email and "@" in row.email and not _is_inside(row.email, there.domains):
        ours = ", ".join(sorted(there.domains)[:5])
        yield Wrong(
            row.line,
            f"“{row.email[:60]}” is no address of {organisation.name} ({ours}). "
            "Correct it, or add them by “Add a person”.",
            table.called.get("email", ""),
        )
    if not row.email and not row.subject and row.name.lower() in there.names:
        yield Wrong(row.line, TWICE, table.called.get("name", ""))


def _is_inside(address: str, domains: frozenset[str]) -> bool:
    domain = address.rpartition("@")[2].lower()
    if domain in domains:
        return True
    try:
        return not domain.isascii() and canonical_domain(domain) in domains
    except Invalid:
        return False


def _groups_in_words(session: Session, organisation: Place) -> str:
    """Which groups there are, and the way on for those who want another."""
    names = session.scalars(
        select(Group.name)
        .where(Group.organisation_id == organisation.id, ~Group.handle.endswith(f"/{ADMINISTRATORS}"))
        .order_by(func.lower(Group.name), Group.id)
    ).all()
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    there = f"The groups here are: {', '.join(names[:MOST_NAMED])}{more}." if names else "There are no groups here yet."
    return f"{there} To make those that are not there, tick “Make the groups that are not there yet”."


def import_people(
    uow: UnitOfWork,
    organisation: Place,
    table: Table,
    *,
    by: str,
    closed: frozenset[str] = frozenset(),
    make: bool = False,
) -> Plan:
    """Add everybody of a table who is not known yet; raises Invalid where anything is wrong with it by now.

    `by` is whose word the subjects of the table are; `closed` and `make` as of `plan_import`.
    """
    plan = plan_import(uow.session, organisation, table, closed, make=make)
    if plan.wrong:
        raise Invalid("The table cannot be taken as it is now. Check it again.", "text")
    taken = handles_of_groups(uow.session, organisation)
    for name in plan.groups:
        handle, _ = free_handle(taken, f"{organisation.path}/{short_name(name, 'group')}")
        taken.add(add_group(uow, organisation, handle, name).handle)
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


def _key(name: str, groups: Container[str]) -> str | None:
    """Which of the groups a name means; None for one that is not there."""
    return next((key for key in (f"name {name.lower()}", short_name(name)) if key in groups), None)


def _subjects(session: Session, organisation: Place, new: list[Row], column: str) -> list[Wrong]:
    """What stands in the way of expecting the subjects of a table."""
    rows = {row.subject: row for row in new if row.subject}
    if not rows:
        return []
    issuer = issuer_of_organisation(session, organisation.path)
    if issuer is None:
        return [Wrong(0, "There are subjects in the table, but no issuer yet: see “Sign-in”.")]
    known = set(session.scalars(select(ExternalIdentity.subject).where(ExternalIdentity.issuer == issuer.issuer)))
    waiting = select(PendingBinding.subject).where(PendingBinding.issuer_id == issuer.id)
    known |= set(session.scalars(waiting.where(PendingBinding.used_at.is_(None), PendingBinding.subject != "")))
    return [
        Wrong(rows[each].line, "Somebody is known, or expected, under that subject.", column)
        for each in rows.keys() & known
    ]


def _free(base: str, taken: set[str], next_numbers: dict[str, int]) -> str:
    """The first handle that nobody has, which is taken from now on. A thousand people of one name are no hindrance."""
    handle, number = free_handle(taken, base, next_numbers.get(base, 1))
    next_numbers[base] = number + 1
    taken.add(handle)
    return handle
