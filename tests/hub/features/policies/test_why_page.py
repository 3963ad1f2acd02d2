"""Can somebody do this? Asked by who manages the thing; to everybody else the page is not there."""

from datetime import date

import pytest
from lxml import html
from sqlalchemy import event

from hub.access.names import names_for
from hub.access.places import bump_generation
from hub.access.viewer import Viewer
from hub.features.policies.answers import answer_about
from hub.features.policies.queries import person_to_ask_about
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.commandline import hub
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
    "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2026-03-31,York helped until March",
    "deny,everyone-but:group:leeds/legal,read,leeds/legal,any,any,-,Legal advice is privileged",
    "deny,org:york,edit,leeds,any,any,-,Others read only",
    "allow,group:leeds/administrators,administer,leeds,any,any,-,Administrators look after the rest",
)


def the_town(world: World) -> None:
    """Lee manages Leeds; Ann reads, Hana edits; Bo is at York, whose staff show themselves; Gus is Acme's guest."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,all-staff,read,york,any,published,-,York shows its staff to the sector")
    world.add_organisation("acme", kind="supplier")
    for handle, *groups in (
        ("leeds/lee",), ("leeds/ann",), ("leeds/hana", "leeds/housing"), ("leeds/ada", "leeds/administrators"),
        ("leeds/lou", "leeds/legal"), ("york/bo",),
    ):  # fmt: skip
        world.add_person(handle, *groups)
    world.add_person("acme/gus", name="Gus Price", kind="guest")
    world.add_person("acme/zed", name="Zed Price", kind="guest")
    world.add_space("leeds/housing", "restricted")
    world.add_space("leeds/legal", "restricted")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def told(world: World, address: str, who: str = "leeds/lee") -> str:
    """The page's own part as text."""
    answer = world.client(who).get(address)
    assert answer.status_code == 200, address
    (main,) = html.fromstring(answer.text).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def why_of(document: str) -> str:
    return f"/documents/{document.removeprefix('doc:')}/why"


def test_lee_asks_whether_ann_can_read_and_is_told_by_which_line(town: World) -> None:
    """Yes, the sentence, the rule; and how she cannot edit, with what comes nearest."""
    plan = why_of(town.add_document("leeds/housing", "Plan"))
    said = told(town, f"{plan}?find=Ann")
    assert (
        "Yes Ann of Leeds City Council can read this because staff read what the council works on and they work "
        "at Leeds City Council." in said
    )
    assert "organisations/leeds.csv line 2" in said
    assert "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on" in said
    said = told(town, f"{plan}?who=person:leeds/ann&can=edit")
    assert "No Ann of Leeds City Council cannot edit this because no rule, membership or share allows it." in said
    assert "Allows read, which does not include edit. The rule: organisations/leeds.csv line 2" in said
    assert "Would, but it is for the group leeds/housing. The rule: organisations/leeds.csv line 3" in said


def test_what_ended_and_what_is_refused_are_told_apart(town: World) -> None:
    plan = why_of(town.add_document("leeds/housing", "Plan"))
    assert "Would, but it ended on 31 March 2026. The rule: organisations/leeds.csv line 5" in told(
        town, f"{plan}?find=bo"
    )
    advice = why_of(town.add_document("leeds/legal", "Advice"))
    town.set_policy("leeds", *(line for line in LEEDS if "Legal" not in line))
    town.set_policy(
        "leeds", *LEEDS[:4], "deny,group:leeds/housing,read,leeds/legal,any,any,-,Legal advice is privileged"
    )
    said = told(town, f"{advice}?find=hana")
    assert (
        "No Hana of Leeds City Council cannot read this because Legal advice is privileged: a rule of "
        "Leeds City Council keeps out "
        "the group leeds/housing."
    ) in said
    assert "This decided The rule: organisations/leeds.csv line 6" in said
    assert "These match too Lets: staff read what the council works on" in said


def test_every_act_can_be_asked_about_and_a_place_too(town: World) -> None:
    for act, answer in (("read", "Yes"), ("comment", "Yes"), ("edit", "Yes"), ("manage", "No")):
        said = told(town, f"/places/leeds/housing/why?find=hana&can={act}")
        assert f"{answer} Hana of Leeds City Council can" in said, act
    assert "Yes Lee of Leeds City Council can manage this" in told(town, "/places/leeds/why?find=lee&can=manage")
    town.add_folder("leeds/housing/plans")
    said = told(town, "/places/leeds/housing/plans/why?find=ann&can=nonsense")
    assert "Yes Ann of Leeds City Council can read this" in said


def test_only_who_manages_it_finds_the_page(town: World) -> None:
    """Reader, editor, administrator, stranger to it, guest: the same as of what is not there, byte for byte."""
    plan = why_of(town.add_document("leeds/housing", "Plan"))
    for who in ("leeds/ann", "leeds/hana", "leeds/ada", "york/bo", "acme/gus"):
        client = town.client(who)
        absent = client.get("/documents/zzzzzzzzzzzz/why?find=lee")
        assert absent.status_code == 404
        for address in (plan, "/places/leeds/housing/why", "/places/leeds/why", "/places/leeds/nothing/why"):
            found = client.get(f"{address}?find=lee")
            assert (found.status_code, found.data) == (404, absent.data), (who, address)


def test_the_picker_offers_those_whom_one_may_see_and_those_to_whom_it_was_given(town: World) -> None:
    """Guests of Acme are hidden from Lee, until one of them is admitted to what he manages; Zed stays unheard of."""
    plan = why_of(town.add_document("leeds/housing", "Plan"))
    for find in ("find=Price", "who=guest:acme/gus", "who=guest:acme/zed", "find=nobody", "who=person:leeds/nobody"):
        assert "Nobody is found by that name." in told(town, f"{plan}?{find}"), find
    town.give("guest:acme/gus", "read", "leeds/housing", until=date(2026, 12, 31), source="guest")
    said = told(town, f"{plan}?find=Price")
    assert (
        "Yes Gus Price of Acme City Council can read this because they were admitted to Housing until 31 December 2026"
        in said
    )
    assert "Zed" not in said
    many = told(town, f"{plan}?find=a&can=edit")
    assert "Whom do you mean?" in many
    offers = html.fromstring(town.client("leeds/lee").get(f"{plan}?find=a&can=edit").text).xpath(
        "//ul[contains(@class,'hub-offers')]//a/@href"
    )
    assert f"{plan}?who=person%3Aleeds%2Fann&can=edit" in offers
    assert told(town, offers[0])


def test_a_place_that_was_called_why_before_keeps_its_address(town: World) -> None:
    """No new place takes the word; those of before are still found first."""
    town.add_folder("leeds/housing/reasons", name="Why we do it")
    town.add_space("leeds/reasons", "confidential")
    with town.work() as uow:
        for path in ("leeds/housing/reasons", "leeds/reasons"):
            place = town._place(uow, path)
            place.generation = bump_generation(uow)
            place.slug, place.path = "why", path.replace("reasons", "why")
    assert "Why we do it" in told(town, "/places/leeds/housing/why", "leeds/ann")
    assert "Can somebody do this?" in told(town, "/places/leeds/housing/why/why")
    town.set_policy("leeds", *LEEDS, "deny,person:leeds/lee,read,leeds/why,any,any,-,Not his")
    assert "Can somebody do this?" in told(town, "/places/leeds/why"), "a hidden place changes nothing"


def test_the_command_line_the_manager_and_the_reader_are_told_one_sentence(town: World) -> None:
    """One source: of every person and act the page's sentence is the command's; the reader's is it with “You”."""
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/ann")
    town.set_policy("leeds", *LEEDS, "allow,document-owner,manage,leeds,any,any,-,Own work")
    plan, count = why_of(document), 0
    for handle in ("leeds/lee", "leeds/ann", "leeds/hana", "york/bo"):
        for act in ("read", "edit", "manage"):
            said = hub(town.parts, "policy", "explain", handle, act, document, "--json").value["sentence"]
            page = town.client("leeds/lee").get(f"{plan}?who=person:{handle}&can={act}").text
            assert html.fromstring(page).xpath("//p[@class='hub-lede']/text()") == [said]
            count += 1
    own = html.fromstring(town.client("leeds/hana").get(plan.removesuffix("/why")).text)
    (mine,) = own.xpath("//details[@class='hub-why']/div/p[1]/text()")
    theirs = hub(town.parts, "policy", "explain", "leeds/hana", "read", document, "--json").value["sentence"]
    assert theirs.replace("Hana of Leeds City Council", "You").replace("they work", "you work") == mine
    assert count == 12


def test_of_a_suspended_member_it_is_said_that_they_can_do_nothing(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan").removeprefix("doc:")
    town.set_status("leeds/hana", "suspended")
    with town.viewer("leeds/lee") as lee, town.viewer("leeds/hana") as hana:
        thing = lee.session.get_one(Document, document)
        assert person_to_ask_about(lee, (), "person:leeds/hana") is None
        answer = answer_about(town.parts, lee, hana.person, "Leeds City Council", "read", thing)
    assert not answer.allowed
    assert answer.sentence == "Hana of Leeds City Council is suspended, and so can do nothing."


def test_it_takes_the_same_few_queries_however_much_there_is(town: World, database: Database) -> None:
    """At most 15, with an answer, many people of one name, and many grants."""
    plan = why_of(town.add_document("leeds/housing", "Plan"))
    for number in range(30):
        town.add_person(f"leeds/kim-{number}")
        town.give(f"person:leeds/kim-{number}", "read", "leeds/housing")
    client = town.client("leeds/lee")
    for address in (f"{plan}?find=kim", f"{plan}?who=person:leeds/kim-3&can=edit", f"{plan}?find=hana&can=edit"):
        client.get(address)
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", note := lambda *a, asked=asked: asked.append(a[2]))
        assert client.get(address).status_code == 200
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(asked) <= 15, (address, asked)


def test_every_name_is_known_to_the_command_line(town: World) -> None:
    """An operator is told all names; nothing is asked where there is no rule."""
    with town.viewer("leeds/lee") as viewer:
        assert isinstance(viewer, Viewer)
        assert names_for(viewer.session, viewer.snapshot, ()) == {}
