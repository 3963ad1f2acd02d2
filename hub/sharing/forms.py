"""What a person sends when they make, change or share a place."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from acl.vocabulary import AUDIENCES, MARKINGS, ROLES
from hub.access.places import LONGEST_NAME, LONGEST_SLUG
from hub.sharing.queries import Principal
from hub.web.pages import Choice, Problem

AUDIENCE_CHOICES = (
    Choice("restricted", "Restricted", "Staff of every organisation see that it exists and may ask to join; "
           "what lies in it is for its members and whom policy names"),
    Choice("open", "Open", "Staff of every organisation read what is published here, up to OFFICIAL"),
    Choice("private", "Private", "Only members read what lies in it; your own organisation’s staff see that it exists"),
    Choice("confidential", "Confidential", "Only members know that it exists"),
)  # fmt: skip
ROLE_CHOICES = (
    Choice("reader", "Reader", "Reads what is published"),
    Choice("commenter", "Commenter", "Reads and comments"),
    Choice("editor", "Editor", "Writes and publishes too, and sees drafts"),
    Choice("manager", "Manager", "Also adds members and decides who sees it"),
)
LONGEST_ABOUT, LONGEST_REASON = 2_000, 500


def slug_of(name: str) -> str:
    """The part of an address that a name proposes: Café Society → cafe-society."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")


@dataclass(frozen=True)
class PlaceForm:
    """A new place, or the settings of one, and what is wrong with them."""

    name: str
    slug: str
    about: str
    audience: str
    marking: str
    problems: tuple[Problem, ...] = ()


def read_place(fields: MultiDict[str, str], *, audience: bool, marking: bool) -> PlaceForm:
    """Read the form of a place; an empty slug is made from the name."""
    name = fields.get("name", "").strip()
    slug = fields.get("slug", "").strip().lower() or slug_of(name)
    form = PlaceForm(name, slug, fields.get("about", "").strip(), fields.get("audience", ""), fields.get("marking", ""))
    found = []
    if not name or len(name) > LONGEST_NAME:
        found.append(Problem("name", f"Enter a name of up to {LONGEST_NAME} characters"))
    elif not slug:
        found.append(Problem("slug", "Enter an address: this name has no letters that an address can be made of"))
    if len(form.about) > LONGEST_ABOUT:
        found.append(Problem("about", f"The description must be {LONGEST_ABOUT:,} characters or fewer"))
    if audience and form.audience not in AUDIENCES:
        found.append(Problem("audience", "Select who it is open to"))
    if marking and form.marking not in MARKINGS:
        found.append(Problem("marking", "Select a marking"))
    return PlaceForm(form.name, form.slug, form.about, form.audience, form.marking, tuple(found))


@dataclass(frozen=True)
class MemberForm:
    """Role, end date and reason, and what is wrong with them."""

    role: str
    until: str
    reason: str
    end: date | None
    problems: tuple[Problem, ...] = ()


def read_member(fields: MultiDict[str, str], who: Principal, *, outside: bool, today: date) -> MemberForm:
    """Read the form; `outside` when the principal belongs to another organisation than the place."""
    role, until, reason = fields.get("role", ""), fields.get("until", "").strip(), fields.get("reason", "").strip()
    found, end = [], None
    if role not in ROLES:
        found.append(Problem("role", "Select a role"))
    try:
        end = date.fromisoformat(until) if until else None
    except ValueError:
        found.append(Problem("until", "Enter the last day as year-month-day, such as 2027-03-31"))
    if end is not None and end < today:
        found.append(Problem("until", "The last day must not have passed"))
    if who.kind == "guest" and not until:
        found.append(Problem("until", "Enter the last day: a guest’s admission ends"))
    if outside and not reason:
        found.append(Problem("reason", "Enter a reason: they are of another organisation"))
    if len(reason) > LONGEST_REASON:
        found.append(Problem("reason", f"The reason must be {LONGEST_REASON} characters or fewer"))
    return MemberForm(role, until, reason, end, tuple(found))
