"""Writes the demo world through the hub's own use cases, in one transaction: it is there whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32

from sqlalchemy import select, update

from acl.directory import ROOT
from acl.vocabulary import ROLES
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.access.places import NewPlace
from hub.demo.events import EVENTS
from hub.demo.formats import FORMATS, Paper, file_name
from hub.demo.issuer_keys import load_secret
from hub.demo.issuers import CLIENT_ID, IssuerPlan
from hub.demo.profiles import PROFILES, DemoProfile
from hub.demo.sector import open_to_all
from hub.demo.talking import Talking
from hub.demo.telling import Telling
from hub.demo.world import DemoDocument, DemoGrant, DemoPlace, DemoRevision, World
from hub.features.policies.service import adopt, adopt_default
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.features.signin.service import NewIssuer, add_issuer, expect_subject
from hub.ground.clock import day_of
from hub.ground.errors import Conflict
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import AuditEntry, UnitOfWork, unit_of_work
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import NewDocument, StoredUpload, add_document, revise_document
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.people.profile_keeping import Said, keep_profile
from hub.nouns.people.service import NewGrant, NewPerson, add_group, add_member, add_person, give
from hub.nouns.spaces.service import add_folder, add_space
from hub.nouns.spaces.services import set_services

SEEDED = "demo:seed"
"""Act of the audit entry by which a demo's database is known."""
ADMINISTRATORS = "platform/administrators"
PLATFORM_ADMINISTRATOR = "leeds/ruth-adeyemi"
BEGINNING = date(2024, 1, 2)
_SAID = ("team", "place", "services", "skills", "ask_about", "learning", "languages", "working_days", "contact",
         "reach_for", "called")  # fmt: skip
_DESCRIPTIONS = {"council": "Council", "supplier": "Partner firm (invented)"}
_WRITING_ROLES = frozenset({"manager", "editor"})


def seed(parts: Parts, world: World, plan: IssuerPlan) -> bool:
    """Write the world where it is not yet; returns whether it did. Raises Conflict in a hub that is no demo."""
    if is_seeded(parts):
        return False
    uploads = _upload_all(parts, world)
    with unit_of_work(parts.database, parts.clock) as uow:
        if uow.session.scalar(select(AuditEntry.id).where(AuditEntry.act == SEEDED)):
            return False  # another start was faster
        _Seeding(parts, world, plan, uow, uploads).write()
        uow.record(SEEDED)
        # written as of long ago, but waiting only since now
        uow.session.execute(update(OutboxMessage).values(created_at=uow.now))
    return True


def is_seeded(parts: Parts) -> bool:
    """Whether the hub holds the demo world. Raises Conflict when it holds something else."""
    with parts.database.reading() as session:
        if session.scalar(select(AuditEntry.id).where(AuditEntry.act == SEEDED).limit(1)):
            return True
        if session.scalar(select(Place.id).where(Place.kind == "organisation").limit(1)):
            raise Conflict(
                "This folder holds a hub that is not a demo, and a demo would let anyone sign in as anyone. "
                "Give the demo a folder of its own: HUB_DATA=demo-data hub demo."
            )
    return False


def issuer_ids(parts: Parts) -> dict[str, str]:
    """The id of each organisation's issuer, by the organisation's slug."""
    with parts.database.reading() as session:
        rows = session.execute(select(Place.path, Issuer.id).join(Issuer, Issuer.organisation_id == Place.id))
        return {path: issuer_id for path, issuer_id in rows}  # noqa: C416  # rows are no pairs to mypy


def move_issuers(parts: Parts, plan: IssuerPlan) -> None:
    """Follow the demo's issuers to another port: their names hold it, and so does every identity they vouch for."""
    with unit_of_work(parts.database, parts.clock) as uow:
        for issuer in uow.session.scalars(select(Issuer)):
            slug = uow.session.get_one(Place, issuer.organisation_id).path
            url = plan.issuer_url(slug)
            if issuer.issuer == url:
                continue
            issuer.issuer, issuer.pin, issuer.candidate, issuer.answered_at = url, "", "", None
            uow.session.execute(
                update(ExternalIdentity).where(ExternalIdentity.issuer_id == issuer.id).values(issuer=url)
            )


@dataclass
class _Seeding:
    """One run of the seed: what has been written so far, by the names that the world uses."""

    parts: Parts
    world: World
    plan: IssuerPlan
    uow: UnitOfWork
    uploads: Mapping[tuple[str, DemoRevision], StoredUpload]

    def write(self) -> None:
        start = replace(self.uow, now=_moment(BEGINNING, "beginning"))
        self.places: dict[str, Place] = {}
        self.people: dict[str, Person] = {}
        self.documents: dict[str, Document] = {}
        self._organisations(start)
        self._people(start)
        self._groups(start)
        for place in self.world.places:
            self._place(start, place)
        for grant in self.world.grants:
            self._grant(start, grant)
        self._policies(start)
        self.places |= open_to_all(start, self.people, self.places)
        for document in self.world.documents:
            self._document(document)
        talking = Talking(self.parts, self.uow, self.people, self.places, self.documents)
        for talk in self.world.talks:
            talking.write(talk)
        Telling(talking).write()
        for event in EVENTS:
            talking.announce(event)
        talking.end()
        for profile in PROFILES:
            self._profile(profile)

    def _profile(self, profile: DemoProfile) -> None:
        person, today = self.people.get(profile.handle), day_of(self.uow.now)
        if person is None:  # a smaller world
            return
        first, last = (today + timedelta(days=days) for days in profile.away) if profile.away else (None, None)
        stand_in = self.people.get(profile.stand_in)
        said = Said(
            **{name: getattr(profile, name) for name in _SAID},
            job=person.job_title,
            away_from=first,
            away_until=last,
            stand_in_id=stand_in.id if stand_in else None,
        )
        keep_profile(self.uow, person, said)

    def _organisations(self, uow: UnitOfWork) -> None:
        addresses = {person.handle: person.email for person in self.world.people}
        for organisation in self.world.organisations:
            new = NewOrganisation(
                slug=organisation.slug,
                name=organisation.name,
                kind=organisation.kind,
                description=_DESCRIPTIONS[organisation.kind],
                code=organisation.code,
                contact=addresses[organisation.contact],
                domains=(organisation.domain,),
            )
            place = self.places[organisation.slug] = add_organisation(uow, new)
            secret = load_secret(self.plan.folder, organisation.slug)
            add_issuer(
                uow, self.parts, place, NewIssuer(self.plan.issuer_url(organisation.slug), CLIENT_ID, secret=secret)
            )

    def _people(self, uow: UnitOfWork) -> None:
        for person in self.world.people:
            new = NewPerson(person.handle, person.name, person.email, person.role, person.kind)
            found = self.people[person.handle] = add_person(uow, self.places[person.organisation], new)
            expect_subject(uow, found, person.subject, by=ROOT)

    def _groups(self, uow: UnitOfWork) -> None:
        groups = {}
        for group in self.world.groups:
            place = self.places[group.handle.partition("/")[0]]
            groups[group.handle] = add_group(uow, place, group.handle, group.name)
        for person in self.world.people:
            for handle in person.groups:
                add_member(uow, groups[handle], self.people[person.handle])
        root = uow.session.get_one(Place, ROOT)
        platform = add_group(uow, root, ADMINISTRATORS, "Platform administrators")
        add_member(uow, platform, self.people[PLATFORM_ADMINISTRATOR])

    def _place(self, uow: UnitOfWork, place: DemoPlace) -> None:
        add = add_space if place.kind == "space" else add_folder
        new = NewPlace(
            kind=place.kind,
            slug=place.path.rpartition("/")[2],
            name=place.name,
            marking=place.marking,
            audience=place.audience,
            description=place.about,
            voices=place.voices,
        )
        self.places[place.path] = add(uow, self.places[place.parent], new)
        if place.services:
            set_services(uow, self.places[place.path], place.services)
        for manager in place.managers:
            self._grant(uow, DemoGrant(manager, "manager", place.path, "Manages the space"))

    def _grant(self, uow: UnitOfWork, grant: DemoGrant) -> None:
        place = self.places[grant.place]
        giver = grant.sponsor or self._manager_of(grant.place)
        new = NewGrant(
            principal=grant.principal,
            can=ROLES[grant.role],
            node=place.id,
            organisation_id=place.organisation_id or "",
            given_by=giver,
            source="guest" if grant.principal.startswith("guest:") else "membership",
            reason=grant.reason,
            state="any" if grant.role in _WRITING_ROLES else "published",
            until=grant.until,
        )
        give(uow, new)

    def _manager_of(self, path: str) -> str:
        """Handle of the first manager of the place, or of the nearest one above it."""
        managers = {place.path: place.managers for place in self.world.places}
        while not managers[path]:
            path = path.rpartition("/")[0]
        return managers[path][0].partition(":")[2]

    def _policies(self, uow: UnitOfWork) -> None:
        for name, text in self.world.policies.items():
            adopt(uow, name, text, "demo")
        for organisation in self.world.organisations:
            if f"organisations/{organisation.slug}.csv" not in self.world.policies:
                adopt_default(uow, self.places[organisation.slug], "demo")

    def _document(self, document: DemoDocument) -> None:
        first, *later = document.revisions
        row = add_document(self._by(first, document), self.places[document.place], self._new(document, first))
        for number, revision in enumerate(later, start=1):
            revise_document(self._by(revision, document), row, number, self._new(document, revision))
        self.documents[f"{document.place}/{document.key}"] = row

    def _by(self, revision: DemoRevision, document: DemoDocument) -> UnitOfWork:
        last = revision is document.revisions[-1]
        day = self.parts.today - timedelta(days=document.fresh) if document.fresh and last else revision.on
        return replace(self.uow, now=_moment(day, document.key), actor=revision.by)

    def _new(self, document: DemoDocument, revision: DemoRevision) -> NewDocument:
        person = self.people[document.owner if revision is document.revisions[0] else revision.by]
        return NewDocument(
            title=document.title,
            marking=document.marking,
            state=document.state,
            owner=person.subject_id,
            body="" if document.file_name or document.format else revision.body,
            file=self.uploads.get((document.key, revision)),
            note=revision.note,
        )


def introductions(world: World) -> Iterable[tuple[str, str, str]]:
    """Organisation, person and what makes them worth being, for those whom a newcomer should meet first."""
    names = {organisation.slug: organisation.short for organisation in world.organisations}
    for person in world.people:
        if person.shown:
            yield names[person.organisation], person.name, person.line


def _upload_all(parts: Parts, world: World) -> dict[tuple[str, DemoRevision], StoredUpload]:
    """Every document that is a file, by its key and revision: in the store before the transaction begins."""
    mails = {person.handle: f"{person.name} <{person.email}>" for person in world.people}
    return {
        (document.key, revision): _upload(parts, document, revision, mails[revision.by])
        for document in world.documents
        if document.file_name or document.format
        for revision in document.revisions
    }


def _upload(parts: Parts, document: DemoDocument, revision: DemoRevision, author: str) -> StoredUpload:
    if not document.format:
        stored = parts.files.put([document.file], limit=parts.upload_limit)
        return StoredUpload(stored.hash, document.file_name, stored.size, "spreadsheet")
    write, kind = FORMATS[document.format]
    body = document.file.decode() if document.file_name else revision.body
    made = write(Paper(document.title, body, author, revision.on))
    stored = parts.files.put([made], limit=parts.upload_limit)
    return StoredUpload(stored.hash, file_name(document.title, document.format), stored.size, kind)


def _moment(day: date, key: str) -> datetime:
    """A working hour of that day, the same at every seeding."""
    minutes = crc32(key.encode()) % (8 * 60)
    return datetime.combine(day, time(8 + minutes // 60, minutes % 60), tzinfo=UTC)
