"""What a form is about, told from its address by the routes themselves, and whether its writer may still open it."""

from collections.abc import Mapping
from typing import Any, Final

from flask import current_app
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from acl.directory import ROOT
from hub.access.guard import ACTIONS, viewer
from hub.access.models import Place
from hub.access.places import place_at
from hub.access.viewer import Viewer
from hub.documents.models import Document
from hub.errors import NotFound
from hub.keeping.drafts import MOST, Typed, address_of
from hub.keeping.models import TypedDraft

KEEPS: Final = frozenset({"documents.upload", "writing.edit", "sharing.make", "asking.form", "admin.edit_policy"})
"""The forms that are kept while they are typed into, by the views that open them."""


def typed_at(full_path: str, sent: Mapping[str, str]) -> Typed:
    """The form that is sent to an address, for somebody who may open it; raises as opening it does."""
    address = address_of(full_path)
    path, _, kind = address.partition("?")
    try:
        endpoint, given = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        raise NotFound from None
    if endpoint not in KEEPS:
        raise NotFound
    opener: Any = current_app.view_functions[str(endpoint)]
    action = ACTIONS[opener.declared_action]
    how = "as=text" if endpoint == "documents.upload" and "body" in sent else kind
    opens = f"{path}?{how}" if how else path
    document_id, place_id = given.get("document_id", ""), given.get("place_id", "")
    session = viewer().session
    if document_id:
        viewer().require(action, session.get(Document, document_id))
    elif "organisation" in given:
        place = place_at(session, given["organisation"]) if given["organisation"] else session.get(Place, ROOT)
        place_id = viewer().require(action, place).id
    elif place_id:
        viewer().require(action, session.get(Place, place_id))
    else:
        viewer().visible(action)
    return Typed(address, opens, action, document_id, place_id)


def drafts_of(looker: Viewer) -> list[tuple[TypedDraft, Document | Place | None]]:
    """The viewer's drafts, newest first, each with its thing, to which they may still do that. One query."""
    mine = (TypedDraft.person_id == looker.person.id, TypedDraft.dropped_at.is_(None))
    rows = looker.session.execute(
        select(TypedDraft, Document, Place)
        .outerjoin(Document, Document.id == TypedDraft.document_id)
        .outerjoin(Place, Place.id == TypedDraft.place_id)
        .where(*mine)
        .order_by(TypedDraft.saved_at.desc())
        .limit(MOST)
    )
    kept: list[tuple[TypedDraft, Document | Place | None]] = []
    for row, document, place in rows:
        thing = document if row.document_id else place
        about = row.document_id or row.place_id
        if not about or (thing is not None and looker.sees(thing) and looker.sees(thing, row.action)):
            kept.append((row, thing))
    return kept
