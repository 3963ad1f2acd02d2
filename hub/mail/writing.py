"""Letters that are written as they leave: what they tell is judged at that moment, and lies in no table.

Whoever brings such letters says so once, as its module is loaded:

    bring(Kind("daily", "the daily letter of news", write=write_daily, stop=stop_daily))

They are also the letters that people can end, each kind by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.models import SentLetter

UNWRITTEN: Final = "What this letter tells is written as it leaves, for whoever gets it alone."
"""What such a letter says to everybody else."""


class NotNow(Exception):
    """The letter is not to leave before a moment."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until}")
        self.until = until


@dataclass(frozen=True)
class Written:
    """What a letter tells, as it leaves."""

    subject: str
    paragraphs: tuple[tuple[str, ...], ...]
    """Each of one or several lines."""
    at: datetime
    left: Callable[[UnitOfWork], None]
    """Notes that it has left, in the unit of work in which that is noted of the letter."""
    stop: str = ""
    """The path by which its reader ends letters of this kind."""


Write = Callable[[Parts, Session, SentLetter, Person], Written | None]
"""What a letter tells its person now; None where that is nothing any more. Raises NotNow."""


@dataclass(frozen=True)
class Kind:
    """A kind of letters that are written as they leave."""

    key: str
    words: str
    """In a sentence: "the daily letter of news"."""
    write: Write
    stop: Callable[[UnitOfWork, str], None]
    """Somebody, by id, gets none of them any more."""


_KINDS: dict[str, Kind] = {}


def bring(*kinds: Kind) -> None:
    """Let there be letters of some kinds."""
    _KINDS.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> Kind | None:
    """The kind of that key; None where there is none."""
    return _KINDS.get(key)
