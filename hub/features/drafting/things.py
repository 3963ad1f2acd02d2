"""What a form is about, told from its address by the routes themselves, and whether its writer may still open it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask import current_app
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer
from werkzeug.exceptions import HTTPException

from acl.directory import ROOT
from hub.access.guard import ACTIONS, viewer
from hub.access.judged import judge_root
from hub.access.models import Place
from hub.access.places import place_at
from hub.access.viewer import Viewer
from hub.feature import ABOUT, About
from hub.ground.errors import NotFound
from hub.keeping.drafts import MOST, Typed, address_of
from hub.keeping.models import TypedDraft
from hub.things.kinds import Kinds
from hub.things.thing import Thing

NEW: Final = "“{name}” in {thing}"
HUB: Final = "the whole hub"
UNNAMED: Final = "something without a title in {thing}"
KEEPS: Final = {
    "admin.edit_policy": "changes to the policy of {thing}",
    "admin.edit_terms": "the next terms of {thing}",
    "admin.new_organisation": "a new organisation",
    "admin.new_guest": "an admission of a guest at {thing}",
    "admin.new_person": "a new person of {thing}",
    "admin.new_table": "a table of people of {thing}",
    "admin.show_issuer": "how the people of {thing} sign in",
    "admin.show_organisation": "how {thing} is shown",
    "admin.show_person": "how a person of {thing} is shown",
    "asking.answer": "an answer to a request about “{thing}”",
    "asking.ask_why_not": "a no to a request about “{thing}”",
    "asking.form": "a request for access",
    "conduct.ask_why": "a report of a post in “{thing}”",
    "documents.upload": NEW,
    "people.profile": "your profile",
    "sharing.choose": "what somebody may do in “{thing}”",
    "sharing.inviting": "an invitation to “{thing}”",
    "sharing.make": NEW,
    "sharing.settings": "settings of “{thing}”",
    "talk.ask_about_event": NEW,
    "talk.ask_reason": "what comes of “{thing}”",
    "talk.ask_when": "when “{thing}” is published",
    "talk.begin": NEW,
    "talk.edit": "changes to what you said in “{thing}”",
    "talk.show": "what you have to say to “{thing}”",
    "writing.edit": "changes to “{thing}”",
}
"""The forms that are kept while they are typed into, by the views that open them, with what they are in words."""
LONGEST_ADDRESS: Final = 200


def typed_at(full_path: str, sent: Mapping[str, str]) -> Typed:
    """The form that is sent to an address, for somebody who may open it; raises as opening it does."""
    address = address_of(full_path)
    path, _, kind = address.partition("?")
    endpoint, given = _route(path)
    if endpoint not in KEEPS or len(address) > LONGEST_ADDRESS:
        raise NotFound
    opener: Any = current_app.view_functions[endpoint]
    how = "as=text" if endpoint == "documents.upload" and "body" in sent else kind
    opens = f"{path}?{how}" if how else path
    about = _about(given, opener.declared_action)
    if about is None:
        viewer().visible()
        return Typed(address, opens, "read")
    thing, action = about
    if thing is None or not _may_open(viewer(), thing, action):
        raise NotFound
    return Typed(address, opens, action, thing.node)


def in_words(row: TypedDraft, thing: Thing | None, kinds: Kinds, longest: int) -> str:
    """What somebody was typing: "settings of “Housing”"."""
    said = KEEPS.get(_route(row.opens.partition("?")[0])[0], NEW)
    whole = "" if thing is None else HUB if thing.id == ROOT else kinds.face(thing).title
    return (said if row.name or said != NEW else UNNAMED).format(name=row.name[:longest], thing=whole[:longest])


def _route(path: str) -> tuple[str, Mapping[str, Any]]:
    """The view that opens what is at a path, and the parts of the path; raises NotFound."""
    try:
        endpoint, given = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        raise NotFound from None
    return str(endpoint), given


def _about(given: Mapping[str, Any], declared: str) -> tuple[Thing | None, str] | None:
    """What a form is about, or that it is gone, and what one must be allowed to do to it; None for one about nothing.

    `given` are the parts of its address, `declared` is the action of its view.
    """
    session, action = viewer().session, ACTIONS[declared]
    if given.get("organisation"):
        return place_at(session, given["organisation"]), action
    if "organisation" in given or declared == "platform:administer":
        return session.get(Place, ROOT), action
    if "place_id" in given:
        return session.get(Place, given["place_id"]), action
    if "prefix" in given:  # a page that is routed for each kind
        return session.get(viewer().kinds[given["prefix"]].model, given["own"]), action
    told: Mapping[str, About] = current_app.extensions[ABOUT]
    for name, find in told.items():
        if name in given:
            thing, other = find(given[name])
            return thing, other or action
    return None


def _may_open(looker: Viewer, thing: Thing, action: str) -> bool:
    """Whether somebody may do that, as the pages ask it: administrators need not read what they look after."""
    if thing.id == ROOT:
        decision = looker.judge(action, judge_root())
        return decision is not None and decision.allowed
    return looker.sees(thing, action) and (action == "administer" or looker.sees(thing))


@cache
def _drafts(kinds: Kinds) -> Select[*tuple[Any, ...]]:
    mine = (TypedDraft.person_id == bindparam("person"), TypedDraft.dropped_at.is_(None))
    lying = kinds.lying
    about = select(TypedDraft, Place, *(kind.model for kind in lying)).outerjoin(Place, Place.id == TypedDraft.node)
    for kind in lying:
        about = about.outerjoin(kind.model, kind.columns.on(TypedDraft.node))
    unread = defer(TypedDraft.fields, raiseload=True)
    return about.options(unread).where(*mine).order_by(TypedDraft.saved_at.desc()).limit(MOST)


def drafts_of(looker: Viewer) -> list[tuple[TypedDraft, Thing | None]]:
    """The viewer's drafts without what was typed, newest first, each with its thing, to which they may still do that.

    One query.
    """
    looker.sight()  # by which each of them is judged
    rows = looker.session.execute(_drafts(looker.kinds), {"person": looker.person.id})
    kept: list[tuple[TypedDraft, Thing | None]] = []
    for row, *things in rows:
        thing: Thing | None = next(filter(None, things), None)
        if not row.node or (thing is not None and _may_open(looker, thing, row.action)):
            kept.append((row, thing))
    return kept
