"""What the pages of bringing a folder in show."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Choice, Page, Send, Whose


@dataclass(frozen=True, slots=True)
class Earlier:
    """A folder that the viewer brought in before."""

    name: str
    href: str
    at: datetime
    said: str
    """How far it is: "12 of 40 files", "40 files"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BringPage(Page):
    """`/bring/<place_id>`: choose a ZIP archive, whose files become drafts.

    The form is sent to `action` as multipart/form-data with `csrf_token`, `marking`, `file` and `seen`. An archive that
    is refused comes back with status 422 and the reason in `problems`.
    """

    template: ClassVar[str] = "imports/bring.html"

    title: str = "Bring in a folder"
    whose: Whose
    place: str
    place_href: str
    action: str
    file_href: str
    """The form for files one by one, and for text."""
    text_href: str
    markings: tuple[Choice, ...]
    marking: str
    home: str = ""
    """The name of that in which a new private space may be made for it; empty where the viewer may make none."""
    into: str = "here"
    """Whether it goes `here`, or into such a `space`."""
    name: str = ""
    """What the new space is to be called."""
    largest: int
    """Bytes that the archive, and each file in it, may have."""
    most: int
    """Files that it may have."""
    seen: str
    news: tuple[str, ...] = ()
    """What has changed since the form was opened, a sentence each: nothing was done."""
    folders: str
    """What becomes of its folders, and who sees their names."""
    ways: tuple[Choice, ...] = ()
    """Where it may go, where there is a choice."""
    running_href: str = ""
    """Where the viewer sees what they are bringing in now; then there is no form."""
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class BroughtFolder:
    """A folder in which drafts of the import lie, and the button that publishes them."""

    name: str
    href: str
    drafts: int
    publish: Send | None


@dataclass(frozen=True, slots=True)
class Told:
    """A file of which the report has something to say: a clause that goes on after its path."""

    path: str
    href: str
    """Its document; empty where there is none that the viewer sees."""
    why: str


@dataclass(frozen=True, slots=True)
class ToldList:
    """Files of which it says the same kind of thing, as many as are named, and how many more there are."""

    id: str
    heading: str
    files: tuple[Told, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPage(Page):
    """`/imports/<import_id>`: how far a folder is that the viewer brings in, then what came of it. Theirs alone."""

    template: ClassVar[str] = "imports/import.html"

    whose: Whose
    place: str
    """Empty where the viewer does not see it any more."""
    place_href: str
    here_href: str
    again_href: str
    """Where they bring in another one; empty where they may not."""
    running: bool
    done: int
    total: int
    undoing: bool = False
    """Whether it is being taken back just now: then `done` of `total` are gone."""
    stop: Send | None = None
    go_on: Send | None = None
    undo_href: str = ""
    """Where it can be taken back; empty where there is nothing to take back."""
    reason: str = ""
    """Why it ended before its end, or what became of it since."""
    folders: tuple[BroughtFolder, ...] = ()
    lists: tuple[ToldList, ...] = ()
