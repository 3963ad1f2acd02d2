"""Writes what the demo's people say, each thing at its own moment and only if its author might have done it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import delete, select

from acl.directory import ROOT, PlaceTree
from acl.store import Snapshot, adopt
from hub.access.models import Person, Place, PolicyText
from hub.access.parts import Parts
from hub.access.snapshots import as_node, generation_of
from hub.access.subjects import load_subjects
from hub.access.viewer import Viewer
from hub.demo.events import DemoEvent
from hub.demo.talks import COMMENTS, Ago, Almanac, DemoPost, DemoReport, DemoTalk
from hub.features.conduct.reports.service import NewReport, report
from hub.ground.outbox import INDEX, OutboxMessage
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import Document
from hub.nouns.talk import service
from hub.nouns.talk.models import Post
from hub.nouns.threads.events import When, announce, answer, call_off
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import NewThread, accept, close_thread, open_thread, pin_thread, post_to, settle

HEARD_OF = timedelta(days=5)
"""How old a post is of which nobody need be told any more."""
THANKS_AFTER, TAKEN_AFTER = 20, 50
"""Minutes after a post until the first of those who thank do, and until it is taken as the answer."""

ANNOUNCED, CALLED_OFF = Ago(1, time(9, 15)), Ago(1, time(10, 20))
"""When events are, and when the one is that does not take place."""


@dataclass(frozen=True)
class _Once(UnitOfWork):
    """One that leaves a single message about each thing: nobody reads the outbox before all of it is written."""

    left: dict[tuple[str, str], int] = field(default_factory=dict)

    def enqueue(self, about: str, topic: str = INDEX) -> int:
        """Leave a message, or find the one that was left."""
        if (about, topic) not in self.left:
            self.left[about, topic] = super().enqueue(about, topic)
        return self.left[about, topic]


class NotTheirs(ValueError):
    """Somebody of the demo does what policy does not let them do."""


@dataclass
class Talking:
    """All who talk, as policy sees them, and what there is to talk about, by the names that the world uses."""

    parts: Parts
    uow: UnitOfWork
    people: Mapping[str, Person]
    places: Mapping[str, Place]
    documents: Mapping[str, Document]
    _viewers: dict[str, Viewer] = field(init=False)
    _once: _Once = field(init=False)
    _judged: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        session = self.uow.session
        session.flush()
        self._once = _Once(session, self.uow.now, self.uow.actor)
        places = [place for place in session.scalars(select(Place)) if place.id != ROOT]
        files = {text.name: adopt(text.name, text.text, text.scope) for text in session.scalars(select(PolicyText))}
        snapshot = Snapshot(files, PlaceTree([as_node(place) for place in places]), generation_of(session))
        subjects = load_subjects(session, self.people.values())
        self._viewers = {
            handle: Viewer(person, subjects[person.id], snapshot, self.parts.today, session, self.parts.kinds)
            for handle, person in self.people.items()
        }

    def write(self, talk: DemoTalk) -> None:
        """One conversation, or the comments on one document. Raises NotTheirs."""
        almanac = Almanac.of(talk, self.uow.now)
        said: list[Post] = []
        first, *_ = talk.posts
        start = _Once(self.uow.session, almanac.moment(first.ago), first.by)
        if talk.sort == COMMENTS:
            document = self.documents[f"{talk.place}/{talk.title}"]
            self._may(first.by, "comment", document)
            said.append(self._comment(start, document, first))
            about = _About(document, said)
        else:
            place, author = self.places[talk.place], self.people[first.by]
            thread = open_thread(start, place, author, NewThread(talk.sort, talk.title, first.body))
            self._may(first.by, "comment", thread)
            said.append(start.session.get_one(Post, (thread.node, 1)))
            about = _About(thread, said)
        for at, by, action, do in sorted(self._acts(talk, about, almanac), key=lambda act: act[0]):
            self._may(by, action, about.thing)
            do(replace(start, now=at, actor=by))

    def announce(self, planned: DemoEvent) -> None:
        """Something that takes place, announced a working day before now, and who said what. Raises NotTheirs."""
        by, place = self.people[planned.by], self.places[planned.place]
        almanac = Almanac(self.uow.now, late=False)
        start = _Once(self.uow.session, almanac.moment(ANNOUNCED), planned.by)
        starts_at, ends_at = planned.moments(self.parts.today)
        thread = announce(start, place, by, planned.title, planned.body, When(starts_at, ends_at, planned.venue))
        self._may(planned.by, "edit", thread)
        for handle, word in planned.answers:
            self._may(handle, "comment", thread)
            answer(start, thread, self.people[handle], word)
        if planned.off:
            call_off(replace(start, now=almanac.moment(CALLED_OFF)), thread, by, 1, planned.off)

    def at(self, moment: datetime, by: str) -> UnitOfWork:
        """The unit of work of something that somebody did at a moment."""
        return replace(self._once, now=moment, actor=by)

    def may(self, handle: str, action: str, thing: Thread | Document) -> None:
        """Raise NotTheirs unless the gate lets them."""
        self._may(handle, action, thing)

    def end(self) -> None:
        """Let nobody hear only now of what was said long ago."""
        heard = (OutboxMessage.topic == service.TELL) & (OutboxMessage.created_at < self.uow.now - HEARD_OF)
        self.uow.session.execute(delete(OutboxMessage).where(heard))

    def _acts(self, talk: DemoTalk, about: "_About", almanac: Almanac) -> Iterator["_Act"]:
        """What is done after the first post: when, by whom, what policy must let them do, and the doing."""
        asked_by = talk.posts[0].by
        for number, post in enumerate(talk.posts, start=1):
            if number > 1:
                yield almanac.moment(post.ago), post.by, "comment", partial(self._say, about, post)
            for edited, (ago, body) in enumerate(post.edits, start=1):
                yield almanac.moment(ago), post.by, "comment", partial(_edit, about, number, edited, body)
            for nth, handle in enumerate(post.thanks, start=1):
                thank = partial(self._thank, about, number, handle)
                yield almanac.after(post.ago, nth * THANKS_AFTER), handle, "comment", thank
            if post.accepted:
                take = partial(_take, about, number, self.people[asked_by].subject_id)
                yield almanac.after(post.ago, TAKEN_AFTER), asked_by, "comment", take
            if told := post.reported:
                yield almanac.moment(told.ago), told.by, "read", partial(self._report, about, number, told)
            if gone := post.withdrawn:
                action = "comment" if gone.by == post.by else "manage"
                by = self.people[gone.by].subject_id
                yield almanac.moment(gone.ago), gone.by, action, partial(_withdraw, about, number, by, gone.reason)
        for act, action, do in ((talk.pinned, "edit", pin_thread), (talk.closed, "edit", close_thread)):
            if act:
                own = do is close_thread and act.by == asked_by
                done = partial(do, thread=about.thread, on=True)
                yield almanac.moment(act.ago), act.by, "comment" if own else action, done

    def _say(self, about: "_About", post: DemoPost, uow: UnitOfWork) -> None:
        if isinstance(about.thing, Document):
            about.said.append(self._comment(uow, about.thing, post))
        else:
            about.said.append(post_to(uow, about.thread, self.people[post.by], post.body, post.answers))

    def _comment(self, uow: UnitOfWork, document: Document, post: DemoPost) -> Post:
        found = service.say(uow, document.node, self.people[post.by], post.body, post.answers)
        uow.record("comment:add", document.node, document.organisation_id, str(found.number))
        return found

    def _thank(self, about: "_About", number: int, handle: str, uow: UnitOfWork) -> None:
        service.thank(uow, about.said[number - 1], self.people[handle])

    def _report(self, about: "_About", number: int, told: DemoReport, uow: UnitOfWork) -> None:
        post, new = about.said[number - 1], NewReport(told.why, told.words, about.said[number - 1].revision)
        report(uow, about.thing, post, self.people[told.by], new, passed_on=False)

    def _may(self, handle: str, action: str, thing: Thread | Document) -> None:
        """Raise NotTheirs unless the gate lets them."""
        if (handle, action, thing.id) in self._judged:
            return
        decision = self._viewers[handle].decide(action, thing)
        if decision is None or not decision.allowed:
            raise NotTheirs(f"{handle} may not {action} at “{thing.title}”")
        self._judged.add((handle, action, thing.id))


_Act = tuple[datetime, str, str, Callable[[UnitOfWork], None]]


@dataclass(frozen=True)
class _About:
    """What is talked about, and what has been said of it so far."""

    thing: Thread | Document
    said: list[Post]

    @property
    def thread(self) -> Thread:
        """The conversation; comments on a document are neither pinned, closed nor accepted. Raises NotTheirs."""
        if not isinstance(self.thing, Thread):
            raise NotTheirs(f"{self.thing.title} is no conversation")
        return self.thing


def _edit(about: _About, number: int, based_on: int, body: str, uow: UnitOfWork) -> None:
    service.edit_post(uow, about.said[number - 1], based_on, body)
    uow.record("post:edit", about.thing.node, about.thing.organisation_id, str(number))


def _take(about: _About, number: int, by: str, uow: UnitOfWork) -> None:
    accept(uow, about.thread, about.said[number - 1], by, on=True)


def _withdraw(about: _About, number: int, by: str, reason: str, uow: UnitOfWork) -> None:
    service.withdraw_post(uow, about.said[number - 1], by, reason)
    if isinstance(about.thing, Thread):
        settle(uow, about.thing)
    uow.record("post:withdraw", about.thing.node, about.thing.organisation_id, str(number))
