"""Use cases of sponsors: renewing an admission, waking a guest who was away for long, reminding of ends."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.subjects import bump_epochs
from hub.features.signin.local.queries import account_of
from hub.features.sponsoring.models import EndReminder
from hub.ground.dates import year_after
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post
from hub.web.filters import day

BEFORE: Final = (14, 3)
"""Days before its last day on which an admission's sponsor is reminded."""
AT_ONCE: Final = 200


def renewed_until(grant: Grant, today: date) -> date:
    """The last day that one press gives: as long again as it was given for at first, at most a year from today."""
    given_for = (grant.until or today) - grant.created_at.date()
    again = max(grant.until or today, today) + max(given_for, timedelta(days=1))
    return min(again, year_after(today))


def renew(uow: UnitOfWork, grant: Grant, until: date) -> None:
    """Let an admission last until a later day; raises Conflict where it ended, or would not last longer."""
    if grant.ended_at is not None or grant.until is None or grant.until >= until:
        raise Conflict("It lasts as long as it can for now: at most a year from today.")
    before, grant.until = grant.until, until
    uow.session.flush()
    bump_epochs(uow, grant.principal)
    detail = f"{grant.principal} {before.isoformat()} to {until.isoformat()}"
    uow.record("grant:renew", f"grants:{grant.id}", grant.organisation_id, detail)


def wake(uow: UnitOfWork, guest: Person, organisation_id: str) -> None:
    """Let a guest sign in again who had not done so for long."""
    account = account_of(uow.session, guest.id)
    if account is not None:
        account.last_seen_at = uow.now
        uow.record("person:wake", guest.subject_id, organisation_id)


def remind_round(parts: Parts) -> int:
    """Write to the sponsors of admissions that end soon, a letter to each for all of theirs; returns how many."""
    with unit_of_work(parts.database, parts.clock) as uow:
        letters: dict[str, tuple[Person, list[str]]] = {}
        told: defaultdict[str, list[EndReminder]] = defaultdict(list)
        for days in BEFORE:
            for grant, guest, firm, sponsor in _due(uow, parts.today, days):
                line = f"{guest.name} of {firm.name}: until {day(grant.until or parts.today).striptags()}."
                lines = letters.setdefault(sponsor.id, (sponsor, []))[1]
                lines.extend([line] if line not in lines else [])
                told[sponsor.id].append(EndReminder(grant_id=grant.id, until=grant.until, days=days, at=uow.now))
        for sponsor, lines in letters.values():
            uow.session.add_all(told[sponsor.id])
            _remind(uow, sponsor, lines)
        return len(letters)


def _due(uow: UnitOfWork, today: date, days: int) -> list[tuple[Grant, Person, Place, Person]]:
    """Admissions that end within so many days, of which their sponsors were not told so."""
    sponsor = aliased(Person)
    told = exists().where(EndReminder.grant_id == Grant.id, EndReminder.until == Grant.until, EndReminder.days == days)
    rows = uow.session.execute(
        select(Grant, Person, Place, sponsor)
        .join(Person, Grant.principal == "guest:" + Person.handle)
        .join(Place, Place.id == Person.organisation_id)
        .join(sponsor, sponsor.handle == Grant.given_by)
        .where(
            Grant.source == "guest", Grant.ended_at.is_(None), Grant.until >= today,
            Grant.until <= today + timedelta(days=days), Person.status == "active", sponsor.status == "active", ~told,
        )
        .order_by(Grant.until, Grant.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _remind(uow: UnitOfWork, sponsor: Person, lines: list[str]) -> None:
    who = "a guest" if len(lines) == 1 else "guests"
    post(
        uow,
        Letter(
            to=sponsor,
            subject=f"The access of {who} for whom you answer ends soon",
            lines=("You answer as their sponsor for:", *lines, "Does the work go on? One press there renews it:"),
            link="/me/guests",
            why="You get this because you are the sponsor of a guest.",
        ),
    )
