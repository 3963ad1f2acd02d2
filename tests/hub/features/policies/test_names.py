"""A deny that names nothing keeps nobody out: a new one is refused, in the editor and on disk, and tells nothing."""

from html import unescape
from re import search

import pytest

from acl.rules import PolicyError
from hub.features.policies.checking import check_text
from hub.features.policies.naming import judge_through
from hub.features.policies.service import adopt
from tests.hub.features.policies.conftest import LEEDS
from tests.hub.features.policies.test_mirror import NAME, Desk
from tests.hub.world import HEADER, World

EDIT = "/admin/leeds/policy/edit"
PAIRS = [
    ("group:leeds/housing", "leeds/secret", "group:leeds/housing", "leeds/nowhere"),
    ("group:york/board", "leeds", "group:york/nobody", "leeds"),
    ("person:york/bea", "leeds", "person:york/nobody", "leeds"),
    ("all-staff", "york/plan", "all-staff", "york/nowhere"),
]
"""Who and where with a hidden name, and the same with one that nobody has."""

SHOWN = "allow,all-staff,read,york,up to OFFICIAL,published,-,York shows itself"


@pytest.fixture
def town(world: World) -> World:
    """Beside Ann and Omar: a confidential space of Leeds, a group and a space of York, none for Omar to see."""
    world.add_space("leeds/secret", "confidential", name="Secret")
    world.add_space("york/plan", "private", name="Plan")
    world.add_person("york/kay", "york/board")
    world.set_policy("york", "allow,group:york/board,read,york,up to OFFICIAL,published,-,The board reads our work")
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def line(who: str, where: str, effect: str = "deny") -> str:
    return f"{effect},{who},read,{where},any,any,-,Closed for now"


def faults_on_disk(town: World, *lines: str) -> list[str]:
    """What the alarm says of Leeds' file with these lines more; the file is put right again."""
    desk = Desk(town)
    desk.settle()
    before = desk.in_force
    desk.save_in_place(before + "".join(f"{each}\n" for each in lines))
    desk.settle()
    found = desk.alarms.get(NAME, [])
    assert (desk.in_force == before) == bool(found)
    desk.save_in_place(before)
    desk.settle()
    return found


def faults_in_editor(town: World, *lines: str) -> list[str]:
    with town.viewer("leeds/omar") as viewer:
        held = viewer.snapshot.files[NAME].text
        text = held + "".join(f"{each}\n" for each in lines)
        checked = check_text(town.parts, viewer.session, NAME, text, snapshot=viewer.snapshot, looker=viewer)
    return [str(fault) for fault in checked.faults]


@pytest.mark.parametrize("judged", [faults_on_disk, faults_in_editor])
@pytest.mark.parametrize("pair", PAIRS)
def test_omar_cannot_deny_what_he_may_not_know_and_learns_nothing_by_trying(town: World, judged, pair) -> None:
    who, where, no_who, nowhere = pair
    hidden, absent = judged(town, line(who, where)), judged(town, line(no_who, nowhere))
    assert [each.replace(where, nowhere).replace(who, no_who) for each in hidden] == absent
    (said,) = absent
    assert "is not taken" in said


def test_a_wrong_name_is_refused_in_the_browser_and_omars_text_is_kept(town: World) -> None:
    omar = town.client("leeds/omar")
    page = omar.get(EDIT).text
    sent = {n: unescape(search(rf'name="{n}" value="([^"]*)"', page)[1]) for n in ("replacing", "checked")}  # type: ignore[index]
    with town.viewer("leeds/omar") as viewer:
        text = viewer.snapshot.files[NAME].text + line("group:leeds/housng", "leeds/housing") + "\n"
    answer = omar.post(EDIT, data=sent | {"text": text, "do": "check"})
    assert answer.status_code == 422
    assert "Line 5, who: nobody whom you may know is called group:leeds/housng" in unescape(answer.text)
    assert "housng" in search(r"<textarea.*?</textarea>", answer.text, 16)[0]  # type: ignore[index]
    assert "Put it in force" not in answer.text
    # a form of one's own making gets no further
    with town.viewer("leeds/omar") as viewer, pytest.raises(PolicyError), town.work() as uow:
        adopt(uow, NAME, text, "omar", judge=judge_through(viewer))


def test_what_closes_or_opens_nothing_is_taken_with_a_remark(town: World) -> None:
    document = town.add_document("leeds/housing", "Rent").removeprefix("doc:")
    lines = (
        line("everyone-but:group:leeds/legl", "leeds/housing"),
        line("group:leeds/nobody", "leeds/gone", "allow"),
        line("all-staff", f"doc:{document}"),
        line("all-staff", "doc:nothere"),
    )
    assert faults_in_editor(town, *lines) == []
    assert faults_on_disk(town, *lines) == []


def test_a_line_in_force_whose_place_went_away_blocks_no_other_edit(town: World) -> None:
    town.set_policy("york", SHOWN)
    dead = line("org:leeds", "leeds/gone")
    town.set_policy("leeds", *LEEDS, dead)
    assert faults_on_disk(town, "# a note", line("org:york", "leeds/housing")) == []
    assert faults_in_editor(town, "# a note") == []
    assert faults_in_editor(town, line("org:york", "leeds/gone")) == [], "as of a place that they closed to themselves"
    with town.viewer("leeds/omar") as viewer:
        checked = check_text(town.parts, viewer.session, NAME, viewer.snapshot.files[NAME].text, looker=viewer)
        seen_by_all = check_text(town.parts, viewer.session, NAME, viewer.snapshot.files[NAME].text)
    assert ["no place that you may know is called leeds/gone" in str(each) for each in checked.remarks] == [True]
    assert ["the deny closes nothing" in str(each) for each in seen_by_all.remarks] == [True]
    assert HEADER in viewer.snapshot.files[NAME].text


def test_omar_who_closed_a_place_to_himself_closes_more_of_it(town: World) -> None:
    town.set_policy("york", SHOWN)
    town.add_space("leeds/legal", "open")
    town.set_policy("leeds", *LEEDS, line("everyone-but:group:leeds/housing", "leeds/legal"))
    with town.viewer("leeds/omar") as viewer:
        checked = check_text(town.parts, viewer.session, NAME, viewer.snapshot.files[NAME].text, looker=viewer)
    (remark,) = checked.remarks
    assert "make sure that it is right" in remark.message, "it does something, and is not said to do nothing"
    more = line("org:york", "leeds/legal")
    assert faults_in_editor(town, more) == faults_on_disk(town, more) == []
    (said,) = faults_in_editor(town, line("org:york", "leeds/legal/cases"))
    assert "no place that you may know" in said
