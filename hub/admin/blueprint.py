"""What every page of administration begins with: whose it is, and whether the viewer administers it."""

from flask import Blueprint, g

from hub.access.guard import viewer
from hub.access.models import Place
from hub.admin.pages import Tab
from hub.errors import NotFound
from hub.spaces.queries import place_by_path
from hub.web.pages import Crumb

blueprint = Blueprint("admin", __name__, template_folder="templates")

TABS = (
    ("Overview", ""),
    ("People", "/people"),
    ("Groups", "/groups"),
    ("Organisation", "/organisation"),
    ("Sign-in", "/issuer"),
    ("Policy", "/policy"),
)


def administered(slug: str) -> Place:
    """The organisation, if the viewer administers it; for everybody else it is not there: raises NotFound."""
    place = place_by_path(g.db, slug)
    if place is None or place.kind != "organisation":
        viewer().visible("administer")
        raise NotFound
    decision = viewer().decide("administer", place)
    if decision is None or not decision.allowed:
        raise NotFound
    return place


def tabs(place: Place, current: str) -> tuple[Tab, ...]:
    """The parts of an organisation's administration; `current` is one's text."""
    return tuple(Tab(text, f"/admin/{place.path}{end}", current=text == current) for text, end in TABS)


def crumbs(place: Place, *more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of administration."""
    return (Crumb(f"Administration of {place.name}", f"/admin/{place.path}"), *more)
