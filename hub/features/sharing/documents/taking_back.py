"""Ending what somebody was given on a document, once it is agreed from whom that takes it; and undoing either."""

from dataclasses import replace

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.giving import may_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Place
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import ask_first
from hub.features.sharing.blueprint import blueprint, check_kept
from hub.features.sharing.documents.common import address, managed, node_of, now_held, question, undo_of
from hub.features.sharing.members.adding import ADDED_AGAIN, UNDONE_WITHIN
from hub.features.sharing.queries import ended_on, given_on, grant_on, member_of
from hub.ground.errors import Conflict, NotPermitted
from hub.nouns.documents.models import Document
from hub.nouns.people.service import end_grant, give_again
from hub.web.flash import say


@blueprint.post("/share/document/<id:document_id>/remove")
@declares("document:share")
@acts
def stop_sharing(document_id: str) -> BaseResponse:
    """Take back what was given; it binds their next request."""
    document = managed(document_id)
    found = grant_on(viewer(), node_of(document), request.form.get("grant", ""))
    if found is None:  # pressed twice, or somebody was faster
        say("That had ended already, or was given anew in other words. Look at the list as it is now.", "info")
        return redirect(address(document), code=303)
    check_kept(document, [found])
    who = member_of(viewer(), node_of(document), found.principal)
    name = who.called if who else "somebody who is not here any more"
    asking = question(document, f"Stop sharing “{document.title}” with {name}?", "Stop sharing")
    page = ask_first(audience.grant_ended(document, found), replace(asking, button_kind="warning"))
    if page is not None:
        return page
    with acting() as uow:
        end_grant(uow, found)
        undo = undo_of(document, None, [found])
    say("Ended. What they see through policy or a membership stays.", undo=undo)
    return redirect(address(document), code=303)


@blueprint.post("/share/document/<id:document_id>/undo")
@declares("document:share")
@acts
def undo_sharing(document_id: str) -> BaseResponse:
    """End what was just given, and give back what was just taken, as it was; what widens is asked first."""
    document = managed(document_id)
    node, since = node_of(document), parts().clock.now() - UNDONE_WITHIN
    end = grant_on(viewer(), node, request.form.get("end", ""))
    back = ended_on(viewer(), node, request.form.get("back", "").split(), since)
    if end is None and not back:
        raise Conflict("There is nothing left to undo here. Look at the list as it is now.")
    _check_back(document, back, end)
    check_kept(document, [end] if end else [])
    change = audience.grants_given(document, *back)
    change = replace(change, ended=frozenset({end.id} if end else ()))
    title = "Undo: share it again as it was?" if back else "Undo: take it back from them?"
    asked = ask_first(change, question(document, title, "Undo", now_held(document, end, back), undoes=True))
    if asked is not None:
        return asked
    with acting() as uow:
        if end is not None:
            end_grant(uow, end)
        for grant in back:
            give_again(uow, grant)
    say("Undone: it is shared as it was before.")
    return redirect(address(document), code=303)


def _check_back(document: Document, back: list[Grant], end: Grant | None) -> None:
    """Nobody gives back more than they hold, nor beside what somebody else has given since."""
    place = g.db.get_one(Place, document.place_id)
    node, owner = node_of(document), document.owner
    if not all(may_give(viewer(), place, grant.marking, grant.state, node=node, owner=owner) for grant in back):
        raise NotPermitted("Policy does not let you give all of that. Share it again: they get what you may give.")
    now = [grant for word in {each.principal for each in back} for grant in given_on(g.db, node, word)]
    if any(end is None or grant.id != end.id for grant in now):
        raise Conflict(ADDED_AGAIN)
