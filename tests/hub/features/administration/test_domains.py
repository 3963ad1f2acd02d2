"""Sam proves by a record that leeds.example is Leeds' own; Yara does not, and gets nothing by saying so."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import dns.message
import dns.rcode
import dns.rrset
import pytest
from flask.testing import FlaskClient

from hub.features.policies.service import adopt_default
from hub.ground.names import SystemNames
from hub.nouns.organisations.models import OrganisationDomain
from hub.nouns.organisations.service import add_domain
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.features.signin.conftest import world

__all__ = ["world"]


class Zone:
    """A name server on loopback, for the texts that it is given; `silent`, it answers that it failed."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.names = SystemNames(("127.0.0.1",), self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                data, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            asked = dns.message.from_wire(data)
            answer = dns.message.make_response(asked)
            name = asked.question[0].name.to_text(omit_final_dot=True)
            if self.silent:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif name not in self.texts:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                quoted = [f'"{text}"' for text in self.texts[name]]
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
            self._socket.sendto(answer.to_wire(), sender)


@pytest.fixture
def zone() -> Iterator[Zone]:
    made = Zone()
    yield made
    made.close()


@pytest.fixture
def town(world: SignInWorld, zone: Zone) -> SignInWorld:
    world.parts = replace(world.parts, names=zone.names)
    for slug, who in (("leeds", "sam"), ("york", "yara")):
        world.add_organisation(slug)
        with world.work() as uow:
            adopt_default(uow, world.place(uow, slug), "test")
        world.add_person(f"{slug}/{who}", f"{slug}/administrators")
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def send(person: FlaskClient, slug: str, do: str, domain: str) -> str:
    """Press a button of the list of domains; the page that comes of it."""
    person.post(f"/admin/{slug}/organisation/domains", data={"do": do, "domain": domain})
    return unescape(person.get(f"/admin/{slug}/organisation").text)


def value_on(page: str) -> str:
    return page.partition("<code>knowledge-hub=")[2].partition("</code>")[0]


def test_sam_proves_that_a_domain_is_leeds_own(town: SignInWorld, zone: Zone) -> None:
    """4.4: the record is told, looked for, and believed only where it says just that."""
    sam = town.client("leeds/sam")
    page = send(sam, "leeds", "claim", "Leeds.Example.")
    assert "_knowledge-hub.leeds.example" in page
    assert "is not there yet" in send(sam, "leeds", "check", "leeds.example")
    for wrong in (["knowledge-hub=" + "x" * 43], [value_on(page)], [f"knowledge-hub={value_on(page)}x"]):
        zone.texts["_knowledge-hub.leeds.example"] = wrong
        assert "is not there yet" in send(sam, "leeds", "check", "leeds.example")
    zone.silent = True
    assert "do not answer at the moment" in send(sam, "leeds", "check", "leeds.example")
    assert town.count(OrganisationDomain) == 0
    zone.silent = False
    zone.texts["_knowledge-hub.leeds.example"] = ["v=spf1 -all", f"knowledge-hub={value_on(page)}"]
    page = send(sam, "leeds", "check", "leeds.example")
    assert "leeds.example is yours" in page
    assert "leeds.example, proved on" in page
    assert "is not proved yet" not in page


def test_a_record_of_leeds_proves_nothing_for_york(town: SignInWorld, zone: Zone) -> None:
    """N-30, N-37: each has a record of its own; a domain that is proved stays where it is."""
    sam, yara = town.client("leeds/sam"), town.client("york/yara")
    own = value_on(send(sam, "leeds", "claim", "leeds.example"))
    other = value_on(send(yara, "york", "claim", "leeds.example"))
    assert own != other
    zone.texts["_knowledge-hub.leeds.example"] = [f"knowledge-hub={own}"]
    assert "is not there yet" in send(yara, "york", "check", "leeds.example")
    assert "is yours" in send(sam, "leeds", "check", "leeds.example")
    zone.texts["_knowledge-hub.leeds.example"] = [f"knowledge-hub={other}"]
    assert "stands with another organisation" in send(yara, "york", "check", "leeds.example")
    assert yara.post("/admin/leeds/organisation/domains", data={"do": "drop", "domain": "x.example"}).status_code == 404
    with town.work() as uow:
        row = uow.session.get_one(OrganisationDomain, "leeds.example")
        assert row.organisation_id == town.place(uow, "leeds").id


@pytest.mark.parametrize("domain", ["gov.uk", "co.uk", "gmail.com", "uk", "a@b;c", "a@b.", "a b.example", "", "1.2.3"])
def test_what_is_nobodys_own_or_no_domain_is_refused_in_words(town: SignInWorld, domain: str) -> None:
    """N-37, N-38."""
    page = send(town.client("leeds/sam"), "leeds", "claim", domain)
    assert "not one organisation's own" in page or "is not a mail domain" in page
    assert "is not proved yet" not in page


def test_what_was_typed_stays_valid_and_is_marked_until_it_is_proved(town: SignInWorld, zone: Zone) -> None:
    with town.work() as uow:
        add_domain(uow, town.place(uow, "leeds"), "leeds.example")
    sam = town.client("leeds/sam")
    page = send(sam, "leeds", "claim", "leeds.example")
    assert "leeds.example, entered by the people who run this hub" in page
    zone.texts["_knowledge-hub.leeds.example"] = [f"knowledge-hub={value_on(page)}"]
    assert "leeds.example, proved on" in send(sam, "leeds", "check", "leeds.example")
    assert "not proved yet" in send(sam, "leeds", "claim", "b.example")
    assert "not proved yet" not in send(sam, "leeds", "drop", "b.example")
