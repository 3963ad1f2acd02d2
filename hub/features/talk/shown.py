"""Posts as a page shows them to its viewer: who said it, what others made of it, and what may be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub.access.guard import viewer
from hub.audience.sealing import shown as sealed
from hub.features.talk.blueprint import Topic, standing
from hub.features.talk.post_pages import PostShown
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import Post, Talk
from hub.nouns.talk.queries import Regard, Removed, posts_at, regard_of, talk_about
from hub.nouns.talk.words import organisation_name, removal_in_words, removed_in_words
from hub.nouns.threads.queries import moves_of
from hub.nouns.threads.sorts import SORTS
from hub.web.pages import Action, Send, Who

NOTHING_YET = Regard((), {}, frozenset(), {}, {})


@dataclass(frozen=True)
class May:
    """What the viewer may do here, asked once for a page."""

    post: bool
    accept: bool
    withdraw: bool
    seen: tuple[str, str]
    """What a button sends back of what was shown."""

    @classmethod
    def of(cls, topic: Topic) -> "May":
        """By policy, and by who asked."""
        looker, thread = viewer(), topic.thread
        post = looker.sees(topic.thing, "comment")
        asks = thread is not None and SORTS[thread.sort].answers
        own = thread is not None and thread.opened_by == looker.subject.id and post
        return cls(
            post,
            asks and (own or looker.sees(topic.thing, "edit")),
            looker.sees(topic.thing, "manage"),
            sealed(standing(topic)),
        )


def shown(
    topic: Topic, posts: Sequence[Post], talk: Talk | None = None, *, on_top: bool = False
) -> tuple[dict[int, PostShown], tuple[int, ...]]:
    """Posts as they are shown, by number; and the numbers of the answers that were accepted, which are among them.

    The latter where they are to stand `on_top`. Two queries, one where the `talk` is not given, and one where
    an answer lies on another page.
    """
    every = {post.number: post for post in posts}
    session, node = viewer().session, topic.thing.node
    marks = moves_of(node, every.keys()) if _moves(topic) else None
    regard = regard_of(session, node, every.keys(), viewer().person.id, marks) if every else NOTHING_YET
    top = regard.accepted if on_top else ()
    elsewhere = [number for number in top if number not in every]
    every |= {post.number: post for post in (posts_at(session, node, elsewhere) if elsewhere else ())}
    words = {word for post in every.values() for word in (post.author, post.withdrawn_by) if word}
    people, may = named(viewer(), words.union(*regard.told.values())), May.of(topic)
    talk = talk or talk_about(session, node)
    found = {}
    for number, post in every.items():
        moved, tone = _moved(topic, regard.marks.get(number, ""))
        one = _shown(topic, post, regard, people, may, talk, regard.removals.get(number, ()))
        found[number] = replace(one, moved=moved, tone=tone)
    return found, tuple(number for number in top if number in every)


def quoted(topic: Topic, post: Post) -> PostShown:
    """One post as it is shown where something else is asked about it: without what else may be done."""
    return replace(shown(topic, [post])[0][post.number], sends=(), actions=())


def _moves(topic: Topic) -> bool:
    """Whether posts may have brought it to another stage."""
    return topic.thread is not None and bool(SORTS[topic.thread.sort].steps)


def _moved(topic: Topic, stage: str) -> tuple[str, str]:
    """The stage to which a post brought the conversation, in words, and how that looks."""
    sort = SORTS[topic.thread.sort] if topic.thread is not None and stage else None
    return (sort.stages.get(stage, ""), sort.tone(stage)) if sort is not None else ("", "")


def _speaker(post: Post, people: dict[str, Who]) -> Who:
    """Who wrote it, and the organisation for which they spoke then, whatever became of them since.

    Of whom the viewer does not see they do not learn for whom they spoke either.
    """
    who = people.get(post.author)
    return replace(who, organisation=organisation_name(viewer(), post.organisation_id)) if who else NOBODY


def _told(words: Iterable[str], people: dict[str, Who]) -> tuple[Who, ...]:
    """Those whom a post was for, but whom the viewer may not see."""
    found = (people[word] for word in words if word in people)
    return tuple(person for person in found if person.href)


def _shown(
    topic: Topic,
    post: Post,
    regard: Regard,
    people: dict[str, Who],
    may: May,
    talk: Talk | None,
    removals: Sequence[Removed],
) -> PostShown:
    here = topic.post_href(post.number)
    removed = tuple(removal_in_words(viewer(), each) for each in removals)
    instead = _instead(post, talk, people, removed, whole=not post.body and any(each.whole for each in removals))
    gone = bool(instead)
    return PostShown(
        number=post.number,
        anchor=f"post-{post.number}",
        href=here,
        by=_speaker(post, people),
        at=post.at,
        body="" if gone else post.body,
        revision=f"{here}/{post.revision}",
        edited=None if gone else post.edited_at,
        earlier_href=f"{here}/earlier" if post.edited_at and not gone else "",
        answers_to=post.answers_to,
        answers_href=topic.page_of(post.answers_to) if post.answers_to else "",
        withdrawn=instead,
        removed=() if gone else removed,
        told=_told(regard.told.get(post.number, ()), people),
        joined_from=post.joined_from or "",
        accepted=post.number in regard.accepted,
        thanks=regard.thanks.get(post.number, 0),
        sends=() if gone else tuple(_sends(topic, post, regard, may)),
        actions=() if gone else tuple(_actions(topic, post, may)),
    )


def _instead(post: Post, talk: Talk | None, people: dict[str, Who], removed: Sequence[str], *, whole: bool) -> str:
    """What stands in the place of a post's text, where that is gone; empty while it stands."""
    if gone := removed_in_words(talk, post.number) or (removed[-1] if whole else ""):
        return gone
    if post.withdrawn_at is None:
        return ""
    if post.withdrawn_by == post.author:
        return f"Withdrawn by whoever wrote it: {post.reason}"
    return f"Withdrawn by {people.get(post.withdrawn_by, NOBODY)}, who manages this: {post.reason}"


def _sends(topic: Topic, post: Post, regard: Regard, may: May) -> Iterable[Send]:
    here, seen = topic.post_href(post.number), may.seen
    if may.accept and post.number > 1:
        on = post.number not in regard.accepted
        words = "This answers it" if on else "This is no answer after all"
        yield Send(words, f"{here}/accept", (("on", "yes" if on else "no"), seen), "link")
    if may.post and post.author != viewer().subject.id:
        on = post.number not in regard.thanked
        yield Send(
            "Thank" if on else "Take thanks back", f"{here}/thank", (("on", "yes" if on else "no"), seen), "link"
        )


def _actions(topic: Topic, post: Post, may: May) -> Iterable[Action]:
    here, own = topic.post_href(post.number), post.author == viewer().subject.id
    closed = topic.thread is not None and (topic.thread.closed_at is not None or topic.thread.state == "draft")
    if may.post and not closed:
        yield Action("Quote", f"{topic.href}?quote={post.number}#say")
    if own and may.post:
        yield Action("Edit", f"{here}/edit")
    if own or may.withdraw:
        yield Action("Withdraw", f"{here}/withdraw")
    if not own:
        yield Action("Report", f"{here}/report")
