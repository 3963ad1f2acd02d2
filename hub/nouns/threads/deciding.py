"""How far something comes, and who supports it: what its sort says, done."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.access.models import Person
from hub.ground.clock import day_of
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk import service as talk
from hub.nouns.talk.models import Post
from hub.nouns.talk.votes import cast_vote, take_vote_back
from hub.nouns.threads.checks import is_over
from hub.nouns.threads.models import StageMove, Thread
from hub.nouns.threads.sort import Step
from hub.nouns.threads.sorts import SORTS

MOST_POUNDS: Final = 100_000_000_000
_POUNDS: Final = re.compile(r"£? ?(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(\.\d+)?")
PENCE: Final = "Enter whole pounds, without pence: 12400 or 12,400"
NO_POUNDS: Final = "Enter what it was worth in whole pounds: 12400 or 12,400. Enter 0 if it saved no money"


@dataclass(frozen=True)
class Decision:
    """What is said with a step."""

    body: str
    done_on: date | None = None
    worth: int | None = None


def take_step(uow: UnitOfWork, thread: Thread, by: Person, step: Step, said: Decision) -> Post:
    """Bring a conversation to another stage, with a post that says why.

    Raises Invalid for what has to be said and was not, and Conflict where it cannot come there from where it is now.
    """
    sort = SORTS[thread.sort]
    if step not in sort.steps_from(thread.stage) or thread.state != "published":
        raise Conflict(f"Somebody was first: this is “{sort.stages[thread.stage]}” now.")
    body = said.body.strip() or step.says
    if not body:
        raise Invalid("Say why, in a sentence or two: everyone who reads it will want to know", "body")
    if step.realised:
        _check_realised(said, day_of(uow.now))
    post = talk.say(uow, thread.node, by, body)
    uow.session.add(StageMove(node=thread.node, number=post.number, stage=step.stage))
    thread.stage = step.stage
    thread.worth, thread.done_on = (said.worth, said.done_on) if step.realised else (None, None)
    thread.changed_at, thread.last_by, thread.last_number = uow.now, post.author, post.number
    uow.record("thread:stage", thread.node, thread.organisation_id, step.stage)
    return post


def _check_realised(said: Decision, today: date) -> None:
    if said.done_on is None or said.done_on > today:
        raise Invalid("Enter the day on which it was done, today or earlier", "done_on")
    if said.worth is None:
        raise Invalid(NO_POUNDS, "worth")


def read_pounds(text: str) -> int:
    """Whole pounds as people type them, with or without £ and commas; raises Invalid for pence and anything else."""
    found = _POUNDS.fullmatch(text.strip())
    if found is None:
        raise Invalid(NO_POUNDS, "worth")
    if found[2]:
        raise Invalid(PENCE, "worth")
    pounds = int(found[1].replace(",", ""))
    if pounds >= MOST_POUNDS:
        raise Invalid("This is more than any council saves: check the number", "worth")
    return pounds


def vote(uow: UnitOfWork, thread: Thread, campaign: Thread | None, person: Person, word: str, *, on: bool) -> None:
    """Say what one makes of it, or take that back, once however often; raises Conflict where it is too late."""
    sort = SORTS[thread.sort]
    ballot = sort.ballots.get(word)
    if ballot is None:
        raise Invalid("Choose one of the answers that are offered.")
    if thread.closed_at is not None or (campaign is not None and is_over(campaign, uow.now)):
        raise Conflict("It is closed, so nothing of this can be changed any more.")
    if thread.state != "published" or thread.stage not in ballot.stages:
        raise Conflict(f"This is “{sort.stages[thread.stage]}”, so nothing of this can be changed any more.")
    if on:
        cast_vote(uow, thread.node, person, word)
    else:
        take_vote_back(uow, thread.node, person)
