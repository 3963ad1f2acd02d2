"""Who could see something on an earlier day: what the gate said then, as far as history tells."""

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import select, update

from hub.access.models import Grant, Person, Place
from hub.access.past import Then, stood
from hub.access.places import bump_generation, move_place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import sight_of
from hub.ground.clock import day_of
from hub.nouns.documents.models import Document
from hub.nouns.people.service import give_again
from hub.things.models import Past
from tests.hub.features.sharing.conftest import lede, place_id
from tests.hub.world import START, World

DAY = START.date()
LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
)


def ask(town: World, handle: str, document: str, day: date | str, *, place: bool = False) -> str:
    """The page of who could see it."""
    kind = "place" if place else "document"
    answer = town.client(handle).get(f"/audience/{kind}/{document.removeprefix('doc:')}?day={day}")
    assert answer.status_code in {200, 422}
    return str(html.fromstring(answer.text).xpath("string(//main)"))


def test_mo_is_asked_who_could_see_the_plan_last_week(town: World) -> None:
    """On Tuesday York's Bo read it by a share, on Wednesday only Housing, on Thursday it was marked."""
    document, clock = town.add_document("leeds/housing", "Plan", owner="person:leeds/mo"), town.parts.clock
    share = town.give("person:york/bo", "read", document, source="share")
    clock.move(days=1)
    town.take_back(share)
    clock.move(days=1)
    town.mark(document, "OFFICIAL-SENSITIVE")
    clock.move(days=3)
    tuesday, wednesday, thursday = (ask(town, "leeds/mo", document, DAY + timedelta(days=n)) for n in range(3))
    assert "Bo" in tuesday
    assert "At the end of 20 October 2026: published, OFFICIAL" in tuesday
    assert "could see it." in tuesday
    assert "Bo" not in wednesday
    assert "published, OFFICIAL" in wednesday
    assert "At the end of 22 October 2026: published, OFFICIAL-SENSITIVE" in thursday
    assert "It was not here at the end of 19 October 2026." in ask(town, "leeds/mo", document, DAY - timedelta(days=1))
    assert "As it is now: published, OFFICIAL-SENSITIVE" in ask(town, "leeds/mo", document, "")


def test_a_day_before_history_began_has_no_answer(town: World) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/mo")
    with town.work() as uow:
        uow.session.execute(update(Past).values(found=True))
    said = "History begins on 20 October 2026, so nobody can tell who could see it at the end of 3 March 2026."
    assert said in ask(town, "leeds/mo", document, "2026-03-03")
    assert said in ask(town, "leeds/mo", place_id(town, "leeds/housing"), "3 March 2026", place=True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tomorrow", "Enter a day such as 31/03/2027"),
        ("2026-10-21", "Choose a day that has been"),
        ("31/02/2026", "There is no such day"),
    ],
)
def test_what_is_no_day_that_has_been_is_said_beside_the_field(town: World, typed: str, said: str) -> None:
    document = town.add_document("leeds/housing", "Plan", owner="person:leeds/mo")
    page = ask(town, "leeds/mo", document, typed)
    assert said in page
    assert "As it is now" in page


def test_who_could_see_a_space_before_it_was_closed(town: World) -> None:
    town.add_space("leeds/parks", name="Parks")
    town.give("person:leeds/mo", "manage", "leeds/parks")
    clock = town.parts.clock
    clock.move(days=1)
    town.set_audience("leeds/parks", "private")
    clock.move(days=1)
    parks = place_id(town, "leeds/parks")
    at = [f"/audience/place/{parks}?day={DAY + timedelta(days=number)}" for number in range(2)]
    then, closed = (town.client("leeds/mo").get(address) for address in at)
    assert "At the end of 20 October 2026: what was published in it, marked OFFICIAL" in then.text
    assert (
        lede(then)
        == "4 people in 1 organisation, staff of Acme City Council and staff of York City Council could see it."
    )
    assert lede(closed) == "1 person in 1 organisation could see it."


def test_nothing_is_told_of_a_place_that_mo_does_not_look_after(town: World) -> None:
    """It lay in Legal's space, of whose lines and people Mo knows nothing; Lee looks after both."""
    town.add_space("leeds/advice", "private", name="Legal advice")
    town.give("person:leeds/dee", "manage", "leeds/advice")
    for place in ("leeds/advice", "leeds/housing"):
        town.give("person:leeds/lee", "manage", place)
    document, clock = town.add_document("leeds/advice", "Opinion", owner="person:leeds/dee"), town.parts.clock
    clock.move(days=1)
    town.move(document, "leeds/housing")
    clock.move(days=1)
    page = ask(town, "leeds/mo", document, DAY)
    assert "At the end of 20 October 2026 it lay in a place that you do not look after" in page
    assert "Dee" not in page
    assert "Dee" in ask(town, "leeds/lee", document, DAY)
    with town.work() as uow:
        move_place(uow, town._place(uow, "leeds/advice"), town._place(uow, "leeds/housing"), "advice")
    assert "you do not look after" not in ask(town, "leeds/mo", document, clock.now().date())


def everybody(world: World) -> list[str]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Person.handle).order_by(Person.handle)))


def gate_says(world: World, documents: list[str]) -> dict[str, frozenset[str]]:
    """Who may read each document now, person by person, as each of their requests is judged."""
    found: dict[str, set[str]] = {document: set() for document in documents}
    with world.parts.database.reading() as session:
        people = session.scalars(select(Person)).all()
        blocked = {place.id for place in session.scalars(select(Place)) if place.blocked_at is not None}
        rows = {document: session.get_one(Document, document.removeprefix("doc:")) for document in documents}
        for person in people:
            viewer: Viewer = world.parts.viewer(session, person)
            for document, row in rows.items():
                if person.status == "active" and person.organisation_id not in blocked and viewer.sees(row):
                    found[document].add(person.handle)
    return {document: frozenset(handles) for document, handles in found.items()}


def history_says(world: World, document: str, day: date) -> frozenset[str]:
    """The same of an earlier day."""
    with world.parts.database.reading() as session:
        was = stood(session, document, day)
        assert was is not None
        then = Then(session, day, was.organisation_id)
        grants = then.grants_on(session, {document, *then.latest(session).tree.chain(was.place_id)})
        sight, bit, crowd = sight_of(session, then, day, document, was.place_id, was.owner, grants)
        because = sight.because(document, was.place_id, was.ms, bit)
        people = crowd.directory.ids_of(sum({1 << n for each in because for n in _numbers(each.people)}))
        named = {person.id: person.handle for person in session.scalars(select(Person))}
    return frozenset(named[person] for person in people)


def _numbers(people: int) -> list[int]:
    return [number for number in range(people.bit_length()) if people >> number & 1]


LINES = (
    "allow,group:leeds/legal,edit,leeds/housing,any,any,-,Legal works there",
    "deny,person:york/cy,read,leeds,any,any,-,Not Cy",
    "allow,org:york,read,leeds/open,up to OFFICIAL,published,-,York reads the open space",
    "allow,document-owner,manage,leeds,any,any,-,Owners",
    "allow,all-staff,read,leeds/open/shelf,up to OFFICIAL,published,2026-10-25,For a while",
    "deny,everyone-but:group:leeds/legal,read,leeds/housing,OFFICIAL-SENSITIVE and above,any,-,Legal alone",
)


def change(world: World, chance: random.Random, documents: list[str], given: list[str]) -> None:
    """One thing that people do, drawn."""
    document, where = chance.choice(documents), chance.choice(("leeds/housing", "leeds/open", "leeds/open/shelf"))
    who = chance.choice(("leeds/ann", "leeds/dee", "york/bo", "acme/gus"))
    word = f"{'guest' if who.startswith('acme') else 'person'}:{who}"
    match chance.randrange(11):
        case 0:
            world.mark(document, chance.choice(("PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE")), "published")
        case 1:
            world.mark(document, "OFFICIAL", chance.choice(("draft", "published", "withdrawn")))
        case 2:
            world.move(document, where)
        case 3:
            world.set_audience(chance.choice(("leeds/housing", "leeds/open")), chance.choice(("open", "private")))
        case 4:
            until = day_of(world.parts.clock.now()) + timedelta(days=chance.randrange(4))
            given.append(world.give(word, "read", chance.choice((document, where)), until=until, source="guest"))
        case 5 if given:
            world.take_back(chance.choice(given))
        case 6 if given:
            with world.work() as uow:
                give_again(uow, uow.session.get_one(Grant, chance.choice(given)))
        case 7:
            world.set_status(who, chance.choice(("active", "suspended")))
        case 8:
            world.set_policy("leeds", *LEEDS, *chance.sample(LINES, 3))
        case 9:
            world.add_person(f"leeds/new-{len(everybody(world))}", "leeds/legal")
        case _:
            with world.work() as uow:
                york = world._place(uow, "york")
                york.generation = bump_generation(uow)
                york.blocked_at = None if york.blocked_at else uow.now
                uow.session.execute(update(Person).values(access_epoch=Person.access_epoch + 1))


@pytest.mark.long
def test_what_is_said_of_an_earlier_day_is_what_the_gate_said_on_it(town: World) -> None:
    """Whatever came after: things moved and marked, spaces closed, lines rewritten, people let go and let in again."""
    town.add_space("leeds/open", "open")
    town.add_folder("leeds/open/shelf")
    town.set_policy("leeds", *LEEDS)
    documents = [town.add_document("leeds/open", "Plan", owner=f"person:leeds/{who}") for who in ("ann", "dee")]
    shares: list[str] = []
    seen: set[frozenset[str]] = set()

    @settings(max_examples=8, deadline=None, derandomize=True)
    @given(st.integers(0, 10**6))
    def follow(seed: int) -> None:
        chance, told = random.Random(seed), {}
        for _ in range(5):
            for _ in range(chance.randrange(4)):
                change(town, chance, documents, shares)
            told[day_of(town.parts.clock.now())] = gate_says(town, documents)
            town.parts.clock.move(days=1)
        for day, document in itertools.product(told, documents):
            assert history_says(town, document, day) == told[day][document], (day, document)
            seen.add(told[day][document])

    follow()
    assert len(seen) > 8, "hardly anything changed, so this proves little"
