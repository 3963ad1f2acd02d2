"""Ann stops what she brings in, goes on with it, or takes it back; and what comes into a space of its own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select

from hub.access.models import Place
from hub.features.imports import filing, undoing
from hub.features.imports.filing import filing_round
from hub.features.imports.models import Bringing, BroughtFile
from hub.features.imports.undoing import undoing_round
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from hub.web.filters import LONDON
from tests.hub.features.imports.test_bringing import (
    POLICY,
    archive,
    brings,
    brought,
    documents,
    housing,
    paths,
    the_town,
)
from tests.hub.ground.extraction.made import docx, paragraph, relations
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock, World

THREE = {"Plans/a.txt": "one", "Plans/b.txt": "two", "c.txt": "three"}
CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc" xmlns:dcterms="urn:dcterms">'
    "<dc:creator>Hana Novak</dc:creator><dcterms:created>2011-02-03T04:05:06Z</dcterms:created>"
    "</cp:coreProperties>"
)


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database, clock=TestClock(datetime(2026, 6, 1, 12, tzinfo=UTC)))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "AT_ONCE", 1)
    monkeypatch.setattr(undoing, "AT_ONCE", 1)


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def file_all(world: World) -> None:
    while filing_round(world.parts):
        pass


def take_back_all(world: World) -> None:
    while undoing_round(world.parts):
        pass


def presses(world: World, who: str, there: str, act: str) -> Any:
    """Somebody presses a button of an import, as its page has it."""
    return world.client(who).post(f"{there}/{act}")


def takes_back(world: World, who: str, there: str) -> Any:
    """Somebody asks to take it back, and says yes to the page that says what that means."""
    browser = world.client(who)
    asked = browser.get(f"{there}/undo")
    assert asked.status_code == 200, asked.text
    return Sheet(asked, f"{there}/undo").send(browser)


def test_ann_stops_it_after_the_file_at_hand_and_is_told_what_came_in_and_what_not(
    town: World, one_at_a_time: None
) -> None:
    there = brings(town, "leeds/ann", archive(THREE)).location
    assert "Stop" in words(town.client("leeds/ann").get(there))
    filing_round(town.parts)
    assert presses(town, "leeds/ann", there, "stop").status_code == 303
    file_all(town)
    assert list(documents(town)) == ["a"]
    said = words(town.client("leeds/ann").get(there))
    assert "1 document came in" in said
    day = town.parts.clock.now().astimezone(LONDON) + timedelta(days=7)
    assert f"You stopped it. 2 files did not come in yet: you can go on until {day.day} {day:%B}" in said
    assert "Did not come in yet (2) Plans/b.txt" in said
    assert "Go on" in said


def test_the_file_at_hand_is_the_last_also_in_the_middle_of_a_round(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty files are a round of the worker's: it looks before each of them."""
    there = brings(town, "leeds/ann", archive(THREE)).location
    taken: list[str] = []
    take = filing._take

    def and_stop(work: Any, whole: Any, file: Any) -> None:
        take(work, whole, file)
        taken.append(file.path)
        if len(taken) == 1:
            presses(town, "leeds/ann", there, "stop")

    monkeypatch.setattr(filing, "_take", and_stop)
    file_all(town)
    assert taken == ["Plans/a.txt"]
    assert list(documents(town)) == ["a"]


def test_she_goes_on_with_it_and_nothing_comes_in_twice(town: World, one_at_a_time: None) -> None:
    there = brings(town, "leeds/ann", archive(THREE)).location
    filing_round(town.parts)
    presses(town, "leeds/ann", there, "stop")
    file_all(town)
    assert presses(town, "leeds/ann", there, "go-on").status_code == 303
    file_all(town)
    said = words(town.client("leeds/ann").get(there))
    assert "3 documents came in" in said
    assert "You stopped it" not in said
    with town.parts.database.reading() as session:
        assert sorted(session.scalars(select(Document.title))) == ["a", "b", "c"]
        assert session.scalars(select(Bringing.parcel)).all() == [""]


def test_another_one_may_come_in_while_one_is_stopped_and_not_two_at_a_time(town: World, one_at_a_time: None) -> None:
    there = brings(town, "leeds/ann", archive(THREE)).location
    filing_round(town.parts)
    presses(town, "leeds/ann", there, "stop")
    assert brings(town, "leeds/ann", archive({"z.txt": "z"})).status_code == 303
    refused = presses(town, "leeds/ann", there, "go-on")
    assert refused.status_code == 409
    assert "You are bringing in another folder" in refused.text


def test_what_is_stopped_goes_on_for_a_week_then_its_archive_goes(town: World, one_at_a_time: None) -> None:
    there = brings(town, "leeds/ann", archive(THREE)).location
    filing_round(town.parts)
    presses(town, "leeds/ann", there, "stop")
    file_all(town)
    assert len(list(town.parts.files.hashes())) == 2, "the archive, and the file that came in"
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(days=7, seconds=1)
    file_all(town)
    assert len(list(town.parts.files.hashes())) == 1
    assert "Go on" not in words(town.client("leeds/ann").get(there))
    assert presses(town, "leeds/ann", there, "go-on").status_code == 409


def test_what_is_over_is_not_stopped(town: World) -> None:
    there = brought(town, "leeds/ann", archive(THREE)).split()[0]
    presses(town, "leeds/ann", there, "stop")
    assert "You stopped it" not in words(town.client("leeds/ann").get(there))
    assert presses(town, "leeds/ann", there, "go-on").status_code == 409


@pytest.mark.parametrize("act", ["stop", "go-on", "undo"])
def test_nobody_else_stops_it_goes_on_with_it_or_takes_it_back(town: World, act: str) -> None:
    """Zed keeps all of Leeds: for him it is not there."""
    there = brings(town, "leeds/ann", archive(THREE)).location
    for who in ("leeds/zed", "leeds/eve", "leeds/cy"):
        hidden = presses(town, who, there, act)
        assert hidden.status_code == 404
        assert hidden.data == presses(town, who, "/imports/zzzzzzzzzzzz", act).data
    with town.parts.database.reading() as session:
        row = session.scalars(select(Bringing)).one()
    assert (row.ended_at, row.undo_at) == (None, None)


def test_she_takes_it_back_and_it_is_as_if_it_had_never_come(town: World, one_at_a_time: None) -> None:
    """Drafts, folders that were made for it; not what was there before."""
    town.add_folder("leeds/housing/old", name="Old")
    there = brought(town, "leeds/ann", archive({**THREE, "Old/d.txt": "four"})).split()[0]
    assert "leeds/housing/plans" in paths(town)
    asked = words(town.client("leeds/ann").get(f"{there}/undo"))
    assert "4 drafts that came in with it will be deleted, for good." in asked
    assert takes_back(town, "leeds/ann", there).status_code == 303
    assert "0 of 4 drafts are looked at." in words(town.client("leeds/ann").get(there))
    take_back_all(town)
    assert documents(town) == {}
    assert paths(town) == ["leeds/housing/old"]
    said = words(town.client("leeds/ann").get(there))
    assert "is taken back" in said
    assert "Taken back (4)" in said
    assert "Go on" not in said
    assert town.client("leeds/ann").get(f"{there}/undo").status_code == 409
    again = brought(town, "leeds/ann", archive(THREE))
    assert "3 documents came in" in again


def test_what_somebody_touched_since_stays_and_its_folder_too(town: World) -> None:
    there = brought(
        town,
        "leeds/ann",
        archive({"Plans/a.txt": "1", "Plans/b.txt": "2", **{f"{name}.txt": name for name in "cdefg"}}),
    ).split()[0]
    found = documents(town)
    elsewhere = town.add_space("leeds/other", name="Other")
    with town.work() as uow:
        uow.session.get_one(Document, found["d"].id).place_id = elsewhere
    town.mark(f"doc:{found['a'].id}", "OFFICIAL", "published")
    town.revise(f"doc:{found['c'].id}", "c", "Other words.")
    town.mark(f"doc:{found['e'].id}", "PUBLIC", "draft")
    town.give("person:leeds/cy", "read", f"doc:{found['f'].id}")
    town.post(f"doc:{found['g'].id}", "leeds/eve", "Is this the newest?")
    assert "1 draft that came in" in words(town.client("leeds/ann").get(f"{there}/undo"))
    takes_back(town, "leeds/ann", there)
    take_back_all(town)
    assert sorted(documents(town)) == ["a", "c", "d", "e", "f", "g"]
    assert paths(town) == ["leeds/housing/plans"]
    said = words(town.client("leeds/ann").get(there))
    assert "Stay as they are (6) Plans/a.txt: it was published, changed, moved, shared or commented on since" in said
    assert "Taken back (1) Plans/b.txt" in said


def test_a_folder_that_holds_what_she_may_not_see_goes_from_her_and_loses_nothing(town: World) -> None:
    """As any folder that looks empty to whoever deletes it."""
    there = brought(town, "leeds/ann", archive(THREE)).split()[0]
    hidden = town.add_document("leeds/housing/plans", "Merger", marking="OFFICIAL-SENSITIVE").removeprefix("doc:")
    takes_back(town, "leeds/ann", there)
    take_back_all(town)
    assert list(documents(town)) == ["Merger"]
    assert documents(town)["Merger"].id == hidden
    assert town.client("leeds/zed").get(f"/documents/{hidden}").status_code == 200


def test_a_folder_that_policy_names_stays(town: World) -> None:
    there = brought(town, "leeds/ann", archive(THREE)).split()[0]
    town.set_policy("leeds", *POLICY, "allow,org:leeds,edit,leeds/housing/plans,up to OFFICIAL,any,-,All plan")
    takes_back(town, "leeds/ann", there)
    take_back_all(town)
    assert documents(town) == {}
    assert paths(town) == ["leeds/housing/plans"]


def test_it_is_taken_back_with_the_rights_that_she_has_then(town: World) -> None:
    there = brought(town, "leeds/ann", archive(THREE)).split()[0]
    takes_back(town, "leeds/ann", there)
    town.set_policy("leeds", POLICY[0], *POLICY[2:])
    take_back_all(town)
    assert sorted(documents(town)) == ["a", "b", "c"]
    with town.parts.database.reading() as session:
        assert set(session.scalars(select(BroughtFile.state))) == {"kept"}


def test_only_what_the_page_showed_is_taken_back(town: World) -> None:
    """A draft was published since: the page comes again with the new count."""
    there = brought(town, "leeds/ann", archive(THREE)).split()[0]
    ann = town.client("leeds/ann")
    sheet = Sheet(ann.get(f"{there}/undo"), f"{there}/undo")
    town.mark(f"doc:{documents(town)['a'].id}", "OFFICIAL", "published")
    said = words(sheet.send(ann))
    assert "Nothing was done yet. It is 2 drafts that would go now." in said
    take_back_all(town)
    assert len(documents(town)) == 3


def test_what_comes_in_is_not_taken_back_before_it_is_stopped(town: World) -> None:
    there = brings(town, "leeds/ann", archive(THREE)).location
    refused = town.client("leeds/ann").get(f"{there}/undo")
    assert refused.status_code == 409
    assert "stop it first" in refused.text


def test_a_file_at_hand_does_not_come_in_behind_the_back_of_who_takes_it_back(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read while Ann stops the import, takes it back and is told that it is."""
    there = brings(town, "leeds/ann", archive({"Plans/a.txt": "one"})).location
    real = filing._file

    def slowly(*args: Any) -> None:
        presses(town, "leeds/ann", there, "stop")
        with town.work() as uow:  # there is nothing to see yet, so her page offers nothing to take back
            undoing.undo(uow, uow.session.scalars(select(Bringing)).one())
        take_back_all(town)
        real(*args)

    monkeypatch.setattr(filing, "_file", slowly)
    file_all(town)
    assert documents(town) == {}
    assert paths(town) == []


def test_a_folder_comes_into_a_private_space_of_its_own_which_nobody_else_sees(town: World) -> None:
    """The space is his alone: not even its name is seen by those who work where he was."""
    form = words(town.client("leeds/zed").get(f"/bring/{housing(town)}"))
    assert "Into a new private space in" in form
    there = brings(town, "leeds/zed", archive(THREE), into="space", name="").location
    file_all(town)
    with town.parts.database.reading() as session:
        space = session.scalars(select(Place).where(Place.kind == "space", Place.name == "Shared drive")).one()
    assert (space.audience, space.marking, space.path.rpartition("-")[0]) == (
        "confidential",
        "OFFICIAL",
        "leeds/shared-drive",
    )
    assert "3 documents came in" in words(town.client("leeds/zed").get(there))
    found = documents(town)
    assert found["c"].place_id == space.id
    assert paths(town) == [f"{space.path}/plans"]
    town.index_all()
    for who in ("leeds/ann", "leeds/eve", "leeds/cy"):
        other = town.client(who)
        assert other.get(f"/places/{space.path}").status_code == 404
        assert other.get(f"/documents/{found['c'].id}").status_code == 404
        assert "Shared drive" not in other.get("/spaces").text
    assert town.client("leeds/zed").get(f"/places/{space.path}").status_code == 200


def test_a_space_that_was_made_for_it_goes_with_it(town: World) -> None:
    there = brings(town, "leeds/zed", archive(THREE), into="space", name="From the old drive").location
    file_all(town)
    assert "Folders and a space that were made for it go too" in words(town.client("leeds/zed").get(f"{there}/undo"))
    takes_back(town, "leeds/zed", there)
    take_back_all(town)
    assert documents(town) == {}
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Place).where(Place.name == "From the old drive")).all()
    assert paths(town) == []


def test_who_may_make_no_space_is_offered_none_and_gets_none(town: World) -> None:
    """Eve edits Housing and may make spaces nowhere; a guest never may."""
    assert "new private space" not in words(town.client("leeds/eve").get(f"/bring/{housing(town)}"))
    refused = brings(town, "leeds/eve", archive(THREE), into="space")
    assert refused.status_code == 422
    assert "Policy does not let you make a private space" in refused.text
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Bringing)).all()
        assert [place.name for place in session.scalars(select(Place).where(Place.kind == "space"))] == ["Housing"]


def test_the_manager_of_a_space_has_it_there(town: World) -> None:
    """Ann may make none in Leeds itself, but in the space that she manages."""
    assert "Into a new private space in “Housing”" in words(town.client("leeds/ann").get(f"/bring/{housing(town)}"))
    refused = brings(town, "leeds/ann", archive(THREE), into="space", marking="OFFICIAL-SENSITIVE")
    assert refused.status_code == 422
    brings(town, "leeds/ann", archive(THREE), into="space", name="Mine")
    file_all(town)
    with town.parts.database.reading() as session:
        mine = session.scalars(select(Place).where(Place.name == "Mine")).one()
    assert mine.path.startswith("leeds/housing/mine-")
    assert documents(town)["c"].place_id == mine.id
    assert town.client("leeds/zed").get(f"/places/{mine.path}").status_code == 404


def _written(folder: Path) -> bytes:
    extra = {
        "_rels/.rels": relations(officeDocument="word/document.xml", core="docProps/core.xml").replace(
            '/core"', '/core-properties"'
        ),
        "docProps/core.xml": CORE,
    }
    return docx(folder / "a.docx", paragraph("Sandbags"), extra=extra).read_bytes()


def test_who_wrote_a_file_is_shown_as_its_own_words_and_nobody_owns_it_by_them(town: World, tmp_path: Path) -> None:
    """There is a Hana Novak in Leeds: she gets no right from a file that says so, and no link leads to her."""
    town.add_person("leeds/hana-novak", name="Hana Novak")
    brought(town, "leeds/ann", archive({"Plan.docx": _written(tmp_path)}))
    plan = documents(town)["Plan"]
    page = town.client("leeds/ann").get(f"/documents/{plan.id}")
    assert "Written by Hana Novak, as its file says" in words(page)
    assert "/people/leeds/hana-novak" not in page.text
    assert plan.owner == "person:leeds/ann"
    assert town.client("leeds/hana-novak").get(f"/documents/{plan.id}").status_code == 404


@pytest.mark.parametrize(
    ("in_archive", "kept"),
    [
        ((1980, 1, 1, 0, 0, 0), datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ((2019, 1, 4, 9, 30, 0), datetime(2019, 1, 4, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_date_of_the_archive_comes_first_then_what_the_file_says(
    town: World, tmp_path: Path, in_archive: tuple[int, ...], kept: datetime
) -> None:
    brought(town, "leeds/ann", archive({"Plan.docx": _written(tmp_path)}, at=in_archive))
    plan = documents(town)["Plan"]
    assert (plan.created_at, plan.changed_at) == (kept, kept)


def test_where_nothing_tells_a_date_it_is_that_of_its_coming(town: World) -> None:
    brought(town, "leeds/ann", archive({"Plan.txt": "words"}, at=(1980, 1, 1, 0, 0, 0)))
    assert abs(documents(town)["Plan"].created_at - town.parts.clock.now()) < timedelta(minutes=1)
