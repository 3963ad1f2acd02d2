"""Maria of Acme, which has no issuer, is invited by Leeds and signs in at the hub itself, by codes to her address."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from re import findall

import pytest
from sqlalchemy import event, select

from hub.access.models import Grant, Hold, Person, SignedInSession
from hub.features.administration.platform.service import block
from hub.features.signin.local.codes import codes_round, tidy_codes
from hub.features.signin.local.models import LocalAccount, LocalInvitation, SignInCode
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.mail.models import SentLetter
from hub.nouns.organisations.models import OrganisationDomain
from tests.hub.features.signin.browser import HUB, now
from tests.hub.features.signin.guests import MARIA, GuestWorld, anew, post, the_firm
from tests.hub.once import Begin
from tests.hub.world import TestClock
from tests.peers.mail_server import MailServer, free_port


@pytest.fixture
def firm(begin: Begin, database: Database, tmp_path: Path) -> Iterator[GuestWorld]:
    world = begin(the_firm, database, GuestWorld, clock=TestClock(now()))
    server = MailServer(free_port(), tmp_path).start()
    world.use(server)
    yield world
    server.stop()


@pytest.fixture
def mute(begin: Begin, sqlite_database: Database) -> GuestWorld:
    """The same hub, that sends no letters."""
    return begin(the_firm, sqlite_database, GuestWorld, clock=TestClock(now()))


def ask_code(world: GuestWorld, address: str, browser=None):
    """A browser in which a code was asked for."""
    browser = browser or world.app.test_client()
    answer = post(browser, "/sign-in/guest/code", email=address)
    return browser, answer


def is_in(browser) -> bool:
    return browser.get("/organisations", base_url=HUB).status_code == 200


def rows(world: GuestWorld, table):
    with world.parts.database.reading() as session:
        return session.scalars(select(table)).all()


def test_maria_comes_in_by_her_link_and_a_code_and_again_by_a_code(firm: GuestWorld) -> None:
    """G-62: the letter has the link; its button sends a code; the one space that she has is where she begins."""
    link = firm.invited()
    (letter,) = firm.letters_to(MARIA)
    assert link in letter
    assert "Leeds City Council invites you" in letter
    browser = firm.app.test_client()
    browser.get(link, base_url=HUB)
    page = browser.get("/sign-in/guest/invitation", base_url=HUB).text
    assert "Maria Lopez" in page
    assert "m…@acme.example" in page
    assert MARIA not in page, "whoever holds the link learns no address"
    assert post(browser, "/sign-in/guest/invitation").location == "/sign-in/guest/code"
    answer = post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA))
    assert answer.location == "/places/leeds/tenders"
    assert "Flood walls of Leeds" in browser.get("/places/leeds/tenders", base_url=HUB).text
    post(browser, "/sign-out")
    assert not is_in(browser)

    again, answer = ask_code(firm, " Maria@ACME.example ")
    assert answer.location == "/sign-in/guest/code"
    assert post(again, "/sign-in/guest/enter", code=firm.code_to(MARIA).replace(" ", "")).status_code == 303
    assert is_in(again)
    acts = [entry.act for entry in rows(firm, AuditEntry) if entry.object.startswith("guest:acme/")]
    assert acts.count("session:start") == 2
    assert acts.count("person:bind") == 1


def test_opening_the_link_changes_nothing_until_a_button_is_pressed(firm: GuestWorld) -> None:
    """Scanners of mail open links, also several times, and follow what they find."""
    link = firm.invited()
    for _ in range(3):
        scanner = firm.app.test_client()
        scanner.get(link, base_url=HUB, follow_redirects=True)
        scanner.head(link, base_url=HUB)
        scanner.get("/sign-in/guest/invitation", base_url=HUB)
    assert rows(firm, SignInCode) == []
    assert rows(firm, LocalAccount) == []
    assert [row.used_at for row in rows(firm, LocalInvitation)] == [None]
    assert len(firm.letters_to(MARIA)) == 1


def test_a_link_in_the_wrong_hands_gives_nothing_without_marias_mailbox(firm: GuestWorld) -> None:
    """G-63, D-GU 82: Gil gets her letter forwarded. The code goes to Maria; what he has is no use to him."""
    link = firm.invited()
    gil = firm.app.test_client()
    gil.get(link, base_url=HUB)
    post(gil, "/sign-in/guest/invitation")
    for guess in ("00000000", "12345678", ""):
        assert post(gil, "/sign-in/guest/enter", code=guess).status_code == 422
    code = firm.code_to(MARIA)
    maria = firm.app.test_client()
    maria.get(link, base_url=HUB)
    post(maria, "/sign-in/guest/invitation")
    refused = post(maria, "/sign-in/guest/enter", code=code)
    assert "not the code that was sent for this browser" in unescape(refused.text), "a code is of one browser"
    assert post(maria, "/sign-in/guest/enter", code=firm.code_to(MARIA)).status_code == 303
    assert not is_in(gil)


def test_a_link_works_once_and_for_72_hours_and_an_older_one_not_at_all(firm: GuestWorld) -> None:
    """G-63: the second use, one that was replaced, one that is too old, and words that are none: the same answer."""
    first = firm.invited()
    second = anew(firm, firm.guest())
    used = anew(firm, firm.guest())
    browser = firm.app.test_client()
    browser.get(used, base_url=HUB)
    post(browser, "/sign-in/guest/invitation")
    code = firm.code_to(MARIA)
    post(browser, "/sign-in/guest/enter", code=code)
    late = anew(firm, firm.guest())
    firm.parts.clock.move(hours=72, minutes=1)
    told = set()
    for link in (first, second, used, late, "/sign-in/guest/invitation?link=nothing"):
        stranger = firm.app.test_client()
        answer = stranger.get(link, base_url=HUB, follow_redirects=True)
        assert answer.status_code == 403
        assert "This invitation was used already" in answer.text
        told.add(len(answer.text))
        assert post(stranger, "/sign-in/guest/invitation").status_code == 403
        assert post(stranger, "/sign-in/guest/invitation/carry").status_code == 403
    assert len(told) == 1


def test_an_invitation_goes_on_on_another_device_by_a_short_code(firm: GuestWorld) -> None:
    """It works once, for ten minutes, however it is typed; a wrong one says so and changes nothing."""
    telephone, desk = firm.app.test_client(), firm.app.test_client()
    telephone.get(firm.invited(), base_url=HUB)
    shown = findall(r"([a-z0-9]{5}-[a-z0-9]{5})</p>", post(telephone, "/sign-in/guest/invitation/carry").text)[0]
    wrong = post(desk, "/sign-in/guest/invitation/here", carried="aaaaa-aaaaa")
    assert wrong.status_code == 422
    assert "Nothing that is open now goes by these letters" in wrong.text
    went = post(desk, "/sign-in/guest/invitation/here", carried=shown.upper().replace("-", " "))
    assert went.location == "/sign-in/guest/invitation"
    assert "Maria Lopez" in desk.get("/sign-in/guest/invitation", base_url=HUB).text
    assert post(firm.app.test_client(), "/sign-in/guest/invitation/here", carried=shown).status_code == 422, "once"
    post(desk, "/sign-in/guest/invitation")
    assert post(desk, "/sign-in/guest/enter", code=firm.code_to(MARIA)).status_code == 303

    post(telephone, "/sign-in/guest/invitation/carry")
    assert post(telephone, "/sign-in/guest/invitation").status_code == 403, "it was used on the desk"


def test_a_carried_code_is_over_after_ten_minutes(firm: GuestWorld) -> None:
    telephone = firm.app.test_client()
    telephone.get(firm.invited(), base_url=HUB)
    shown = findall(r"([a-z0-9]{5}-[a-z0-9]{5})</p>", post(telephone, "/sign-in/guest/invitation/carry").text)[0]
    firm.parts.clock.move(minutes=10, seconds=1)
    assert post(firm.app.test_client(), "/sign-in/guest/invitation/here", carried=shown).status_code == 422


def test_who_is_known_at_an_address_is_told_by_nothing(firm: GuestWorld) -> None:
    """D-AN 9: the same answer, the same statements; only the letter tells, and it goes to the address."""
    firm.known()
    seen = []
    for address in (MARIA, "maris@acme.example"):
        browser, statements = firm.app.test_client(), []
        browser.get("/sign-in/guest", base_url=HUB)

        def note(_connection, _cursor, statement, *_rest, into=statements) -> None:
            into.append(statement)

        event.listen(firm.parts.database.engine, "before_cursor_execute", note)
        _, answer = ask_code(firm, address, browser)
        page = browser.get("/sign-in/guest/code", base_url=HUB)
        event.remove(firm.parts.database.engine, "before_cursor_execute", note)
        firm.worker()
        event.listen(firm.parts.database.engine, "before_cursor_execute", note)
        refused = post(browser, "/sign-in/guest/enter", code="none")
        event.remove(firm.parts.database.engine, "before_cursor_execute", note)
        shown = [re.sub(r'"(Ij|ey|[\w.-]{40,})[^"]*"', "", each.text.replace(address, "")) for each in (page, refused)]
        seen.append((answer.status_code, answer.location, shown, refused.status_code, statements))
    assert seen[0] == seen[1]
    assert firm.letters_to("maris@acme.example") == []


def test_a_code_bears_five_tries_ten_minutes_and_one_use(firm: GuestWorld) -> None:
    """Issue: a code guessed ten times. The right one does not help after that; the next one does."""
    firm.known()
    guessing, _ = ask_code(firm, MARIA)
    code = firm.code_to(MARIA)
    other = "00000000" if code != "0000 0000" else "11111111"
    for _ in range(10):
        assert post(guessing, "/sign-in/guest/enter", code=other).status_code == 422
    over = post(guessing, "/sign-in/guest/enter", code=code)
    assert over.status_code == 422
    assert "This code is over" in over.text

    late, _ = ask_code(firm, MARIA)
    code = firm.code_to(MARIA)
    firm.parts.clock.move(minutes=10, seconds=1)
    assert "This code is over" in post(late, "/sign-in/guest/enter", code=code).text

    right, _ = ask_code(firm, MARIA)
    code = firm.code_to(MARIA)
    cookies = {each.key: each.value for each in right._cookies.values()}
    assert post(right, "/sign-in/guest/enter", code=code).status_code == 303
    copied = firm.app.test_client()
    for name, value in cookies.items():
        copied.set_cookie(name, value, domain="localhost", path="/")
    assert "This code is over" in post(copied, "/sign-in/guest/enter", code=code).text


def test_codes_are_throttled_by_address_and_place_and_nobody_is_locked_out_for_longer(firm: GuestWorld) -> None:
    """D-AN 8: a stranger elsewhere asks and asks; Maria waits a quarter of an hour at most."""
    firm.known()
    answers = [ask_code(firm, MARIA)[1].status_code for _ in range(6)]
    assert answers[-1] == 429
    assert answers.count(303) <= 4
    assert ask_code(firm, "else@acme.example")[1].status_code == 303, "others may"
    firm.parts.clock.move(minutes=15)
    browser, _ = ask_code(firm, MARIA)
    assert post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA)).status_code == 303


def test_no_code_no_address_and_no_link_lies_in_the_database_to_be_read(firm: GuestWorld) -> None:
    """D-AU 90: hashes and sealed texts; and the pages of sent mail show no code."""
    link = firm.invited()
    browser = firm.app.test_client()
    browser.get(link, base_url=HUB)
    post(browser, "/sign-in/guest/invitation")
    codes_round(firm.parts)
    with firm.parts.database.reading() as session:
        row = session.scalars(select(SignInCode)).one()
        letters = session.scalars(select(SentLetter)).all()
        told = "\n".join(f"{vars(each)}" for each in (row, *letters, *session.scalars(select(AuditEntry))))
    code = firm.code_to(MARIA)
    for secret in (code, code.replace(" ", ""), link.partition("link=")[2]):
        assert secret not in told
    assert row.asked == ""
    with firm.parts.database.reading() as session:
        sent = session.scalars(select(SentLetter).where(SentLetter.link == "code")).one()
        assert (sent.secret, sent.state) == ("", "sent")


def test_guests_whose_address_is_an_organisations_go_through_it(firm: GuestWorld) -> None:
    """G-64: at the form of admission, at the page of codes, and where the domain was proved since."""
    firm.known()
    with firm.work() as uow:
        leeds = firm.place(uow, "leeds").id
        uow.session.add(OrganisationDomain(domain="leeds.example", organisation_id=leeds, verified=True))
    asked = post(firm.app.test_client(), "/sign-in/guest/code", email="someone@leeds.example")
    assert asked.status_code == 422
    assert "sign in through Leeds City Council" in asked.text
    with pytest.raises(Exception, match="those of Leeds City Council"):
        firm.admit(name="Lee Ding", email="lee@leeds.example")

    browser, _ = ask_code(firm, MARIA)
    code = firm.code_to(MARIA)
    with firm.work() as uow:
        york = firm.place(uow, "york").id
        uow.session.add(OrganisationDomain(domain="acme.example", organisation_id=york, verified=True))
    refused = post(browser, "/sign-in/guest/enter", code=code)
    assert refused.status_code == 422
    assert "Your address is one of York City Council now" in refused.text
    assert not is_in(browser)


def test_who_is_kept_out_gets_no_code_and_no_session(firm: GuestWorld) -> None:
    """Suspended, and a firm that is blocked; the answer tells neither."""
    firm.known()
    before = len(firm.letters_to(MARIA))
    firm.set_status(firm.guest().handle, "suspended")
    browser, answer = ask_code(firm, MARIA)
    assert answer.status_code == 303
    assert len(firm.letters_to(MARIA)) == before
    firm.set_status(firm.guest().handle, "active")
    browser, _ = ask_code(firm, MARIA)
    code = firm.code_to(MARIA)
    with firm.work() as uow:
        block(uow, firm.place(uow, "acme"), firm.person(uow, "leeds/sam"))
    assert post(browser, "/sign-in/guest/enter", code=code).status_code == 422
    assert not is_in(browser)


def test_two_organisations_admit_her_and_she_is_one_person(firm: GuestWorld) -> None:
    """A-40, N-14: York's invitation is opened with the same mailbox; nothing is merged before she showed that."""
    maria = firm.known()
    york = firm.admit("york")
    assert york.person.id != firm.guest().id or len([p for p in rows(firm, Person) if p.name == "Maria Lopez"]) == 2
    browser = firm.app.test_client()
    browser.get(york.link.removeprefix(HUB), base_url=HUB)
    post(browser, "/sign-in/guest/invitation")
    assert "Flood walls of York" not in maria.get("/", base_url=HUB).text
    assert maria.get("/places/york/tenders", base_url=HUB).status_code == 404
    assert post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA)).location == "/"
    for who in (maria, browser):
        assert who.get("/places/york/tenders", base_url=HUB).status_code == 200
        assert who.get("/places/leeds/tenders", base_url=HUB).status_code == 200
    assert len({grant.principal for grant in rows(firm, Grant)}) == 1


def test_one_address_is_never_two_firms(firm: GuestWorld) -> None:
    """The invitation stays open, nothing moves, and she is told what to do."""
    firm.known()
    link = firm.admit("york", "brook").link.removeprefix(HUB)
    browser = firm.app.test_client()
    browser.get(link, base_url=HUB)
    post(browser, "/sign-in/guest/invitation")
    refused = post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA))
    assert refused.status_code == 422
    assert "known as a guest who works for Acme Drainage" in refused.text
    assert not is_in(browser)
    assert sum(row.used_at is None for row in rows(firm, LocalInvitation)) == 1


def test_recovery_needs_the_sponsors_link_and_her_mailbox_and_ends_sessions(firm: GuestWorld) -> None:
    """What others than the one who made the link gave her waits; until she used it, all goes on as before."""
    maria = firm.known()
    firm.give(f"guest:{firm.guest().handle}", "read", "york/tenders", until=firm.parts.today.replace(day=28))
    with firm.work() as uow:
        leeds = firm.place(uow, "leeds").id
    link = anew(firm, firm.guest(), by=leeds)
    assert is_in(maria), "a link alone ends nothing"
    browser = firm.app.test_client()
    browser.get(link, base_url=HUB)
    assert (
        "your passkeys and open sessions of before end" in browser.get("/sign-in/guest/invitation", base_url=HUB).text
    )
    post(browser, "/sign-in/guest/invitation")
    assert is_in(maria)
    assert post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA)).status_code == 303
    assert not is_in(maria)
    assert is_in(browser)
    assert len(rows(firm, Hold)) == 1
    assert browser.get("/places/york/tenders", base_url=HUB).status_code == 404
    assert "person:recover" in {entry.act for entry in rows(firm, AuditEntry)}


def test_without_a_mail_server_the_sponsor_hands_the_link_over(mute: GuestWorld) -> None:
    """The link alone lets in, once a button is pressed; codes are not offered; a new link lets in anew."""
    link = mute.invited()
    browser = mute.app.test_client()
    browser.get(link, base_url=HUB, follow_redirects=True)
    assert rows(mute, LocalAccount) == []
    assert post(browser, "/sign-in/guest/invitation").location == "/places/leeds/tenders"
    assert is_in(browser)
    page = mute.app.test_client().get("/sign-in/guest", base_url=HUB).text
    assert "This hub sends no letters" in page
    assert "Send me a code" not in page
    assert ask_code(mute, MARIA)[1].status_code == 422
    other = mute.app.test_client()
    other.get(anew(mute, mute.guest()), base_url=HUB)
    assert post(other, "/sign-in/guest/invitation").status_code == 303
    assert not is_in(browser)


def test_the_session_is_like_any_other(firm: GuestWorld) -> None:
    """A-41: a handle of its own each time, idle and absolute limits, out at once where she is suspended."""
    maria = firm.known()
    first = rows(firm, SignedInSession)
    browser, _ = ask_code(firm, MARIA, maria)
    assert len(rows(firm, SignedInSession)) == len(first)
    firm.parts.clock.move(minutes=61)
    assert not is_in(maria)
    browser, _ = ask_code(firm, MARIA)
    post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA))
    assert is_in(browser)
    firm.set_status(firm.guest().handle, "suspended")
    assert not is_in(browser)


def test_what_is_over_is_removed(firm: GuestWorld) -> None:
    firm.known()
    ask_code(firm, "nobody@acme.example")
    firm.parts.clock.move(days=40)
    tidy_codes(firm.parts)
    assert rows(firm, SignInCode) == []
    assert rows(firm, LocalInvitation) == []
    assert len(rows(firm, LocalAccount)) == 1


def test_when_her_firm_has_an_issuer_at_last_its_link_takes_her_over(firm: GuestWorld) -> None:
    """Nothing is matched by address: the link that she opens there is the confirmed step, and codes end with it."""
    from federation.transaction import digest
    from federation.validate import IdToken
    from hub.features.signin.identities import recognise
    from hub.features.signin.models import Issuer
    from hub.features.signin.service import make_link
    from hub.nouns.organisations.service import add_domain

    maria = firm.known()
    issuer_id = firm.add_issuer("acme", "https://login.acme.example")
    with firm.work() as uow:
        add_domain(uow, firm.place(uow, "acme"), "acme.example")
        link = make_link(uow, firm.parts, uow.session.get_one(Person, firm.guest().id), by="platform")
    secret = link.partition("link=")[2]
    assert digest(secret)
    claims = {"sub": "m-1", "email": MARIA, "email_verified": True}
    with firm.work() as uow:
        issuer = uow.session.get_one(Issuer, issuer_id)
        token = IdToken(issuer=issuer.issuer, subject="m-1", claims=claims, raw="x")
        with pytest.raises(Exception, match="person_unknown"):
            recognise(uow, firm.parts, issuer, token)
        assert recognise(uow, firm.parts, issuer, token, secret).id == firm.guest().id
    assert rows(firm, LocalAccount) == []
    assert not is_in(maria)
