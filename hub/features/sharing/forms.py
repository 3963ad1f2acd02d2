"""What a person sends when they make, change or share a place."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from acl.groups import voices_fit
from acl.vocabulary import AUDIENCES, MARKINGS, VOICES
from hub.access.places import LONGEST_NAME, LONGEST_SLUG
from hub.ground.ids import new_id, plain_letters
from hub.nouns.spaces.models import Service
from hub.nouns.spaces.services import LONGEST_WORD, MOST_OF_A_SPACE, all_services
from hub.web.pages import Choice, Problem

AUDIENCE_CHOICES = (
    Choice("restricted", "Restricted", "Staff of every organisation see that it exists and may ask to join; "
           "what is in it is for its members and whom policy names"),
    Choice("open", "Open", "Staff of every organisation read what is published here, up to OFFICIAL"),
    Choice("private", "Private", "Only members read what is in it; your own organisation’s staff see that it exists"),
    Choice("confidential", "Confidential", "Only members know that it exists"),
)  # fmt: skip
VOICES_CHOICES = (
    Choice("members", "Its members", "Those who may do more than read; whoever else reads it, only reads"),
    Choice("organisation", "Staff of the organisation that owns it", "In an open space: they ask and comment"),
    Choice("staff", "All staff", "In an open space: staff of every organisation ask and comment"),
)
"""Who may write in a space."""
USUAL = Choice("", "As is usual", "All staff in an open space, its members in any other")
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
    writers: str = ""
    """Who may write in a space; empty is what is usual for its audience."""
    problems: tuple[Problem, ...] = ()
    service_1: str = ""
    service_2: str = ""
    service_3: str = ""

    @property
    def writers_fit(self) -> bool:
        """Whether whoever is chosen to write may, while it is open to whom it is."""
        return voices_fit(self.audience, self.writers)

    @property
    def services(self) -> tuple[str, ...]:
        """The words of the services that were chosen."""
        return tuple(word for word in (self.service_1, self.service_2, self.service_3) if word)


def chosen(services: Iterable[str]) -> dict[str, Any]:
    """The services of a space as its form has them, a field each."""
    words = [*services, *[""] * MOST_OF_A_SPACE]
    return {f"service_{n}": words[n - 1] for n in range(1, MOST_OF_A_SPACE + 1)}


def service_choices(session: Session, now: Collection[Service] = ()) -> tuple[Choice, ...]:
    """The services that a space can be about, by name; a retired one only where it is about that already."""
    kept = {service.id for service in now}
    return tuple(
        Choice(service.id, f"{service.name} (retired)" if service.retired_at else service.name)
        for service in all_services(session)
        if service.into_id is None and (service.retired_at is None or service.id in kept)
    )


def read_place(fields: MultiDict[str, str], *, audience: bool, marking: bool) -> PlaceForm:
    """Read the form of a place; an empty slug is made from the name."""
    name = fields.get("name", "").strip()
    slug = fields.get("slug", "").strip().lower() or slug_of(name)
    about, of, marked = (fields.get(field, "") for field in ("about", "audience", "marking"))
    form = PlaceForm(name, slug, about.strip(), of, marked, fields.get("writers", "") if audience else "")
    if audience:
        words = [fields.get(f"service_{n}", "")[:LONGEST_WORD] for n in range(1, MOST_OF_A_SPACE + 1)]
        form = replace(form, **chosen(words))
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
    if form.writers and form.writers not in VOICES:
        found.append(Problem("writers", "Select who may write in it"))
    if marking and form.marking not in MARKINGS:
        found.append(Problem("marking", "Select a marking"))
    return replace(form, slug=slug, problems=tuple(found))
