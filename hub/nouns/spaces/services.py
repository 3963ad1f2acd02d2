"""Services: what a space is about, by one list for the whole hub, so that one finds it whoever's it is.

Merging and retiring take nothing away: spaces keep what was chosen for them, and both can be undone.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from hub.access.columns import HOMES
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id, plain_letters
from hub.ground.letters import one_line
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.models import ProfileService
from hub.nouns.people.profiles import WORK, Shown
from hub.nouns.spaces.models import Service, SpaceService
from hub.things.columns import among

LONGEST_NAME = 80
LONGEST_WORD = 60
MOST_OF_A_SPACE = 3
"""How many a space is about at the most: lists by service say something while few spaces are in all of them."""
_shown_as = func.coalesce(Service.into_id, Service.id)
"""The service as which one is shown: itself, or that of which it is a part now."""

WHOLE = aliased(Service)


@dataclass(frozen=True, slots=True)
class Counted:
    """A service, and how many spaces about it the viewer may see."""

    id: str
    name: str
    spaces: int


def all_services(session: Session) -> list[Service]:
    """Every service by name, those too that are merged or retired."""
    return sorted(session.scalars(select(Service)), key=lambda service: service.name.casefold())


def services_per_space(viewer: Viewer) -> list[Counted]:
    """The services that the spaces which the viewer may see are about, by name, with how many spaces each. One query.

    A service about which they may see nothing is not among them, whether or not there is a space about it.
    """
    chosen = (
        select(_shown_as.label("service"), func.count(Place.id.distinct()).label("spaces"))
        .select_from(SpaceService)
        .join(Service, Service.id == SpaceService.service_id)
        .join(Place, Place.id == SpaceService.place_id)
        .where(Place.kind == "space", viewer.where(HOMES))
        .group_by(_shown_as)
        .subquery()
    )
    rows = viewer.session.execute(
        select(Service.id, Service.name, chosen.c.spaces).join(chosen, chosen.c.service == Service.id)
    )
    return sorted((Counted(*row) for row in rows), key=lambda one: one.name.casefold())


def services_of(session: Session, space_id: str) -> list[Service]:
    """What a space is about, by name: of a merged service, that of which it is a part. One query."""
    return sorted(session.scalars(_services(), {"space": space_id}), key=lambda service: service.name.casefold())


@cache
def _services() -> Select[Service]:
    return select(Service).where(Service.id.in_(_shown_of(bindparam("space"))))


def services_around(session: Session, spaces: Collection[str]) -> set[str]:
    """The services that any of these spaces is about, by their words. One query."""
    wanted = select(_shown_as).select_from(SpaceService).join(Service, Service.id == SpaceService.service_id)
    return set(session.scalars(wanted.where(among(SpaceService.place_id, spaces)))) if spaces else set()


def spaces_about(service: str) -> Select[str]:
    """The ids of the spaces that are about a service, or about one that is a part of it now."""
    return (
        select(SpaceService.place_id).join(Service, Service.id == SpaceService.service_id).where(_shown_as == service)
    )


def people_in(service: str) -> Select[str]:
    """The ids of the people who say that they work for a service, or for one that is a part of it now."""
    mine = select(ProfileService.person_id).join(Service, Service.id == ProfileService.service_id)
    return mine.where(_shown_as == service)


def people_in_named(like: str) -> Select[str]:
    """The same for services whose name, in small letters after a space, is like that; of what is merged, both names."""
    mine = select(ProfileService.person_id).join(Service, Service.id == ProfileService.service_id)
    named = [(" " + func.lower(each.name)).like(like, escape="\\") for each in (Service, WHOLE)]
    return mine.outerjoin(WHOLE, WHOLE.id == Service.into_id).where(or_(*named))


def with_services(session: Session, shown: Mapping[str, Shown]) -> dict[str, Shown]:
    """What is shown of some people, by id, with the services that they work for where that is shown. One query."""
    ids = [own for own, each in shown.items() if WORK in each.groups]
    rows = session.execute(
        select(ProfileService.person_id, WHOLE.id, WHOLE.name)
        .join(Service, Service.id == ProfileService.service_id)
        .join(WHOLE, WHOLE.id == _shown_as)
        .where(ProfileService.person_id.in_(ids))
        .order_by(func.lower(WHOLE.name))
    )
    found: dict[str, dict[str, str]] = {}
    for own, word, name in rows:
        found.setdefault(own, {})[word] = name
    return {own: replace(each, services=tuple(found.get(own, {}).items())) for own, each in shown.items()}


def about_href(service: str) -> str:
    """Where all spaces about a service are, by its word."""
    return f"/spaces?{urlencode({'service': service})}"


def set_services(uow: UnitOfWork, space: Place, wanted: Collection[str]) -> bool:
    """Say which services a space is about, by their words; returns whether that is another answer than before.

    A choice that stands stays as it was made, be it of a merged or a retired service. Raises Invalid for too many, for
    one that there is not, and for a retired one that it was not about before.
    """
    session, words = uow.session, set(wanted)
    now = set(session.scalars(_shown_of(space.id)))
    if len(words) > max(MOST_OF_A_SPACE, len(now)):
        raise Invalid(f"A space is about {MOST_OF_A_SPACE} services at the most.", "service_1")
    new = set(
        session.scalars(
            select(Service.id).where(
                Service.id.in_(words - now), Service.into_id.is_(None), Service.retired_at.is_(None)
            )
        )
    )
    if words - now - new:
        raise Invalid("Choose services from the list.", "service_1")
    if words == now:
        return False
    for row in session.execute(
        select(SpaceService, _shown_as)
        .join(Service, Service.id == SpaceService.service_id)
        .where(SpaceService.place_id == space.id)
    ).all():
        if row[1] not in words:
            session.delete(row[0])
    session.add_all(SpaceService(place_id=space.id, service_id=word) for word in sorted(new))
    session.flush()
    uow.record("space:services", space.id, space.organisation_id, " ".join(sorted(words)))
    return True


def add_service(uow: UnitOfWork, name: str) -> Service:
    """Add a service; raises Invalid or Conflict."""
    line = _checked(uow.session, name, "")
    word = re.sub(r"[^a-z0-9]+", "-", plain_letters(line)).strip("-")[:LONGEST_WORD].strip("-")
    if not word or uow.session.get(Service, word) is not None:
        word = f"{word[: LONGEST_WORD - 5] or 'service'}-{new_id()[:4]}"
    service = Service(id=word, name=line)
    uow.session.add(service)
    uow.session.flush()
    uow.record("service:add", word, None, line)
    return service


def rename_service(uow: UnitOfWork, service: Service, name: str) -> None:
    """Call a service something else; its address stays, and so do its spaces. Raises Invalid or Conflict."""
    before, service.name = service.name, _checked(uow.session, name, service.id)
    uow.session.flush()
    uow.record("service:rename", service.id, None, f"{before} to {service.name}")


def merge_service(uow: UnitOfWork, service: Service, into: Service) -> None:
    """Make a service, and what was a part of it, a part of another one; raises Invalid where that cannot be."""
    if into.id == service.id or into.into_id is not None or into.retired_at is not None:
        raise Invalid("Choose another service of the list, which stands for itself.", "into")
    uow.session.execute(update(Service).where(Service.into_id == service.id).values(into_id=into.id))
    service.into_id = into.id
    uow.session.flush()
    uow.record("service:merge", service.id, None, f"into {into.id}")


def part_service(uow: UnitOfWork, service: Service) -> None:
    """Let a merged service stand for itself again, with the spaces for which it was chosen."""
    service.into_id = None
    uow.session.flush()
    uow.record("service:part", service.id)


def retire_service(uow: UnitOfWork, service: Service, *, back: bool = False) -> None:
    """Let no further space choose a service, or let them again; those that did stay about it."""
    service.retired_at = None if back else uow.now
    uow.session.flush()
    uow.record("service:bring-back" if back else "service:retire", service.id)


def _shown_of(space_id: str | BindParameter[str]) -> Select[str]:
    return (
        select(_shown_as)
        .select_from(SpaceService)
        .join(Service, Service.id == SpaceService.service_id)
        .where(SpaceService.place_id == space_id)
        .distinct()
    )


def _checked(session: Session, name: str, own: str) -> str:
    line = one_line(name)
    if not line or len(line) > LONGEST_NAME:
        raise Invalid(f"Enter a name of up to {LONGEST_NAME} characters", "name")
    same = select(Service.id).where(func.lower(Service.name) == line.lower(), Service.id != own)
    if session.scalar(same.limit(1)):
        raise Conflict(f"There is a service called {line} already")
    return line
