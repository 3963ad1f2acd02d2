"""One question space for each service, which any council joins and leaves (conversation notes, 9: the ask box)."""

import pytest
from sqlalchemy import select

from hub.access.models import Grant, Place
from hub.ground.db import Database
from tests.hub.features.writing.conftest import Desk, words_of
from tests.hub.once import Begin
from tests.hub.world import World

HERE = "/admin/platform/services/housing"
ADMIN = "allow,group:{0}/administrators,administer,{0},any,any,-,They look after it"
STAFF = "allow,org:{0},read,{0},up to OFFICIAL,published,-,Staff read our work"
SEEN = "allow,all-staff,read,{0},only PUBLIC,published,-,Everybody knows that we are there"


def the_sector(world: World) -> None:
    """Pat runs the hub; Lee and Yan administer Leeds and York, where Ann and Bo work; Hal is of Hull; Gus a guest."""
    world.set_policy(
        "platform",
        "allow,person:york/pat,administer,*,any,any,-,Pat runs the hub",
        "deny,everyone-but:all-staff,read,*,OFFICIAL-SENSITIVE and above,any,-,Guests never read what is sensitive",
    )
    for slug in ("leeds", "york", "hull"):
        rules = [line.format(slug) for line in (ADMIN, STAFF, SEEN)]
        world.add_organisation(slug, *rules, name=f"{slug.capitalize()} Council")
    world.add_organisation("acme", kind="supplier")
    world.add_person("york/pat", name="Pat Orr")
    for handle, name in (("leeds/lee", "Lee Fox"), ("york/yan", "Yan Ito"), ("hull/hal", "Hal Finch")):
        world.add_person(handle, f"{handle.partition('/')[0]}/administrators", name=name)
    world.add_person("leeds/ann", name="Ann Shaw")
    world.add_person("york/bo", name="Bo Reed")
    world.add_person("acme/gus", kind="guest", name="Gus Ray")


@pytest.fixture
def sector(begin: Begin, database: Database) -> World:
    world = begin(the_sector, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def space_of(world: World) -> Place:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place).where(Place.path == "sector/housing")).one()


def opened(world: World) -> Place:
    """The space of housing, as Pat opens it."""
    pat = Desk(world, "york/pat")
    pat.see(HERE)
    assert "Housing has its question space." in pat.press("Open its question space")
    return space_of(world)


def join(world: World, who: str) -> str:
    """Let somebody join for their council; the words of the question that they were asked."""
    desk = Desk(world, who)
    desk.see(f"/admin/{who.partition('/')[0]}/questions")
    asked = desk.press("Join", status=200)
    assert "takes part in “Housing: questions” now." in desk.press("Join")
    return asked


def is_outside(world: World, who: str, space: Place) -> bool:
    """Whether somebody who asks for the talk of the space is shown its page instead."""
    answer = world.client(who).get(f"/talk/{space.id}")
    return (answer.status_code, answer.headers.get("Location")) == (303, f"/places/{space.path}")


def test_a_council_joins_is_told_who_gains_and_its_staff_ask_and_answer_across_councils(sector: World) -> None:
    """Pat opens it; Lee joins for Leeds, Yan for York; Ann asks, Bo answers; Hal of Hull and Gus read nothing."""
    space = opened(sector)
    assert "Nobody looks after it yet. You will" in join(sector, "leeds/lee")
    ann = Desk(sector, "leeds/ann")
    asking = f"/talk/{space.id}/new?kind=question"
    ann.fill(asking, name="Who lends sandbags?", body="We need 400.")
    told = join(sector, "york/yan")
    assert "This shows 1 conversation to 3 people" in told
    assert "lets 3 people" in told
    assert "Nobody looks after it" not in told
    bo = Desk(sector, "york/bo")
    assert "Who lends sandbags?" in bo.see(f"/talk/{space.id}")
    assert "Who stores them?" in bo.fill(asking, name="Who stores them?", body="And where?")
    assert is_outside(sector, "hull/hal", space)
    Desk(sector, "acme/gus").see(f"/talk/{space.id}", status=404)
    hal = Desk(sector, "hull/hal")
    page = hal.see("/places/sector/housing")
    assert "Hull Council has not joined it." in page
    assert "sandbags" not in page
    assert hal.page.xpath("//main//a[@href='/admin/hull/questions']")
    Desk(sector, "acme/gus").see("/places/sector/housing", status=404)


def test_leaving_takes_all_that_the_council_and_its_people_were_given_and_leaves_what_was_said(sector: World) -> None:
    space = opened(sector)
    join(sector, "leeds/lee")
    join(sector, "york/yan")
    Desk(sector, "leeds/ann").fill(f"/talk/{space.id}/new?kind=question", name="Who lends sandbags?", body="400.")
    lee = Desk(sector, "leeds/lee")
    lee.see("/admin/leeds/questions")
    asked = lee.press("Leave", status=200)
    assert "This takes 1 conversation from 2 people" in asked
    assert "What was said there stays" in asked
    lee.press("Leave")
    for who in ("leeds/lee", "leeds/ann"):
        assert is_outside(sector, who, space)
    assert "Who lends sandbags?" in Desk(sector, "york/bo").see(f"/talk/{space.id}")
    with sector.parts.database.reading() as session:
        left = session.scalars(select(Grant).where(Grant.node == space.id, Grant.ended_at.is_(None))).all()
        assert [grant.principal for grant in left] == ["org:york"]
    assert "Nobody looks after it yet. You will" in join(sector, "leeds/lee"), "whoever joins next looks after it"


def test_whoever_looks_after_it_can_neither_open_it_to_all_nor_move_it(sector: World) -> None:
    space = opened(sector)
    join(sector, "leeds/lee")
    lee = Desk(sector, "leeds/lee")
    said = "neither its audience nor its place can be changed"
    for audience in ("open", "private"):
        assert said in lee.fill(f"/settings/{space.id}", status=422, name="Ours", audience=audience)
    assert space_of(sector).audience == "restricted"
    lee.fill(f"/settings/{space.id}", name="Homes: questions", audience="restricted")
    assert space_of(sector).name == "Homes: questions"


def test_only_who_administers_a_council_joins_for_it_and_only_who_runs_the_hub_opens_a_space(sector: World) -> None:
    space = opened(sector)
    for who, where in (("leeds/ann", "leeds"), ("york/yan", "leeds"), ("acme/gus", "acme")):
        Desk(sector, who).see(f"/admin/{where}/questions", status=404)
        Desk(sector, who).send(f"/admin/{where}/questions/housing", 404, do="join")
    Desk(sector, "leeds/lee").send(HERE, 404, do="open")
    lee = Desk(sector, "leeds/lee")
    lee.send("/admin/leeds/questions/parks", 404, do="join")
    assert "Choose whether to join or to leave." in lee.send("/admin/leeds/questions/housing", 400, do="")
    assert "takes no part in it" in lee.send("/admin/leeds/questions/housing", do="leave")
    pat = Desk(sector, "york/pat")
    pat.see(HERE)
    assert "Open its question space" not in words_of(pat.page)
    assert "Housing has its question space already" in pat.send(HERE, 422, do="open")
    assert space.path == "sector/housing"


def test_nobody_reads_what_is_sensitive_there_and_all_staff_what_is_public(sector: World) -> None:
    opened(sector)
    join(sector, "leeds/lee")
    public = sector.add_document("sector/housing", "Charter", "Words.", marking="PUBLIC")
    secret = sector.add_document("sector/housing", "KESTREL", "Words.", marking="OFFICIAL-SENSITIVE")
    for who in ("leeds/lee", "leeds/ann", "hull/hal"):
        Desk(sector, who).see(f"/documents/{public.removeprefix('doc:')}")
        Desk(sector, who).see(f"/documents/{secret.removeprefix('doc:')}", status=404)


def test_the_ask_box_offers_it_first_to_those_whose_council_joined_and_to_nobody_else(sector: World) -> None:
    opened(sector)
    sector.add_space("leeds/homes", "open", name="Homes of Leeds")
    sector.set_voices("leeds/homes", "staff")
    join(sector, "leeds/lee")
    sector.index_all()

    def offered(who: str) -> list[str]:
        desk = Desk(sector, who)
        desk.see("/ask?q=Who+runs+housing+panels%3F")
        return [a.text for a in desk.page.xpath("//section[@aria-labelledby='post']//a[contains(@href, '/talk/')]")]

    join(sector, "hull/hal")
    assert offered("leeds/ann") == ["Housing: questions", "Homes of Leeds"]
    said = Desk(sector, "leeds/ann").see("/ask?q=Who+runs+housing+panels%3F")
    assert "Staff of Hull Council, Leeds Council read and answer here." in said
    assert offered("york/bo") == ["Homes of Leeds"]


def test_nobody_takes_all_councils_for_people_to_share_with_or_for_a_firm(sector: World) -> None:
    """An organisation without staff: whoever shared with “everyone” there would have shared with nobody."""
    space = opened(sector)
    join(sector, "leeds/lee")
    lee = Desk(sector, "leeds/lee")
    page = lee.see(f"/members/{space.id}?find=counc")
    assert "Everyone at York Council" in page
    assert "Everyone at All councils" not in page
    lee.see(f"/members/{space.id}/add?who=org:sector", status=404)
    assert "All councils" not in lee.see("/admin/leeds/guests/add")


def test_people_find_it_among_the_spaces_about_its_service(sector: World) -> None:
    opened(sector)
    join(sector, "leeds/lee")
    assert "Ask all councils that take part" in Desk(sector, "leeds/ann").see("/spaces?service=housing")
    assert "yours has not joined" in Desk(sector, "york/bo").see("/spaces?service=housing")
    assert "Ask all councils" not in Desk(sector, "york/bo").see("/spaces")
