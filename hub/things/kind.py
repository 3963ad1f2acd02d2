"""A kind of thing as one value: all that the hub asks of a noun, so that nothing above the nouns needs to name one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from hub.ground.unit_of_work import UnitOfWork
from hub.things.columns import Column, Columns
from hub.things.history import keep
from hub.things.kept import Kept, kept_of
from hub.things.thing import AsFile, Face, Saved, Thing

Bodies = Callable[[Session, Mapping[str, Any]], Mapping[str, str]]
"""The plain text by which some things, given by own id, are found beside their titles. A query at most."""
Number = Callable[[Any], int]
"""Which revision of what it says a thing is at."""
LastSaved = Callable[[Session, Any], Saved]
"""Who saved that. A query at most."""
Mark = Callable[[UnitOfWork, Any, str, str], None]
"""Gives a thing another marking and state, as with its place: fenced, indexed and recorded."""
Move = Callable[[UnitOfWork, Any, Any], None]
"""Puts a thing into another place, given as its row: fenced, indexed and recorded."""
Writers = Callable[[Session, Any], Collection[str]]
"""The `who` words of those who wrote in a thing. A query at most."""
Authors = Callable[[Session, Sequence[str]], Sequence[tuple[str, str, datetime]]]
"""Who wrote some things, given by own id: own id, `who` word, and when they last did. A query at most."""
Files = Callable[[Session, Sequence[str]], Mapping[str, AsFile]]
"""What some things are as files, given by own id. A query at most."""
Text = Callable[[Session, Any], str]
"""What a thing says that is no file, in Markdown. A query at most."""
Sizes = Callable[[Session, Sequence[str]], Mapping[str, int]]
"""How many characters the texts of some things have, by id, so that nobody loads too many at once."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a noun is to the hub."""

    prefix: str
    """Of the ids of its entries, and of its nodes unless `columns` says otherwise: `doc` for `doc:ID`."""
    word: str
    """One of them: “document”."""
    many: str
    model: type[Any]
    """Its table; things of a kind that shares one are told apart by `only`, and have its prefix in their `kind`."""
    columns: Columns
    face: Callable[[Any], Face]
    only: ColumnElement[bool] = true()  # noqa: RUF009  # a constant of SQL
    listed: ColumnElement[bool] = true()  # noqa: RUF009
    """Which of them have an entry, while policy can judge them."""
    bodies: Bodies | None = None
    """None where it has no entries in the index, and is found by what lies in it."""
    sizes: Sizes | None = None
    """None where none of them is long."""
    pages: str = ""
    """What the addresses of its pages begin with, before the own id (`/documents/`), where it lies in places."""
    titled: Column | None = None
    """What lists are in the order of, where they lie in places (`Lying`); None for places themselves and for people.

    What lies in places is counted there in who will see a change, and put away and moved with its place.
    """
    filed: bool = True
    """Whether those that lie in a place are listed among its files."""
    talk: str | None = None
    """What follows the own address of one of them in that of the page where people talk about it (`/comments`).

    Empty where that is its own page, None where nobody talks about them.
    """
    changed: Any = None
    """When one of them was last changed, as a column; None where lists cannot be in the order of that."""
    typed: Column | None = None
    """What type each is of, as a column; None where its kind has no types."""
    files: Files | None = None
    """None where none of them is, or can be taken away as, a file."""
    text: Text | None = None
    """What those of them say that are no files, in Markdown; None where all are files."""
    saved_by: Column | None = None
    """Who saved what it says now (a `who` word), as a column; None where that is its owner."""
    saved_at: Any = None
    """When that was, as a column; None likewise."""
    added: ColumnElement[bool] = false()  # noqa: RUF009
    """Whether that was when it was added, as a column."""
    did: tuple[str, str] = ("added", "changed")
    """What somebody is said to have done to one, when it is new and when it is not."""
    number: Number | None = None
    """None where it keeps no revisions."""
    last_saved: LastSaved | None = None
    """None likewise."""
    mark: Mark | None = None
    """None where it stays as it is when its place is archived, withdrawn and restored."""
    move: Move | None = None
    """None where it lies where it lies, and moves with its place alone."""
    writers: Writers | None = None
    """None where nobody writes in it but its owner."""
    authors: Authors | None = None
    """None where what is said in one is not its author's work, but posts."""
    former: tuple[Column, Column] | None = None
    """Where the ids are of those that became a part of another one, and of which; None where none does."""
    kept: tuple[Kept, ...] = ()
    """What history keeps of it where that is more than its `columns`, which are kept where nothing is said."""

    def __post_init__(self) -> None:
        """Whatever is a kind has a history."""
        kept = self.kept or (kept_of(self.model, self.columns, self.only),)
        object.__setattr__(self, "kept", kept)
        keep(*kept)

    @property
    def lies(self) -> bool:
        """Whether they lie in places."""
        return self.titled is not None

    @property
    def counted_as(self) -> tuple[str, str]:
        """One and many of them, as a change shows them to people: what lies in no place is a page."""
        return (self.word, self.many) if self.lies else (f"{self.word}’s page", f"{self.many}’s pages")

    def audience_href(self, node: str) -> str:
        """The address of the page that says who can see one of them, which lies in a place."""
        return f"/audience/{self.word}/{node.removeprefix(self.columns.node_prefix)}"

    def place_of(self, thing: Thing) -> str:
        """The place that a thing lies at, or is."""
        return str(getattr(thing, str(self.columns.place.key)))

    def says(self, thing: Any) -> str:
        """Something that is another one once what a thing says is changed."""
        return str(self.number(thing)) if self.number else self.face(thing).changed.isoformat()

    def rows(self, session: Session, ids: Sequence[str]) -> dict[str, Thing]:
        """Those of the things with these own ids that have entries, by own id. One query."""
        wanted = select(self.model).where(self.only, self.listed, self.columns.id.in_(ids))
        return {row.id: row for row in session.scalars(wanted)}

    def count(self, session: Session) -> int:
        """How many have an entry."""
        return session.scalar(select(func.count(self.columns.id)).where(self.only, self.listed)) or 0
