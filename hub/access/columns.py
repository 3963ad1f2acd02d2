"""Where the tables of places keep what decides."""

from sqlalchemy import case

from acl.visibility import joined
from acl.vocabulary import GUEST, HOME, PERSON
from hub.access.models import Person, Place
from hub.things.columns import Columns

HOMES = Columns(
    id=Place.id, place=Place.id, ms=Place.ms, organisation=Place.organisation_id, owner=Place.owner, node_prefix=HOME
)
"""Of organisations and spaces: each is judged by its home page, a child of its own node."""
FOLDERS = Columns(id=Place.id, place=Place.id, ms=Place.ms, organisation=Place.organisation_id, owner=Place.owner)
"""Of folders."""
PEOPLE = Columns(
    id=Person.id,
    place=Person.organisation_id,
    ms=case((Person.status == "active", joined("OFFICIAL", "published")), else_=joined("OFFICIAL", "withdrawn")),
    organisation=Person.organisation_id,
    owner=case((Person.kind == "guest", GUEST + Person.handle), else_=PERSON + Person.handle),
    node_prefix="profile:",
)
"""Of people: each is judged by their page, which lies under their organisation (`Person.judged` says the same)."""
