"""Leeds admits Maria, whose firm Acme has no issuer: a hub with a mail server, and what the worker does for her."""

from dataclasses import replace
from re import findall, search
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from acl.directory import ROOT
from config.mail import Mailing, smtp_server
from hub.access.models import Person
from hub.features.administration.guests.service import Admitted, admit
from hub.features.signin.local.codes import codes_round
from hub.mail.jobs import letters_round
from hub.nouns.people.service import NewGrant, NewPerson
from tests.hub.features.administration.conftest import the_town
from tests.hub.features.signin.browser import HUB, SignInWorld
from tests.peers.mail_server import MailServer

MARIA = "maria@acme.example"
PUBLIC = "allow,all-staff,read,{},only PUBLIC,published,-,Open to the sector"


class GuestWorld(SignInWorld):
    """A world whose guests sign in at the hub itself."""

    mail: MailServer

    def use(self, server: MailServer) -> None:
        """Send letters through a server."""
        self.mail, self._app = server, None
        way = Mailing(smtp_server(f"smtp://localhost:{server.port}"), "hub@example.gov.uk", "The Hub", server.folder)
        self.parts = replace(self.parts, mail=way)

    def worker(self) -> None:
        """What the worker does with what was asked for and written."""
        codes_round(self.parts)
        letters_round(self.parts)

    def letters_to(self, address: str) -> list[str]:
        """The texts of the letters that came to an address."""
        self.worker()
        every = zip(self.mail.taken, self.mail.texts(), strict=True)
        return [text for message, text in every if message["To"] == address]

    def code_to(self, address: str) -> str:
        """The code in the last letter to an address."""
        found = search(r"^(\d{4} \d{4})$", self.letters_to(address)[-1], flags=8)
        assert found, "no code in the last letter"
        return found[1]

    def admit(self, host: str = "leeds", firm: str = "acme", name: str = "Maria Lopez", **other: Any) -> Admitted:
        """An organisation admits somebody of a firm to its tenders."""
        with self.work() as uow:
            place, works_for = self.place(uow, host), self.place(uow, firm)
            space = self.place(uow, other.get("space", f"{host}/tenders"))
            until = other.get("until", self.parts.today.replace(year=self.parts.today.year + 1, day=1))
            sponsor = {"leeds": "leeds/ann", "york": "york/yara"}[host]
            grant = NewGrant(
                "guest:x/x", other.get("can", "read"), space.id, place.id, sponsor, source="guest",
                reason="Contract HO-117", until=until,
            )  # fmt: skip
            new = NewPerson("", name, other.get("email", MARIA), kind="guest")
            done = admit(uow, self.parts, works_for, new, grant, by=place.id)
            uow.session.flush()
            return done

    def invited(self, **other: Any) -> str:
        """The path of the link of somebody whom Leeds admits."""
        return self.admit(**other).link.removeprefix(HUB)

    def guest(self, name: str = "maria-lopez", firm: str = "acme") -> Person:
        """A guest, by the beginning of their handle."""
        with self.parts.database.reading() as session:
            return session.scalars(
                select(Person).where(Person.handle.startswith(f"{firm}/{name}-")).order_by(Person.created_at)
            ).all()[-1]

    def known(self, **other: Any) -> FlaskClient:
        """Somebody who was invited, and has come in by their link and a code."""
        browser = self.app.test_client()
        browser.get(self.invited(**other), base_url=HUB)
        post(browser, "/sign-in/guest/invitation")
        answer = post(browser, "/sign-in/guest/enter", code=self.code_to(other.get("email", MARIA)))
        assert answer.status_code == 303, answer.text
        return browser


def post(browser: FlaskClient, path: str, **fields: str) -> Any:
    """Send a form, with the token that its page holds."""
    page = browser.get("/sign-in/guest", base_url=HUB, follow_redirects=True).text
    token = findall(r'name="csrf_token" value="([^"]+)"', page)
    return browser.post(path, data={"csrf_token": token[0] if token else "", **fields}, base_url=HUB)


def the_firm(world: GuestWorld) -> None:
    """Leeds and York with tenders; Acme and Brook are firms without an issuer."""
    the_town(world)
    for firm in ("acme", "brook"):
        world.add_organisation(firm, PUBLIC.format(firm), kind="supplier", name=f"{firm.title()} Drainage")
    for city in ("leeds", "york"):
        world.add_space(f"{city}/tenders", "restricted", name=f"Tenders of {city.title()}")
        world.add_document(f"{city}/tenders", f"Flood walls of {city.title()}")


def anew(world: GuestWorld, person: Person, by: str = ROOT) -> str:
    """The path of a new link for somebody."""
    from hub.features.signin.local.service import invite_guest

    with world.work() as uow:
        return invite_guest(uow, world.parts, uow.session.get_one(Person, person.id), by=by).removeprefix(HUB)
