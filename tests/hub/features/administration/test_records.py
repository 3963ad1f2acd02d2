"""What a council holds of what was said: who finds it and takes it away, and what is not theirs (notes, 8)."""

import io
import zipfile

import pytest
from sqlalchemy import select

from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.talk.service import edit_post, post_for_writing, withdraw_post
from tests.hub.features.writing.conftest import Desk
from tests.hub.once import Begin
from tests.hub.world import World

HERE = "/admin/york/records"
WHY = "?why=FOI-118"
LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,person:leeds/lee,keep-records,leeds,any,any,-,Lee answers requests",
)
YORK = (
    "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work",
    "allow,person:york/rita,keep-records,york,any,any,-,Rita answers requests",
    "allow,person:york/ada,administer,york,any,any,-,Ada looks after people",
)


def the_town(world: World) -> tuple[str, str]:
    """Rita keeps York's records; Bo of York writes in Leeds' forum, and in its legal space, which Rita cannot see."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", *YORK)
    world.add_organisation("acme", kind="supplier")
    for handle, name in (("leeds/mo", "Mo Khan"), ("leeds/lee", "Lee Fox"), ("leeds/ann", "Ann Shaw")):
        world.add_person(handle, name=name)
    for handle, name in (("york/bo", "Bo Reed"), ("york/rita", "Rita Cole"), ("york/ada", "Ada Bell")):
        world.add_person(handle, name=name)
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/forum", "open", name="Flood forum")
    world.add_space("leeds/legal", "private", name="Legal")
    world.give("person:leeds/mo", "manage", "leeds/legal")
    world.give("person:york/bo", "comment", "leeds/legal")
    forum = world.add_thread("leeds/forum", "Who registers wardens?", "leeds/ann", "We have PAPER lists.")
    world.post(forum, "york/bo", "York uses a FORM.")
    world.post(forum, "leeds/mo", "Thank you for the FORM.")
    legal = world.add_thread("leeds/legal", "KESTREL", "leeds/mo", "Leeds fears KESTREL.")
    world.post(legal, "york/bo", "York saw the heron too.")
    world.post(legal, "leeds/mo", "Leeds says no more of KESTREL.")
    return forum, legal


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def test_an_officer_finds_what_their_people_said_wherever_they_said_it(town: World) -> None:
    """Of a place that she may not see, Bo's own words alone: not the title, not what others said."""
    page = Desk(town, "york/rita").see(HERE + WHY)
    assert "3 posts by 2 people in 2 conversations" in page
    assert "York uses a FORM." in page
    assert "Thank you for the FORM." in page, "said after York came in, where Rita may read it"
    assert "PAPER" not in page, "said before York was there"
    assert "York saw the heron too." in page
    assert "In a conversation that you may not read" in page
    assert "KESTREL" not in page


def test_it_is_narrowed_by_words_person_and_days(town: World) -> None:
    rita = Desk(town, "york/rita")
    assert "1 post by 1 person" in rita.see(f"{HERE}{WHY}&words=heron")
    assert "2 posts by 1 person" in rita.see(f"{HERE}{WHY}&who=bo+reed")
    assert "holds nothing like that" in rita.see(f"{HERE}{WHY}&words=kestrel")
    assert "3 posts" in rita.see(f"{HERE}{WHY}&since=20/10/2026&until=20/10/2026")
    assert "holds nothing like that" in rita.see(f"{HERE}{WHY}&until=19/10/2026")


def test_letters_with_marks_are_found_as_they_were_typed(town: World) -> None:
    town.post(town.told[0], "york/bo", "The Ébène Bridge.")
    assert "1 post by 1 person" in Desk(town, "york/rita").see(f"{HERE}{WHY}&words=Ébène")


def test_wrong_fields_come_back_with_what_to_mend(town: World) -> None:
    rita = Desk(town, "york/rita")
    page = rita.see(f"{HERE}?words=form&since=tomorrow", 422)
    assert "Enter a day such as" in page
    assert "Say what you need it for" in page
    assert "What was found" not in page
    assert "The last day is before the first one" in rita.see(f"{HERE}{WHY}&since=2/10/2026&until=1/10/2026", 422)
    assert "Use at most 8 words" in rita.see(f"{HERE}{WHY}&words=a+b+c+d+e+f+g+h+i", 422)
    rita.see(f"{HERE}/zip", 400)


@pytest.mark.parametrize("who", ["york/bo", "york/ada", "leeds/lee", "leeds/mo", "acme/gus"])
def test_nobody_else_finds_the_page(town: World, who: str) -> None:
    """Neither York's administrator, nor the officer of another council, nor whoever manages the place."""
    desk = Desk(town, who)
    for address in (HERE, HERE + WHY, f"{HERE}/zip{WHY}"):
        assert desk.see(address, 404) == desk.see("/admin/nowhere/records", 404)


def test_a_line_of_anothers_file_makes_nobody_an_officer_of_york(town: World) -> None:
    line = "allow,{},keep-records,*,any,any,2027-12-31,x"
    town.set_policy("platform", line.format("person:leeds/lee"), line.format("guest:acme/gus"))
    for who in ("leeds/lee", "acme/gus"):
        Desk(town, who).see(HERE + WHY, 404)


def test_what_is_taken_away_is_the_same_and_says_what_was_withdrawn(town: World) -> None:
    forum, _ = town.told
    with town.work() as uow:
        edit_post(uow, post_for_writing(uow.session, forum, 2), 1, "=1+1 York uses a sheet.")
        withdraw_post(uow, post_for_writing(uow.session, forum, 3), "person:leeds/mo", "It named a resident")
    files = taken(town, f"{HERE}/zip{WHY}&earlier=yes")
    assert set(files) == {"about.txt", "posts.csv", "posts.html"}
    assert "For: FOI-118" in files["about.txt"]
    assert "KESTREL" not in str(files)
    lines = files["posts.csv"].splitlines()
    assert len(lines) == 5
    assert any("'=1+1 York uses a sheet." in line and line.endswith("current") for line in lines)
    assert any("York uses a FORM." in line and line.endswith("earlier") for line in lines)
    assert "Withdrawn on 20 October 2026 by Mo Khan of Leeds City Council: It named a resident" in files["posts.html"]
    assert "York uses a FORM." not in str(taken(town, f"{HERE}/zip{WHY}"))


def test_each_look_is_in_the_audit_without_the_words(town: World) -> None:
    taken(town, f"{HERE}/zip{WHY}&words=heron")
    Desk(town, "york/rita").see(f"{HERE}{WHY}&words=heron")
    with town.parts.database.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act.startswith("records:"))).all()
    assert [(each.act, each.actor, each.detail) for each in found] == [
        ("records:take", "york/rita", "1 posts; some words; for: FOI-118"),
        ("records:look", "york/rita", "1 posts; some words; for: FOI-118"),
    ]


def taken(town: World, address: str) -> dict[str, str]:
    """The files of an archive that Rita takes away, by name."""
    answer = town.client("york/rita").get(address)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
