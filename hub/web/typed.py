"""What somebody typed and did not send, or sent in vain, as a page gives it back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field in which somebody wrote, in a form that could not be taken."""

    name: str
    label: str
    text: str
    long: bool
    """Whether it is shown as an area of several lines."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that could not be taken, given back to whoever sent it. The hub keeps none of it."""

    action: str
    token: str
    """The form token of whose form it is."""
    words: tuple[KeptField, ...] = ()
    rest: tuple[tuple[str, str], ...] = ()
    """What goes along unseen: choices, and what the form remembers."""
    files: tuple[tuple[str, str], ...] = ()
    """Fields of files with the name of the file that was in each: it has to be chosen again."""
    sealed: str = ""
    """All of it, where somebody else is signed in: nothing of it is shown, and only its writer can open it."""
    signed_out: bool = False
    again: bool = True
    """Whether it may be sent again from here."""


@dataclass(frozen=True, slots=True)
class DraftOffer:
    """What the viewer typed into the form of a page before, and did not send."""

    address: str
    """By which it is discarded."""
    saved: datetime
    href: str
    """Where the form opens as it was typed."""
    used: bool
    """Whether it is open just so."""
