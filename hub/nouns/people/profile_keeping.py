"""Saying something of oneself: a profile is written by nobody but whom it is of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.places import fence
from hub.ground.errors import Invalid
from hub.ground.letters import one_line
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.models import SHOWN_BY, Profile, ProfileService, ProfileSkill
from hub.nouns.people.profiles import SHOWN, words_of

LONGEST: Final = {
    "called": 120,
    "job": 200,
    "team": 200,
    "place": 200,
    "languages": 200,
    "ask_about": 500,
    "learning": 500,
    "working_days": 200,
    "contact": 200,
}
"""Characters of each text of a profile."""
LONGEST_SKILL: Final = 60
MOST_SKILLS: Final = 20
MOST_SERVICES: Final = 3
LONGEST_ABSENCE: Final = 366
"""Days: whoever is away for longer is away until further notice, and says so when it nears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that somebody says of themselves; what they do not say is empty."""

    called: str = ""
    job: str = ""
    team: str = ""
    place: str = ""
    work_for: str = "page"
    languages: str = ""
    ask_about: str = ""
    learning: str = ""
    knows_for: str = "page"
    working_days: str = ""
    contact: str = ""
    reach_for: str = "page"
    away_from: date | None = None
    away_until: date | None = None
    stand_in_id: str | None = None
    away_for: str = "page"
    skills: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Words of the hub's list of services."""


OF_OTHER_TABLES: Final = ("skills", "services")


def profile_of(session: Session, person_id: str) -> Profile | None:
    """Somebody's profile; None where they never said anything."""
    return session.get(Profile, person_id)


def services_chosen(session: Session, person_id: str) -> list[str]:
    """The words of the services that somebody chose, as they chose them. One query."""
    wanted = select(ProfileService.service_id).where(ProfileService.person_id == person_id)
    return list(session.scalars(wanted.order_by(ProfileService.service_id)))


def keep_profile(uow: UnitOfWork, person: Person, said: Said) -> None:
    """Keep what somebody says of themselves, whole, in place of what they said before, and that they did so today.

    Whether services and stand-in are there, and theirs to choose, is the caller's. Raises Invalid for what is too long
    or too much. What is not shown to everybody any more is out of search at once.
    """
    skills = distinct_skills(said.skills)
    _check(said, skills)
    before = words_of(uow.session, {person.id: person})[person.id]
    profile = uow.session.get(Profile, person.id, with_for_update=True)
    if profile is None:
        profile = Profile(person_id=person.id, confirmed_on=uow.now.date())
        uow.session.add(profile)
    changed = [name for name in _own() if getattr(profile, name) != getattr(said, name)]
    for name in _own():
        setattr(profile, name, getattr(said, name))
    profile.confirmed_on = uow.now.date()
    uow.session.flush()
    _set_rows(uow, person.id, skills, said.services)
    message = uow.enqueue(f"person:{person.id}")
    if not set(before.split(". ")) <= set(words_of(uow.session, {person.id: person})[person.id].split(". ")):
        fence(uow, f"person:{person.id}", message)
    uow.record("profile:save", person.subject_id, person.organisation_id, " ".join(changed))


def distinct_skills(names: Iterable[str]) -> dict[str, str]:
    """Skills by the words in small letters, each once: key -> name, as it was written first."""
    found: dict[str, str] = {}
    for name in map(one_line, names):
        if name:
            found.setdefault(key_of(name), name)
    return found


def key_of(name: str) -> str:
    """By what a skill is known, however it is written."""
    return one_line(name).casefold()[: 2 * LONGEST_SKILL]


def _own() -> list[str]:
    return [field.name for field in fields(Said) if field.name not in OF_OTHER_TABLES]


def _check(said: Said, skills: dict[str, str]) -> None:
    for name, longest in LONGEST.items():
        if len(one_line(getattr(said, name))) > longest:
            raise Invalid(f"This must be {longest} characters or fewer", name)
    for group in SHOWN_BY:
        if getattr(said, group) not in SHOWN:
            raise Invalid("Choose whom this is shown to", group)
    if len(skills) > MOST_SKILLS:
        raise Invalid(f"Name {MOST_SKILLS} skills or fewer: those that you like to be asked about", "skills")
    if any(len(name) > LONGEST_SKILL for name in skills.values()):
        raise Invalid(f"Each skill must be {LONGEST_SKILL} characters or fewer, with a comma after it", "skills")
    if len(set(said.services)) > MOST_SERVICES:
        raise Invalid(f"Choose {MOST_SERVICES} services or fewer", "service_1")
    _check_absence(said.away_from, said.away_until)


def _check_absence(first: date | None, last: date | None) -> None:
    if (first is None) != (last is None):
        raise Invalid("Enter the first and the last day, or neither", "away_until")
    if first is not None and last is not None:
        if last < first:
            raise Invalid("The last day is before the first day: swap them", "away_until")
        if (last - first).days > LONGEST_ABSENCE:
            raise Invalid("Enter an absence of a year at the most", "away_until")


def _set_rows(uow: UnitOfWork, person_id: str, skills: dict[str, str], services: Collection[str]) -> None:
    for table in (ProfileSkill, ProfileService):
        uow.session.execute(delete(table).where(table.person_id == person_id))
    uow.session.add_all(ProfileSkill(person_id=person_id, key=key, name=name) for key, name in skills.items())
    uow.session.add_all(ProfileService(person_id=person_id, service_id=word) for word in sorted(set(services)))
    uow.session.flush()
