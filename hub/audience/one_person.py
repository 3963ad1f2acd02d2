"""What one person would gain or lose of documents by holding more or less, where the change is about them alone."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, not_, select

from acl.directory import Subject
from hub.access.viewer import Viewer
from hub.access.where import where
from hub.nouns.documents.models import DOCUMENTS, Document


def gained_by_one(viewer: Viewer, before: Subject, after: Subject) -> int:
    """How many documents somebody would read as `after` and cannot as `before`, of those that the viewer may read."""
    then, now = (where(viewer.gate.visible(each, "read"), DOCUMENTS) for each in (after, before))
    wanted = select(func.count()).select_from(Document).where(viewer.where(DOCUMENTS), then, not_(now))
    return viewer.session.scalar(wanted) or 0


def without_grants(subject: Subject, ended: Iterable[str]) -> Subject:
    """Somebody without the grants of these ids."""
    gone = {f"grants:{grant}" for grant in ended}
    return replace(subject, grants=tuple(rule for rule in subject.grants if rule.file not in gone))


def without_word(subject: Subject, word: str) -> Subject:
    """Somebody who does not hold a `who` word any more, nor what was given to it."""
    kept = tuple(rule for rule in subject.grants if rule.who != word)
    return replace(subject, holds=subject.holds - {word}, grants=kept)
