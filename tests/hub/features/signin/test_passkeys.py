"""Maria adds a passkey in Chromium, whose authenticator is a virtual one, and signs in by it; what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select, update

from hub.features.signin.local.ceremonies import party_of
from hub.features.signin.local.models import Passkey, PasskeyChallenge
from hub.ground.db import Database
from tests.browser import axe_findings, serving, window
from tests.hub.features.signin.browser import now
from tests.hub.features.signin.guests import MARIA, GuestWorld, anew, post, the_firm
from tests.hub.once import Begin
from tests.hub.world import TestClock
from tests.peers.mail_server import MailServer, free_port

pytestmark = pytest.mark.journey


@pytest.fixture
def firm(begin: Begin, sqlite_database: Database, tmp_path: Path) -> Iterator[tuple[GuestWorld, str]]:
    """The hub, that listens at a name of this machine, and its address."""
    worlds: list[GuestWorld] = []

    def late(*call: Any) -> Any:
        """The application: it is made when its address is known."""
        return worlds[0].app(*call)

    server = MailServer(free_port(), tmp_path).start()
    with serving(late) as listening:
        url = listening.replace("127.0.0.1", "localhost")
        world = begin(the_firm, sqlite_database, GuestWorld, clock=TestClock(now()), public_url=url)
        world.use(server)
        worlds.append(world)
        yield world, url
    server.stop()


def authenticator(page: Page, **other: Any) -> tuple[Any, str]:
    """A virtual authenticator that finds its passkeys and knows its owner; the way to talk of it, and its id."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = talk.send("WebAuthn.addVirtualAuthenticator", {"options": options | other})
    return talk, made["authenticatorId"]


def come_in(page: Page, world: GuestWorld, url: str, link: str = "") -> None:
    """Come in by an invitation, the whole way."""
    page.goto(link or world.admit().link)
    page.click("text=Send me the code")
    page.fill("input[name=code]", world.code_to(MARIA))
    page.click("text=Sign in")
    page.wait_for_url(f"{url}/places/leeds/tenders")


def add(page: Page, url: str, name: str = "Work telephone") -> None:
    page.goto(f"{url}/me/passkeys")
    page.fill("input[name=name]", name)
    page.click("button:has-text('Add a passkey')")
    page.wait_for_selector(f"text=“{name}” was added")


def sign_out(page: Page) -> None:
    page.click(".hub-headmenu--person > summary")
    page.click("text=Sign out")
    page.wait_for_url("**/signed-out")


def passkeys(world: GuestWorld) -> list[Passkey]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Passkey)))


def test_maria_adds_a_passkey_signs_in_by_it_and_removes_it(firm: tuple[GuestWorld, str], chromium: Browser) -> None:
    """Each page without a finding of axe; she is told by letter; what is removed signs nobody in."""
    world, url = firm
    with window(chromium, quiet_about=(403, 422)) as page:
        talk, own = authenticator(page)
        come_in(page, world, url)
        page.goto(f"{url}/me/passkeys")
        assert axe_findings(page) == []
        add(page, url)
        assert axe_findings(page) == []
        assert "A passkey was added" in world.letters_to(MARIA)[-1]
        (made,) = passkeys(world)
        assert made.rp_id == "localhost"
        sign_out(page)
        page.goto(f"{url}/sign-in/guest?next=/events")
        assert axe_findings(page) == []
        page.click("text=Sign in with a passkey")
        page.wait_for_url(f"{url}/events")
        assert passkeys(world)[0].sign_count > made.sign_count
        assert passkeys(world)[0].last_used_at is not None
        held = talk.send("WebAuthn.getCredentials", {"authenticatorId": own})["credentials"]
        assert [each["rpId"] for each in held] == ["localhost"]

        page.goto(f"{url}/me/passkeys")
        page.click("button:has-text('Remove')")
        page.wait_for_selector("text=The passkey was removed")
        assert "A passkey was removed" in world.letters_to(MARIA)[-1]
        sign_out(page)
        page.goto(f"{url}/sign-in/guest")
        page.click("text=Sign in with a passkey")
        page.wait_for_selector("text=The passkey could not be checked")
        page.goto(f"{url}/organisations")
        assert "/sign-in" in page.url


def test_a_passkey_is_added_only_within_five_minutes_of_signing_in(
    firm: tuple[GuestWorld, str], chromium: Browser
) -> None:
    """After that a code comes first; the button of a page that was left open says so too."""
    world, url = firm
    with window(chromium, quiet_about=(403, 409, 422)) as page:
        authenticator(page)
        come_in(page, world, url)
        page.goto(f"{url}/me/passkeys")
        world.parts.clock.move(minutes=6)
        page.click("button:has-text('Add a passkey')")
        page.wait_for_selector("text=sign in again first")
        assert passkeys(world) == []
        page.goto(f"{url}/me/passkeys")
        assert page.query_selector("button:has-text('Add a passkey')") is None
        page.click("text=Send me a code")
        page.fill("input[name=code]", world.code_to(MARIA))
        page.click("text=Sign in")
        page.wait_for_url(f"{url}/me/passkeys")
        add(page, url)
        assert len(passkeys(world)) == 1


def test_recovery_ends_passkeys_and_what_was_captured_is_worth_nothing(
    firm: tuple[GuestWorld, str], chromium: Browser
) -> None:
    """An answer sent twice, one to another challenge, and the passkey of before: each refused."""
    world, url = firm
    with window(chromium, quiet_about=(403, 422)) as page:
        authenticator(page)
        come_in(page, world, url)
        add(page, url)
        sign_out(page)
        page.goto(f"{url}/sign-in/guest")
        with page.expect_request(f"{url}/sign-in/guest/passkey") as sent:
            page.click("text=Sign in with a passkey")
        page.wait_for_url(f"{url}/places/leeds/tenders")
        captured = sent.value.post_data_json["passkey"]
        thief = world.app.test_client()
        for begins in (False, True):
            if begins:
                post(thief, "/sign-in/guest/passkey/begin")
            refused = post(thief, "/sign-in/guest/passkey", passkey=captured)
            assert refused.status_code == 422
            assert "could not be checked" in refused.text

        sign_out(page)
        come_in(page, world, url, f"{url}{anew(world, world.guest()).removeprefix(url)}")
        assert passkeys(world) == []
        sign_out(page)
        page.goto(f"{url}/sign-in/guest")
        page.click("text=Sign in with a passkey")
        page.wait_for_selector("text=The passkey could not be checked")


def test_without_script_there_are_codes(firm: tuple[GuestWorld, str], chromium: Browser) -> None:
    world, url = firm
    with window(chromium, java_script_enabled=False) as page:
        come_in(page, world, url)
        page.goto(f"{url}/me/passkeys")
        assert not page.is_visible("button:has-text('Add a passkey')")
        assert page.is_visible("text=switched off here")


def test_a_challenge_is_answered_once_and_only_by_whom_it_was_given_to(firm: tuple[GuestWorld, str]) -> None:
    """Words that are no answer use it up; the hub keeps its hash alone."""
    world, _ = firm
    browser = world.app.test_client()
    for answer in (
        "",
        "{}",
        "[]",
        "null",
        '{"id": 1}',
        "x" * 30_000,
        '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    ):
        given = post(browser, "/sign-in/guest/passkey/begin")
        assert given.json["rpId"] == "localhost"
        assert given.json["userVerification"] == "required"
        assert given.json.get("allowCredentials", []) == []
        with world.parts.database.reading() as session:
            (kept,) = session.scalars(select(PasskeyChallenge)).all()
        assert kept.challenge_hash not in given.text
        refused = post(browser, "/sign-in/guest/passkey", passkey=answer)
        assert refused.status_code == 422, answer
        with world.parts.database.reading() as session:
            assert session.scalars(select(PasskeyChallenge)).all() == [], answer


def test_a_changed_host_of_the_hub_lets_no_passkey_in(firm: tuple[GuestWorld, str], chromium: Browser) -> None:
    """The list says which are of another address; codes go on, and so nobody is shut out."""
    world, url = firm
    with window(chromium, quiet_about=(422,)) as page:
        authenticator(page)
        come_in(page, world, url)
        add(page, url)
        with world.work() as uow:
            uow.session.execute(update(Passkey).values(rp_id="old.example.gov.uk"))
        page.goto(f"{url}/me/passkeys")
        assert page.is_visible("text=Of another address of the hub")
        sign_out(page)
        page.goto(f"{url}/sign-in/guest")
        page.click("text=Sign in with a passkey")
        page.wait_for_selector("text=The passkey could not be checked")
        assert len(passkeys(world)) == 1


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://hub.example.gov.uk", "hub.example.gov.uk"), ("http://localhost:8000", "localhost"),
     ("https://hub.example.gov.uk:8443/", "hub.example.gov.uk"), ("http://127.0.0.1:8000", ""),
     ("https://10.0.0.7", ""), ("https://[2001:db8::1]:8000", ""), ("http://hub.example.gov.uk", "")],
)  # fmt: skip
def test_passkeys_are_of_the_name_of_a_host_by_https(address: str, host: str) -> None:
    found = party_of(address, "The Hub")
    assert (found.rp_id if found else "") == host


def test_at_a_bare_address_none_are_offered(begin: Begin, sqlite_database: Database, tmp_path: Path) -> None:
    world = begin(the_firm, sqlite_database, GuestWorld, clock=TestClock(now()), public_url="http://127.0.0.1:8000")
    page = world.app.test_client().get("/sign-in/guest", base_url="http://127.0.0.1:8000")
    assert page.status_code == 200
    assert "data-passkey" not in page.text
