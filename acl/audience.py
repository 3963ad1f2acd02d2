"""Policy turned round: who sees a thing, instead of what a person sees.

A set of people is an `int` with one bit for each of them, so that a rule is applied to everyone in one operation.
Rules are found by the node that they name (`acl/lines.py`), and what holds at a place is worked out once for each place
and each marking and state (`acl/layers.py`): from the platform down, allows stopping at closed spaces. The answer is
that of the gate, for every person at once.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from acl.cells import EVERYONE_BUT, SPECIAL
from acl.directory import ROOT
from acl.groups import VOICE
from acl.layers import Added, Layer, Part, Standing, without
from acl.lines import Lines
from acl.rules import Rule, telling
from acl.vocabulary import covers, marked

OWN_ORGANISATION, DOCUMENT_OWNER = SPECIAL


class Crowd(Protocol):
    """The people of whom it is asked: a bit for each, always the same one. Who is not active has none."""

    @property
    def everyone(self) -> int:
        """All of them, guests included."""
        ...

    def holders(self, word: str) -> int:
        """Those who hold a `who` word such as `all-staff`, `group:leeds/legal` or `guest:acme/maria-lopez`."""
        ...

    def allowed(self, word: str, scope: str) -> int:
        """Those of the holders for whom what a rule of this scope allows them is in force (`Subject.waits_for`)."""
        ...

    def allowed_any(self, words: Iterable[str], scope: str) -> int:
        """The same of those who hold one of these words."""
        ...

    def staff_of(self, organisation: str) -> int:
        """The staff of the organisation with this node."""
        ...


class Because(NamedTuple):
    """A rule, and those whom it lets in: of the rules that allow someone, the gate names the first."""

    rule: Rule
    people: int


class Sight:
    """Who may do `action` on a day, by these lines. Scopes of rules are the platform or organisations.

    With `like`, what that sight has worked out is used wherever it holds here too: its lines, crowd and day differ from
    these in nothing but the rules that name a node of `changed`, and the places of `changed`.
    """

    def __init__(
        self,
        lines: Lines,
        crowd: Crowd,
        today: date,
        action: str = "read",
        *,
        like: "Sight | None" = None,
        changed: frozenset[str] = frozenset(),
    ) -> None:
        self.lines, self.crowd, self.action = lines, crowd, action
        self._like, self._changed = like, changed
        self._today = today.isoformat()
        self._layers: dict[str, dict[str, Layer]] = {}
        self._additions: dict[str, dict[str, tuple[Added, ...]]] = {}
        self._reached: dict[tuple[Rule, str], int] = {}

    def at(self, place: str, ms: str) -> Standing:
        """What holds for a thing of that marking and state that lies at a place and that no line names."""
        return self.layer(place).standing(ms)

    def layer(self, place: str, organisation: str | None = None) -> Layer:
        """What holds at a place: the same object where the same holds, of this sight and of one that is `like` it.

        Whoever knows the organisation in which it lies says so.
        """
        inside = self.lines.tree.organisation_of(place) if organisation is None else organisation
        return self._layer(place, inside)

    def of(self, node: str, place: str, ms: str) -> Standing:
        """What holds for one thing, by its own node (`doc:ID`, `home:ID`, a folder's id) and its place."""
        organisation = self.lines.tree.organisation_of(place)
        above = self._layer(place, organisation)
        if node == place:
            return above.standing(ms)
        return Layer(above, self._added(node, organisation), closed=False).standing(ms)

    def because(self, node: str, place: str, ms: str, owner: int = 0) -> list[Because]:
        """Each rule that is somebody's reason, in the order in which the gate names them, and whose reason it is.

        `owner` is the bit of the owner, if they are staff of the thing's organisation.
        """
        left, found = -1, []
        for rule, people in self.letting_in(node, place, ms, owner):
            if people & left:
                found.append(Because(rule, people & left))
                left &= ~people
        return found

    def letting_in(self, node: str, place: str, ms: str, owner: int = 0) -> list[Because]:
        """Each rule that allows somebody whom no line denies, and all of these, in that same order.

        Who may write in a space is no reason to read in it: its audience lets the same people.
        """
        tree = self.lines.tree
        organisation, seen = tree.organisation_of(place), self.of(node, place, ms).seen(owner)
        reach = dict.fromkeys((node, *tree.chain(place)))
        allowed = {*tree.reach(place), node}
        marking, state = ms.rsplit(".", 1)
        rules = [
            rule
            for each in reach
            if each in allowed
            for rule in self.lines.at(each, organisation)
            if rule.effect == "allow" and self._holds(rule) and marked(marking, rule.marking)
            if self.action != "read" or not rule.file.startswith(VOICE)
            if rule.state in ("any", state)
        ]
        whom = ((rule, owner if rule.who == DOCUMENT_OWNER else self._people(rule, organisation)) for rule in rules)
        found = [Because(rule, people & seen) for rule, people in whom if people & seen]
        return sorted(found, key=lambda each: telling(each.rule))

    def _layer(self, place: str, organisation: str) -> Layer:
        layers = self._layers.get(organisation)
        if layers is None:
            layers = self._layers[organisation] = {}
        found = layers.get(place)
        if found is None:
            found = layers[place] = self._made(place, organisation)
        return found

    def _made(self, place: str, organisation: str) -> Layer:
        here = self.lines.tree.get(place)
        if here is None:
            raise KeyError(place)
        above = self._layer(here.parent, organisation) if here.parent is not None else None
        added = self._added(place, organisation)
        if above is not None and not here.closed and not added:
            return above
        theirs = None
        if self._like is not None and self._like.lines.tree.get(place) is not None:
            theirs = self._like._layer(place, organisation)  # noqa: SLF001  # another sight's
            if theirs.added is added and theirs.above is above and theirs.closed == here.closed:
                return theirs
        return Layer(above, added, closed=here.closed, like=theirs)

    def _added(self, node: str, organisation: str) -> tuple[Added, ...]:
        if self._like is not None and node not in self._changed:
            return self._like._added(node, organisation)  # noqa: SLF001  # another sight's
        if not self.lines.may_name(node, organisation):
            return ()
        kept = self._additions.setdefault(organisation, {})
        found = kept.get(node)
        if found is None:
            found = kept[node] = self._gathered(node, organisation)
        return found

    def _gathered(self, node: str, organisation: str) -> tuple[Added, ...]:
        people: dict[Part, int] = {}
        owners = set()
        for rule in self.lines.at(node, organisation):
            if self._holds(rule):
                part = Part(rule.effect, rule.marking, rule.state)
                if rule.who == DOCUMENT_OWNER:
                    owners.add(part)
                people[part] = people.get(part, 0) | self._people(rule, organisation)
        for gift in self.lines.gifts.get(node, ()):
            if gift.scope in (ROOT, organisation) and self._speaks(gift.can, "allow", gift.until):
                part = Part("allow", gift.marking, gift.state)
                people[part] = people.get(part, 0) | self.crowd.allowed_any(gift.who, gift.scope)
        return tuple(Added(part, held, part in owners) for part, held in people.items())

    def _holds(self, rule: Rule) -> bool:
        return self._speaks(rule.can, rule.effect, rule.until)

    def _speaks(self, can: str, effect: str, until: str) -> bool:
        """Whether a rule speaks of the action and of the day."""
        return covers(can, self.action, effect) and (until == "-" or self._today <= until)

    def _people(self, rule: Rule, organisation: str) -> int:
        """Whom a rule reaches; asked for what it adds, and again for whose reason it is."""
        found = self._reached.get((rule, organisation))
        if found is None:
            found = self._reached[rule, organisation] = self._whom(rule, organisation)
        return found

    def _whom(self, rule: Rule, organisation: str) -> int:
        who = rule.who
        if who == DOCUMENT_OWNER:
            return 0
        if who == OWN_ORGANISATION:
            return self.crowd.staff_of(organisation)
        if who.startswith(EVERYONE_BUT):
            return without(self.crowd.everyone, self.crowd.holders(who.removeprefix(EVERYONE_BUT)))
        return self.crowd.allowed(who, rule.scope) if rule.effect == "allow" else self.crowd.holders(who)
