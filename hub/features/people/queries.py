"""Which people words and filters mean, of those whom the viewer may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from hub.access.columns import PEOPLE
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.nouns.people.models import Profile, ProfileSkill
from hub.nouns.people.profile_keeping import key_of
from hub.nouns.people.profiles import KNOWS, WORK, shows
from hub.nouns.spaces.services import people_in, people_in_named
from search.words import needed

MOST: Final = 1_000
"""People who are counted, and reached by paging."""
MOST_SKILLS: Final = 24
PLURAL: Final = 4
"""Letters from which on a word is looked for without its plural's."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom somebody looks for: words as the search reads them, and what else must be so."""

    words: tuple[str, ...] = ()
    skill: str = ""
    service: str = ""
    organisation: str = ""
    """The id of one; empty for any."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """Somebody whom the words or the evidence mean."""

    person: Person
    named: bool
    """Whether it is their name."""
    says: bool
    """Whether they say so of themselves."""


def people_meant(viewer: Viewer, sought: Sought, authors: Collection[str]) -> list[Meant]:
    """Whom the words mean, or who is among the authors, by handle. One query.

    Up to one more than `MOST`, the surest first.
    """
    word_by_word = [(_named(word), _said(viewer, word), _there(viewer, word)) for word in sought.words]
    most = needed(len(word_by_word))
    named = and_(true(), *(named for named, _, _ in word_by_word)) if word_by_word else false()
    hit = _count(or_(*each) for each in word_by_word) >= most if word_by_word else true()
    says = and_(hit, or_(false(), *(said for _, said, _ in word_by_word)))
    wrote = Person.handle.in_(authors)
    rows = viewer.session.execute(
        select(Person, named.label("named"), says.label("says"))
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(viewer.where(PEOPLE), Person.status == "active", or_(hit, wrote), *_filters(viewer, sought))
        .order_by(case((wrote, 0), (named, 1), (says, 2), else_=3), func.lower(Person.name), Person.id)
        .limit(MOST + 1)
    )
    return [Meant(person, bool(name), bool(say)) for person, name, say in rows]


def skills_seen(viewer: Viewer) -> list[str]:
    """Skills that people name whom the viewer may see, to whom they show them: those that most name. One query."""
    rows = viewer.session.execute(
        select(func.min(ProfileSkill.name))
        .join(Profile, Profile.person_id == ProfileSkill.person_id)
        .join(Person, Person.id == Profile.person_id)
        .where(viewer.where(PEOPLE), Person.status == "active", shows(viewer, KNOWS))
        .group_by(ProfileSkill.key)
        .order_by(func.count().desc(), ProfileSkill.key)
        .limit(MOST_SKILLS)
    )
    return sorted((name for (name,) in rows), key=str.casefold)


def says_any(words: Collection[str], text: str) -> bool:
    """Whether any of these words begins a word of a text, as the query asks it."""
    return any(f" {bare_word(word)}" in f" {text.lower()}" for word in words)


def like_word(word: str) -> str:
    """A word, at the beginning of any word of a text in small letters after a space."""
    return f"% {_escaped(bare_word(word))}%"


def bare_word(word: str) -> str:
    """A word in small letters without a plural's end."""
    low = word.lower()
    return low[:-1] if len(low) >= PLURAL and low.endswith("s") and not low.endswith("ss") else low


def _filters(viewer: Viewer, sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.skill:
        own = select(ProfileSkill.person_id).where(ProfileSkill.key == key_of(sought.skill))
        found += [shows(viewer, KNOWS), Person.id.in_(own)]
    if sought.service:
        found += [shows(viewer, WORK), Person.id.in_(people_in(sought.service))]
    if sought.organisation:
        found.append(Person.organisation_id == sought.organisation)
    if sought.place:
        found.append(_there(viewer, sought.place))
    return found


def _named(word: str) -> ColumnElement[bool]:
    return or_(_has(Person.name, word), _has(func.coalesce(Profile.called, ""), word))


def _said(viewer: Viewer, word: str) -> ColumnElement[bool]:
    """That somebody says so: in their skills and what to ask them about, their job, team and services."""
    like = like_word(word)
    skilled = select(ProfileSkill.person_id).where((" " + ProfileSkill.key).like(like, escape="\\"))
    no_profile = and_(Profile.person_id.is_(None), _has(Person.job_title, word))
    knows = or_(_has(Profile.ask_about, word), _has(Profile.languages, word), Person.id.in_(skilled))
    works = or_(_has(Profile.job, word), _has(Profile.team, word), Person.id.in_(people_in_named(like)))
    return or_(no_profile, and_(shows(viewer, KNOWS), knows), and_(shows(viewer, WORK), works))


def _there(viewer: Viewer, word: str) -> ColumnElement[bool]:
    return and_(shows(viewer, WORK), _has(Profile.place, word))


def _has(text: Any, word: str) -> ColumnElement[bool]:
    return (" " + func.lower(text)).like(like_word(word), escape="\\")


def _count(conditions: Any) -> ColumnElement[int]:
    counted: Sequence[ColumnElement[int]] = [case((each, 1), else_=0) for each in conditions]
    total = counted[0]
    for each in counted[1:]:
        total = total + each
    return total


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
