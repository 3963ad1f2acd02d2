"""How many documents gain readers, and who they are: exactly, by as few steps as will tell.

Documents of one place, marking and state are alike to every line of policy but two kinds: a line that names one
document (such documents are judged one by one), and a line for a document's owner. Where it could matter to whom a
document belongs, it is first asked whether it does: not, if people for whom ownership means nothing gain it anyway,
and all others gain some other document. Only then are owners counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import String, and_, cast, func, select

from acl.audience import NOTHING, Layer, Sight, Standing, gained, told_apart, without
from hub.access.where import among
from hub.documents.changes import Seat, Shown, Single
from hub.documents.looking import Looking
from hub.documents.models import Document


@dataclass
class _Holding:
    """Places where the same holds, before and after: how many documents of each marking and state lie there."""

    before: Layer
    after: Layer
    organisation: str
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Marking and state -> place -> documents."""
    known: dict[str, bool] = field(default_factory=dict)

    def touches(self, ms: str) -> bool:
        """Whether another thing holds afterwards for documents of this marking and state."""
        found = self.known.get(ms)
        if found is None:
            found = self.known[ms] = self.before.standing(ms) is not self.after.standing(ms)
        return found


@dataclass(frozen=True)
class _Verdict:
    """What is true of documents alike: who gains whoever owns them, and for whom it matters whether they own one."""

    before: Standing
    after: Standing
    sure: int
    apart: int
    told: bool
    """Whether the witness may read them now, their own ones apart."""
    by_owner: bool
    """Whether nothing can be said of a document without its owner."""


class Counting:
    """Counts by what holds at places, by owner where it matters, then one by one."""

    def __init__(self, looking: Looking, witness: int) -> None:
        self.look, self.witness = looking, witness
        self.all_told = witness == looking.crowd.everyone
        self.documents, self.people = 0, 0
        self.seats: set[Seat] = set()
        self.owned: set[tuple[str, str, str]] = set()
        self.ids: set[str] = set()
        self.pages: set[str] = set()
        self.page_people = 0
        self.known: dict[tuple[int, int, str], _Verdict] = {}
        self.kept: list[Standing] = []
        """What the keys of `known` are the addresses of."""

    def shown(self) -> Shown:
        """Count everything."""
        singles = {single.node: single for single in self.look.named_below()} if self.look.tops else {}
        singles |= self.look.singles
        documents = [single for single in singles.values() if not single.page]
        if self.look.tops:
            self._count_places(documents)
        for single in singles.values():
            self._count_one(single)
        return Shown(
            self.documents,
            self.people,
            self.look.crowd.directory,
            frozenset(self.seats),
            frozenset(self.owned),
            frozenset(self.ids),
            frozenset(single.id for single in documents),
            frozenset(self.pages),
            self.page_people,
        )

    def _count_places(self, singles: Iterable[Single]) -> None:
        by_owner: dict[Seat, _Verdict] = {}
        perhaps: dict[Seat, _Verdict] = {}
        for verdict, ms, places in self._judged(singles):
            if verdict.by_owner:
                by_owner.update(((place, ms), verdict) for place in places)
            elif verdict.sure and verdict.told:
                self.documents += sum(places.values())
                self.people |= verdict.sure
                self.seats.update((place, ms) for place in places)
                if verdict.apart:
                    perhaps.update(((place, ms), verdict) for place in places)
        open_ = {seat: verdict for seat, verdict in perhaps.items() if without(verdict.apart, self.people)}
        if by_owner or open_:
            self._count_owners(by_owner, open_, {single.id for single in singles})

    def _judged(self, singles: Iterable[Single]) -> Iterator[tuple[_Verdict, str, Mapping[str, int]]]:
        """What is true of the documents that may gain readers: marking and state, and how many lie at each place."""
        for holding in self._holdings(singles):
            for ms, places in holding.counts.items():
                yield (
                    self._verdict(holding.before.standing(ms), holding.after.standing(ms), holding.organisation),
                    ms,
                    places,
                )

    def _holdings(self, singles: Iterable[Single]) -> Iterable[_Holding]:
        """The documents below what is touched, but for those judged singly and those for whom nothing changes."""
        alike: dict[tuple[int, int, str], _Holding] = {}
        apart: dict[Seat, int] = {}
        for single in singles:
            if single.before:
                apart[single.before] = apart.get(single.before, 0) + 1
        for place, words in self._seats():
            holding = self._holding(place, alike)
            if holding is None:
                continue
            for word in words.split(","):
                ms, _, count = word.partition(" ")
                if holding.touches(ms) and (left := int(count) - apart.get((place, ms), 0)):
                    holding.counts.setdefault(ms, {})[place] = left
        return alike.values()

    def _seats(self) -> Iterable[tuple[str, str]]:
        """Each place touched, and how many documents of each marking and state lie in it: rows for places only."""
        alike = (
            select(Document.place_id, Document.ms, cast(func.count(), String).label("count"))
            .where(self.look.lies(Document.place_id))
            .group_by(Document.place_id, Document.ms)
            .subquery()
        )
        words = func.aggregate_strings(alike.c.ms + " " + alike.c.count, ",")
        return self.look.session.execute(select(alike.c.place_id, words).group_by(alike.c.place_id)).all()

    def _holding(self, place: str, alike: dict[tuple[int, int, str], _Holding]) -> _Holding | None:
        """What holds at a place; None where nothing changes."""
        before, after = self.look.before, self.look.after
        if before.lines.tree.get(place) is None:  # a document of no known place is shown to nobody
            return None
        here, then = before.layer(place), after.layer(place)
        if here is then:
            return None
        organisation = before.lines.tree.organisation_of(place)
        key = id(here), id(then), organisation  # both are kept by their sights
        found = alike.get(key)
        if found is None:
            found = alike[key] = _Holding(here, then, organisation)
        return found

    def _verdict(self, before: Standing, after: Standing, organisation: str) -> _Verdict:
        key = id(before), id(after), organisation
        found = self.known.get(key)
        if found is None:
            self.kept += (before, after)
            staff = self.look.crowd.staff_of(organisation)
            apart, hidden = told_apart(before, after, staff), False
            if not self.all_told:  # whether the witness may read it now may hang on whether it is theirs
                hidden = bool((before.seen(staff) ^ before.seen()) & staff & self.witness)
            sure = without(gained(before, after), apart)
            told, by_owner = self._is_told(before, 0), hidden or bool(apart and not sure)
            found = self.known[key] = _Verdict(before, after, sure, apart, told, by_owner)
        return found

    def _count_owners(self, whole: Mapping[Seat, _Verdict], people: Mapping[Seat, _Verdict], singly: set[str]) -> None:
        """Documents of `whole` by owner; of `people`, which are counted, just whom else they are shown to."""
        seats = whole.keys() | people.keys()
        wanted = and_(
            among(Document.place_id, {place for place, _ in seats}), among(Document.ms, {ms for _, ms in seats})
        )
        if singly:
            wanted = and_(wanted, ~among(Document.id, singly))
        rows = self.look.session.execute(
            select(Document.place_id, Document.ms, func.aggregate_strings(Document.owner, " "))
            .where(wanted)
            .group_by(Document.place_id, Document.ms)
        )
        for place, ms, owners in rows:
            counted, told = whole.get((place, ms)), people.get((place, ms))
            if counted:
                self._by_owner(counted, (place, ms), owners.split(" "))
            elif told and without(told.apart, self.people):
                for owner in set(owners.split(" ")):
                    self.people |= self._gain(told, place, owner)[0]

    def _by_owner(self, verdict: _Verdict, seat: Seat, owners: list[str]) -> None:
        for owner in set(owners):
            gain, own = self._gain(verdict, seat[0], owner)
            if gain and (self._is_told(verdict.before, own) if own else verdict.told):
                self.documents += owners.count(owner)
                self.people |= gain
                self.owned.add((*seat, owner))

    def _gain(self, verdict: _Verdict, place: str, owner: str) -> tuple[int, int]:
        """Who gains a document of this owner's, and the owner's bit."""
        own = self.look.crowd.owner(owner, self.look.before.lines.tree.organisation_of(place))
        return gained(verdict.before, verdict.after, own), own

    def _count_one(self, single: Single) -> None:
        if self._is_untouched(single):
            return
        before, own = _standing(self.look.before, single, single.before), self._owner(single, single.before)
        after, then = _standing(self.look.after, single, single.after), self._owner(single, single.after)
        gain = without(after.seen(then), before.seen(own))
        if not gain or not (single.before is None or self._is_told(before, own)):
            return
        if single.page:
            self.pages.add(single.id)
            self.page_people |= gain
        else:
            self.documents += 1
            self.people |= gain
            self.ids.add(single.id)

    def _is_untouched(self, single: Single) -> bool:
        """Whether the same lines speak of a thing, and the same holds where it lies."""
        if single.before is None or single.before != single.after or single.node in self.look.changed:
            return False
        place, ms = single.before
        before, after = self.look.before, self.look.after
        if before.lines.tree.get(place) is None or self.look.change.moved:
            return False
        return before.layer(place).standing(ms) is after.layer(place).standing(ms)

    def _owner(self, single: Single, seat: Seat | None) -> int:
        if seat is None:
            return 0
        tree = (self.look.before if self.look.before.lines.tree.get(seat[0]) else self.look.after).lines.tree
        return self.look.crowd.owner(single.owner, tree.organisation_of(seat[0]))

    def _is_told(self, before: Standing, own: int) -> bool:
        return self.all_told or bool(before.seen(own) & self.witness)


def _standing(sight: Sight, single: Single, seat: Seat | None) -> Standing:
    return NOTHING if seat is None or sight.lines.tree.get(seat[0]) is None else sight.of(single.node, *seat)
