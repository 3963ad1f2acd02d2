"""Examples of the pages of the demo's tour."""

from dataclasses import replace
from typing import Any, Final

from hub.demo.components import COMPONENTS
from hub.demo.pages import (
    AskedPage,
    Column,
    Crowd,
    EndPage,
    FileLine,
    Paper,
    Persona,
    ReadersPage,
    Reason,
    SearchesPage,
    SharePage,
    StartPage,
    StepLink,
    WhyPage,
)
from hub.features.policies.pages import Answer, Near
from hub.features.talk.post_pages import PostShown
from hub.web.pages import Choice, Page, RuleShown, Send, Who
from tests.factories.page_values import HITS, LONG_WORD, NOW, WHOSE, WHY, WHY_MANAGED

STEPS: Final = ("One search, three people", "Why can I see this?", "Take out a line of policy")
ANN: Final = Persona(
    "Ann Lee",
    "Flood officer",
    "City of York Council",
    Send("Sign in as Ann", "/sign-in/york", (("login_hint", "york/ann-lee"), ("next", "/search?q=flood"))),
)
SAM: Final = Persona(LONG_WORD, "", "Leeds City Council", Send("Sign in as Sam", "/sign-in/leeds"))
PAPER: Final = Paper("Flood plan for the lower Aire valley", "OFFICIAL-SENSITIVE", "draft", WHOSE, "Sam Okafor", "PDF")
LINE: Final = "allow,org:york,read,leeds/flood,up to OFFICIAL,published,2029-03-31,Leeds shares it"


def _every(step: int, **other: Any) -> dict[str, Any]:
    return {
        "title": "See it work",
        "step": step,
        "steps": tuple(StepLink(n, text, f"/demo/{n}", current=n == step) for n, text in enumerate(STEPS, start=1)),
        "lede": "The same words, asked at the same moment.",
        "previous": "/demo",
        "next": "/demo/2",
        "next_text": "Why can I see this?",
    } | other


def tour_examples() -> dict[str, Page]:
    """Each page of the tour by a short name, full and empty."""
    searches = SearchesPage(
        **_every(1, yourself=("Choose a person.",), waiting=120),
        query="flood",
        words=("flood", "damp"),
        columns=(
            Column(ANN, total=29, hits=HITS[:2], notes=("Found by Sam",) * 2, own=HITS[2:], more=26, told="1 alone."),
            Column(SAM),
            Column(replace(ANN, name="Bo Hill"), down=True),
        ),
    )
    lines = (FileLine(9, "allow,all-staff,read,leeds,only PUBLIC,published,-,Open"), FileLine(10, LINE, "mark"))
    return {
        "components": COMPONENTS,
        "tour": StartPage(**_every(0, previous="")),
        "tour-searches": searches,
        "tour-policy": replace(
            searches,
            step=3,
            words=(),
            where="Joint flood plan",
            waiting=0,
            file="organisations/leeds.csv",
            path="/srv/hub/features/policies/organisations/leeds.csv",
            lines=lines,
            state="York’s line is in the file.",
            do=Send("Take York’s line out", "/demo/4", kind="warning"),
            put_back=Send("Put everything back", "/demo/put-back"),
        ),
        "tour-policy-out": replace(
            searches, step=3, words=(), file="x.csv", lines=(lines[0], FileLine(10, LINE, "gone"))
        ),
        "tour-why": WhyPage(
            **_every(2),
            document=PAPER,
            manager="Tomasz Nowak",
            reasons=(
                Reason(ANN, WHY, Answer(allowed=True, sentence="Ann Lee can read this.", decided=WHY_MANAGED.rule)),
                Reason(
                    SAM,
                    managers=Answer(
                        allowed=False,
                        sentence="Sam cannot read this because no rule, membership or share allows it.",
                        decided=None,
                        nearest=(Near("Would, but it ended", RuleShown("leeds.csv line 12", LINE)),),
                    ),
                ),
                Reason(replace(SAM, name="Bo Hill")),
            ),
            opened=True,
        ),
        "tour-share": SharePage(
            **_every(3, do=Send("Share it with York", "/demo/6", kind="primary")),
            document=PAPER,
            shared=False,
            whom="everyone at City of York Council",
            until="20 February 2027",
            foreseen="This shows 1 document to 8 people in 1 organisation, and to no guest.",
            names=("Ann Lee", LONG_WORD),
            readers=14,
            people=44,
            columns=(Reason(ANN, WHY), Reason(SAM)),
        ),
        "tour-readers": ReadersPage(
            **_every(3),
            document=PAPER,
            choices=(Choice("plan", "Joint flood plan"), Choice("case", LONG_WORD)),
            chosen="plan",
            crowds=(
                Crowd(
                    "City of York Council",
                    ("Ann Lee", "Bo Hill"),
                    "Everyone at York: shared",
                    "leeds.csv line 10",
                    LINE,
                ),
                Crowd("Acme Drainage Limited", (LONG_WORD,), "The guest Maria: contract", "Given by Sam Okafor"),
            ),
            readers=3,
            people=44,
        ),
        "tour-asked": AskedPage(
            **_every(3),
            question="How do you register volunteer flood wardens?",
            whose=WHOSE,
            marking="OFFICIAL",
            posts=(
                PostShown(number=1, anchor="post-1", by=Who("Ann Lee", "York"), at=NOW, body="By when? **Friday**."),
                PostShown(number=2, anchor="post-2", by=Who(LONG_WORD), at=NOW, body=LONG_WORD, accepted=True),
            ),
            more=1,
            query="wardens",
            where="conversations",
            columns=(Column(ANN, total=1, hits=HITS[:1], notes=("Found by nobody else here",)), Column(SAM)),
        ),
        "tour-end": EndPage(**_every(4, next=""), commands=(("Start the hub", "export HUB_DATA=/srv/hub\nhub serve"),)),
    }
