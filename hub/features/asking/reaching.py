"""What the worker does with a request: find out what is at the address, who manages it, and write to them.

Nothing of this happens in the request of whoever asks, so that neither its answer nor its time tells them anything.
"""

from datetime import timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.audience.who_may import who_may
from hub.features.asking.models import UNSAID, AccessRequest
from hub.features.asking.queries import KEPT_OPEN, Thing, is_open, same_open, thing_sought, things_at
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post
from hub.web.pages import Who

log = structlog.get_logger(__name__)

AT_ONCE = 20
MOST_LOOKED_AT = 500
KEPT = timedelta(days=365)
"""So long a request stays in anybody's list, whatever became of it."""


def reach_round(parts: Parts) -> int:
    """Look after the next requests that nobody has looked at; returns how many. One that fails holds up no other."""
    with parts.database.reading() as session:
        new = select(AccessRequest.id).where(AccessRequest.looked_at.is_(None))
        ids = session.scalars(new.order_by(AccessRequest.created_at).limit(AT_ONCE)).all()
    failed: list[Exception] = []
    for request_id in ids:
        try:
            with unit_of_work(parts.database, parts.clock) as uow:
                reach(uow, parts, request_id)
        except Exception as error:
            log.exception("a request for access cannot be looked after", request=request_id)
            failed.append(error)
    if failed:
        raise failed[0]  # the worker tries again, ever more seldom
    return len(ids)


def reach(uow: UnitOfWork, parts: Parts, request_id: str) -> None:
    """Find out what a request is for, and write to those whom it reaches."""
    request = uow.session.get_one(AccessRequest, request_id, with_for_update=True)
    if request.looked_at is not None:
        return
    request.looked_at = uow.now
    asker, thing = uow.session.get_one(Person, request.asker_id), thing_sought(uow.session, parts.kinds, request.sought)
    if thing is None or asker.status != "active" or not _may_ask(parts, uow.session, asker, thing):
        return
    request.node = thing.node
    request.organisation_id = thing.organisation_id
    refused = _refused(uow, request)
    if refused is not None:  # without a word, a while ago: asking by another address changes nothing
        request.answer, request.answered_at, request.answered_by = UNSAID, uow.now, refused.answered_by
        return
    managers = who_may(parts, uow.session, "manage", [thing]).get(thing.id, ())
    request.unmanaged = not managers
    uow.session.flush()
    if [each.id for each in same_open(uow.session, request, uow.now)][:1] != [request.id]:
        return  # they asked for it before, by another address: that one is with the managers
    _write(uow, parts, request, asker, managers)


def _refused(uow: UnitOfWork, request: AccessRequest) -> AccessRequest | None:
    """The request for the same thing that was declined without a word, as long as it looks open to them."""
    same = (AccessRequest.asker_id == request.asker_id, AccessRequest.node == request.node)
    lately = (AccessRequest.answer == UNSAID, AccessRequest.created_at > uow.now - KEPT_OPEN)
    return uow.session.scalars(select(AccessRequest).where(*same, *lately).limit(1)).first()


def _may_ask(parts: Parts, session: Session, asker: Person, thing: Thing) -> bool:
    """Whether a request reaches anybody: a guest's reaches the organisations that have admitted them, no others."""
    if asker.kind != "guest":
        return True
    in_force = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= parts.today)
    admitted = (Grant.principal == asker.subject_id, Grant.organisation_id == thing.organisation_id, in_force)
    return session.scalar(select(Grant.id).where(*admitted).limit(1)) is not None


def _write(uow: UnitOfWork, parts: Parts, request: AccessRequest, asker: Person, managers: tuple[str, ...]) -> None:
    """A letter to each manager, or where there is none to each administrator of the owning organisation."""
    why = "You get this because you manage what is asked for."
    if not managers:
        managers = _administrators(uow, parts, request)
        why = "You get this because you look after an organisation of the hub, and nobody manages what is asked for."
    organisation = uow.session.get_one(Place, asker.organisation_id)
    guest = ", a guest," if asker.kind == "guest" else ""
    said = f"{Who(asker.name, organisation.name)}{guest} asks for access. Their reason stands with the request."
    for person in uow.session.scalars(select(Person).where(Person.id.in_(managers), Person.id != asker.id)):
        post(uow, Letter(to=person, subject="Somebody asks for access", lines=(said,), link="/requests", why=why))


def _administrators(uow: UnitOfWork, parts: Parts, request: AccessRequest) -> tuple[str, ...]:
    owner = uow.session.get(Place, request.organisation_id)
    return who_may(parts, uow.session, "administer", [owner]).get(owner.id, ()) if owner else ()


def watch_round(parts: Parts) -> int:
    """Look whether what is asked for still has, or has got, somebody who manages it; returns how many changed.

    What is left without a manager goes to the administrators of the organisation that owns it now. Requests of more
    than a year ago are deleted.
    """
    forget(parts.database, parts.clock, AccessRequest, AccessRequest.created_at < parts.clock.now() - KEPT)
    with parts.database.reading() as session:
        wanted = select(AccessRequest).where(is_open(parts.clock.now())).order_by(AccessRequest.created_at)
        requests = session.scalars(wanted.limit(MOST_LOOKED_AT)).all()
        things = things_at(session, parts.kinds, {request.node for request in requests})
        managers = who_may(parts, session, "manage", things.values(), most=1)
        found = {
            request.id: (not managers.get(thing.id), thing.organisation_id)
            for request in requests
            if (thing := things.get(request.node)) is not None
        }
        changed = [r.id for r in requests if r.id in found and found[r.id] != (r.unmanaged, r.organisation_id)]
    for request_id in changed:
        with unit_of_work(parts.database, parts.clock) as uow:
            request = uow.session.get_one(AccessRequest, request_id, with_for_update=True)
            request.unmanaged, request.organisation_id = found[request_id]
            if request.unmanaged and request.answer == "":
                _write(uow, parts, request, uow.session.get_one(Person, request.asker_id), ())
    return len(changed)
