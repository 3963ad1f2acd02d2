"""Reads of organisations."""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from hub.access.columns import HOMES
from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.nouns.organisations.models import SECTOR, Organisation, OrganisationDomain


def organisations_for(viewer: Viewer) -> list[tuple[Place, Organisation]]:
    """The organisations that the viewer may see, by name."""
    rows = viewer.session.execute(
        select(Place, Organisation)
        .join(Organisation, Organisation.id == Place.id)
        .where(Place.kind == "organisation", viewer.where(HOMES))
        .order_by(Place.name)
    )
    return [(place, organisation) for place, organisation in rows]


def organisation_of(session: Session, organisation_id: str) -> tuple[Place, Organisation] | None:
    """An organisation by its id, whoever looks: of the viewer's own, and of what they may see."""
    row = session.execute(
        select(Place, Organisation).join(Organisation, Organisation.id == Place.id).where(Place.id == organisation_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def has_staff() -> ColumnElement[bool]:
    """That an organisation may have people, so that something can be shared with all of them: a condition on places."""
    return Place.id.not_in(select(Organisation.id).where(Organisation.kind == SECTOR))


def at_proved_domain() -> ColumnElement[bool]:
    """That somebody's address is of a domain that their organisation has proved: a condition on people."""
    return exists().where(
        OrganisationDomain.organisation_id == Person.organisation_id,
        OrganisationDomain.verified,
        func.lower(Person.email).endswith("@" + OrganisationDomain.domain),
    )
