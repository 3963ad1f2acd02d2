"""A town: a hub of working size, written many rows at a time, and the people who look at it.

What takes minutes to fill is kept in `.cache/bench` between runs, by its size and by whatever it is made from.
"""

import hashlib
import itertools
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from acl.visibility import joined
from bench.corpus import Corpus
from config.settings import Settings
from hub.access.login import start_session
from hub.access.models import Grant, Person
from hub.access.parts import Parts
from hub.access.places import NewPlace
from hub.app import build_parts
from hub.features.policies.service import adopt, default_text, file_of
from hub.features.policies.service import adopt_platform_default as platform_default
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.ground.schema import HEAD, migrate
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.spaces.service import add_space
from hub.running.indexing import rebuild

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TYPES = ("markdown", "pdf", "word", "spreadsheet", "mail")
FULLEST = "council-0/space-0"
AT_ONCE = 2_000


@dataclass(frozen=True)
class Size:
    """How large a town is. Each of the `lookers` has so many grants, of which one lets them edit the fullest space."""

    documents: int = 20_000
    people: int = 5_000
    rules: int = 0
    """Lines of policy beside those of the defaults."""
    organisations: int = 40
    spaces_each: int = 25
    lookers: int = 128
    grants: int = 301
    crowded: int = 5_000
    """Documents of the fullest space."""
    members: int = 2_000
    """Its members."""

    @property
    def handles(self) -> list[str]:
        """The people who look; the first one manages the fullest space."""
        return [f"council-{number % self.organisations}/looker-{number}" for number in range(self.lookers)]


SMALL = Size()
LARGE = Size(documents=200_000, people=50_000, rules=100_000)


@contextmanager
def town_of(size: Size) -> Iterator[Path]:
    """The data folder of such a town on SQLite and the embedded engine, to be used and thrown away."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(_kept(size), data)
        yield data


def _kept(size: Size) -> Path:
    home = CACHE / hashlib.sha256(f"{size} {HEAD} {_sources()}".encode()).hexdigest()[:16]
    if not home.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="filling-", dir=CACHE) as folder:
            made = Path(folder) / "data"
            parts = founded(Settings(data=made), size)
            parts.engine.close()
            parts.database.close()
            made.rename(home)
    return home


def _sources() -> str:
    digest = hashlib.sha256()
    for path in (Path(__file__), ROOT / "bench" / "corpus.py", *sorted((ROOT / "search").rglob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def founded(settings: Settings, size: Size) -> Parts:
    """A new hub with the whole town in it, indexed; its parts are open."""
    print(f"  Filling a town of {size.documents:,} documents …", file=sys.stderr, flush=True)
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database)
    migrate(database)
    database.close()
    parts = build_parts(settings)
    _Filling(parts, size).fill(Corpus(size.documents))
    rebuild(parts)
    return parts


def cookies(app: Flask, parts: Parts, handles: Sequence[str]) -> list[str]:
    """For each of these people the cookie of a browser in which they are signed in."""
    with unit_of_work(parts.database, parts.clock) as uow:
        people = uow.session.scalars(select(Person).where(Person.handle.in_(handles))).all()
        begun = {person.handle: start_session(uow, parts, person, issuer_id=None) for person in people}
    signing = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    return [f"{name}={signing.dumps({'_user_id': begun[handle], '_fresh': True})}" for handle in handles]


@dataclass(frozen=True)
class _Space:
    id: str
    organisation_id: str
    slug: str


class _Filling:
    """Organisations and spaces by their use cases; people, grants and documents as rows, since there are many."""

    def __init__(self, parts: Parts, size: Size) -> None:
        self.parts, self.size, self.rng = parts, size, random.Random(5)
        self.spaces: list[_Space] = []

    def fill(self, corpus: Corpus) -> None:
        """Everything."""
        for number in range(self.size.organisations):
            self.organisation(number)
        self.people()
        self.documents(corpus)

    def organisation(self, number: int) -> None:
        slug, size = f"council-{number}", self.size
        with unit_of_work(self.parts.database, self.parts.clock) as uow:
            place = add_organisation(uow, NewOrganisation(slug, f"Council {number}"))
            platform_default(uow)
            text = default_text("organisation.csv", slug) + self.lines(slug, size.rules // size.organisations)
            adopt(uow, file_of(place), text, "bench")
            for which in range(size.spaces_each):
                audience = self.rng.choices(("open", "restricted", "private"), (3, 5, 2))[0]
                new = NewPlace("space", f"space-{which}", f"Space {which} of council {number}", audience=audience)
                self.spaces.append(_Space(add_space(uow, place, new).id, place.id, slug))

    def lines(self, slug: str, count: int) -> str:
        """Lines of a policy as an organisation with many teams writes them, none of them twice."""
        markings = ("any", "up to OFFICIAL", "only PUBLIC", "only OFFICIAL")
        found = itertools.product(("read", "edit"), markings, range(self.size.spaces_each), range(60))
        return "".join(
            f"allow,group:{slug}/team-{team},{can},{slug}/space-{space},{marking},published,-,Team {team}\n"
            for can, marking, space, team in itertools.islice(found, count)
        )

    def people(self) -> None:
        """Staff of every organisation, the lookers among them; the members of the fullest space; everybody's grants."""
        firms = list(dict.fromkeys((space.organisation_id, space.slug) for space in self.spaces))
        handles = [*self.size.handles, *(f"council-{n % len(firms)}/p{n}" for n in range(self.size.people))]
        ids = {slug: firm for firm, slug in firms}
        rows = [
            {"id": new_id(), "organisation_id": ids[handle.partition("/")[0]], "handle": handle, "kind": "staff",
             "created_at": NOW, "name": f"Person {number:05}"}
            for number, handle in enumerate(handles)
        ]  # fmt: skip
        fullest = self.spaces[0]
        grants = [_grant(f"person:{handle}", "read", fullest) for handle in handles[-self.size.people :]]
        grants = grants[: self.size.members]
        for number, handle in enumerate(self.size.handles):
            grants.append(_grant(f"person:{handle}", "edit" if number else "manage", fullest))
            some = self.rng.sample(self.spaces, self.size.grants - 1)
            grants += [_grant(f"person:{handle}", "read", space) for space in some]
        with unit_of_work(self.parts.database, self.parts.clock) as uow:
            uow.session.execute(insert(Person), rows)
            uow.session.execute(insert(Grant), grants)

    def documents(self, corpus: Corpus) -> None:
        """Documents of the corpus, dealt to spaces, a few to the fullest one."""
        entries, rng = corpus.entries(), self.rng
        while some := list(itertools.islice(entries, AT_ONCE)):
            documents, revisions = [], []
            for entry in some:
                space, when = rng.choice(self.spaces), NOW - timedelta(minutes=rng.randrange(5_000_000))
                space = self.spaces[0] if rng.random() < self.size.crowded / corpus.documents else space
                row = {
                    "id": new_id(), "place_id": space.id, "organisation_id": space.organisation_id,
                    "title": entry.title, "type": rng.choice(TYPES), "marking": entry.marking, "state": entry.state,
                    "ms": joined(entry.marking, entry.state), "owner": f"person:{space.slug}/p{rng.randrange(50)}",
                    "number": 1, "created_at": when, "changed_at": when,
                }  # fmt: skip
                documents.append(row)
                revisions.append(
                    {"document_id": row["id"], "number": 1, "title": entry.title, "body": entry.body,
                     "author": row["owner"], "created_at": when}
                )  # fmt: skip
            with unit_of_work(self.parts.database, self.parts.clock) as uow:
                uow.session.execute(insert(Document), documents)
                uow.session.execute(insert(Revision), revisions)


def _grant(principal: str, can: str, space: _Space) -> dict[str, object]:
    return {
        "id": new_id(), "principal": principal, "can": can, "node": space.id, "organisation_id": space.organisation_id,
        "marking": "any", "state": "published", "source": "membership", "given_by": "bench",
        "reason": "Works with us", "created_at": NOW,
    }  # fmt: skip
