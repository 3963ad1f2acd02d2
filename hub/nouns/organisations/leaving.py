"""What may leave the hub about a thing, by mail and in feeds: for its own organisation to say.

What has left cannot be called back. So nothing that is marked higher than OFFICIAL, or that lies in a private or
confidential space, ever leaves, whatever an organisation says; and it leaves for staff alone, by mail only for those
whose own organisation has proved the domain of their address.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Select, select

from acl.vocabulary import marked
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.nouns.organisations.models import Organisation
from hub.nouns.organisations.queries import at_proved_domain
from hub.things.thing import Lying

NOTHING, TITLES, TEXT = "nothing", "titles", "text"
LEAVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        NOTHING: "Nothing: only that there is something new",
        TITLES: "Titles, with who wrote and for which organisation",
        TEXT: "The first words of what was written as well",
    }
)
"""How much may leave, from the least on, as administrators are asked."""


def may_leave(viewer: Viewer, things: Collection[Lying], *, by_mail: bool = True) -> dict[str, str]:
    """How much of each of some things may leave the hub for the viewer now, by node: a key of `LEAVES`.

    Of what they may not see, and for guests, that is nothing. One query, however many things.
    """
    found = dict.fromkeys((thing.node for thing in things), NOTHING)
    fit = [thing for thing in viewer.kept(list(things)) if _is_fit(viewer, thing)]
    if not fit or viewer.person.kind != "staff":
        return found
    rows = viewer.session.execute(_said(viewer.person.id, {thing.organisation_id for thing in fit}, by_mail))
    said = {organisation: leaves for organisation, leaves in rows}  # noqa: C416  # a row is no pair
    return found | {thing.node: said.get(thing.organisation_id, NOTHING) for thing in fit}


def _said(person_id: str, organisations: Collection[str], by_mail: bool) -> Select[str, str]:
    """What some organisations say; by mail for somebody at a proved domain, and no row for anybody else."""
    wanted = select(Organisation.id, Organisation.leaves).join(Person, Person.id == person_id)
    wanted = wanted.where(Organisation.id.in_(sorted(organisations)), Person.status == "active")
    return wanted.where(at_proved_domain()) if by_mail else wanted


def _is_fit(viewer: Viewer, thing: Lying) -> bool:
    """Whether it is of those that may leave at all: published, up to OFFICIAL, below no closed space."""
    tree = viewer.snapshot.tree
    above = [tree.get(node) for node in tree.chain(thing.place_id)]
    closed = not above or any(place is None or place.closed for place in above)
    return not closed and thing.state == "published" and marked(thing.marking, "up to OFFICIAL")
