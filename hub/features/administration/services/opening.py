"""Opening the question space of a service: in the organisation that all share, which is made with the first of them."""

from sqlalchemy import select

from hub.access.models import Place
from hub.access.places import LONGEST_SLUG, place_at
from hub.features.policies.service import adopt, adopt_platform_default, default_text, file_of
from hub.ground.ids import with_tail
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.organisations.models import SECTOR, Organisation
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.spaces.models import Service
from hub.nouns.spaces.questions import open_questions

NAME, ABOUT, SLUG = "All councils", "Where all councils meet; it has no staff", "sector"


def open_for_all(uow: UnitOfWork, service: Service) -> Place:
    """Make the question space of a service; raises Conflict where there is one. Nobody reads in it until they join."""
    return open_questions(uow, service, _sector(uow))


def _sector(uow: UnitOfWork) -> Place:
    wanted = select(Place).join(Organisation, Organisation.id == Place.id).where(Organisation.kind == SECTOR)
    found = uow.session.scalar(wanted.order_by(Place.created_at).limit(1))
    if found is not None:
        return found
    slug = SLUG if place_at(uow.session, SLUG) is None else with_tail(SLUG, LONGEST_SLUG)
    place = add_organisation(uow, NewOrganisation(slug, NAME, SECTOR, ABOUT))
    adopt_platform_default(uow)
    adopt(uow, file_of(place), default_text("sector.csv", place.path), uow.actor)
    return place
