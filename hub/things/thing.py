"""A thing as the hub asks of it: what decides about it, where it lies, what is shown of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from acl.store import Snapshot
from acl.visibility import Object


class Thing(Protocol):
    """A row that policy speaks of."""

    @property
    def id(self) -> Any:
        """Its id, which no other thing of its kind ever had."""

    @property
    def node(self) -> str:
        """The node that is given to people, and that lines of policy name: `doc:ID`, of a place its id."""

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The attributes that decide about it; None while the snapshot lacks its place."""


class Lying(Thing, Protocol):
    """A thing that lies in a place, which is counted there, put away and moved with it."""

    @property
    def place_id(self) -> Any:
        """Where it lies."""

    @property
    def organisation_id(self) -> Any:
        """Whose place that is."""

    @property
    def owner(self) -> Any:
        """The `who` word of its owner; empty for nobody."""

    @property
    def marking(self) -> Any:
        """One of the markings."""

    @property
    def state(self) -> Any:
        """One of the states."""

    @property
    def ms(self) -> Any:
        """Both, joined."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved what a thing says now (a `who` word), and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AsFile:
    """A thing as one takes it away: a stored file by its hash, or what it says as Markdown, where it has none."""

    size: int
    """Bytes of the file; of a text, its characters."""
    name: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is shown of a thing wherever it is listed."""

    title: str
    href: str
    lies_at: str
    """The place that it lies at; of a place, the one above it. Empty for an organisation."""
    changed: datetime
    owner: str = ""
    """The `who` word of its owner, where it has one that is shown."""
    type: str = ""
    """A word of the vocabulary of types, where its kind has types."""
    stage: str = ""
    """How far it has come, in words, where its kind has stages: "Needs an answer"."""
    tone: str = ""
    """How that looks, by a word of `hub-tag`."""
