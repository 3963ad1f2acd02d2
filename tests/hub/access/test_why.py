"""Why can I see this? A sentence for everybody, less the names that they may not see; the rule for who manages it."""

import random
import re
from datetime import date

import pytest
from lxml import html
from sqlalchemy import event

from acl.vocabulary import MARKINGS
from hub.access.models import Place
from hub.access.places import rename_place
from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World

FLOOD = "leeds/housing/flood-plan"
LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    f"allow,org:york,read,{FLOOD},up to OFFICIAL,published,2027-03-31,Leeds shares its flood plan with York",
    "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
    "allow,group:leeds/administrators,administer,leeds,any,any,-,Administrators look after the rest",
)


def the_town(world: World) -> None:
    """Leeds, where Hana writes for housing, Lee manages everything and Ada administers; York, and Gus of Acme."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/lee", name="Lee Marsh")
    world.add_person("leeds/ada", "leeds/administrators", name="Ada Brook")
    world.add_person("leeds/ann", name="Ann Lowe")
    world.add_person("york/bo", name="Bo Hall")
    world.add_person("acme/gus", name="Gus Price", kind="guest")
    world.add_space("leeds/housing", "restricted")
    world.add_space("leeds/housing/flood-plan", "restricted")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def why(world: World, who: str, address: str) -> str:
    """What stands under "Why can I see this?", as text."""
    page = world.client(who).get(address)
    assert page.status_code == 200
    (found,) = html.fromstring(page.text).xpath("//details[@class='hub-why']/div")
    return " ".join(found.text_content().split())


def address_of(document: str) -> str:
    return f"/documents/{document.removeprefix('doc:')}"


def test_york_reads_one_sentence_and_no_file(town: World) -> None:
    """Names, the reason and the day in words; nothing of where the rule stands, anywhere in the page."""
    plan = address_of(town.add_document("leeds/housing/flood-plan", "Plan"))
    assert why(town, "york/bo", plan) == (
        "You can read this because Leeds shares its flood plan with York until 31 March 2027. "
        "You can read this, but not edit it, because you were given no more than that."
    )
    page = town.client("york/bo").get(plan).text
    for told in (".csv", "org:york", "2027-03-31", "line 5"):
        assert told not in page
    assert why(town, "york/bo", "/places/leeds/housing/flood-plan").startswith(
        "You can read this because Leeds shares its flood plan"
    )


def test_a_manager_is_led_to_the_rule_and_an_administrator_to_its_line(town: World) -> None:
    """Lee manages the plan and may not open the policy; Ada may, and reads it as staff do."""
    plan = address_of(town.add_document("leeds/housing/flood-plan", "Plan"))
    lee = why(town, "leeds/lee", plan)
    assert "The rule: organisations/leeds.csv line 2" in lee
    assert "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on" in lee
    assert "Open it in the policy" not in lee
    ada = town.client("leeds/ada")
    assert "organisations/leeds.csv line 2" in why(town, "leeds/ada", plan)
    (link,) = html.fromstring(ada.get(plan).text).xpath("//details[@class='hub-why']//a/@href")
    assert link == "/admin/leeds/policy#line-2"
    assert 'id="line-2"' in ada.get(link).text
    assert ".csv" not in town.client("leeds/ann").get(plan).text


def test_a_rule_of_the_whole_hub_is_shown_to_who_looks_after_it(town: World) -> None:
    """Ann reads by platform.csv: she is told so much; Pat, who administers the whole hub, is led to the line."""
    town.add_person("leeds/pat")
    town.set_policy("leeds", *LEEDS[1:])
    town.set_policy(
        "platform",
        "allow,all-staff,read,leeds/housing,any,any,-,All may",
        "allow,person:leeds/pat,administer,*,any,any,-,Pat",
    )
    plan = address_of(town.add_document("leeds/housing", "Plan"))
    sentence = "You can read this because the whole hub opens it to the staff of every organisation (All may)."
    assert why(town, "leeds/ann", plan).startswith(sentence)
    assert "platform.csv" not in town.client("leeds/ann").get(plan).text
    assert "The rule: platform.csv line 2" in why(town, "leeds/pat", plan)
    links = html.fromstring(town.client("leeds/pat").get(plan).text).xpath("//details[@class='hub-why']//a/@href")
    assert links == ["/admin/platform/policy#line-2"]
    assert 'id="line-2"' in town.client("leeds/pat").get(links[0]).text


def test_a_members_reason_is_who_added_them_and_a_managers_way_is_the_members_page(town: World) -> None:
    """The giver is named to those who may see them; to York, where Lee's page is hidden, the sentence does without."""
    town.add_space("leeds/case", "private", name="The case")
    plan = address_of(town.add_document("leeds/case", "Plan"))
    with town.work() as uow:
        from hub.nouns.people.service import NewGrant, give

        place = town._place(uow, "leeds/case")
        for who, can in (("person:leeds/ann", "edit"), ("person:york/bo", "read"), ("person:leeds/lee", "manage")):
            new = NewGrant(who, can, place.id, place.organisation_id or "", "leeds/hana", until=date(2026, 12, 31))
            give(uow, new)
        there = place.id
    assert why(town, "leeds/ann", plan) == (
        "You can read this because Hana Iqbal of Leeds City Council made you an editor of The case "
        "until 31 December 2026."
    )
    assert why(town, "york/bo", plan).startswith(
        "You can read this because you were made a reader of The case until 31 December 2026."
    )
    lee = html.fromstring(town.client("leeds/lee").get(plan).text)
    assert lee.xpath("//details[@class='hub-why']//strong/text()") == [
        "A membership, given by Hana Iqbal of Leeds City Council"
    ]
    assert lee.xpath("//details[@class='hub-why']//a/@href") == [f"/members/{there}", f"{plan}/why"]


def test_a_hidden_name_is_in_no_sentence_not_even_through_the_reason(town: World) -> None:
    """The plan lies in a confidential space, and the rule's reason says that space's name (L13)."""
    with town.work() as uow:
        rename_place(uow, town._place(uow, "leeds/housing"), "Project Heron", "")
    line = "allow,org:york,read,leeds/housing/flood-plan,any,any,-,York helps with project Heron there"
    town.set_audience("leeds/housing", "confidential")
    town.set_policy("leeds", *LEEDS[:3], *LEEDS[4:], line)
    plan = address_of(town.add_document("leeds/housing/flood-plan", "Plan"))
    for address in (plan, "/places/leeds/housing/flood-plan"):
        said = why(town, "york/bo", address)
        assert said.startswith("You can read this because it is shared with York City Council.")
        assert "heron" not in town.client("york/bo").get(address).text.lower()


def test_another_organisations_name_is_told_only_to_those_who_may_see_it(town: World) -> None:
    """Bo's own is always his to read; of Leeds, whose page York cannot open, he is told nothing by this."""
    town.set_policy("leeds", *LEEDS[:3], "allow,org:york,read,leeds/housing/flood-plan,any,any,-,Joint work")
    plan = address_of(town.add_document("leeds/housing/flood-plan", "Plan"))
    assert town.client("york/bo").get("/places/leeds").status_code == 404
    assert why(town, "york/bo", plan).startswith(
        "You can read this because it is shared with York City Council (Joint work)."
    )
    town.set_policy("leeds", *LEEDS, "allow,org:york,read,leeds,any,any,-,Joint work")
    said = why(town, "york/bo", "/places/leeds")
    assert said == "You can read this because Leeds City Council shares it with York City Council (Joint work)."


def test_a_rule_that_names_a_hidden_place_is_not_written_out_even_for_a_manager(town: World) -> None:
    """Cy of York manages a folder in a space that is hidden from York: file and line, but not the words."""
    town.add_person("york/cy")
    town.add_space("leeds/secret", "confidential")
    town.add_folder("leeds/secret/plans")
    own = "allow,person:york/cy,manage,leeds/secret/plans,any,any,-,Cy helps"
    town.set_policy("leeds", *LEEDS, own)
    plan = address_of(town.add_document("leeds/secret/plans", "Plan"))
    said = why(town, "york/cy", plan)
    assert "organisations/leeds.csv line 8" in said
    assert "leeds/secret" not in said
    assert own in why(town, "leeds/ada", plan) if town.client("leeds/ada").get(plan).status_code == 200 else True


def test_a_person_and_an_organisation_say_why_too(town: World) -> None:
    sentence = "You can read this because staff read what the council works on and you work at Leeds City Council."
    assert why(town, "leeds/ann", "/people/leeds/hana") == sentence
    assert why(town, "leeds/ann", "/places/leeds") == sentence
    assert "organisations/leeds.csv line 2" in why(town, "leeds/ada", "/people/leeds/hana")


def test_those_who_may_edit_are_not_told_that_they_may_not(town: World) -> None:
    plan = address_of(town.add_document("leeds/housing", "Plan"))
    assert "but not edit" not in why(town, "leeds/hana", plan)
    town.set_policy("leeds", *LEEDS, "allow,org:leeds,edit,leeds,any,any,2026-03-31,A trial")
    assert "because your right to edit it ended on 31 March 2026" in why(town, "leeds/ann", plan)
    town.set_policy("leeds", *LEEDS, "allow,org:leeds,comment,leeds,any,any,-,All may say something")
    assert "You can comment on this, but not edit it" in why(town, "leeds/ann", plan)


def test_pages_ask_no_more_queries_for_it(town: World, database: Database) -> None:
    """A document, a space and a person, for a manager, with a grant, a group and a place to be named: at most 15."""
    town.add_space("leeds/case", "private")
    town.give("group:leeds/housing", "manage", "leeds/case")
    plan = address_of(town.add_document("leeds/case", "Plan"))
    hana = town.client("leeds/hana")
    asked: list[str] = []

    def note(*said: str) -> None:
        asked.extend([said[2]] if said[2] != "BEGIN" else [])

    for address in (plan, "/places/leeds/case", "/people/leeds/hana", f"{plan}/why?find=hana&can=edit"):
        assert hana.get(address).status_code == 200
        event.listen(database.engine, "before_cursor_execute", note)
        hana.get(address)
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(asked) <= 15, (address, asked)
        del asked[:]


def random_town(world: World, rng: random.Random) -> list[str]:
    """Spaces, folders, documents and rules of all kinds; returns the addresses of everything."""
    audiences = ("open", "restricted", "private", "confidential")
    places = ["leeds"]
    for number in range(4):
        above = rng.choice(places)
        places.append(f"{above}/s{number}")
        world.add_space(places[-1], rng.choice(audiences), name=f"Space {number} Heron", marking=rng.choice(MARKINGS))
    who = ("all-staff", "org:leeds", "org:york", "own-organisation", "document-owner", "group:leeds/housing",
           "person:leeds/ann", "guest:acme/gus")  # fmt: skip
    lines = []
    for number in range(12):
        deny = rng.random() < 0.15
        principal = rng.choice((*who, "everyone-but:group:leeds/housing") if deny else who)
        can = rng.choice(("read", "read", "read", "edit", "manage"))
        marking, state = rng.choice(("any", "any", "only PUBLIC")), rng.choice(("any", "published"))
        until, effect = rng.choice(("-", "2026-10-19", "2027-01-01")), "deny" if deny else "allow"
        lines.append(f"{effect},{principal},{can},{rng.choice(places)},{marking},{state},{until},Rule {number}")
    world.set_policy("leeds", *dict.fromkeys(lines))
    for principal in ("person:leeds/ann", "guest:acme/gus", "org:york", "group:leeds/housing"):
        world.give(principal, rng.choice(("read", "edit", "manage")), rng.choice(places[1:]), until=date(2026, 12, 31))
    addresses = [f"/places/{path}" for path in places]
    for number in range(6):
        marking, state = rng.choice(MARKINGS), rng.choice(("published", "published", "draft"))
        owner = rng.choice(("person:leeds/ann", "person:leeds/hana"))
        document = world.add_document(
            rng.choice(places[1:]), f"Paper {number}", marking=marking, state=state, owner=owner
        )
        addresses += [address_of(document), f"{address_of(document)}/revisions/1"]
    return [*addresses, *(f"/people/leeds/{name}" for name in ("ann", "hana", "lee"))]


def thing_at(world: World, viewer, address: str):
    """The thing behind an address."""
    from hub.nouns.documents.models import Document
    from hub.nouns.people.queries import person_by_handle

    kind, _, rest = address[1:].partition("/")
    if kind == "documents":
        return viewer.session.get(Document, rest.partition("/")[0])
    if kind == "people":
        return person_by_handle(viewer.session, rest)
    return viewer.session.query(Place).filter_by(path=rest).one()


RULE = re.compile(r"\.csv|(allow|deny),|iven by|line \d|grants:|audience:|org:|group:|guest:acme|everyone-but")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_in_random_towns_no_rule_shows_to_those_who_do_not_manage(town: World, seed: int) -> None:
    """Every page that anybody reads: the sentence says yes, hidden spaces are not named, rules only where due."""
    addresses = random_town(town, random.Random(seed))
    town.index_all()
    read = 0
    for who in ("leeds/ann", "leeds/hana", "york/bo", "acme/gus"):
        client = town.client(who)
        for address in addresses:
            page = client.get(address)
            with town.viewer(who) as viewer:
                thing = thing_at(town, viewer, address)
                allowed = viewer.decide("read", thing).allowed
                manages = viewer.decide("manage", thing).allowed
                spaces = viewer.session.query(Place).filter_by(kind="space").all()
                hidden = [place.name for place in spaces if not viewer.sees(place)]
            assert page.status_code == (200 if allowed else 404), (who, address)
            if not allowed:
                continue
            read += 1
            text = html.fromstring(page.text).text_content()
            if "/revisions/" not in address:
                assert "You can read this because" in text
            assert not [name for name in hidden if name in page.text], (who, address)
            if not manages:
                assert not RULE.search(page.text.partition("<main")[2]), (who, address, RULE.search(page.text))
                assert client.get(f"{address}/why").status_code == 404
            elif "/documents/" in address and "/revisions/" not in address:
                assert client.get(f"{address}/why").status_code == 200
        for address in ("/", "/organisations", "/search?q=Paper", "/search?q=Heron"):
            assert not RULE.search(client.get(address).text.partition("<main")[2]), (who, address)
    assert read > 10
