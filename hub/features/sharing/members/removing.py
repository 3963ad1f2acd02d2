"""Taking back what somebody was given, once it is agreed from whom that takes what."""

from dataclasses import replace

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import ask_first
from hub.features.sharing.blueprint import blueprint, check_kept, managed
from hub.features.sharing.members.adding import question, undo_of
from hub.features.sharing.members.listing import asked_for
from hub.features.sharing.queries import ended_of, given_on, grant_on, last_manager, member_of
from hub.nouns.people.service import end_grant
from hub.web.flash import say


@blueprint.post("/members/<id:place_id>/remove")
@declares("place:share")
@acts
def remove(place_id: str) -> BaseResponse:
    """Take back what was given, once it is agreed who loses what; it binds their next request."""
    place, looked_at = managed(place_id), asked_for()
    found = grant_on(viewer(), place.id, request.form.get("grant", ""))
    if found is None:  # pressed twice, or somebody was faster
        say(_gone(place, request.form.get("grant", "")), "info")
        return redirect(looked_at.address(place.id), code=303)
    check_kept(place, [found])
    notes = last_manager(g.db, place, [found], parts().today)
    member = member_of(viewer(), place.id, found.principal)
    name = member.called if member else "somebody who is not here any more"
    asked = question(place, f"Remove {name} from “{place.name}”?", "Remove")
    asked = replace(asked, notes=notes, always=bool(notes), button_kind="warning")
    page = ask_first(audience.grant_ended(None, found), asked)
    if page is not None:
        return page
    with acting() as uow:
        end_grant(uow, found)
        undo = undo_of(place, None, [found], looked_at.fields)
    say("Removed. What they see through policy or another membership stays.", undo=undo)
    return redirect(looked_at.address(place.id) if viewer().sees(place) else "/", code=303)


def _gone(place: Place, grant_id: str) -> str:
    """What became of a membership that is not there any more: taken back, or given anew in other words."""
    before = ended_of(g.db, place.id, grant_id)
    if before is not None and given_on(g.db, place.id, before.principal):
        return "Nothing was removed: somebody changed meanwhile what they may do here. Look at it, then decide again."
    return "They were removed already."
