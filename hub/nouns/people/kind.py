"""What a person is to the hub: staff and guests alike, each judged by their page, which lies under their organisation.

Someone who is suspended or has left is not to be found by anyone. No e-mail address: it would be found by its parts.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from hub.access.columns import PEOPLE
from hub.access.models import Person
from hub.things.kind import Kind
from hub.things.thing import Face


def _face(person: Person) -> Face:
    return Face(
        title=person.name,
        href=f"/people/{person.handle}",
        lies_at=person.organisation_id,
        changed=person.created_at,
    )


def _jobs(_session: Session, people: Mapping[str, Person]) -> dict[str, str]:
    return {own: person.job_title for own, person in people.items()}


PERSON = Kind(
    prefix="person",
    word="person",
    many="people",
    model=Person,
    columns=PEOPLE,
    listed=Person.status == "active",
    face=_face,
    bodies=_jobs,
)
