"""What a feature brings: one value in its `wiring.py`, listed in `hub/wiring.py`. A list you can read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import click
from flask import Blueprint
from sqlalchemy import ColumnElement

from hub.access.guard import Meets
from hub.access.models import Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.ground.db import Base
from hub.ground.telling import tell_of
from hub.things.thing import Thing
from hub.web.pages import Joining, Notice

NOTICES = "hub-notices"
"""Under this name the application keeps the notices of all features (`Flask.extensions`)."""
Notices = Callable[[Viewer], Iterable[Notice]]
"""What a feature has to say to somebody on top of their home page, in at most two queries; mostly nothing."""

WAITS = "hub-waits"
"""Under this name it keeps how each of them counts what waits for somebody."""
Waits = Callable[[Viewer], ColumnElement[int] | None]
"""How many people wait for the viewer to do something, as a part of one SELECT; None where nobody can."""

NEWS = "hub-news"
"""Under this name it keeps how each of them counts what is new to somebody."""
News = Callable[[Viewer], int]
"""How much there is that the viewer has not looked at, in one query."""

TELLS = "hub-tells"
"""Under this name it keeps what each of them has to tell somebody on the page of their news, one after another."""

SAYS = "hub-says"
"""Under this name it keeps what of each is counted on home in one query together, and how home says that."""
Says = Callable[[int], Notice]
"""The notice that there are so many."""

JOINING = "hub-joining"
"""Under this name it keeps how somebody who sees no more of a space than its page may join it."""
ABOUT = "hub-about"
"""Under this name it keeps what forms are about whose address names neither a place nor a document."""
About = Callable[[str], tuple[Thing | None, str]]
"""The thing that a part of an address names, or that it is gone, and what one must be allowed to do to it.

Where no action is said, it is that of the view. Raises NotFound.
"""

AsksToJoin = Callable[[Viewer, Place], Joining]


@dataclass(frozen=True)
class Feature:
    """A feature's name, its pages, its commands and what it does in the worker."""

    name: str
    blueprint: Blueprint | None = None
    commands: tuple[click.Command, ...] = ()
    """Commands of `hub`; a group of the same name as another feature's is merged with it."""
    jobs: tuple["Job", ...] = ()
    on_start: tuple[Callable[[Parts], None], ...] = ()
    """Done once by the worker before its first round."""
    notices: tuple[Notices, ...] = ()
    """What it has to say on the viewer's home page; asked in the order of `hub/wiring.py`."""
    waits: Waits | None = None
    """What is counted in the bar of each page."""
    says: tuple[tuple[Waits, Says], ...] = ()
    """What is counted on home besides, without a query more, and how home says how much that is."""
    news: News | None = None
    """What is counted at the bell of each page."""
    tells: Notices | None = None
    """What it tells on the page of news, beside what others said; in one query."""
    meets: Meets | None = None
    """What somebody may have to do before they go on to the page that they asked for."""
    joining: AsksToJoin | None = None
    """How one joins a space: of one feature only."""
    about: tuple[tuple[str, About], ...] = ()
    """For a part of an address, by name: what the form there is about, and what one has to be allowed to do to that;
    raises NotFound."""


A_DAY: Final = 86_400.0
"""Seconds between two rounds of what is done daily, and whenever the worker starts."""


@dataclass(frozen=True)
class Job:
    """Something that the worker does again and again; `run` returns how much it did (0: nothing to do)."""

    name: str
    run: Callable[[Parts], int]
    every: float = 10.0
    """Seconds between two rounds that found nothing to do; of one that hears of its work, for what it did not hear."""
    looks_for: tuple[type[Base], ...] = ()
    """In whose rows it finds work: it runs as soon as one of them is added or changed."""
    due: Callable[[Parts], datetime | None] | None = None
    """When there will be work though nothing is written; asked after a round that found nothing."""
    side_by_side: Callable[[], int] = lambda: 1
    """How many rounds of it may run at a time; each of them sees to it that no two do the same."""

    def __post_init__(self) -> None:
        """Whatever a job looks for is told of."""
        tell_of(*self.tables)

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables in which it finds work."""
        return frozenset(model.__tablename__ for model in self.looks_for)
