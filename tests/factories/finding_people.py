"""Examples of the profile and of the people finder."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from hub.features.people.forms import show_choices
from hub.features.people.pages import (
    Answer,
    AskBoxPage,
    AskPage,
    FiguresPage,
    FinderPage,
    PersonCard,
    PhotoPage,
    ProfilePage,
    Reason,
)
from hub.nouns.people.pages import Away, ProfileShown
from hub.web.assets import FOLDER, read_assets
from hub.web.pages import Action, Choice, Crumb, Page, Problem, Send, Tab, Who, Whose
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD, SPACES

PRIYA: Final = Who("Priya Nair", "City of York Council", "/people/york/priya-nair")
AWAY: Final = Away("Away until 4 December", Who("Tom Ellis", "Hull City Council", "/people/hull/tom-ellis"))
SAID: Final = ProfileShown(
    called="PREE-ya",
    team="Flood resilience",
    place="West Offices",
    services=(("Flooding and drainage", "/people?service=flooding"), ("Housing", "/people?service=housing")),
    skills=(("flood modelling", "/people?skill=flood+modelling"), (LONG_WORD, "/people?skill=x")),
    languages="Hindi",
    ask_about="silt sensors",
    learning="budgets",
    working_days="Monday to Thursday",
    contact="01904 555 123",
    away=AWAY,
    confirmed_on=date(2026, 11, 3),
)
SERVICES: Final = (Choice("flooding", "Flooding and drainage"), Choice("housing", "Housing"))
PROFILE: Final = ProfilePage(
    action="/me/profile",
    cancel_href="/people/york/priya-nair",
    name="Priya Nair",
    organisation="City of York Council",
    email="priya.nair@york.example",
    confirmed_on=date(2026, 11, 3),
    called="PREE-ya",
    job="Flood engineer",
    team="Flood resilience",
    services=SERVICES,
    chosen=("flooding", "", ""),
    place="West Offices",
    work_for="page",
    skills="flood modelling, Excel",
    others=("chairing", "Welsh"),
    languages="Hindi",
    ask_about="silt sensors",
    learning="",
    knows_for="council",
    working_days="",
    contact="",
    reach_for="self",
    away_from="2026-12-01",
    away_until="2026-12-04",
    stand_in="Tom",
    stand_ins=(),
    stand_in_is="x1",
    away_for="page",
    shows=show_choices("York City Council"),
    seen_outside=False,
)
NEW: Final = replace(PROFILE, confirmed_on=None, email="", others=(), stand_in="", stand_in_is="")
WRONG: Final = replace(
    PROFILE,
    problems=(
        Problem("stand_in_is", "Choose one of them"),
        Problem("away_until", "Enter a day"),
        Problem("skills", "x"),
    ),
    stand_ins=(Choice("x1", "Tom Ellis of Hull City Council", "Engineer"), Choice("x2", "Tom Reed")),
    away_until="soon",
)
FOUND: Final = FinderPage(
    follow=Send("Tell me when somebody asks about it", "/follow/skill", (("skill", LONG_WORD), ("on", "yes"))),
    query="flood modelling",
    asked=True,
    skill="",
    place="",
    service="",
    services=SERVICES,
    organisation="york",
    organisations=(Choice("york", "City of York Council"),),
    filtered=True,
    clear_href="/people?q=flood+modelling",
    total=1_000,
    more=True,
    cards=(
        PersonCard(
            who=PRIYA,
            job="Flood engineer",
            says=("flood modelling",),
            reasons=(
                Reason("3 accepted answers in Flood Forum", (Action("Silt sensors?", "/threads/t1"),)),
                Reason("Wrote 2 documents that you can read"),
            ),
            away=AWAY,
            ask_href="/ask/york/priya-nair",
        ),
        PersonCard(who=Who(LONG_WORD, "Hull City Council")),
    ),
    links=page_links(1, 20, 1_000, lambda number: f"/people?page={number}"),
)
NOBODY: Final = replace(FOUND, total=0, more=False, cards=(), links=page_links(1, 20, 0, str), filtered=False)


PHOTO: Final = PhotoPage(
    action="/me/photo",
    back_href="/people/york/priya-nair",
    name="Priya Nair",
    src=read_assets(FOLDER)["touch-icon.png"].href,
    kept_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    shown_to="page",
    shows=show_choices("York City Council"),
    remove=Send("Remove the photograph", "/me/photo/remove"),
)


FIGURES: Final = FiguresPage(
    whose=Whose("Leeds City Council", "/places/leeds"),
    tabs=(Tab("Overview", "/places/leeds/forum"), Tab("Settings", "/settings/x", current=True)),
    days=90,
    asked="1,204",
    answered="980",
    first_answer="3 hours",
    saved="311",
)


def people_examples() -> dict[str, Page]:
    """Every page, full and empty."""
    return {
        "profile": PROFILE,
        "profile-new": NEW,
        "profile-wrong": WRONG,
        "photo": PHOTO,
        "photo-none": replace(PHOTO, src="", kept_at=None, remove=None),
        "photo-wrong": replace(PHOTO, problems=(Problem("photo", "The photograph must be 8 MB or smaller"),)),
        "figures": FIGURES,
        "figures-few": replace(FIGURES, asked="fewer than 5", answered="0", first_answer="", saved="0"),
        "people": FOUND,
        "people-first": replace(
            NOBODY, asked=False, query="", cards=FOUND.cards, skills=(Action("chairing", "/people?skill=chairing"),)
        ),
        "people-nobody": NOBODY,
        "people-engine-down": replace(NOBODY, engine_down=True),
        "people-too-much": replace(NOBODY, problems=(Problem("q", "Your search is too long"),)),
        "ask-somebody": AskPage(
            title="Ask Priya Nair of York",
            crumbs=(Crumb("Priya Nair", "/people/york/priya-nair"),),
            away=AWAY,
            spaces=SPACES[:2],
        ),
        "ask-box": AskBoxPage(),
        "ask-box-answers": AskBoxPage(
            question="How do you register flood wardens?",
            at="p4k9x2m7qa",
            answers=(
                Answer(
                    title="Wardens?",
                    href="/threads/t1",
                    kind="Question",
                    stage="Answered",
                    tone="public",
                    place="Flood plan",
                ),
                Answer(title=LONG_WORD, href="/documents/d1", kind="PDF"),
            ),
            people=FOUND.cards,
            spaces=SPACES,
        ),
        "ask-box-nothing": AskBoxPage(question="Nothing?", engine_down=True),
        "ask-nowhere": AskPage(title="Ask Priya Nair of York", away=None, spaces=()),
    }
