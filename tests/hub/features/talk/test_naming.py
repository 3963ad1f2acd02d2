"""Naming somebody by an @ in a text: whom it is told, and what others read (conversation notes, 5)."""

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.features.talk.mentions import MOST_NAMED
from hub.nouns.talk.models import Post, PostTold
from tests.hub.features.talk.conftest import Desk
from tests.hub.world import World


@pytest.fixture(autouse=True)
def _known(town: World) -> None:
    """Councils know one another's staff."""
    town.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,York says who works there")


def told(town: World) -> set[str]:
    with town.parts.database.reading() as session:
        return set(session.scalars(select(PostTold.who)))


def last(town: World) -> str:
    with town.parts.database.reading() as session:
        return session.scalars(select(Post.body).order_by(Post.number.desc()).limit(1)).one()


def words(desk: Desk, asked: str) -> str:
    """What the last post says to somebody."""
    desk.see(asked)
    return " ".join("".join(desk.page.xpath("//article")[-1].xpath(".//*[@class='hub-prose']")[0].itertext()).split())


def test_ann_names_bo_who_is_told_and_reads_his_name(town: World, asked: str) -> None:
    """What is kept has no name in it: neither search nor an archive can tell of one."""
    ann = Desk(town, "leeds/ann")
    ann.fill(asked, body="Ask @york/bo, or `@york/bo`.\n\n```\n@york/bo\n```")
    assert told(town) == {"person:york/bo"}
    assert words(Desk(town, "leeds/mo"), asked) == "Ask Bo Reed of York City Council, or @york/bo. @york/bo"
    assert last(town).startswith("Ask @who:")
    ann.see(f"{asked}/posts/3/edit")
    assert ann.page.get_element_by_id("body").text.strip().startswith("Ask @york/bo, or")
    ann.fill(f"{asked}/posts/3/edit", body="Ask @york/bo.")
    assert words(Desk(town, "york/bo"), asked) == "Ask Bo Reed of York City Council."
    town.index_all()
    assert not town.ask("leeds/mo", "reed", kind="conversation").hits


def test_a_preview_shows_names_and_tells_nobody(town: World, asked: str) -> None:
    assert "Ask Bo Reed of York City Council ." in Desk(town, "leeds/ann").send(
        asked, 200, body="Ask @york/bo.", do="preview"
    )
    assert told(town) == set()


def test_who_may_not_see_whom_a_post_names_reads_of_somebody(town: World, asked: str) -> None:
    """Mo looks after Leeds' guest; Bo of York, who may not know of Gus, reads the same as of nobody."""
    town.set_policy("acme", "allow,person:leeds/mo,read,acme,any,any,-,Mo knows them")
    mo, bo = Desk(town, "leeds/mo"), Desk(town, "york/bo")
    mo.fill(asked, body="Gus is @acme/gus.")
    assert words(mo, asked) == "Gus is Gus of Acme City Council."
    assert words(bo, asked) == "Gus is somebody."
    for address in (f"{asked}?quote=3", f"{asked}?said=acme"):
        bo.see(address)
        assert "acme/gus" not in bo.browser.get(address).text
    bo.see(f"{asked}?quote=3")
    assert bo.page.get_element_by_id("body").text.strip() == "> Gus is somebody."


def test_who_cannot_read_it_is_not_told_and_only_a_manager_hears_so(town: World) -> None:
    node = town.add_thread("leeds/legal", "Advice?", "leeds/mo")
    here = f"/threads/{node.removeprefix('thread:')}"
    town.give("person:leeds/hana", "comment", "leeds/legal")
    page = Desk(town, "leeds/mo").fill(here, body="See @leeds/ann and @leeds/hana and @leeds/nobody.")
    assert "Not told: Ann Shaw, who cannot read this." in page
    page = Desk(town, "leeds/hana").fill(here, body="See @leeds/ann.")
    assert "Not told" not in page
    assert told(town) == {"person:leeds/hana"}


def test_whom_one_may_not_see_one_cannot_name(town: World, asked: str) -> None:
    """A handle of somebody hidden stays what was typed, like a handle of nobody."""
    bo = Desk(town, "york/bo")
    page = bo.fill(asked, body="Ask @acme/gus or @acme/nobody.")
    assert "Ask @acme/gus or @acme/nobody." in page
    assert "Not told" not in page
    assert told(town) == set()


def test_ten_thousand_names_are_too_many_and_nothing_is_lost(town: World, asked: str) -> None:
    ann, text = Desk(town, "leeds/ann"), " ".join(f"@york/x{number}" for number in range(7_000))
    assert "You name 7,000 people with an @." in ann.send(asked, 422, body=text)
    assert ann.page.get_element_by_id("body").text.strip() == text
    many = " ".join(f"@york/x{number}" for number in range(MOST_NAMED))
    ann.fill(asked, body=many)
    ann.fill(asked, body="@york/bo " * 1_000)
    assert told(town) == {"person:york/bo"}


def test_the_picker_offers_who_may_read_and_whom_the_author_may_see(town: World, asked: str, forum: str) -> None:
    ann = Desk(town, "leeds/ann").browser
    assert ann.get(f"{asked}/names?q=re").json == {
        "people": [{"handle": "york/bo", "name": "Bo Reed", "of": "York City Council"}]
    }
    assert ann.get(f"{forum}/names?q=bo").json["people"]
    assert ann.get(f"{asked}/names?q=gus").json == ann.get(f"{asked}/names?q=nobody").json == {"people": []}
    assert ann.get(f"{asked}/names?q=r").json == ann.get(f"{asked}/names").json == {"people": []}
    node = town.add_thread("leeds/legal", "Advice?", "leeds/mo").removeprefix("thread:")
    assert ann.get(f"/threads/{node}/names?q=mo").status_code == 404
    assert Desk(town, "leeds/mo").browser.get(f"/threads/{node}/names?q=bo").json == {"people": []}


def test_people_whom_one_may_not_see_crowd_nobody_out_of_the_picker(town: World, asked: str) -> None:
    """Sixty hidden people of a name that comes first change nothing of what is offered."""
    for number in range(61):
        town.add_person(f"acme/x{number}", name=f"Aaron Reed {number}", kind="guest")
    assert len(Desk(town, "leeds/ann").browser.get(f"{asked}/names?q=reed").json["people"]) == 1


def test_who_was_named_and_left_is_somebody(town: World, asked: str) -> None:
    Desk(town, "leeds/ann").fill(asked, body="Ask @york/bo.")
    with town.work() as uow:
        uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one().status = "left"
    assert words(Desk(town, "leeds/ann"), asked) == "Ask somebody."
