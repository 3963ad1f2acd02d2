"""A hand edit that loses much waits for somebody's yes, and says who would gain; nothing that was saved is lost."""

from html import unescape
from io import StringIO
from re import findall, search

import pytest
from sqlalchemy import select

from hub.features.policies.models import HandEdit
from tests.hub.commandline import hub
from tests.hub.features.policies.conftest import LEEDS
from tests.hub.features.policies.test_mirror import NAME, Desk
from tests.hub.world import HEADER, World

HERE = "/admin/leeds/policy"
OPEN = "allow,all-staff,read,leeds,up to OFFICIAL,published,-,Open to all"
DENIES = (
    "deny,everyone-but:org:leeds,read,leeds,any,any,-,Ours alone",
    "deny,person:leeds/ann,read,leeds/housing,any,any,-,She moved on",
)


def text(*lines: str) -> str:
    return HEADER + "".join(f"{line}\n" for line in lines)


@pytest.fixture
def desk(world: World) -> Desk:
    """Leeds shows what it has to all staff, but for two denies; one document lies there. Omar administers."""
    world.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,York shows itself")
    world.set_policy("leeds", *LEEDS, OPEN, *DENIES)
    world.add_document("leeds/housing", "Rent")
    world.app.config["WTF_CSRF_ENABLED"] = False
    found = Desk(world)
    found.settle()
    return found


@pytest.fixture
def halved(desk: Desk) -> Desk:
    """Half of the file was saved: the denies, which stand last, are not in it."""
    desk.save_in_place(text(*LEEDS, OPEN))
    desk.settle()
    return desk


def kept(desk: Desk) -> list[tuple[str, str]]:
    with desk.world.parts.database.reading() as session:
        rows = session.scalars(select(HandEdit).order_by(HandEdit.id)).all()
    return [(row.state, row.text) for row in rows]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*LEEDS, OPEN), "It loses all 2 denies of this file"),
        ((LEEDS[0], LEEDS[2], DENIES[0]), "It loses 3 of 6 lines"),
        (("allow,org:york,read,leeds,any,any,-,x",) * 1 + DENIES, "It loses 4 of 6 lines"),
    ],
)
def test_an_edit_on_disk_that_loses_much_is_held(desk: Desk, lines: tuple[str, ...], said: str) -> None:
    before = desk.in_force
    for save in (desk.save_in_place, desk.rename_into_place):
        save(text(*lines))
        desk.settle()
        assert desk.in_force == before
        (alarm,) = desk.alarms[NAME]
        assert said in alarm
        assert "hub policy accept leeds" in alarm
        assert desk.file.read_text("utf-8") == text(*lines), "the admin's work is left as it is"
        desk.save_in_place(before)
        desk.settle()
        assert desk.alarms == {}
    assert kept(desk) == [("kept", text(*lines))]


def test_an_edit_that_loses_little_or_says_the_same_otherwise_is_adopted(desk: Desk) -> None:
    desk.world.parts.clock.move(hours=2)
    for lines in ((*LEEDS, OPEN, DENIES[0]), (LEEDS[0], LEEDS[2], OPEN, DENIES[0])):
        desk.save_in_place(text(*lines))
        desk.settle()
        desk.world.parts.clock.move(hours=2)
        assert desk.in_force == text(*lines)
    desk.save_in_place(desk.in_force.replace("any,any,-,Ours alone", "any,any,2027-01-31,For now"))
    desk.settle()
    assert "For now" in desk.in_force


def test_the_command_says_who_gains_asks_and_puts_it_in_force(halved: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before, parts = halved.in_force, halved.world.parts
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    asked = hub(parts, "policy", "accept", "leeds")
    assert "It shows 1 document to 2 people in 2 organisations." in asked.out
    assert "Nothing was changed." in asked.out
    assert halved.in_force == before
    status = hub(parts, "policy", "status", "--json").value
    assert [each["state"] for each in status if each["file"] == NAME] == ["held"]
    assert "loses all 2 denies" in hub(parts, "policy", "status").out
    assert hub(parts, "policy", "lint").code == 1
    assert hub(parts, "policy", "accept", "leeds", "--yes").code == 0
    assert halved.in_force == text(*LEEDS, OPEN)
    halved.settle()
    assert halved.alarms == {}
    again = hub(parts, "policy", "accept", "leeds", "--yes")
    assert (again.code, "Nothing is held" in again.err) == (1, True)


def test_put_back_by_command_writes_the_accepted_text_over_it_and_keeps_it(halved: Desk) -> None:
    before = halved.in_force
    assert hub(halved.world.parts, "policy", "accept", "leeds", "--put-back", "--yes").code == 0
    halved.settle()
    assert halved.file.read_text("utf-8") == halved.in_force == before
    assert halved.alarms == {}
    assert kept(halved) == [("kept", text(*LEEDS, OPEN))]
    halved.save_in_place(text(*LEEDS, OPEN))
    halved.settle()
    assert NAME in halved.alarms, "whoever saves it once more is asked once more"


def test_omar_looks_at_it_in_the_browser_and_puts_it_in_force_or_back(halved: Desk) -> None:
    before, omar = halved.in_force, halved.world.client("leeds/omar")
    assert "The policy of Leeds City Council was changed on disk" in unescape(omar.get("/").text)
    page = omar.get(HERE).text
    assert "Waits for your yes" in page
    href = unescape(search(rf'href="({HERE}/edit\?saved=\d+)"', page)[1])  # type: ignore[index]
    shown = omar.get(href)
    assert "It shows 1 document to 2 people in 2 organisations." in unescape(shown.text)
    assert len(findall("hub-diff__removed", shown.text)) >= 2
    digest = search(r'name="digest" value="(\w+)"', shown.text)[1]  # type: ignore[index]
    assert omar.post(f"{HERE}/put-back", data={"digest": "0" * 64}).status_code == 409
    assert omar.post(f"{HERE}/put-back", data={"digest": digest}).status_code == 303
    halved.settle()
    assert halved.file.read_text("utf-8") == halved.in_force == before
    halved.save_in_place(text(*LEEDS, OPEN).replace("\n", "\r\n"))
    halved.settle()
    shown = omar.get(unescape(search(rf'href="({HERE}/edit\?saved=\d+)"', omar.get(HERE).text)[1]))  # type: ignore[index]
    form = {n: search(rf'name="{n}" value="([^"]*)"', shown.text)[1] for n in ("replacing", "checked")}  # type: ignore[index]
    sent = unescape(search(r"<textarea[^>]*>\n(.*?)</textarea>", shown.text, 16)[1])  # type: ignore[index]
    done = omar.post(f"{HERE}/edit", data=form | {"text": sent, "do": "adopt"})
    assert done.status_code == 303
    halved.settle()
    assert halved.file.read_text("utf-8") == halved.in_force == text(*LEEDS, OPEN)
    assert halved.alarms == {}, "line ends of another system are no second edit"
    for stranger in ("leeds/ann", "york/bea"):
        assert halved.world.client(stranger).get(href).status_code == 404


def test_of_two_hand_edits_in_turn_the_earlier_is_kept_and_shown(desk: Desk) -> None:
    """Ann's deny was taken; Omar saves an older copy. And what was refused is not lost when it is saved over."""
    base, deny = desk.in_force, "deny,org:york,read,leeds/housing,any,any,-,Ann closed it\n"
    desk.save_in_place(base + deny)
    desk.settle()
    omars = base + "# Omar's note\n"
    desk.save_in_place(omars)
    desk.settle()
    assert desk.in_force == base + deny
    assert "takes back a deny that was accepted shortly before" in desk.alarms[NAME][0]
    desk.save_in_place(base + deny + "nonsense\n")
    desk.settle()
    desk.save_in_place(base + deny + "# Omar's note\n")
    desk.settle()
    assert desk.in_force == base + deny + "# Omar's note\n"
    assert [one for _, one in kept(desk)] == [omars, base + deny + "nonsense\n"]
    page = unescape(desk.world.client("leeds/omar").get(HERE).text)
    assert "Saved on disk and not in force" in page
    assert "nonsense" in page or "has 1 column" in page
