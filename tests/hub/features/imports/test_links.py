"""Pages that Leeds' folders link with one another lead to one another in the hub too."""

import re
import time
from pathlib import Path

import pytest
from lxml import html

from hub.features.imports.links import Targets, relinked
from tests import shared_data
from tests.hub.features.imports.conftest import Import
from tests.hub.features.imports.test_import import documents, found_by, revisions
from tests.hub.ground.extraction import made
from tests.hub.world import World

TARGETS = Targets(
    {"index.md": "top", "a/minutes.md": "min", "a/My plan.PNG": "pic", "b/café (1).md": "caf", "a/o'b.md": "obr",
     "b/x.md": "low", "b/X.MD": "upp", "a/x&y.md": "amp"}
)  # fmt: skip


def after(written: str) -> str:
    """What becomes of it in `a/here.md`."""
    return relinked(written, lambda address: TARGETS.address("a/here.md", address))


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("[m](minutes.md)", "[m](/documents/min)"),
        ("[m](./minutes.md#item-3)", "[m](/documents/min#item-3)"),
        ("[up](../index.md)", "[up](/documents/top)"),
        ("[up](..\\index.md)", "[up](/documents/top)"),
        ("![p](My%20plan.PNG 'Plan')", "![p](/documents/pic 'Plan')"),
        ("![p](<My plan.PNG>)", "![p](/documents/pic)"),
        ("![p](my plan.png)", "![p](/documents/pic)"),
        ("[c](../b/caf%C3%A9%20(1).md)", "[c](/documents/caf)"),
        ("[c](<../b/cafe\u0301 (1).md>)", "[c](/documents/caf)"),
        ("[o](o'b.md)", "[o](/documents/obr)"),
        ("[a](x&amp;y.md) [a](x\\&y.md)", "[a](/documents/amp) [a](/documents/amp)"),
        ("[![p](My%20plan.PNG)](minutes.md)", "[![p](/documents/pic)](/documents/min)"),
        ("[low](../b/x.md) [upp](../b/X.MD)", "[low](/documents/low) [upp](/documents/upp)"),
        ('> See [m][1]\n\n[1]: minutes.md "M"', '> See [m][1]\n\n[1]: /documents/min "M"'),
        ("One ` here\n\n[m](minutes.md) and ` there", "One ` here\n\n[m](/documents/min) and ` there"),
    ],
)  # fmt: skip
def test_an_address_within_the_import_becomes_the_documents(written: str, becomes: str) -> None:
    """Up and down, with anchors, percent signs, spaces, other letters' case, and accents in two forms."""
    assert after(written) == becomes
    assert after(becomes) == becomes, "a second time changes nothing"


@pytest.mark.parametrize(
    "written",
    [
        "[out](../../index.md)", "[gone](nowhere.md)", "[web](https://leeds.example/minutes.md)", "[m](mailto:a@b.c)",
        "[own](#minutes.md)", "[root](/minutes.md)", "[net](//minutes.md)", "[asked](?minutes.md)", "[]()", "[m]( )",
        "`[m](minutes.md)`", "``[m](` minutes.md)``", "    [m](minutes.md)", "```\n[m](minutes.md)\n```",
        "[one of two](../b/X.md)", "[m](minutes.md", "[m](<minutes.md)", "minutes.md", "\\[m\\](minutes.md)",
        "[bad](%zz%00.md)", "[win](C:\\minutes.md)", '[m](minutes.md "open)', "[dot](..)", "[dot](.)",
    ],
)  # fmt: skip
def test_every_other_address_stays_as_it_was_written(written: str) -> None:
    """Also one that would fit two files, and what is code."""
    assert after(written) == written


@pytest.mark.parametrize(
    "pattern", ["](", "](a ", "`a``", "[a](b", '](a "', "](<a", "]((a)", "[a](x y ", "[a]: ", "\\]("]
)
def test_a_text_of_broken_links_takes_twice_as_long_when_it_is_twice_as_long(pattern: str) -> None:
    def least(characters: int) -> float:
        text, taken = (pattern * characters)[:characters], []
        for _ in range(2):
            began = time.process_time()
            after(text)
            taken.append(time.process_time() - began)
        return min(taken)

    assert least(200_000) <= 3.5 * max(least(100_000), 0.02)


def test_pages_and_pictures_of_one_import_lead_to_one_another(world: World, folder: Path, imported: Import) -> None:
    """Forward, back and up; a reader follows them; a second run, a change and a new file leave them right."""
    (folder / "2012").mkdir()
    (folder / "index.md").write_text(
        "# Index\n\n[Minutes](2012/minutes.md#weir), [x](../x.md)\n\n![plan](2012/plan.png)"
    )
    (folder / "2012" / "minutes.md").write_text("# Minutes\n\n[Back](../index.md) and [later](later.md)")
    made.png(folder / "2012" / "plan.png", 8, 8)
    assert imported().code == 0
    found = documents(world)
    index, minutes, plan = (f"/documents/{found[title].id}" for title in ("Index", "Minutes", "plan"))
    page = world.client("leeds/ann").get(index).text
    assert {f"{minutes}#weir", plan} <= set(html.fromstring(page).xpath("//main//a/@href"))
    assert "[x](../x.md)" in revisions(world, found["Index"])[0].body
    for link in (minutes, plan):
        assert world.client("leeds/ann").get(link).status_code == 200
    assert f"[Back]({index}) and [later](later.md)" in revisions(world, found["Minutes"])[0].body
    assert "3 were there already" in imported().out
    (folder / "2012" / "later.md").write_text("# Later")
    ran = imported()
    assert ("2 are filed" in ran.out, "2 were there already" in ran.out) == (True, True)
    found = documents(world)
    assert f"[later](/documents/{found['Later'].id})" in revisions(world, found["Minutes"])[-1].body
    assert {title: document.number for title, document in found.items()} == {
        "Index": 1, "Minutes": 2, "plan": 1, "Later": 1,
    }  # fmt: skip
    assert found_by(world, "leeds/ann", "back") == ["Minutes"]


def test_an_import_that_was_stopped_has_the_same_links_in_the_end(
    world: World, folder: Path, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is filed before the stop names what is filed after it."""
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Page {number}\n\n[next]({(number + 1) % 6}.md)")
    from hub.features.imports import service

    take, taken = service.Import.take, []

    def killed(self: service.Import, found: object) -> object:
        taken.append(found)
        if len(taken) == 4:
            raise KeyboardInterrupt
        return take(self, found)  # type: ignore[arg-type]

    monkeypatch.setattr(service.Import, "take", killed)
    assert imported().code == 130
    monkeypatch.undo()
    assert "3 are filed" in imported().out
    found = documents(world)
    for number in range(6):
        (only,) = revisions(world, found[f"Page {number}"])
        assert f"(/documents/{found[f'Page {(number + 1) % 6}'].id})" in only.body


def test_who_may_not_see_the_target_sees_what_a_dead_link_shows(world: World, folder: Path, imported: Import) -> None:
    (folder / "index.md").write_text("# Index\n\n[Advice](advice.md)")
    (folder / "advice.md").write_text("# Advice\n\nsecret advice")
    imported()
    advice = documents(world)["Advice"]
    world.mark(f"doc:{advice.id}", "OFFICIAL-SENSITIVE")
    ann = world.client("leeds/ann")
    page = ann.get(f"/documents/{documents(world)['Index'].id}").text
    (link,) = [href for href in html.fromstring(page).xpath("//main//a/@href") if advice.id in href]
    hidden, absent = ann.get(link), ann.get("/documents/abcdefghijkl")
    own = re.compile(r"nonce=\S+|csrf\S+ value=\S+|abcdefghijkl|" + advice.id)
    assert hidden.status_code == absent.status_code == 404
    assert own.sub("", hidden.text) == own.sub("", absent.text)


def test_a_document_that_was_moved_out_of_the_space_keeps_its_own(world: World, folder: Path, imported: Import) -> None:
    """The file is filed again, under another address; one who deleted a draft gets it back by a new run."""
    world.add_space("leeds/archive")
    (folder / "minutes.md").write_text("# Minutes")
    imported()
    first = documents(world)["Minutes"].id
    world.move(f"doc:{first}", "leeds/archive")
    (folder / "index.md").write_text("# Index\n\n[Minutes](minutes.md)")
    assert "2 are filed" in imported().out
    (body,) = (revision.body for revision in revisions(world, documents(world)["Index"]))
    assert first not in body
    assert "2 were there already" in imported().out


def test_the_input_that_once_had_dead_links(world: World, imported: Import) -> None:
    imported(what=shared_data("failing/import-links"))
    found = documents(world)
    assert f"[Minutes](/documents/{found['Minutes'].id})" in revisions(world, found["Index"])[0].body
    assert "![plan](plan.png)" in revisions(world, found["Index"])[0].body, "which is not there"
