"""What people say of themselves, as far as each viewer is shown it: in one place, for pages, lists and the index.

Whoever sees somebody's page sees how their name is said, and each group of their profile that is shown to everybody who
does, or to their council, which are the staff of their organisation. Of one who has no profile the page says what
their organisation knows: job title and e-mail address.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.nouns.people.models import SHOWN_BY, Profile, ProfileSkill

PAGE, COUNCIL, MYSELF = "page", "council", "self"
SHOWN: Final = (PAGE, COUNCIL, MYSELF)
"""To whom a group is shown: to whoever sees the page, to their own council among these, to nobody but themselves."""
WORK, KNOWS, REACH, AWAY = SHOWN_BY
"""The groups of a profile, by the columns that say whom they are shown to."""
STAND_IN = aliased(Person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one viewer is shown of somebody. What they are not shown is empty, as what was never said."""

    groups: frozenset[str] = frozenset(SHOWN_BY)
    """The groups that this viewer is shown."""
    called: str = ""
    job: str = ""
    team: str = ""
    place: str = ""
    services: tuple[tuple[str, str], ...] = ()
    """Word and name of each service that they work for (`hub.nouns.spaces.services.with_services`)."""
    skills: tuple[str, ...] = ()
    languages: str = ""
    ask_about: str = ""
    learning: str = ""
    working_days: str = ""
    contact: str = ""
    email: str = ""
    away_from: date | None = None
    away_until: date | None = None
    """The last day of an absence that is not over."""
    stand_in: Person | None = None
    """Whom to ask meanwhile, where the viewer may see them."""
    confirmed_on: date | None = None

    def is_away(self, today: date) -> bool:
        """Whether they are absent on that day."""
        return self.away_from is not None and self.away_until is not None and self.away_from <= today <= self.away_until


def shown(viewer: Viewer, people: Collection[Person]) -> dict[str, Shown]:
    """What the viewer is shown of some people whose pages they see, by id, but for the services. Two queries."""
    ids = [person.id for person in people]
    rows = viewer.session.execute(
        select(Profile, STAND_IN)
        .outerjoin(STAND_IN, (STAND_IN.id == Profile.stand_in_id) & (STAND_IN.status == "active"))
        .where(Profile.person_id.in_(ids))
    )
    profiles = {profile.person_id: (profile, stand_in) for profile, stand_in in rows}
    skills = skills_of(viewer.session, ids)
    return {
        person.id: _shown(viewer, person, *profiles[person.id], skills.get(person.id, ()))
        if person.id in profiles
        else Shown(job=person.job_title, email=person.email)
        for person in people
    }


def skills_of(session: Session, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The skills that some people name, whoever is shown them, by id. One query."""
    found: dict[str, tuple[str, ...]] = {}
    wanted = select(ProfileSkill).where(ProfileSkill.person_id.in_(ids)).order_by(ProfileSkill.key)
    for skill in session.scalars(wanted):
        found[skill.person_id] = (*found.get(skill.person_id, ()), skill.name)
    return found


def shows(viewer: Viewer, group: str) -> ColumnElement[bool]:
    """That a group of a profile is shown to the viewer, as a condition on people whom they see and their profiles."""
    word = getattr(Profile, group)
    own = Person.organisation_id == viewer.person.organisation_id if viewer.person.kind == "staff" else false()
    return or_(word == PAGE, and_(word == COUNCIL, own), Person.id == viewer.person.id)


def is_shown(viewer: Viewer, person: Person, word: str) -> bool:
    """Whether what somebody shows to these (`SHOWN`) is shown to the viewer, who sees their page."""
    looker = viewer.person
    own = looker.kind == "staff" and person.organisation_id == looker.organisation_id
    return word == PAGE or (word == COUNCIL and own) or person.id == looker.id


def _shown(viewer: Viewer, person: Person, profile: Profile, stand_in: Person | None, skills: Sequence[str]) -> Shown:
    groups = frozenset(group for group in SHOWN_BY if is_shown(viewer, person, getattr(profile, group)))
    said: dict[str, Any] = {"called": profile.called, "confirmed_on": profile.confirmed_on}
    if WORK in groups:
        said |= {"job": profile.job, "team": profile.team, "place": profile.place}
    if KNOWS in groups:
        said |= {"skills": tuple(skills), "languages": profile.languages}
        said |= {"ask_about": profile.ask_about, "learning": profile.learning}
    if REACH in groups:
        said |= {"working_days": profile.working_days, "contact": profile.contact, "email": person.email}
    if AWAY in groups and profile.away_until is not None and profile.away_until >= viewer.today:
        seen = stand_in if stand_in is not None and viewer.sees(stand_in) else None
        said |= {"away_from": profile.away_from, "away_until": profile.away_until, "stand_in": seen}
    return Shown(groups=groups, **said)


def words_of(session: Session, people: Mapping[str, Person]) -> dict[str, str]:
    """By what some people are found beside their names: what everybody who sees their page is shown. One query.

    No e-mail address and no contact: they would be found by their parts.
    """
    rows = session.execute(
        select(Profile, ProfileSkill.name)
        .outerjoin(ProfileSkill, ProfileSkill.person_id == Profile.person_id)
        .where(Profile.person_id.in_(people))
        .order_by(Profile.person_id, ProfileSkill.key)
    )
    found: dict[str, list[str]] = {}
    for profile, skill in rows:
        said = found.setdefault(profile.person_id, _said(profile))
        if skill is not None and profile.knows_for == PAGE:
            said.append(skill)
    return {own: ". ".join(found.get(own, [person.job_title])) for own, person in people.items()}


def _said(profile: Profile) -> list[str]:
    said = [profile.called]
    said += [profile.job, profile.team, profile.place] if profile.work_for == PAGE else []
    said += [profile.ask_about, profile.languages] if profile.knows_for == PAGE else []
    return [text for text in said if text]
