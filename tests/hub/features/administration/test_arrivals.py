"""Gil opens the link that was made for Ivy: he waits, and whoever answers for her place says what becomes of it."""

from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.access.models import Grant, Person
from hub.features.policies.service import adopt_default
from hub.features.signin.models import Arrival, ExternalIdentity
from hub.features.signin.registering import prepare_issuer, switch_on
from hub.features.signin.service import NewIssuer, make_link
from hub.nouns.organisations.service import add_domain
from tests.hub.features.signin.browser import HUB, SignInWorld, refused
from tests.hub.features.signin.conftest import world
from tests.hub.sheets import Sheet
from tests.peers.hostile import HostileIssuer
from tests.peers.mint import DELETE

__all__ = ["world"]


@pytest.fixture
def firm(world: SignInWorld, hostile: HostileIssuer) -> SignInWorld:
    """Mo of Leeds sponsors Ivy of Acme in a tender; Sam administers Leeds, Yara York."""
    for slug, who in (("leeds", "sam"), ("york", "yara")):
        world.add_organisation(slug)
        with world.work() as uow:
            adopt_default(uow, world.place(uow, slug), "test")
        world.add_person(f"{slug}/{who}", f"{slug}/administrators")
    world.add_person("leeds/mo")
    world.add_person("leeds/ned")
    world.join_hostile("acme", hostile)
    world.add_person("acme/ivy", kind="guest", name="Ivy Green")
    with world.work() as uow:
        add_domain(uow, world.place(uow, "acme"), "acme.example")
        world.person(uow, "acme/ivy").email = "Ivy.Green@acme.example"
    world.add_space("leeds/tenders", "restricted")
    grant = world.give("guest:acme/ivy", "read", "leeds/tenders", until=date(2099, 1, 1), source="guest")
    with world.work() as uow:
        uow.session.get_one(Grant, grant).given_by = "leeds/mo"
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def link(world: SignInWorld) -> str:
    with world.work() as uow:
        made = make_link(uow, world.parts, world.person(uow, "acme/ivy"), by=world.place(uow, "leeds").id)
    return made.removeprefix(HUB)


def comes(hostile: HostileIssuer, subject: str, **claims: object) -> None:
    """Who signs in at Acme next, and what Acme says of them."""
    hostile.behaviour.subject = subject
    hostile.behaviour.claims = {"name": subject.title(), **claims}


def answer(person: FlaskClient, text: str) -> int:
    return Sheet(person.get("/arrivals"), f"/arrivals/{text}").send(person).status_code


def test_ivy_comes_in_by_her_own_link(firm: SignInWorld, hostile: HostileIssuer) -> None:
    """G-63: case and spelling of the domain are no other address."""
    comes(hostile, "ivy", email="ivy.green@ACME.example", email_verified=True)
    ivy = firm.browser()
    assert ivy.sign_in("acme", link(firm)).status_code == 303
    assert ivy.get("/places/leeds/tenders").status_code == 200
    assert firm.count(Arrival) == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "gil@acme.example", "email_verified": True},
        {"email": "ivy.green@acme.example", "email_verified": "true"},
        {"email": "ivy.green@acme.example", "email_verified": 1},
        {"email": "ivy.green@acme.example"},
        {"email": "ivy.green@elsewhere.example", "email_verified": True},
        {"email": DELETE},
    ],
)
def test_gil_who_opens_ivys_link_gets_nothing_by_it(firm: SignInWorld, hostile: HostileIssuer, claims) -> None:
    """G-63, N-12: another address, or one that nobody vouches for, stops; the link stays Ivy's."""
    own = link(firm)
    comes(hostile, "gil", **claims)
    gil = firm.browser()
    assert refused(gil.sign_in("acme", own), "made for another address", 403)
    assert not gil.is_signed_in()
    assert firm.count(ExternalIdentity) == 0
    comes(hostile, "ivy", email="ivy.green@acme.example", email_verified=True)
    assert firm.browser().sign_in("acme", own).status_code == 303


def test_her_sponsor_refuses_gil_and_he_stays_out(firm: SignInWorld, hostile: HostileIssuer) -> None:
    """Mo sees who came, on the home page first; nobody else does; what is refused stays refused."""
    own = link(firm)
    comes(hostile, "gil", email="gil@acme.example", email_verified=True)
    firm.browser().sign_in("acme", own)
    firm.browser().sign_in("acme", own)
    assert firm.count(Arrival) == 1, "however often he tries"
    mo = firm.client("leeds/mo")
    assert "Somebody came by a link of another" in mo.get("/").text
    page = unescape(mo.get("/arrivals").text)
    for words in ("Gil", "gil@acme.example (verified", "made for Ivy Green of Acme", "Ivy.Green@acme.example"):
        assert words in page, words
    arrival = the_arrival(firm)
    for other in ("leeds/ned", "york/yara"):
        outsider = firm.client(other)
        assert "Nobody waits for you" in outsider.get("/arrivals").text
        assert outsider.post(f"/arrivals/{arrival.id}/admit").status_code == 404
    assert answer(mo, f"{arrival.id}/refuse") == 303
    assert mo.post(f"/arrivals/{arrival.id}/admit").status_code == 404
    assert refused(firm.browser().sign_in("acme", own), "made for another address", 403)
    assert "Nobody waits for you" in mo.get("/arrivals").text


@pytest.mark.parametrize("who", ["leeds/mo", "leeds/sam"])
def test_who_answers_for_ivys_place_gives_it_to_gil_under_his_own_name(
    firm: SignInWorld, hostile: HostileIssuer, who: str
) -> None:
    """The sponsor or an administrator: he is not Ivy by name, her link is spent, and she is not let in by it."""
    own = link(firm)
    comes(hostile, "gil", email="gil@acme.example", email_verified=True)
    firm.browser().sign_in("acme", own)
    assert answer(firm.client(who), f"{the_arrival(firm).id}/admit") == 303
    gil = firm.browser()
    assert gil.sign_in("acme").status_code == 303
    assert gil.get("/places/leeds/tenders").status_code == 200
    with firm.work() as uow:
        assert (firm.person(uow, "acme/ivy").name, firm.person(uow, "acme/ivy").email) == ("Gil", "gil@acme.example")
    comes(hostile, "ivy", email="ivy.green@acme.example", email_verified=True)
    assert firm.browser().sign_in("acme", own).status_code == 403


def test_a_guest_who_is_known_gets_nothing_of_ivys_either(firm: SignInWorld, hostile: HostileIssuer) -> None:
    """A-39: who has an account already is not handed what was kept for another."""
    firm.add_person("acme/gil", kind="guest")
    firm.expect("acme/gil-known", "gil")
    with firm.work() as uow:
        firm.person(uow, "acme/gil-known").kind = "guest"
    comes(hostile, "gil", email="gil@acme.example", email_verified=True)
    gil = firm.browser()
    assert gil.sign_in("acme").status_code == 303
    assert gil.get("/places/leeds/tenders").status_code == 404
    own, again = link(firm), firm.browser()
    assert refused(again.sign_in("acme", own), "made for another address", 403)
    assert gil.get("/places/leeds/tenders").status_code == 404
    comes(hostile, "ivy", email="ivy.green@acme.example", email_verified=True)
    assert firm.browser().sign_in("acme", own).status_code == 303, "the link stays Ivy's"


def test_of_an_issuer_replaced_people_are_known_again_once_it_is_confirmed(
    firm: SignInWorld, hostile: HostileIssuer
) -> None:
    """N-14: an address makes nobody anybody; it says whom to ask about, and Yara, who knows them, says yes or no."""
    with firm.work() as uow:
        add_domain(uow, firm.place(uow, "york"), "york.example")
    with HostileIssuer("127.0.0.4") as old:
        firm.add_issuer("york", old.issuer)
        firm.expect("york/bo", "bo-of-before")
        comes(old, "bo-of-before", email="bo@york.example", email_verified=True)
        bo = firm.browser()
        assert bo.sign_in("york").status_code == 303
    with HostileIssuer("127.0.0.5") as new:
        with firm.work() as uow:
            draft = prepare_issuer(uow, firm.parts, firm.place(uow, "york"), NewIssuer(new.issuer, "hub"))
            assert switch_on(uow, draft) == 1, "Bo's session ends"
        assert not bo.is_signed_in()
        comes(new, "9f3", email="bo@york.example")
        assert refused(firm.browser().sign_in("york"), "you have not been added", 403), "nobody vouches for the address"
        comes(new, "9f3", email="bo@york.example", email_verified=True)
        assert refused(firm.browser().sign_in("york"), "has changed its sign-in", 403)
        comes(new, "stranger", email="ann@york.example", email_verified=True)
        assert refused(firm.browser().sign_in("york"), "you have not been added", 403)
        yara = firm.client("york/yara")
        assert "probably Bo" in unescape(yara.get("/arrivals").text)
        assert firm.client("leeds/sam").post(f"/arrivals/{the_arrival(firm).id}/admit").status_code == 404
        assert answer(yara, f"{the_arrival(firm).id}/admit") == 303
        comes(new, "9f3", email="bo@york.example", email_verified=True)
        again = firm.browser()
        assert again.sign_in("york").status_code == 303
        with firm.parts.database.reading() as session:
            who = select(Person.handle).join(ExternalIdentity).where(ExternalIdentity.subject == "9f3")
            assert session.scalar(who) == "york/bo"


def the_arrival(world: SignInWorld) -> Arrival:
    with world.parts.database.reading() as session:
        return session.scalars(select(Arrival)).one()
