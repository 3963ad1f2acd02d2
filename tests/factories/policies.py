"""Examples of "Can somebody do this?"."""

from dataclasses import replace
from typing import Final

from hub.features.policies.pages import Answer, Near, Offered, WhyPage
from hub.web.pages import Action, Choice, Page, RuleShown
from tests.factories.page_values import FLOOD, HOUSING, LEEDS, LONG_WORD, WHOSE, WHY_MANAGED

ACTS: Final = (("read", "Read it"), ("comment", "Comment on it"), ("edit", "Edit it"), ("manage", "Manage it"))
GIVEN: Final = RuleShown(
    "A membership, given by Sam Okafor",
    sentence="Lets: Sam Okafor made them a reader of Flood plan.",
    href="/members/p1",
    link="Members",
)


def policies() -> dict[str, Page]:
    """Asked about nobody, about several, about nobody who is there; yes, no by a deny, no by nothing."""
    nobody = WhyPage(
        crumbs=(LEEDS, HOUSING, FLOOD),
        whose=WHOSE,
        thing="Flood plan for the lower Aire valley",
        thing_href="/documents/d000000001",
        action="/documents/d000000001/why",
        audience_href="/audience/document/d000000001",
        choices=tuple(Choice(act, text) for act, text in ACTS),
        can="read",
    )
    rule = WHY_MANAGED.rule
    assert rule is not None
    yes = Answer(
        allowed=True,
        sentence="Ben Atkinson can read this because Leeds shares its flood plan with York until 31 March 2027.",
        decided=rule,
        others=(GIVEN, replace(rule, source=f"{LONG_WORD} line 2")),
        turns=tuple(Action(text, "/documents/d1/why", primary=act == "read") for act, text in ACTS),
    )
    no = replace(yes, allowed=False, sentence="Ben Atkinson cannot read this because a rule keeps out guests.")
    return {
        "why-asked": nobody,
        "why-several": replace(
            nobody, who="Ann", offers=tuple(Offered(n, "leeds/ann", "/x") for n in ("Ann Lee", "An"))
        ),
        "why-nobody": replace(nobody, who="Zoe", nobody=True),
        "why-yes": replace(nobody, who="Ben Atkinson", answer=yes),
        "why-no": replace(nobody, who="Ben Atkinson", answer=no),
        "why-near": replace(
            nobody,
            who="Ben Atkinson",
            answer=replace(
                no,
                decided=None,
                others=(),
                nearest=(Near("Would, but it ended on 31 March 2026", rule), Near("x", GIVEN)),
            ),
        ),
    }
