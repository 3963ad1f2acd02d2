"""A private space that is made in the step that brings a folder in: nobody but whoever brings it sees into it."""

from dataclasses import replace
from typing import Final

from acl.directory import Place as Node
from acl.layers import without
from acl.visibility import joined
from acl.vocabulary import marked
from hub.access.giving_way import make_way
from hub.access.guard import viewer
from hub.access.judged import judge_place
from hub.access.models import Grant, Place
from hub.access.places import LONGEST_NAME, LONGEST_SLUG, PARENTS, NewPlace
from hub.access.subjects import as_rule
from hub.audience.confirming import foretold
from hub.audience.foreseeing import place_made
from hub.features.imports.places import slug_of
from hub.ground.errors import NotPermitted
from hub.ground.ids import with_tail
from hub.ground.letters import one_line
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import NewGrant, give
from hub.nouns.spaces.owning import own_grant
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.spaces.service import add_space

MAKE_SPACES: Final = "make-spaces"
AUDIENCE: Final = "confidential"
MADE: Final = "They made this space"


def parent_for(place: Place, marking: str) -> Place | None:
    """In what the viewer may have one: their own organisation, else the place where they are; None for neither."""
    if viewer().person.kind != "staff":
        return None
    own = place_by_id(viewer().session, viewer().person.organisation_id)
    return next((each for each in (own, place) if each is not None and _may_make(each, marking)), None)


def make_own_space(uow: UnitOfWork, parent: Place, name: str, marking: str) -> Place:
    """Make it, under an address that nobody guesses, and let the viewer manage it."""
    plain = one_line(name)[:LONGEST_NAME].strip() or "Folder"
    new = NewPlace("space", with_tail(slug_of(plain), LONGEST_SLUG), plain, marking, AUDIENCE)
    make_way(uow, parent, new.slug, sees=viewer().sees)
    space = add_space(uow, parent, new)
    give(uow, own_grant(viewer(), parent, space.id, MADE, by=MAKE_SPACES))
    return space


def _may_make(parent: Place, marking: str) -> bool:
    """Whether the viewer may make one there in which they, and nobody else, see drafts of the marking."""
    there = judge_place(parent.id, "space", owner="", marking=marking, state="published", snapshot=viewer().snapshot)
    if parent.kind not in PARENTS["space"] or there is None or not viewer().sees(parent):
        return False
    decisions = viewer().decide(MAKE_SPACES, parent), viewer().judge(MAKE_SPACES, there)
    if not all(decision is not None and decision.allowed for decision in decisions):
        return False
    node = Node("new", parent.id, f"{parent.path}/{with_tail('new', LONGEST_SLUG)}", "space", AUDIENCE)
    try:
        given = own_grant(viewer(), parent, node.id, MADE, by=MAKE_SPACES)
    except NotPermitted:
        return False
    return given.state == "any" and marked(marking, given.marking) and _is_alone(node, given, marking)


def _is_alone(node: Node, given: NewGrant, marking: str) -> bool:
    """Whether nobody else would see the space's name, or what is published in it."""
    change = place_made(node, joined(marking, "published"))
    rule = as_rule(Grant(**given.__dict__, id="new"))
    shown = foretold(replace(change, given=(rule,))).gained
    me = shown.directory.number.get(viewer().person.id)
    return not without(shown.everybody, 1 << me if me is not None else 0)
