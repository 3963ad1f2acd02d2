"""Says why, for a reader: one plain sentence, then file and line. Names come from whoever holds the tables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from acl.cells import EVERYONE_BUT
from acl.gate import Decision
from acl.misses import place_of, spoken
from acl.rules import PLATFORM, Rule

Names = Callable[[str], str]
"""The name to show for a key, or an empty string where none is known.

Keys: `org:york`, `group:york/legal`, `person:york/sam`, `guest:acme/maria`; a scope's node id (`platform` too); and
`grants:ID`, whose name is that of the grant's giver.
"""

_DONE: Final = {"manage": "manage", "edit": "edit", "comment": "comment on", "read": "read", "administer": "administer"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence, where its ground stands (`leeds.csv line 14`; empty without one), and what was nearest if refused."""

    sentence: str
    source: str
    nearest: tuple[str, ...] = ()


def no_names(_: str) -> str:
    """A lookup that knows nobody: handles are shown as they are."""
    return ""


def explain(decision: Decision, action: str, names: Names = no_names) -> Explanation:
    """Why the reader may or may not do the action."""
    verb = _DONE.get(action, action)
    rule = decision.rule
    if rule is None:
        nearest = tuple(miss.sentence for miss in decision.missing)
        return Explanation(f"You cannot {verb} this: no line, membership or share allows it.", "", nearest)
    can = "can" if decision.allowed else "cannot"
    reason = rule.reason.strip(" -.") or "no reason was given"
    return Explanation(f"You {can} {verb} this because: {reason} ({_ground(rule, names)}).", place_of(rule))


def describe(rule: Rule, names: Names = no_names) -> str:
    """One rule as a list shows it: where it stands, what it does, and its reason."""
    reason = f": {rule.reason}" if rule.reason.strip("-") else ""
    return f"{place_of(rule)}: {rule.effect} {whom(rule.who, names)} {rule.can} on {rule.where}{_until(rule)}{reason}"


def _ground(rule: Rule, names: Names) -> str:
    if rule.file.startswith("grants:"):
        giver = names(rule.file)
        return f"given to {whom(rule.who, names)}{f' by {giver}' if giver else ''}{_until(rule)}"
    if rule.file.startswith("audience:"):
        return f"the space's audience, for {whom(rule.who, names)}"
    scope = names(rule.scope) or ("the platform" if rule.scope == PLATFORM else rule.file)
    return f"{_possessive(scope)} rule for {whom(rule.who, names)}{_until(rule)}"


def _until(rule: Rule) -> str:
    return "" if rule.until == "-" else f", until {spoken(rule.until)}"


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def whom(who: str, names: Names = no_names) -> str:
    """Whom a rule's `who` means, as a part of a sentence: everyone at York, the group Legal, its owner."""
    if who.startswith(EVERYONE_BUT):
        return f"everyone but {whom(who.removeprefix(EVERYONE_BUT), names)}"
    known = {
        "all-staff": "the staff of every organisation",
        "own-organisation": "the staff of the organisation that it belongs to",
        "document-owner": "its owner",
    }
    if who in known:
        return known[who]
    kind, _, handle = who.partition(":")
    shown = names(who) or handle
    return {"org": f"everyone at {shown}", "group": f"the group {shown}", "guest": f"the guest {shown}"}.get(
        kind, shown
    )
