"""Saying something, and what is done to it afterwards. Who may is decided by the caller's gate before.

Nothing of what was said is lost: an edit keeps the text before it, what is withdrawn stays for those who keep it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Delete, delete, exists, insert, literal, select
from sqlalchemy.orm import Session

from hub.access.models import Person, PlaceClosure
from hub.ground.clock import day_of
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import (
    AcceptedAnswer,
    Follow,
    Holder,
    MustRead,
    Post,
    PostReport,
    PostText,
    PostTold,
    ReadReceipt,
    Removal,
    Talk,
    Thanks,
    ThingReport,
    Vote,
    WithdrawalSeen,
)
from hub.web.markdown.weight import check_weight

TELL: Final = "tell"
PUBLISHED: Final = "#0"
"""Follows the node in a message of `TELL` that says that the thing itself was published."""
"""Outbox topic: somebody may want to hear of a post (`thread:ID#5`)."""
ACCEPTED: Final = "accepted"
"""Outbox topic: whoever wrote a post is to hear that it was accepted as the answer (`thread:ID#5`)."""
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "You hear of everything that is said there.",
        "mine": "You hear of what answers you or names you there.",
        "none": "You hear nothing of it any more.",
    }
)
"""How much somebody may want to hear, with what they are told when they choose it."""
USUAL: Final = "usual"
"""The level of who never said one."""
LONGEST_SILENCE: Final = timedelta(days=366)
LONGEST_POST: Final = 100_000
"""Characters: what is longer is a document, which the hub keeps as one."""
LONGEST_REASON: Final = 300
EMPTY: Final = "Write something"
_HANGING: Final = (
    ThingReport,
    PostReport,
    WithdrawalSeen,
    Removal,
    PostTold,
    Thanks,
    AcceptedAnswer,
    PostText,
    Vote,
    ReadReceipt,
    MustRead,
    Holder,
    Post,
    Talk,
)
"""What hangs on the node of a thing that is talked about, each before what it hangs on itself."""


def say(
    uow: UnitOfWork,
    node: str,
    author: Person,
    body: str,
    answers_to: int | None = None,
    told: Iterable[Person] = (),
) -> Post:
    """Add a post at the end of what is said about a thing; raises Invalid for an empty, too long or too heavy one.

    Its author's organisation keeps the talk from then on, if it does not yet. `told` are people who may read it and
    whom the author wants to see it.
    """
    check_body(body)
    talk = _locked(uow, node)
    if answers_to is not None and not 0 < answers_to <= talk.last_number:
        raise Invalid("What you answer is not there. Answer without quoting it.", "body")
    talk.last_number += 1
    talk.last_at = uow.now
    post = Post(
        node=node,
        number=talk.last_number,
        author=author.subject_id,
        organisation_id=author.organisation_id,
        body=body.replace("\x00", ""),
        answers_to=answers_to,
        at=uow.now,
    )
    uow.session.add(post)
    uow.session.flush()
    uow.session.add_all(PostTold(node=node, number=post.number, who=person.subject_id) for person in told)
    _hold(uow, post)
    uow.enqueue(node)
    uow.enqueue(f"{node}#{post.number}", topic=TELL)
    return post


def tell_of_published(uow: UnitOfWork, node: str, place_id: str) -> None:
    """Let those who follow a place, or one above it, hear that something was published there. One statement.

    Where nobody does there is no message: what is filed by the thousand is mostly followed by nobody.
    """
    above = PlaceClosure.descendant_id == place_id, PlaceClosure.ancestor_id == Follow.node
    followed = exists().where(*above, Follow.level == "all")
    told = {"topic": TELL, "about": f"{node}{PUBLISHED}", "created_at": uow.now, "attempts": 0, "parked": False}
    message = {**told, "error": ""}
    columns = [getattr(OutboxMessage, name) for name in message]
    values = [literal(value, column.type) for column, value in zip(columns, message.values(), strict=True)]
    uow.session.execute(insert(OutboxMessage).from_select(list(message), select(*values).where(followed)))


def edit_post(uow: UnitOfWork, post: Post, based_on: int, body: str) -> bool:
    """Change what a post says, and keep what it said; returns False where nothing changed.

    Raises Invalid as `say` does, and Conflict where it was edited since or is withdrawn.
    """
    check_body(body)
    if post.withdrawn_at is not None:
        raise Conflict("This was withdrawn while you were writing. Copy what you want to keep, and say it anew.")
    if post.revision != based_on:
        raise Conflict("You edited this in another window meanwhile. Look at it as it is now, then edit it again.")
    if body == post.body:
        return False
    since = post.edited_at or post.at
    uow.session.add(PostText(node=post.node, number=post.number, revision=post.revision, body=post.body, at=since))
    post.body, post.revision, post.edited_at = body.replace("\x00", ""), post.revision + 1, uow.now
    uow.session.flush()
    uow.enqueue(post.node)
    return True


def withdraw_post(uow: UnitOfWork, post: Post, by: str, reason: str) -> None:
    """Take a post out of sight for good; raises Invalid without a reason. Once withdrawn it stays so."""
    reason = reason.strip()
    if not reason:
        raise Invalid("Say in a few words why it is withdrawn: it will stand in its place", "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason must be {LONGEST_REASON} characters or fewer", "reason")
    if post.withdrawn_at is None:
        post.withdrawn_at, post.withdrawn_by, post.reason = uow.now, by, reason
        uow.session.execute(_of(AcceptedAnswer, post))
        uow.session.flush()
        uow.enqueue(post.node)


def accept(uow: UnitOfWork, post: Post, by: str) -> None:
    """Mark a post as one that answers the question; nothing where it is already."""
    if post.withdrawn_at is not None:
        raise Conflict("This was withdrawn, so it cannot be the answer.")
    if uow.session.get(AcceptedAnswer, (post.node, post.number)) is None:
        uow.session.add(AcceptedAnswer(node=post.node, number=post.number, by=by, at=uow.now))
        uow.session.flush()
        uow.enqueue(f"{post.node}#{post.number}", topic=ACCEPTED)


def accept_no_more(uow: UnitOfWork, post: Post) -> None:
    """Take that back."""
    uow.session.execute(_of(AcceptedAnswer, post))


def is_answered(session: Session, node: str) -> bool:
    """Whether any post is marked as the answer."""
    return session.scalar(select(AcceptedAnswer.number).where(AcceptedAnswer.node == node).limit(1)) is not None


def thank(uow: UnitOfWork, post: Post, person: Person) -> None:
    """Thank whoever wrote a post, once; raises Conflict for one's own."""
    if post.author == person.subject_id:
        raise Conflict("This is your own.")
    if post.withdrawn_at is None and uow.session.get(Thanks, (post.node, post.number, person.id)) is None:
        uow.session.add(Thanks(node=post.node, number=post.number, person_id=person.id, at=uow.now))
        uow.session.flush()


def thank_no_more(uow: UnitOfWork, post: Post, person: Person) -> None:
    """Take that back."""
    uow.session.execute(_of(Thanks, post).where(Thanks.person_id == person.id))


def post_for_writing(session: Session, node: str, number: int) -> Post:
    """A post, locked until the unit of work ends; raises NotFound."""
    found = session.get(Post, (node, number), with_for_update=True)
    if found is None:
        raise NotFound
    return found


def forget_talk(uow: UnitOfWork, node: str) -> None:
    """Forget all that was said about a thing that is deleted for good."""
    for table in _HANGING:
        uow.session.execute(delete(table).where(table.node == node))


def set_level(uow: UnitOfWork, person_id: str, node: str, level: str) -> None:
    """Keep how much somebody wants to hear of a thing, or of a place; raises Invalid for no such level."""
    if level not in LEVELS:
        raise Invalid("Choose how much you want to hear", "level")
    row = _followed(uow, person_id, node)
    row.level, row.until = level, None


def mute_until(uow: UnitOfWork, person_id: str, node: str, last: date) -> None:
    """Let somebody hear nothing of a thing or a place up to a day, and what they heard before from then on.

    Raises Invalid for a day that is over, or too far ahead to be meant.
    """
    today = day_of(uow.now)
    if last < today:
        raise Invalid("Enter a day that is still to come", "until")
    if last > today + LONGEST_SILENCE:
        raise Invalid("Enter a day within a year, or choose to hear nothing of it", "until")
    _followed(uow, person_id, node).until = last


def _followed(uow: UnitOfWork, person_id: str, node: str) -> Follow:
    """What somebody said of a thing; where they said nothing, they hear what concerns them."""
    row = uow.session.get(Follow, (person_id, node))
    if row is None:
        row = Follow(person_id=person_id, node=node, level=USUAL, at=uow.now)
        uow.session.add(row)
    return row


def hear_no_more(uow: UnitOfWork, person_id: str, node: str) -> None:
    """Forget what somebody said of a thing: they hear again what is usual."""
    uow.session.execute(delete(Follow).where(Follow.person_id == person_id, Follow.node == node))


def check_body(body: str) -> None:
    """Raise Invalid for a text that is no post."""
    if not body.strip():
        raise Invalid(EMPTY, "body")
    if len(body) > LONGEST_POST:
        raise Invalid(
            f"This must be {LONGEST_POST:,} characters or fewer. Make a document of it, and say here where it is",
            "body",
        )
    check_weight(body)


def _locked(uow: UnitOfWork, node: str) -> Talk:
    """The row of a talk, made by whoever says the first thing. Others who write there wait until this one has."""
    found = uow.session.get(Talk, node, with_for_update=True, populate_existing=True)
    if found is None:
        found = Talk(node=node, last_number=0, last_at=uow.now)
        uow.session.add(found)
        uow.session.flush()
    return found


def _hold(uow: UnitOfWork, post: Post) -> None:
    holder = uow.session.get(Holder, (post.node, post.organisation_id))
    if holder is None:
        holder = Holder(node=post.node, organisation_id=post.organisation_id, from_number=post.number, at=uow.now)
        uow.session.add(holder)
    elif holder.ended_at is not None:  # it let go of what was said before, and keeps what is said from now on
        holder.from_number, holder.at, holder.ended_at = post.number, uow.now, None
    uow.session.flush()


def _of(table: type[AcceptedAnswer | Thanks], post: Post) -> Delete:
    return delete(table).where(table.node == post.node, table.number == post.number)
