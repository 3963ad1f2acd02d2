"""Reporting a post, and what those who see to it do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.access.models import Person
from hub.features.conduct.reports.queries import own_report, reports_of
from hub.features.conduct.reports.words import IN_SHORT, LEFT, WITHDRAWN
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import Post, PostReport
from hub.nouns.threads.withdrawing import tell_reporters, withdraw
from hub.things.thing import Lying

LONGEST_WORDS: Final = 2_000
LONGEST_NOTE: Final = 300


@dataclass(frozen=True)
class NewReport:
    """What somebody says against a post, and which revision of it they read."""

    why: str
    words: str
    revision: int


def check_report(why: str, words: str) -> None:
    """Raise Invalid for a report that says too little or too much."""
    if why not in IN_SHORT:
        raise Invalid("Select what is wrong with it", "why")
    if why == "other" and not words.strip():
        raise Invalid("Say what is wrong with it", "words")
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"This must be {LONGEST_WORDS:,} characters or fewer", "words")


def still_holds(before: PostReport, post: Post) -> bool:
    """Whether a report is of the post as it reads now, or waits for an answer: then another adds nothing."""
    return not before.outcome or before.revision >= post.revision or post.withdrawn_at is not None


def report(uow: UnitOfWork, thing: Lying, post: Post, reporter: Person, new: NewReport, *, passed_on: bool) -> bool:
    """Keep a report; False, and nothing changes, where they reported the post before, as it reads now.

    `post` is locked. `passed_on`: nobody but its author manages the thing. What a manager
    passed on already, goes there too.
    """
    check_report(new.why, new.words)
    before = own_report(uow.session, reporter.id, post.node, post.number)
    if before is not None:
        if still_holds(before, post):
            return False
        uow.session.delete(before)
        uow.session.flush()
    passed_by = next(
        (each.passed_by for each in reports_of(uow.session, post) if each.passed_by and not each.outcome), ""
    )
    uow.session.add(
        PostReport(
            id=new_id(),
            node=post.node,
            number=post.number,
            reporter_id=reporter.id,
            why=new.why,
            words=new.words.strip(),
            revision=min(new.revision, post.revision),
            at=uow.now,
            passed_on=passed_on or bool(passed_by),
            passed_by=passed_by,
        )
    )
    uow.session.flush()
    uow.record("post:report", thing.node, thing.organisation_id, str(post.number))
    return True


def leave(uow: UnitOfWork, thing: Lying, post: Post, by: str, note: str) -> None:
    """Let a post stand, and tell those who reported it why, also by letter; raises Invalid without a reason."""
    note, reports = checked_note(note), _open_of(uow, post)
    _answer(uow, reports, by, LEFT, note)
    tell_reporters(uow, [each.reporter_id for each in reports])
    uow.record("post:leave", thing.node, thing.organisation_id, str(post.number))


def take_out(uow: UnitOfWork, thing: Lying, post: Post, by: str, note: str) -> None:
    """Withdraw a post with a reason, which stands in its place; who wrote and who reported it hear of that by letter.

    Raises Invalid without a reason.
    """
    note, reports = checked_note(note), _open_of(uow, post)
    withdraw(uow, thing, post, by, note)
    _answer(uow, reports, by, WITHDRAWN, note)


def pass_on(uow: UnitOfWork, thing: Lying, post: Post, by: str) -> None:
    """Leave the decision to those who look after the organisation."""
    for each in _open_of(uow, post):
        each.passed_on, each.passed_by = True, by
    uow.session.flush()
    uow.record("post:pass-on", thing.node, thing.organisation_id, str(post.number))


def _open_of(uow: UnitOfWork, post: Post) -> list[PostReport]:
    """The reports that wait; raises Conflict where none does any more."""
    found = [each for each in reports_of(uow.session, post, lock=True) if not each.outcome]
    if not found or post.withdrawn_at is not None:
        raise Conflict("Somebody saw to this meanwhile. Open it again to read what they did.")
    return found


def _answer(uow: UnitOfWork, reports: Sequence[PostReport], by: str, outcome: str, note: str) -> None:
    for each in reports:
        each.outcome, each.note, each.outcome_at, each.outcome_by = outcome, note, uow.now, by
    uow.session.flush()


def checked_note(note: str) -> str:
    """The reason of a decision, on one line; raises Invalid for none, and for one that is too long."""
    note = " ".join(note.split())
    if not note:
        raise Invalid("Give the reason in a sentence", "note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"The reason must be {LONGEST_NOTE} characters or fewer", "note")
    return note
