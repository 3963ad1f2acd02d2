"""Taking a post out of sight, and telling by letter whoever wrote it and whoever reported it.

A letter names nothing: what was decided, and why, stands in the hub for whom it concerns. Nobody learns of another.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from hub.access.models import Person
from hub.access.places import fence
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter
from hub.mail.service import post as send
from hub.nouns.people.queries import person_by_handle
from hub.nouns.talk import service as talk
from hub.nouns.talk.models import Post, PostReport
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import settle
from hub.things.thing import Lying

NEWS: Final = "/notices"
WROTE: Final = "You get this because you wrote it."
REPORTED: Final = "You get this because you reported it."
WITHDRAWN: Final = "Whoever manages the place withdrew something that you wrote. The reason stands in the hub."
LOOKED_AT: Final = "What you reported was looked at. What was decided, and why, stands in the hub."


def withdraw(uow: UnitOfWork, thing: Lying, post: Post, by: str, reason: str) -> None:
    """Take a post out of sight for good, in a conversation or about a document; raises Invalid without a reason.

    The audit says whether its author did so or whoever manages the place, the latter also to the organisation for which
    its author spoke; never the reason, out of which personal data may have to be taken.
    """
    own, before = by == post.author, post.withdrawn_at
    talk.withdraw_post(uow, post, by, reason)
    if before is not None:
        return
    if isinstance(thing, Thread):
        settle(uow, thing)
    fence(uow, thing.node, uow.enqueue(thing.node))
    act = "post:withdraw" if own else "post:moderate"
    for whose in (thing.organisation_id,) if own else sorted({thing.organisation_id, post.organisation_id}):
        uow.record(act, thing.node, whose, str(post.number))
    its = (PostReport.node == post.node, PostReport.number == post.number, PostReport.outcome == "")
    tell_reporters(uow, uow.session.scalars(select(PostReport.reporter_id).where(*its)).all())
    if not own:
        author = person_by_handle(uow.session, post.author.partition(":")[2])
        if author is not None:
            send(uow, Letter(author, "Something that you wrote was withdrawn", (WITHDRAWN,), NEWS, why=WROTE))


def tell_reporters(uow: UnitOfWork, reporters: Iterable[str]) -> None:
    """Write to those who reported something, by their ids, that it was looked at."""
    wanted = select(Person).where(Person.id.in_(list(reporters))).order_by(Person.id)
    for person in uow.session.scalars(wanted):
        send(uow, Letter(person, "What you reported was looked at", (LOOKED_AT,), NEWS, why=REPORTED))
