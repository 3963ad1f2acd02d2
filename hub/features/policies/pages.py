"""Pages of policies: whether somebody may do something, and by which rules."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Action, Choice, Page, RuleShown, Whose


@dataclass(frozen=True, slots=True)
class Offered:
    """Someone found by name who can be asked about."""

    name: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that would have allowed it but for one thing."""

    sentence: str
    """"Would, but it ended on 31 March 2026"."""
    rule: RuleShown


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one person may do one thing now, and why."""

    allowed: bool
    sentence: str
    """"Ben Atkinson can read this because …": the same as `hub policy explain` says."""
    decided: RuleShown | None
    others: tuple[RuleShown, ...] = ()
    """The other rules that match."""
    nearest: tuple[Near, ...] = ()
    """Where no rule allows it and none refuses it."""
    turns: tuple[Action, ...] = ()
    """The same question about other acts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyPage(Page):
    """`/documents/<id>/why` and `/places/<path>/why?who=WORD&can=read`: for those who manage the thing."""

    template: ClassVar[str] = "policies/why.html"

    title: str = "Can somebody do this?"
    whose: Whose
    thing: str
    thing_href: str
    action: str
    """The page's own address."""
    audience_href: str = ""
    """Who can see it."""
    who: str = ""
    """Name of the person who is asked about, or what was typed."""
    choices: tuple[Choice, ...]
    can: str
    offers: tuple[Offered, ...] = ()
    """Several found by that name."""
    nobody: bool = False
    """Whether nobody was found."""
    answer: Answer | None = None
