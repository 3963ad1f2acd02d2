"""Leeds, its people with addresses, and a mail server of their own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from config.mail import Mailing, smtp_server
from hub.access.models import Person
from hub.ground.db import Database
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.jobs import letters_round
from hub.mail.models import SentLetter
from hub.mail.service import Letter, post
from tests.hub.once import Begin
from tests.hub.world import World
from tests.peers.mail_server import MailServer, free_port


class MailWorld(World):
    """A hub whose people have addresses."""

    def add_person(self, handle: str, *groups: str, **given: Any) -> str:
        """A person whose address is that of their handle, turned round."""
        found = super().add_person(handle, *groups, **given)
        organisation, _, name = handle.partition("/")
        with self.work() as uow:
            uow.session.execute(
                update(Person).where(Person.handle == handle).values(email=f"{name}@{organisation}.example")
            )
        return found

    def use(self, url: str) -> None:
        """Send through the server at an address `smtp://…`."""
        mail = Mailing(smtp_server(url), "hub@example.gov.uk", "The Hub", self.parts.mail.folder)
        self.parts = replace(self.parts, mail=mail)

    def post(self, handle: str, subject: str = "Something happened", *lines: str, **more: Any) -> str:
        """Write a letter to somebody."""
        with self.work() as uow:
            letter = Letter(to=self.person(uow, handle), subject=subject, lines=lines or ("It did.",), **more)
            return post(uow, letter, self.parts.keys)

    def person(self, uow: UnitOfWork, handle: str) -> Person:
        """Somebody, within a unit of work."""
        return self._person(uow, handle)

    def send(self) -> int:
        """What the worker does when it looks after letters once."""
        return letters_round(self.parts)

    def letters(self) -> list[SentLetter]:
        """All of them, in the order in which they were written."""
        with self.parts.database.reading() as session:
            return list(session.scalars(select(SentLetter).order_by(SentLetter.created_at, SentLetter.id)))

    def letter(self, letter_id: str) -> SentLetter:
        """One."""
        with self.parts.database.reading() as session:
            return session.get_one(SentLetter, letter_id)

    def states(self) -> list[str]:
        """Of all letters."""
        return [letter.state for letter in self.letters()]


def the_town(world: MailWorld) -> None:
    """Leeds with Ann, Sam and Helen."""
    world.add_organisation("leeds")
    for name in ("ann", "sam", "helen"):
        world.add_person(f"leeds/{name}", name=name.title())


@pytest.fixture
def town(begin: Begin, database: Database) -> MailWorld:
    return begin(the_town, database, MailWorld)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that is not started yet."""
    found = MailServer(free_port(), tmp_path)
    yield found
    found.stop()
