"""Before a policy is put in force its editor is told who gains and who loses what; older texts can be brought back."""

import random
from html import unescape
from importlib import resources

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from acl.store import adopt as parse
from config import policies as default_policies
from hub.access.models import Person, Place, PolicyText
from hub.features.policies.foretelling import foretell
from hub.features.policies.service import digest_of
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.forms import lines_of
from hub.nouns.documents.models import Document
from hub.nouns.kinds import KINDS
from tests.hub.features.administration.test_platform import make_pat
from tests.hub.features.administration.test_policy_editor import EDIT, form_of, in_force
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.world import HEADER

PLATFORM = "/admin/platform/policy"
YORK = "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint flood plan"
PAGES = ("", "/edit", "/versions", "/versions/1")


@pytest.fixture
def flood(town: SignInWorld) -> SignInWorld:
    """Leeds has three documents in Housing that York cannot read; Pat of York runs the hub.

    York keeps its people to itself, so Sam learns of no number of them.
    """
    make_pat(town)
    lines = resources.files(default_policies).joinpath("organisation.csv").read_text("utf-8").replace("SLUG", "york")
    town.set_policy("york", *(line for line in lines.splitlines()[1:] if "people:york" not in line))
    town.add_space("leeds/housing", "restricted")
    for title in ("Plan", "Maps", "Costs"):
        town.add_document("leeds/housing", title)
    return town


def checked(world: SignInWorld, who: str, address: str, change: tuple[str, str]) -> tuple[int, str, dict[str, str]]:
    """What the editor says of the text in force with one piece of it replaced, and its form."""
    client = world.client(who)
    form = form_of(client.get(address))
    form["text"] = form["text"].replace(*change)
    answer = client.post(address, data=form | {"do": "check"})
    return answer.status_code, unescape(answer.text), form_of(answer)


def test_sam_is_told_who_gains_and_later_who_loses(flood: SignInWorld) -> None:
    """D-PO 69: exact numbers of people and documents, before and not after."""
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    _, said, form = checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{YORK}"))
    assert "It shows 3 documents to staff of York City Council." in said
    assert "It takes" not in said
    sam = flood.client("leeds/sam")
    assert sam.post(EDIT, data=form | {"do": "adopt"}).status_code == 303
    _, said, _ = checked(flood, "leeds/sam", EDIT, (YORK, ""))
    assert "It takes 3 documents from staff of York City Council." in said
    assert "It shows" not in said
    _, said, _ = checked(flood, "leeds/sam", EDIT, (YORK, f"# noted\r\n{YORK}"))
    assert "Nobody gains or loses sight of a document by it." in said


def test_a_text_is_not_put_in_force_for_others_than_were_foretold(flood: SignInWorld) -> None:
    """A document is published between the preview and the button: Sam is told of one more, and decides again."""
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    _, _, form = checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{YORK}"))
    flood.add_document("leeds/housing", "Culverts")
    sam = flood.client("leeds/sam")
    again = sam.post(EDIT, data=form | {"do": "adopt"})
    assert again.status_code == 200
    said = unescape(again.text)
    assert "Nothing was done yet.</strong> Something changed since you were asked." in said
    assert "It shows 4 documents to staff of York City Council." in said
    assert YORK not in in_force(flood).text
    assert YORK in form_of(again)["text"], "what was typed stays"
    assert sam.post(EDIT, data=form_of(again) | {"do": "adopt"}).status_code == 303
    assert YORK in in_force(flood).text


def test_what_is_foretold_is_what_then_holds(flood: SignInWorld) -> None:
    """D-PO 69: on random edits, the same as asking for each person and each document before and after.

    And for each page of Leeds' staff, where lines about them come or go.
    """
    luck = random.Random(70)
    flood.add_space("leeds/legal", "private")
    flood.add_document("leeds/legal", "Advice", marking="OFFICIAL-SENSITIVE")
    flood.add_document("leeds/housing", "Draft", state="draft", owner="person:leeds/ann")
    flood.add_person("york/gus", kind="guest")
    said_of_people = {"the default"}
    words = ("org:leeds", "org:york", "all-staff", "group:leeds/housing", "person:york/yara", "document-owner")
    for _ in range(25):
        lines = [
            ",".join(
                (
                    luck.choice(("allow", "allow", "deny")),
                    luck.choice(words),
                    luck.choice(("read", "edit")),
                    luck.choice(("leeds", "leeds/housing", "leeds/legal", "*", "people:leeds", "people:leeds")),
                    luck.choice(("any", "only OFFICIAL", "OFFICIAL and above")),
                    luck.choice(("any", "published")),
                    "-",
                    "For a test",
                )
            )
            for _ in range(luck.randint(1, 4))
        ]
        then = {line for line in lines if ",people:leeds," in line}
        also, said_of_people = then != said_of_people, then
        before = sights(flood, people=also)
        name = "organisations/leeds.csv"
        with flood.parts.database.reading() as session:
            row = session.get_one(PolicyText, name)
            file = parse(name, HEADER + "\n".join(lines) + "\n", row.scope)
            snapshots = flood.parts.snapshots
            told = foretell(
                session, snapshots.crowd(session), KINDS, snapshots.latest(session), flood.parts.today, file
            )
        flood.set_policy("leeds", *lines)
        after = sights(flood, people=also)
        for shown, gained in ((told.gained, after - before), (told.lost, before - after)):
            assert shown.things == len({document for _, document in gained}), lines
            assert shown.staff + shown.guests == len({person for person, _ in gained}), lines


def sights(world: SignInWorld, *, people: bool) -> set[tuple[str, str]]:
    """Who may read which document; with `people` also which page of Leeds' staff."""
    with world.parts.database.reading() as session:
        everybody = session.scalars(select(Person).where(Person.status == "active")).all()
        things: list[Document | Person] = list(session.scalars(select(Document)))
        things += [person for person in everybody if people and person.handle.startswith("leeds/")]
        looking = [world.parts.viewer(session, person) for person in everybody]
        return {(each.person.handle, thing.node) for each in looking for thing in each.kept(things)}


GROUP = "people in the group {} (York City Council says who is in it)"


def test_conversations_are_counted_as_documents_are(flood: SignInWorld) -> None:
    for n in range(2):
        flood.add_thread("leeds/housing", f"How {n}?", "leeds/sam")
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    _, said, _ = checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{YORK}"))
    assert "It shows 3 documents and 2 conversations to staff of York City Council." in said


def test_a_preview_counts_only_what_sam_may_know_of(flood: SignInWorld) -> None:
    """Who is in York's groups, who York's people are and what Sam may not read are in no number; ours are."""
    flood.add_person("york/yan", "york/flood")
    flood.add_space("leeds/lantern", "confidential")
    flood.add_document("leeds/lantern", "Merger")
    flood.add_document("leeds/housing", "Held back", marking="OFFICIAL-SENSITIVE")
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    nobody = "Nobody gains or loses sight of a document by it."
    for line, told in {
        "allow,group:york/flood,read,leeds/housing,any,any": f"It shows 3 documents to {GROUP.format('york/flood')}.",
        "allow,group:york/none,read,leeds/housing,any,any": f"It shows 3 documents to {GROUP.format('york/none')}.",
        "allow,person:york/yan,read,leeds/housing,any,any": nobody,
        "allow,person:york/none,read,leeds/housing,any,any": nobody,
        "allow,org:leeds,read,leeds/lantern,any,any": nobody,
        "allow,org:leeds,read,leeds/none,any,any": nobody,
        "deny,org:leeds,read,leeds/lantern,any,any": "no place that you may know is called leeds/lantern,",
        "deny,org:leeds,read,leeds/none,any,any": "no place that you may know is called leeds/none,",
        "deny,org:leeds,read,leeds/housing,any,any": "It takes 3 documents from 2 people in 1 organisation.",
    }.items():
        _, said, _ = checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{line},-,Why not"))
        assert told in said, line
        for count in ("1 person", "4 documents", "Organisations that you may not see"):
            assert count not in said, line


def test_a_line_for_an_organisation_that_is_hidden_reads_like_one_for_none(flood: SignInWorld) -> None:
    """Hull is at the hub, but shows itself to nobody at Leeds: no remark, refusal or count tells it from “nowhere”."""
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    flood.add_organisation("hull")
    assert flood.client("leeds/sam").get("/places/hull").status_code == 404
    for start in (
        "allow,org:{},read,leeds/housing",
        "deny,org:{},read,leeds/housing",
        "deny,everyone-but:org:{},read,leeds",
    ):
        told = []
        for slug in ("hull", "nowhere"):
            _, said, _ = checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{start.format(slug)},any,any,-,Why not"))
            told.append([line.replace(slug, "it") for line in said.splitlines() if slug in line or "documents" in line])
        assert told[0] == told[1]
        assert any("whom you may" in line for line in told[0]), start


def test_who_looked_at_what_a_text_would_change_is_kept_without_the_text(flood: SignInWorld) -> None:
    last = in_force(flood).text.rstrip("\n").splitlines()[-1]
    checked(flood, "leeds/sam", EDIT, (last, f"{last}\r\n{YORK}"))
    flood.client("leeds/sam").get(f"{EDIT}?version=1")
    with flood.parts.database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act == "policy:preview")).all()
        told = [(row.actor, row.object, row.organisation_id == place_of(session), row.detail) for row in rows]
    lines = len(in_force(flood).text.splitlines())
    file = "organisations/leeds.csv"
    assert told == [("leeds/sam", file, True, f"{lines + n} lines") for n in (1, 0)]


def place_of(session: Session) -> str:
    return session.scalars(select(Place.id).where(Place.path == "leeds")).one()


def test_sam_cannot_take_away_his_own_right_to_take_it_back(flood: SignInWorld) -> None:
    """D-PO 70: it needs a second person; nor by a form of his own making."""
    line = next(line for line in in_force(flood).text.splitlines() if ",administer," in line)
    status, said, form = checked(flood, "leeds/sam", EDIT, (line, ""))
    assert status == 422
    assert "you could not administer Leeds City Council any more" in said
    assert "Put it in force" not in said
    text = lines_of(form["text"])
    with flood.viewer("leeds/sam") as viewer:
        file = parse("organisations/leeds.csv", text, viewer.person.organisation_id)
        crowd = flood.parts.snapshots.crowd(viewer.session)
        told = foretell(viewer.session, crowd, KINDS, viewer.snapshot, viewer.today, file)
    forged = form | {"checked": f"{digest_of(text)}.{told.print}", "do": "adopt"}
    assert flood.client("leeds/sam").post(EDIT, data=forged).status_code == 422
    assert line in in_force(flood).text
    status, said, form = checked(flood, "york/pat", EDIT, (line, ""))
    assert (status, "Put it in force" in said) == (200, True), "Pat's right comes from the hub's own file"


def test_pat_edits_the_policy_of_the_hub_and_leeds_cannot(flood: SignInWorld) -> None:
    """The same editor; a ceiling binds the next request of everybody."""
    ceiling = "deny,org:york,read,leeds,any,any,-,York is out of this\r\n"
    for who in ("leeds/sam", "leeds/ann"):
        client = flood.client(who)
        nothing = client.get("/no/such/page").data
        for page in PAGES:
            assert client.get(f"{PLATFORM}{page}").data == nothing, page
        assert client.post(f"{PLATFORM}/edit", data={"text": ceiling, "do": "check"}).data == nothing
    assert flood.client("leeds/sam").get("/admin/leeds/policy/versions").status_code == 200
    assert flood.client("leeds/ann").get("/admin/leeds/policy/versions").status_code == 404
    pat = flood.client("york/pat")
    first = in_force(flood).text.splitlines()[-1]
    with flood.parts.database.reading() as session:
        last = session.get_one(PolicyText, "platform.csv").text.rstrip("\n").splitlines()[-1]
    flood.set_policy("leeds", *in_force(flood).text.splitlines()[1:], YORK)
    assert first in in_force(flood).text
    status, said, form = checked(flood, "york/pat", f"{PLATFORM}/edit", (last, f"{last}\r\n{ceiling}denies,x\r\n"))
    assert status == 422
    assert "Line 8:" in said
    status, said, form = checked(flood, "york/pat", f"{PLATFORM}/edit", (last, f"{last}\r\n{ceiling}"))
    assert (status, "It takes 3 documents from 2 people in 1 organisation." in said) == (200, True), said
    assert pat.post(f"{PLATFORM}/edit", data=form | {"do": "adopt"}).location == PLATFORM
    assert "York is out of this" in pat.get(PLATFORM).text
    status, said, _ = checked(flood, "york/pat", f"{PLATFORM}/edit", ("allow,group:platform", "# allow,group:platform"))
    assert (status, "you could not administer the hub any more" in said) == (422, True)


def test_an_older_text_is_compared_and_brought_back(flood: SignInWorld) -> None:
    """D-PO 71: by the same editor, with the same look at who gains and loses; itself a version."""
    flood.set_policy("leeds", *in_force(flood).text.splitlines()[1:], YORK)
    sam = flood.client("leeds/sam")
    listed = sam.get("/admin/leeds/policy/versions").text
    assert listed.count("In force") == 1
    assert "Version 2" in listed
    shown = sam.get("/admin/leeds/policy/versions/1").text
    assert "Joint flood plan" in shown.split("What has changed since")[1].split("The text")[0]
    assert "Bring this version back" not in sam.get("/admin/leeds/policy/versions/2").text
    assert sam.get("/admin/leeds/policy/versions/3").status_code == 404
    assert sam.get("/admin/leeds/policy/edit?version=9").status_code == 404
    answer = sam.get("/admin/leeds/policy/edit?version=1")
    assert "It takes 3 documents from staff of York City Council." in answer.text
    assert sam.post(EDIT, data=form_of(answer) | {"do": "adopt"}).status_code == 303
    assert YORK not in in_force(flood).text
    assert "Version 3" in sam.get("/admin/leeds/policy/versions").text


def test_each_page_of_policy_takes_few_queries(flood: SignInWorld, database: Database) -> None:
    """At most 15, with a look at the whole hub included."""
    pat = flood.client("york/pat")
    for number in range(60):
        flood.set_policy("leeds", *in_force(flood).text.splitlines()[1:], f"# {number}")
    pat.get(PLATFORM)
    form = form_of(pat.get(f"{PLATFORM}/edit"))
    form["text"] += "deny,org:york,read,leeds,any,any,-,No\r\n"
    for base in (PLATFORM, "/admin/leeds/policy"):
        for page in (*PAGES, "check"):
            said: list[str] = []

            def note(*call: object, said: list[str] = said) -> None:
                said.append(str(call[2]))

            event.listen(database.engine, "before_cursor_execute", note)
            if page == "check":
                answer = pat.post(f"{base}/edit", data=form | {"do": "check"})
            else:
                answer = pat.get(f"{base}{page}")
            event.remove(database.engine, "before_cursor_execute", note)
            assert answer.status_code in {200, 422}, page
            assert len([each for each in said if each.startswith("SELECT")]) <= 15, (
                base,
                page,
                [each[:90].replace(chr(10), " ") for each in said],
            )
