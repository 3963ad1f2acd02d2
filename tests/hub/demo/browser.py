"""The hub's half of a sign-in at the demo issuers, and a browser that fills in their page."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests
from lxml import html

from federation.client import Registration, RelyingParty, SignedIn
from federation.discovery import discover
from federation.jwks import CachedKeys
from federation.safe_http import SafeHttp
from federation.transaction import Transaction, new_secret
from hub.demo.issuer_keys import load_secret
from hub.demo.issuers import CLIENT_ID, IssuerPlan, start_issuers

HUB = "http://localhost:8000"
SLUGS = ("leeds", "york", "acme")


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def plan_in(folder: Path, port: int) -> IssuerPlan:
    """Three organisations, as `hub demo` would register them."""
    return IssuerPlan(folder, port, HUB, {slug: f"{HUB}/sign-in/callback/of-{slug}" for slug in SLUGS})


@contextmanager
def running(plan: IssuerPlan) -> Iterator[IssuerPlan]:
    """The issuers, answering on their port until the block ends."""
    server = start_issuers(plan, demo=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield plan
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


class Keys:
    """Key sets kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, CachedKeys] = {}

    def load(self, jwks_uri: str) -> CachedKeys | None:
        return self.kept.get(jwks_uri)

    def save(self, jwks_uri: str, cached: CachedKeys) -> None:
        self.kept[jwks_uri] = cached

    def claim_refresh(self, jwks_uri: str, now: datetime, every: timedelta) -> bool:
        return True


class Transactions:
    """Transactions kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Transaction] = {}

    def add(self, transaction: Transaction) -> None:
        self.kept[transaction.state_hash] = transaction

    def consume(self, *, state_hash: str, browser_hash: str, issuer_id: str, now: datetime) -> Transaction | None:
        return self.kept.pop(state_hash, None)


@dataclass
class Hub:
    """The hub as one organisation's issuer knows it."""

    plan: IssuerPlan
    slug: str
    browser: requests.Session = field(default_factory=requests.Session)
    secret: str = field(default_factory=new_secret)

    def __post_init__(self) -> None:
        http = SafeHttp([self.plan.base])
        self.party = RelyingParty(http, Keys(), Transactions())
        self.registration = Registration(
            issuer_id=f"of-{self.slug}",
            metadata=discover(self.plan.issuer_url(self.slug), http),
            client_id=CLIENT_ID,
            redirect_uri=self.plan.redirect_uris[self.slug],
            secret=load_secret(self.plan.folder, self.slug),
        )
        self.browser.trust_env = False

    def start(self) -> str:
        """The address of the issuer that the browser is sent to."""
        now = datetime.now(UTC)
        return self.party.start(self.registration, browser_secret=self.secret, return_path="/", now=now)

    def finish(self, address: str) -> SignedIn:
        """Judge the answer that the browser brought."""
        pairs = parse_qsl(urlsplit(address).query)
        return self.party.finish(self.registration, pairs, browser_secret=self.secret, now=datetime.now(UTC))

    def choose(self, address: str, button: str) -> str:
        """Open the issuer's page, press the button of this value, and return where that leads."""
        page = self.browser.get(address, timeout=5)
        assert page.status_code == 200, page.text
        form = html.fromstring(page.text).forms[0]
        pressed = form.xpath(".//button[@value=$value]", value=button)[0]
        data = {**dict(form.form_values()), pressed.get("name"): button}
        answer = self.browser.post(form.action, data=data, allow_redirects=False, timeout=5)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]
