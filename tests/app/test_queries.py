"""No page asks the database more than 15 times, however much there is to show, whoever looks.

A new route is held without anyone's doing: its address is made of things that Mo manages, and it is asked for in a
small hub and, the same again, in one with many times as much of everything.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import AnyConverter, Rule

from config.settings import Settings
from hub.access.models import Person, Place, PolicyText
from hub.app import create_app
from hub.audience.sealing import SEEN
from hub.demo.queries import FILE, PLAN_TITLE, SHARED_TITLE, SHARING
from hub.demo.tour import DOCUMENTS
from hub.features.administration.services.opening import open_for_all
from hub.features.asking.reaching import reach_round
from hub.features.asking.service import NewRequest, ask
from hub.features.conduct.terms.service import accept_terms, publish_terms
from hub.features.imports.archive import Entry
from hub.features.imports.bringing import begin
from hub.features.imports.models import BroughtFile
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import Typed, keep
from hub.keeping.proposals import NewProposal, propose
from hub.mail.service import Letter, post
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import NewDocument, add_document
from hub.nouns.people.feeds import NewFeed, make_feed
from hub.nouns.people.invitations import NewInvitation, invite
from hub.nouns.spaces.pins import name_cover, pin
from hub.nouns.spaces.questions import join, what_joining_gives
from hub.nouns.spaces.services import add_service
from hub.nouns.talk.models import Post, PostReport, Talk
from hub.nouns.talk.reading import ask_to_read
from hub.nouns.talk.service import accept, edit_post
from hub.nouns.talk.votes import cast_vote
from hub.nouns.threads.events import When, announce
from hub.nouns.threads.models import Event, Thread
from hub.nouns.threads.offering import set_offered
from hub.nouns.threads.publishing import publish
from hub.nouns.threads.sorts import SORTS, SWITCHES
from tests import some
from tests.hub.demo.stories import the_demo
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import HEADER, UNBOUNDED, World

pytestmark = pytest.mark.long

MOST = 15
LATER = date(2026, 12, 31)
LOOKERS = ("leeds/mo", "leeds/ann", "acme/gus", "")
UNSEEN = {
    "signin.complete": "needs an issuer at the other end",
    "signin.look_at_link": "needs a link of one use",
    "signin.go_on": "needs a form that was sent before its person signed in again",
    "signin.look_at_invitation": "needs a link of one use",
    "signin.type_code": "needs a code that was asked for",
    "admin.issuer_health": "needs an issuer",
    "conduct.ask_why_thing": "is of what somebody else published",
    "documents.download_revision": "sends a file",
    "documents.download": "sends a file",
    "documents.view_file": "sends a file",
    "documents.view_revision_file": "sends a file",
    "browse.take_all": "sends an archive",
    "admin.take_records": "sends an archive",
    "admin.take_guest_evidence": "sends a table",
    "talk.lead": "leads to where a post stands",
    "conduct.ask": "leads on whoever has accepted",
    "people.open_answer": "leads to what answers",
    "people.show_photo": "sends a photograph",
}
"""Routes of which nobody here gets a page."""
OF_EVENTS = ("talk.show_comers", "talk.ask_when_else", "talk.ask_call_off", "talk.download_event")
"""Routes of those conversations alone that take place at a time."""
ASKED = {
    "find.search": ("?q=words", "?q=words&kind=document&sort=newest", "?q=staff"),
    "people.find_people": ("?q=words", "?q=planner&page=2", "?q=words&skill=planning&place=Leeds", "?service=housing"),
    "writing.compare_revisions": ("?old=1&new=2",),
    "sharing.choose": ("?who=org:york",),
    "sharing.shared_with": ("?find=a",),
    "sharing.choose_for_document": ("?who=org:york", "?who=guest:acme/gus"),
    "admin.ask_end_firm": ("?firm=acme",),
    "feeds.begin": ("?search=q%3Dwords", "?person=leeds%2Fann"),
    "talk.list_space_events": ("?past=yes",),
    "people.ask_box": ("?q=How do you keep words on flood?",),
    "admin.records": ("?why=FOI-118", "?why=FOI-118&words=like&earlier=yes"),
    "browse.list_files": ("?sort=-changed", "?sort=owner", "?sort=type&page=2"),
}
"""What else a page may be asked."""
TOUR = ("/demo", *(f"/demo/{step}" for step in range(1, 9)), "/demo/end")
"""The pages that are there in a demo only."""
POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,all-staff,read,leeds,only PUBLIC,published,-,Open to the sector",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,person:leeds/mo,administer,leeds,any,any,-,Mo looks after Leeds",
    "allow,person:leeds/mo,keep-records,leeds,any,any,-,Mo answers requests",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
)
OPEN = "allow,all-staff,read,{},up to OFFICIAL,published,-,Open to the sector"
INVITATION = NewInvitation("somebody@york.example", "reader", None, "To read")
RUNS = "allow,person:leeds/mo,administer,*,any,any,-,Mo runs the hub"


def the_town(world: World) -> None:
    """Leeds, where Mo manages everything and Ann works; a guest of theirs; little in it."""
    world.set_policy("platform", RUNS)
    for slug in ("leeds", "acme", "york"):
        world.add_organisation(slug, *(POLICY if slug == "leeds" else (OPEN.format(slug),)))
    for handle, group in (("leeds/mo", "leeds/editors"), ("leeds/ann", "leeds/editors"), ("york/bo", "york/all")):
        world.add_person(handle, group)
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing", "restricted")
    world.add_folder("leeds/housing/plans")
    grow(world, 1)


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def queries(sqlite_database: Database) -> list[str]:
    """The statements that the database is given."""
    found: list[str] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *a: a[2] != "BEGIN" and found.append(a[2]))
    return found


def proposal_in(world: World) -> str:
    """That Ann proposes an administrator of Leeds; its id."""
    with world.work() as uow:
        place = uow.session.scalars(select(Place).where(Place.path == "leeds")).one()
        new = NewProposal("administrator", place.id, f"person:leeds/{new_id()}", "Let Ann administer Leeds")
        return propose(replace(uow, actor="leeds/ann"), new).id


def grow(world: World, times: int) -> None:
    """So much more of everything that a page may list."""
    for n in range(times):
        tag = f"{len(all_people(world))}-{n}"
        world.add_person(f"leeds/staff-{tag}", "leeds/editors", f"leeds/team-{tag}", job="Planner")
        world.add_person(f"acme/guest-{tag}", kind="guest")
        world.add_organisation(f"town-{tag}", name=f"Town {tag}")
        world.add_space(f"leeds/space-{tag}", ("open", "restricted", "private", "confidential")[n % 4])
        world.add_folder(f"leeds/housing/plans/folder-{tag}")
        world.give(f"person:leeds/staff-{tag}", "read", "leeds/housing")
        world.give(f"guest:acme/guest-{tag}", "read", "leeds/housing/plans", source="guest", until=LATER)
        world.give("guest:acme/gus", "read", f"leeds/space-{tag}", source="guest", until=LATER)
        for state in ("published", "draft", "archived", "withdrawn"):
            owner = f"person:leeds/{'mo' if state == 'draft' else f'staff-{tag}'}"
            world.add_document(
                "leeds/housing/plans",
                f"Words {state} {tag}",
                f"Words on flood. /places/leeds/space-{tag}",
                state=state,
                owner=owner,
            )
        for sort in SORTS:
            node = world.add_thread("leeds/housing", f"How {tag}?", f"leeds/staff-{tag}", sort=sort)
            with world.work() as uow:
                if SORTS[sort].drafted:
                    publish(uow, uow.session.get_one(Thread, node.removeprefix("thread:")))
                ask_to_read(uow, node, person_of(uow, f"leeds/staff-{tag}"), None, world.parts.today)
                cast_vote(uow, node, person_of(uow, f"leeds/staff-{tag}"), "support")
                if sort == "idea":
                    found = uow.session.scalars(select(Thread.id).where(Thread.sort == "campaign"))
                    uow.session.get_one(Thread, node.removeprefix("thread:")).campaign_id = found.first()
            world.post(node, "york/bo")
        coming = event_in(world, f"Event {tag}")
        for about in talked_of(world):
            number = world.post(about, f"leeds/staff-{tag}", f"Like {tag}.")
            with world.work() as uow:
                gus = uow.session.scalars(select(Person).where(Person.handle == "acme/gus")).one()
                uow.session.add(
                    PostReport(
                        id=new_id(), node=about, number=number, reporter_id=gus.id, why="abuse", revision=1, at=uow.now
                    )
                )
            world.post(about, f"leeds/staff-{tag}", f"Like {tag}: /places/leeds/space-{tag} by @leeds/staff-{tag}.")
            world.post(
                about, f"leeds/staff-{tag}", f"Like {tag}: /places/leeds/space-{tag} by /people/leeds/staff-{tag}."
            )
        world.add_document("leeds/housing", f"Sheet {tag}", marking="PUBLIC", owner="person:leeds/mo")
        world.give(f"group:leeds/team-{tag}", "edit", world.add_document(f"leeds/space-{tag}", f"Own {tag}"))
        world.set_policy("leeds", *POLICY, f"allow,group:leeds/team-{tag},edit,leeds/housing,any,any,-,Team {tag}")
        with world.work() as uow:
            asker = uow.session.scalars(select(Person).where(Person.handle == f"leeds/staff-{tag}")).one()
            for node in {coming, first_event(uow)}:
                cast_vote(uow, node, asker, "yes")
            ask(uow, asker.id, NewRequest("leeds/housing", "leeds/housing", f"For {tag}"))
            mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
            mo.email = "mo@leeds.example"
            post(uow, Letter(to=mo, subject=f"Told {tag}", lines=("Something happened.",)))
            if n < 10:  # nobody has very many
                housing = uow.session.scalars(select(Place).where(Place.path == "leeds/housing")).one()
                make_feed(uow, mo, NewFeed("space", housing.id, f"Feed {tag}"))
                make_feed(uow, mo, NewFeed("person", asker.id, f"Person {tag}"))
        reach_round(world.parts)
        take_part(world, tag)
    world.index_all()


def take_part(world: World, tag: str) -> None:
    """That York and another town ask one another about one more service; and in every other, Leeds."""
    with world.work() as uow:
        space, bo = open_for_all(uow, add_service(uow, f"Trams {tag}")), person_of(uow, "york/bo")
        for path in ("york", f"town-{tag}", *(["leeds"] if tag.endswith(("0", "2", "4", "6", "8")) else [])):
            council = world._place(uow, path)
            join(uow, space, council, what_joining_gives(space, council, bo, first=path == "york"))


@pytest.fixture
def toured(begin: Begin, sqlite_database: Database, tmp_path: Path) -> World:
    """The demo, whose tour is not there in another hub."""
    world = begin(the_demo, sqlite_database, demo=True)
    world._app = create_app(Settings(data=tmp_path, url=world.parts.public_url, demo=True, **UNBOUNDED), world.parts)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def grow_demo(world: World) -> None:
    """Many more of everything that the tour shows: results, their owners and places, readers and their reasons."""
    with world.parts.database.reading() as session:
        lines = session.get_one(PolicyText, FILE).text.splitlines()[1:]
        documents = session.scalars(select(Document).where(Document.title.in_((SHARED_TITLE, PLAN_TITLE)))).all()
        tree = world.parts.snapshots.latest(session).tree
    paths = sorted({place.path for d in documents if (place := tree.get(d.place_id))} | {SHARING})
    for n in range(20):
        owner = f"leeds/staff-{n}"
        world.add_person(owner, f"leeds/team-{n}")
        world.add_person(f"york/staff-{n}", f"york/team-{n}")
        world.add_space(f"leeds/space-{n}")
        lines += [f"allow,group:leeds/team-{n},read,{path},any,any,-,Team {n}" for path in paths]
        for document in documents:
            world.give(f"person:york/staff-{n}", "read", f"doc:{document.id}")
        for path in (SHARING, f"leeds/space-{n}"):
            for m in range(4):
                world.add_document(path, f"Flood notice {n}-{m}", "Of a flood.", owner=f"person:{owner}")
    world.set_policy("leeds", *lines)
    world.index_all()


def event_in(world: World, title: str) -> str:
    """Something that Mo announces; its node."""
    at = world.parts.clock.now() + timedelta(days=30)
    with world.work() as uow:
        mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
        when = When(at, at + timedelta(hours=2), "Civic Hall")
        return announce(uow, world._place(uow, "leeds/housing"), mo, title, "Words.", when).node


def first_event(uow: UnitOfWork) -> str:
    """The node of the one that more and more people come to."""
    return f"thread:{uow.session.scalars(select(Event.thread_id).order_by(Event.changed_at, Event.thread_id)).first()}"


def document_of(world: World, title: str) -> str:
    with world.parts.database.reading() as session:
        return f"doc:{session.scalars(select(Document.id).where(Document.title == title)).one()}"


def talked_of(world: World) -> list[str]:
    """The nodes of what people talk about already, but drafts."""
    with world.parts.database.reading() as session:
        drafts = {thread.node for thread in session.scalars(select(Thread).where(Thread.state == "draft"))}
        return [node for node in session.scalars(select(Talk.node)) if node not in drafts]


def all_people(world: World) -> list[str]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Person.id)))


def things(world: World) -> dict[str, str]:
    """A value for each part that an address may have: of things that Mo manages."""
    document = world.add_document("leeds/housing/plans", "Flood plan", "First.", owner="person:leeds/mo", state="draft")
    world.revise(document, "Flood plan", "Second, by /people/york/bo.")
    world.give("guest:acme/gus", "read", document, source="share", until=LATER)
    with world.work() as uow:
        place = uow.session.scalars(select(Place).where(Place.path == "leeds/housing")).one().id
        bo = uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one()
        bo.email = "bo@york.example"
        request = ask(uow, bo.id, NewRequest("leeds/housing", "leeds/housing", "To read")).id
        letter = post(uow, Letter(to=bo, subject="Told", lines=("Something happened.",)))
        mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
        about = document.removeprefix("doc:")
        typed = (Typed(f"/documents/{about}/edit", f"/documents/{about}/edit", "edit", document),)
        for each in (*typed, Typed(f"/settings/{place}", f"/settings/{place}", "manage", place)):
            keep(uow, mo.id, each, {"name": "Not sent yet"})
        set_offered(uow, uow.session.get_one(Place, place), [sort.key for sort in SWITCHES])
        feed, secret = make_feed(uow, mo, NewFeed("space", place, "Mine"))
        feed_id = feed.id
        invitation = invite(uow, uow.session.get_one(Place, place), mo, INVITATION).id
    thread = world.add_thread("leeds/housing", "How do you do that?", "leeds/mo")
    for node in (thread, document):
        for who in ("leeds/mo", "leeds/ann", "leeds/mo"):
            world.post(node, who, "Like /people/york/bo.")
        with world.work() as uow:
            edit_post(uow, uow.session.get_one(Post, (node, 1)), 1, "Otherwise.")
            accept(uow, uow.session.get_one(Post, (node, 2)), "person:leeds/mo")
    linked = "As /people/york/bo says."
    others = {sort: world.add_thread("leeds/housing", f"A {sort}", "leeds/ann", linked, sort=sort) for sort in SORTS}
    with world.work() as uow:
        ask_to_read(uow, others["discussion"], person_of(uow, "leeds/ann"), None, world.parts.today)
        idea = uow.session.get_one(Thread, others["idea"].removeprefix("thread:"))
        idea.campaign_id = others["campaign"].removeprefix("thread:")
    own = world.add_document("leeds/housing", "About", "What it is **for**.", owner="person:leeds/mo")
    with world.work() as uow:
        space = uow.session.get_one(Place, place)
        pin(uow, space, document, beside=0)
        name_cover(uow, space, own)
    reach_round(world.parts)
    return {
        "empty": world.add_folder("leeds/housing/plans/empty"),
        "document_id": document.removeprefix("doc:"),
        "own": document.removeprefix("doc:"),
        "own of thread": thread.removeprefix("thread:"),
        **{f"a {sort}": node.removeprefix("thread:") for sort, node in others.items()},
        "word": "accepted",
        "prefix": "doc",
        "own of event": event_in(world, "Sensors").removeprefix("thread:"),
        "place_id": place,
        "thread_id": thread.removeprefix("thread:"),
        "request_id": request,
        "invitation_id": invitation,
        "feed_id": feed_id,
        "form_id": letter,
        "proposal_id": proposal_in(world),
        "secret": secret,
        "letter_id": letter,
        "import_id": import_of(world, place),
        "path": "leeds/housing",
        "name": "ann",
        "organisation": "leeds",
        "number": "1",
        "group": "editors",
        "service": "housing",
        "report_id": report_of(world, thread),
        "token": "WyJkYWlseSIsIngiXQ.c2lnbmVk",
    }


def report_of(world: World, node: str) -> str:
    """That a guest reports what Ann said in a conversation, and that Leeds has terms; the report's id."""
    with world.work() as uow:
        gus = uow.session.scalars(select(Person).where(Person.handle == "acme/gus")).one()
        row = PostReport(id=new_id(), node=node, number=3, reporter_id=gus.id, why="abuse", revision=1, at=uow.now)
        uow.session.add(row)
        leeds = uow.session.scalars(select(Place).where(Place.path == "leeds")).one()
        publish_terms(uow, leeds, "Be **polite**.", "", asks=True)
        for person in uow.session.scalars(select(Person).where(Person.organisation_id == leeds.id)):
            accept_terms(uow, person, leeds.id, 1)
        accept_terms(uow, gus, leeds.id, 1)
        return row.id


def person_of(uow: UnitOfWork, handle: str) -> Person:
    """Somebody, by their handle."""
    return uow.session.scalars(select(Person).where(Person.handle == handle)).one()


def import_of(world: World, place_id: str) -> str:
    """What Mo has brought into a space, with a folder; its id."""
    entries = [Entry(0, "Old plans/a.md", 7, 1), Entry(1, "b.md", 7, 2), Entry(2, "Thumbs.db", 1, 3, "a system file")]
    with world.work() as uow:
        mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
        place, viewer = uow.session.get_one(Place, place_id), world.parts.viewer(uow.session, mo)
        found = begin(uow, viewer, place, name="Old.zip", marking="OFFICIAL", parcel="", entries=entries)
        found.ended_at = found.stopped_at = uow.now
        for file in uow.session.scalars(select(BroughtFile).where(BroughtFile.state == "waiting")):
            where = world._place(uow, "leeds/housing/plans") if "/" in file.path else place
            new = NewDocument(file.path, "OFFICIAL", "draft", "person:leeds/mo", body="Words.", id=file.document_id)
            add_document(uow, where, new)
            file.state = "filed"
        return found.id


def addresses(world: World, known: dict[str, str]) -> dict[str, list[str]]:
    """The address of each page, by route, with each step that it may name."""
    found: dict[str, list[str]] = {}
    with world.app.test_request_context():
        for rule in world.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "assets":
                continue
            for made in values(rule, known):
                found.setdefault(rule.endpoint, []).append(url_for(rule.endpoint, **made))
    found["admin.ask_what_goes"] += [f"/admin/leeds/records/post?node=thread:{known['thread_id']}&number=1"]
    for endpoint, questions in ASKED.items():
        found[endpoint] += [found[endpoint][0] + each for each in questions]
    for sort in SORTS:
        found["talk.show"] += [f"/threads/{known[f'a {sort}']}", f"/threads/{known[f'a {sort}']}/who-has-read"]
        found["talk.begin"] += [f"/talk/{known['place_id']}/new?kind={sort}"]
    found["talk.list_talk"] += [f"/talk/{known['place_id']}?show={sort.word}" for sort in SORTS.values()]
    found["talk.ask_reason"] = [f"/threads/{known['a idea']}/stage/accepted"]
    found["talk.ask_last_day"] = [f"/threads/{known['a campaign']}/last-day"]
    found["talk.ask_when"] = [f"/threads/{known['a news']}/publish"]
    found["sharing.ask_delete"] += [f"/delete/{known['empty']}"]
    return found


def values(rule: Rule, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """The parts of a route's address: one choice, or one for each step that it may name."""
    names: set[str] = set(rule.arguments) - set(rule.defaults or {}) - {"issuer_id"}
    if "issuer_id" in rule.arguments:
        return
    converters: dict[str, Any] = rule._converters  # the only way to the words of any(…)
    steps = [n for n in names if isinstance(converters[n], AnyConverter)]
    unknown = names - set(known) - set(steps)
    assert not unknown, f"{rule.rule}: say in this test what a value for {unknown} is"
    kind = (rule.defaults or {}).get("prefix", "thread" if rule.rule.startswith("/threads/") else "doc")
    kind = "event" if rule.endpoint in OF_EVENTS else kind
    known = {**known, "own": known.get(f"own of {kind}", known["own"])}
    fixed = {**(rule.defaults or {}), **{n: known[n] for n in names - set(steps)}}
    words = sorted(converters[steps[0]].items) if steps else [""]
    for word in words:
        yield fixed | ({steps[0]: word} if steps else {})


def counted(world: World, client: FlaskClient, asked: dict[str, list[str]], queries: list[str]) -> dict[str, Any]:
    """How each address answers, and by how many queries, the second time that it is asked for."""
    found = {}
    for all_of_one in asked.values():
        for address in all_of_one:
            client.get(address)  # a process that has loaded its policies and its people
            queries.clear()
            status = client.get(address).status_code
            found[address] = (status, list(queries))
    return found


def test_no_page_asks_the_database_more_often_where_there_is_more_to_show(town: World, queries: list[str]) -> None:
    """Every page of Mo's, Ann's and a guest's: at most 15 queries, and as many in a large hub as in a small one.

    On a person's machine: every fourth page.
    """
    known = things(town)
    asked = addresses(town, known)
    asked = {endpoint: asked[endpoint] for endpoint in some(sorted(asked))}
    town.index_all()
    clients = {who: town.client(who) for who in LOOKERS}
    for client in clients.values():  # home asks each table of what was opened: let there be something of each
        client.get(f"/documents/{known['document_id']}")
        client.get(f"/threads/{known['own of thread']}")
    small = {who: counted(town, client, asked, queries) for who, client in clients.items()}
    grow(town, 30)
    large = {who: counted(town, client, asked, queries) for who, client in clients.items()}
    faults, shown = [], set()
    for who in LOOKERS:
        for endpoint, each in asked.items():
            for address in each:
                (status, few), (later, many) = small[who][address], large[who][address]
                assert status == later, (who, address, status, later)
                if status == 200:
                    shown.add(endpoint)
                if len(many) > MOST or len(many) > len(few):
                    faults.append(f"{who} {endpoint} {address}: {len(few)} queries, {len(many)} with more to show")
    assert not faults, "\n".join(faults)
    assert set(asked) - shown <= set(UNSEEN), sorted(set(asked) - shown)


def test_no_answer_to_a_form_asks_the_database_more_often(town: World, queries: list[str]) -> None:
    """Previews, confirmations and refusals that are pages: at most 15 queries, as many in a large hub as in a small."""
    known = things(town)
    town.index_all()
    mo = town.client("leeds/mo")
    small = {name: sent(mo, *form, queries) for name, form in forms(town, known).items()}
    grow(town, 20)
    large = {name: sent(mo, *form, queries) for name, form in forms(town, known).items()}
    faults = []
    for name, (status, few) in small.items():
        later, many = large[name]
        assert (status, later) == (200, 200), (name, status, later)
        if len(many) > MOST or len(many) > len(few):
            faults.append(f"{name}: {len(few)} queries, {len(many)} with more to show")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["", "leeds/priya-sharma"])
def test_no_step_of_the_tour_asks_the_database_more_often_however_many_look(
    who: str, toured: World, queries: list[str]
) -> None:
    """At most 15 queries, as it is, after each of its acts, and in a demo with much more in it."""
    client = toured.client(who)
    asked = {"tour": [*TOUR, *(f"/demo/7?document={name}" for name in DOCUMENTS), "/demo/1?q=nobody+wrote+this"]}
    seen = {"as it is": counted(toured, client, asked, queries)}
    grow_demo(toured)
    seen["with more to show"] = counted(toured, client, asked, queries)
    rota = document_of(toured, SHARED_TITLE)
    toured.give("org:york", "read", rota, source="share", until=LATER)
    toured.give("guest:acme/maria-lopez", "read", rota, source="share", until=LATER)
    seen["with reasons of their own"] = counted(toured, client, asked, queries)
    for act, path in (("share", "/demo/6"), ("", "/demo/4")):
        assert client.post(path, data={"act": act}).status_code == 303
        seen[f"after {path}"] = counted(toured, client, asked, queries)
    assert {status for found in seen.values() for status, _ in found.values()} == {200}
    faults = [
        f"{when} {address}: {len(many)} queries"
        for when, found in seen.items()
        for address, (_, many) in found.items()
        if len(many) > MOST
    ]
    assert not faults, "\n".join(faults)


def forms(world: World, known: dict[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """What Mo sends that is answered by a page: address and fields."""
    document, place = f"/documents/{known['document_id']}", known["place_id"]
    lines = (*POLICY, "allow,org:york,read,leeds,up to OFFICIAL,published,-,York too")
    text = HEADER + "".join(f"{line}\n" for line in lines)
    with world.parts.database.reading() as session:
        digest = session.get_one(PolicyText, "organisations/leeds.csv").digest
    return {
        "a preview": (f"{document}/edit", {"name": "Plan", "body": "Third *words*.", "based_on": "2", "do": "preview"}),
        "a space is opened": (f"/settings/{place}", {"name": "Housing", "audience": "open"}),
        "a member is added": (
            f"/members/{place}/add", {"who": "org:york", "role": "reader", "reason": "Joint", "until": "2027-03-31"}
        ),
        "a document is shared": (
            f"/share/document/{known['document_id']}/add", {"who": "org:york", "role": "editor", "reason": "Joint"}
        ),
        "a policy is tried": ("/admin/leeds/policy/edit", {"text": text, "replacing": digest, "do": "check"}),
    }  # fmt: skip


def sent(client: FlaskClient, address: str, fields: dict[str, str], queries: list[str]) -> tuple[int, list[str]]:
    """The answer's status, and the queries that it took the second time."""
    seen = Sheet(client.post(address, data=fields), address).fields.get(SEEN, "")
    queries.clear()
    return client.post(address, data=fields | {SEEN: seen}).status_code, list(queries)
