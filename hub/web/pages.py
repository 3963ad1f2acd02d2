"""What every page is made of: frozen values, already decided and readable, never model objects.

A feature's `pages.py` has one dataclass for each template. A view fills it and calls `hub.web.render.render`.
Rules for those who fill them:
- texts are plain text (templates escape them); Markdown goes in as its source; nothing here is HTML;
- an `href` is a path on this hub, or `''` where the viewer may not see the target: then only the text is shown;
- dates are `datetime.date`, moments are aware `datetime` values: templates write them for Europe/London;
- a link, a button, an ancestor or a row that the viewer may not see is left out by the view, not by the template.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Site:
    """What does not change while the hub runs: the name shown, whether it is a demo, where to ask for help."""

    name: str = "Knowledge Hub"
    demo: bool = False
    contact: str = ""
    """An e-mail address or a sentence, for those who are signed out; `''` when none is set."""
    colour: str = ""
    """The installation's own colour (`#4b2e83`); `''` for the one that the hub comes with."""
    logo: Path | None = None
    """A picture for the header instead of mark and name."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page: an ancestor that the viewer may see."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button-like link to something that the viewer may do here."""

    text: str
    href: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of a thing, which stand beside one another."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person signed in, as the shell shows them on each page."""

    name: str
    href: str
    organisation: str
    organisation_href: str = ""
    contact: str = ""
    """How to reach the administrators of the viewer's own organisation: an e-mail address or a sentence."""
    admin_href: str = ""
    """Where they look after their organisation; empty for those who do not."""
    passkeys_href: str = ""
    """Where guests look after what they sign in by; empty for staff, whose organisation does."""
    waiting: int = 0
    """How much waits for them."""
    heard: int = 0
    """How much there is that they have not looked at."""
    new: tuple[Action, ...] = ()
    """What they may add somewhere."""


@dataclass(frozen=True, slots=True)
class Send:
    """A button that does something: a form of its own, sent by POST with these fields."""

    text: str
    href: str
    fields: tuple[tuple[str, str], ...] = ()
    kind: str = "secondary"
    """primary, secondary, warning, or link."""
    once: bool = False
    """Whether it makes something, which it shall make once however often it is pressed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that waits for the viewer, or that they should know: one sentence on top of their home page."""

    text: str
    """A sentence that says what waits and how much: "2 people ask for access to your spaces"."""
    href: str = ""
    """Where it is seen to; the sentence is then the link."""
    kind: str = "todo"
    """todo (something waits for them), warning (something is wrong or ends soon) or info."""
    sends: tuple[Send, ...] = ()
    """What may be done about it right here, such as putting it away."""
    people: int = 0
    """How many wait for the viewer: the number in the bar is the sum of these."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a form: shown at the top, linked to its field, and beside it."""

    field: str
    """The `name` (and id) of the field, or `''` for the form as a whole."""
    message: str
    """What to do about it, as a sentence without full stop: "Choose a file of at most 50 MB"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of radio buttons or of a drop-down."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose space the viewer is in: shown under the title of a place, a document, a revision."""

    organisation: str
    organisation_href: str = ""
    space: str = ""
    space_href: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as they are named wherever people of several organisations may stand: with their own."""

    name: str
    organisation: str = ""
    href: str = ""
    """Their page; `''` where the viewer may not see it."""

    def __str__(self) -> str:
        """As a sentence names them: "Sam Okafor of Leeds City Council"."""
        return f"{self.name} of {self.organisation}" if self.organisation else self.name


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule, for those who may see it: who manage the thing, or administer the organisation whose file it is in."""

    source: str
    """"organisations/leeds.csv line 14", "A membership, given by Sam Okafor", "The audience of Housing"."""
    text: str = ""
    """The line as it is written; `''` for what no file holds."""
    sentence: str = ""
    """What it does, in words."""
    href: str = ""
    """Where it can be changed; `''` for those who may not open that."""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "Why can I see this?": a sentence for everyone, the deciding rule for those who manage it."""

    sentence: str
    """"You can read this because Leeds shares its flood plan with York until 31 March 2027."."""
    but: str = ""
    """"You can read this, but not edit it, because …"; `''` where there is nothing to say."""
    rule: RuleShown | None = None
    """None hides it from this viewer."""
    ask_href: str = ""
    """"Can somebody do this?", for those who manage it."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a guest is told of their admission: until when, by whom and for what."""

    sentence: str
    soon: bool
    """Whether it ends within the next fortnight."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody who sees no more of a space than its page may do to join it."""

    sentence: str = ""
    """That they have asked, and when; whom else to ask."""
    href: str = ""
    """Where they see what became of it, or do it themselves."""
    to: str = "My requests"
    """What that page is called."""
    send: Send | None = None
    """The button that asks."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number of the paging bar; `href == ''` with text '…' is a gap."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The paging bar: built by `hub.web.paging.page_links`, empty when there is one page only."""

    items: tuple[PageLink, ...] = ()
    previous: str = ""
    next: str = ""
    first: int = 0
    """Number of the first and the last thing shown here, counted from 1 ("11 to 20 of 57")."""
    last: int = 0
    total: int = 0


ONE_PAGE = PageLinks()
"""No paging bar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Base of all pages. A subclass names its template and adds its own fields, all plain values."""

    template: ClassVar[str] = ""
    """Path of the template, such as `documents/document.html`."""
    section: ClassVar[str] = ""
    """The part of the navigation that is marked as current: home, spaces, search."""
    forms: ClassVar[bool] = True
    """Whether the shell may hold forms (search box, sign-out). False for error pages: they must not vary."""
    bare: ClassVar[bool] = False
    """Whether the shell leaves out the ways to other pages: nothing but this one is open yet."""
    keeps_drafts: ClassVar[bool] = False
    """Whether what is typed into its form (`action`) is kept as a draft, and offered when it is opened again."""
    here: str = ""
    """The id of the place that the page is about, so that what is added from there lies there."""

    title: str
    """The page's h1 and the first part of the browser's title."""
    crumbs: tuple[Crumb, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What is wrong in the form that was sent; the status is then 422."""
