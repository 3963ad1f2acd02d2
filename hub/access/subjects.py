"""A person as acl sees them: what they hold, and their grants as rules."""

from collections.abc import Iterable
from dataclasses import replace
from sys import intern
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from acl.directory import Subject, subject_for
from acl.rules import Rule
from acl.vocabulary import HOME
from hub.access.holds import waiting_of
from hub.access.models import Grant, Group, GroupMember, Person, Place
from hub.ground.unit_of_work import UnitOfWork


def load_subject(session: Session, person: Person) -> Subject:
    """The person's closure, in four queries. Nothing unless they are active and their organisation is not blocked."""
    return load_subjects(session, (person,))[person.id]


def load_subjects(session: Session, people: Iterable[Person]) -> dict[str, Subject]:
    """The same of several, by their ids: a query each for groups, grants, holds and each organisation not loaded."""
    every = {person.id: person for person in people}
    live = {person.id: person for person in every.values() if _is_live(session, person)}
    groups = _groups(session, [person.id for person in live.values() if person.kind != "guest"])
    waiting = waiting_of(session, ((person.id, person.organisation_id) for person in live.values()))
    found = {key: _holding(person, groups.get(key, []), waits=person.id in waiting) for key, person in live.items()}
    given = _given(session, {word for subject in found.values() for word in subject.holds})
    nobody = {
        key: Subject(id=person.subject_id, orgs=frozenset(), holds=frozenset(), grants=())
        for key, person in every.items()
    }
    return nobody | {key: _with_grants(live[key], subject, given) for key, subject in found.items()}


def _is_live(session: Session, person: Person) -> bool:
    own = session.get(Place, person.organisation_id)
    return person.status == "active" and own is not None and own.blocked_at is None


def _groups(session: Session, staff: list[str]) -> dict[str, list[str]]:
    """The handles of the groups of each of the staff, by person."""
    found: dict[str, list[str]] = {}
    if staff:
        rows = session.execute(
            select(GroupMember.person_id, Group.handle)
            .join(Group, Group.id == GroupMember.group_id)
            .where(GroupMember.person_id.in_(staff))
        )
        for person, handle in rows:
            found.setdefault(person, []).append(handle)
    return found


def _holding(person: Person, groups: list[str], *, waits: bool) -> Subject:
    """What a live person holds, without their grants; `waits`: what others gave them is not in force."""
    waiting = frozenset({person.subject_id, *(f"group:{name}" for name in groups)} if waits else ())
    if person.kind == "guest":
        return replace(subject_for(person.subject_id), waiting=waiting)
    own = {person.handle.partition("/")[0]: person.organisation_id}
    return replace(subject_for(person.subject_id, organisations=own, groups=groups), waiting=waiting)


def _given(session: Session, words: set[str]) -> list[Rule]:
    """The grants to holders of these words as rules, in their order."""
    if not words:
        return []
    grants = session.scalars(
        select(Grant)
        .where(Grant.principal.in_(sorted(words)), Grant.ended_at.is_(None))
        .order_by(Grant.created_at, Grant.id)
    )
    return [as_rule(grant) for grant in grants]


def _with_grants(person: Person, subject: Subject, given: Iterable[Rule]) -> Subject:
    rules = [rule for rule in given if rule.who in subject.holds and not subject.waits_for(rule)]
    if person.kind == "guest":  # whose guest they are is no secret from them
        rules += {rule.scope: _host(rule) for rule in _by_end(rules)}.values()
    return replace(subject, grants=tuple(rules))


def guests_of(session: Session, organisation_id: str) -> list[Rule]:
    """That each guest whom an organisation has admitted may see its home page: as their subjects hold it."""
    grants = session.scalars(
        select(Grant)
        .where(Grant.organisation_id == organisation_id, Grant.principal.startswith("guest:"))
        .where(Grant.ended_at.is_(None))
        .order_by(Grant.created_at, Grant.id)
    )
    rules = _by_end(as_rule(grant) for grant in grants)
    return list({rule.who: _host(rule) for rule in rules}.values())


def _by_end(rules: Iterable[Rule]) -> list[Rule]:
    """The admission that lasts longest comes last."""
    return sorted(rules, key=lambda rule: "9999" if rule.until == "-" else rule.until)


def _host(rule: Rule) -> Rule:
    """That a guest may see the home page of the organisation that admitted them, and nothing in it by that."""
    return replace(rule, can="read", where=f"node:{HOME}{rule.scope}", marking="any", state="any")


def as_rule(grant: Grant | Row[Any]) -> Rule:
    """A grant, or a row with its columns, as the allow line that it amounts to.

    Its words are those of many others, and are held once in a process however many people are given things.
    """
    return Rule(
        scope=intern(grant.organisation_id),
        effect="allow",
        who=intern(grant.principal),
        can=intern(grant.can),
        where=intern(f"node:{grant.node}"),
        marking=intern(grant.marking),
        state=intern(grant.state),
        until=intern(grant.until.isoformat()) if grant.until else "-",
        reason=intern(grant.reason),
        file=f"grants:{grant.id}",
        line=0,
    )


def bump_epochs(uow: UnitOfWork, principal: str) -> None:
    """Make the next request of everyone who holds `principal` (person:, guest:, group:, org:) load them anew."""
    kind, _, handle = principal.partition(":")
    statement = update(Person).values(access_epoch=Person.access_epoch + 1)
    if kind in {"person", "guest"}:
        uow.session.execute(statement.where(Person.handle == handle))
    elif kind == "group":
        members = (
            select(GroupMember.person_id).join(Group, Group.id == GroupMember.group_id).where(Group.handle == handle)
        )
        uow.session.execute(statement.where(Person.id.in_(members)))
    else:
        organisation = select(Place.id).where(Place.path == handle)
        uow.session.execute(statement.where(Person.organisation_id.in_(organisation), Person.kind == "staff"))
