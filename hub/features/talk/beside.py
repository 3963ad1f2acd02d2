"""What stands beside what was said in a conversation: what is to be known of it, what may be done with it next."""

from flask import g

from hub.access.entries import nearest_space
from hub.access.guard import parts, viewer
from hub.access.known_place import known_place
from hub.audience.sealing import shown as sealed
from hub.features.talk.blueprint import Topic, standing
from hub.features.talk.pages import Beside
from hub.features.talk.rows import rows_of, votes_in_words
from hub.features.talk.unopened import openable
from hub.nouns.people.queries import named_as
from hub.nouns.talk.concern import Concern, concern_of
from hub.nouns.talk.links import level_sends
from hub.nouns.talk.votes import Votes
from hub.nouns.threads.checks import is_over, last_day
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import is_taken
from hub.nouns.threads.queries import put_forward_in, thread_by_id
from hub.nouns.threads.sort import Ballot, Sort
from hub.nouns.threads.sorts import SORTS, SUPPORT
from hub.web.filters import day, moment
from hub.web.pages import Action, Send

DRAFT = "This is a draft: only whoever wrote it and those who edit here can read it."


def beside(topic: Topic) -> Beside:
    """All of it for one page. One query; one more for an idea of a campaign, two for a campaign."""
    thread = topic.thread
    words = tuple(SORTS[thread.sort].ballots) if thread is not None else ()
    concern, found = concern_of(viewer(), topic.thing.node, *words, switch=_switch(thread)), Beside()
    found.follow = level_sends(
        concern.level, f"{topic.kind.face(topic.thing).href}/follow", is_off=concern.is_off(viewer())
    )
    _ask_to_read(found, topic, concern)
    if thread is None:
        return found
    sort, leads = SORTS[thread.sort], viewer().sees(thread, "edit")
    if thread.state == "draft" and sort.drafted:
        _add_draft(found, topic, thread, leads=leads)
        return found
    if leads:
        found.steps += [
            Action(step.button, f"{topic.href}/stage/{step.stage}") for step in sort.steps_from(thread.stage)
        ]
    if thread.done_on is not None and thread.worth is not None:
        found.remarks.append(f"It was done on {day(thread.done_on).striptags()} and was worth £{thread.worth:,}.")
    campaign = thread_by_id(g.db, thread.campaign_id) if thread.campaign_id else None
    if campaign is not None and viewer().sees(campaign):
        found.within = Action(campaign.title, f"/threads/{campaign.id}")
    if sort.ballots:
        over = campaign is not None and is_over(campaign, parts().clock.now())
        _add_votes(found, topic, concern.votes, over=over or thread.closed_at is not None)
    if sort.takes:
        _add_put_forward(found, thread, sort, concern.taken)
    return found


def _switch(thread: Thread | None) -> tuple[str, str]:
    """Of which space, and which sort, it is asked whether new ones are taken: those of a campaign."""
    taken = SORTS[thread.sort].takes if thread is not None else ""
    return (nearest_space(viewer().snapshot, thread.place_id), SORTS[taken].switch) if thread and taken else ("", "")


def _ask_to_read(found: Beside, topic: Topic, concern: Concern) -> None:
    if topic.thing.state != "published":
        return
    if concern.waits_for(viewer()) and concern.asked is not None:
        by = f" by {day(concern.asked.by_date).striptags()}" if concern.asked.by_date else ""
        found.remarks.append(f"Your organisation asks you to say{by} that you have read this.")
        href = f"{topic.kind.face(topic.thing).href}/read"
        found.sends.append(Send("I have read this", href, (sealed(standing(topic)),), "primary"))
    elif concern.said_at is not None:
        found.remarks.append(f"You said on {moment(concern.said_at).striptags()} that you have read this.")


def _add_draft(found: Beside, topic: Topic, thread: Thread, *, leads: bool) -> None:
    found.remarks.append(DRAFT)
    if thread.publish_at is not None:
        found.remarks.append(f"It will be published on {moment(thread.publish_at).striptags()}.")
    if leads:
        words = "Change when it is published" if thread.publish_at is not None else "Publish or schedule"
        found.steps.append(Action(words, f"{topic.href}/publish", primary=True))


def _add_votes(found: Beside, topic: Topic, votes: Votes, *, over: bool) -> None:
    thread = topic.thread
    if thread is None:
        return
    sort = SORTS[thread.sort]
    found.votes = votes_in_words(sort, votes)
    if over or not viewer().sees(thread, "comment"):
        return
    for word, ballot in sort.ballots.items():
        if thread.stage in ballot.stages:
            found.sends.append(_send(topic, word, ballot, votes))


def _send(topic: Topic, word: str, ballot: Ballot, votes: Votes) -> Send:
    mine = votes.mine == word
    fields = (("word", word), ("on", "no" if mine else "yes"), sealed(standing(topic)))
    return Send(ballot.back if mine else ballot.button, f"{topic.href}/vote", fields, "secondary")


def _add_put_forward(found: Beside, thread: Thread, sort: Sort, on: bool | None) -> None:
    """What was put forward in a campaign, and where the viewer may do so while it is open."""
    found_in = put_forward_in(viewer(), thread)
    votes = {each.node: Votes({SUPPORT: count}) for each, count, _ in found_in}
    people = named_as(viewer(), [by for _, _, by in found_in if by is not None])
    found.put_forward = rows_of([each for each, _, _ in found_in], votes, people)
    taken, over = SORTS[sort.takes], is_over(thread, parts().clock.now())
    found.takes = taken.many
    if thread.closes_at is not None:
        last = day(last_day(thread.closes_at)).striptags()
        said = f"The last day was {last}." if over else f"It takes {taken.many.lower()} up to the end of {last}."
        found.remarks.append(said)
        if thread.closed_at is None and viewer().sees(thread, "edit"):
            found.steps.append(Action("Change the last day", f"/threads/{thread.id}/last-day"))
    place = known_place(viewer().snapshot, thread.place_id)
    if not over and place is not None and is_taken(taken, on) and openable(place, (taken,)):
        href = f"/talk/{place.id}/new?kind={taken.key}&campaign={thread.id}"
        found.begin = Action(taken.begin, href, primary=True)
