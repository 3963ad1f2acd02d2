"""How many things gain readers, and who they are: exactly, by as few steps as will tell.

Things of one place, marking and state are alike to every line of policy, whatever their kind, but for two: a line that
names one thing (such are judged one by one), and a line for its owner. Where it could matter to whom a thing belongs,
it is first asked whether it does: not, if people for whom ownership means nothing gain it anyway, and all others gain
some other thing. Only then are owners counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select

from acl.audience import Sight
from acl.layers import NOTHING, Standing, classes, gained, told_apart, without
from hub.audience.changes import Seat, Shown, Single
from hub.audience.looking import Looking
from hub.things.columns import among


class _Touched(NamedTuple):
    """Things for which something else holds afterwards: what held, what will, of which markings and states."""

    before: Standing
    after: Standing
    mss: tuple[str, ...]


class _Holding(NamedTuple):
    """Places of one organisation at which the same holds, before and after."""

    touched: tuple[_Touched, ...]
    organisation: str
    places: list[str]


class _Verdict(NamedTuple):
    """What is true of things alike: who gains whoever owns them, and for whom it matters whether they own one."""

    before: Standing
    after: Standing
    sure: int
    apart: int
    told: bool
    """Whether the witness may read them now, their own ones apart."""
    by_owner: bool
    """Whether nothing can be said of a thing without its owner."""


class Counting:
    """Counts by what holds at places, by owner where it matters, then one by one.

    How many questions are put to the database never hangs on what the witness may not know of: of places it is always
    asked, and who owns what only where they may read it. Where they may not, they can only be told of what they own.
    """

    def __init__(self, looking: Looking, witness: int, word: str = "", *, back: bool = False) -> None:
        """`word` is the witness's own. With `back`, `looking` is the way back: what it gives the change takes."""
        self.look, self.witness, self.word, self.back = looking, witness, word, back
        self.all_told = witness == looking.crowd.everyone
        self.asks_all = not self.all_told and bool(looking.tops)
        self.counts: Counter[str] = Counter()
        self.people = 0
        self.seats: set[Seat] = set()
        self.owned: set[tuple[str, str, str]] = set()
        self.nodes: set[str] = set()
        self.pages: set[str] = set()
        self.page_people = 0
        self.known: dict[tuple[int, int, str], _Verdict] = {}
        self.kept: list[Standing] = []
        """What the keys of `known` are the addresses of."""

    def shown(self) -> Shown:
        """Count everything."""
        verdicts, touched = self._verdicts()
        singles = {single.node: single for single in self.look.named_at(touched, always=self.asks_all)}
        singles |= self.look.singles
        things = [single for single in singles.values() if not single.page]
        if verdicts or self.asks_all:
            self._count_places(verdicts, things)
        for single in singles.values():
            self._count_one(single)
        return Shown(
            self.look.kinds,
            dict(self.counts),
            self.people,
            self.look.crowd.directory,
            frozenset(self.seats),
            frozenset(self.owned),
            frozenset(self.nodes),
            frozenset(single.node for single in things),
            frozenset(self.pages),
            self.page_people,
            self.look.crowd.others,
        )

    def _count_places(self, verdicts: Mapping[str, Mapping[str, _Verdict]], singles: Collection[Single]) -> None:
        apart = [(self._prefix(single), *single.before, single.owner) for single in singles if single.before]
        left = Counter(key[:3] for key in apart)
        own = Counter(key[:3] for key in apart if key[3] == self.word)
        by_owner: dict[Seat, _Verdict] = {}
        perhaps: dict[Seat, _Verdict] = {}
        for prefix, place, ms, count, mine in self._counts(verdicts, {ms for held in verdicts.values() for ms in held}):
            verdict, key = verdicts[place].get(ms), (prefix, place, ms)
            if verdict is None or count == left[key]:  # all of them are judged singly
                continue
            if verdict.by_owner and not verdict.told:
                self._count_owned(verdict, prefix, (place, ms), self.word, mine - own[key])
            elif verdict.by_owner:
                by_owner[place, ms] = verdict
            else:
                self.counts[prefix] += count - left[key]
                self.people |= verdict.sure
                self.seats.add((place, ms))
                if verdict.apart:
                    perhaps[place, ms] = verdict
        open_ = {seat: verdict for seat, verdict in perhaps.items() if without(verdict.apart, self.people)}
        if by_owner or open_:
            self._count_owners(by_owner, open_, Counter(apart))

    def _counts(self, places: Collection[str], mss: Iterable[str]) -> Iterable[Any]:
        """How many of each kind, and of these markings and states, lie at these places; and of the witness's."""
        if self.asks_all:
            return (row for row in self.look.counted(self.word) if row[1] in places)
        wanted = set(mss)
        return self.look.of_all_kinds(
            lambda c: (
                select(c.place, c.ms, func.count(), func.count().filter(c.owner == self.word))
                .where(among(c.place, places), among(c.ms, wanted))
                .group_by(c.place, c.ms)
            )
        )

    def _verdicts(self) -> tuple[dict[str, dict[str, _Verdict]], set[str]]:
        """What is true of the things of each place, marking and state that somebody may gain.

        And all places at which something else holds afterwards.
        """
        found: dict[str, dict[str, _Verdict]] = {}
        touched: set[str] = set()
        for holding in self._holdings():
            held: dict[str, _Verdict] = {}
            for before, after, alike in holding.touched:
                verdict = self._verdict(before, after, holding.organisation)
                if verdict.by_owner or (verdict.sure and verdict.told):
                    held.update(dict.fromkeys(alike, verdict))
            touched.update(holding.places)
            if held:
                found.update(dict.fromkeys(holding.places, held))
        return found, touched

    def _holdings(self) -> Iterable[_Holding]:
        """The places at and below those touched, by what holds there.

        Where the same holds as before, it does below too, down to the next place that changes.
        """
        tree = self.look.before.lines.tree
        found: dict[tuple[int, int, str], _Holding] = {}
        seen: set[str] = set()
        waiting: list[tuple[str, str, _Holding | None]] = [
            (top, tree.organisation_of(top), None) for top in self.look.tops if tree.get(top) is not None
        ]
        while waiting:
            place, organisation, above = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            holding = above if above and not self.look.may_name(place, organisation) else None
            holding = holding or self._holding(place, organisation, found)
            if holding.touched:
                holding.places.append(place)
                inside = [(child, organisation or tree.organisation_of(child)) for child in tree.children(place)]
                waiting += [(child, its, holding) for child, its in inside]
        return [holding for holding in found.values() if holding.places]

    def _holding(self, place: str, organisation: str, found: dict[tuple[int, int, str], _Holding]) -> _Holding:
        before = self.look.before.layer(place, organisation)
        after = self.look.after.layer(place, organisation)
        key = id(before), id(after), organisation  # layers are kept by their sights
        holding = found.get(key)
        if holding is None:
            pairs = (
                _Touched(before.standing(first), after.standing(first), alike)
                for first, alike in classes(before.shape, after.shape).items()
                if not after.repeats(before, first)
            )
            touched = tuple(pair for pair in pairs if pair.before is not pair.after) if before is not after else ()
            holding = found[key] = _Holding(touched, organisation, [])
        return holding

    def _verdict(self, before: Standing, after: Standing, organisation: str) -> _Verdict:
        key = id(before), id(after), organisation
        found = self.known.get(key)
        if found is None:
            self.kept += (before, after)
            staff = self.look.crowd.staff_of(organisation)
            apart, hidden, now = told_apart(before, after, staff), False, self._now(before, after)
            if not self.all_told:  # whether the witness may read it now may hang on whether it is theirs
                hidden = bool((now.seen(staff) ^ now.seen()) & staff & self.witness)
            sure = without(gained(before, after), apart)
            told, by_owner = self._is_told(now, 0), hidden or bool(apart and not sure)
            found = self.known[key] = _Verdict(before, after, sure, apart, told, by_owner)
        return found

    def _count_owners(
        self,
        whole: Mapping[Seat, _Verdict],
        people: Mapping[Seat, _Verdict],
        apart: Mapping[tuple[str, str, str, str], int],
    ) -> None:
        """Things of `whole` by owner; of `people`, which are counted, just whom else they are shown to.

        `apart` are judged singly: how many of a kind, place, marking and state, and owner.
        """
        seats = whole.keys() | people.keys()
        places, mss = {place for place, _ in seats}, {ms for _, ms in seats}
        rows = self.look.of_all_kinds(
            lambda c: (
                select(c.place, c.ms, func.aggregate_strings(c.owner, " "))
                .where(among(c.place, places), among(c.ms, mss))
                .group_by(c.place, c.ms)
            )
        )
        for prefix, place, ms, words in rows:
            seat = place, ms
            counted, told = whole.get(seat), people.get(seat)
            if not counted and not (told and without(told.apart, self.people)):
                continue
            for owner, count in Counter(words.split(" ")).items():
                left = count - apart[prefix, place, ms, owner]
                if left and counted:
                    self._count_owned(counted, prefix, seat, owner, left)
                elif left and told:
                    self.people |= self._gain(told, place, owner)[0]

    def _count_owned(self, verdict: _Verdict, prefix: str, seat: Seat, owner: str, count: int) -> None:
        gain, own = self._gain(verdict, seat[0], owner)
        now = self._now(verdict.before, verdict.after)
        if count and gain and (self._is_told(now, own) if own else verdict.told):
            self.counts[prefix] += count
            self.people |= gain
            self.owned.add((*seat, owner))

    def _gain(self, verdict: _Verdict, place: str, owner: str) -> tuple[int, int]:
        """Who gains a thing of this owner's, and the owner's bit."""
        own = self.look.crowd.owner(owner, self.look.before.lines.tree.organisation_of(place))
        return gained(verdict.before, verdict.after, own), own

    def _count_one(self, single: Single) -> None:
        if self._is_untouched(single):
            return
        before, own = _standing(self.look.before, single, single.before), self._owner(single, single.before)
        after, then = _standing(self.look.after, single, single.after), self._owner(single, single.after)
        gain = without(after.seen(then), before.seen(own))
        now, its = (after, then) if self.back else (before, own)
        is_new = (single.after if self.back else single.before) is None
        if not gain or not (is_new or self._is_told(now, its)):
            return
        if single.page:
            self.pages.add(single.page)
            self.page_people |= gain
        else:
            self.counts[self._prefix(single)] += 1
            self.people |= gain
            self.nodes.add(single.node)

    def _prefix(self, single: Single) -> str:
        """Of the kind as which a thing is counted; of one that is not there yet, the first."""
        kind = self.look.kinds.lying_as(single.node)
        return kind.prefix if kind else self.look.kinds.lying[0].prefix

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

    def _now(self, before: Standing, after: Standing) -> Standing:
        """What holds as things are, whichever way it is looked at."""
        return after if self.back else before

    def _is_told(self, now: Standing, own: int) -> bool:
        return self.all_told or bool(now.seen(own) & self.witness)


def _standing(sight: Sight, single: Single, seat: Seat | None) -> Standing:
    return NOTHING if seat is None or sight.lines.tree.get(seat[0]) is None else sight.of(single.node, *seat)
