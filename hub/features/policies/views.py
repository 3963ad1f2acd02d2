"""Can somebody do this? For those who manage a thing or a place; to everybody else the page is not there."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, request

from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.known_place import KnownPlace
from hub.access.models import Person
from hub.access.viewer import Judged, Thing
from hub.features.policies.answers import ACTS, answer_about
from hub.features.policies.pages import Answer, Offered, WhyPage
from hub.features.policies.queries import people_to_ask_about, person_to_ask_about
from hub.ground.errors import NotFound
from hub.nouns.spaces.queries import Line, line_of, place_by_path
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.thing import Lying
from hub.web.pages import Action, Choice, Crumb
from hub.web.render import render

blueprint = Blueprint("policies", __name__)

LONGEST_WORDS = 100
SAID = {"read": "Read it", "comment": "Comment on it", "edit": "Edit it", "manage": "Manage it"}


@of_each_kind(blueprint, lambda kind: f"{kind.pages}<id:own>/why")
@declares("policy:explain")
def ask_about_thing(prefix: str, own: str) -> Response:
    """Whether somebody may do something with what lies in a place."""
    kind = parts().kinds[prefix]
    thing: Lying = _managed(g.db.get(kind.model, own))
    line, face = line_of(viewer(), thing.place_id), kind.face(thing)
    return _page(_Asked(thing, face.title, face.href, thing.node, kind.audience_href(thing.node), line), line.seen)


@blueprint.get("/places/<place_path:path>/why")
@declares("policy:explain")
def ask_about_place(path: str) -> Response:
    """Whether somebody may do something with a place. A place that is itself called “why” keeps its address."""
    own = place_by_path(g.db, f"{path}/why")
    if own is not None and viewer().sees(own):
        return cast("Response", current_app.view_functions["browse.place"](path=f"{path}/why"))
    place = _managed(place_by_path(g.db, path))
    line = line_of(viewer(), place.id)
    audience = f"/audience/place/{place.id}" if place.kind != "organisation" else ""
    return _page(_Asked(place, place.name, f"/places/{place.path}", place.id, audience, line), line.seen[:-1])


def _managed(thing: Thing | None) -> Thing:
    """The thing, if the viewer manages it, by the gate; for everybody else it has no such page: raises NotFound."""
    found = viewer().read(thing)
    decision = viewer().decide("manage", found)
    if decision is None or not decision.allowed:
        raise NotFound
    return found


@dataclass(frozen=True)
class _Asked:
    """The thing that is asked about, and where it is."""

    thing: Judged
    name: str
    href: str
    node: str
    audience_href: str
    line: Line

    @property
    def managed(self) -> list[str]:
        """Nodes that the viewer manages, at and above it: whoever was given one of these is no stranger to them."""
        return [self.node, *(place.id for place in viewer().kept(self.line.seen, "manage"))]

    def about(self, person: Person, can: str) -> str:
        """The address of the question about one person."""
        return f"{self.href}/why?{urlencode({'who': person.subject_id, 'can': can})}"


def _page(asked: _Asked, above: list[KnownPlace]) -> Response:
    can = request.args.get("can", "read")
    can = can if can in ACTS else "read"
    words = request.args.get("find", "").strip()[:LONGEST_WORDS]
    word = request.args.get("who", "")
    found = people_to_ask_about(viewer(), asked.managed, words) if words else []
    known = found[0] if len(found) == 1 else None
    if word and not words:
        known = person_to_ask_about(viewer(), asked.managed, word)
    return render(
        WhyPage(
            crumbs=(*crumbs_of(above), Crumb(asked.name, asked.href)),
            whose=whose(asked.line),
            thing=asked.name,
            thing_href=asked.href,
            action=f"{asked.href}/why",
            audience_href=asked.audience_href,
            who=known[0].name if known else words,
            choices=tuple(Choice(act, SAID[act]) for act in ACTS),
            can=can,
            offers=tuple(_offered(asked, can, *each) for each in found) if known is None else (),
            nobody=bool(words or word) and known is None and not found,
            answer=_answer(asked, *known, can) if known else None,
        )
    )


def _offered(asked: _Asked, can: str, person: Person, organisation: str) -> Offered:
    guest = "a guest" if person.kind == "guest" else ""
    detail = ", ".join(filter(None, (f"of {organisation}", person.job_title, guest)))
    return Offered(person.name, detail, asked.about(person, can))


def _answer(asked: _Asked, person: Person, organisation: str, can: str) -> Answer:
    turns = tuple(Action(SAID[act], asked.about(person, act), primary=act == can) for act in ACTS)
    return answer_about(parts(), viewer(), person, organisation, can, asked.thing, turns)
