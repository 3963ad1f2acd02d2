"""A hub with organisations that sign in through real issuers, and people with browsers."""

from datetime import UTC, datetime
from html import unescape
from re import findall, search
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from acl.directory import ROOT
from hub.access.models import Person as PersonRow
from hub.access.models import Place
from hub.features.signin.models import Issuer
from hub.features.signin.service import NewIssuer, add_issuer, expect_subject, make_link, set_credentials
from tests.hub.world import World
from tests.peers.hostile import HostileIssuer
from tests.peers.mint import key
from tests.peers.person import Person
from tests.peers.providers import Provider

HUB = "http://localhost:8000"


def now() -> datetime:
    """The present: certified providers live in it."""
    return datetime.now(UTC)


class SignInWorld(World):
    """A world whose organisations have issuers."""

    def add_issuer(self, slug: str, issuer: str, **more: Any) -> str:
        """Let an organisation sign in through an issuer; returns the issuer's id."""
        with self.work() as uow:
            place = uow.session.scalars(select(Place).where(Place.path == slug)).one()
            new = NewIssuer(issuer=issuer, client_id="hub", secret="a secret of the hub", **more)
            return add_issuer(uow, self.parts, place, new).id

    def join_provider(
        self, slug: str, provider: Provider, auth_method: str = "client_secret_basic", base: str = HUB
    ) -> str:
        """Add an organisation that signs in through a certified provider; returns the issuer's id."""
        self.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work")
        issuer_id = self.add_issuer(slug, provider.issuer)
        public = key("ec-hub").as_dict(private=False) if auth_method == "private_key_jwt" else None
        client = provider.register(
            f"{base}/sign-in/callback/{issuer_id}", f"{base}/signed-out", auth_method=auth_method, public_jwk=public
        )
        with self.work() as uow:
            set_credentials(
                uow, self.parts, uow.session.get_one(Issuer, issuer_id), client.client_id, client.client_secret
            )
        return issuer_id

    def join_hostile(self, slug: str, hostile: HostileIssuer) -> str:
        """Add an organisation whose issuer lies; returns the issuer's id."""
        self.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work")
        return self.add_issuer(slug, hostile.issuer)

    def expect(self, handle: str, subject: str) -> None:
        """Add a person whose subject is known."""
        self.add_person(handle)
        with self.work() as uow:
            expect_subject(uow, self.person(uow, handle), subject, by=ROOT)

    def link(self, handle: str) -> str:
        """A one-use link for a person: its path."""
        with self.work() as uow:
            return make_link(uow, self.parts, self.person(uow, handle), by=ROOT).removeprefix(HUB)

    def person(self, uow: Any, handle: str) -> PersonRow:
        """A person's row."""
        return uow.session.scalars(select(PersonRow).where(PersonRow.handle == handle)).one()

    def place(self, uow: Any, path: str) -> Place:
        """A place's row."""
        return self._place(uow, path)

    def issuer(self, issuer_id: str) -> Issuer:
        """An issuer's row."""
        with self.parts.database.reading() as session:
            return session.get_one(Issuer, issuer_id)

    def issuer_of(self, slug: str) -> str:
        """The id of an organisation's issuer."""
        with self.parts.database.reading() as session:
            return session.scalars(
                select(Issuer.id).join(Place, Issuer.organisation_id == Place.id).where(Place.path == slug)
            ).one()

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with self.parts.database.reading() as session:
            return len(session.scalars(select(table)).all())

    def browser(self, login: str = "ann") -> "Browser":
        """A person at a browser that nobody has used yet."""
        return Browser(self, login)


class Browser:
    """A person at a browser: the hub by its test client, issuers by real HTTP."""

    def __init__(self, world: SignInWorld, login: str) -> None:
        self.world = world
        self.hub: FlaskClient = world.app.test_client()
        self.person = Person(login)

    def get(self, path: str) -> TestResponse:
        """Open a page of the hub."""
        return self.hub.get(path, base_url=HUB)

    def send(self, page: str, action: str, **fields: str) -> TestResponse:
        """Open a page and send its form to an address."""
        html = self.hub.get(page, base_url=HUB, follow_redirects=True).text
        token = findall(r'name="csrf_token" value="([^"]+)"', html)
        hidden = dict(findall(r'type="hidden" name="(next|become)" value="([^"]*)"', html))
        shown = {name: unescape(value) for name, value in hidden.items()}
        form = {**shown, "csrf_token": token[0] if token else "", **fields}
        return self.hub.post(action, data=form, base_url=HUB)

    def choose(self, slug: str, page: str = "/sign-in", **fields: str) -> str:
        """Choose an organisation; returns the address at its issuer that the hub leads to."""
        answer = self.send(page, f"/sign-in/{slug}", **fields)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return leads_to(answer)

    def prove(self, href: str) -> str:
        """Prove at an issuer who they are; returns the address that it sends them back to."""
        return self.person.go(href, HUB)

    def come_back(self, url: str) -> TestResponse:
        """Open the address that an issuer sent them back to."""
        where = urlsplit(url)
        return self.get(f"{where.path}?{where.query}")

    def sign_in(self, slug: str, page: str = "/sign-in") -> TestResponse:
        """Sign in, the whole way."""
        return self.come_back(self.prove(self.choose(slug, page)))

    def is_signed_in(self) -> bool:
        """Whether their home page is shown."""
        return self.get("/organisations").status_code == 200

    def cookies(self) -> dict[str, str]:
        """The browser's cookies for the hub."""
        return {cookie.key: cookie.value for cookie in self.hub._cookies.values()}

    def restore(self, cookies: dict[str, str]) -> None:
        """Put cookies of before (or of another browser) into this one."""
        for name, value in cookies.items():
            self.hub.set_cookie(name, value, domain="localhost", path="/")


def leads_to(answer: TestResponse) -> str:
    """The address that a page leads the browser to by itself, which is also its link."""
    found = search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found, answer.text
    href = unescape(found[1])
    assert f'href="{found[1]}"' in answer.text
    return href


def refused(answer: TestResponse, words: str, status: int) -> bool:
    """Whether a page says that the person is not signed in, with these words."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert words in unescape(answer.text), answer.text
    return True
