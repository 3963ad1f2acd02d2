"""What a person sends when they make, change or share a place."""

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from acl.vocabulary import AUDIENCES, MARKINGS
from hub.access.places import LONGEST_NAME, LONGEST_SLUG
from hub.ground.ids import new_id, plain_letters
from hub.web.pages import Choice, Problem

AUDIENCE_CHOICES = (
    Choice("restricted", "Restricted", "Staff of every organisation see that it exists and may ask to join; "
           "what is in it is for its members and whom policy names"),
    Choice("open", "Open", "Staff of every organisation read what is published here, up to OFFICIAL"),
    Choice("private", "Private", "Only members read what is in it; your own organisation’s staff see that it exists"),
    Choice("confidential", "Confidential", "Only members know that it exists"),
)  # fmt: skip
LONGEST_ABOUT = 2_000


def slug_of(name: str) -> str:
    """The part of an address that a name proposes: Café Society → cafe-society."""
    plain = plain_letters(name)
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
        slug = f"place-{new_id()[:4]}"
        said = "No address can be made of this name, since it has no Latin letters: keep this one, or type another"
        found.append(Problem("slug", said))
    if len(form.about) > LONGEST_ABOUT:
        found.append(Problem("about", f"The description must be {LONGEST_ABOUT:,} characters or fewer"))
    if audience and form.audience not in AUDIENCES:
        found.append(Problem("audience", "Select who it is open to"))
    if marking and form.marking not in MARKINGS:
        found.append(Problem("marking", "Select a marking"))
    return PlaceForm(form.name, slug, form.about, form.audience, form.marking, tuple(found))
