"""Following what people know: whoever follows “silt sensors” hears of questions that speak of both, and may be read."""

import re
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.viewer import Viewer
from hub.ground.errors import Invalid
from hub.ground.letters import one_line
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.profile_keeping import LONGEST_SKILL, key_of
from hub.nouns.talk.models import SkillFollow
from hub.things.columns import among
from hub.web.pages import Send

MOST: Final = 50
SHORTEST_STEM: Final = 4
"""Letters of a word that also stands for longer ones which begin so: flood for flooding, but not art for artery."""
LONGEST_TEXT: Final = 20_000
_WORD: Final = re.compile(r"[^\W_]+")


def follow_skill(uow: UnitOfWork, person_id: str, name: str) -> str:
    """Let somebody hear of questions about that; returns it as it is kept. Raises Invalid."""
    line = one_line(name)
    if not _words(line) or len(line) > LONGEST_SKILL:
        raise Invalid(f"Enter what the questions are to be about, in up to {LONGEST_SKILL} characters", "skill")
    if uow.session.get(SkillFollow, (person_id, key_of(line))) is not None:
        return line
    if (uow.session.scalar(select(func.count()).where(SkillFollow.person_id == person_id)) or 0) >= MOST:
        raise Invalid(f"You follow {MOST} of these. Take one out before you add another", "skill")
    uow.session.add(SkillFollow(person_id=person_id, key=key_of(line), name=line, at=uow.now))
    uow.session.flush()
    return line


def hear_no_more_of_skill(uow: UnitOfWork, person_id: str, key: str) -> None:
    """Let somebody hear of that no longer."""
    row = uow.session.get(SkillFollow, (person_id, key))
    if row is not None:
        uow.session.delete(row)


def skills_followed(session: Session, person_id: str) -> list[SkillFollow]:
    """Those of somebody, by name. One query."""
    rows = session.scalars(select(SkillFollow).where(SkillFollow.person_id == person_id))
    return sorted(rows, key=lambda row: row.name.casefold())


def follow_skill_send(viewer: Viewer, name: str, href: str) -> Send:
    """What lets the viewer hear of questions about something, or no longer. One query."""
    follows = viewer.session.get(SkillFollow, (viewer.person.id, key_of(name))) is not None
    words = "Hear no more of questions about it" if follows else "Tell me when somebody asks about it"
    return Send(words, href, (("skill", name), ("on", "no" if follows else "yes")))


def who_follow_what_is_asked(session: Session, text: str) -> set[str]:
    """The ids of those who follow something all of whose words a text has. Two queries at most."""
    said = with_stems(text)
    keys = [key for key in session.scalars(select(SkillFollow.key).distinct()) if _words(key) <= said]
    return set(session.scalars(select(SkillFollow.person_id).where(among(SkillFollow.key, keys)))) if keys else set()


def with_stems(text: str) -> frozenset[str]:
    """The words of a text, and what begins one of them and may stand for it. Of a long text, its first part."""
    said = _words(text[:LONGEST_TEXT])
    return said | {word[:end] for word in said for end in range(SHORTEST_STEM, min(len(word), LONGEST_SKILL))}


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
