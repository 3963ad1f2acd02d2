"""What somebody follows, themselves and nobody else: conversations, comments, places, people, services."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.viewer import Viewer
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.models import Service
from hub.nouns.talk.models import ServiceFollow
from hub.nouns.talk.queries import level_of
from hub.web.pages import Send


def follow_person_send(viewer: Viewer, node: str, href: str) -> Send:
    """What lets the viewer hear of what somebody writes, or no longer; by the node of their page. One query."""
    follows = level_of(viewer.session, viewer.person.id, node)[0] == "all"
    return Send("Stop following" if follows else "Follow", href, (("on", "no" if follows else "yes"),))


def follow_service_send(viewer: Viewer, service: str, href: str) -> Send:
    """What lets the viewer hear of new conversations in spaces about a service, or no longer. One query."""
    follows = viewer.session.get(ServiceFollow, (viewer.person.id, service)) is not None
    return Send("Stop following" if follows else "Follow this service", href, (("on", "no" if follows else "yes"),))


def follow_service(uow: UnitOfWork, person_id: str, service: str, *, on: bool) -> None:
    """Let somebody hear of that, or no longer."""
    row = uow.session.get(ServiceFollow, (person_id, service))
    if on and row is None:
        uow.session.add(ServiceFollow(person_id=person_id, service_id=service, at=uow.now))
    elif row is not None and not on:
        uow.session.delete(row)


def who_follow_services(session: Session, services: Collection[str]) -> list[str]:
    """The ids of those who follow one of these services, or what is a part of one now. One query."""
    shown = func.coalesce(Service.into_id, Service.id)
    wanted = select(ServiceFollow.person_id).join(Service, Service.id == ServiceFollow.service_id)
    return list(session.scalars(wanted.where(shown.in_(sorted(services))).distinct()))


def services_followed(session: Session, person_id: str) -> list[Service]:
    """The services that somebody follows, by name. One query."""
    wanted = select(Service).join(ServiceFollow, ServiceFollow.service_id == Service.id)
    found = session.scalars(wanted.where(ServiceFollow.person_id == person_id))
    return sorted(found, key=lambda service: service.name.casefold())
