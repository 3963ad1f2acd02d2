"""Pages of documents: one document, one of its revisions, upload and writing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Admitted, Choice, Page, PageLinks, Send, Who, Whose, Why


@dataclass(frozen=True, slots=True)
class FilePanel:
    """The uploaded file of a document or revision."""

    name: str
    href: str
    """Download address; always sent as an attachment."""
    kind: str
    """In words: "PDF", "Word document", "OpenDocument text"."""
    size: int
    """Bytes."""
    unreadable: str = ""
    """Why its text could not be read ("the file is protected by a password"); `''` when it could."""
    text: str = ""
    """The text that was read from it, as plain text, perhaps cut; `''` when none is shown."""
    text_is_cut: bool = False
    hidden: str = ""
    """What of it is hidden, for whoever may edit it: "3 hidden sheets (Salaries, …)"; `''` for nothing."""
    author: str = ""
    """Who wrote it, as the file says itself."""
    view_href: str = ""
    """Where the browser shows it; `''` for what is only downloaded."""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision in a document's list, newest first."""

    number: int
    href: str
    at: datetime
    by: str
    by_href: str = ""
    note: str = ""
    """What changed, as the author said."""
    file_href: str = ""
    """Download of that revision's file; `''` for text."""
    current: bool = False


@dataclass(frozen=True, slots=True)
class SharedWith:
    """Somebody, a group or an organisation to whom a document was given by name, and the last day."""

    who: Who
    until: date | None


@dataclass(frozen=True, slots=True)
class Doable:
    """What the viewer may do with a document."""

    actions: tuple[Action, ...] = ()
    """Its buttons."""
    menu: tuple[tuple[Action, ...], ...] = ()
    """Everything else, in groups."""
    reach: Action | None = None
    """How many can read it, and where they are listed: for those who manage it."""
    shared: tuple[SharedWith, ...] = ()
    """The newest with whom it is shared by name."""
    share_href: str = ""
    """Where it is shared and all of these are listed; both for those who manage it."""
    notice: str = ""
    """Who can see a draft: a sentence for those who may edit."""


NOTHING = Doable()


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPage(Page):
    """`/documents/<id>`. Either `body` (Markdown source) or `file`, not both."""

    template: ClassVar[str] = "documents/document.html"

    whose: Whose
    marking: str
    loud: bool = False
    """Whether the marking is said loudly: it is not the usual one of its place, or OFFICIAL-SENSITIVE."""
    state: str
    owner: Who
    created: datetime
    changed: datetime
    number: int
    """Number of the current revision."""
    permalink: str
    """Full address for quoting and for print."""
    body: str = ""
    file: FilePanel | None = None
    revisions: tuple[RevisionRow, ...] = ()
    """The newest ones."""
    revisions_href: str
    """Where all of them are."""
    star: Send | None = None
    """Makes it a favourite of the viewer's, or no longer one."""
    pin: Send | None = None
    """Pins it to the overview of its space: for those who manage that."""
    done: Doable = NOTHING
    talk: Action | None = None
    """How many comments there are, and where."""
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionsPage(Page):
    """`/documents/<id>/revisions`: all revisions, newest first, a page at a time."""

    template: ClassVar[str] = "documents/revisions.html"

    whose: Whose
    document_href: str
    compare_href: str = ""
    """Where any two are compared; `''` while there is one only."""
    revisions: tuple[RevisionRow, ...]
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionPage(Page):
    """`/documents/<id>/revisions/<number>`: a document as it stood. The title is the revision's."""

    template: ClassVar[str] = "documents/revision.html"

    whose: Whose
    marking: str
    state: str
    number: int
    latest: int
    at: datetime
    by: str
    by_href: str = ""
    note: str = ""
    permalink: str
    document_href: str
    older_href: str = ""
    newer_href: str = ""
    compare_href: str = ""
    """What changed from this revision to the current one; `''` for that one itself."""
    bring_back: Send | None = None
    """For those who may edit, on an older revision."""
    body: str = ""
    file: FilePanel | None = None


@dataclass(frozen=True, slots=True)
class SentFile:
    """One of several files that were sent: the document that it became, or why it became none."""

    title: str
    href: str = ""
    """Of the document that it became, or of the one that is there already."""
    why: str = ""
    """A clause that goes on after its name; `''` for what was added."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedPage(Page):
    """What became of several files that were sent at once. The title says how many were added and how many not."""

    template: ClassVar[str] = "documents/added.html"

    whose: Whose
    place: str
    place_href: str
    again_href: str
    """Where more are added."""
    added: tuple[SentFile, ...] = ()
    left: tuple[SentFile, ...] = ()
    publish: Send | None = None
    """Where they wait as drafts: says whom publishing all of them shows them to, and does."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in parts and waits for its form."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A large file that the viewer began to send: `came` of `size` bytes are here."""

    name: str
    came: int
    size: int
    here: bool
    """Whether it goes to the place of this page."""
    href: str
    """The form where it goes on; empty where the viewer does not see that place any more."""
    discard: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadPage(Page):
    """`/upload/<place_id>`: add a document, as a file or as text written here (`?as=text`).

    The form is sent to `action` as multipart/form-data with the fields `csrf_token`, `name` (the title), `marking`,
    `state`, `note`, and one of `file` (once or more often), `upload` (a file that came in parts) and `body`. Wrong
    input comes back with status 422, `problems` (by these field names) and all values but the file. Text is saved as a
    draft (no `state`), or shown first (`do=preview`).
    """

    template: ClassVar[str] = "documents/upload.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Add a document"
    whose: Whose
    place: str
    """Name of the place that the document will lie in."""
    place_href: str
    action: str
    as_text: bool = False
    file_href: str
    """This form for a file, and for text."""
    text_href: str
    bring_href: str = ""
    """Where a whole folder is brought in."""
    markings: tuple[Choice, ...]
    states: tuple[Choice, ...]
    largest: int
    """Bytes that a file may have."""
    part: int = 0
    """Bytes above which a file is sent in parts of so many, by script."""
    upload: Arrived | None = None
    """The file that came in parts and is to be added by this form."""
    unfinished: tuple[Unfinished, ...] = ()
    name: str = ""
    marking: str = ""
    state: str = ""
    body: str = ""
    note: str = ""
    preview: bool = False
    """Whether the text is shown above the form as it will look."""
    seen: str = ""
    """What the form shows of the place and of its readers, sealed."""
    news: tuple[str, ...] = ()
    """What has changed since the form was opened, a sentence each: nothing was done."""
    audience: tuple[tuple[str, str], ...] = ()
    """Who can read what is published here: a marking and a sentence for each that the viewer may give."""
