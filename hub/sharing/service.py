"""Use cases of sharing. Who may is decided by the caller's gate; here, that nobody gives more than they hold."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, or_, select

from acl.directory import ROOT
from acl.renaming import names_place
from acl.store import Snapshot
from hub.access.models import Grant, Place
from hub.access.places import remove_place
from hub.documents.models import Document, PutAway
from hub.errors import Conflict
from hub.people.service import NewGrant, end_grant, give
from hub.unit_of_work import UnitOfWork


def share(uow: UnitOfWork, old: Iterable[Grant], new: NewGrant) -> Grant:
    """Give what was agreed to, in place of what the same principal had on the place before."""
    for grant in old:
        end_grant(uow, grant)
    return give(uow, new)


def delete_place(uow: UnitOfWork, place: Place) -> None:
    """Delete a place in which nothing lies, which the caller has made sure of, and end what was given on it."""
    nodes = (place.id, f"home:{place.id}")
    for grant in uow.session.scalars(select(Grant).where(Grant.node.in_(nodes), Grant.ended_at.is_(None))):
        end_grant(uow, grant)
    uow.session.execute(delete(PutAway).where(or_(PutAway.place_id == place.id, PutAway.node == place.id)))
    remove_place(uow, place)


def check_unnamed(snapshot: Snapshot, place: Place) -> None:
    """Raise Conflict where lines of policy that can reach a place name it, or one beneath it, by its address.

    Whoever made another place there would find what they say of this one in force: so the place stays until whoever
    looks after that file has changed them.
    """
    scopes = {file.scope for file in snapshot.files.values() if any(names_place(r, place.path) for r in file.rules)}
    asked = {place.organisation_id: "your organisation’s administrators", ROOT: "the administrators of this hub"}
    owners = [owner for scope, owner in asked.items() if scope in scopes]
    if owners:
        raise Conflict(
            "Lines of policy name this address, or one beneath it, and would hold for whatever comes to lie there. "
            f"Ask {' and '.join(owners)} to change them first."
        )


def is_denied_by_name(snapshot: Snapshot, document: Document, today: date) -> bool:
    """Whether a deny in force of its own organisation's file names a document, and would be lost where it left that."""
    return any(
        rule.effect == "deny"
        and rule.where == f"doc:{document.id}"
        and (rule.until == "-" or today.isoformat() <= rule.until)
        for file in snapshot.files.values()
        if file.scope == document.organisation_id
        for rule in file.rules
    )
