"""Says why, for a reader: one plain sentence, then file and line. Names come from whoever holds the tables.

A name that is not given is done without: "you are in a group that may". So whoever must not learn a name is told the
same sentence, less that name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from acl.cells import EVERYONE_BUT
from acl.clauses import clause, names_one_of, tidy
from acl.gate import Decision
from acl.groups import VOICE
from acl.misses import Miss, place_of, spoken
from acl.rules import PLATFORM, Rule
from acl.visibility import Object
from acl.vocabulary import HOME, ROLES, is_inside

Names = Callable[[str], str]
"""The name to show for a key, or an empty string where none is known or may be known.

Keys: `org:york`, `group:york/legal`, `person:york/sam`, `guest:acme/maria`; a place's node id (a scope's and a space's
alike, `platform` too); and `grants:ID`, whose name is that of the grant's giver.
"""

_DONE: Final = {
    "manage": "manage",
    "edit": "edit",
    "comment": "comment on",
    "read": "read",
    "administer": "administer",
    "make-spaces": "make spaces in",
    "keep-records": "keep the records of",
}
_DOING: Final = {
    "manage": "managing",
    "edit": "editing",
    "comment": "commenting on",
    "administer": "administering",
    "make-spaces": "making spaces in",
    "keep-records": "keeping the records of",
}
_STAFF: Final = "the staff of every organisation"
_OWN: Final = frozenset({"until", "state", "marking"})
"""A rule that misses by one of these alone is for the reader themselves."""
ROLE_OF: Final[Mapping[str, str]] = MappingProxyType({can: role for role, can in ROLES.items()})
"""Action that a membership allows -> what such a member is called."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence, where its ground stands (`leeds.csv line 14`; empty without one), and what was nearest if refused."""

    sentence: str
    source: str
    nearest: tuple[str, ...] = ()


def no_names(_: str) -> str:
    """A lookup that knows nobody."""
    return ""


def explain(decision: Decision, action: str, names: Names = no_names, person: str = "") -> Explanation:
    """Why the reader, or somebody else of that name, may or may not do the action."""
    verb, rule = _DONE.get(action, action), decision.rule
    who = f"{person or 'You'} {'can' if decision.allowed else 'cannot'} {verb} this"
    if rule is None:
        nearest = tuple(miss.sentence for miss in decision.missing)
        return Explanation(f"{who} because no rule, membership or share allows it.", "", nearest)
    return Explanation(f"{who} because {ground(rule, names, told=not person)}.", place_of(rule))


def ground(rule: Rule, names: Names = no_names, *, told: bool) -> str:
    """What stands after "because" where this rule decides, to the reader (`told`) or about somebody else."""
    return _Ground(rule, names, told).text()


def but_not(decision: Decision, obj: Object, *, can: str, action: str) -> str:
    """What the reader can do and what they cannot, of whatever was refused; it tells of no rule but their own.

    Whom a deny keeps out, and what others may, is not the reader's business: they were given no more, and that is all.
    """
    verb = _DONE.get(action, action)
    own = next((_own_limit(miss, verb, obj) for miss in decision.missing if miss.column in _OWN), "")
    because = own or "you were given no more than that"
    return f"You can {_DONE.get(can, can)} this, but not {verb} it, because {because}."


def _own_limit(miss: Miss, verb: str, obj: Object) -> str:
    """What keeps a rule that is for the reader from reaching this thing."""
    if miss.column == "until":
        return f"your right to {verb} it ended on {spoken(miss.rule.until)}"
    if miss.column == "state":
        return f"your right to {verb} is not for what is {'a draft' if obj.state == 'draft' else obj.state}"
    return f"your right to {verb} does not reach what is marked {obj.marking}"


def describe(rule: Rule, names: Names = no_names) -> str:
    """One rule as a list shows it: where it stands, what it does, and its reason."""
    reason = f": {rule.reason}" if rule.reason.strip("-") else ""
    until = f",{_until(rule)}" if rule.until != "-" else ""
    return f"{place_of(rule)}: {rule.effect} {whom(rule.who, names)} {rule.can} on {rule.where}{until}{reason}"


def _until(rule: Rule) -> str:
    return "" if rule.until == "-" else f" until {spoken(rule.until)}"


@dataclass(frozen=True)
class _Ground:
    """What stands after "because", to the reader (`told`) or about somebody else."""

    rule: Rule
    names: Names
    told: bool

    @property
    def they(self) -> str:
        return "you" if self.told else "they"

    @property
    def them(self) -> str:
        return "you" if self.told else "them"

    @property
    def their(self) -> str:
        return "your" if self.told else "their"

    def text(self) -> str:
        """The ground with its end and its reason."""
        rule = self.rule
        if rule.file.startswith("audience:"):
            return self._audience()
        if rule.file.startswith(VOICE):
            return self._voices()
        granted = rule.file.startswith("grants:")
        woven, until = "" if granted else clause(rule.reason), _until(rule)
        if rule.effect == "deny":
            return f"{woven}: {self._kept_out()}{until}" if woven else self._in_brackets(self._kept_out())
        if not woven:
            return self._in_brackets(self._granted() if granted else self._ruled())
        enough = rule.who == "all-staff" or (rule.who.startswith("org:") and self._told_in(woven))
        return f"{woven}{until}" if enough else f"{woven}{until} and {self._ruled()}"

    def _in_brackets(self, ground: str) -> str:
        reason = tidy(self.rule.reason)
        return f"{ground}{_until(self.rule)} ({reason})" if reason else f"{ground}{_until(self.rule)}"

    def _told_in(self, woven: str) -> bool:
        """Whether the reason itself names whom the rule is for."""
        return names_one_of(woven, (self.names(self.rule.who), self.rule.who.partition(":")[2]))

    @property
    def _owner(self) -> str:
        """Whose rule it is; empty where that is not known."""
        return "" if self.rule.scope == PLATFORM else self.names(self.rule.scope)

    def _by(self) -> str:
        of = " of the whole hub" if self.rule.scope == PLATFORM else f" of {self._owner}" if self._owner else ""
        return f"a rule{of}"

    def _ruled(self) -> str:
        """The ground of a line of a policy file."""
        who, named, owner = self.rule.who, self.names(self.rule.who), self._owner
        giver = "the whole hub" if self.rule.scope == PLATFORM else owner
        kind = who.partition(":")[0]
        if kind == "org" and named and named == owner:
            return f"{self.they} work at {named}"
        shared = named or f"{self.their} organisation"
        return {
            "all-staff": f"{giver} opens it to {_STAFF}" if giver else f"it is open to {_STAFF}",
            "own-organisation": f"it belongs to {self.their} own organisation",
            "document-owner": f"{self.they} are its owner",
            "org": f"{giver} shares it with {shared}" if giver else f"it is shared with {shared}",
            "group": f"{self.they} are in the group {named}" if named else f"{self.they} are in a group that may",
            "guest": f"{owner} admitted {self.them} as a guest" if owner else f"{self.they} were admitted as a guest",
        }.get(kind, f"{self._by()} names {self.them}")

    def _granted(self) -> str:
        """The ground of a membership, a share or a guest's admission."""
        rule, giver = self.rule, self.names(self.rule.file)
        kind, node = rule.who.partition(":")[0], rule.where.removeprefix("node:")
        if node.startswith(HOME):
            return f"{self.they} are a guest of {self._owner}" if self._owner else f"{self.they} are a guest here"
        thing = "it" if is_inside(node) else self.names(node) or "the place that it lies in"
        if kind == "guest":
            return f"{giver} admitted {self.them} to {thing}" if giver else f"{self.they} were admitted to {thing}"
        if kind == "person" and is_inside(node):
            return f"{giver} shared it with {self.them}" if giver else f"it is shared with {self.them}"
        if kind == "person":
            role = ROLE_OF.get(rule.can, rule.can)
            made = f"{'an' if role[0] in 'aeiou' else 'a'} {role} of {thing}"
            return f"{giver} made {self.them} {made}" if giver else f"{self.they} were made {made}"
        named = self.names(rule.who)
        whom_ = (f"the group {named}" if named else f"a group that {self.they} are in") if kind == "group" else named
        whom_ = whom_ or f"{self.their} organisation"
        return f"{giver} shared {thing} with {whom_}" if giver else f"{thing} is shared with {whom_}"

    def _audience(self) -> str:
        """The ground of what a space's own audience gives."""
        node = self.rule.where.removeprefix("node:")
        if node.startswith(HOME):
            seen_by = _STAFF if self.rule.who == "all-staff" else "the staff of its own organisation"
            return f"{seen_by} may know that this space is there"
        return f"{self.names(node) or 'the space that it lies in'} is open to {_STAFF}"

    def _voices(self) -> str:
        """The ground of what a space says of who may write in it."""
        node = self.rule.where.removeprefix("node:")
        named = self.names(self.rule.who)
        own = f"the staff of {named}" if named else "the staff of the organisation that owns it"
        whose = _STAFF if self.rule.who == "all-staff" else own
        return f"{self.names(node) or 'the space that it lies in'} lets {whose} write in it"

    def _kept_out(self) -> str:
        """The ground of a deny."""
        whom_ = whom(self.rule.who, self.names, handles=False)
        doing = _DOING.get(self.rule.can)
        return f"{self._by()} keeps {whom_} from {doing} it" if doing else f"{self._by()} keeps out {whom_}"


def whom(who: str, names: Names = no_names, *, handles: bool = True) -> str:
    """Whom a rule's `who` means, as a part of a sentence: everyone at York, the group Legal, its owner.

    Without a name the handle is shown, or with `handles` false, nothing that tells one from another.
    """
    if who == f"{EVERYONE_BUT}all-staff":
        return "guests"
    if who.startswith(EVERYONE_BUT):
        return f"everyone but {whom(who.removeprefix(EVERYONE_BUT), names, handles=handles)}"
    known = {
        "all-staff": _STAFF,
        "own-organisation": "the staff of the organisation that it belongs to",
        "document-owner": "its owner",
    }
    if who in known:
        return known[who]
    kind, _, handle = who.partition(":")
    shown = names(who) or (handle if handles else "")
    nameless = {
        "org": "everyone at one organisation",
        "group": "one group",
        "guest": "one guest",
        "person": "one person",
    }
    named = {"org": f"everyone at {shown}", "group": f"the group {shown}", "guest": f"the guest {shown}"}
    return named.get(kind, shown) if shown else nameless.get(kind, who)
