"""What the tour shows: the answers of the hub's own pages, asked for several people at once.

That one page looks through the eyes of several people is possible in a demo only, where anyone can be anyone anyway.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from acl.rules import Rule
from hub.access.crowd import Directory
from hub.access.models import Grant, Person, Place, PolicyText
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.documents.audience import foresee, grants_given, readers
from hub.documents.models import Document
from hub.errors import NotFound
from hub.find.forms import read_question
from hub.find.queries import Answered, Found, ask
from hub.find.question import ON_A_PAGE
from hub.outbox import OutboxMessage

FILE = "organisations/leeds.csv"
SHARING = "leeds/joint-flood-plan"
WHO = "org:york"
SHARED_TITLE = "River watch: who looks at the gauges at night"
PLAN_TITLE = "Joint flood plan for the Aire, Wharfe and Ouse"
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
    """The people of the demo, each seen as the hub sees them, in one reading session."""

    def __init__(self, parts: Parts, session: Session) -> None:
        self.parts, self.session = parts, session

    def look(self, handle: str) -> Looker:
        """A person by their handle; raises NotFound where this demo has none."""
        row = self.session.execute(
            select(Person, Place.name).join(Place, Place.id == Person.organisation_id).where(Person.handle == handle)
        ).first()
        if row is None:
            raise NotFound
        return Looker(self.parts.viewer(self.session, row[0]), row[1])

    def search(self, looker: Looker, words: str, **filters: str) -> Asked:
        """The search page's own answer. Raises EngineError."""
        values = {"q": [words], **{name: [value] for name, value in filters.items()}}
        first = self._page(looker, values, 1)
        pages = min(-(-first.total // ON_A_PAGE), MOST_PAGES)
        rest = [self._page(looker, values, number) for number in range(2, pages + 1)]
        return Asked(first.total, tuple(hit for answer in (first, *rest) for hit in answer.hits))

    def _page(self, looker: Looker, values: dict[str, list[str]], number: int) -> Answered:
        question = read_question(values | {"page": [str(number)]}).question
        return ask(self.parts.engine, looker.viewer, question)

    def document(self, title: str) -> Document:
        """A document by its title; raises NotFound where somebody has renamed it."""
        found = self.session.scalar(select(Document).where(Document.title == title).order_by(Document.created_at))
        if found is None:
            raise NotFound
        return found

    def waiting(self) -> int:
        """How much search does not know yet."""
        statement = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.parked.is_(False))
        return self.session.scalar(statement) or 0

    @cached_property
    def policy(self) -> "PolicyNow":
        """Leeds' policy file as it is in force."""
        row = self.session.get(PolicyText, FILE)
        if row is None:
            raise NotFound
        rules = self.parts.snapshots.latest(self.session).files[FILE].rules
        return PolicyNow(row.text, tuple(rule.line for rule in rules if is_the_line(rule)))

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
        shown = foresee(self.session, self.parts.snapshots, self.parts.today, change)
        return Audience(
            shown.documents,
            shown.staff,
            shown.guests,
            len(shown.organisations),
            self._names(shown.directory, shown.people),
        )

    def readers(self, document: Document) -> "Readers":
        """Everyone who can read it now, by the rule that lets them."""
        because, crowd = readers(
            self.session,
            self.parts.snapshots,
            self.parts.today,
            f"doc:{document.id}",
            (document.place_id, document.ms),
            document.owner,
        )
        directory = crowd.directory
        groups = [
            Group(rule, organisation, names)
            for rule, people in because
            for organisation, names in self._by_organisation(directory, people)
        ]
        return Readers(tuple(groups), directory.everyone.bit_count())

    def _by_organisation(self, directory: Directory, people: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        found: dict[str, list[str]] = {}
        for name, organisation in self._rows(directory, people):
            found.setdefault(organisation, []).append(name)
        return ((organisation, tuple(names)) for organisation, names in found.items())

    def _names(self, directory: Directory, people: int) -> tuple[str, ...]:
        return tuple(name for name, _ in self._rows(directory, people))

    def _rows(self, directory: Directory, people: int) -> Iterable[tuple[str, str]]:
        rows = self.session.execute(
            select(Person.name, Place.name)
            .join(Place, Place.id == Person.organisation_id)
            .where(Person.id.in_(directory.ids_of(people)))
            .order_by(Place.name, Person.name)
        )
        return [(name, organisation) for name, organisation in rows]  # rows are no pairs to mypy


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
