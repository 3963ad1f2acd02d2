"""With whom a document is shared by name, as its page tells those who manage it: the newest of them."""

from sqlalchemy import literal, or_, select

from acl.vocabulary import GROUP, ORGANISATION, SOMEBODY
from hub.access.models import Grant, Group, Place
from hub.access.viewer import Viewer
from hub.features.documents.pages import SharedWith
from hub.nouns.documents.models import Document
from hub.nouns.people.queries import NOBODY, named
from hub.web.pages import Who

NEWEST = 3


def shared_with(viewer: Viewer, document: Document) -> tuple[SharedWith, ...]:
    """The newest to whom it was given by name and whose last day has not passed. Two questions at most."""
    lasts = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= viewer.today)
    rows = viewer.session.execute(
        select(Grant, Group.name, Place.name)
        .outerjoin(Group, literal(GROUP) + Group.handle == Grant.principal)
        .outerjoin(Place, (literal(ORGANISATION) + Place.path == Grant.principal) & (Place.kind == "organisation"))
        .where(Grant.node == document.node, lasts)
        .order_by(Grant.created_at.desc(), Grant.id)
        .limit(NEWEST)
    ).all()
    words = {grant.principal for grant, _, _ in rows if grant.principal.startswith(SOMEBODY)}
    people = named(viewer, words) if words else {}
    return tuple(
        SharedWith(
            people.get(grant.principal, Who(group or f"Everyone at {place}") if group or place else NOBODY), grant.until
        )
        for grant, group, place in rows
    )
