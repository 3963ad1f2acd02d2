"""Use cases of the second person: appointing an administrator with one, agreeing, refusing, telling those who may."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.store import Snapshot
from hub.access.judged import judge_root
from hub.access.models import Group, Person, Place
from hub.access.parts import Parts
from hub.features.administration.queries import has_identity
from hub.features.administration.seconding.queries import (
    MEANWHILE,
    bound_since,
    groups_of_administrators,
    had_a_hand,
    others,
    went_lately,
    words_of,
)
from hub.features.policies.service import adopt_platform_default
from hub.ground.errors import Conflict, Invalid, NotPermitted
from hub.ground.ids import hash_of
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import Proposal
from hub.keeping.proposals import Kind, NewProposal, approve, author, bring, propose, refuse, told_with, withdraw
from hub.mail.service import Letter, post
from hub.nouns.people.service import add_member

ADMINISTRATOR: Final = "administrator"
OWN: Final = "You proposed this yourself: somebody else has to agree."
ABOUT_YOU: Final = "This is about you: somebody else has to agree."
NOT_KNOWN: Final = (
    "You signed in here for the first time after this was proposed. Somebody who was here before has to agree."
)
HAND_IN_IT: Final = (
    "Whoever proposed this has added you, appointed you, made your sign-in link or changed your address within the "
    "last 30 days. Somebody whom they had no hand in has to agree."
)
AUTHOR_GONE: Final = "Whoever proposed this does not look after it any more, so nothing can come of it."
CHANGED: Final = "Something about them has changed since this was proposed. Look at it, and propose it anew."
PROPOSED: Final = "Nothing has changed yet: that {} looks after this waits for a second person."
INVITE_NOT: Final = (
    "{} has administrators already, and nobody appoints another one alone: let somebody who has signed in be proposed "
    "on its page “Groups”, for a second person to agree."
)
WHY: Final = "You get this because you look after an organisation, or the hub."
MOST_TOLD: Final = 20


def administers(snapshot: Snapshot, place: Place, group: Group) -> bool:
    """Whether being in a group of a place is what makes administrators, of an organisation or of the hub."""
    return group.handle in groups_of_administrators(snapshot, place)


def appoint(uow: UnitOfWork, parts: Parts, place: Place, group: Group, person: Person) -> Proposal | None:
    """Put somebody into a group of administrators: proposed, or done at once (None) where nobody else could agree.

    The latter is how a hub, or a first organisation, comes to its second administrator. It is no way round for whoever
    takes the others out first: for 30 days after that, somebody has to agree, or the operator does it at the machine.
    """
    by, (own, hub) = author(uow), words_of(parts.snapshots.latest(uow.session), place)
    if not others(uow.session, own | hub, by) and not went_lately(uow.session, own | hub, uow.now):
        _join(uow, group, person)
        uow.record("proposal:alone", person.subject_id, place.id, group.handle)
        return None
    what = place.name if place.path else "the whole hub"
    summary = f"Let {person.name} ({person.handle}) administer {what}"
    fields = {"group": group.handle, "person": person.handle, "standing": _standing(person)}
    return propose(uow, NewProposal(ADMINISTRATOR, place.id, person.subject_id, summary, fields))


def put_in(uow: UnitOfWork, parts: Parts, place: Place, group: Group, person: Person) -> Proposal | None:
    """Put somebody into a group at once (None); into one of administrators as `appoint` does."""
    if administers(parts.snapshots.latest(uow.session), place, group):
        return appoint(uow, parts, place, group, person)
    add_member(uow, group, person)
    return None


def check_first(uow: UnitOfWork, parts: Parts, place: Place) -> None:
    """Raise Invalid where an organisation has an administrator who signs in: a link for another one is no way round."""
    own, _ = words_of(parts.snapshots.latest(uow.session), place)
    if any(person.status == "active" for person in others(uow.session, own, author(uow))):
        raise Invalid(INVITE_NOT.format(place.name), "name")


def may_not(session: Session, parts: Parts, proposal: Proposal, person: Person) -> str:
    """Why somebody who administers the place of a proposal may not agree to it; empty where they may."""
    by = session.get_one(Person, proposal.by_id)
    if person.id == by.id:
        return OWN
    if person.subject_id == proposal.about:
        return ABOUT_YOU
    since = bound_since(session, person)
    if since is None or since >= proposal.at:
        return NOT_KNOWN
    own, hub = words_of(parts.snapshots.latest(session), session.get_one(Place, proposal.scope))
    if had_a_hand(session, by, person, proposal.at - MEANWHILE, own | hub):
        return HAND_IN_IT
    if not _looks_after(session, parts, by, proposal.scope):
        return AUTHOR_GONE
    return ""


def agree(uow: UnitOfWork, parts: Parts, proposal: Proposal, person: Person) -> None:
    """Do what was proposed, if this person may say so; raises NotPermitted, Conflict or Invalid."""
    if reason := may_not(uow.session, parts, proposal, person):
        raise NotPermitted(reason)
    approve(uow, parts, proposal, person)
    _tell_author(uow, proposal, "is done: somebody agreed")


def say_no(uow: UnitOfWork, proposal: Proposal, person: Person, note: str) -> None:
    """Refuse it, with a reason; whoever may not agree for their nearness to its author may still refuse."""
    if person.id == proposal.by_id:
        withdraw(uow, proposal, person)
        return
    refuse(uow, proposal, person, note)
    _tell_author(uow, proposal, "was refused")


def tell_round(parts: Parts) -> int:
    """Write to those who may agree to what was proposed; returns how many proposals were told. Runs in the worker."""
    with unit_of_work(parts.database, parts.clock) as uow:
        wanted = select(Proposal).where(Proposal.told_at.is_(None), Proposal.decided_at.is_(None))
        rows = uow.session.scalars(wanted.with_for_update(skip_locked=True).limit(MOST_TOLD)).all()
        for row in rows:
            row.told_at = uow.now
            place, by = uow.session.get_one(Place, row.scope), uow.session.get_one(Person, row.by_id)
            whose = place.name if place.path else "the hub"
            for person in _told(uow, parts, place, by):
                said = f"{by.name} has proposed something for {whose} that a second person has to agree to."
                link = f"/admin/{place.path or ROOT}/proposals/{row.id}"
                post(uow, Letter(person, "A second person is needed", (said,), link=link, why=WHY))
    return len(rows)


def _told(uow: UnitOfWork, parts: Parts, place: Place, by: Person) -> list[Person]:
    """Who is written to: those who administer the place itself, or the hub's administrators where there are none."""
    for words in words_of(parts.snapshots.latest(uow.session), place):
        found = [person for person in others(uow.session, words, by) if person.status == "active"]
        if found:
            return found[:MOST_TOLD]
    return []


def _join(uow: UnitOfWork, group: Group, person: Person) -> None:
    if group.organisation_id == ROOT:
        adopt_platform_default(uow)  # its line for this group is what makes them administrators
    add_member(uow, group, person)


def _carry_out(uow: UnitOfWork, _parts: Parts, proposal: Proposal) -> None:
    told = told_with(proposal)
    person = uow.session.scalar(select(Person).where(Person.handle == told["person"]))
    group = uow.session.scalar(select(Group).where(Group.handle == told["group"]))
    if person is None or group is None or person.status != "active" or _standing(person) != told["standing"]:
        raise Conflict(CHANGED)
    if group.organisation_id == ROOT and not has_identity(uow.session, person.id):
        raise Conflict(CHANGED)
    _join(uow, group, person)


def _looks_after(session: Session, parts: Parts, person: Person, scope: str) -> bool:
    if person.status != "active" or session.get_one(Place, person.organisation_id).blocked_at is not None:
        return False
    viewer, place = parts.viewer(session, person), session.get_one(Place, scope)
    decision = viewer.judge("administer", judge_root()) if place.id == ROOT else viewer.decide("administer", place)
    return decision is not None and decision.allowed


def _tell_author(uow: UnitOfWork, proposal: Proposal, outcome: str) -> None:
    place = uow.session.get_one(Place, proposal.scope)
    link = f"/admin/{place.path or ROOT}/proposals/{proposal.id}"
    said = f"What you proposed {outcome}."
    post(
        uow, Letter(uow.session.get_one(Person, proposal.by_id), f"What you proposed {outcome}", (said,), link, why=WHY)
    )


def _standing(person: Person) -> str:
    return hash_of(f"{person.name}\0{person.email}\0{person.status}\0{person.kind}")


bring(Kind(ADMINISTRATOR, "Appoint an administrator", _carry_out))
