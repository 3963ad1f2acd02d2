"""What the tour shows: the answers of the hub's own pages, asked for several people at once.

That one page looks through the eyes of several people is possible in a demo only, where anyone can be anyone anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, reduce
from operator import or_

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from acl.rules import Rule
from acl.store import Snapshot
from hub.access.crowd import Crowd, Directory
from hub.access.models import Grant, HubState, Person, Place, PolicyText
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.audience.foreseeing import foresee, grants_given, readers
from hub.features.find.forms import read_question
from hub.features.find.queries import Found, ask_all
from hub.ground.errors import NotFound
from hub.ground.outbox import OutboxMessage
from hub.nouns.documents.models import Document
from hub.nouns.threads.models import Thread
from hub.things.columns import among

FILE = "organisations/leeds.csv"
SHARING = "leeds/joint-flood-plan"
WHO = "org:york"
SHARED_TITLE = "River watch: who looks at the gauges at night"
PLAN_TITLE = "Joint flood plan for the Aire, Wharfe and Ouse"
QUESTION_TITLE = "Tenants switch off the new fans: what has worked for you?"
SHARE_REASON = "Shown on the tour: York watches the same rivers"
SHARE_DAYS = 90
MOST_PAGES = 6
"""Pages of results that are compared; the demo has no search of its tour with more."""


@dataclass(frozen=True)
class Looker:
    """A person of the demo as someone who looks, with the name of their organisation."""

    viewer: Viewer
    organisation: str

    @property
    def person(self) -> Person:
        """Who they are."""
        return self.viewer.person


@dataclass(frozen=True)
class Asked:
    """All results of a search, and how many it says there are."""

    total: int
    hits: tuple[Found, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """What was found."""
        return frozenset(hit.id for hit in self.hits)


class Eyes:
    """The people of the demo, each seen as the hub sees them, in one reading session and by one generation of policy.

    Made for one page: what it has read it does not read again.
    """

    def __init__(self, parts: Parts, session: Session) -> None:
        self.parts, self.session = parts, session
        self._met: dict[str, Looker] = {}
        self._documents: dict[str, Document] = {}
        self._crowd: Crowd | None = None

    def meet(self, *handles: str) -> tuple[Looker, ...]:
        """People by their handles, loaded together; raises NotFound where this demo has not got one of them."""
        missing = [handle for handle in handles if handle not in self._met]
        if missing:
            found = self.session.execute(
                select(Person, Place).join(Place, Place.id == Person.organisation_id).where(Person.handle.in_(missing))
            ).all()
            subjects = self.parts.snapshots.subjects(self.session, [person for person, _ in found])
            for person, organisation in found:
                today, kinds = self.parts.today, self.parts.kinds
                viewer = Viewer(person, subjects[person.id], self.snapshot, today, self.session, kinds)
                self._met[person.handle] = Looker(viewer, organisation.name)
        if not self._met.keys() >= set(handles):
            raise NotFound
        return tuple(self._met[handle] for handle in handles)

    def look(self, handle: str) -> Looker:
        """A person by their handle; raises NotFound where this demo has none."""
        return self.meet(handle)[0]

    def search(self, lookers: Sequence[Looker], words: str, **filters: str) -> list[Asked]:
        """The search page's own answer to each, all pages of it. Raises EngineError."""
        values = {"q": [words], **{name: [value] for name, value in filters.items()}}
        question = read_question(values, self.parts.kinds).question
        found = ask_all(
            self.parts.engine, self.parts.kinds, [(looker.viewer, question) for looker in lookers], MOST_PAGES
        )
        return [Asked(pages[0].total, tuple(hit for page in pages for hit in page.hits)) for pages in found]

    def document(self, title: str) -> Document:
        """A document by its title; raises NotFound where somebody has renamed it."""
        if title not in self._documents:
            found = self.session.scalar(select(Document).where(Document.title == title).order_by(Document.created_at))
            if found is None:
                raise NotFound
            self._documents[title] = found
        return self._documents[title]

    def question(self, title: str) -> Thread:
        """A conversation by its title; raises NotFound where it has another one by now."""
        found = self.session.scalar(select(Thread).where(Thread.title == title).order_by(Thread.created_at))
        if found is None:
            raise NotFound
        return found

    @cached_property
    def _now(self) -> tuple[str, int, int]:
        """Leeds' policy file as it is in force, the generation of policy, and how much search does not know yet."""
        waiting = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.parked.is_(False))
        row = self.session.execute(
            select(PolicyText.text, HubState.policy_generation, waiting.scalar_subquery())
            .join(HubState, true())
            .where(PolicyText.name == FILE)
        ).first()
        if row is None:
            raise NotFound
        return row[0], row[1], row[2]

    @cached_property
    def snapshot(self) -> Snapshot:
        """The policies with which everyone's view is judged on this page."""
        return self.parts.snapshots.at_least(self._now[1])

    def latest(self, _session: Session) -> Snapshot:
        """The same, as those ask for it who count readers."""
        return self.snapshot

    def crowd(self, session: Session) -> Crowd:
        """All active people, found out once for the page."""
        if self._crowd is None:
            self._crowd = self.parts.snapshots.crowd(session)
        return self._crowd

    @property
    def waiting(self) -> int:
        """How much search does not know yet."""
        return self._now[2]

    @cached_property
    def policy(self) -> "PolicyNow":
        """Leeds' policy file as it is in force."""
        rules = self.snapshot.files[FILE].rules
        return PolicyNow(self._now[0], tuple(rule.line for rule in rules if is_the_line(rule)))

    @cached_property
    def share(self) -> Grant | None:
        """The share that the tour has made and not taken back."""
        return self.session.scalar(open_shares(self.document(SHARED_TITLE)).limit(1))

    def new_share(self, document: Document) -> Grant:
        """The share that the tour proposes, not saved."""
        return Grant(
            id="proposed",
            principal=WHO,
            can="read",
            node=f"doc:{document.id}",
            organisation_id=document.organisation_id,
            marking="any",
            state="published",
            until=self.parts.today + timedelta(days=SHARE_DAYS),
            source="share",
            given_by=document.owner.partition(":")[2],
            reason=SHARE_REASON,
        )

    def would_see(self, document: Document) -> "Audience":
        """Who would see the document by that share, who does not now: the count that stands before any share."""
        change = grants_given(document, self.new_share(document))
        shown = foresee(self.session, self, self.parts.kinds, self.parts.today, change)
        return Audience(
            shown.things,
            shown.staff,
            shown.guests,
            len(shown.organisations),
            self._names(shown.directory, shown.people),
        )

    def readers(self, document: Document) -> "Readers":
        """Everyone who can read it now, by the rule that lets them."""
        because, crowd = readers(
            self.session,
            self,
            self.parts.today,
            f"doc:{document.id}",
            (document.place_id, document.ms),
            document.owner,
        )
        directory = crowd.directory
        rows = self._rows(directory, reduce(or_, (people for _, people in because), 0))
        groups = [
            Group(rule, organisation, names)
            for rule, people in because
            for organisation, names in _by_organisation(rows, frozenset(directory.ids_of(people)))
        ]
        return Readers(tuple(groups), directory.everyone.bit_count())

    def _names(self, directory: Directory, people: int) -> tuple[str, ...]:
        return tuple(name for _, name, _ in self._rows(directory, people))

    def _rows(self, directory: Directory, people: int) -> list[tuple[str, str, str]]:
        """The id, the name and the organisation's name of each."""
        rows = self.session.execute(
            select(Person.id, Person.name, Place.name)
            .join(Place, Place.id == Person.organisation_id)
            .where(among(Person.id, directory.ids_of(people)))
            .order_by(Place.name, Person.name)
        )
        return [(key, name, organisation) for key, name, organisation in rows]  # rows are no tuples to mypy


def _by_organisation(
    rows: Iterable[tuple[str, str, str]], ids: frozenset[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, list[str]] = {}
    for key, name, organisation in rows:
        if key in ids:
            found.setdefault(organisation, []).append(name)
    return ((organisation, tuple(names)) for organisation, names in found.items())


@dataclass(frozen=True)
class PolicyNow:
    """The text in force, and the numbers of the lines by which York reads the joint flood plan."""

    text: str
    york: tuple[int, ...]


@dataclass(frozen=True)
class Audience:
    """What a share shows, and to whom."""

    documents: int
    staff: int
    guests: int
    organisations: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """People of one organisation who read for one reason."""

    rule: Rule
    organisation: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Readers:
    """All groups, and how many people there are in all."""

    groups: tuple[Group, ...]
    people: int

    @property
    def count(self) -> int:
        """How many can read."""
        return sum(len(group.names) for group in self.groups)


def is_the_line(rule: Rule) -> bool:
    """Whether a line lets York read the joint flood plan."""
    return rule.effect == "allow" and rule.who == WHO and rule.where == SHARING


def open_shares(document: Document) -> Select[Grant]:
    """The shares that the tour has made of a document and not taken back."""
    return (
        select(Grant)
        .where(Grant.node == f"doc:{document.id}", Grant.reason == SHARE_REASON, Grant.ended_at.is_(None))
        .order_by(Grant.created_at)
    )


def alone(asked: Asked, others: Iterable[Asked]) -> tuple[Found, ...]:
    """The things that nobody else found, in their order."""
    elsewhere = frozenset[str]().union(*(other.ids for other in others))
    return tuple(hit for hit in asked.hits if hit.id not in elsewhere)


def finders(hit: Found, by_name: Iterable[tuple[str, Asked]]) -> tuple[str, ...]:
    """The others who found the same."""
    return tuple(name for name, asked in by_name if hit.id in asked.ids)
