"""What is not there and what is hidden look the same, on every route, whoever asks (D-AZ 16, L25, L26)."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from federation.errors import NotYet
from hub.access.guard import OPEN
from hub.access.models import Person, Place
from hub.features.asking.reaching import reach_round
from hub.features.asking.service import NewRequest, ask
from hub.features.documents.service import Announced, begin_upload
from hub.features.imports.archive import Entry
from hub.features.imports.bringing import begin
from hub.features.sharing.models import LineWish
from hub.features.signin.arrivals import Claims, note_arrival
from hub.features.signin.models import Arrival
from hub.features.signin.service import NewIssuer, add_issuer
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.keeping.holding import hold
from hub.keeping.proposals import NewProposal, propose
from hub.mail.service import Letter, post
from hub.nouns.people.feeds import NewFeed, make_feed
from hub.nouns.people.invitations import NewInvitation, invite
from hub.nouns.talk.models import PostReport
from hub.web.kept import SentForm
from tests.hub.once import Begin
from tests.hub.world import World

ABSENT = "zzzzzzzzzzzz"
LOOKERS = {
    "a stranger": "",
    "a member of the organisation": "leeds/ann",
    "a member of another": "york/bo",
    "a guest": "acme/gus",
}


def the_town(world: World) -> None:
    """Leeds with a confidential space that only Zed belongs to."""
    for slug in ("leeds", "york", "acme"):
        world.add_organisation(
            slug,
            f"allow,all-staff,read,{slug},only PUBLIC,published,-,Open to the sector",
            f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work",
        )
    for handle in ("leeds/ann", "leeds/zed", "york/bo"):
        world.add_person(handle)
    world.add_person("acme/gus", kind="guest")
    world.set_status("leeds/zed", "suspended")
    world.add_space("leeds/reorganisation", "confidential")
    world.add_folder("leeds/reorganisation/plans")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False  # so that what is sent reaches the views
    return world


def hidden_things(world: World) -> dict[str, tuple[str, str]]:
    """For each kind of address part: a value that exists and is hidden, and one that does not exist."""
    document = world.add_document(
        "leeds/reorganisation", "Merger", "The code word is CANARY.", marking="OFFICIAL-SENSITIVE"
    )
    with world.work() as uow:
        place = uow.session.query(Place).filter_by(path="leeds/reorganisation").one()
        place_id = place.id
    asked = ask_for(world, "york/bo", "leeds/reorganisation/plans")
    letter = letter_to(world, "leeds/ann")
    return {
        "arrival_id": (arrival_at(world, "leeds/zed"), ABSENT),
        "request_id": (asked, ABSENT),
        "invitation_id": (invitation_of(world, place_id, "leeds/zed"), ABSENT),
        "letter_id": (letter, ABSENT),
        "import_id": (import_of(world, place_id, "leeds/zed"), ABSENT),
        "upload_id": (upload_of(world, place_id, "leeds/zed"), ABSENT),
        "feed_id": (feed_of(world, place_id, "leeds/zed"), ABSENT),
        "proposal_id": (proposal_of(world, "leeds/zed"), ABSENT),
        "form_id": (form_of(world, "leeds/zed"), ABSENT),
        "wish_id": (wish_about(world, place_id, "york/bo"), ABSENT),
        "report_id": (report_of(world, "leeds/zed"), ABSENT),
        "document_id": (document.removeprefix("doc:"), ABSENT),
        "own": (document.removeprefix("doc:"), ABSENT),
        "own of thread": (thread_in(world), ABSENT),
        "thread_id": (thread_in(world), ABSENT),
        "prefix": ("doc", "doc"),
        "place_id": (place_id, ABSENT),
        "path": ("leeds/reorganisation/plans", "leeds/reorganisation/nothing"),
        "name": ("zed", "zoe"),
        "organisation": ("leeds", "leeds"),
        "number": ("1", "1"),
        "step": ("withdraw", "withdraw"),
        "which": ("next", "next"),
        "word": ("accepted", "accepted"),
        "act": ("move", "move"),
        "group": ("editors", "nothing"),
        "service": ("housing", "nothing"),
    }


def arrival_at(world: World, handle: str) -> str:
    """Somebody came by a link that was made for Zed; the arrival's id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        new = NewIssuer(f"https://{new_id()}.example", "hub", "a secret")
        issuer = add_issuer(uow, world.parts, uow.session.get_one(Place, zed.organisation_id), new)
        why = NotYet("other_person", person_id=zed.id, pending_id=None, decider=zed.organisation_id)
        note_arrival(uow, issuer, "gil", Claims("CANARY", "gil@leeds.example", verified=True), why)
        uow.session.flush()
        return uow.session.scalars(select(Arrival.id)).first() or ""


def ask_for(world: World, handle: str, sought: str) -> str:
    """Somebody has asked for a thing, and the worker has found out what it is; the request's id."""
    with world.work() as uow:
        person = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        request = ask(uow, person.id, NewRequest(sought, sought, "For a test"))
        found = request.id
    reach_round(world.parts)
    return found


def invitation_of(world: World, place_id: str, handle: str) -> str:
    """That Zed invites somebody to the hidden space; its id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        place = uow.session.get_one(Place, place_id)
        return invite(uow, place, zed, NewInvitation("bo@york.example", "reader", None, "CANARY")).id


def import_of(world: World, place_id: str, handle: str) -> str:
    """That Zed brings a folder into the hidden space; its id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        place, viewer = uow.session.get_one(Place, place_id), world.parts.viewer(uow.session, zed)
        entries = [Entry(0, "CANARY.txt", 5, 0)]
        return begin(uow, viewer, place, name="CANARY.zip", marking="OFFICIAL", parcel="", entries=entries).id


def upload_of(world: World, place_id: str, handle: str) -> str:
    """That Zed sends a large file to the hidden space, in parts; its id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        return begin_upload(uow, zed.id, place_id, Announced("CANARY.pdf", 9_000_000), limit=10_000_000).id


def feed_of(world: World, place_id: str, handle: str) -> str:
    """That Zed follows the hidden space in a feed reader; the feed's id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        return make_feed(uow, zed, NewFeed("space", place_id, "CANARY"))[0].id


def proposal_of(world: World, handle: str) -> str:
    """That Zed proposes an administrator of Leeds; its id."""
    with world.work() as uow:
        place = uow.session.query(Place).filter_by(path="leeds").one()
        new = NewProposal("administrator", place.id, "person:leeds/ann", "CANARY")
        return propose(replace(uow, actor=handle), new).id


def form_of(world: World, handle: str) -> str:
    """That Zed sent a form and has yet to sign in again for it; its id."""
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        return hold(uow, world.parts, zed.id, SentForm("/admin/leeds/groups", "token", [("name", "CANARY")], []))


def wish_about(world: World, place_id: str, handle: str) -> str:
    """That somebody wants to delete a place that a line of Leeds' file names; its id."""
    with world.work() as uow:
        asker = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        wish = LineWish(id=new_id(), file="organisations/leeds.csv", node=place_id, asker_id=asker.id, asked_at=uow.now)
        uow.session.add(wish)
        return wish.id


def letter_to(world: World, handle: str) -> str:
    """A letter to somebody; its id."""
    with world.work() as uow:
        person = uow.session.query(Person).filter_by(handle=handle).one()
        person.email = "ann@leeds.example"
        return post(uow, Letter(to=person, subject="CANARY", lines=("CANARY",)))


def addresses(world: World, rule: Rule, things: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The route's address for the hidden thing and for the absent one; None where it names no thing."""
    names = [n for n in rule.arguments if n != "digest"]
    if not names or rule.endpoint in OPEN:
        return None
    unknown = set(names) - set(things)
    assert not unknown, f"{rule.rule}: say in this test what a hidden {unknown} is"
    with world.app.test_request_context():
        from flask import url_for

        kind = (rule.defaults or {}).get("prefix", "thread" if rule.rule.startswith("/threads/") else "doc")
        given = {**things, "prefix": (kind, kind), "own": things.get(f"own of {kind}", things["own"])}
        made = [url_for(rule.endpoint, **{n: given[n][i] for n in names}) for i in (0, 1)]
    return made[0], made[1]


def thread_in(world: World) -> str:
    """That somebody asks something in the hidden space, and Zed answers; its id."""
    node = world.add_thread("leeds/reorganisation", "CANARY", "leeds/zed", "CANARY")
    world.post(node, "leeds/zed", "CANARY")
    return node.removeprefix("thread:")


def report_of(world: World, handle: str) -> str:
    """That Zed reports a comment on a document in the hidden space; its id."""
    document = world.add_document("leeds/reorganisation", "CANARY")
    world.post(document, "york/bo", "CANARY")
    with world.work() as uow:
        zed = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        row = PostReport(id=new_id(), node=document, number=1, reporter_id=zed.id, why="abuse", revision=1, at=uow.now)
        uow.session.add(row)
        return row.id


def told(response: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that an answer says, but for the address that was asked for and a fresh session cookie."""
    headers = [(k, v) for k, v in response.headers if k not in {"Set-Cookie", "Date"}]
    return response.status_code, response.data, sorted(headers)


def differences(world: World, client: FlaskClient, things: dict[str, tuple[str, str]]) -> list[str]:
    """The routes whose two answers differ."""
    found = []
    for rule in world.app.url_map.iter_rules():
        both = addresses(world, rule, things)
        if both is None:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            answers = [client.open(address, method=method) for address in both]
            texts: list[Any] = [told(a) for a in answers]
            for i in (0, 1):  # a stranger is sent to sign in, and back to what they asked for
                status, body, headers = texts[i]
                asked = both[i].replace("/", "%2F")
                texts[i] = (status, body.replace(asked.encode(), b""), [(k, v.replace(asked, "")) for k, v in headers])
                texts[i][2][:] = [(k, v) for k, v in texts[i][2] if k != "Content-Length" or status == 404]
            if texts[0] != texts[1]:
                found.append(f"{method} {rule.rule}")
    return found


@pytest.mark.parametrize("who", LOOKERS)
def test_what_is_hidden_answers_like_what_is_not_there(town: World, who: str) -> None:
    """Byte for byte, on every route and with every method."""
    things = hidden_things(town)
    town.index_all()
    client = town.client(LOOKERS[who])
    assert differences(town, client, things) == []


def test_the_comparison_sees_a_difference(town: World) -> None:
    """Ann may see this document, so its page is not that of one that is not there."""
    things = hidden_things(town)
    town.add_space("leeds/housing")
    open_document = town.add_document("leeds/housing", "Told")
    client = town.client("leeds/ann")
    things["document_id"] = (open_document.removeprefix("doc:"), ABSENT)
    assert "GET /documents/<id:document_id>" in differences(town, client, things)


def test_a_stranger_gets_one_redirect_whatever_the_path(town: World) -> None:
    """Routes that exist and routes that do not say the same."""
    client = town.client()
    for path in ("/", "/documents/nothing", "/places/leeds", "/no/such/route", "/search?q=merger"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")


def test_an_unknown_route_and_a_hidden_document_are_one_page(town: World) -> None:
    """Ann cannot tell a mistyped address from a document that she may not see."""
    things = hidden_things(town)
    client = town.client("leeds/ann")
    hidden = client.get(f"/documents/{things['document_id'][0]}")
    assert told(hidden) == told(client.get("/no/such/route"))
    assert hidden.status_code == 404
