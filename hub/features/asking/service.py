"""Use cases of requests: ask, grant, decline, take a decline back, put a notice away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from hub.access.models import Grant, Person
from hub.features.asking.models import DECLINED, GRANTED, UNSAID, AccessRequest
from hub.features.asking.queries import asked_since, open_ask, same_open
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, post
from hub.nouns.people.service import NewGrant, end_grant, give, give_again

LIMITS = (
    (timedelta(minutes=1), 3, "You have asked three times within a minute: wait a minute, then ask again"),
    (timedelta(days=1), 10, "You have asked ten times within a day, which is the most: ask again tomorrow"),
)
WHY = "You get this because you asked for access."
GONE = "Somebody else has answered this request meanwhile, or it has run out."


class Unseen(Invalid):
    """What is given would not let them see the thing."""


class TooOften(Invalid):
    """Somebody asks more often than the hub allows; the sentence says how long to wait."""


@dataclass(frozen=True)
class NewRequest:
    """What somebody pasted, what the address means, and why they ask."""

    address: str
    sought: str
    reason: str


def ask(uow: UnitOfWork, person_id: str, new: NewRequest) -> AccessRequest:
    """Keep a request for the worker; the open one where they asked for the same before. Raises TooOften.

    Asks nothing of what is at the address: the answer is the same whatever there is.
    """
    asker = uow.session.get_one(Person, person_id, with_for_update=True)  # one at a time, in every process
    before = open_ask(uow.session, asker.id, new.sought, uow.now)
    if before is not None:
        return before
    counts = asked_since(uow.session, asker.id, [uow.now - span for span, _, _ in LIMITS])
    for count, (_, most, sentence) in zip(counts, LIMITS, strict=True):
        if count >= most:
            raise TooOften(sentence)
    request = AccessRequest(
        id=new_id(),
        asker_id=asker.id,
        address=new.address,
        sought=new.sought,
        reason=new.reason,
        created_at=uow.now,
    )
    uow.session.add(request)
    uow.session.flush()
    uow.record("access:ask", f"request:{request.id}")
    return request


def grant(
    uow: UnitOfWork, request: AccessRequest, old: Iterable[Grant], new: NewGrant, sees: Callable[[Person], bool]
) -> Grant:
    """Give what was agreed to, in place of what they had on it before, and tell them.

    `sees` says whether somebody sees the thing then. Raises Conflict, and Unseen where they would not: they are not to
    be told of what stays hidden from them.
    """
    _answer(uow, request, GRANTED)
    for each in old:
        end_grant(uow, each)
    given = give(uow, new)
    if not sees(uow.session.get_one(Person, request.asker_id, populate_existing=True)):
        raise Unseen(
            "They would still not see it: it is not published, or a line of policy keeps it from them. Choose another "
            "role, or publish it first",
            "role",
        )
    uow.record("access:grant", f"request:{request.id}", new.organisation_id, f"grants:{given.id}")
    _tell(uow, request, "You have been given access", "You asked for access, and it was granted.")
    return given


def decline(uow: UnitOfWork, request: AccessRequest, note: str, *, tell: bool) -> None:
    """Answer no. Unless they are told, it stays for them as if nothing were there. Raises Conflict."""
    _answer(uow, request, DECLINED if tell else UNSAID, note)
    uow.record("access:decline", f"request:{request.id}", request.organisation_id, "" if tell else "without a word")
    if tell:
        _tell(uow, request, "An answer to your request", "You asked for access, and your request was answered.")


def take_back(uow: UnitOfWork, request: AccessRequest, asker: Person) -> None:
    """Make an answered request an open one again; raises Conflict.

    What was given with the answer ends. Unless it had ended already, what it replaced holds again.
    """
    session = uow.session
    session.refresh(request, with_for_update=True)
    if not request.answer:
        raise Conflict(GONE)
    if request.answer == GRANTED:
        given = select(Grant).where(Grant.principal == asker.subject_id, Grant.node == request.node)
        then = session.scalars(given.where(Grant.created_at == request.answered_at, Grant.ended_at.is_(None))).all()
        if then:
            for replaced in session.scalars(given.where(Grant.ended_at == request.answered_at)).all():
                give_again(uow, replaced)
        for given_then in then:
            end_grant(uow, given_then)
    same = select(AccessRequest).where(
        AccessRequest.asker_id == request.asker_id,
        AccessRequest.node == request.node,
        AccessRequest.answer == request.answer,
        AccessRequest.answered_at == request.answered_at,
    )
    for each in session.scalars(same.with_for_update()).all():
        each.answer, each.answered_at, each.answered_by, each.note = "", None, "", ""
    uow.record("access:reopen", f"request:{request.id}", request.organisation_id)


def put_away(uow: UnitOfWork, person_id: str, request_id: str) -> None:
    """Show the answer to a request of this person's on their home page no more; raises NotFound for others'."""
    request = uow.session.get(AccessRequest, request_id)
    if request is None or request.asker_id != person_id or request.answer not in (GRANTED, DECLINED):
        raise NotFound
    same = (AccessRequest.asker_id == person_id, AccessRequest.node == request.node)
    for each in uow.session.scalars(select(AccessRequest).where(*same, AccessRequest.answer != "")):
        each.put_away = True


def _answer(uow: UnitOfWork, request: AccessRequest, answer: str, note: str = "") -> None:
    """Answer everything by which they ask for it; raises Conflict where nothing is open any more."""
    same = same_open(uow.session, request, uow.now)
    if request.id not in {each.id for each in same}:
        raise Conflict(GONE)
    for each in same:
        each.answer, each.answered_at, each.answered_by, each.note = answer, uow.now, uow.actor, note
        each.put_away = False


def _tell(uow: UnitOfWork, request: AccessRequest, subject: str, line: str) -> None:
    asker = uow.session.get_one(Person, request.asker_id)
    post(uow, Letter(to=asker, subject=subject, lines=(line,), link="/my-requests", why=WHY))
