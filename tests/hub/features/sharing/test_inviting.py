"""Mo of Leeds invites a colleague of York by e-mail: he learns, and they get, nothing before they say yes."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from hub.access.models import Grant, Place
from hub.ground.db import Database
from hub.mail.jobs import letters_round as send_round
from hub.mail.models import SentLetter
from hub.nouns.organisations.service import add_domain
from hub.nouns.people.invitation_letters import letters_round
from hub.nouns.people.invitations import MOST_A_DAY, tidy
from hub.nouns.people.models import Invitation
from search.embedded import EmbeddedEngine
from tests.hub.features.sharing.conftest import fields, settled, words
from tests.hub.features.signin.browser import HUB, Browser, SignInWorld, now
from tests.hub.world import TestClock, make_parts
from tests.peers.hostile import HostileIssuer

FORM = {"email": "bo@york.example", "role": "editor", "until": "", "reason": "We mend the same roofs"}
HIDDEN = "allow,org:{0},read,{0},up to OFFICIAL,published,-,Staff read our work"
"""York's people and places are nobody else's to see."""


@pytest.fixture
def town(database: Database, tmp_path: Path, hostile: HostileIssuer) -> Iterator[SignInWorld]:
    """Leeds, where Mo manages a private space; York, which shows its people to nobody, and where Bo signs in."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = SignInWorld(make_parts(database, engine, tmp_path, clock=TestClock(now())))
        world.join_hostile("york", hostile)
        world.add_organisation("leeds", name="Leeds Council")
        for slug in ("leeds", "york"):
            world.set_policy(slug, HIDDEN.format(slug))
            with world.work() as uow:
                add_domain(uow, world.place(uow, slug), f"{slug}.example")
        world.add_organisation("acme", HIDDEN.format("acme"), name="Acme", kind="supplier")
        for handle in ("leeds/mo", "leeds/ann", "york/cy"):
            world.add_person(handle)
        world.set_status("york/cy", "suspended")
        world.add_person("acme/gus", kind="guest")
        world.add_space("leeds/roofs", "private", name="CANARY roofs")
        world.give("person:leeds/mo", "manage", "leeds/roofs")
        world.expect("york/bo", "ann")
        world.app.config["WTF_CSRF_ENABLED"] = False
        yield world


def place_id(world: SignInWorld) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == "leeds/roofs")).one()


def invite(world: SignInWorld, email: str = "bo@york.example", **more: str) -> TestResponse:
    mo = world.client("leeds/mo")
    return mo.post(f"/members/{place_id(world)}/invite", data=FORM | {"email": email} | more)


def invitations(world: SignInWorld) -> list[Invitation]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Invitation).order_by(Invitation.created_at)))


def letters(world: SignInWorld) -> list[SentLetter]:
    letters_round(world.parts)
    with world.parts.database.reading() as session:
        return list(session.scalars(select(SentLetter).order_by(SentLetter.created_at)))


def signed_in(world: SignInWorld, hostile: HostileIssuer, **claims: object) -> Browser:
    """Bo signs in through York, whose issuer says these things of him."""
    hostile.behaviour.claims = {"email": "bo@york.example", "email_verified": True, "name": "Bo Hill"} | claims
    bo = world.browser()
    assert bo.sign_in("york").status_code == 303
    return bo


def offered(bo: Browser) -> list[str]:
    return re.findall(r'action="(/invitations/[a-z0-9]+/accept)"', bo.get("/invitations").text)


def says_yes(bo: Browser) -> None:
    (accept,) = offered(bo)
    assert bo.hub.post(accept, base_url=HUB).status_code == 303


def test_from_the_invitation_to_the_membership(town: SignInWorld, hostile: HostileIssuer) -> None:
    """Nothing is open to Bo before Mo has added him, by the form and the count by which anybody is added."""
    town.add_document("leeds/roofs", "CANARY slates")
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town)}"
    assert invite(town, " Bo@York.example ").status_code == 303
    shown = words(mo.get(here))
    assert "bo@york.example Pending" in shown
    bo = signed_in(town, hostile)
    assert "You are invited to work together in a space" in bo.get("/").text
    page = bo.get("/invitations").text
    assert "Mo, Leeds Council, invites you" in page or "Mo of Leeds Council invites you" in page
    assert "We mend the same roofs" in page
    assert "CANARY" not in page + bo.get("/").text
    says_yes(bo)
    assert bo.get("/places/leeds/roofs").status_code == 404
    told = mo.get("/").text
    add = re.search(r'href="([^"]*/members/[^"]+/add[^"]*)"', told)
    assert add, words(mo.get("/"))
    assert "Bo Hill" in words(mo.get(here))
    form = mo.get(add[1].replace("&amp;", "&"))
    assert fields(form)["reason"] == "We mend the same roofs"
    sent = {"who": "person:york/bo", "role": "editor", "until": "", "reason": "We mend the same roofs"}
    asked = mo.post(f"{here}/add", data=sent)
    assert "1 document" in words(asked)
    assert settled(mo, asked).status_code == 303
    assert bo.get("/places/leeds/roofs").status_code == 200
    with town.parts.database.reading() as session:
        given = session.scalars(select(Grant).where(Grant.principal == "person:york/bo")).one()
    assert (given.can, given.given_by) == ("edit", "leeds/mo")
    assert "Pending" not in words(mo.get(here))
    assert "accepted your invitation" not in mo.get("/").text


CASES = {
    "is there": "bo@york.example",
    "is suspended": "cy@york.example",
    "is nobody": "no@york.example",
    "is a guest": "gus@acme.example",
    "has not joined": "di@hull.example",
    "is Mo himself": "mo@leeds.example",
}


def _bare(answer: TestResponse, email: str) -> str:
    text = re.sub(r'name="(?:csrf|form)_token" value="[^"]*"|[a-z][a-z0-9]{11}|nonce[-=]"?[^"\' ]*', "", answer.text)
    return text.replace(email, "ADDRESS")


def test_mo_is_told_the_same_by_the_same_statements_whoever_has_the_address(
    town: SignInWorld, hostile: HostileIssuer
) -> None:
    """Each is invited, and looked for among the members; Bo even signed in with that address, and said no."""
    said: list[str] = []
    event.listen(town.parts.database.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    seen = set()
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town)}"
    mo.get(here)
    for email in CASES.values():
        said.clear()
        answer = invite(town, email)
        count = len(said)
        letters_round(town.parts)
        if email.startswith("bo"):
            bo = signed_in(town, hostile)
            (accept,) = offered(bo)
            bo.hub.post(accept.replace("accept", "decline"), base_url=HUB)
        said.clear()
        page = mo.get(here)
        seen.add((answer.status_code, count, _bare(page, email), len(said)))
        back = re.findall(r'action="([^"]+/call-back)"', page.text)[0]
        assert mo.post(back).status_code == 303
        mo.get(here)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": "other@york.example"},
        {"email": "bo@sub.york.example"},
    ],
)
def test_only_the_address_itself_confirmed_by_its_own_organisation_brings_the_invitation(
    town: SignInWorld, hostile: HostileIssuer, claims: dict[str, object]
) -> None:
    invite(town)
    assert offered(signed_in(town, hostile, **claims)) == []
    assert invitations(town)[0].person_id is None


def test_an_issuer_that_has_not_proved_the_domain_brings_nobody_an_invitation(
    town: SignInWorld, hostile: HostileIssuer
) -> None:
    """York's issuer claims an address of Hull's, which is nobody's yet; and somebody whom York has not added."""
    invite(town, "bo@hull.example")
    assert offered(signed_in(town, hostile, email="bo@hull.example")) == []
    invite(town, "no@york.example")
    hostile.behaviour.subject = "a stranger"
    hostile.behaviour.claims = {"email": "no@york.example", "email_verified": True}
    assert "you have not been added to the hub yet" in town.browser().sign_in("york").text
    assert {row.person_id for row in invitations(town)} == {None}


def test_an_invitation_ends_by_itself_by_being_called_back_and_when_it_is_declined_mo_sees_nothing_of_that(
    town: SignInWorld, hostile: HostileIssuer
) -> None:
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town)}"
    invite(town)
    bo = signed_in(town, hostile)
    back = re.findall(r'action="([^"]+/call-back)"', mo.get(here).text)[0]
    assert mo.post(back).status_code == 303
    assert offered(bo) == []
    assert mo.post(back).status_code == 409
    invite(town)
    bo = signed_in(town, hostile)
    (accept,) = offered(bo)
    assert bo.hub.post(accept.replace("accept", "decline"), base_url=HUB).status_code == 303
    assert bo.hub.post(accept, base_url=HUB).status_code == 404
    assert "bo@york.example Pending" in words(mo.get(here))
    town.parts.clock.move(days=31)
    assert "bo@york.example" not in words(town.client("leeds/mo").get(here))
    town.parts.clock.move(days=31)
    assert tidy(town.parts) == 2
    assert invitations(town) == []


def test_who_accepted_and_left_since_is_not_added_and_nobody_accepts_for_another(
    town: SignInWorld, hostile: HostileIssuer
) -> None:
    invite(town)
    bo = signed_in(town, hostile)
    (accept,) = offered(bo)
    assert town.client("leeds/ann").post(accept).status_code == 404
    says_yes(bo)
    mo = town.client("leeds/mo")
    add = f"/members/{place_id(town)}/add?who=person:york/bo"
    assert mo.get(add).status_code == 200
    town.set_status("york/bo", "suspended")
    assert mo.get(add).status_code == 404
    assert "accepted" not in mo.get("/").text
    assert mo.get(f"/members/{place_id(town)}/add?who=person:york/cy").status_code == 404


def test_only_staff_who_manage_the_place_invite_and_call_back(town: SignInWorld) -> None:
    invite(town)
    back = f"/members/{place_id(town)}/invitations/{invitations(town)[0].id}/call-back"
    town.give("guest:acme/gus", "manage", "leeds/roofs", source="guest", until=date(2030, 1, 1))
    for who, status in (("leeds/ann", 403), ("acme/gus", 403)):
        page = town.client(who).post(f"/members/{place_id(town)}/invite", data=FORM)
        assert page.status_code == status, who
    assert town.client("leeds/ann").post(back).status_code == 403
    assert len(invitations(town)) == 1


def test_one_person_invites_twenty_a_day_and_one_address_gets_three_letters_a_week(town: SignInWorld) -> None:
    for number in range(4):
        assert invite(town, reason=f"Round {number}").status_code == 303
        assert len(letters(town)) == min(number + 1, 3)
    assert len([row for row in invitations(town) if row.ended_at is None]) == 1, "the newest stands for all"
    for number in range(MOST_A_DAY - 4):
        assert invite(town, f"x{number}@hull.example").status_code == 303
    refused = invite(town, "one-more@hull.example")
    assert "You have invited 20 people within a day" in words(refused)
    town.parts.clock.move(days=1, minutes=1)
    assert invite(town, "one-more@hull.example").status_code == 303


@pytest.mark.parametrize("typed", ["", "bo", "bo@", "bo@york", "bo@york.example, cy@york.example", "b o@york.example"])
def test_what_is_no_address_is_said_beside_its_field(town: SignInWorld, typed: str) -> None:
    assert "Enter a work e-mail address" in words(invite(town, typed))
    assert invitations(town) == []


def test_letters_name_who_invites_and_how_to_come_in_and_nothing_of_the_place(town: SignInWorld) -> None:
    for email in CASES.values():
        invite(town, email)
    with town.work() as uow:
        add_domain(uow, town.place(uow, "acme"), "acme.example")
    found = {letter.address: letter for letter in letters(town)}
    assert set(found) == set(CASES.values()) - {"gus@acme.example"}, "a supplier's people come in as guests"
    for letter in found.values():
        assert "CANARY" not in letter.subject + letter.lines + letter.link + letter.why
        assert "roofs" not in letter.lines
        assert "Leeds Council" in letter.subject
        assert letter.person_id is None
    joined, alone = found["bo@york.example"], found["di@hull.example"]
    assert joined.lines == found["no@york.example"].lines == found["cy@york.example"].lines
    assert (joined.link, alone.link) == ("/invitations", "/help/taking-part")
    assert "Sign in through York City Council" in joined.lines
    assert "Your organisation (hull.example) does not take part yet." in alone.lines
    assert send_round(town.parts) == len(found)
    written = "".join(path.read_text() for path in town.parts.mail.folder.glob("*.eml"))
    assert "Hello,\n" in written.replace("\r", "")


def test_the_form_is_kept_while_it_is_typed_into(town: SignInWorld) -> None:
    mo, here = town.client("leeds/mo"), f"/members/{place_id(town)}/invite"
    token = mo.get(here).text.partition('name="form_token" value="')[2].partition('"')[0]
    assert mo.post(f"/drafts?for={here}", data={"form_token": token, "email": "bo@york"}).status_code == 200
    assert "an invitation to" in mo.get("/").text
    assert fields(mo.get(f"{here}?draft=use"))["email"] == "bo@york"


def test_whoever_runs_the_hub_sees_such_letters_among_sent_mail(town: SignInWorld) -> None:
    invite(town)
    (letter,) = letters(town)
    town.set_policy("platform", "allow,person:leeds/ann,administer,*,any,any,-,Ann runs the hub")
    ann: FlaskClient = town.client("leeds/ann")
    assert "Somebody who was invited" in words(ann.get("/admin/platform/mail"))
    assert "bo@york.example" in words(ann.get(f"/admin/platform/mail/{letter.id}"))


def test_york_s_administrator_finds_whom_others_invite_and_nobody_else_does(town: SignInWorld) -> None:
    """No is wanted by Mo; Bo is here already; Cy of York invites somebody of York herself."""
    town.set_policy("york", HIDDEN.format("york"), "allow,person:york/di,administer,york,any,any,-,Di looks after York")
    town.add_person("york/di")
    with town.work() as uow:
        town.person(uow, "york/bo").email = "Bo@york.example"
    for email in ("no@york.example", "bo@york.example", "no@hull.example", "no@leeds.example"):
        invite(town, email)
    di, here = town.client("york/di"), "/admin/york/people"
    shown = words(di.get(here))
    assert "no@york.example Mo of Leeds Council Add them" in shown
    assert all(each not in shown for each in ("hull.example", "leeds.example", "Bo@york", "bo@york", "CANARY"))
    assert fields(di.get(f"{here}/add?email=no@york.example"))["email"] == "no@york.example"
    assert town.client("leeds/mo").get(here).status_code == 404
