"""Sam brings his council in from a spreadsheet: every fault by line, a preview, and then all of them or nobody."""

import io
from html import unescape
from re import search
from time import process_time

import pytest
from sqlalchemy import event, select

from hub.access.models import Group, Person
from hub.features.administration.people.table import read_table
from hub.features.signin.models import PendingBinding
from hub.ground.db import Database
from hub.nouns.people.service import NewPerson, add_person
from tests import shared_data
from tests.hub.features.administration.test_looking_after import all_of, members
from tests.hub.features.signin.browser import SignInWorld

HERE = "/admin/leeds/people/import"
HEAD = "Name,E-mail,Job title,Groups,Subject\n"


def check(world: SignInWorld, text: str, make: str = "") -> tuple[int, str, str]:
    """What the page says of a table, and the digest with which it may be taken; with `make` new groups are made."""
    answer = world.client("leeds/sam").post(HERE, data={"text": text, "do": "check", "make": make})
    found = search(r'name="checked" value="(\w*)"', answer.text)
    assert found
    return answer.status_code, unescape(answer.text), found[1]


def take(world: SignInWorld, text: str, make: str = "") -> None:
    """Check a table, and take it."""
    status, _, digest = check(world, text, make)
    assert (status, len(digest)) == (200, 64)
    answer = world.client("leeds/sam").post(HERE, data={"text": text, "do": "add", "checked": digest, "make": make})
    assert answer.status_code == 303


def test_sam_sees_whom_a_table_adds_and_then_adds_them(town: SignInWorld) -> None:
    text = HEAD + (
        "Bo Marsh,bo@leeds.example,Officer,housing;Flood team,sub-1\n"
        '"Marsh, Bea",bea@leeds.example,"Clerk, senior",Flood Team,\n'
        "Bo Marsh,bo.marsh@leeds.example,,,\n"
    )
    before = len(all_of(town, Person))
    assert "Line 2, Groups: There is no group “Flood team”." in check(town, text)[1]
    status, said, _ = check(town, text, "yes")
    assert status == 200
    assert "It adds 3 people." in said
    assert "It makes 1 group: Flood team." in said
    assert "leeds/bo-marsh-2" in said
    assert len(all_of(town, Person)) == before, "looking adds nobody"
    take(town, text, "yes")
    people = {person.handle: person for person in all_of(town, Person)}
    assert people["leeds/marsh-bea"].job_title == "Clerk, senior"
    assert people["leeds/bo-marsh"].email == "bo@leeds.example"
    assert {"leeds/bo-marsh", "leeds/ann"} <= members(town, "leeds/housing")
    assert members(town, "leeds/flood-team") == {"leeds/bo-marsh", "leeds/marsh-bea"}
    (expected,) = all_of(town, PendingBinding)
    assert (expected.subject, expected.person_id) == ("sub-1", people["leeds/bo-marsh"].id)
    town.index_all()
    status, said, digest = check(town, text)
    assert (status, digest) == (200, ""), "the second time there is nobody to add"
    assert "3 people are there already" in said
    assert "Line 2, E-mail: Bo Marsh is there already, by this address (leeds/bo-marsh)" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "Ann,a@x.example,,,\n,b@x.example,,,\n", "Line 3, Name: There is no name"),
        (HEAD + "Ann,nobody,,,\n", "Line 2, E-mail: “nobody” is not an e-mail address"),
        (HEAD + "Ann,a@x.example,,,\nBo,A@x.example,,,\n", "Line 3, E-mail: The same e-mail address stands in line 2"),
        (HEAD + "Bo,,,,s\nBea,,,,s\n", "Line 3, Subject: The same subject stands in line 2"),
        (HEAD + "Bo,,,,\nBo,,,,\n", "Line 3, Name: The same name stands in line 2"),
        (HEAD + "Bo,,,administrators,\n", "Line 2, Groups: Administrators are not added from a table"),
        (
            HEAD + "Bo,b@x.example,Clerk, senior,,\n",
            "Line 2: There are more cells than headings: put cells that hold a comma or a semicolon into",
        ),
        (HEAD + f"{'x' * 201},,,,\n", "Line 2, Name: This must be one line"),
        (HEAD + '"Bo,,,,\n', "A quotation mark is not closed"),
        ("E-mail\nb@x.example\n", "There is no column “Name”"),
        ("Name,Full name\nBo,Bo\n", "The column “Name” is there twice (Name, Full name)"),
        (HEAD, "There is nobody in the table"),
        ("", "There are no headings. Above the people stands a line such as: Name, E-mail"),
        ("sep=;\nNamen;E-mail\nBo;\n", "There is no column “Name” among the headings (“Namen”, “E-mail”)."),
        ("Name\n" + "".join(f"P{n}\n" for n in range(10_001)), "Use at most 10,000 lines at a time."),
    ],
)
def test_every_fault_is_told_by_its_line_and_nobody_is_added(town: SignInWorld, text: str, words: str) -> None:
    from hub.features.policies.service import digest_of

    before = len(all_of(town, Person))
    status, said, digest = check(town, text)
    assert (status, digest) == (422, "")
    assert words in said
    forged = {"text": text, "do": "add", "checked": digest_of(text)}
    assert town.client("leeds/sam").post(HERE, data=forged).status_code == 422
    assert len(all_of(town, Person)) == before


def test_every_fault_of_a_line_is_named_at_once_with_its_column(town: SignInWorld) -> None:
    """An unknown group, an address outside the council's domains, a namesake; York's people are no fault of Leeds."""
    from hub.nouns.organisations.service import add_domain

    with town.work() as uow:
        add_domain(uow, town.place(uow, "leeds"), "leeds.gov.uk")
        for handle, name in (("york/kim", "Kim Vale"), ("leeds/old", "Old Hand")):
            slug, own = handle.split("/")
            add_person(uow, town.place(uow, slug), NewPerson(handle, name, f"{own}@leeds.gov.uk"))
    text = (
        "Display name,Mail,Role,Team size,Group\nKim Vale,kim@leeds.gov.uk,Clerk,3,housing\n"
        "Bo,bo@york.gov.uk,,,Hausing\nAnn Lee,ann.lee@leeds.gov.uk,,,\nAnn Lee,,,,\nOld Hand,OLD@leeds.gov.uk,,,\n"
    )
    status, said, _ = check(town, text)
    assert status == 422
    assert "3 things are wrong with the table" in said, "and which groups there are is help, not a fault"
    assert "The groups here are: leeds/housing. To make those that are not there, tick “Make the groups" in said
    assert "Line 3, Group: There is no group “Hausing”." in said
    assert "Line 3, Mail: “bo@york.gov.uk” is no address of Leeds City Council (leeds.gov.uk)" in said
    assert "Line 5, Display name: Somebody of this name is there already" in said
    assert "Line 4, Display name: Ann Lee is there already (leeds/ann), with another address" in said
    assert "Line 6, Mail: Old Hand is there already, by this address (leeds/old)" in said
    assert "Columns that are left out: “Team size”." in said
    assert "Line 2" not in said, "whom York has is not told"


def test_a_group_that_can_be_none_is_one_fault(town: SignInWorld) -> None:
    _, said, _ = check(town, HEAD + "Cy,,,!!,\n")
    assert "1 thing is wrong with the table" in said
    assert "The group “!!” has no letters or digits." in said
    assert "There is no group “!!”" not in said


def test_columns_are_known_by_their_other_names_and_the_rest_is_left_out(town: SignInWorld) -> None:
    take(town, "Forename;SURNAME;e mail address;Job role;Shoe size\nKim;Vale;kim@leeds.example;Clerk;9\n")
    (kim,) = [person for person in all_of(town, Person) if person.handle == "leeds/kim-vale"]
    assert (kim.name, kim.email, kim.job_title) == ("Kim Vale", "kim@leeds.example", "Clerk")


def test_what_spreadsheets_save_is_read_whatever_its_letters_and_separators(town: SignInWorld) -> None:
    """`sep=;` as Excel takes it, its Unicode text, and a file of no text at all."""
    plain = "Name\tE-mail\r\nZoë Łuk\tzoe@leeds.example\r\n"
    sam = town.client("leeds/sam")
    for content in (
        shared_data("failing/people-excel-sep.csv").read_bytes(),
        "sep=,\r\nName,E-mail\r\nPat Sample,pat@leeds.example\r\n".encode("utf-8-sig"),
        plain.encode("utf-16"),
        b"\xfe\xff" + plain.encode("utf-16-be"),
    ):
        answer = sam.post(HERE, data={"file": (io.BytesIO(content), "people.csv"), "do": "check"})
        assert answer.status_code == 200, unescape(answer.text)
        assert "Pat Sample" in answer.text or "Zoë Łuk" in answer.text
    for content in (plain.encode("utf-16-le"), b"\xff\xfeN"):
        answer = sam.post(HERE, data={"file": (io.BytesIO(content), "people.csv"), "do": "check"})
        assert "This file is no text" in answer.text


def test_names_without_latin_letters_get_a_neutral_handle(town: SignInWorld) -> None:
    """Also groups of such names, each its own; the forms for one person and one group do the same."""
    take(town, shared_data("failing/people-nonlatin.csv").read_text("utf-8"))
    text = HEAD + "Δήμητρα,d@x.example,,洪水组;Группа,\nمريم,m@x.example,,洪水组,\n"
    take(town, text, "yes")
    people = {person.handle: person.name for person in all_of(town, Person)}
    assert [people[f"leeds/person{tail}"] for tail in ("", "-2", "-3")] == ["王小明", "Δήμητρα", "مريم"]
    groups = {group.name: group.handle for group in all_of(town, Group)}
    assert sorted((groups["洪水组"], groups["Группа"])) == ["leeds/group", "leeds/group-2"]
    assert members(town, groups["洪水组"]) == {"leeds/person-2", "leeds/person-3"}
    sam = town.client("leeds/sam")
    assert sam.post("/admin/leeds/people/add", data={"name": "李四"}).status_code == 200
    assert sam.post("/admin/leeds/groups", data={"name": "住房"}).location == "/admin/leeds/groups/group-3"
    assert "leeds/person-4" in {person.handle for person in all_of(town, Person)}
    assert sam.post("/admin/leeds/people/add", data={"name": "…"}).status_code == 422
    with town.work() as uow:
        leeds = town.place(uow, "leeds").id
    fields = {"name": "洪水", "audience": "restricted", "marking": "OFFICIAL"}
    asked = sam.post(f"/make/{leeds}?kind=space", data=fields)
    proposed = search(r'name="slug" type="text" value="(place-[a-z0-9]{4})"', asked.text)
    assert proposed, "no error without a way on"
    again = sam.post(f"/make/{leeds}?kind=space", data=fields | {"slug": proposed[1]})
    assert again.status_code in {200, 303}


def test_a_row_of_headings_is_read_in_a_time_that_grows_with_its_length() -> None:
    start = process_time()
    assert read_table("Name," * 250_000 + "\nBo\n").wrong
    assert read_table("Size," * 200_000 + "Name\nBo\n").left_out
    assert process_time() - start < 10


def test_what_a_windows_spreadsheet_saves_is_read_and_a_formula_is_text(town: SignInWorld) -> None:
    """Semicolons, its own letters, a byte-order mark; a cell that begins like a formula stays what it is."""
    windows = 'Name;E-mail;Job title\r\nZoë O’Neill;zoe@leeds.example;=HYPERLINK("http://x")\r\n'.encode("cp1252")
    marked = "\ufeffName\tE-mail\nLeo\tleo@leeds.example\n".encode()
    sam = town.client("leeds/sam")
    for content, name in ((windows, "Zoë O’Neill"), (marked, "Leo")):
        answer = sam.post(HERE, data={"file": (io.BytesIO(content), "people.csv"), "do": "check"})
        assert answer.status_code == 200, answer.text
        assert name in answer.text
        text = unescape(search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, 16)[1])  # type: ignore[index]
        take(town, text)
    zoe = next(person for person in all_of(town, Person) if person.name == "Zoë O’Neill")
    assert zoe.job_title == '=HYPERLINK("http://x")'
    assert "=HYPERLINK(&#34;" in sam.get("/admin/leeds/people/zoe-oneill").text
    picture = sam.post(HERE, data={"file": (io.BytesIO(b"\x89PNG\x81\x8d"), "x.png"), "do": "check"})
    assert picture.status_code == 422


def test_five_thousand_people_come_in_few_statements(town: SignInWorld, database: Database) -> None:
    """At most 15 queries to look, and no statement for each person to add."""
    lines = "".join(f"Xavier {n:04d},x{n}@leeds.example,,housing,s{n}\n" for n in range(5_000))
    sam = town.client("leeds/sam")
    sam.get(HERE)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    status, shown, digest = check(town, HEAD + lines)
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 17, "with a new session of his"
    assert "It adds 5,000 people." in shown
    assert "And 4950 more." in shown
    said.clear()
    answer = sam.post(HERE, data={"text": HEAD + lines, "do": "add", "checked": digest})
    assert (status, answer.status_code) == (200, 303)
    assert len(said) <= 100, (len(said), said[30][:200])
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(Person.id).where(Person.handle.startswith("leeds/xavier"))).all()) == 5_000


def test_only_an_administrator_brings_people_in(town: SignInWorld) -> None:
    for who in ("leeds/ann", "york/yara"):
        client = town.client(who)
        nothing = client.get("/no/such/page").data
        assert client.get(HERE).data == nothing
        assert client.post(HERE, data={"text": HEAD + "Eve,,,,\n", "do": "check"}).data == nothing
