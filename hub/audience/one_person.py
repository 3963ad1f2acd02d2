"""What one person would gain or lose by holding more or less, where the change is about them alone."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, not_, select

from acl.directory import Subject
from hub.access.viewer import Viewer
from hub.access.where import where


def gained_by_one(viewer: Viewer, before: Subject, after: Subject) -> dict[str, int]:
    """How many things somebody would read as `after` and cannot as `before`, of those that the viewer may read.

    By the prefix of their kind, and in one query.
    """
    then, now = (viewer.gate.visible(each, "read") for each in (after, before))
    counts = [
        select(func.count(kind.columns.id))
        .where(kind.only, viewer.where(kind.columns), where(then, kind.columns), not_(where(now, kind.columns)))
        .scalar_subquery()
        for kind in viewer.kinds.lying
    ]
    found = viewer.session.execute(select(*counts)).one()
    return {kind.prefix: count for kind, count in zip(viewer.kinds.lying, found, strict=True)}


def without_grants(subject: Subject, ended: Iterable[str]) -> Subject:
    """Somebody without the grants of these ids."""
    gone = {f"grants:{grant}" for grant in ended}
    return replace(subject, grants=tuple(rule for rule in subject.grants if rule.file not in gone))


def without_word(subject: Subject, word: str) -> Subject:
    """Somebody who does not hold a `who` word any more, nor what was given to it."""
    kept = tuple(rule for rule in subject.grants if rule.who != word)
    return replace(subject, holds=subject.holds - {word}, grants=kept)
