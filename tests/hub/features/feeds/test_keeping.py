"""Making, seeing, renewing and revoking addresses of feeds: each is shown once, and is its person's alone."""

import re

from sqlalchemy import select

from hub.ground.unit_of_work import AuditEntry
from hub.keeping.models import AnsweredSheet
from hub.nouns.people.feeds import LASTS, MOST
from hub.nouns.people.models import Feed
from tests.hub.features.feeds.conftest import Desk, Follow, Reader
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World

ADDRESS = re.compile(r"http://localhost:8000(/feeds/[\w-]{43})")


def address_in(desk: Desk) -> str:
    """The address on the page at hand."""
    (area,) = desk.page.xpath("//textarea[@id='address']/text()")
    found = ADDRESS.fullmatch(area.strip())
    assert found is not None, area
    return found[1]


def test_bo_follows_the_forum_from_its_talk_and_sees_the_address_once(town: World) -> None:
    town.add_thread("leeds/forum", "Silt?", "leeds/ann")
    bo = Desk(town, "york/bo")
    bo.see(f"/talk/{place_id(town, 'leeds/forum')}")
    (link,) = bo.page.xpath("//a[text()='Follow in a feed reader']/@href")
    assert "What is new in a space: Flood forum" in bo.see(link)
    bo.fill(link, 200, name="On my phone")
    address = address_in(bo)
    assert Reader(town, address).titles() == ["Silt?"]
    listed = bo.see("/me/feeds")
    assert "On my phone What is new in a space: Flood forum" in listed
    assert address.rpartition("/")[2] not in bo.browser.get("/me/feeds").text
    town.parts.clock.move(days=LASTS.days + 1)
    bo = Desk(town, "york/bo")
    assert "Over" in bo.see("/me/feeds")
    town.parts.clock.move(days=31)
    assert "You follow nothing in a feed reader yet" in Desk(town, "york/bo").see("/me/feeds")


def test_sent_twice_it_makes_one(town: World) -> None:
    bo = Desk(town, "york/bo")
    here = f"/me/feeds/new?space={place_id(town, 'leeds/forum')}"
    bo.see(here)
    form = next(form for form in bo.page.iter("form") if form.get("action", "").startswith("/me/feeds/new"))
    fields = {f.get("name"): f.get("value") for f in form.iter("input")}
    bo.send(here, 200, **fields)
    assert "That was sent twice" in bo.send(here, 303, **fields)
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Feed)).all()) == 1
        assert {row.location for row in session.scalars(select(AnsweredSheet))} == {"/me/feeds"}


def test_renewing_makes_another_address_and_ends_the_one_before(town: World, follow: Follow) -> None:
    old = follow("york/bo", "leeds/forum")
    bo = Desk(town, "york/bo")
    bo.see("/me/feeds")
    bo.press("Make a new address", 200)
    assert old.get().status_code == 404
    assert Reader(town, address_in(bo)).get().status_code == 200


def test_revoking_ends_it_and_is_said(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "leeds/forum")
    bo = Desk(town, "york/bo")
    bo.see("/me/feeds")
    assert "The address of “Mine” is revoked" in bo.press("Revoke")
    assert feed.get().status_code == 404
    assert "Revoked" in bo.see("/me/feeds")


def test_nobody_else_sees_or_ends_it(town: World, follow: Follow) -> None:
    feed = follow("york/bo", "leeds/forum")
    with town.parts.database.reading() as session:
        feed_id = session.scalars(select(Feed.id)).one()
    for other in ("leeds/mo", "york/yara", "acme/gus"):
        desk = Desk(town, other)
        assert "Mine" not in desk.see("/me/feeds")
        for what in ("end", "renew"):
            desk.send(f"/me/feeds/{feed_id}/{what}", 404)
            desk.send(f"/me/feeds/zzzzzzzzzzzz/{what}", 404)
    assert feed.get().status_code == 200


def test_a_guest_gets_none_and_is_told_why(town: World) -> None:
    gus = Desk(town, "acme/gus")
    assert "Feeds are for the staff of councils" in gus.see("/me/feeds")
    assert "Follow in a feed reader" not in gus.see("/search?q=silt")
    gus.see("/me/feeds/new?search=q%3Dsilt", 403)
    gus.send("/me/feeds/new?search=q%3Dsilt", 403, name="Mine")


def test_what_is_hidden_from_bo_cannot_be_followed_and_looks_like_nothing(town: World) -> None:
    bo = Desk(town, "york/bo")
    absent = bo.browser.get("/me/feeds/new?space=zzzzzzzzzzzz")
    for asked in (
        f"space={place_id(town, 'leeds/office')}",
        "person=leeds/ann",
        "person=leeds/nobody",
        "search=",
        "search=from%3Dnever",
        f"search=q%3D{'x' * 1001}",
        "nothing=1",
    ):
        answer = bo.browser.get(f"/me/feeds/new?{asked}")
        assert (answer.status_code, answer.data) == (404, absent.data), asked


def test_a_name_is_needed_and_there_are_so_many_and_no_more(town: World, follow: Follow) -> None:
    here = f"/me/feeds/new?space={place_id(town, 'leeds/forum')}"
    bo = Desk(town, "york/bo")
    assert "Give it a name" in bo.fill(here, 422, name=" ")
    assert "The name must be 100 characters or fewer" in bo.fill(here, 422, name="x" * 101)
    for _ in range(MOST):
        follow("york/bo", "leeds/forum")
    assert f"You have {MOST} feeds" in bo.fill(here, 422, name="One more")


def test_a_search_and_a_person_are_followed_from_their_pages(town: World) -> None:
    town.add_thread("leeds/forum", "Silt?", "leeds/ann")
    town.index_all()
    hana = Desk(town, "leeds/hana")
    hana.see("/search?q=silt&kind=conversation")
    (link,) = hana.page.xpath("//a[text()='Follow this search in a feed reader']/@href")
    hana.fill(link, 200, name="Silt")
    assert Reader(town, address_in(hana)).titles() == ["Silt?"]
    hana.see("/people/leeds/ann")
    (link,) = hana.page.xpath("//a[text()='Follow in a feed reader']/@href")
    hana.fill(link, 200, name="Ann")
    assert Reader(town, address_in(hana)).titles() == ["Silt?"]
    assert "What a search finds: silt" in hana.see("/me/feeds")


def test_a_space_that_closed_is_not_named_in_the_list_any_more(town: World, follow: Follow) -> None:
    follow("york/bo", "leeds/forum")
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff")
    town.set_audience("leeds/forum", "private")
    listed = Desk(town, "york/bo").see("/me/feeds")
    assert "Mine What is new in a space" in listed
    assert "Flood forum" not in listed


def test_making_and_ending_are_in_the_audit_without_what_they_are_about(town: World, follow: Follow) -> None:
    follow("york/bo", "q=silt", "search")
    with town.parts.database.reading() as session:
        (made,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "feed:make"))
    assert "silt" not in f"{made.object} {made.detail}"
