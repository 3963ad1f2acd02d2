"""Where the tables below the nouns keep what decides, and what history keeps of places, grants and groups."""

from sqlalchemy import and_, case, func

from acl.directory import GONE, ROOT
from acl.visibility import joined
from acl.vocabulary import GUEST, HOME, PERSON
from acl.vocabulary import PEOPLE as STAFF_OF
from hub.access.models import Grant, GroupMember, Person, Place
from hub.things.columns import Columns
from hub.things.history import keep
from hub.things.kept import Kept, kept_of
from hub.things.models import Past

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
    between=case((Person.kind == "guest", ""), else_=STAFF_OF + Person.organisation_id),
)
"""Of people: each is judged by their page, which lies under their organisation, that of staff among its people.

`Person.judged` says the same.
"""

_PAGES = kept_of(Place, HOMES, Place.kind.in_(("organisation", "space")))
_TREE = Kept(
    model=Place,
    prefix="",
    keys=(Place.id,),
    values={
        "kind": Place.kind,
        "place_id": func.coalesce(Place.parent_id, ""),
        "organisation_id": func.coalesce(Place.organisation_id, ""),
        "owner": case((Place.kind == "folder", Place.owner), else_=""),
        "ms": case((Place.kind == "folder", Place.ms), else_=""),
        "audience": Place.audience,
        "voices": Place.voices,
        "path": Place.path,
        "blocked": Place.blocked_at.is_not(None),
    },
    only=Place.id != ROOT,
    same=Place.id == Past.node,
    kinds=("organisation", "space", "folder", GONE),
    whole=True,
)
PLACES_KEPT = (_PAGES, _TREE)
"""Of organisations, spaces and folders: their pages, and the tree, in which a place stays until nothing lies in it."""
_GRANTS = Kept(
    model=Grant,
    prefix="grants:",
    keys=(Grant.id,),
    values={
        "place_id": Grant.node,
        "organisation_id": Grant.organisation_id,
        "owner": Grant.principal,
        "ms": "",
    },
    only=Grant.ended_at.is_(None),
    same=and_(Past.node.startswith("grants:"), Grant.id == func.substr(Past.node, len("grants:") + 1)),
)
_MEMBERS = Kept(
    model=GroupMember,
    prefix="member:",
    keys=(GroupMember.group_id, GroupMember.person_id),
    values={"place_id": GroupMember.group_id, "organisation_id": "", "owner": GroupMember.person_id, "ms": ""},
    same=and_(
        Past.node.startswith("member:"), GroupMember.group_id == Past.place_id, GroupMember.person_id == Past.owner
    ),
)
GIVEN_KEPT = (_GRANTS, _MEMBERS)
"""What history keeps beside the kinds: what was given, and who was in which group."""
keep(*GIVEN_KEPT)
