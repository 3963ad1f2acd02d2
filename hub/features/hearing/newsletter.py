"""What letters of news tell, written and judged as they leave: as much of each thing as its organisation lets out.

What a letter at once has told is not told again in the daily one. A letter for which nothing is left does not leave.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from hub.access.entries import nearest_space
from hub.access.models import Person
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.features.hearing.excerpts import excerpts_of
from hub.features.hearing.hours import back_at, next_time
from hub.features.hearing.queries import Heard, heard
from hub.features.hearing.said import told
from hub.features.hearing.wishes import wishes_for_writing, wishes_of
from hub.ground.clock import LONDON
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.models import SentLetter
from hub.mail.writing import NotNow, Written
from hub.nouns.organisations.leaving import NOTHING, TEXT, may_leave
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import NewsLetter, Notice
from hub.things.words import counted

DAILY: Final = "daily"
AT_ONCE: Final = "at-once"
FIRST: Final = time(8)
Paragraph = tuple[str, ...]


@dataclass(frozen=True)
class _Item:
    """A notice that a letter tells of."""

    heard: Heard
    space: str
    """The names of the space in which its thing lies, and of the organisation."""
    sentence: str
    """Who did what; empty where no more may leave than that there is something."""
    lines: tuple[str, ...]


def write_daily(parts: Parts, session: Session, letter: SentLetter, person: Person) -> Written | None:
    """Everything new that no letter has told of. Raises NotNow while they are away."""
    row = wishes_of(session, person.id)
    back = back_at(session, row, parts.clock.now())
    if back is not None:
        raise NotNow(back)
    if row.off:
        return None
    viewer = parts.viewer(session, person)
    items = _items(parts, viewer, untold(viewer, row), row)
    until = datetime.combine(letter.created_at.astimezone(LONDON).date(), FIRST, LONDON)
    return _written(parts, items, _subject(items), lambda uow: _looked(uow, person.id, until)) if items else None


def write_at_once(parts: Parts, session: Session, _letter: SentLetter, person: Person) -> Written | None:
    """What concerns somebody in person and no letter has told of; nothing where they want no such letters.

    What comes while they are away is in the daily letter on their return; where they want none, this one waits.
    Raises NotNow outside of their hours.
    """
    row, now = wishes_of(session, person.id), parts.clock.now()
    back = back_at(session, row, now)
    if back is not None and row.off:
        raise NotNow(back)
    if row.at_once_off or back is not None:
        return None
    due = next_time(row, now)
    if due > now:
        raise NotNow(due)
    viewer = parts.viewer(session, person)
    found = [each for each in untold(viewer, row) if _is_urgent(each.notice)]
    items = _items(parts, viewer, found, row)
    if not items:
        return None
    sentence = items[0].sentence if len(items) == 1 else ""
    return _written(parts, items, sentence or _subject(items), lambda _uow: None)


def untold(viewer: Viewer, row: NewsLetter) -> list[Heard]:
    """What is new to the viewer and may be read by them now, and no letter has told of. One query."""
    return [each for each in heard(viewer, {}) if each.new and _is_untold(each.notice, row)]


def _is_untold(notice: Notice, row: NewsLetter) -> bool:
    return all(at is None or at < notice.at for at in (notice.mailed_at, row.looked_at))


def _is_urgent(notice: Notice) -> bool:
    """Whether something concerns them in person that is newer than what a letter has told of."""
    return notice.urgent_at is not None and (notice.mailed_at is None or notice.mailed_at < notice.urgent_at)


def _is_told(each: Heard, row: NewsLetter) -> bool:
    """Whether a letter told of that post, and others came after it."""
    return any(at is not None and each.did_at <= at for at in (each.notice.mailed_at, row.looked_at))


def _items(parts: Parts, viewer: Viewer, found: Sequence[Heard], row: NewsLetter) -> list[_Item]:
    """These notices as a letter tells of them, in the order of their spaces. Three queries at most."""
    leaves = may_leave(viewer, [each.thing for each in found])
    people = named(viewer, {each.author for each in found})
    whole = [each for each in found if each.number and leaves[each.thing.node] == TEXT]
    texts = excerpts_of(viewer, whole, row.looked_at) if whole else {}
    items = []
    for each in found:
        if leaves[each.thing.node] == NOTHING:
            items.append(_Item(each, "", "", ()))
            continue
        said, again = told(viewer, each), _is_told(each, row)
        sentence = f"{people.get(each.author, NOBODY)} {said.did}: {said.title}"
        sentence = f"More was said in: {said.title}" if again else sentence
        lines = (sentence, *texts.get(each.thing.node, ()), f"{parts.public_url}{said.href}")
        items.append(_Item(each, _space(viewer, each), sentence, lines))
    return sorted(items, key=lambda item: (not item.sentence, item.space))


def _space(viewer: Viewer, each: Heard) -> str:
    """The space in which it lies, and whose that is, as far as the viewer may know."""
    ids = (nearest_space(viewer.snapshot, each.thing.place_id), each.thing.organisation_id)
    return ", ".join(place.name for own in ids if own and (place := viewer.place(own)) is not None)


def _subject(items: Sequence[_Item]) -> str:
    return f"Something is new for you in {counted(len(items), 'conversation', 'conversations')}"


def _written(parts: Parts, items: Sequence[_Item], subject: str, looked: Callable[[UnitOfWork], None]) -> Written:
    until = {each.heard.notice.node: each.heard.notice.at for each in items}
    person_id = items[0].heard.notice.person_id

    def left(uow: UnitOfWork) -> None:
        _note_mailed(uow, person_id, until)
        looked(uow)

    return Written(subject, tuple(_paragraphs(parts, items)), parts.clock.now(), left)


def _paragraphs(parts: Parts, items: Sequence[_Item]) -> Iterator[Paragraph]:
    space = ""
    for item in items:
        if item.sentence and item.space != space:
            space = item.space
            yield (space, "-" * len(space))
        if item.sentence:
            yield item.lines
    hidden = sum(not item.sentence for item in items)
    if hidden:
        more = "more " if hidden < len(items) else ""
        said = counted(hidden, f"{more}conversation", f"{more}conversations")
        yield (f"Something is new for you in {said}.", f"{parts.public_url}/notices")


def _note_mailed(uow: UnitOfWork, person_id: str, until: Mapping[str, datetime]) -> None:
    own = (Notice.person_id == person_id, Notice.node == bindparam("about"))
    told = [{"about": node, "until": at} for node, at in until.items()]
    # not as rows of the session: one that was forgotten meanwhile would be an error, and the letter has left
    uow.session.connection().execute(update(Notice).where(*own).values(mailed_at=bindparam("until")), told)


def _looked(uow: UnitOfWork, person_id: str, until: datetime) -> None:
    row = wishes_for_writing(uow.session, person_id)
    row.looked_at = max(filter(None, (row.looked_at, until)))
