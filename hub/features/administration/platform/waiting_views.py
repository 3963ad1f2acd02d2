"""Rights that wait: what changed, by whom and when, and a button for each, for those who run the hub."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.holds import REASONS, confirm, open_holds
from hub.access.models import Hold, Person, Place
from hub.features.administration.blueprint import PLATFORM, blueprint, platform, tabs
from hub.features.administration.platform.pages import WaitingPage, WaitingRow
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.queries import in_names
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

HERE = f"{PLATFORM}/waiting"


@blueprint.get("/admin/platform/waiting")
@declares("platform:administer")
def rights_that_wait() -> Response:
    """Every hold that nobody has confirmed yet, the oldest first."""
    root = platform()
    found = open_holds(g.db)
    by = in_names(g.db, {hold.by for hold, *_ in found})
    rows = tuple(_row(hold, place, person, by[hold.by]) for hold, place, person in found)
    return render(WaitingPage(tabs=tabs(root, "To confirm"), rows=rows))


@blueprint.post("/admin/platform/waiting/confirm")
@declares("platform:administer")
def confirm_rights() -> BaseResponse:
    """Put in force again what waits under one hold; pressed twice, it is gone already."""
    platform()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        hold = uow.session.get(Hold, request.form.get("hold", "")[:40])
        if hold is not None and hold.confirmed_at is None:
            confirm(uow, hold)
            say("Confirmed. What waited is in force again, from their next click on.")
    return redirect(HERE, code=303)


def _row(hold: Hold, place: Place, person: Person | None, by: str) -> WaitingRow:
    return WaitingRow(
        who=person.name if person else f"Everybody of {place.name}",
        href="/admin/{}/people/{}".format(*person.handle.split("/")) if person else f"/admin/{place.path}/issuer",
        organisation=place.name,
        what=REASONS.get(hold.why, hold.why),
        detail=hold.detail,
        by=by or "the hub itself",
        at=hold.created_at,
        confirm=Send("Confirm", f"{HERE}/confirm", (("hold", hold.id),)),
    )
