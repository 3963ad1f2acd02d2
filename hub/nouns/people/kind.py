"""What a person is to the hub: each is judged by their page."""

from hub.access.columns import PEOPLE
from hub.access.models import Person
from hub.nouns.people.index_entries import person_entries
from hub.things.kind import Face, Kind


def _face(person: Person) -> Face:
    return Face(
        title=person.name,
        href=f"/people/{person.handle}",
        lies_at=person.organisation_id,
        changed=person.created_at,
    )


PERSON = Kind(
    prefix="person",
    word="person",
    many="people",
    model=Person,
    columns=PEOPLE,
    listed=Person.status == "active",
    face=_face,
    entries=person_entries,
)
