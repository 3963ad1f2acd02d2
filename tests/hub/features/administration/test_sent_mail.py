"""Sent mail, seen by Pat who runs the hub; invitations by mail, and where their links lead."""

from dataclasses import replace
from html import unescape
from re import search

import pytest
from sqlalchemy import event, select, update

from config.mail import Mailing, smtp_server
from hub.access.models import Person
from hub.ground.db import Database
from hub.mail.jobs import letters_round
from hub.mail.models import SentLetter
from hub.mail.service import Letter, post
from tests.hub.commandline import hub as command
from tests.hub.features.administration.test_invitation import leeds
from tests.hub.features.administration.test_platform import make_pat
from tests.hub.features.signin.browser import HUB, SignInWorld
from tests.hub.features.signin.conftest import each_world
from tests.peers.hostile import HostileIssuer

__all__ = ["each_world", "leeds"]
MAIL = "/admin/platform/mail"


@pytest.fixture
def hub(town: SignInWorld) -> SignInWorld:
    """The town, run by Pat of York; Ann of Leeds has an address."""
    make_pat(town)
    with town.work() as uow:
        town.person(uow, "leeds/ann").email = "ann@leeds.example"
    return town


def use_server(world: SignInWorld) -> None:
    """A mail server is set; nothing is sent to it."""
    mail = Mailing(smtp_server("smtp://localhost:2525"), "hub@example.gov.uk", "The Hub", world.parts.mail.folder)
    world.parts = replace(world.parts, mail=mail)
    world.app.extensions["hub"] = world.parts


def write(world: SignInWorld, subject: str = "Croeso", **given: object) -> str:
    """A letter to Ann, with columns as given."""
    with world.work() as uow:
        ann = world.person(uow, "leeds/ann")
        letter = Letter(to=ann, subject=subject, lines=("It did.",), link="/places/leeds/kestrel")
        found = post(uow, letter)
        if given:
            uow.session.execute(update(SentLetter).where(SentLetter.id == found).values(**given))
    return found


def letters(world: SignInWorld) -> list[SentLetter]:
    """All of them."""
    with world.parts.database.reading() as session:
        return list(session.scalars(select(SentLetter).order_by(SentLetter.created_at, SentLetter.id)))


@pytest.mark.parametrize("who", ["leeds/sam", "leeds/ann", "leeds/gus"])
def test_whoever_does_not_run_the_hub_sees_no_letter(hub: SignInWorld, who: str) -> None:
    """N-30: not even who gets it, nor the administrator of their organisation."""
    hub.add_person("leeds/gus", kind="guest")
    letter = write(hub, state="failed")
    client = hub.client(who)
    nothing = client.get("/no/such/page")
    for method, path in (("GET", MAIL), ("GET", f"{MAIL}/{letter}"), ("POST", f"{MAIL}/{letter}/again")):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.data) == (404, nothing.data), path
    assert letters(hub)[0].state == "failed"


def test_pat_sees_letters_in_pages_and_few_queries(hub: SignInWorld, database: Database) -> None:
    for number in range(120):
        write(hub, f"Letter {number}", state="failed" if number % 40 == 0 else "sent")
        hub.parts.clock.move(minutes=1)  # type: ignore[attr-defined]
    pat = hub.client("york/pat")
    pat.get(MAIL)
    for page in ("", "?page=3", "?state=failed", f"/{letters(hub)[0].id}"):
        said: list[str] = []

        def note(*call: object, said: list[str] = said) -> None:
            said.append(str(call[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        answer = pat.get(f"{MAIL}{page}")
        event.remove(database.engine, "before_cursor_execute", note)
        assert answer.status_code == 200, page
        assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15, (page, said)
    last = pat.get(f"{MAIL}?page=3").text
    assert "101 to 120 of 120" in last
    assert "Letter 19<" in last
    assert "Letter 20<" not in last
    failed = pat.get(f"{MAIL}?state=failed").text
    assert "Failed (3)" in failed
    assert ("Letter 80<" in failed, "Letter 81<" in failed) == (True, False)
    assert pat.get(f"{MAIL}?state=nonsense").status_code == 200
    assert 'href="/admin/platform/mail"' in pat.get("/admin/platform").text


def test_pat_is_told_at_home_of_letters_that_failed_lately(hub: SignInWorld) -> None:
    write(hub)
    assert "not be sent" not in hub.client("york/pat").get("/").text
    write(hub, state="failed")
    told = "1 letter could not be sent in the last seven days."
    assert told in hub.client("york/pat").get("/").text
    assert "not be sent" not in hub.client("leeds/sam").get("/").text
    hub.parts.clock.move(days=9)  # type: ignore[attr-defined]
    assert "not be sent" not in hub.client("york/pat").get("/").text


def test_a_letters_page_does_not_say_which_place_it_leads_to(hub: SignInWorld) -> None:
    """Whoever runs the hub administers; that lets them read nothing more."""
    page = hub.client("york/pat").get(f"{MAIL}/{write(hub)}").text
    assert "It did." in page
    assert "(a link into the hub)" in page
    assert "kestrel" not in page


def test_a_one_use_link_is_shown_until_it_was_sent_used_or_has_run_out(hub: SignInWorld) -> None:
    sealed, end = hub.parts.keys.encrypt("/sign-in?link=KESTREL"), hub.parts.clock.now().replace(microsecond=0)
    letter = write(hub, secret=sealed, secret_until=end.replace(year=end.year + 1))
    pat = hub.client("york/pat")
    assert f"{HUB}/sign-in?link=KESTREL" in pat.get(f"{MAIL}/{letter}").text
    assert "KESTREL" not in pat.get(MAIL).text
    letters_round(hub.parts)
    page = pat.get(f"{MAIL}/{letter}").text
    assert "In the folder" in page
    assert f"{HUB}/sign-in?link=KESTREL" in page
    hub.parts.clock.move(days=366)  # type: ignore[attr-defined]
    assert "KESTREL" not in hub.client("york/pat").get(f"{MAIL}/{letter}").text


def test_pat_sends_a_letter_again_to_the_address_that_was_mended(hub: SignInWorld) -> None:
    use_server(hub)
    letter = write(hub, state="failed", error="550 No such mailbox", attempts=1, address="wrong@leeds.example")
    pat = hub.client("york/pat")
    page = pat.get(f"{MAIL}/{letter}").text
    assert "550 No such mailbox" in page
    assert "Send again" in page
    assert pat.post(f"{MAIL}/{letter}/again").location == f"{MAIL}/{letter}"
    (row,) = letters(hub)
    assert (row.state, row.address, row.attempts, row.error) == ("waiting", "ann@leeds.example", 0, "")
    assert "Send again" not in pat.get(f"{MAIL}/{letter}").text
    assert pat.post(f"{MAIL}/{letter}/again").status_code == 409


def test_a_letter_whose_link_is_over_or_whose_reader_has_left_is_not_sent_again(hub: SignInWorld) -> None:
    use_server(hub)
    over = write(hub, state="failed", secret_until=hub.parts.clock.now())
    pat = hub.client("york/pat")
    assert "Send again" not in pat.get(f"{MAIL}/{over}").text
    assert pat.post(f"{MAIL}/{over}/again").status_code == 409
    left = write(hub, state="failed")
    hub.set_status("leeds/ann", "left")
    assert pat.post(f"{MAIL}/{left}/again").status_code == 400
    assert {row.state for row in letters(hub)} == {"failed"}


def test_sam_adds_somebody_who_gets_the_link_by_mail(hub: SignInWorld) -> None:
    use_server(hub)
    sam = hub.client("leeds/sam")
    page = sam.post("/admin/leeds/people/add", data={"name": "Bea Hall", "email": "bea@leeds.example"}).text
    assert "Mailed to bea@leeds.example" in page
    (letter,) = letters(hub)
    link = unescape(search(r"http://localhost:8000/sign-in\?link=[\w-]+", page)[0])  # type: ignore[index]
    assert hub.parts.keys.decrypt(letter.secret) == link.removeprefix(HUB)
    hub.parts.clock.move(minutes=1)  # type: ignore[attr-defined]
    again = sam.post("/admin/leeds/people/bea-hall/link").text
    assert "Mailed to bea@leeds.example" in again
    first, second = letters(hub)
    assert (first.state, first.secret, second.state) == ("withheld", "", "waiting"), "the older link stopped working"


def test_without_a_server_the_page_promises_no_mail(hub: SignInWorld) -> None:
    sam = hub.client("leeds/sam")
    page = sam.post("/admin/leeds/people/add", data={"name": "Bea Hall", "email": "bea@leeds.example"}).text
    assert "Mailed" not in page
    assert "Send this link to Bea Hall" in page
    assert len(letters(hub)) == 1
    page = sam.post("/admin/leeds/people/add", data={"name": "Cy Dunn", "email": ""}).text
    assert len(letters(hub)) == 1


def test_an_invitation_that_was_mailed_brings_sam_to_the_checklist_and_is_forgotten(
    leeds: SignInWorld, hostile: HostileIssuer
) -> None:
    """The link of the letter keeps, through the sign-in, where it points."""
    ran = command(leeds.parts, "admin", "invite", "leeds", "--role", "platform", "--email", "sam@leeds.example")
    assert ran.code == 0, ran.err
    assert "To sign in for the first time" in ran.out
    assert "A letter to sam@leeds.example goes into" in ran.out
    letters_round(leeds.parts)
    (path,) = leeds.parts.mail.folder.iterdir()
    link = search(rf"(?m)^{HUB}(/sign-in\S+)$", path.read_text("utf-8"))
    assert link is not None, path.read_text("utf-8")
    hostile.behaviour.subject = "s-1"
    came = leeds.browser().sign_in("leeds", link[1])
    assert (came.status_code, came.location) == (303, "/admin/leeds")
    assert letters(leeds)[0].secret == ""
    pat = leeds.client("leeds/administrator")
    assert "/sign-in?link=" not in pat.get(f"{MAIL}/{letters(leeds)[0].id}").text


def test_the_operator_may_keep_an_invitation_out_of_the_mail(leeds: SignInWorld) -> None:
    given = ("admin", "invite", "leeds", "--role", "organisation", "--email", "sam@leeds.example", "--json")
    quiet = command(leeds.parts, *given, "--no-mail")
    assert (quiet.value["mailed"], letters(leeds)) == (None, [])
    assert command(leeds.parts, *given).value["mailed"] == "sam@leeds.example"
    assert [letter.address for letter in letters(leeds)] == ["sam@leeds.example"]


def test_a_mailed_link_opened_signed_out_comes_back_to_where_it_pointed(
    leeds: SignInWorld, hostile: HostileIssuer
) -> None:
    leeds.expect("leeds/ann", "ann")
    with leeds.work() as uow:
        uow.session.execute(update(Person).values(email="ann@leeds.example"))
    with leeds.work() as uow:
        post(uow, Letter(to=leeds.person(uow, "leeds/ann"), subject="x", lines=(), link="/places/leeds?page=1&q=a+b"))
    letters_round(leeds.parts)
    (path,) = leeds.parts.mail.folder.iterdir()
    assert f"\n{HUB}/places/leeds?page=1&q=a+b\n" in path.read_text("utf-8").replace("\r", "")
    ann = leeds.browser()
    asked = ann.get("/places/leeds?page=1&q=a+b")
    came = ann.sign_in("leeds", asked.location)
    assert (came.status_code, came.location) == (303, "/places/leeds?page=1&q=a+b")
