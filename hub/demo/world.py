"""The demo world as plain values: organisations, groups, people, places, grants, documents and talk. No tables.

Names and codes of the councils are facts (ONS, GOV.UK; Open Government Licence v3). Everything else, the firms, the
people and every sentence of the documents, is invented.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from hub.demo.talks import DemoTalk

GUEST = "guest"
STAFF = "staff"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation taking part. `code` is its GSS code, empty for a firm; `kind` is `council` or `supplier`."""

    slug: str
    name: str
    short: str
    kind: str
    code: str
    domain: str
    contact: str


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A group of staff; `handle` is `organisation/name`."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in. `line` says in one sentence what makes them worth being."""

    handle: str
    name: str
    role: str
    line: str
    groups: tuple[str, ...] = ()
    kind: str = STAFF
    shown: bool = False
    """Whether the demo suggests this person on its first lines of help."""

    @property
    def organisation(self) -> str:
        """Slug of the organisation that they sign in through."""
        return self.handle.partition("/")[0]

    @property
    def principal(self) -> str:
        """The word that policy uses for them: `person:leeds/sam-okafor` or `guest:acme/maria-lopez`."""
        return f"{'guest' if self.kind == GUEST else 'person'}:{self.handle}"

    @property
    def email(self) -> str:
        """An address under a domain reserved for documentation (RFC 2606), so that no mail can go astray."""
        slug, _, name = self.handle.partition("/")
        return f"{name.replace('-', '.')}@{slug}.example"

    @property
    def subject(self) -> str:
        """The issuer's stable and opaque `sub` for this person."""
        return hashlib.sha256(f"demo subject {self.handle}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A space or a folder. `audience` is empty for a folder; `managers` are principals."""

    path: str
    name: str
    about: str
    audience: str = ""
    managers: tuple[str, ...] = ()
    marking: str = "OFFICIAL"
    state: str = "published"
    services: tuple[str, ...] = ()
    """The words of the services that a space is about."""
    voices: str = ""
    """Who may write in a space; empty is what is usual."""

    @property
    def kind(self) -> str:
        """`space` or `folder`."""
        return "space" if self.audience else "folder"

    @property
    def parent(self) -> str:
        """Path of the place that holds it."""
        return self.path.rpartition("/")[0]

    @property
    def organisation(self) -> str:
        """Slug of the organisation that it lies under."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True)
class DemoGrant:
    """A membership, share or guest admission. `until` is the last valid day; guests always have one, and a sponsor."""

    principal: str
    role: str
    place: str
    reason: str
    until: date | None = None
    sponsor: str = ""


@dataclass(frozen=True, slots=True)
class DemoRevision:
    """One revision of a document: when, by whom (handle), why, and the whole text (Markdown) as it then was."""

    on: date
    by: str
    note: str
    body: str


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A document of the demo, oldest revision first. `file_name` and `file` are given for a table beside it (CSV).

    `format` is what its text, or table, is stored as (`hub/demo/formats.py`); empty: as Markdown, or CSV as it is.
    """

    key: str
    place: str
    title: str
    type: str
    marking: str
    state: str
    owner: str
    revisions: tuple[DemoRevision, ...]
    file_name: str = ""
    file: bytes = b""
    format: str = ""
    fresh: int = 0
    """How many days before the demo is made its last revision is dated; 0: on the day that the revision says."""

    @property
    def organisation(self) -> str:
        """Slug of the organisation that it lies under."""
        return self.place.partition("/")[0]


@dataclass(frozen=True)
class World:
    """All of it, each part in the order in which it can be written (parents before children)."""

    organisations: tuple[DemoOrganisation, ...]
    groups: tuple[DemoGroup, ...]
    people: tuple[DemoPerson, ...]
    places: tuple[DemoPlace, ...]
    grants: tuple[DemoGrant, ...]
    documents: tuple[DemoDocument, ...] = field(repr=False)
    talks: tuple[DemoTalk, ...] = field(repr=False)
    policies: dict[str, str] = field(repr=False)
    """Text of each policy file by its name: `platform.csv`, `organisations/leeds.csv` …"""

    def people_of(self, slug: str) -> tuple[DemoPerson, ...]:
        """The people who sign in through one organisation, those worth being first at the top."""
        return tuple(person for person in self.people if person.organisation == slug)
