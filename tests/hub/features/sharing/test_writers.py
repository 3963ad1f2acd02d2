"""Who may write in a space: said beside whom it is open to, counted before it changes, and never a way to see more."""

import pytest
from sqlalchemy import select

from hub.access.places import bump_generation
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import DOCUMENTS, Document
from tests.hub.features.sharing.conftest import agree, fields, lede, place_id, settled, undo, words
from tests.hub.features.sharing.test_settings import place
from tests.hub.world import World

STAFF = "2 people in 1 organisation, staff of Acme City Council and staff of York City Council"
SILENT = "While it is not open, only those whom membership or policy lets write in it"
FORM = {"name": "News", "marking": "OFFICIAL", "about": ""}


@pytest.fixture
def open_town(town: World) -> World:
    """Leeds' news are open, and Mo's; there is a document in them."""
    town.add_space("leeds/news", "open", name="News")
    town.give("person:leeds/mo", "manage", "leeds/news")
    town.add_document("leeds/news", "Sandbags")
    return town


def may(world: World, action: str, title: str = "Sandbags") -> set[str]:
    """Who may do it to a document: Casbin and SQL, which must agree."""
    found = set()
    for handle in ("leeds/ann", "leeds/mo", "york/bo", "acme/gus"):
        with world.viewer(handle) as viewer:
            document = viewer.session.scalars(select(Document).where(Document.title == title)).one()
            by_sql = select(Document.id).where(Document.id == document.id, viewer.where(DOCUMENTS, action))
            allowed = viewer.decide(action, document)
            assert allowed is not None
            assert viewer.sees(document, action) == (viewer.session.scalar(by_sql) is not None) == allowed.allowed
            found |= {handle} if allowed.allowed else set()
    return found


def since_before(world: World, path: str) -> None:
    """The space was there before anybody could say who may write in it."""
    with world.work() as uow:
        space = world._place(uow, path)
        space.generation, space.voices = bump_generation(uow), ""


def test_all_staff_write_in_a_new_open_space_and_only_its_members_in_any_other(open_town: World) -> None:
    town = open_town
    assert may(town, "comment") == {"leeds/ann", "leeds/mo", "york/bo"}
    assert may(town, "edit") == {"leeds/mo"}
    town.add_document("leeds/housing", "Rents")
    town.give("org:york", "read", "leeds/housing")
    assert may(town, "read", "Rents") == {"leeds/mo", "york/bo"}
    assert may(town, "comment", "Rents") == {"leeds/mo"}


def test_mo_lets_only_leeds_write_and_is_told_who_no_longer_may(open_town: World) -> None:
    """Nothing is saved until he agrees; nobody sees less by it; Undo asks, since it lets people write again."""
    town = open_town
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    assert "Who may write here?" in words(mo.get(here))
    asked = mo.post(here, data={"writers": "organisation"})
    assert lede(asked) == "This stops staff of Acme City Council and staff of York City Council from writing in it."
    assert "Nobody sees more or less by it." in words(asked)
    assert may(town, "comment") == {"leeds/ann", "leeds/mo", "york/bo"}
    saved = agree(mo, asked)
    assert saved.status_code == 303
    assert may(town, "comment") == {"leeds/ann", "leeds/mo"}
    assert may(town, "read") == {"leeds/ann", "leeds/mo", "york/bo"}
    with town.parts.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "space:writers"))
        assert entry.detail == "staff to organisation"
    asked = undo(mo, saved.location)
    assert lede(asked) == "This lets staff of Acme City Council and staff of York City Council write in it."
    agree(mo, asked)
    assert may(town, "comment") == {"leeds/ann", "leeds/mo", "york/bo"}


def test_letting_more_people_write_names_whom_the_manager_may_know(open_town: World) -> None:
    town = open_town
    town.set_voices("leeds/news", "members")
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    asked = mo.post(here, data={"writers": "staff"})
    assert lede(asked) == f"This lets {STAFF} write in it."
    assert "Show who may write" in words(asked)
    assert "Ann of Leeds City Council" in words(asked)
    assert "Bo" not in words(asked)


def test_whoever_manages_nothing_there_says_nothing_of_who_writes(open_town: World) -> None:
    for who, status in (("leeds/ann", 403), ("york/bo", 403), ("acme/gus", 404)):
        client, here = open_town.client(who), f"/settings/{place_id(open_town, 'leeds/news')}"
        assert client.post(here, data={"writers": "members"}).status_code == status
    assert place(open_town, "leeds/news").voices == "staff"


def test_a_space_that_is_closed_keeps_what_was_said_and_lets_only_members_write(open_town: World) -> None:
    """The question says so, and so do its settings; opened again, it asks about what that lets people do."""
    town = open_town
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    asked = mo.post(here, data={"audience": "restricted"})
    assert f"This stops {STAFF} from writing in it. {SILENT}" in words(asked)
    agree(mo, asked)
    assert (place(town, "leeds/news").audience, place(town, "leeds/news").voices) == ("restricted", "staff")
    assert may(town, "comment") == {"leeds/mo"}
    assert may(town, "read") == {"leeds/ann", "leeds/mo"}, "a line of Leeds' policy"
    assert SILENT in words(mo.get(here))
    assert mo.post(here, data=fields(mo.get(here)) | {"name": "Old news"}).status_code == 303
    asked = mo.post(here, data={"audience": "open"})
    assert f"This lets {STAFF} write in it." in words(asked)
    agree(mo, asked)
    assert may(town, "comment") == {"leeds/ann", "leeds/mo", "york/bo"}


@pytest.mark.parametrize("audience", ["restricted", "private", "confidential"])
def test_nobody_can_choose_others_than_members_for_a_space_that_is_not_open(open_town: World, audience: str) -> None:
    town = open_town
    town.set_voices("leeds/news", "members")
    town.set_audience("leeds/news", audience)
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    for voices in ("staff", "organisation"):
        refused = mo.post(here, data={"writers": voices})
        assert refused.status_code == 422
        assert "Only in an open space can others than its members write" in words(refused)
    assert mo.post(here, data={"writers": "everybody"}).status_code == 422
    assert place(town, "leeds/news").voices == "members"


def test_an_open_space_from_before_says_that_all_staff_may_write_until_it_is_saved_once(open_town: World) -> None:
    """All staff may; its history needs no mending; saving what is shown is saying it, and asks nothing."""
    town = open_town
    since_before(town, "leeds/news")
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    assert may(town, "comment") == {"leeds/ann", "leeds/mo", "york/bo"}
    shown = mo.get(here)
    assert "All staff may now ask and comment here." in words(shown)
    assert mo.post(here, data=fields(shown)).status_code == 303
    assert place(town, "leeds/news").voices == "staff"
    assert "All staff may now ask and comment here." not in words(mo.get(here))


def test_a_closed_space_from_before_that_is_opened_lets_its_members_write_and_nobody_else(town: World) -> None:
    """What is usual in an open space was not said of one that was closed."""
    since_before(town, "leeds/housing")
    town.set_audience("leeds/housing", "open")
    town.add_document("leeds/housing", "Sandbags")
    assert may(town, "comment") == {"leeds/mo"}
    assert may(town, "read") == {"leeds/ann", "leeds/mo", "york/bo"}


def test_who_makes_a_space_says_who_writes_in_it_or_leaves_it_as_is_usual(town: World) -> None:
    lee, here = town.client("leeds/lee"), f"/make/{place_id(town, 'leeds')}"
    form = lee.get(here)
    assert "Who may write here?" in words(form)
    assert "Who may write here?" not in words(lee.get(f"/make/{place_id(town, 'leeds/housing')}?kind=folder"))
    refused = lee.post(here, data=FORM | {"audience": "private", "writers": "staff"})
    assert "Only in an open space can others than its members write" in words(refused)
    for writers, said in (("", "staff"), ("organisation", "organisation"), ("members", "members")):
        asked = lee.post(here, data=FORM | {"audience": "open", "writers": writers, "slug": f"news-{said}"})
        whom = {"members": "1 person in 1 organisation", "organisation": "4 people in 1 organisation"}
        everybody = "4 people in 1 organisation, staff of Acme City Council and staff of York City Council"
        assert f"Who may write in it: {whom.get(said, everybody)}." in words(asked)
        assert settled(lee, asked).status_code == 303
        assert place(town, f"leeds/news-{said}").voices == said
    settled(lee, lee.post(here, data=FORM | {"audience": "restricted", "slug": "plain"}))
    assert place(town, "leeds/plain").voices == "members"


def test_whoever_was_shown_who_writes_is_told_when_that_changed_meanwhile(open_town: World) -> None:
    town = open_town
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/news')}"
    sent = fields(mo.get(here)) | {"name": "New", "audience": "open", "marking": "OFFICIAL", "writers": "staff"}
    town.set_voices("leeds/news", "organisation")
    again = mo.post(here, data=sent)
    assert again.status_code == 409
    assert "Who may write in it now: staff of the organisation that owns it." in words(again)


def test_why_somebody_may_comment_is_told_and_leads_to_where_it_is_changed(open_town: World) -> None:
    """And never as the reason why they may read."""
    town = open_town
    mo, bo = town.client("leeds/mo"), town.client("york/bo")
    with town.viewer("leeds/mo") as viewer:
        own = viewer.session.scalars(select(Document.id).where(Document.title == "Sandbags")).one()
    assert "You can read this because News is open to the staff of every organisation." in words(
        bo.get(f"/documents/{own}")
    )
    answer = words(mo.get(f"/documents/{own}/why?find=ann&can=comment"))
    assert "Ann of Leeds City Council can comment on this because News lets the staff of every organisation" in answer
    assert "Who may write in News" in answer
    assert "Change who may write" in answer
    read = words(mo.get(f"/documents/{own}/why?find=ann&can=read"))
    assert "Who may write in News" not in read
    lists = words(mo.get(f"/audience/document/{own}"))
    assert "The audience of News" in lists
    assert "Who may write in News" not in lists


def test_moving_a_space_into_one_where_all_staff_write_says_that_they_may(open_town: World) -> None:
    """Restricted plans go under the open news: what the news let people read and write, they may there too."""
    town = open_town
    town.add_space("leeds/plans", "restricted", name="Plans")
    town.give("person:leeds/mo", "manage", "leeds/plans")
    mo, plans = town.client("leeds/mo"), place_id(town, "leeds/plans")
    asked = mo.post(f"/move/{plans}", data={"slug": "plans", "to": place_id(town, "leeds/news")})
    assert f"This lets {STAFF} write in it." in words(asked)


def test_york_asks_in_a_space_of_leeds_where_all_staff_write_and_not_where_members_do(open_town: World) -> None:
    """Bo may ask, and answer Ann; once it is kept to Leeds, Bo reads on and writes no more, and Ann does."""
    town = open_town
    talk = f"/talk/{place_id(town, 'leeds/news')}"
    node = town.add_thread("leeds/news", "Who has spare pumps?", "leeds/ann", "We need six.")
    bo, ann, here = town.client("york/bo"), town.client("leeds/ann"), f"/threads/{node.removeprefix('thread:')}"
    assert "Ask a question" in words(bo.get(talk))
    assert "<textarea" in bo.get(here).text
    town.set_voices("leeds/news", "organisation")
    assert "Ask a question" not in words(bo.get(talk))
    assert bo.get(f"{talk}/new?kind=question").status_code == 403
    assert "We need six." in words(bo.get(here))
    assert "<textarea" not in bo.get(here).text
    assert bo.post(here, data={"body": "Two."}).status_code == 403
    assert "<textarea" in ann.get(here).text
    assert town.client("acme/gus").get(here).status_code == 404
