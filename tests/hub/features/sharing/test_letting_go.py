"""Mo wants to delete a folder that lines of policy name: who looks after them is asked, and neither learns too much."""

import pytest
from sqlalchemy import select

from hub.features.sharing.models import LineWish
from hub.features.sharing.wishes import MOST, tidy
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.sharing.conftest import place_id, words
from tests.hub.sheets import Sheet
from tests.hub.world import World

DENY = "deny,org:york,read,leeds/housing/damp,any,published,-,A secret reason"
RULES = ("allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",)
ADMIN = "allow,person:leeds/dee,administer,leeds,any,any,-,Dee administers"
HUB = "allow,person:york/cy,administer,*,any,any,-,Cy runs the hub"
POLICY = "/admin/leeds/policy"


@pytest.fixture
def damp(town: World) -> str:
    """An empty folder that line 4 of the file of Leeds, which Dee looks after, keeps York from; its page to delete."""
    town.add_folder("leeds/housing/damp")
    town.set_policy("platform", HUB)
    town.set_policy("leeds", *RULES, ADMIN, DENY)
    return f"/delete/{place_id(town, 'leeds/housing/damp')}"


def wishes(town: World) -> list[LineWish]:
    """All that wait or were refused."""
    with town.parts.database.reading() as session:
        return list(session.scalars(select(LineWish)))


def test_mo_asks_and_dee_finds_it_beside_the_line(town: World, damp: str) -> None:
    """Mo is told no more than whom to ask, Dee who asks and which of her lines it is; twice asked is once asked."""
    mo, dee = town.client("leeds/mo"), town.client("leeds/dee")
    first = mo.get(damp)
    assert first.status_code == 409
    assert "Ask your organisation’s administrators to change them first." in words(first)
    assert Sheet(first, f"{damp}/ask").send(mo).location == damp
    again = mo.get(damp)
    assert "You asked on 20 October 2026." in words(again)
    for page in (first, again):
        assert not any(told in page.text for told in ("secret", "york", "York", "deny", "organisations/leeds"))
    mo.post(f"{damp}/ask")
    assert len(wishes(town)) == 1
    said = words(dee.get(POLICY))
    assert "wants to delete leeds/housing/damp" in said
    assert "Line 4" in said
    waits = "1 wish waits about what lines of your policy name."
    assert waits in words(dee.get("/")), "her home page leads there"
    assert waits not in words(mo.get("/"))
    assert "Housing" not in said, "the space is private: its name is not Dee's to learn by this"
    with town.parts.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("wish:"))).all()
    assert list(acts) == ["wish:ask"]


def test_dee_says_no_and_mo_is_told_so(town: World, damp: str) -> None:
    mo, dee = town.client("leeds/mo"), town.client("leeds/dee")
    mo.post(f"{damp}/ask")
    assert Sheet(dee.get(POLICY), f"{POLICY}/wishes/").send(dee).location == POLICY
    assert "wants to delete" not in words(dee.get(POLICY))
    assert "wish waits" not in words(dee.get("/"))
    assert "Your organisation’s administrators said no: their lines stay" in words(mo.get(damp))
    mo.post(f"{damp}/ask")
    assert "wants to delete" not in words(dee.get(POLICY)), "no is no"


def test_a_wish_goes_with_the_line_or_with_the_wish_itself(town: World, damp: str) -> None:
    mo, dee = town.client("leeds/mo"), town.client("leeds/dee")
    mo.post(f"{damp}/ask")
    Sheet(mo.get(damp), f"{damp}/ask").send(mo)  # I do not want that any more
    assert wishes(town) == []
    mo.post(f"{damp}/ask")
    town.set_policy("leeds", *RULES, ADMIN)
    assert "wants to delete" not in words(dee.get(POLICY))
    assert tidy(town.parts) == 1
    assert wishes(town) == []
    assert "Delete “Damp”?" in words(mo.get(damp))


def test_the_hubs_lines_are_asked_of_those_who_run_it(town: World, damp: str) -> None:
    """Cy of York runs the hub and may know nothing of Mo, nor of the folder but what his own line says."""
    town.set_policy("leeds", *RULES, ADMIN)
    town.set_policy("platform", HUB, DENY)
    mo, dee, cy = (town.client(who) for who in ("leeds/mo", "leeds/dee", "york/cy"))
    assert "Ask the administrators of this hub to change them first." in words(mo.get(damp))
    mo.post(f"{damp}/ask")
    assert "wants to delete" not in words(dee.get(POLICY))
    said = words(cy.get("/admin/platform/policy"))
    assert "Somebody who looks after it wants to delete leeds/housing/damp" in said
    assert "Mo" not in said.split()


def test_others_ask_nothing_and_answer_nothing(town: World, damp: str) -> None:
    """Neither somebody who reads, nor a stranger to the place, nor an administrator of another file."""
    mo = town.client("leeds/mo")
    assert (
        town.client("york/bo").post(f"{damp}/ask").data == town.client("york/bo").post("/delete/zzzzzzzzzzzz/ask").data
    )
    assert town.client("leeds/ann").post(f"{damp}/ask").status_code in {403, 404}
    mo.post(f"{damp}/ask")
    refuse = f"{POLICY}/wishes/{wishes(town)[0].id}/refuse"
    assert mo.post(refuse).status_code == 404
    town.client("york/cy").post(f"/admin/platform/policy/wishes/{wishes(town)[0].id}/refuse")
    assert [wish.refused_at for wish in wishes(town)] == [None]


def test_one_person_asks_about_so_many_things_at_a_time(town: World, damp: str) -> None:
    names = [f"leeds/housing/f{number}" for number in range(MOST)]
    for name in names:
        town.add_folder(name)
    town.set_policy("leeds", *RULES, ADMIN, DENY, *(DENY.replace("leeds/housing/damp", name) for name in names))
    mo = town.client("leeds/mo")
    answers = [mo.post(f"/delete/{place_id(town, name)}/ask").status_code for name in names]
    assert answers == [303] * MOST
    refused = mo.post(f"{damp}/ask")
    assert refused.status_code == 409
    assert f"You have asked about {MOST} things already." in words(refused)


def test_mo_asks_for_the_line_that_keeps_a_plan_in_leeds_and_dee_lets_it_go(town: World) -> None:
    """Dee learns no more than the id that her own line names; once the line is out, the plan can go to York."""
    document = town.add_document("leeds/housing", "Heron plan", owner="person:leeds/mo").removeprefix("doc:")
    deny = f"deny,person:york/bo,read,doc:{document},any,any,-,Bo bids for it"
    mine = "allow,person:leeds/mo,manage,{},any,any,-,Mo keeps it"
    town.set_policy("leeds", *RULES, mine.format("leeds/housing"), ADMIN, deny)
    town.add_space("york/floods", "restricted", name="Floods")
    town.give("person:leeds/mo", "manage", "york/floods")
    mo, dee, here = town.client("leeds/mo"), town.client("leeds/dee"), f"/move/document/{document}"
    to = {"to": place_id(town, "york/floods")}
    held = mo.post(here, data=to)
    assert "“Heron plan” is named in policy" in words(held)
    assert Sheet(held, f"{here}/ask").send(mo).location == here
    assert "You asked on 20 October 2026." in words(mo.post(here, data=to))
    said = words(dee.get(POLICY))
    assert f"wants to take doc:{document} to another organisation" in said
    assert "Line 5" in said
    assert "Heron" not in said
    stranger = town.client("york/bo")
    assert stranger.post(f"{here}/ask").data == stranger.post("/move/document/zzzzzzzzzzzz/ask").data
    town.set_policy("leeds", *RULES, mine.format("leeds/housing"), ADMIN)
    assert "wants to take" not in words(dee.get(POLICY))
    assert tidy(town.parts) == 1
    assert "It will belong to York City Council" in words(mo.post(here, data=to))
