"""The people as far as one viewer may know of them: for every count, list and sentence that is told to them.

Whose page they may see, who works where they do or is looked after by them, and who is named to them anyway, is
counted. The staff of other organisations, and those in other organisations' groups, are not: one bit stands for all of
an organisation that the viewer may see, and one for each such group that a line names, whether or not there is one and
whoever is in it. So no number and no sentence hangs on people whom the viewer may not know of, and a change is asked
about although it shows something to nobody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from acl.cells import ALL_STAFF, EVERYONE_BUT
from acl.rules import PLATFORM
from acl.store import Snapshot
from acl.visibility import checker
from acl.vocabulary import PEOPLE
from hub.access.crowd import Crowd, Directory, Others
from hub.access.judged import NEW, judge_at, judge_place, judge_root
from hub.access.models import Grant, Place
from hub.access.snapshots import InForce
from hub.access.viewer import Viewer

UNSEEN = Others("", "people whom you may not see, if there are any")
"""Staff of organisations that the viewer may not see."""


@dataclass(frozen=True)
class AsKnown:
    """Policies as they are in force, and the people as far as a viewer knows them. Answers as `InForce`."""

    snapshots: InForce
    viewer: Viewer
    words: frozenset[str] = frozenset()
    """`person:` and `guest:` words of people who are named to the viewer where it is asked."""
    _crowds: list[Crowd] = field(default_factory=list, compare=False)
    """The one that was made, for those who ask more than once."""

    def latest(self, session: Session) -> Snapshot:
        """The snapshot that is in force."""
        return self.snapshots.latest(session)

    def crowd(self, session: Session) -> Crowd:
        """All active people of whom the viewer may know; those who look after the whole hub know of everybody."""
        if not self._crowds:
            crowd, looker = self.snapshots.crowd(session), self.viewer
            known = crowd if _runs_the_hub(looker) else KnownCrowd(crowd.directory, session, looker, self.words)
            self._crowds.append(known)
        return self._crowds[0]


class KnownCrowd(Crowd):
    """The people of a directory whom a viewer may know of, and a bit for each kind of others.

    Groups of other organisations are never loaded.
    """

    def __init__(self, directory: Directory, session: Session, viewer: Viewer, words: Iterable[str]) -> None:
        super().__init__(directory, session)
        self._viewer = viewer
        self._check = checker(viewer.visible())
        self._places, guests = viewer.once(self._organisations)
        self._own = {place.path for place in self._places if self._is_own(place)}
        self._seen = {place.path: place for place in viewer.kept(list(self._places))}
        self._open: set[str] = set()
        """Slugs of the organisations whose people's pages the viewer may see."""
        number = directory.number.get(viewer.person.id)
        self._me = 0 if number is None else 1 << number
        self._known = self._me | self._people_of([*words, *guests])
        self._bits: dict[str, int] = {}
        """Word -> the bits of the others who hold it."""
        self._others: dict[int, Others] = {}
        self._staff: dict[str, int] = {}
        """The bits of the others on the staff of an organisation, by its node."""
        self._plain = {"": self._add(UNSEEN, ALL_STAFF)}
        """Slug of an organisation -> the bit of somebody who is in none of its groups."""
        for place in self._seen.values():
            if place.path not in self._own:
                staff = f"staff of {place.name}"
                said = Others("", staff) if place.path in self._open else Others(staff, organisation=True)
                self._plain[place.path] = self._add(said, ALL_STAFF, f"org:{place.path}", node=place.id)

    @property
    def everyone(self) -> int:
        """All of whom the viewer may know, and the others."""
        return self._known | sum(self._others)

    @property
    def others(self) -> Mapping[int, Others]:
        """Who else is stood for: bit -> how they are called."""
        return self._others

    def staff_of(self, organisation: str) -> int:
        """The staff of an organisation whom the viewer may know of, and its others."""
        return (super().staff_of(organisation) & self._known) | self._staff.get(organisation, 0)

    def holders(self, word: str) -> int:
        """Those who hold a `who` word, as far as the viewer may know."""
        if self._is_hushed(word):
            self._name(word)
            return (self._me if word in self._viewer.subject.holds else 0) | self._bits[word]
        if word.startswith("org:"):
            self._name_organisation(word)
        return (super().holders(word) & self._known) | self._bits.get(word, 0)

    def look_up(self, words: Iterable[str], *, always: bool = False) -> None:
        """Load the groups among these words that are not known yet, in one query; `always` even for none."""
        named = {word.removeprefix(EVERYONE_BUT) for word in words}
        super().look_up((word for word in named if not self._is_hushed(word)), always=always)
        for word in sorted(named):
            if self._is_hushed(word):
                self._name(word)
            elif word.startswith("org:"):
                self._name_organisation(word)

    def allowed_any(self, words: Iterable[str], scope: str) -> int:
        """Those of the holders of these words for whom a rule of this scope is in force, likewise."""
        return super().allowed_any(words, scope) & self.everyone

    def _is_own(self, place: Place) -> bool:
        """Whether the viewer works there, or looks after it."""
        if place.id in self._viewer.subject.orgs:
            return True
        own = judge_place(place.id, "organisation", owner="", marking=place.marking, state=place.state,
                          snapshot=self._viewer.snapshot)  # fmt: skip
        return own is not None and checker(self._viewer.visible("administer"))(own)

    def _people_of(self, words: Iterable[str]) -> int:
        """All people of organisations whose people's pages the viewer may see, of their own, and these."""
        directory, found = self.directory, 0
        for place in self._places:
            if self._sees_a_page(f"{PEOPLE}{place.id}"):
                self._open.add(place.path)
                found |= directory.staff.get(place.id, 0)
            elif place.path in self._own:
                found |= directory.staff.get(place.id, 0)
            if self._sees_a_page(place.id):
                found |= directory.guests_at.get(place.id, 0)
        return reduce(or_, (1 << directory.words[word] for word in words if word in directory.words), found)

    def _sees_a_page(self, at: str) -> bool:
        """Whether the viewer may see people's pages that lie there: an organisation's guests, or among its people."""
        page = judge_at(at, NEW, owner="", marking="OFFICIAL", state="published", snapshot=self._viewer.snapshot)
        return page is not None and self._check(page)

    def _organisations(self) -> tuple[Sequence[Place], set[str]]:
        """All of them, and the guests whom those have admitted for which the viewer works; one query."""
        own = self._viewer.subject.orgs if self._viewer.person.kind != "guest" else ()
        admitted = and_(Grant.organisation_id == Place.id, Grant.organisation_id.in_(own),
                        Grant.principal.startswith("guest:"), Grant.ended_at.is_(None))  # fmt: skip
        rows = self._session.execute(
            select(Place, Grant.principal)
            .outerjoin(Grant, admitted)
            .where(Place.kind == "organisation")
            .order_by(Place.path)
            .distinct()
        ).all()
        return list(dict.fromkeys(place for place, _ in rows)), {word for _, word in rows if word}

    def _is_hushed(self, word: str) -> bool:
        """Whether it is another organisation's business who holds a word."""
        return word.startswith("group:") and word.removeprefix("group:").partition("/")[0] not in self._own

    def _name(self, word: str) -> None:
        """Let one bit stand for a group of another organisation."""
        if word in self._bits:
            return
        handle = word.removeprefix("group:")
        slug = handle.partition("/")[0]
        place = self._seen.get(slug)
        whose = "the hub" if slug == PLATFORM else place.name if place else "its organisation"
        said = Others(
            f"people in the group {handle} ({whose} says who is in it)", within=self._plain.get(slug, self._plain[""])
        )
        if place is None:
            self._add(said, ALL_STAFF, word)
        else:
            self._add(said, ALL_STAFF, f"org:{slug}", word, node=place.id)

    def _name_organisation(self, word: str) -> None:
        """Let one bit stand for an organisation that a line names and the viewer may not see, or that is not there."""
        slug = word.removeprefix("org:")
        if slug not in self._own and slug not in self._seen and word not in self._bits:
            said = Others(f"staff of {slug}", within=self._plain[""], organisation=True)
            self._add(said, ALL_STAFF, word)

    def _add(self, others: Others, *words: str, node: str = "") -> int:
        bit = 1 << (len(self.directory.ids) + len(self._others))
        self._others[bit] = others
        for word in words:
            self._bits[word] = self._bits.get(word, 0) | bit
        if node:
            self._staff[node] = self._staff.get(node, 0) | bit
        return bit


def _runs_the_hub(viewer: Viewer) -> bool:
    decision = viewer.judge("administer", judge_root())
    return decision is not None and decision.allowed
