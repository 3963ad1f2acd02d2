"""What a person is to the hub: staff and guests alike, each judged by their page, which lies under their organisation.

Someone who is suspended or has left is not to be found by anyone.
"""

from hub.access.columns import PEOPLE
from hub.access.models import Person
from hub.nouns.people.profiles import words_of
from hub.things.kind import Kind
from hub.things.thing import Face


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
    bodies=words_of,
)
