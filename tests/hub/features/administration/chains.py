"""A small hub for chains of acts: Mal administers Leeds, and others of Leeds hold what Mal may not come by.

York's canaries and the hub itself are what Mal must not reach. Whom Mal can be: by each link that a page showed, by the
subjects that Mal's tables named, and, once Mal has changed how Leeds signs in, as anybody of Leeds.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from acl.directory import ROOT, Subject
from acl.gate import Gate
from acl.visibility import Object, checker
from federation.discovery import Metadata
from federation.errors import FederationError
from federation.validate import IdToken
from hub.access.holds import Beyond, beyond_of
from hub.access.judged import judge_root
from hub.access.models import Person, Place
from hub.access.snapshots import Snapshots
from hub.audience.sealing import SEEN, seal
from hub.features.administration.seals import standing_of
from hub.features.administration.service import administrators_of
from hub.features.policies.service import adopt_default, adopt_platform_default
from hub.features.signin.identities import recognise
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.mail.models import SentLetter
from hub.nouns.documents.models import Document
from hub.nouns.people.service import add_group, add_member
from tests.hub.features.signin.browser import SignInWorld

LINK = re.compile(r"/sign-in\?link=([\w-]+)")
HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([\w-]+)" value="([^"]*)">')
EVIL = "mal@elsewhere.example"
Right = tuple[str, str]
LEEDS = ("bo", "una", "ruth", "nia", "pip", "gil", "hal", "ivy", "kit", "newcomer")
BOUND = {"leeds/mal", "leeds/bo", "leeds/ruth", "leeds/gil", "leeds/ivy", "acme/gus", "york/yara"}


class Chains(SignInWorld):
    """The world of Mal, and what Mal has come by."""

    secrets: dict[str, str]
    """Secret of a link -> slug of the organisation through which one signs in with it."""
    subjects: set[str]
    been: set[str]
    """Handles of those whom Mal has been."""
    changed: bool
    """Whether Mal has changed how Leeds signs in."""

    def build(self) -> None:
        """People it, as it stands before Mal does anything."""
        self.app.config["WTF_CSRF_ENABLED"] = False
        for slug, kind in (("leeds", "council"), ("york", "council"), ("acme", "supplier")):
            self.add_organisation(slug, kind=kind)
            with self.work() as uow:
                adopt_default(uow, self.place(uow, slug), "test")
            self.add_issuer(slug, f"https://login.{slug}.example")
        with self.work() as uow:
            adopt_platform_default(uow)
        for slug in ("merger", "flood", "rota"):
            self.add_space(f"york/{slug}", "confidential")
            self.add_document(f"york/{slug}", f"Canary of {slug}", owner="person:york/yara")
        self.add_space("york/news", "restricted")
        self.add_document("york/news", "Canary for officers", marking="PUBLIC", owner="person:york/yara")
        self.add_space("leeds/tenders", "restricted")
        self.add_person("leeds/mal", "leeds/administrators")
        self.add_person("york/yara", "york/administrators")
        for own in LEEDS[:-1]:
            self.add_person(f"leeds/{own}")
        self._groups()
        self._policies()
        for handle in ("acme/maria", "acme/gus"):
            self.add_person(handle, kind="guest")
            self.give(f"guest:{handle}", "read", "york/flood", until=date(2030, 1, 1), source="guest")
        for handle in ("leeds/gil", "leeds/hal", "leeds/ivy"):
            self.give(f"person:{handle}", "edit", "york/flood")
        self._sign_ins()
        self.set_status("leeds/ivy", "left")

    def _groups(self) -> None:
        self.add_person("leeds/officer", "leeds/officers")
        with self.work() as uow:
            hubs = administrators_of(uow, uow.session.get_one(Place, ROOT))
            for handle in ("leeds/ruth", "leeds/pip"):
                add_member(uow, hubs, self.person(uow, handle))
        with self.work() as uow:
            hubbers = add_group(uow, self.place(uow, "leeds"), "leeds/hubbers", "Hubbers")
            add_member(uow, hubbers, self.person(uow, "leeds/kit"))

    def _policies(self) -> None:
        self.set_policy(
            "platform",
            "allow,group:platform/administrators,administer,*,any,any,-,The people who run the hub",
            "allow,group:leeds/hubbers,edit,york/rota,any,any,-,They help everybody with rotas",
            "allow,group:leeds/helpers,edit,york/rota,any,any,-,They will help everybody with rotas",
        )
        self.set_policy(
            "york",
            "allow,group:york/administrators,administer,york,any,any,-,They look after it",
            "allow,person:leeds/nia,edit,york/merger,any,any,-,Nia leads the merger",
            "allow,person:leeds/newcomer,read,york/merger,any,any,-,Who comes next helps her",
            "allow,group:leeds/officers,read,york,only PUBLIC,any,-,Officers of Leeds read what is public",
        )

    def _sign_ins(self) -> None:
        with self.work() as uow:
            for issuer in uow.session.scalars(select(Issuer)):
                says = Metadata(issuer.issuer, f"{issuer.issuer}/a", f"{issuer.issuer}/t", f"{issuer.issuer}/k",
                                "", "", False, True, ("ES256",), ("client_secret_basic",))  # fmt: skip
                issuer.pin = json.dumps(says.to_json())
            for handle in sorted(BOUND):
                person = self.person(uow, handle)
                where = uow.session.scalars(select(Issuer).where(Issuer.organisation_id == person.organisation_id))
                issuer = where.one()
                uow.session.add(
                    ExternalIdentity(
                        id=f"i{handle.replace('/', '-')}",
                        person_id=person.id,
                        issuer_id=issuer.id,
                        issuer=issuer.issuer,
                        subject=handle,
                        bound_by="link",
                        created_at=uow.now,
                        last_seen_at=uow.now,
                    )
                )

    # how a run begins

    def begin(self, template: Path) -> None:
        """Put the database back to how it was built, and forget what Mal came by."""
        target = Path(self.parts.database.url.database or "")
        self.parts.database.engine.dispose()
        with sqlite3.connect(template) as source, sqlite3.connect(target) as here:
            source.backup(here)
        object.__setattr__(self.parts, "snapshots", Snapshots(self.parts.database))
        self.secrets, self.subjects, self.been, self.changed = {}, set(), {"leeds/mal"}, False
        self.browsers: dict[str, FlaskClient] = {}

    # what anybody does

    def post(self, actor: str, path: str, **fields: str) -> str:
        """Send a form as somebody; what the page says is kept for the links in it, where Mal reads it."""
        if actor not in self.browsers:
            self.browsers[actor] = self.client(actor)
        if path.endswith("/link"):  # what a page would show is no secret: nobody is kept out by that alone
            fields = fields | {SEEN: self.shown(path)}
        answer = self.browsers[actor].post(path, data=fields)
        if answer.status_code == 200 and path.endswith(("/add", "/remove")) and "person" in fields:  # it is asked
            answer = self.browsers[actor].post(path, data=fields | dict(HIDDEN.findall(unescape(answer.text))))
        if answer.status_code == 303:
            answer = self.browsers[actor].get(answer.location, follow_redirects=True)
        assert answer.status_code < 500, (path, fields, answer.text[:2_000])
        text = unescape(answer.text)
        if actor in self.been:
            firm = "acme" if "/guests/" in path else urlsplit(path).path.split("/")[2]
            self.secrets.update(dict.fromkeys(LINK.findall(text), firm))
        return text

    def shown(self, path: str) -> str:
        """The seal of somebody's page of administration, as whoever knows them can make it; empty for nobody."""
        _, _, slug, _, name, *_ = path.split("/")
        with self.parts.database.reading() as session:
            found = session.scalar(select(Person).where(Person.handle == f"{slug}/{name}"))
        return seal(standing_of(found)) if found else ""

    def mal(self, path: str, **fields: str) -> str:
        """Send a form of Leeds' administration as Mal."""
        return self.post("leeds/mal", f"/admin/leeds{path}", **fields)

    def agree(self, path: str, fields: dict[str, str], **agreed: str) -> str:
        """Send a form as Mal, then what the page that answers asks to be agreed to."""
        asked = self.post("leeds/mal", path, **fields)
        return self.post("leeds/mal", path, **fields | dict(HIDDEN.findall(asked)) | agreed)

    def sign_in_as_far_as_possible(self) -> None:
        """Be everybody whom Mal can be by now, with the links in letters to Mal's address too."""
        with self.parts.database.reading() as session:
            for letter in session.scalars(
                select(SentLetter).where(SentLetter.address == EVIL, SentLetter.secret != "")
            ):
                self.secrets.update(dict.fromkeys(LINK.findall(self.parts.keys.decrypt(letter.secret)), "leeds"))
        for number, (secret, slug) in enumerate(sorted(self.secrets.items())):
            self._come_in(slug, f"mal-{number}-{secret[:8]}", secret)
        for subject in sorted(self.subjects):
            self._come_in("leeds", subject)
        if self.changed:
            for handle in sorted(h for h in BOUND if h.startswith("leeds/")):
                self._come_in("leeds", handle)

    def _come_in(self, slug: str, subject: str, link: str = "") -> None:
        with suppress(FederationError), self.work() as uow:
            wanted = select(Issuer).where(Issuer.organisation_id == self.place(uow, slug).id)
            issuer = uow.session.scalars(wanted).one()
            token = IdToken(issuer.issuer, subject, {"sub": subject}, "")
            self.been.add(recognise(uow, self.parts, issuer, token, link).handle)

    # what they may

    @contextmanager
    def looking(self) -> Iterator[tuple["Chains", dict[str, Subject]]]:
        """The subjects of everybody whom Mal has been."""
        with self.parts.database.reading() as session:
            people = session.scalars(select(Person).where(Person.handle.in_(self.been))).all()
            by_id = {person.id: person.handle for person in people}
            found = self.parts.snapshots.subjects(session, people)
            yield self, {by_id[key]: subject for key, subject in found.items()}

    def objects(self) -> dict[str, Object]:
        """What lies beyond Leeds: the hub itself, York, its canaries."""
        with self.parts.database.reading() as session:
            snapshot = self.parts.snapshots.latest(session)
            found: dict[str, Object] = {"the hub": judge_root()}
            for document in session.scalars(select(Document)):
                judged = document.judged(snapshot)
                assert judged is not None
                found[document.title] = judged
            return found

    def rights(self, subjects: dict[str, Subject]) -> set[Right]:
        """What these may do beyond Leeds: action and thing."""
        with self.parts.database.reading() as session:
            gate = Gate(self.parts.snapshots.latest(session), self.parts.today)
        things = self.objects()
        found = set()
        for subject in subjects.values():
            for action in ("read", "edit", "manage", "administer"):
                check = checker(gate.visible(subject, action))
                found |= {(action, name) for name, thing in things.items() if check(thing)}
        return found

    def reached(self) -> set[Right]:
        """What Mal has come by."""
        with self.looking() as (_, subjects):
            return self.rights(subjects)

    def legitimate(self) -> set[Right]:
        """What those of Leeds may whom nobody else gave anything, were they in every group that Leeds decides about."""
        with self.parts.database.reading() as session:
            people = session.scalars(select(Person).where(Person.handle.startswith("leeds/"))).all()
            snapshot = self.parts.snapshots.latest(session)
            beyond = beyond_of(session, snapshot, people)
            subjects = self.parts.snapshots.subjects(session, people)
            plain = {p.handle: subjects[p.id] for p in people if beyond[p.id] == Beyond()}
        own = {"group:leeds/officers", "group:leeds/administrators"}
        return self.rights({handle: replace(one, holds=one.holds | own) for handle, one in plain.items()})
