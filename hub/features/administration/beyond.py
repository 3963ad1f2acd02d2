"""Where an organisation's administration ends: at people and groups that hold rights beyond it by name.

Whoever could sign in as such a person, or put them out, would act for others than their own organisation. Only the
administrators of the hub do so; what an organisation decides about all its other people stays its own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.guard import parts
from hub.access.holds import RETURN, beyond_of, hold_person, is_the_hubs
from hub.access.models import Group, Person, Place
from hub.features.administration.blueprint import administers_platform, whose_word
from hub.ground.errors import NotPermitted
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import set_status

GUESTS_LINK = (
    "{} is a guest of others: whoever admitted them first gives them their link. If it ran out, the administrators of "
    "the hub make another."
)
NAMED = (
    "{} holds rights beyond {} by name. Their link, name, address, sessions and access are changed by the "
    "administrators of the hub: ask one of them. At your own issuer you can keep them out at once."
)
GROUP = (
    "The policy of the hub names the group {}, so only the administrators of the hub change who is in it: ask one of "
    "them."
)


def is_left_to_the_hub(session: Session, person: Person) -> bool:
    """Whether only the administrators of the hub, of whom the viewer is none, look after a person."""
    if administers_platform():
        return False
    return bool(beyond_of(session, parts().snapshots.latest(session), [person])[person.id].named)


def leave_to_the_hub(session: Session, organisation: Place, person: Person) -> None:
    """Raise NotPermitted where a person is looked after by the administrators of the hub alone."""
    if is_left_to_the_hub(session, person):
        raise NotPermitted(NAMED.format(person.name, organisation.name))


def check_link(session: Session, organisation: Place, person: Person) -> None:
    """Raise NotPermitted where an organisation's administrators may make nobody this person: others let them in."""
    leave_to_the_hub(session, organisation, person)
    if person.kind == "guest" and whose_word(organisation) == organisation.id:
        raise NotPermitted(GUESTS_LINK.format(person.name))


def may_mail(uow: UnitOfWork, organisation: Place, person: Person) -> bool:
    """Whether a link may go to the address on somebody's page: one that opens what others gave is handed over instead.

    The platform's word is trusted beyond the organisation, whose administrators wrote that address.
    """
    if whose_word(organisation) == organisation.id:
        return True
    return not beyond_of(uow.session, parts().snapshots.latest(uow.session), [person])[person.id].all


def let_in_again(uow: UnitOfWork, organisation: Place, person: Person) -> None:
    """Let somebody in who was out. What others gave somebody who had left waits: they may be taken to be gone."""
    leave_to_the_hub(uow.session, organisation, person)
    beyond = beyond_of(uow.session, parts().snapshots.latest(uow.session), [person])[person.id]
    if person.status == "left" and beyond.all and whose_word(organisation) == organisation.id:
        hold_person(uow, person, RETURN)
    set_status(uow, person, "active")


def check_group(uow: UnitOfWork, organisation: Place, group: Group) -> None:
    """Raise NotPermitted where the hub's own policy names a group: being in it is no longer its organisation's gift."""
    if whose_word(organisation) == organisation.id and is_the_hubs(parts().snapshots.latest(uow.session), group.handle):
        raise NotPermitted(GROUP.format(group.name))


def closed_groups(session: Session, organisation: Place) -> frozenset[str]:
    """The handles of an organisation's groups into which the viewer puts nobody."""
    if whose_word(organisation) != organisation.id:
        return frozenset()
    snapshot = parts().snapshots.latest(session)
    handles = session.scalars(select(Group.handle).where(Group.organisation_id == organisation.id))
    return frozenset(handle for handle in handles if is_the_hubs(snapshot, handle))
