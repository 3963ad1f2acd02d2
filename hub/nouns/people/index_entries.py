"""People as the search index holds them: staff and guests alike, while they are active.

A guest's page lies under the firm that they work for, so policy decides who finds them as it does for staff. Someone
who is suspended or has left is not to be found by anyone. No e-mail address: it would be found by its parts.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.access.entries import Told, entry_of
from hub.access.models import Person
from search.entry import Deletion, Entry


def person_entries(
    session: Session, snapshot: Snapshot, ids: Sequence[str], version: int
) -> Iterator[Entry | Deletion]:
    """The entry of each person of `ids`, or its deletion where they are gone or not active. One query."""
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    for person_id in ids:
        person = found.get(person_id)
        if person is None or person.status != "active":
            yield Deletion(f"person:{person_id}", version)
            continue
        told = Told(
            id=f"person:{person.id}",
            kind="person",
            title=person.name,
            body=person.job_title,
            type="person",
            changed=person.created_at,
            place=person.organisation_id,
        )
        yield entry_of(told, person.judged(snapshot), snapshot, version)
