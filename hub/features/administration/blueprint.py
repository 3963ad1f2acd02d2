"""What every page of administration begins with: whose it is, and whether the viewer administers it."""

from flask import Blueprint, g

from acl.directory import ROOT
from hub.access.guard import viewer
from hub.access.judged import judge_root
from hub.access.models import Place
from hub.features.administration.pages import Tab
from hub.features.administration.records.whose import keeps
from hub.ground.errors import NotFound
from hub.nouns.spaces.queries import place_by_path
from hub.web.pages import Crumb

blueprint = Blueprint("admin", __name__, template_folder="templates")

TABS = (
    ("Overview", ""),
    ("People", "/people"),
    ("Groups", "/groups"),
    ("Guests", "/guests"),
    ("Organisation", "/organisation"),
    ("Sign-in", "/issuer"),
    ("Sessions", "/sessions"),
    ("Terms", "/terms"),
    ("Questions", "/questions"),
    ("Policy", "/policy"),
    ("Second person", "/proposals"),
)
RECORDS = (("Records", "/records"), ("Retention", "/retention"))
"""For those who keep them."""
PLATFORM_TABS = (
    ("Organisations", ""),
    ("Administrators", "/administrators"),
    ("Second person", "/proposals"),
    ("To confirm", "/waiting"),
    ("Services", "/services"),
    ("Policy", "/policy"),
    ("Sent mail", "/mail"),
)
PLATFORM = "/admin/platform"


def administers_platform() -> bool:
    """Whether the viewer looks after the whole hub."""
    decision = viewer().judge("administer", judge_root())
    return decision is not None and decision.allowed


def whose_word(place: Place) -> str:
    """In whose name the viewer acts on an organisation's pages: the platform's, where they look after that too."""
    return ROOT if administers_platform() else place.id


def platform() -> Place:
    """The root of the tree, for those who look after the whole hub; for everybody else it is not there."""
    if not administers_platform():
        raise NotFound
    return g.db.get_one(Place, ROOT)  # type: ignore[no-any-return]


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
    """The parts of an administration, an organisation's or the whole hub's; `current` is one's text."""
    if place.id == ROOT:
        return tuple(Tab(text, f"{PLATFORM}{end}", current=text == current) for text, end in PLATFORM_TABS)
    found = (*(TABS if viewer().sees(place, "administer") else ()), *(RECORDS if keeps(viewer(), place) else ()))
    own = tuple(Tab(text, f"/admin/{place.path}{end}", current=text == current) for text, end in found)
    return (*own, Tab("Whole hub", PLATFORM)) if administers_platform() else own


def crumbs(place: Place, *more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of administration."""
    if place.id == ROOT:
        return (Crumb("Administration of the hub", PLATFORM), *more)
    if not viewer().sees(place, "administer"):
        return (Crumb(place.name, f"/places/{place.path}"), *more)
    return (Crumb(f"Administration of {place.name}", f"/admin/{place.path}"), *more)
