"""Client secrets end: those who administer an organisation are written to before theirs does."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from hub.access.models import Group, GroupMember, Person, Place
from hub.access.parts import Parts
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.signin.models import DISABLED, Issuer
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post
from hub.things.words import counted

DAYS: Final = (3, 14, 30)
"""So many days before the last one somebody is told, each once."""
WHY: Final = "You get this because you look after an organisation in this hub."
MOST: Final = 20


def expiring_round(parts: Parts) -> int:
    """Write of each secret that ends soon, once for each of `DAYS`; returns of how many. Runs in the worker."""
    told = 0
    with unit_of_work(parts.database, parts.clock) as uow:
        soon = parts.today + timedelta(days=DAYS[-1])
        wanted = select(Issuer).where(Issuer.secret_until <= soon, Issuer.status != DISABLED)
        for issuer in uow.session.scalars(wanted.with_for_update(skip_locked=True)):
            left = (issuer.secret_until - parts.today).days if issuer.secret_until else DAYS[-1]
            step = next(days for days in DAYS if left <= days)
            if issuer.secret_told is None or step < issuer.secret_told:
                issuer.secret_told = step
                _write(uow, issuer, left)
                told += 1
    return told


def _write(uow: UnitOfWork, issuer: Issuer, left: int) -> None:
    place = uow.session.get_one(Place, issuer.organisation_id)
    when = "has ended" if left < 0 else f"ends in {counted(left, 'day', 'days')}" if left else "ends today"
    said = f"The client secret by which the hub proves itself at the sign-in of {place.name} {when}."
    cure = "Make a new one there, and enter it here: without it nobody of yours can sign in."
    inside = (
        select(Person)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.handle == f"{place.path}/{ADMINISTRATORS}", Person.status == "active")
    )
    for person in uow.session.scalars(inside.order_by(Person.id).limit(MOST)):
        link = f"/admin/{place.path}/issuer"
        post(uow, Letter(person, f"The client secret {when}", (said, cure), link=link, why=WHY))
