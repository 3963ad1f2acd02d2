"""Settings of a place: its name, marking and audience; archived, withdrawn, restored as a whole; deleted when empty."""

import pytest
from sqlalchemy import select

from hub.access.models import Fence, Grant, Place
from hub.access.places import rename_place
from hub.features.sharing.service import sweep
from hub.nouns.documents.models import Document
from hub.nouns.spaces.models import PutAway
from tests.hub.features.sharing.conftest import agree, fields, grants, lede, place_id, settled, undo, words
from tests.hub.world import World

MOST_QUERIES = 16
SENSITIVE = "leeds/housing"


def place(world: World, path: str) -> Place:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place).where(Place.path == path)).one()


def states(world: World) -> dict[str, str]:
    """Title of each document, and its state."""
    with world.parts.database.reading() as session:
        return {d.title: d.state for d in session.scalars(select(Document))}


def manages_all(world: World) -> None:
    """Mo manages whatever lies in housing, in any state."""
    world.set_policy(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
        "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps housing",
        "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
    )


def test_showing_that_a_space_exists_asks_first_though_no_document_is_shown(town: World) -> None:
    """Confidential to restricted: all staff learn of it, so Mo is told how many, with their names."""
    town.set_audience("leeds/housing", "confidential")
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/housing')}"
    asked = mo.post(here, data={"name": "Housing", "audience": "restricted"})
    assert lede(asked) == (
        "This shows the name and description of 1 space or folder to 3 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    assert "Ann" in asked.text
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404
    assert agree(mo, asked).status_code == 303
    assert "for its members" in town.client("york/bo").get("/places/leeds/housing").text


def test_a_lower_marking_of_a_space_asks_first_and_so_does_a_higher_one(town: World) -> None:
    """Leeds reads up to OFFICIAL: marked down, its staff see its name; marked up, it is fenced and gone."""
    manages_all(town)
    town.add_space("leeds/plans", "restricted", marking="OFFICIAL-SENSITIVE", name="Plans")
    town.set_policy(
        "platform", "deny,org:york,read,*,OFFICIAL-SENSITIVE and above,any,-,Sensitive names stay with Leeds"
    )
    town.index_all()
    lee, here = town.client("leeds/lee"), f"/settings/{place_id(town, 'leeds/plans')}"
    assert town.client("york/bo").get("/places/leeds/plans").status_code == 404
    asked = lee.post(here, data={"marking": "OFFICIAL"})
    assert lede(asked) == "This shows the name and description of 1 space or folder to staff of York City Council."
    assert "Mark it OFFICIAL" in words(asked)
    assert place(town, "leeds/plans").marking == "OFFICIAL-SENSITIVE"
    agree(lee, asked)
    town.index_all()
    assert [hit.id for hit in town.ask("york/bo", "plans").hits] == [f"space:{place_id(town, 'leeds/plans')}"]
    asked = lee.post(here, data={"marking": "OFFICIAL-SENSITIVE"})
    assert lede(asked) == "This hides the name and description of 1 space or folder from staff of York City Council."
    assert agree(lee, asked).status_code == 303
    assert town.ask("york/bo", "plans").hits == ()
    assert town.client("york/bo").get("/places/leeds/plans").status_code == 404
    with town.parts.database.reading() as session:
        assert f"space:{place_id(town, 'leeds/plans')}" in session.scalars(select(Fence.node)).all()


def test_settings_that_somebody_else_changed_meanwhile_are_shown_again_with_what_was_typed(town: World) -> None:
    """Lee opens the space while Mo writes a name: neither Mo's form nor his agreed button closes it or renames it."""
    manages_all(town)
    town.give("person:leeds/lee", "manage", "leeds/housing")
    mo, lee, here = town.client("leeds/mo"), town.client("leeds/lee"), f"/settings/{place_id(town, 'leeds/housing')}"
    sent = fields(mo.get(here)) | {"name": "Homes", "audience": "private", "marking": "OFFICIAL"}
    theirs = fields(lee.get(here)) | {"about": "Repairs", "audience": "restricted", "marking": "OFFICIAL"}
    assert settled(lee, lee.post(here, data=theirs)).status_code == 303
    again = mo.post(here, data=sent)
    assert again.status_code == 409
    assert "Nothing was done yet. Its description is now: “Repairs”. It is restricted now." in words(again)
    assert fields(again)["name"] == "Homes", "what was typed stays"
    assert place(town, "leeds/housing").description == "Repairs"
    asked = mo.post(here, data=fields(again) | {"audience": "private", "marking": "OFFICIAL", "about": "Repairs"})
    assert "This hides" in lede(asked)
    settled(lee, lee.post(here, data=fields(lee.get(here)) | {"name": "Council homes"}))
    refused = agree(mo, asked)
    assert "It is called “Council homes” now." in words(refused)
    assert place(town, "leeds/housing").audience == "restricted"


def test_a_space_in_which_something_changed_is_not_put_away_unseen(town: World) -> None:
    """Mo is asked about three documents; a draft of them is published and one is revised: he is asked again."""
    manages_all(town)
    for name in ("Plan", "Second"):
        town.add_document("leeds/housing", name)
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    asked = mo.get(f"/state/{there}/archive")
    town.add_document("leeds/housing", "Third")
    again = agree(mo, asked)
    assert "What is in it has changed." in words(again)
    assert "With it: 3 documents" in words(again)
    assert agree(mo, again).status_code == 303


def test_nobody_marks_a_place_beyond_what_they_manage(town: World) -> None:
    """The platform's ceiling keeps sensitive things from all: no marking above it, in the form or by hand."""
    town.set_policy("platform", "deny,all-staff,manage,*,OFFICIAL-SENSITIVE and above,any,-,Not here")
    lee, here = town.client("leeds/lee"), f"/settings/{place_id(town, 'leeds/housing')}"
    town.give("person:leeds/lee", "manage", "leeds/housing")
    assert lee.post(here, data={"marking": "OFFICIAL-SENSITIVE"}).status_code == 403
    assert lee.post(here, data={"marking": "SECRET"}).status_code == 422
    assert place(town, "leeds/housing").marking == "OFFICIAL"


def test_a_rename_and_a_narrower_audience_are_undone_and_undoing_that_widens_asks_first(town: World) -> None:
    manages_all(town)
    town.add_document("leeds/housing", "Plan")
    town.set_audience("leeds/housing", "open")
    mo, here = town.client("leeds/mo"), f"/settings/{place_id(town, 'leeds/housing')}"
    saved = settled(mo, mo.post(here, data={"name": "Homes", "about": "Repairs", "audience": "private"}))
    assert saved.status_code == 303
    asked = undo(mo, saved.location)
    assert lede(asked) == (
        "This shows 1 document to 3 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    assert (place(town, "leeds/housing").name, place(town, "leeds/housing").audience) == ("Homes", "private")
    agree(mo, asked)
    back = place(town, "leeds/housing")
    assert (back.name, back.description, back.audience) == ("Housing", "", "open")


def test_whoever_closes_a_space_stays_its_manager(town: World) -> None:
    """Lee manages works by a line about Leeds, which does not reach into a private space."""
    town.add_space("leeds/works", "open")
    lee, works = town.client("leeds/lee"), place_id(town, "leeds/works")
    assert settled(lee, lee.post(f"/settings/{works}", data={"audience": "private"})).status_code == 303
    assert [(g.principal, g.can, g.reason) for g in grants(town, "leeds/works")] == [
        ("person:leeds/lee", "manage", "They closed this space")
    ]
    assert lee.get(f"/settings/{works}").status_code == 200


def test_a_space_is_withdrawn_with_what_lies_in_it_and_comes_back_as_it_was(town: World) -> None:
    """Drafts and what was archived before stay so; York's next click and search find nothing; restoring asks first."""
    manages_all(town)
    town.give("org:york", "read", "leeds/housing")
    town.add_folder("leeds/housing/damp")
    town.add_document("leeds/housing", "Plan", "heron")
    town.add_document("leeds/housing/damp", "Damp", "heron")
    town.add_document("leeds/housing", "Draft", state="draft")
    town.add_document("leeds/housing", "Old", state="archived")
    town.index_all()
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    asked = mo.get(f"/state/{there}/withdraw")
    assert "is withdrawn with it, and leaves every list and search at once" in lede(asked)
    assert "With it: 3 documents and 1 place in it." in words(asked)
    assert town.ask("york/bo", "heron").total == 2
    assert agree(mo, asked).status_code == 303
    assert states(town) == {"Plan": "withdrawn", "Damp": "withdrawn", "Draft": "draft", "Old": "withdrawn"}
    assert town.ask("york/bo", "heron").total == 0
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404
    assert town.client("york/bo").get("/places/leeds/housing/damp").status_code == 404
    town.index_all()
    asked = undo(mo, "/places/leeds/housing")
    assert lede(asked) == "This shows 2 documents to staff of York City Council."
    assert "name and description of 2 spaces and folders" in words(asked)
    assert agree(mo, asked).status_code == 303
    assert states(town) == {"Plan": "published", "Damp": "published", "Draft": "draft", "Old": "archived"}
    town.index_all()
    assert town.ask("york/bo", "heron").total == 2
    with town.parts.database.reading() as session:
        assert session.scalars(select(PutAway)).all() == []


def test_what_was_put_away_by_itself_stays_so_and_archived_then_withdrawn_is_restored_to_what_it_was(
    town: World,
) -> None:
    manages_all(town)
    town.add_folder("leeds/housing/damp")
    plan = town.add_document("leeds/housing/damp", "Plan")
    town.add_document("leeds/housing/damp", "Damp")
    mo, damp = town.client("leeds/mo"), place_id(town, "leeds/housing/damp")
    space = place_id(town, "leeds/housing")
    agree(mo, mo.get(f"/state/{damp}/archive"))
    agree(mo, mo.get(f"/state/{space}/archive"))
    agree(mo, mo.get(f"/state/{space}/withdraw"))
    assert set(states(town).values()) == {"withdrawn"}
    town.mark(plan, "OFFICIAL", "published")  # somebody restored it by itself
    agree(mo, mo.get(f"/state/{space}/restore"))
    assert states(town) == {"Plan": "published", "Damp": "archived"}
    agree(mo, mo.get(f"/state/{damp}/restore"))
    assert states(town) == {"Plan": "published", "Damp": "published"}
    assert place(town, "leeds/housing/damp").state == "published"


def test_what_mo_may_not_change_stays_and_is_not_counted(town: World) -> None:
    """Legal's advice in housing: Mo withdraws the space, Dee reads on, and no byte of the question tells of it."""
    manages_all(town)
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    town.add_space("leeds/housing/advice", "private")
    town.give("group:leeds/legal", "manage", "leeds/housing/advice")
    town.set_policy(
        "platform", "deny,everyone-but:group:leeds/legal,read,leeds/housing/advice,any,any,-,Advice is privileged"
    )
    town.add_document("leeds/housing", "Plan")
    before = words(mo.get(f"/state/{there}/withdraw"))
    advice = town.add_document("leeds/housing/advice", "CANARY")
    asked = mo.get(f"/state/{there}/withdraw")
    assert words(asked) == before
    agree(mo, asked)
    assert states(town) == {"Plan": "withdrawn", "CANARY": "published"}
    assert town.client("leeds/dee").get(f"/documents/{advice.removeprefix('doc:')}").status_code == 200


def test_mo_deletes_an_empty_folder_and_no_other(town: World) -> None:
    """What is full stays; the address is free again; members of it are members no more, once the worker was there."""
    mo = town.client("leeds/mo")
    town.add_folder("leeds/housing/empty")
    town.give("org:york", "read", "leeds/housing/empty")
    town.add_folder("leeds/housing/full")
    town.add_document("leeds/housing/full", "Plan")
    full, empty = place_id(town, "leeds/housing/full"), place_id(town, "leeds/housing/empty")
    for kept in (full, place_id(town, "leeds/housing")):
        assert "Only what is empty can be deleted" in words(mo.get(f"/delete/{kept}"))
        assert mo.post(f"/delete/{kept}").status_code == 409
    assert "for good" in lede(mo.get(f"/delete/{empty}"))
    asked = mo.get(f"/delete/{empty}")
    town.give("person:york/bo", "read", "leeds/housing/empty")
    with town.work() as uow:
        rename_place(uow, town._place(uow, "leeds/housing/empty"), "Next year", "")
    again = agree(mo, asked)
    assert "Nothing was done yet. It is called “Next year” now. 2 memberships would go with it now." in words(again)
    assert agree(mo, again).location == "/places/leeds/housing"
    assert mo.get("/places/leeds/housing/empty").status_code == 404
    assert mo.post(f"/delete/{empty}").status_code == 404
    assert sweep(town.parts) == 1
    with town.parts.database.reading() as session:
        left = select(Grant).where(Grant.node == empty, Grant.ended_at.is_(None))
        assert session.scalars(left).all() == []
        assert session.get(Place, empty) is None
    town.add_folder("leeds/housing/empty", name="Anew")
    assert "Anew" in mo.get(f"/files/{place_id(town, 'leeds/housing')}").text
    town.index_all()


def test_what_mo_may_not_see_is_not_lost_with_a_folder_that_he_deletes_and_nothing_tells_him_of_it(town: World) -> None:
    """Dee's note above his marking and Lee's closed space: asked and answered as of an empty one; both stay."""
    town.set_policy(
        "leeds",
        "allow,person:leeds/mo,manage,leeds/housing,up to OFFICIAL,any,-,Mo keeps housing",
        "deny,person:leeds/mo,read,leeds,OFFICIAL-SENSITIVE and above,any,-,Not for Mo",
        "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
        "allow,person:leeds/dee,edit,leeds/housing,any,any,-,Dee sees to it",
    )
    mo, answers = town.client("leeds/mo"), []
    for name in ("empty", "other"):
        town.add_folder(f"leeds/housing/{name}")
        town.give("person:leeds/ann", "read", f"leeds/housing/{name}")
    town.add_space("leeds/housing/other/lantern", "confidential", name="Lantern")
    town.give("person:leeds/dee", "manage", "leeds/housing/other/lantern")
    note = town.add_document("leeds/housing/other", "CANARY", marking="OFFICIAL-SENSITIVE", owner="person:leeds/dee")
    town.index_all()
    for name in ("empty", "other"):
        there = place_id(town, f"leeds/housing/{name}")
        asked = mo.get(f"/delete/{there}")
        done = agree(mo, asked)
        after = mo.get(f"/places/leeds/housing/{name}").status_code, mo.get(f"/delete/{there}").status_code
        said = words(asked).replace(name.title(), "It").partition("Before it is done")[2]
        answers.append((said, done.status_code, done.location, *after))
    assert answers[0] == answers[1]
    assert answers[0][1:] == (303, "/places/leeds/housing", 404, 404)
    assert sweep(town.parts) == 1
    town.index_all()
    dee = town.client("leeds/dee")
    assert dee.get(f"/documents/{note.removeprefix('doc:')}").status_code == 200
    assert town.client("leeds/ann").get("/places/leeds/housing/other").status_code == 404
    assert dee.get("/places/leeds/housing/other/lantern").status_code == 200
    agree(mo, mo.post(f"/make/{place_id(town, 'leeds/housing')}?kind=folder",
                      data={"name": "Other", "slug": "other", "marking": "OFFICIAL", "about": ""}))  # fmt: skip
    assert mo.get("/places/leeds/housing/other").status_code == 200
    led = dee.get("/places/leeds/housing/other/lantern")
    assert (led.status_code, led.location.rpartition("/")[2]) == (302, "lantern")
    assert "Lantern" in dee.get(led.location).text


def test_a_place_that_lines_of_policy_name_is_not_deleted_under_them(town: World) -> None:
    town.add_folder("leeds/housing/damp")
    town.set_policy("leeds", "deny,all-staff,read,leeds/housing/damp,any,published,-,Closed")
    mo, here = town.client("leeds/mo"), f"/delete/{place_id(town, 'leeds/housing/damp')}"
    assert mo.post(here).status_code in {403, 404, 409}
    assert place(town, "leeds/housing/damp")
    deny = "deny,org:york,read,leeds/housing/damp,any,published,-,Closed to York"
    for file, whom in (("leeds", "your organisation’s administrators"), ("platform", "the administrators of this hub")):
        town.set_policy("leeds", "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it")
        town.set_policy(file, deny)
        for answer in (mo.get(here), mo.post(here)):
            assert answer.status_code == 409
            assert f"Ask {whom} to change them first" in words(answer)
    assert place(town, "leeds/housing/damp")


def test_an_organisations_page_says_who_can_see_it_to_those_who_manage_it(town: World) -> None:
    """Staff by audience of policy, and the guest whom Leeds has admitted; Ann, who only reads, gets no such page."""
    town.set_policy(
        "leeds",
        "allow,all-staff,read,leeds,any,published,-,Leeds can be found",
        "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
    )
    here = f"/audience/place/{place_id(town, 'leeds')}"
    lee = town.client("leeds/lee")
    assert "4 people in 1 organisation, staff of Acme City Council and staff of York City Council can see it." in words(
        lee.get(here)
    )
    with town.work() as uow:
        from hub.nouns.people.service import NewGrant, give

        there = uow.session.scalars(select(Place).where(Place.path == "leeds/housing")).one()
        give(uow, NewGrant("guest:acme/gus", "read", there.id, there.organisation_id or "", "leeds/lee",
                           source="guest", reason="Contract", until=town.parts.today))  # fmt: skip
    assert town.client("acme/gus").get("/places/leeds").status_code == 200
    assert (
        "4 people in 1 organisation, staff of Acme City Council, staff of York City Council and 1 guest can see it."
        in words(lee.get(here))
    )
    assert "Who can see this?" in words(lee.get("/places/leeds"))
    assert town.client("leeds/ann").get(here).status_code == 403


def test_the_pages_of_settings_need_few_queries(town: World, queries: list[str]) -> None:
    """However much lies in it: settings, the question of an audience, of a state, of deletion."""
    manages_all(town)
    for number in range(15):
        town.add_folder(f"leeds/housing/f{number}")
        town.add_document(f"leeds/housing/f{number}", f"Plan {number}")
    town.add_folder("leeds/housing/empty")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    empty, leeds = place_id(town, "leeds/housing/empty"), place_id(town, "leeds")
    lee = town.client("leeds/lee")
    sent = fields(mo.get(f"/settings/{there}")) | {"audience": "open", "marking": "PUBLIC"}
    looks = (
        lambda: mo.get(f"/settings/{there}"),
        lambda: mo.post(f"/settings/{there}", data=sent),
        lambda: mo.get(f"/state/{there}/archive"),
        lambda: mo.get(f"/delete/{empty}"),
        lambda: mo.get(f"/audience/place/{there}"),
        lambda: lee.get(f"/audience/place/{leeds}"),
        lambda: mo.get(f"/move/{empty}"),
    )
    for look in looks:
        look()
        queries.clear()
        assert look().status_code == 200
        assert len(queries) <= MOST_QUERIES, (len(queries), queries)


def test_nothing_is_added_to_a_folder_that_was_deleted_in_the_same_moment(town: World) -> None:
    """Mo's upload reaches its unit of work after the folder is gone: not found, and no error of the hub's."""
    from hub.ground.errors import NotFound
    from hub.nouns.spaces.queries import place_for_writing

    town.add_folder("leeds/housing/damp")
    damp = place_id(town, "leeds/housing/damp")
    with town.work() as uow:
        assert place_for_writing(uow.session, damp).path == "leeds/housing/damp"
    mo = town.client("leeds/mo")
    assert agree(mo, mo.get(f"/delete/{damp}")).status_code == 303
    with town.work() as uow, pytest.raises(NotFound):
        place_for_writing(uow.session, damp)
