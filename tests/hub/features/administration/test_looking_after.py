"""Sam looks after Leeds: who is there, who belongs where, who is kept out. Nobody else finds these pages."""

from html import unescape
from re import findall
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from hub.access.models import Group, GroupMember, Person, SignedInSession
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.organisations.models import Organisation, OrganisationDomain
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.sheets import Sheet

PAGES = (
    "",
    "/people",
    "/people/add",
    "/people/import",
    "/people/ann",
    "/groups",
    "/groups/housing",
    "/guests",
    "/guests/add",
    "/organisation",
    "/issuer",
    "/policy",
)
ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/people/add", {"name": "New Person"}),
    ("/people/ann", {"name": "Taken over"}),
    ("/people/ann/status", {"status": "suspended"}),
    ("/people/ann/sessions", {}),
    ("/people/ann/link", {}),
    ("/groups", {"name": "New group"}),
    ("/groups/housing/add", {"person": "sam"}),
    ("/groups/housing/remove", {"person": "ann"}),
    ("/guests/add", {"firm": "acme", "name": "Mallory", "sure": "yes"}),
    ("/guests/end", {"grant": "x"}),
    ("/guests/end-firm", {"firm": "acme"}),
    ("/organisation", {"name": "Taken over", "description": "", "contact": ""}),
    ("/set-up", {}),
    ("/issuer", {"issuer": "https://login.example", "client_id": "x", "do": "test"}),
    ("/issuer/accept", {"seen": ""}),
    ("/issuer/test", {}),
    ("/policy/edit", {"text": "x", "replacing": "", "checked": "", "do": "adopt"}),
)


def all_of(world: SignInWorld, table: Any) -> list[Any]:
    """Every row of a table."""
    with world.parts.database.reading() as session:
        return list(session.scalars(select(table)).all())


def members(world: SignInWorld, handle: str) -> set[str]:
    """The handles of those who belong to a group."""
    with world.parts.database.reading() as session:
        wanted = select(Person.handle).join(GroupMember, GroupMember.person_id == Person.id)
        return set(session.scalars(wanted.join(Group, Group.id == GroupMember.group_id).where(Group.handle == handle)))


@pytest.mark.parametrize("who", ["leeds/ann", "york/yara", "leeds/gus"])
def test_whoever_does_not_administer_leeds_finds_none_of_it(town: SignInWorld, who: str) -> None:
    """N-30: an administrator of York is nobody at Leeds; each page and each act answers like one that is not there."""
    town.add_person("leeds/gus", kind="guest")
    client = town.client(who)
    nothing = client.get("/no/such/page")
    before = (len(all_of(town, Person)), len(all_of(town, Group)), members(town, "leeds/housing"))
    for page in PAGES:
        answer = client.get(f"/admin/leeds{page}")
        assert (answer.status_code, answer.data) == (404, nothing.data), page
        assert client.get(f"/admin/atlantis{page}").data == answer.data
    for act, fields in ACTS:
        answer = client.post(f"/admin/leeds{act}", data=fields)
        assert (answer.status_code, answer.data) == (404, nothing.data), act
    assert before == (len(all_of(town, Person)), len(all_of(town, Group)), members(town, "leeds/housing"))
    assert {person.status for person in all_of(town, Person)} == {"active"}


def test_sam_opens_every_page_and_only_he_is_shown_the_way_there(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    for page in (*PAGES, "/policy/edit"):
        assert sam.get(f"/admin/leeds{page}").status_code == 200, page
    assert 'href="/admin/leeds"' in sam.get("/organisations").text
    assert "/admin/" not in town.client("leeds/ann").get("/organisations").text


def test_the_platforms_administrator_looks_after_every_organisation(town: SignInWorld) -> None:
    """platform.csv's own line; and an administrator of Leeds cannot make themselves one."""
    town.add_person("york/pat", name="Pat")
    with town.work() as uow:
        from acl.directory import ROOT
        from hub.access.models import Place
        from hub.features.administration.service import administrators_of
        from hub.nouns.people.service import add_member

        group = administrators_of(uow, uow.session.get_one(Place, ROOT))
        add_member(uow, group, town.person(uow, "york/pat"))
    assert town.client("york/pat").get("/admin/leeds/people").status_code == 200
    sam = town.client("leeds/sam")
    for address in ("/admin/platform/groups/administrators/add", "/admin/leeds/groups/platform/add"):
        assert sam.post(address, data={"person": "sam"}).status_code == 404
    assert members(town, "platform/administrators") == {"york/pat"}


def test_sam_adds_a_colleague_and_gets_their_link_once(town: SignInWorld) -> None:
    """Only the fields of the form count: nobody becomes a guest, an administrator or York's by what else is sent."""
    sam = town.client("leeds/sam")
    sent = {"name": "Zoë O’Neill", "email": "zoe@leeds.gov.uk", "job": "Engineer", "handle": ""}
    more = {"kind": "guest", "status": "left", "organisation_id": "york", "organisation": "york", "access_epoch": "99"}
    answer = sam.post("/admin/leeds/people/add", data=sent | more)
    assert answer.status_code == 200
    link = unescape(findall(r"http://localhost:8000/sign-in\?link=[\w-]+", answer.text)[0])
    zoe = next(person for person in all_of(town, Person) if person.name == "Zoë O’Neill")
    assert (zoe.handle, zoe.kind, zoe.status, zoe.job_title) == ("leeds/zoe-oneill", "staff", "active", "Engineer")
    assert link not in sam.get("/admin/leeds/people/zoe-oneill").text
    stranger = town.browser()
    stranger.get(link.removeprefix("http://localhost:8000"))
    assert "Zoë O’Neill" in stranger.get("/sign-in/link/whose").text
    again = sam.post("/admin/leeds/people/add", data=sent)
    assert again.status_code == 422
    assert "leeds/zoe-oneill is there already" in again.text
    assert 'value="Engineer"' in again.text, "what was typed is kept"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 201), ("name", "!!"), ("email", "a@b\r\nBcc: all@x"), ("email", "none"),
     ("handle", "../york/yara"), ("handle", "york/yara"), ("job", "x" * 201)],
)  # fmt: skip
def test_what_cannot_be_added_is_said_beside_its_field(town: SignInWorld, field: str, value: str) -> None:
    sent = {"name": "Zoe", "email": "", "job": "", "handle": ""} | {field: value}
    before = len(all_of(town, Person))
    answer = town.client("leeds/sam").post("/admin/leeds/people/add", data=sent)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert len(all_of(town, Person)) == before


def test_a_suspended_person_is_out_with_the_next_click_and_comes_back_by_signing_in(town: SignInWorld) -> None:
    """Their old session does not come to life again when they are let in."""
    ann, sam = town.client("leeds/ann"), town.client("leeds/sam")
    assert ann.get("/organisations").status_code == 200
    assert sam.post("/admin/leeds/people/ann/status", data={"status": "suspended"}).status_code == 303
    assert ann.get("/organisations").status_code == 303
    assert "Suspended" in sam.get("/admin/leeds/people?q=ann").text
    sam.post("/admin/leeds/people/ann/status", data={"status": "active"})
    assert ann.get("/organisations").status_code == 303
    assert town.client("leeds/ann").get("/organisations").status_code == 200
    acts = [entry.act for entry in all_of(town, AuditEntry) if entry.object == "person:leeds/ann"]
    assert acts.count("person:status") == 2
    assert all(entry.actor == "leeds/sam" for entry in all_of(town, AuditEntry) if entry.act == "person:status")


def test_sam_signs_ann_out_everywhere(town: SignInWorld) -> None:
    phone, laptop, sam = town.client("leeds/ann"), town.client("leeds/ann"), town.client("leeds/sam")
    assert "<dd>2</dd>" in sam.get("/admin/leeds/people/ann").text
    sam.post("/admin/leeds/people/ann/sessions")
    assert (phone.get("/").status_code, laptop.get("/").status_code, sam.get("/").status_code) == (303, 303, 200)
    assert sum(row.ended_at is None for row in all_of(town, SignedInSession)) == 1


def test_nobody_locks_themselves_out(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    assert sam.post("/admin/leeds/people/sam/status", data={"status": "suspended"}).status_code == 400
    assert sam.post("/admin/leeds/groups/administrators/remove", data={"person": "sam"}).status_code == 400
    assert sam.post("/admin/leeds/people/ann/status", data={"status": "gone"}).status_code == 400
    assert sam.get("/admin/leeds").status_code == 200


def test_a_group_gives_what_policy_says_and_takes_it_back(town: SignInWorld) -> None:
    """Ann becomes an administrator with her next click, and is none with the one after."""
    sam, ann = town.client("leeds/sam"), town.client("leeds/ann")
    assert ann.get("/admin/leeds").status_code == 404
    here = "/admin/leeds/groups/administrators"
    Sheet(sam.get(f"{here}?q=ann"), f"{here}/add").send(sam)
    assert ann.get("/admin/leeds").status_code == 200
    Sheet(ann.get(here), f"{here}/remove").send(ann)
    assert sam.get("/admin/leeds").status_code == 404
    assert members(town, "leeds/administrators") == {"leeds/ann"}


def test_a_group_is_added_by_name_and_offers_only_our_own_active_staff(town: SignInWorld) -> None:
    """N-30: nobody of York joins a group of Leeds, whatever is sent; nor does a guest or somebody suspended."""
    town.add_person("leeds/gus", kind="guest", name="Gus Lee")
    town.add_person("leeds/les", name="Les Lee")
    town.set_status("leeds/les", "suspended")
    sam = town.client("leeds/sam")
    made = sam.post("/admin/leeds/groups", data={"name": "Flood  wardens"})
    assert (made.status_code, made.location) == (303, "/admin/leeds/groups/flood-wardens")
    offered = sam.get(f"{made.location}?q=LEE").text
    assert "Ann Lee" in offered
    assert "Gus Lee" not in offered
    assert "Les Lee" not in offered
    assert "Ann Lee" not in sam.get(f"{made.location}?q=%25").text, "no wildcard comes in from outside"
    for stranger in ("yara", "york/yara", "../york/yara", ""):
        assert sam.post(f"{made.location}/add", data={"person": stranger}).status_code == 404
    assert sam.post(f"{made.location}/add", data={"person": "gus"}).status_code == 400
    assert members(town, "leeds/flood-wardens") == set()
    for name in ("", "!!!", "Flood wardens", "x" * 201):
        assert sam.post("/admin/leeds/groups", data={"name": name}).status_code == 422


def test_people_are_found_by_name_a_page_at_a_time(town: SignInWorld) -> None:
    for number in range(60):
        town.add_person(f"leeds/extra-{number}", name=f"Extra {number:02}")
    sam = town.client("leeds/sam")
    first, second = sam.get("/admin/leeds/people").text, sam.get("/admin/leeds/people?page=2").text
    assert "1 to 50 of 62" in first
    assert "51 to 62 of 62" in second
    assert "Yara" not in first + second
    found = sam.get("/admin/leeds/people?q=extra+07").text
    assert "Extra 07" in found
    assert "Extra 08" not in found


def test_sam_renames_the_organisation_and_nothing_else_that_is_sent(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    sent = {"name": "Leeds Council", "description": "Metropolitan", "contact": "hub@leeds.gov.uk"}
    more = {"slug": "york", "kind": "supplier", "code": "E1", "domain": "york.gov.uk", "marking": "OFFICIAL"}
    assert sam.post("/admin/leeds/organisation", data=sent | more).status_code == 303
    row = next(row for row in all_of(town, Organisation) if row.contact)
    assert (row.contact, row.description, row.kind, row.code) == ("hub@leeds.gov.uk", "Metropolitan", "council", "")
    assert all_of(town, OrganisationDomain) == []
    assert "Leeds Council" in town.client("leeds/ann").get("/organisations").text
    refused = sam.post("/admin/leeds/organisation", data=sent | {"name": ""})
    assert refused.status_code == 422
    assert 'value="hub@leeds.gov.uk"' in refused.text


def test_the_checklist_follows_what_is_done(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    before = sam.get("/admin/leeds").text
    assert "4 of 7 done" in before, findall(r"\d of 7 done", before)
    assert "Say how your people reach you" in before
    sam.post("/admin/leeds/organisation", data={"name": "Leeds", "description": "", "contact": "x@leeds.example"})
    town.add_space("leeds/housing")
    after = sam.get("/admin/leeds").text
    assert "6 of 7 done" in after
    assert "1 space" in after


def test_an_organisations_page_leads_those_who_administer_it_there(town: SignInWorld) -> None:
    way = 'href="/admin/leeds"'
    assert "Look after it" in town.client("leeds/sam").get("/places/leeds").text
    assert way not in town.client("leeds/ann").get("/places/leeds").text
    assert way not in town.client("york/yara").get("/places/leeds").text


def test_five_thousand_people_are_paged_and_filtered_in_few_queries(town: SignInWorld, database: Database) -> None:
    """At most 15 queries, and each part of the list holds just whom it names."""
    with town.work() as uow:
        leeds = town.place(uow, "leeds")
        rows = [
            {
                "id": f"p{number:011d}",
                "organisation_id": leeds.id,
                "handle": f"leeds/x{number}",
                "name": f"Xavier {number:04d}",
                "kind": "staff",
                "status": "left" if number % 50 == 0 else "active",
                "created_at": uow.now,
            }
            for number in range(5_000)
        ]
        uow.session.execute(insert(Person), rows)
    sam = town.client("leeds/sam")
    sam.get("/admin/leeds/people")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    last = sam.get("/admin/leeds/people?q=xavier&page=100").text
    assert "4,951 to 5,000 of 5,000" in last or "4951 to 5000 of 5000" in last
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15
    assert "of 100<" in sam.get("/admin/leeds/people?only=left").text
    assert "Xavier 0050" in sam.get("/admin/leeds/people?only=left").text
    assert "Xavier 0050" not in sam.get("/admin/leeds/people?only=active&q=0050").text
    assert "of 4902<" in sam.get("/admin/leeds/people?only=waiting").text.replace(",", "")
    assert sam.get("/admin/leeds/people?only=nonsense").status_code == 200


def test_sam_changes_how_ann_is_shown_and_not_who_she_is(town: SignInWorld) -> None:
    sam = town.client("leeds/sam")
    assert sam.post("/admin/leeds/people/ann", data={"name": "", "email": "", "job": ""}).status_code == 422
    sent = {"name": "Ann Lee-Marsh", "email": "ann@leeds.example", "job": "Clerk", "handle": "leeds/x", "kind": "guest"}
    assert sam.post("/admin/leeds/people/ann", data=sent).status_code == 303
    ann = next(person for person in all_of(town, Person) if person.handle == "leeds/ann")
    assert (ann.name, ann.email, ann.job_title, ann.kind) == ("Ann Lee-Marsh", "ann@leeds.example", "Clerk", "staff")


def test_somebody_who_left_is_out_and_can_be_brought_back(town: SignInWorld) -> None:
    ann, sam = town.client("leeds/ann"), town.client("leeds/sam")
    assert sam.post("/admin/leeds/people/ann/status", data={"status": "left"}).status_code == 303
    assert ann.get("/").status_code == 303
    assert "Ann Lee" in sam.get("/admin/leeds/people?only=left").text
    assert sam.post("/admin/leeds/people/ann/status", data={"status": "active"}).status_code == 303
    assert town.client("leeds/ann").get("/").status_code == 200
    assert "leeds/ann" in members(town, "leeds/housing")
