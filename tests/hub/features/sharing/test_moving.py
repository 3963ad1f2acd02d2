"""Moving documents and places: within an organisation, to another one, undone, and where there is nowhere to go."""

from sqlalchemy import select

from hub.access.models import Grant, Place
from hub.nouns.documents.models import Document
from tests.hub.features.sharing.conftest import agree, lede, place_id, settled, undo, words
from tests.hub.world import World

MOST_QUERIES = 15
FOUND = "allow,org:leeds,read,york,only PUBLIC,published,-,Leeds finds us"


def both_ends(town: World) -> str:
    """Mo manages housing at Leeds and the floods space at York; a plan lies in housing. Returns its id."""
    town.set_policy(
        "leeds",
        "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps housing",
        "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
    )
    town.set_policy("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read", FOUND)
    town.add_space("york/floods", "restricted", name="Floods")
    town.give("person:leeds/mo", "manage", "york/floods")
    return town.add_document("leeds/housing", "Plan", "heron", owner="person:leeds/dee").removeprefix("doc:")


def row(town: World, document: str) -> Document:
    with town.parts.database.reading() as session:
        return session.get_one(Document, document)


def test_mo_moves_a_document_to_york_whose_policy_decides_from_then_on(town: World) -> None:
    """He manages both ends; York's staff gain it, exactly; its owner and who was given it by itself lose it."""
    document = both_ends(town)
    town.give("person:leeds/ann", "read", f"doc:{document}")
    town.index_all()
    assert town.client("leeds/ann").get(f"/documents/{document}").status_code == 200
    mo, here = town.client("leeds/mo"), f"/move/document/{document}"
    assert "york/floods" in words(mo.get(here))
    asked = mo.post(here, data={"to": place_id(town, "york/floods")})
    assert lede(asked) == "This shows 1 document to staff of York City Council."
    said = words(asked)
    assert "It will belong to York City Council, whose policy decides from then on who reads it." in said
    assert "What was given to people on the document itself ends, and so do its owner’s rights" in said
    moved = agree(mo, asked)
    assert moved.status_code == 303
    found = row(town, document)
    assert (found.place_id, found.organisation_id) == (place_id(town, "york/floods"), place_id(town, "york"))
    assert town.client("york/bo").get(f"/documents/{document}").status_code == 200
    for who in ("leeds/ann", "leeds/dee"):
        assert town.client(who).get(f"/documents/{document}").status_code == 404, who
    assert [hit.id for hit in town.ask("leeds/dee", "heron").hits] == []
    town.index_all()
    assert [hit.id for hit in town.ask("york/bo", "heron").hits] == [f"doc:{document}"]
    with town.parts.database.reading() as session:
        left = select(Grant).where(Grant.node == f"doc:{document}", Grant.ended_at.is_(None))
        assert session.scalars(left).all() == []


def test_a_document_that_a_deny_names_stays_where_the_deny_holds(town: World) -> None:
    """Leeds keeps Bo from just this plan: Mo cannot take it to York, whose file says nothing of it; in Leeds he may."""
    document = both_ends(town)
    mo, here = town.client("leeds/mo"), f"/move/document/{document}"
    own = "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps housing"
    deny = f"deny,person:york/bo,read,doc:{document},any,any,{{}},Bo bids for it"
    town.set_policy("leeds", own, deny.format("-"))
    refused = mo.post(here, data={"to": place_id(town, "york/floods")})
    assert refused.status_code == 409
    assert "cannot follow it to another organisation. Ask your organisation’s administrators to" in words(refused)
    assert "Bo bids" not in refused.text
    assert row(town, document).organisation_id == place_id(town, "leeds")
    attic = town.add_folder("leeds/housing/attic")
    assert settled(mo, mo.post(here, data={"to": attic})).status_code == 303
    assert row(town, document).place_id == attic
    town.set_policy("leeds", own, deny.format("2020-01-31"))
    assert "It will belong to York City Council" in words(mo.post(here, data={"to": place_id(town, "york/floods")}))


def test_leaving_an_organisation_is_asked_about_even_where_nobody_gains(town: World) -> None:
    document = both_ends(town)
    town.mark(f"doc:{document}", "OFFICIAL", "draft")
    town.give("person:leeds/mo", "manage", "leeds/housing")
    with town.work() as uow:
        grant = uow.session.scalars(select(Grant).where(Grant.node == place_id(town, "york/floods"))).one()
        grant.state = "any"
    mo = town.client("leeds/mo")
    asked = mo.post(f"/move/document/{document}", data={"to": place_id(town, "york/floods")})
    assert lede(asked) == "Nobody sees more by it."
    assert "It will belong to York City Council" in words(asked)
    assert row(town, document).organisation_id == place_id(town, "leeds")


def test_whoever_manages_one_end_only_moves_nothing_across(town: World) -> None:
    """Mo as editor at York, and Lee, who manages Leeds but not York: not offered, and not taken by hand."""
    document = both_ends(town)
    with town.work() as uow:
        uow.session.scalars(select(Grant).where(Grant.node == place_id(town, "york/floods"))).one().can = "edit"
    for who in ("leeds/mo", "leeds/lee"):
        client = town.client(who)
        town.give(f"person:{who}", "manage", "leeds/housing")
        assert "york/floods" not in client.get(f"/move/document/{document}").text
        sent = {"to": place_id(town, "york/floods")}
        assert client.post(f"/move/document/{document}", data=sent).status_code == 422
    assert row(town, document).organisation_id == place_id(town, "leeds")


def test_a_place_stays_with_its_organisation_and_the_page_says_what_to_do_instead(town: World) -> None:
    both_ends(town)
    town.add_folder("leeds/housing/damp")
    mo, here = town.client("leeds/mo"), f"/move/{place_id(town, 'leeds/housing/damp')}"
    assert "To hand what is in it to another one, make a space there and move the documents" in words(mo.get(here))
    answer = mo.post(here, data={"to": place_id(town, "york/floods"), "slug": "damp"})
    assert answer.status_code == 422
    assert "A place stays with its organisation. Make a space at the other one" in words(answer)


def test_a_move_is_undone_and_where_that_widens_it_is_asked_first(town: World) -> None:
    """A document moved out of an open space, and back; a folder moved, and back to its address."""
    town.add_space("leeds/news", "open")
    town.give("person:leeds/mo", "edit", "leeds/news")
    town.set_policy(
        "leeds",
        "allow,person:leeds/mo,manage,leeds,any,any,-,Mo",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff",
    )
    document = town.add_document("leeds/news", "Plan").removeprefix("doc:")
    mo = town.client("leeds/mo")
    moved = settled(mo, mo.post(f"/move/document/{document}", data={"to": place_id(town, "leeds/housing")}))
    assert moved.status_code == 303
    asked = undo(mo, moved.location)
    assert "This shows 1 document to" in lede(asked)
    agree(mo, asked)
    assert row(town, document).place_id == place_id(town, "leeds/news")
    town.add_folder("leeds/news/damp")
    damp = place_id(town, "leeds/news/damp")
    moved = mo.post(f"/move/{damp}", data={"to": place_id(town, "leeds/housing"), "slug": "mould"})
    moved = settled(mo, moved)
    back = undo(mo, moved.location)
    assert (agree(mo, back) if back.status_code == 200 else back).location == "/places/leeds/news/damp"


def test_a_list_without_places_says_what_to_do(town: World) -> None:
    document = both_ends(town)
    mo = town.client("leeds/mo")
    said = words(mo.get(f"/move/document/{document}?find=nowhere"))
    assert "No such place is found. Only spaces and folders in which you may put it are offered." in said
    assert "Continue" not in said


def test_the_pages_of_moving_need_few_queries(town: World, queries: list[str]) -> None:
    document = both_ends(town)
    for number in range(10):
        town.add_folder(f"leeds/housing/f{number}")
    mo = town.client("leeds/mo")
    place = place_id(town, "leeds/housing/f1")
    floods = {"to": place_id(town, "york/floods")}
    sent = {"to": place_id(town, "leeds/housing/f2"), "slug": "no slug"}
    for look in (
        lambda: mo.get(f"/move/document/{document}"),
        lambda: mo.post(f"/move/document/{document}", data=floods),
        lambda: mo.get(f"/move/{place}"),
        lambda: mo.post(f"/move/{place}", data=sent),
    ):
        look()
        queries.clear()
        assert look().status_code in {200, 422}
        assert len(queries) <= MOST_QUERIES, (len(queries), queries)
    with town.parts.database.reading() as session:
        assert session.get_one(Place, place).path == "leeds/housing/f1"
