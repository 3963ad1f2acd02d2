"""The policy snapshot that this process decides with, brought up to the database's generation before it answers."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.directory import ROOT, PlaceTree, Subject
from acl.directory import Place as Node
from acl.rules import PolicyError
from acl.store import PolicyFile, Snapshot, Store, adopt
from hub.access.crowd import Crowd, Directory, stamp_of
from hub.access.known_place import KnownPlace
from hub.access.models import GonePlace, HubState, Person, Place, PolicyText
from hub.access.subjects import load_subjects
from hub.ground.db import Database
from hub.ground.errors import Unavailable

SUBJECTS_KEPT = 5_000
RULES_KEPT = 50_000
"""Grants of all those together: some 200 bytes each."""


class InForce(Protocol):
    """Policies and people as a session's view of the database has them."""

    def latest(self, session: Session) -> Snapshot:
        """The snapshot that is in force."""

    def crowd(self, session: Session) -> Crowd:
        """All active people."""


class Snapshots:
    """Holds the process's snapshot, and the subjects loaded with it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store: Store | None = None
        self._lock = threading.Lock()
        self._subjects: OrderedDict[tuple[str, int], Subject] = OrderedDict()
        self._rules = 0
        self._directory: Directory | None = None

    def at_least(self, generation: int) -> Snapshot:
        """The snapshot of that generation or a later one; loads what has changed since the one at hand."""
        store = self._store
        if store is not None and store.current.generation >= generation:
            return store.current
        with self._lock:
            if self._store is None:
                self._store = Store(self._load(None))
            elif self._store.current.generation < generation:
                self._store.put(self._load(self._store.current))
            current = self._store.current
        if current.generation < generation:
            raise Unavailable("The hub's policies cannot be read at the moment. Try again in a minute.")
        return current

    def latest(self, session: Session) -> Snapshot:
        """The snapshot that is in force in the session's view of the database."""
        return self.at_least(generation_of(session))

    def subject(self, session: Session, person: Person) -> Subject:
        """The person as acl sees them, loaded once for each of their epochs."""
        return self.subjects(session, (person,))[person.id]

    def subjects(self, session: Session, people: Sequence[Person]) -> dict[str, Subject]:
        """The same of several, by their ids: those that are not at hand are loaded together."""
        known = {person.id: self._subjects.get((person.id, person.access_epoch)) for person in people}
        fresh = load_subjects(session, [person for person in people if known[person.id] is None])
        with self._lock:
            for person in people:
                if person.id in fresh:
                    self._keep((person.id, person.access_epoch), fresh[person.id])
        return {key: subject for key, subject in (known | fresh).items() if subject is not None}

    def _keep(self, key: tuple[str, int], subject: Subject) -> None:
        gone = self._subjects.pop(key, None)
        self._subjects[key] = subject
        self._rules += len(subject.grants) - (len(gone.grants) if gone else 0)
        while len(self._subjects) > SUBJECTS_KEPT or (self._rules > RULES_KEPT and len(self._subjects) > 1):
            self._rules -= len(self._subjects.popitem(last=False)[1].grants)

    def crowd(self, session: Session) -> Crowd:
        """All active people as the session's view of the database has them; loaded once for each state of them."""
        stamp, found = stamp_of(session), self._directory
        if found is None or found.stamp != stamp:
            found = self._directory = Directory(session, stamp)
        return Crowd(found, session)

    def _load(self, known: Snapshot | None) -> Snapshot:
        """One transaction, so that texts and tree are of one generation."""
        with self._database.reading() as session:
            generation = generation_of(session)
            since = known.generation if known else -1
            places = session.scalars(select(Place).where(Place.generation > since)).all()
            gone = session.scalars(select(GonePlace.id).where(GonePlace.generation > since)).all() if known else ()
            texts = session.scalars(select(PolicyText).where(PolicyText.generation > since)).all()
        nodes = [as_node(place) for place in places if place.id != ROOT]
        files = {text.name: _accepted(text) for text in texts}
        if known is None:
            return Snapshot(files, PlaceTree(nodes), generation)
        left = [node for node in gone if known.tree.get(node)]  # one that came and went meanwhile is not there
        moved = known.with_places(nodes, left, generation) if nodes or left else known
        return moved.with_files(files, generation)


def _accepted(text: PolicyText) -> PolicyFile:
    try:
        return adopt(text.name, text.text, text.scope)
    except PolicyError as error:  # it was accepted once: this hub is older than the one that did
        raise Unavailable(f"The accepted policy {text.name} cannot be read by this version of the hub.") from error


def generation_of(session: Session) -> int:
    """The policy generation in the session's view of the database."""
    return session.execute(select(HubState.policy_generation)).scalar_one()


def as_node(place: Place) -> Node:
    """A place as acl's tree knows it."""
    told = KnownPlace.of(place)
    return Node(place.id, place.parent_id, place.path, place.kind, place.audience, told, voices=place.voices_in_force)
