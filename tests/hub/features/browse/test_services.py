"""Spaces say what they are about, and people find them by it across councils: as many as they may see, and no more."""

import re

import pytest
from lxml import html
from sqlalchemy import select

from hub.access.models import Place
from hub.audience.sealing import SEEN
from hub.features.sharing.service import sweep
from hub.ground.db import Database
from hub.nouns.spaces.models import Service, SpaceService
from hub.nouns.spaces.services import set_services
from tests.hub.features.sharing.conftest import agree, fields, settled, undo, words
from tests.hub.once import Begin
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds and York, each with a housing space that all may find; Leeds with a confidential one too. Pat runs it."""
    world.set_policy("platform", "allow,person:york/pat,administer,*,any,any,-,Pat runs the hub")
    for slug in ("leeds", "york"):
        world.add_organisation(
            slug,
            f"allow,all-staff,read,{slug},up to OFFICIAL,published,-,Open to the sector",
            *([f"allow,person:leeds/lee,manage,{slug},any,any,-,Lee looks after it"] if slug == "leeds" else ()),
            name=f"{slug.capitalize()} Council",
        )
    for handle in ("leeds/lee", "leeds/ann", "york/pat"):
        world.add_person(handle)
    for path, audience, about in (
        ("leeds/homes", "open", ("housing",)),
        ("york/homes", "restricted", ("housing", "planning")),
        ("leeds/lantern", "confidential", ("housing", "licensing")),
    ):
        world.add_space(path, audience)
        choose(world, path, *about)


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def choose(world: World, path: str, *about: str) -> None:
    with world.work() as uow:
        set_services(uow, uow.session.scalars(select(Place).where(Place.path == path)).one(), about)


def chosen(world: World, path: str) -> list[str]:
    """What was chosen for a space, as it was."""
    with world.parts.database.reading() as session:
        wanted = select(SpaceService.service_id).join(Place, Place.id == SpaceService.place_id)
        return sorted(session.scalars(wanted.where(Place.path == path)))


def shelves(world: World, who: str) -> dict[str, int]:
    """The services that somebody is offered, with the number beside each."""
    page = html.fromstring(world.client(who).get("/spaces").text)
    rows = page.xpath("//section[@aria-labelledby='by-service']//li")
    return {row.xpath("a")[0].text: int(row.xpath("span")[0].text) for row in rows}


def found(world: World, who: str, asked: str) -> list[str]:
    page = html.fromstring(world.client(who).get(f"/spaces?{asked}").text)
    return sorted(row.get("href").removeprefix("/places/") for row in page.xpath("//tbody//th//a"))


def test_ann_finds_housing_of_every_council_and_is_told_of_no_space_that_she_may_not_see(town: World) -> None:
    assert shelves(town, "leeds/ann") == {"Housing": 2, "Planning": 1}
    assert found(town, "leeds/ann", "service=housing") == ["leeds/homes", "york/homes"]
    assert found(town, "leeds/ann", "service=housing&organisation=york") == ["york/homes"]
    page = town.client("leeds/ann").get("/spaces?service=housing").text
    assert "Spaces about Housing" in page
    town.give("person:leeds/ann", "read", "leeds/lantern")
    assert shelves(town, "leeds/ann") == {"Housing": 3, "Licensing and trading standards": 1, "Planning": 1}


def test_a_service_of_hidden_spaces_alone_answers_like_one_that_there_is_not(town: World) -> None:
    """But for the token of a form, which holds the second in which it was made."""
    ann = town.client("leeds/ann")
    pages = [ann.get(f"/spaces?service={word}").text for word in ("licensing", "parks", "nothing")]
    assert len({re.sub('name="csrf_token" value="[^"]+"', "", page) for page in pages}) == 1


def test_the_page_of_a_space_says_what_it_is_about_and_leads_to_the_others(town: World) -> None:
    page = html.fromstring(town.client("leeds/ann").get("/places/york/homes").text)
    links = {a.text: a.get("href") for a in page.xpath("//main//a[starts-with(@href, '/spaces?service')]")}
    assert links == {"Housing": "/spaces?service=housing", "Planning": "/spaces?service=planning"}


def test_who_makes_a_space_chooses_its_services_and_changes_them_in_its_settings(town: World) -> None:
    lee = town.client("leeds/lee")
    with town.parts.database.reading() as session:
        leeds = session.scalars(select(Place.id).where(Place.path == "leeds")).one()
    made = {"name": "Parks", "audience": "open", "marking": "OFFICIAL", "service_1": "parks", "service_2": "leisure"}
    assert settled(lee, lee.post(f"/make/{leeds}?kind=space", data=made)).status_code == 303
    assert chosen(town, "leeds/parks") == ["leisure", "parks"]
    with town.parts.database.reading() as session:
        here = f"/settings/{session.scalars(select(Place.id).where(Place.path == 'leeds/parks')).one()}"
    form = fields(lee.get(here))
    assert [form[f"service_{n}"] for n in (1, 2, 3)] == ["leisure", "parks", ""]
    assert lee.post(here, data=form | {"service_1": "", "name": "Parks", "marking": "OFFICIAL"}).status_code == 303
    assert chosen(town, "leeds/parks") == ["parks"]
    undo(lee, "/places/leeds/parks")
    assert chosen(town, "leeds/parks") == ["leisure", "parks"]
    assert lee.post(here, data={"name": "Green places"}).status_code == 303
    assert chosen(town, "leeds/parks") == ["leisure", "parks"], "a field that is not sent stays as it is"
    stale = lee.post(here, data=form | {"name": "Parks", "service_1": "planning"})
    assert "It is called “Green places” now." in words(stale)
    forged = lee.post(here, data={"service_1": "nonsense"})
    assert "Choose services from the list." in words(forged)


def test_what_another_manager_chose_meanwhile_is_not_overwritten_unseen(town: World) -> None:
    lee = town.client("leeds/lee")
    with town.parts.database.reading() as session:
        here = f"/settings/{session.scalars(select(Place.id).where(Place.path == 'leeds/homes')).one()}"
    form = fields(lee.get(here))
    choose(town, "leeds/homes", "planning")
    answer = lee.post(here, data=form | {"service_2": "parks"})
    assert answer.status_code == 409
    assert "It is about Planning now." in words(answer)
    assert chosen(town, "leeds/homes") == ["planning"]
    asked = lee.post(here, data=fields(lee.get(here)) | {"audience": "private"})
    choose(town, "leeds/homes", "parks")
    again = agree(lee, asked)
    assert "It is about Parks and open spaces now." in words(again)
    assert chosen(town, "leeds/homes") == ["parks"]


def test_renaming_merging_and_retiring_a_service_loses_nothing(town: World) -> None:
    """Pat merges Planning into Housing and parts them again, renames and retires Housing: no space's choice is gone."""
    pat, here = town.client("york/pat"), "/admin/platform/services"
    before = {path: chosen(town, path) for path in ("leeds/homes", "york/homes", "leeds/lantern")}

    def act(word: str, **sent: str) -> None:
        assert pat.post(f"{here}/{word}", data=sent).status_code == 303

    act("planning", do="merge", into="housing")
    assert shelves(town, "leeds/ann") == {"Housing": 2}
    assert found(town, "leeds/ann", "service=housing") == ["leeds/homes", "york/homes"]
    act("housing", do="merge", into="property")
    assert shelves(town, "leeds/ann") == {"Property and assets": 2}
    undo(pat, here)
    act("planning", do="part")
    act("housing", do="rename", name="Homes and\u202e tenancies")
    act("housing", do="retire")
    assert {path: chosen(town, path) for path in before} == before
    assert shelves(town, "leeds/ann") == {"Homes and tenancies": 2, "Planning": 1}
    assert found(town, "leeds/ann", "service=housing") == ["leeds/homes", "york/homes"], "old addresses lead there"
    offered = town.client("leeds/lee").get(settings_of(town, "leeds/homes")).text
    assert "Homes and tenancies (retired)" in offered
    choose(town, "leeds/homes", "housing", "parks")
    town.add_space("leeds/new")
    lee = town.client("leeds/lee")
    assert "tenancies" not in lee.get(settings_of(town, "leeds/new")).text
    refused = lee.post(settings_of(town, "leeds/new"), data={"service_1": "housing"})
    assert "Choose services from the list." in words(refused)
    act("housing", do="restore")
    assert "tenancies" in lee.get(settings_of(town, "leeds/new")).text


def settings_of(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return f"/settings/{session.scalars(select(Place.id).where(Place.path == path)).one()}"


def test_the_list_takes_no_name_twice_no_circle_and_nothing_that_was_changed_meanwhile(town: World) -> None:
    pat, here = town.client("york/pat"), "/admin/platform/services"
    assert "There is a service called housing already" in words(pat.post(here, data={"name": " housing "}))
    assert "Enter a name" in words(pat.post(here, data={"name": "  "}))
    assert pat.post(here, data={"name": "Höusing"}).status_code == 303
    assert pat.post(here, data={"name": "住宅"}).status_code == 303
    with town.parts.database.reading() as session:
        made = [s.id for s in session.scalars(select(Service)) if s.name in ("Höusing", "住宅")]
    assert len(made) == 2
    assert all(pat.get(f"{here}/{word}").status_code == 200 for word in made)
    pat.post(f"{here}/planning", data={"do": "merge", "into": "housing"})
    for word, into in (("housing", "housing"), ("housing", "planning"), ("parks", "planning"), ("parks", "")):
        assert pat.post(f"{here}/{word}", data={"do": "merge", "into": into}).status_code == 422
    seen = fields(pat.get(f"{here}/parks"))[SEEN]
    pat.post(f"{here}/parks", data={"do": "rename", "name": "Parks"})
    late = pat.post(f"{here}/parks", data={"do": "rename", "name": "Green", SEEN: seen})
    assert late.status_code == 409
    assert "was changed meanwhile" in words(late)


def test_a_space_that_is_deleted_leaves_nothing_behind(town: World) -> None:
    lee = town.client("leeds/lee")
    town.add_space("leeds/gone")
    choose(town, "leeds/gone", "housing")
    with town.parts.database.reading() as session:
        gone = session.scalars(select(Place.id).where(Place.path == "leeds/gone")).one()
    assert settled(lee, lee.post(f"/delete/{gone}")).status_code == 303
    assert shelves(town, "leeds/ann") == {"Housing": 2, "Planning": 1}
    town.index_all()
    sweep(town.parts)
    with town.parts.database.reading() as session:
        assert session.get(Place, gone) is None
        assert session.scalars(select(SpaceService).where(SpaceService.place_id == gone)).all() == []
