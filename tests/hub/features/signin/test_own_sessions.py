"""Ann sees where she is signed in, ends what she does not know, and her council says how long a session lasts."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.access.login import Begun, begin_session
from hub.access.models import Person, Place, SignedInSession
from hub.access.sessions import Wanted, set_limits
from hub.features.signin.browsers import UNKNOWN, browser_in_words
from hub.ground.db import Database
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World
from tests.peers.mint import DELETE

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def the_council(world: World) -> None:
    """Leeds, where Ann works and Sam administers; York, where Yara works."""
    for slug in ("leeds", "york"):
        world.add_organisation(
            slug,
            f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work",
            f"allow,group:{slug}/administrators,administer,{slug},any,any,-,They look after it",
        )
    world.add_person("leeds/ann", name="Ann Lee")
    world.add_person("leeds/sam", "leeds/administrators")
    world.add_person("york/yara")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    """That council, on each database."""
    world = begin(the_council, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def is_in(browser: FlaskClient) -> bool:
    """Whether somebody is signed in."""
    return browser.get("/organisations").status_code == 200


def limit(town: World, slug: str = "leeds", **wanted: int) -> None:
    """An organisation's own limits."""
    with town.work() as uow:
        place = uow.session.scalars(select(Place).where(Place.path == slug)).one()
        set_limits(uow, town.parts, place, Wanted(**wanted))


def elsewhere(town: World, handle: str, **known: str) -> FlaskClient:
    """Somebody signs in with another browser."""
    browser = town.app.test_client()
    with town.work() as uow:
        session = begin_session(uow, town.parts, town._person(uow, handle), Begun(None, **known))
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = session, True
    return browser


def test_ann_sees_where_she_is_signed_in_and_nobody_elses_sessions(town: World) -> None:
    ann = town.client("leeds/ann")
    town.parts.clock.move(hours=1, minutes=-10)
    elsewhere(town, "leeds/ann", browser=browser_in_words(FIREFOX), address="192.0.2.7")
    elsewhere(town, "york/yara", browser="Opera", address="198.51.100.9")
    page = ann.get("/me/sessions").text
    assert "Firefox on Windows" in page
    assert "from 192.0.2.7" in page
    assert "This one" in page
    assert "198.51.100.9" not in page
    assert 'href="/me/sessions"' in ann.get("/").text


def test_ann_ends_a_session_that_she_does_not_know_and_it_is_worth_nothing_from_then_on(town: World) -> None:
    """D-WEB 49: the copied cookie is worth nothing with the next request; the other's own session is another thing."""
    ann, thief, yara = town.client("leeds/ann"), elsewhere(town, "leeds/ann"), town.client("york/yara")
    Sheet(ann.get("/me/sessions"), "/me/sessions/end").send(ann)
    assert (is_in(ann), is_in(thief), is_in(yara)) == (True, False, True)
    with town.parts.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.actor == "leeds/ann")).all()
    assert "person:end-sessions" in acts


def test_nobody_ends_somebody_elses_session(town: World) -> None:
    """Yara has learned by what Ann's session is known."""
    ann, yara = town.client("leeds/ann"), town.client("york/yara")
    with town.parts.database.reading() as session:
        rows = session.scalars(select(SignedInSession)).all()
        anns = session.scalars(select(Person.id).where(Person.handle == "leeds/ann")).one()
        mark = next(row.handle_hash for row in rows if row.person_id == anns)
    answer = yara.post("/me/sessions/end", data={"session": mark})
    told = yara.post("/me/sessions/end", data={"session": "f" * 64})
    assert (answer.status_code, answer.location) == (told.status_code, told.location)
    assert is_in(ann)


def test_ann_signs_out_everywhere_else_with_one_button(town: World) -> None:
    ann, others = town.client("leeds/ann"), [elsewhere(town, "leeds/ann") for _ in range(3)]
    Sheet(ann.get("/me/sessions"), "/me/sessions/end-others").send(ann)
    page = ann.get("/me/sessions").text
    assert "3 other sessions are ended" in page
    assert [is_in(other) for other in others] == [False] * 3
    assert "Sign out everywhere else" not in page
    assert is_in(ann)


def test_whoever_has_as_many_sessions_as_they_may_loses_the_oldest(town: World) -> None:
    """Not the one that begins, and nobody else's; it is in the audit."""
    limit(town, at_once=2)
    yara = town.client("york/yara")
    browsers = []
    for _ in range(3):
        town.parts.clock.move(minutes=1)
        browsers.append(town.client("leeds/ann"))
    assert [is_in(browser) for browser in browsers] == [False, True, True]
    assert is_in(yara)
    with town.parts.database.reading() as session:
        assert session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "session:too-many")).all() == ["1"]


def test_the_hubs_own_limit_of_sessions_holds_where_a_council_has_none(town: World) -> None:
    oldest = town.client("leeds/ann")
    for _ in range(town.parts.sessions_at_once - 1):
        town.parts.clock.move(seconds=1)
        town.client("leeds/ann")
    assert is_in(oldest)
    town.client("leeds/ann")
    assert not is_in(oldest)


def test_a_session_of_leeds_ends_after_as_long_as_leeds_says_to_the_second(town: World) -> None:
    """D-WEB 51: idle and absolute limits, each of its own council."""
    limit(town, idle_minutes=10, hours=2)
    ann, yara = town.client("leeds/ann"), town.client("york/yara")
    town.parts.clock.move(minutes=9, seconds=59)
    assert is_in(ann)
    town.parts.clock.move(minutes=9, seconds=59)
    assert is_in(ann), "it was in use"
    town.parts.clock.move(minutes=10)
    assert not is_in(ann)
    assert is_in(yara)
    ann = town.client("leeds/ann")
    for _ in range(23):
        town.parts.clock.move(minutes=5)
        assert is_in(ann)
    town.parts.clock.move(minutes=5)
    assert not is_in(ann), "two hours after it began"


def test_a_closer_limit_binds_sessions_that_are_open_already(town: World) -> None:
    """Tightening is never late: the next request of each knows."""
    ann = town.client("leeds/ann")
    for _ in range(8):
        town.parts.clock.move(minutes=20)
        assert is_in(ann)
    limit(town, hours=2)
    assert not is_in(ann)


def test_sam_sets_the_limits_of_leeds_and_reads_what_is_wrong_with_them(town: World) -> None:
    sam = town.client("leeds/sam")
    for field, typed in (("idle_minutes", "4"), ("idle_minutes", "61"), ("hours", "13"), ("at_once", "0")):
        answer = sam.post("/admin/leeds/sessions", data={field: typed})
        assert answer.status_code == 422, (field, typed)
        assert "Enter a" in answer.text
    assert sam.post("/admin/leeds/sessions", data={"hours": "soon"}).status_code == 422
    saved = sam.post("/admin/leeds/sessions", data={"idle_minutes": "30", "hours": "", "at_once": "3"})
    assert saved.status_code == 303
    page = Sheet(sam.get("/admin/leeds/sessions"), "/admin/leeds/sessions")
    assert (page.fields["idle_minutes"], page.fields["hours"], page.fields["at_once"]) == ("30", "", "3")
    assert "not used for 30 minutes" in town.client("leeds/ann").get("/me/sessions").text


def test_who_does_not_administer_leeds_finds_no_limits_there(town: World) -> None:
    for who in ("leeds/ann", "york/yara"):
        browser = town.client(who)
        assert browser.get("/admin/leeds/sessions").status_code == 404
        assert browser.post("/admin/leeds/sessions", data={"hours": "1"}).status_code == 404


def test_no_council_widens_what_the_hub_allows(town: World) -> None:
    with pytest.raises(Invalid):
        limit(town, hours=town.parts.session_hours + 1)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on a Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("curl/8.5 (Linux)", "A browser on Linux"),
        ("<script>alert(1)</script>", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_is_told_in_words_and_never_as_it_calls_itself(header: str, words: str) -> None:
    assert browser_in_words(header) == words


def test_what_an_issuer_says_of_the_proof_is_kept_with_the_session(leeds: SignInWorld, hostile) -> None:
    """An issuer that tells `auth_time`: so long ago it was; one that does not: nobody knows."""
    for told, ago in ((None, None), (300, 300)):
        moment = int(leeds.parts.clock.now().timestamp()) - (told or 0)
        hostile.behaviour.claims = {"auth_time": DELETE if told is None else moment}
        leeds.browser().sign_in("leeds")
        with leeds.parts.database.reading() as session:
            row = session.scalars(select(SignedInSession).order_by(SignedInSession.created_at.desc())).first()
        assert (row.proved_at is None) == (ago is None)
        if row.proved_at is not None:
            assert abs((row.created_at - row.proved_at).total_seconds() - ago) <= 1
        leeds.parts.clock.move(seconds=1)
