"""What nobody types but anybody can send: every field of every form, with letters that no database or page expects."""

import time
from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from hub.access.models import Person
from hub.features.asking.reaching import reach_round
from hub.ground.db import Database
from hub.mail.service import Letter, post
from tests import WHOLE, some
from tests.databases import SQLITE
from tests.hub.once import Begin
from tests.hub.world import World

pytestmark = pytest.mark.long

ODD = {
    "a NUL": "Plan\0 of 2027",
    "rare letters": "\u200b\u202egnp.exe\u2066\U0001f3db\U000e0041\x1b[31m\r\nBcc: x@example.org\x07",
    "huge": "9" * 5_000,
}
VAST = '“-/:,;"\n' * 125_000
LONGEST_ADDRESS = 20_000
"""Characters that an address can have, as far as servers go."""
LONGEST = 2.0
"""Seconds of processor time in which a field of a million characters is answered, and mostly refused in words."""
FIELDS = ".//input|.//select|.//textarea|.//button"
TYPED = ".//input[not(@type) or @type='text' or @type='search' or @type='email' or @type='hidden']|.//textarea"
PAGES = (
    "/", "/search", "/search?q=flood", "/organisations", "/places/leeds", "/places/leeds/housing", "/ask-for-access",
    "/people", "/people?q=ann", "/me/profile", "/me/photo", "/ask/leeds/ann",
    "/my-requests", "/requests", "/admin/leeds", "/admin/leeds/people", "/admin/leeds/people/add",
    "/admin/leeds/people/import", "/admin/leeds/people/ann", "/admin/leeds/groups", "/admin/leeds/groups/editors?q=a",
    "/admin/leeds/guests", "/admin/leeds/guests/add", "/admin/leeds/organisation", "/admin/leeds/issuer",
    "/admin/leeds/issuer/failed",
    "/admin/leeds/records", "/admin/leeds/retention",
    "/admin/leeds/policy", "/admin/leeds/policy/edit", "/admin/platform", "/admin/platform/organisations/add",
    "/admin/platform/organisations/york", "/admin/platform/administrators?q=a", "/admin/platform/mail",
    "/admin/platform/policy/edit", "/places/leeds/housing/why",
)  # fmt: skip


def the_town(world: World) -> None:
    """Ada may do everything at Leeds, and looks after the hub."""
    world.set_policy("platform", "allow,person:leeds/ada,administer,*,any,any,-,She looks after the hub")
    world.add_organisation(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff",
        "allow,person:leeds/ada,manage,leeds,any,any,-,Ada manages",
        "allow,person:leeds/ada,administer,leeds,any,any,-,Ada administers",
        "allow,person:leeds/ada,keep-records,leeds,any,any,-,Ada answers requests",
    )
    world.add_organisation("york")
    world.add_person("leeds/ada")
    world.add_person("leeds/ann", "leeds/editors")
    world.add_person("york/bo")
    world.add_space("leeds/housing", "restricted")
    world.add_folder("leeds/housing/damp")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    return world


def pages_of(world: World) -> list[str]:
    """Every page that has a form."""
    plan = world.add_document("leeds/housing", "Flood plan", owner="person:leeds/ada").removeprefix("doc:")
    draft = world.add_document("leeds/housing", "Draft", state="draft", owner="person:leeds/ada").removeprefix("doc:")
    with world.work() as uow:
        space, folder = world._place(uow, "leeds/housing").id, world._place(uow, "leeds/housing/damp").id
        ann = uow.session.scalars(select(Person).where(Person.handle == "leeds/ann")).one()
        ann.email = "ann@leeds.example"
        letter = post(uow, Letter(to=ann, subject="Hello", lines=("Hello",)))
    world.client("york/bo").post("/ask-for-access", data={"address": "/places/leeds/housing", "reason": "Floods"})
    reach_round(world.parts)
    world.index_all()
    ada = world.client("leeds/ada")
    asked = html.fromstring(ada.get("/requests").text).xpath("//a[starts-with(@href, '/requests/')]/@href")
    found = [*PAGES, *asked, *(f"{each}/decline" for each in asked), f"/admin/platform/mail/{letter}"]
    found += [
        f"/documents/{plan}{end}" for end in ("", "/edit", "/marking", "/archive", "/withdraw", "/compare", "/why")
    ]
    found += [f"/documents/{draft}/publish", f"/documents/{draft}/delete", f"/move/document/{plan}"]
    found += [f"/share/document/{plan}?find=a", f"/share/document/{plan}/add?who=person:leeds/ann"]
    found += [f"/members/{space}?find=a", f"/members/{space}/add?who=person:leeds/ann", f"/upload/{space}"]
    found += [f"/upload/{space}?as=text", f"/make/{space}", f"/make/{space}?kind=folder", f"/settings/{space}"]
    return [*found, f"/move/{folder}", f"/delete/{folder}", f"/state/{folder}/archive", f"/state/{folder}/withdraw"]


def tried(
    client: FlaskClient, pages: Sequence[str], odd: str, *, kinds: str = FIELDS, longest: float = 60.0
) -> tuple[int, list[str]]:
    """How many fields of these `kinds` were sent, and which were answered with a fault of ours, or too late."""
    sent, found, seen = 0, [], set()
    for page in pages:
        shown = client.get(page)
        if shown.status_code != 200:  # what was sent before has put it away
            continue
        for form in html.fromstring(shown.text).iter("form"):
            fields = {k: v or "" for k, v in dict(form.form_values()).items()}
            names = {each.get("name") for each in form.xpath(kinds)} - {None}
            for name in sorted(names - {"csrf_token", "file"}):
                how = "POST" if (form.get("method") or "get").lower() == "post" else "GET"
                action = form.get("action") or page
                if (how, action, name) in seen:  # the search that stands on every page
                    continue
                seen.add((how, action, name))
                sent += 1
                given = fields | {name: odd if how == "POST" else odd[:LONGEST_ADDRESS]}
                sends = {"data": given} if how == "POST" else {"query_string": given}
                began = time.process_time()
                answer = client.open(action, method=how, **sends)
                took = time.process_time() - began
                if answer.status_code >= 500 or took > longest:
                    found.append(f"{how} {action} {name}: {answer.status_code}, {took:.1f} s")
    return sent, found


@pytest.mark.parametrize("odd", ODD)
def test_no_field_of_any_form_breaks_the_hub(town: World, odd: str) -> None:
    """On a person's machine: of every fourth page."""
    pages = some(pages_of(town))
    sent, found = tried(town.client("leeds/ada"), pages, ODD[odd])
    assert sent > (100 if WHOLE else 10)
    assert found == []


@pytest.mark.parametrize("database", [SQLITE], indirect=True)  # nothing that is refused reaches a database
def test_a_million_characters_in_any_field_are_answered_in_words_and_at_once(town: World) -> None:
    """Whatever a field is for, and whoever forgets to bound it. On a person's machine: of every fourth page."""
    sent, found = tried(town.client("leeds/ada"), some(pages_of(town)), VAST, kinds=TYPED, longest=LONGEST)
    assert sent > (50 if WHOLE else 5)
    assert found == []


def test_a_title_that_nobody_can_see_is_no_title(town: World) -> None:
    """Zero width and marks of direction alone; letters beside them are well."""
    ada = town.client("leeds/ada")
    with town.work() as uow:
        folder = town._place(uow, "leeds/housing/damp").id
    for name, status in (("\u200b\u2060\ufeff", 400), ("\u202e", 400), ("Damp \u200f\u05d0", 303)):
        assert ada.post(f"/settings/{folder}", data={"name": name}).status_code == status
    assert ada.get("/search?q=%E2%80%8B").status_code == 200
