"""People carry their organisation on every page, and no handle stands where a name belongs.

Everybody here has a name and a handle that occur nowhere else, and the pages are found by their routes: a new one is
held without anyone's doing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from hub.access.models import Person
from hub.ground.db import Database
from hub.mail.models import SentLetter
from tests.app.test_queries import addresses, things
from tests.hub.once import Begin
from tests.hub.world import World

LATER = date(2026, 12, 31)
ORGANISATIONS = {"leeds": "Leeds City Council", "york": "York City Council", "acme": "Acme Heating"}
PEOPLE = {
    "leeds/mo": "Morwenna Trelawney",
    "leeds/kestrel": "Kasimir Okonjo",
    "leeds/ann": "Annika Lindqvist",
    "leeds/wren": "Wilhelmina Achterberg",
    "york/bo": "Bogumila Zielinska",
    "acme/gus": "Gustavo Fernandes",
    "acme/heron": "Henrietta Fotheringay",
}
HANDLES = re.compile(rf"(?<![\w/.@-])(?:{'|'.join([*PEOPLE, *(h.partition('/')[2] for h in PEOPLE)])})(?![\w/@-])")
POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,all-staff,read,leeds,up to OFFICIAL,published,-,Open to the sector",
    "allow,person:leeds/mo,manage,leeds,any,any,-,The archive is theirs",
    "allow,person:leeds/mo,administer,leeds,any,any,-,They look after it",
    "allow,person:leeds/kestrel,manage,leeds,any,any,-,The plans are theirs",
    "allow,person:leeds/wren,edit,leeds/housing,any,any,-,Helps out",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
)
OPEN = "allow,all-staff,read,{},up to OFFICIAL,published,-,Open to the sector"
BLOCKS = {"tr", "li", "p", "dd", "h1", "h2", "h3", "h4", "summary", "legend", "label", "caption", "td", "th", "article"}
UNREAD = {"script", "style", "template", "code", "pre", "textarea", "nav"}
ROWS = {"tr", "li", "article"}
"""What says it once for everything in it."""
LOOKERS = ("leeds/kestrel", "leeds/ann", "york/bo", "acme/gus")
"""Who administer nothing."""


@dataclass(frozen=True)
class Seen:
    """A page as somebody sees it."""

    who: str
    address: str
    tree: html.HtmlElement


def the_town(world: World) -> None:
    """Leeds, which Morwenna administers and Kasimir manages; somebody of York; two guests."""
    world.set_policy("platform", "allow,person:leeds/mo,administer,*,any,any,-,Runs the hub")
    for slug, name in ORGANISATIONS.items():
        world.add_organisation(slug, *(POLICY if slug == "leeds" else (OPEN.format(slug),)), name=name)
    for handle, name in PEOPLE.items():
        guest = handle.startswith("acme/")
        world.add_person(handle, *(["leeds/editors"] if handle == "leeds/mo" else []), name=name,
                         kind="guest" if guest else "staff")  # fmt: skip
    world.add_space("leeds/housing", "restricted")
    world.add_folder("leeds/housing/plans")
    world.add_space("leeds/tenders", "private")
    for who, can in (("person:york/bo", "edit"), ("person:leeds/ann", "manage")):
        world.give(who, can, "leeds/housing")
    for guest in ("gus", "heron"):
        world.give(f"guest:acme/{guest}", "read", "leeds/housing", source="guest", until=LATER)


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.mark.long
def test_people_carry_their_organisation_and_no_handle_stands_for_them(town: World) -> None:
    """Every page of a manager, a member, a member of another council and a guest, and what answers their forms."""
    known = things(town)
    asked = {address for each in addresses(town, known).values() for address in each}
    town.index_all()
    named: set[str] = set()
    faults: list[str] = []
    for who in (*LOOKERS, "leeds/mo"):
        client = town.client(who)
        for seen in pages(client, who, sorted(asked), known):
            faults += [*unaccompanied(seen), *(handles(seen) if who in LOOKERS else [])]
            named |= {name for name in PEOPLE.values() if name in text_of(seen.tree)}
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert named == set(PEOPLE.values()), "pages on which everybody is named"


def test_letters_name_people_with_their_organisation(town: World) -> None:
    with town.work() as uow:
        for person in uow.session.scalars(select(Person)):
            person.email = f"{person.id}@example.org"
    things(town)
    with town.work() as uow:
        lines = [letter.lines for letter in uow.session.scalars(select(SentLetter))]
    assert any("Bogumila Zielinska of York City Council" in line for line in lines), lines
    assert not [line for line in lines if HANDLES.search(line)]


def pages(client: FlaskClient, who: str, asked: list[str], known: dict[str, str]) -> Iterator[Seen]:
    """Every page that somebody gets: by its address, and as the answer to a form."""
    place, document = known["place_id"], f"/documents/{known['document_id']}"
    more = [f"/members/{place}?find=zielinska", f"/members/{place}/add?who=person:york/bo"]
    shared = f"/share/document/{known['document_id']}"
    more += [shared, f"{shared}?find=zielinska", f"{shared}/add?who=person:york/bo", f"{document}/revisions"]
    more += [f"{document}/why?find=a", f"{document}/why?who=guest:acme/gus&can=edit", "/search?q=flood"]
    for address in (*asked, *more):
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield Seen(who, address, html.fromstring(answer.text))
    told = {"role": "editor", "until": "2027-03-31", "reason": "Joint work"}
    for address, fields in (
        (f"/members/{place}/add", {"who": "person:york/bo", **told}),
        (f"/members/{place}/add", {"who": "guest:acme/gus", **told}),
        (f"{shared}/add", {"who": "person:york/bo", **told}),
        (f"/settings/{place}", {"name": "Housing", "audience": "open"}),
        (f"{document}/edit", {"name": "Flood plan", "body": "Mine.", "based_on": "1"}),
        (f"/requests/{known['request_id']}", told | {"role": "reader"}),
    ):
        answer = client.post(address, data=fields)
        if answer.mimetype == "text/html" and answer.status_code in (200, 400, 409):
            yield Seen(who, f"POST {address}", html.fromstring(answer.text))


def unaccompanied(seen: Seen) -> Iterator[str]:
    """Where somebody other than the reader is named without their organisation."""
    for handle, name in PEOPLE.items():
        slug = handle.partition("/")[0]
        own = seen.address in (f"/people/{handle}", f"/admin/{handle.replace('/', '/people/')}")
        if handle == seen.who or own or f"/admin/{slug}/" in f"{seen.address}/":
            continue
        for node in seen.tree.xpath("//body//text()[normalize-space()]"):
            if name in node and not hidden(node.getparent()):
                said = said_around(node.getparent())
                if ORGANISATIONS[slug] not in said:
                    yield f"{seen.who} at {seen.address}: “{said}” names {name} without {ORGANISATIONS[slug]}"


def handles(seen: Seen) -> Iterator[str]:
    """Where a handle is to be read."""
    for node in seen.tree.xpath("//body//text()[normalize-space()]"):
        if not hidden(node.getparent()) and (found := HANDLES.search(node)):
            yield f"{seen.who} at {seen.address}: “{said_around(node.getparent())}” has {found[0]}"


def hidden(node: html.HtmlElement) -> bool:
    """Whether it is no text of a page: scripts, lines of a policy file, a letter as its receiver reads it."""
    return any(each.tag in UNREAD for each in ancestors(node))


def said_around(node: html.HtmlElement) -> str:
    """The sentence, or the row of a list, that something stands in."""
    chain = ancestors(node)
    row = next((each for each in chain if each.tag in ROWS), None)
    block = row if row is not None else next((each for each in chain if each.tag in BLOCKS), chain[0])
    return text_of(block)


def ancestors(node: html.HtmlElement) -> list[html.HtmlElement]:
    return [node, *node.iterancestors()]


def text_of(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())
