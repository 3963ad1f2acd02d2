"""What the database itself refuses about the attributes that decide, whoever writes them."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint

from acl.vocabulary import MARKINGS, STATES


def closed_words() -> tuple[CheckConstraint, ...]:
    """For a table with marking, state and ms: known words only, and `ms` (`acl.visibility.joined`) made of the two."""
    return (
        CheckConstraint(f"marking IN ({_quoted(MARKINGS)})", name="marking"),
        CheckConstraint(f"state IN ({_quoted(STATES)})", name="state"),
        CheckConstraint("ms = marking || '.' || state", name="ms"),
    )


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
