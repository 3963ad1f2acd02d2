"""What posts show once whoever wrote them is called otherwise, was kept out, left, or works for another council."""

import pytest
from sqlalchemy import select, update

from hub.access.models import Person
from hub.nouns.talk.models import Post
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World


def test_a_new_name_stands_at_what_was_said_before(town: World, asked: str) -> None:
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(name="Ann Okafor"))
    page = Desk(town, "york/bo").see(asked)
    assert "Ann Okafor of Leeds City Council" in page
    assert "Ann Shaw" not in page


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_what_somebody_said_who_is_kept_out_or_has_left_stays_with_their_name(
    town: World, asked: str, status: str
) -> None:
    """Without a link to a page that nobody may see any more; they themselves read and write nothing."""
    town.set_status("leeds/ann", status)
    bo = Desk(town, "york/bo")
    page = bo.see(asked)
    assert "Ann Shaw of Leeds City Council" in page
    assert "We use a form" in page
    assert not bo.page.xpath("//a[@href='/people/leeds/ann']")
    assert town.client("leeds/ann").get(asked).status_code == 303


def test_who_goes_to_another_council_spoke_for_the_one_of_then(town: World, asked: str) -> None:
    """Ann leaves Leeds and comes to York as somebody new: her old words stay Leeds', and are not hers to edit there."""
    town.set_status("leeds/ann", "left")
    town.add_person("york/ann", name="Ann Shaw")
    ann = Desk(town, "york/ann")
    assert "Ann Shaw of Leeds City Council" in ann.see(asked)
    ann.see(f"{asked}/posts/2/edit", 403)
    ann.fill(asked, body="York does it as well.")
    page = ann.see(asked)
    assert "Ann Shaw of Leeds City Council" in page
    assert "Ann Shaw of York City Council" in page
    with town.parts.database.reading() as session:
        wanted = select(Post.author).where(Post.number > 1).order_by(Post.number)
        assert session.scalars(wanted).all() == ["person:leeds/ann", "person:york/ann"]


def test_a_row_that_says_another_organisation_by_now_changes_nothing_of_what_was_said(town: World, asked: str) -> None:
    """Nothing in the hub does that; an operator might, when two councils become one."""
    with town.work() as uow:
        york = uow.session.scalars(select(Person.organisation_id).where(Person.handle == "york/bo")).one()
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(organisation_id=york))
    assert "Ann Shaw of Leeds City Council" in Desk(town, "york/bo").see(asked)


def test_a_text_of_a_megabyte_comes_back_with_what_to_do(town: World, asked: str) -> None:
    """In full, so that nothing is lost, and nothing is posted."""
    text = "word " * 200_000
    bo = Desk(town, "york/bo")
    page = bo.fill(asked, 422, body=text)
    assert "100,000 characters or fewer" in page
    assert "Make a document of it" in page
    (field,) = bo.page.xpath("//textarea[@name='body']")
    assert field.text.strip() == text.strip()
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 2


def test_a_place_that_is_put_away_while_people_write_takes_nothing_and_loses_nothing(town: World, asked: str) -> None:
    """Bo, who may not even read it any more, has his text back; Hana, who may, is told what changed."""
    town.app.config["WTF_CSRF_ENABLED"] = True
    forms = {who: begun(town, who, asked) for who in ("york/bo", "leeds/hana")}
    mo = Desk(town, "leeds/mo")
    mo.see(f"/state/{place_id(town, 'leeds/forum')}/archive")
    mo.press("Archive")
    bo, fields = forms["york/bo"]
    answer = bo.browser.post(asked, data=fields)
    assert answer.status_code == 404
    assert "What york/bo was writing." in answer.text
    hana, fields = forms["leeds/hana"]
    answer = hana.browser.post(asked, data=fields)
    assert answer.status_code == 409
    assert "It is archived now." in answer.text
    assert "What leeds/hana was writing." in answer.text
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 2


def begun(town: World, who: str, address: str) -> tuple[Desk, dict[str, str]]:
    """Somebody who has a form open, and what is in it."""
    desk = Desk(town, who)
    desk.see(address)
    form = next(form for form in desk.page.iter("form") if form.get("action") == address)
    fields = {f.get("name"): f.get("value") for f in form.iter("input")}
    return desk, fields | {"body": f"What {who} was writing."}
