"""The accepted texts of policy: putting one in force, and taking along the lines that name a place which moves."""

import hashlib

from sqlalchemy import select

from acl.directory import ROOT
from acl.renaming import names_place, renamed
from acl.rules import read_rules
from acl.store import PolicyFile, Snapshot, adopt
from hub.access.models import PolicyText, PolicyVersion
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork

LONGEST_BY = 120


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_text(uow: UnitOfWork, name: str, scope: str, text: str, generation: int, by: str, lines: int) -> None:
    """Put a text that was judged in force with a generation of the caller's; `by` says who answers for it."""
    row = uow.session.get(PolicyText, name)
    if row is None:
        row = PolicyText(name=name, scope=scope)
        uow.session.add(row)
    row.text, row.digest, row.generation = text, digest_of(text), generation
    row.accepted_at, row.accepted_by = uow.now, by[:LONGEST_BY]
    uow.session.add(
        PolicyVersion(name=name, text=text, generation=generation, accepted_at=uow.now, accepted_by=row.accepted_by)
    )
    uow.session.flush()
    uow.record("policy:adopt", name, None if scope == ROOT else scope, f"{lines} lines by {by}")


def carry_lines(uow: UnitOfWork, organisation_id: str | None, before: str, after: str, generation: int) -> None:
    """Write anew the lines that name a place of an organisation, or one beneath it, by the address that it leaves.

    They stand in its organisation's file or in the platform's: no other file can speak of it. What they allow and deny
    stays what it was, at every moment. Raises Conflict where that cannot be. With `after` as `before` they are read
    alone.
    """
    speaking = select(PolicyText).where(PolicyText.scope.in_((ROOT, organisation_id)))
    for row in uow.session.scalars(speaking.execution_options(populate_existing=True)):
        rules = read_rules(row.text, file=row.name, scope=row.scope)
        if before != after and any(names_place(rule, before) for rule in rules):
            text = renamed(row.text, rules, before, after)
            if any(names_place(rule, before) for rule in read_rules(text, file=row.name, scope=row.scope)):
                raise Conflict("A line of policy that names this address cannot follow. Ask your administrators.")
            write_text(uow, row.name, row.scope, text, generation, f"{uow.actor}, who moved {before}", len(rules))


def carried(snapshot: Snapshot, organisation_id: str, before: str, after: str) -> dict[str, PolicyFile]:
    """The files of a snapshot as `carry_lines` would leave them: only those that change."""
    return {
        name: adopt(name, renamed(file.text, file.rules, before, after), file.scope)
        for name, file in snapshot.files.items()
        if file.scope in (ROOT, organisation_id) and any(names_place(rule, before) for rule in file.rules)
    }
