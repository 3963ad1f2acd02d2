"""Taking personal data out of a post for good: out of what it says, and out of what it said before.

Who may is decided by the caller before. What the index holds is written anew, and what its author was typing over it is
no draft any more; notices and letters hold no text. A backup that was made before keeps it until it is deleted.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.access.places import fence
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.models import TypedDraft
from hub.nouns.talk.models import Post, PostReport, PostText, Removal
from hub.nouns.talk.queries import earlier_texts

GAP: Final = "[removed]"
"""What stands where something was taken out of a text."""
LONGEST_SPAN: Final = 10_000
LONGEST_REASON: Final = 300
MOST_ELSEWHERE: Final = 50


@dataclass(frozen=True)
class Erasure:
    """What is to be taken out of a post, and why."""

    reason: str
    """For whoever reads the talk."""
    span: str = ""
    """These words, wherever they stand in it; empty for all that it says."""

    def __post_init__(self) -> None:
        """Raise Invalid for what nobody could do or understand."""
        if not self.reason:
            raise Invalid("Say in a few words why: it will stand with the post", "reason")
        if len(self.reason) > LONGEST_REASON:
            raise Invalid(f"The reason must be {LONGEST_REASON} characters or fewer", "reason")
        if len(self.span) > LONGEST_SPAN:
            raise Invalid("That is very long: remove the whole text, or a part at a time", "span")

    def out_of(self, text: str) -> str:
        """What is left of a text. Small and large letters are one, and so are spaces and line ends."""
        if not self.span:
            return ""
        words = r"\s+".join(re.escape(word) for word in self.span.split())
        return re.sub(words, GAP, text, flags=re.IGNORECASE)


def left_of(
    session: Session, post: Post, erasure: Erasure, *, besides: bool = False
) -> list[tuple[PostText | None, str]]:
    """What every text of a post will say: first what it says now (None), then what it said before, the newest first.

    Raises Invalid where nothing of it would change, and nothing `besides`.
    """
    texts: list[tuple[PostText | None, str]] = [(None, post.body)]
    texts += [(text, text.body) for text in earlier_texts(session, post)]
    if not besides and all(erasure.out_of(body) == body for _, body in texts):
        says = "is in no text of this post. Copy it from below" if erasure.span else "has no text any more"
        raise Invalid(f"{'That' if erasure.span else 'This post'} {says}", "span")
    return [(text, erasure.out_of(body)) for text, body in texts]


def erase(
    uow: UnitOfWork,
    post: Post,
    erasure: Erasure,
    organisation_id: str,
    by: str,
    edited_at: str,
    *,
    besides: bool = False,
) -> None:
    """Take it out, in the name of an organisation, words of it out of reports of it too. Nothing brings it back.

    `edited_at` is the address at which the post is edited; raises Invalid as `left_of` does.
    """
    for text, left in left_of(uow.session, post, erasure, besides=besides):
        if text is None:
            post.body = left
        elif left:
            text.body = left
        else:
            uow.session.delete(text)
    if erasure.span:
        post.reason = erasure.out_of(post.reason)
        its = (PostReport.node == post.node, PostReport.number == post.number)
        for report in uow.session.scalars(select(PostReport).where(*its)):
            report.words, report.note = erasure.out_of(report.words), erasure.out_of(report.note)
    post.revision += 1  # so that nothing shows what was rendered of it before
    removal = Removal(
        node=post.node,
        number=post.number,
        organisation_id=organisation_id,
        by=by,
        at=uow.now,
        reason=erasure.reason,
        whole=not erasure.span,
    )
    uow.session.add(removal)
    uow.session.execute(delete(TypedDraft).where(TypedDraft.address == edited_at))
    uow.session.flush()
    fence(uow, post.node, uow.enqueue(post.node))
    for whose in sorted({organisation_id, post.organisation_id}):
        uow.record("post:erase", f"{post.node}#{post.number}", whose, erasure.reason)


def said_elsewhere(session: Session, post: Post, span: str, organisation_id: str = "") -> list[int]:
    """The numbers of other posts of the same talk that hold some words; with an organisation, of its people alone."""
    says = func.lower(Post.body).contains(span.lower(), autoescape=True)
    wanted = select(Post.number).where(Post.node == post.node, Post.number != post.number, says)
    if organisation_id:
        wanted = wanted.where(Post.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(Post.number).limit(MOST_ELSEWHERE)))
