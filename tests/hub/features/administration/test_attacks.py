"""Administrators who reach for what is not theirs."""

import re
from html import unescape

from sqlalchemy import select

from federation.validate import IdToken
from hub.access.models import Person
from hub.features.signin.identities import recognise
from hub.features.signin.models import Issuer
from hub.nouns.organisations.service import add_domain
from tests.hub.features.administration.test_guests import admit, agreed, fields, tender  # noqa: F401
from tests.hub.features.signin.browser import HUB, SignInWorld

LINK = r"http://localhost:8000/sign-in\?link=[\w-]+"


def test_yorks_link_to_a_guest_whom_leeds_admitted_opens_nothing_of_leeds(tender: SignInWorld) -> None:  # noqa: F811
    """Who opens it becomes York's own Maria, who holds nothing that Leeds gave; and Leeds' link goes on to work."""
    tender.add_space("york/plans", "restricted", name="Plans")
    link = re.search(LINK, admit(tender))[0]  # type: ignore[index]
    with tender.work() as uow:
        space = tender.place(uow, "york/plans").id
    answer = agreed(tender.client("york/yara"), "/admin/york/guests/add", fields(tender, space=space, sponsor="yara"))
    yorks = re.search(LINK, answer.text)[0]  # type: ignore[index]
    with tender.work() as uow:
        acme = tender.place(uow, "acme")
        issuer = uow.session.scalars(select(Issuer).where(Issuer.organisation_id == acme.id)).one()
        add_domain(uow, acme, "acme.example")
        told = {"sub": "mallory", "email": "maria@acme.example", "email_verified": True}
        token = IdToken(issuer.issuer, "mallory", told, "")
        mallory = recognise(uow, tender.parts, issuer, token, yorks.partition("link=")[2]).handle
    client = tender.client(mallory)
    assert client.get("/places/york/plans").status_code == 200
    assert client.get("/places/leeds/tenders").status_code == 404
    assert "Flood walls" not in client.get("/search?q=flood").text
    maria = tender.browser()
    maria.get(link.removeprefix(HUB))
    assert "Maria Lopez" in maria.get("/sign-in/link/whose").text


IMPORT = "/admin/leeds/people/import"
LINES = (
    ("allow,org:leeds,read,york/{},any,any,-,For a test", "merger", "other-plan"),
    ("allow,group:york/{},read,leeds,any,any,-,For a test", "merger-team", "another-team"),
    ("allow,guest:acme/{},read,leeds,any,any,-,For a test", "gus", "gun"),
)


def test_the_checker_tells_leeds_nothing_of_what_is_of_others(town: SignInWorld) -> None:
    """Byte for byte: a confidential space and a group of York, a guest of York's, and none."""
    town.add_organisation("acme", kind="supplier")
    town.add_space("york/merger", "confidential")
    town.add_person("york/zed", "york/merger-team")
    town.add_person("acme/gus", kind="guest")
    sam = town.client("leeds/sam")
    own = "allow,group:leeds/administrators,administer,leeds,any,any,-,They look after it"
    heading = "effect,who,can,where,marking,state,until,reason"

    def said(line: str, word: str) -> str:
        text = "\n".join((heading, own, line.format(word), ""))
        page = sam.post("/admin/leeds/policy/edit", data={"text": text, "do": "check"})
        assert "Check again" in page.text
        return re.sub(r'value="[^"]{64,}"', "", unescape(page.text).replace(word, "WORD"))

    for line, real, other in LINES:
        assert said(line, real) == said(line, other)


def test_nobody_takes_the_address_of_a_form(town: SignInWorld) -> None:
    """A person of the handle leeds/add had no page, and so could not be suspended there."""
    sam = town.client("leeds/sam")
    for name in ("Add", "Import"):
        answer = sam.post("/admin/leeds/people/add", data={"name": name, "email": "", "job": "", "handle": ""})
        assert "give them a longer short name" in answer.text
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Person).where(Person.name.in_(("Add", "Import")))).all()


def test_a_table_that_is_sent_twice_adds_nobody_twice(town: SignInWorld) -> None:
    """By the button pressed twice, or the same file next week; lines without an address too."""
    sam = town.client("leeds/sam")
    sent = {"text": "Name,E-mail\nBo Marsh,\nCy Moss,cy@leeds.example\n", "do": "check"}
    (checked,) = re.findall(r'name="checked" value="([0-9a-f]+)"', sam.post(IMPORT, data=sent).text)
    assert sam.post(IMPORT, data=sent | {"do": "add", "checked": checked}).status_code == 303
    again = sam.post(IMPORT, data=sent | {"do": "add", "checked": checked})
    assert "Somebody of this name is there already" in again.text
    with town.parts.database.reading() as session:
        names = list(session.scalars(select(Person.name).where(Person.name.in_(("Bo Marsh", "Cy Moss")))))
    assert sorted(names) == ["Bo Marsh", "Cy Moss"]
