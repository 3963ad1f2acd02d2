"""`hub policy …`, as an administrator types it."""

import re
from datetime import date
from pathlib import Path

from tests.hub.commandline import hub
from tests.hub.features.policies.conftest import LEEDS
from tests.hub.features.policies.test_mirror import Desk
from tests.hub.world import HEADER, World

FLOOD = "allow,org:york,read,leeds/flood,up to OFFICIAL,published,2027-03-31,Joint flood plan"


def test_the_support_desk_learns_by_which_line_bea_reads_a_document(world: World) -> None:
    world.add_space("leeds/flood", "restricted")
    world.set_policy("leeds", *LEEDS, FLOOD)
    plan = world.add_document("leeds/flood", "Flood plan")
    ran = hub(world.parts, "policy", "explain", "york/bea", "read", plan, "--json")
    assert ran.code == 0
    assert ran.value == {
        "person": "person:york/bea",
        "action": "read",
        "object": plan,
        "on": "2026-10-20",
        "allowed": True,
        "sentence": "Bea of York City Council can read this because Leeds City Council shares it with "
        "York City Council until 31 March 2027 (Joint flood plan).",
        "decided_by": {
            "file": "organisations/leeds.csv",
            "line": 5,
            "effect": "allow",
            "text": FLOOD,
            "reason": "Joint flood plan",
        },
        "matched": [
            {
                "file": "organisations/leeds.csv",
                "line": 5,
                "effect": "allow",
                "text": FLOOD,
                "reason": "Joint flood plan",
            }
        ],
        "missing": [],
    }
    said = hub(world.parts, "policy", "explain", "york/bea", "read", plan).out
    assert ran.value["sentence"] in said
    assert "organisations/leeds.csv line 5" in said
    assert FLOOD in said


def test_after_the_last_day_the_line_is_named_as_ended(world: World) -> None:
    world.add_space("leeds/flood", "restricted")
    world.set_policy("leeds", *LEEDS, FLOOD)
    plan = world.add_document("leeds/flood", "Flood plan")
    for day, allowed in (("2027-03-31", True), ("01/04/2027", False)):
        ran = hub(world.parts, "policy", "explain", "york/bea", "read", plan, "--on", day, "--json")
        assert ran.value["allowed"] is allowed
    (missed,) = [miss for miss in ran.value["missing"] if miss["line"] == 5]
    assert missed["column"] == "until"
    assert "line 5 would, but it ended on 31 March 2027" in missed["sentence"]


def test_a_draft_is_named_as_what_keeps_ann_out(world: World) -> None:
    world.add_space("leeds/flood", "restricted")
    draft = world.add_document("leeds/flood", "Flood plan", state="draft")
    ran = hub(world.parts, "policy", "explain", "leeds/ann", "read", draft, "--json")
    assert ran.code == 0
    assert not ran.value["allowed"]
    assert ran.value["decided_by"] is None
    assert any("line 2 would, but this is a draft" in miss["sentence"] for miss in ran.value["missing"])
    assert "would, but this is a draft" in hub(world.parts, "policy", "explain", "leeds/ann", "read", draft).out


def test_the_deny_that_decides_is_named(world: World) -> None:
    deny = "deny,person:leeds/ann,read,leeds/housing,any,any,-,She moved to Legal"
    world.set_policy("leeds", *LEEDS, deny)
    rent = world.add_document("leeds/housing", "Rent review")
    ran = hub(world.parts, "policy", "explain", "leeds/ann", "read", rent, "--json")
    assert ran.value["decided_by"]["text"] == deny
    assert [rule["line"] for rule in ran.value["matched"]] == [2, 3, 5]


def test_a_membership_is_named_with_its_giver(world: World) -> None:
    world.add_space("leeds/legal", "private")
    advice = world.add_document("leeds/legal", "Advice")
    grant = world.give("person:york/bea", "read", "leeds/legal")
    ran = hub(world.parts, "policy", "explain", "york/bea", "read", advice, "--json")
    assert ran.value["decided_by"]["file"] == f"grants:{grant}"
    assert ran.value["decided_by"]["text"] == "allow,person:york/bea,read,leeds/legal,any,published,-,For a test"


def test_a_suspended_person_can_do_nothing_and_it_is_said_why(world: World) -> None:
    rent = world.add_document("leeds/housing", "Rent review")
    world.set_status("leeds/ann", "suspended")
    ran = hub(world.parts, "policy", "explain", "leeds/ann", "read", rent, "--json")
    assert not ran.value["allowed"]
    assert ran.value["missing"] == [
        {
            "file": "",
            "line": 0,
            "column": "status",
            "sentence": "Ann of Leeds City Council is suspended, and so can do nothing.",
        }
    ]
    assert (
        "Ann of Leeds City Council is suspended" in hub(world.parts, "policy", "explain", "leeds/ann", "read", rent).out
    )


def test_a_guest_and_a_place_can_be_asked_about(world: World) -> None:
    world.add_organisation("acme", kind="supplier")
    world.add_person("acme/maria", kind="guest")
    world.give("guest:acme/maria", "read", "leeds/housing", until=date(2026, 12, 31), source="guest")
    ran = hub(world.parts, "policy", "explain", "guest:acme/maria", "read", "leeds/housing", "--json")
    assert ran.value["allowed"]
    assert ran.value["person"] == "guest:acme/maria"
    ran = hub(world.parts, "policy", "explain", "acme/maria", "read", "leeds/housing", "--on", "2027-01-01", "--json")
    assert not ran.value["allowed"]


def test_a_document_may_be_named_by_the_address_of_its_page(world: World) -> None:
    """That is what stands in the message of who asks for help."""
    own = world.add_document("leeds/housing", "Repairs").removeprefix("doc:")
    for name in (f"DOC:{own}", f" doc:{own}", f"/documents/{own}", f"https://hub.example.gov.uk/documents/{own}"):
        ran = hub(world.parts, "policy", "explain", "leeds/ann", "read", name, "--json")
        assert ran.code == 0, ran.err
        assert ran.value["object"] == f"doc:{own}"


def test_wrong_names_are_answered_with_near_ones(world: World) -> None:
    cases = {
        ("leeds/an", "read", "leeds/housing"): "There is no person leeds/an. Did you mean leeds/ann?",
        ("ann@leeds.gov.uk", "read", "leeds/housing"): "write organisation/name, such as leeds/sam-okafor",
        ("leeds/ann", "read", "leeds/hosing"): "There is no place leeds/hosing. Did you mean leeds/housing?",
        ("leeds/ann", "read", "housing"): "There is no place housing. Did you mean leeds/housing?",
        ("ann@leeds.gov.uk", "read", "leeds"): "such as leeds/sam-okafor. Did you mean leeds/ann?",
        ("leeds/ann", "read", "doc:nothere"): "There is no document doc:nothere.",
    }
    for arguments, sentence in cases.items():
        ran = hub(world.parts, "policy", "explain", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert sentence in ran.err
    ran = hub(world.parts, "policy", "explain", "leeds/ann", "devour", "leeds/housing")
    assert ran.code == 2
    assert "'manage', 'edit', 'comment', 'read', 'administer'" in ran.err
    ran = hub(world.parts, "policy", "explain", "leeds/ann", "read", "leeds/housing", "--on", "soon")
    assert (ran.code, ran.err.strip()) == (
        1, "Enter a day such as 31/03/2027 or 2027-03-31",
    )  # fmt: skip


def test_lint_finds_nothing_wrong_with_good_files_and_everything_with_bad_ones(world: World, tmp_path: Path) -> None:
    good = tmp_path / "leeds.csv"
    good.write_text(HEADER + "\n".join(LEEDS) + "\n", "utf-8")
    ran = hub(world.parts, "policy", "lint", str(good))
    assert (ran.code, ran.out) == (0, "1 file, 0 faults, 0 remarks.\n")
    bad = tmp_path / "york.csv"
    bad.write_text(
        HEADER + "Allow,york,read,york,OFFICIAL,published,-,\nallow,org:york,gaze,york,any,any,-,\n", "utf-8"
    )
    ran = hub(world.parts, "policy", "lint", str(good), str(bad))
    assert ran.code == 1
    assert len(re.findall(r"^fault   .*york\.csv:2: (who|marking): ", ran.out, re.MULTILINE)) == 2
    assert "york.csv:3: can: " in ran.out
    found = hub(world.parts, "policy", "lint", str(good), str(bad), "--json")
    assert found.code == 1
    assert not found.value["ok"]
    assert {fault["line"] for fault in found.value["files"][1]["faults"]} == {2, 3}


def test_lint_remarks_on_lines_that_do_nothing(world: World, tmp_path: Path) -> None:
    file = tmp_path / "leeds.csv"
    lines = (
        "allow,group:leeds/nobody,read,leeds,any,any,-,Typed wrongly",
        "allow,org:leeds,read,leeds/nowhere,any,any,-,Moved",
        "allow,org:york,read,leeds,any,any,2020-01-01,Over",
    )
    file.write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    ran = hub(world.parts, "policy", "lint", str(file), "--json")
    assert ran.code == 0
    remarks = {(remark["line"], remark["column"]) for remark in ran.value["files"][0]["remarks"]}
    assert remarks == {(1, "can"), (2, "who"), (3, "where"), (4, "until")}
    assert not ran.value["files"][0]["in_force"]


def test_lint_without_files_shows_what_was_refused(world: World) -> None:
    desk = Desk(world)
    desk.settle()
    desk.save_in_place(desk.in_force + "nonsense\n")
    desk.settle()
    ran = hub(world.parts, "policy", "lint")
    assert ran.code == 1
    assert "fault   organisations/leeds.csv:5:" in ran.out
    assert "what was accepted before holds" in ran.err


def test_lint_without_files_shows_a_hand_edit_that_was_set_aside(world: World) -> None:
    desk = Desk(world)
    desk.settle()
    edited = desk.in_force + "# mine\n"
    world.set_policy("leeds", *LEEDS[:2])
    desk.save_in_place(edited)
    desk.settle()
    ran = hub(world.parts, "policy", "lint", "--json")
    assert ran.code == 1
    (aside,) = [file for file in ran.value["files"] if "not-adopted" in file["file"]]
    assert not aside["in_force"]


def test_lint_of_a_file_that_is_not_there_is_a_sentence(world: World) -> None:
    ran = hub(world.parts, "policy", "lint", "/nowhere/leeds.csv")
    assert ran.code == 2
    assert "/nowhere/leeds.csv" in ran.err


def test_the_matrix_groups_people_who_can_do_the_same(world: World) -> None:
    world.add_person("leeds/zoe")
    ran = hub(world.parts, "policy", "matrix", "leeds")
    assert ran.code == 0
    rows = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line.startswith("leeds")}
    assert rows == {
        "leeds": ["organisation", "rr-", "rr-", "---"],
        "leeds/housing": ["restricted", "rr-", "eee", "---"],
    }
    assert "A: leeds/omar, leeds/zoe" in ran.out
    assert "B: leeds/ann" in ran.out
    assert "C: york/bea" in ran.out
    people = {
        entry["person"]: entry["places"] for entry in hub(world.parts, "policy", "matrix", "--json").value["people"]
    }
    assert people["person:york/bea"] == {"york": {"PUBLIC": "read", "OFFICIAL": "read", "OFFICIAL-SENSITIVE": "-"}}
    assert people["person:leeds/ann"]["leeds/housing"]["OFFICIAL-SENSITIVE"] == "edit"


def test_the_matrix_of_an_unknown_organisation_is_refused(world: World) -> None:
    ran = hub(world.parts, "policy", "matrix", "leds")
    assert (ran.code, ran.err.strip()) == (1, "There is no organisation leds. Did you mean leeds?")
