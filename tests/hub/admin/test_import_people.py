"""Sam brings his council in from a spreadsheet: every fault by line, a preview, and then all of them or nobody."""

import io
from html import unescape
from re import search

import pytest
from sqlalchemy import event, select

from hub.access.models import Person
from hub.db import Database
from hub.signin.models import PendingBinding
from tests.hub.admin.test_looking_after import all_of, members
from tests.hub.signin.browser import SignInWorld

HERE = "/admin/leeds/people/import"
HEAD = "Name,E-mail,Job title,Groups,Subject\n"


def check(world: SignInWorld, text: str) -> tuple[int, str, str]:
    """What the page says of a table, and the digest with which it may be taken."""
    answer = world.client("leeds/sam").post(HERE, data={"text": text, "do": "check"})
    found = search(r'name="checked" value="(\w*)"', answer.text)
    assert found
    return answer.status_code, unescape(answer.text), found[1]


def take(world: SignInWorld, text: str) -> None:
    """Check a table, and take it."""
    status, _, digest = check(world, text)
    assert (status, len(digest)) == (200, 64)
    answer = world.client("leeds/sam").post(HERE, data={"text": text, "do": "add", "checked": digest})
    assert answer.status_code == 303


def test_sam_sees_whom_a_table_adds_and_then_adds_them(town: SignInWorld) -> None:
    text = HEAD + (
        "Bo Marsh,bo@leeds.example,Officer,housing;Flood team,sub-1\n"
        '"Marsh, Bea",bea@leeds.example,"Clerk, senior",Flood Team,\n'
        "Bo Marsh,bo.marsh@leeds.example,,,\n"
    )
    before = len(all_of(town, Person))
    status, said, _ = check(town, text)
    assert status == 200
    assert "It adds 3 people." in said
    assert "It makes 1 group: Flood team." in said
    assert "leeds/bo-marsh-2" in said
    assert len(all_of(town, Person)) == before, "looking adds nobody"
    take(town, text)
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "Ann,a@x.example,,,\n,b@x.example,,,\n", "Line 3: There is no name"),
        (HEAD + "Ann,nobody,,,\n", "Line 2: “nobody” is not an e-mail address"),
        (HEAD + "Ann,a@x.example,,,\nBo,A@x.example,,,\n", "Line 3: The same e-mail stands in line 2"),
        (HEAD + "Bo,,,,s\nBea,,,,s\n", "Line 3: The same subject stands in line 2"),
        (HEAD + "Bo,,,,\nBo,,,,\n", "Line 3: The same name stands in line 2"),
        (HEAD + "Bo,,,administrators,\n", "Line 2: Administrators are not added from a table"),
        (
            HEAD + "Bo,b@x.example,Clerk, senior,,\n",
            "Line 2: There are more cells than headings: put cells that hold a comma or a semicolon into",
        ),
        (HEAD + f"{'x' * 201},,,,\n", "Line 2: The name must be one line"),
        (HEAD + '"Bo,,,,\n', "A quotation mark is not closed"),
        ("Name,Shoe size\nBo,9\n", "Line 1: The heading “shoe size” is unknown"),
        ("E-mail\nb@x.example\n", "There is no column “Name”"),
        ("Name,Full name\nBo,Bo\n", "is there twice"),
        (HEAD, "There is nobody in the table"),
        ("", "There is no column “Name”"),
        ("Name\n" + "".join(f"P{n}\n" for n in range(10_001)), "Use at most 10,000 lines at a time."),
    ],
)
def test_every_fault_is_told_by_its_line_and_nobody_is_added(town: SignInWorld, text: str, words: str) -> None:
    from hub.policies.service import digest_of

    before = len(all_of(town, Person))
    status, said, digest = check(town, text)
    assert (status, digest) == (422, "")
    assert words in said
    forged = {"text": text, "do": "add", "checked": digest_of(text)}
    assert town.client("leeds/sam").post(HERE, data=forged).status_code == 422
    assert len(all_of(town, Person)) == before


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
