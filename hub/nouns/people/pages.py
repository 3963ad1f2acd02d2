"""Pages about people."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hub.web.pages import Page, Send, Who, Why
from hub.web.rows import PlaceRow


@dataclass(frozen=True, slots=True)
class Away:
    """That somebody is absent, or soon will be."""

    sentence: str
    """"Away until 4 December"."""
    stand_in: Who | None = None
    """Whom to ask meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShown:
    """What a viewer is shown of what somebody says of themselves."""

    called: str = ""
    team: str = ""
    place: str = ""
    services: tuple[tuple[str, str], ...] = ()
    """Name of each service, and where those are who work for it."""
    skills: tuple[tuple[str, str], ...] = ()
    """Each skill, and where those are who name it."""
    languages: str = ""
    ask_about: str = ""
    learning: str = ""
    working_days: str = ""
    contact: str = ""
    away: Away | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPage(Page):
    """`/people/<slug>/<name>`: who somebody is. The title is their name."""

    template: ClassVar[str] = "people/person.html"
    section: ClassVar[str] = "people"

    organisation: str
    organisation_href: str = ""
    handle: str
    """`leeds/sam-okafor`: what policy files call them; `''` for those who write none."""
    photo: str = ""
    """Where their photograph is, if the viewer is shown one."""
    job: str = ""
    email: str = ""
    profile: ProfileShown = ProfileShown()
    ask_href: str = ""
    """Where the viewer can ask them a question; empty of the viewer themselves."""
    feed_href: str = ""
    """Where an address is made at which a feed reader reads what they write; empty likewise."""
    follow: Send | None = None
    """What lets the viewer hear of what they write, or no longer."""
    is_viewer: bool = False
    spaces: tuple[PlaceRow, ...] = ()
    """Spaces that the person belongs to and the viewer may see."""
    why: Why | None = None
