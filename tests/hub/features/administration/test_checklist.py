"""What Sam of Leeds is told on his home page until his organisation is set up."""

from lxml import html
from sqlalchemy import event

from hub.ground.db import Database
from tests.hub.features.signin.browser import SignInWorld


def waiting(world: SignInWorld, who: str) -> str:
    """What waits for somebody on their home page."""
    found = html.fromstring(world.client(who).get("/").text).xpath("//section[@aria-label='Waiting for you']")
    return " ".join(found[0].text_content().split()) if found else ""


def finish(world: SignInWorld) -> None:
    """Do what is open at Leeds."""
    sam = world.client("leeds/sam")
    sam.post("/admin/leeds/organisation", data={"name": "Leeds", "description": "", "contact": "x@leeds.example"})
    world.add_space("leeds/housing")
    with world.work() as uow:
        from hub.nouns.organisations.service import add_domain

        add_domain(uow, world.place(uow, "leeds"), "leeds.gov.uk")


def test_sam_is_told_what_is_still_to_do_and_nobody_else_is(town: SignInWorld) -> None:
    told = waiting(town, "leeds/sam")
    assert "Set up Leeds City Council: 4 of 7 steps done. Next: organisation. Say how your people reach you." in told
    for other in ("leeds/ann", "york/yara"):
        assert "Leeds" not in waiting(town, other)
    town.add_person("leeds/gus", kind="guest")
    assert waiting(town, "leeds/gus") == ""


def test_the_steps_go_by_what_is_there_and_the_first_space_is_one_click_away(town: SignInWorld) -> None:
    page = html.fromstring(town.client("leeds/sam").get("/admin/leeds").text)
    href = page.xpath("//table//a[text()='Spaces']/@href")[0]
    form = town.client("leeds/sam").get(href)
    assert form.status_code == 200
    assert "Leeds City Council" in form.text
    finish(town)
    assert "7 of 7 done" in town.client("leeds/sam").get("/admin/leeds").text


def test_the_finished_list_can_be_put_away_and_comes_back_when_something_breaks(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    assert sam.post("/admin/leeds/set-up").status_code == 400, "not before all is done"
    finish(town)
    assert "is set up: 7 of 7 steps done." in waiting(town, "leeds/sam")
    assert sam.post("/admin/leeds/set-up").status_code == 303
    assert waiting(town, "leeds/sam") == ""
    with town.work() as uow:
        from acl.rules import Fault
        from hub.features.policies.service import raise_alarm

        raise_alarm(uow, "organisations/leeds.csv", "x" * 64, (Fault("organisations/leeds.csv", 2, "who", "odd"),))
    told = waiting(town, "leeds/sam")
    assert "Next: policy. The copy on disk is not in force." in told
    assert "Look at this" in told
    sam.post("/admin/leeds/set-up", data={"again": "yes"})
    assert "Look at this" not in waiting(town, "leeds/sam")


def test_the_overview_leads_to_the_requests_that_wait_for_sam(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    assert '<a class="govuk-link" href="/requests">Requests</a>' in sam.get("/admin/leeds").text
    assert sam.get("/requests").status_code == 200


def test_the_list_costs_an_administrator_one_query_and_nobody_else_any(town: SignInWorld, database: Database) -> None:
    """At most 15 for the whole home page."""
    counts = {}
    for who in ("leeds/sam", "leeds/ann"):
        client = town.client(who)
        client.get("/")
        said: list[str] = []

        def note(*call: object, said: list[str] = said) -> None:
            said.append(str(call[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        assert client.get("/").status_code == 200
        event.remove(database.engine, "before_cursor_execute", note)
        counts[who] = [statement for statement in said if statement.startswith("SELECT")]
    assert len(counts["leeds/sam"]) <= 15, counts["leeds/sam"]
    about = [[s for s in counts[who] if "set_up_at" in s] for who in ("leeds/sam", "leeds/ann")]
    assert [len(statements) for statements in about] == [1, 0]


def test_the_overview_counts_the_spaces_that_sam_would_find_listed(town: SignInWorld) -> None:
    town.add_space("leeds/housing", "restricted")
    before = town.client("leeds/sam").get("/admin/leeds").text
    town.add_space("leeds/lantern", "confidential")
    assert "1 space" in before
    assert "1 space" in town.client("leeds/sam").get("/admin/leeds").text
