"""Keeping a conversation whatever the schedule says, with a reason, until it is let go."""

from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal
from hub.features.administration.blueprint import blueprint, crumbs, tabs
from hub.features.administration.records.pages import HoldPage
from hub.features.administration.records.rows import spoken_of
from hub.features.administration.records.whose import kept
from hub.ground.errors import Invalid, NotFound
from hub.nouns.talk.models import Holder
from hub.nouns.threads import retention
from hub.things.kinds import lying_at
from hub.web.flash import say
from hub.web.pages import Crumb, Problem
from hub.web.render import render

TAB: Final = "Retention"
NO_WHY: Final = "Say why it is kept, such as the reference of a request"


@blueprint.get("/admin/<slug:organisation>/retention/<id:thread_id>")
@declares("records:keep")
def ask_to_hold(organisation: str, thread_id: str) -> Response:
    """Asks why a conversation is kept whatever the schedule says."""
    place = kept(organisation)
    return _hold_page(place, _holder(place, thread_id))


@blueprint.post("/admin/<slug:organisation>/retention/<id:thread_id>")
@declares("records:keep")
@acts
def hold(organisation: str, thread_id: str) -> BaseResponse:
    """Keep it, with a reason; or no longer so (`go`)."""
    place = kept(organisation)
    holder, here = _holder(place, thread_id), f"/admin/{place.path}/retention"
    reason, go = request.form.get("reason", "").strip(), request.form.get("go") == "yes"
    since = news(held_as(holder))
    if not go and (since is not None or not reason):
        return _hold_page(place, holder, reason, NO_WHY if since is None else " ".join(since or (NOT_SHOWN,)))
    if since is not None:
        say("It was changed meanwhile: look at it as it is now.", "info")
        return redirect(here, code=303)
    try:
        with acting() as uow:
            retention.hold(uow, holder, "" if go else reason)
    except Invalid as refused:
        return _hold_page(place, holder, reason, str(refused))
    say("It goes by the schedule again." if go else "It is kept until you let it go.")
    return redirect(here, code=303)


def held_as(holder: Holder) -> tuple[Fact, ...]:
    """Why it is kept, which a form is about."""
    now = digest(holder.held_for)
    return (Fact("held", now, lambda: "Somebody changed this meanwhile."),)


def _holder(place: Place, own: str) -> Holder:
    nodes = [f"{kind.columns.node_prefix}{own}" for kind in viewer().kinds.lying if kind.talk is not None]
    wanted = select(Holder).where(Holder.node.in_(nodes), Holder.organisation_id == place.id)
    found: Holder | None = g.db.scalar(wanted.with_for_update() if g.get("acting") else wanted)
    if found is None or found.ended_at is not None:
        raise NotFound
    return found


def _hold_page(place: Place, holder: Holder, reason: str = "", problem: str = "") -> Response:
    here, node = f"/admin/{place.path}/retention", holder.node
    thing = lying_at(g.db, viewer().kinds, [node]).get(node)
    about = spoken_of(viewer(), thing).text if thing is not None and viewer().sees(thing) else ""
    return render(
        HoldPage(
            crumbs=crumbs(place, Crumb("Retention", here)),
            tabs=tabs(place, TAB),
            problems=(Problem("reason", problem),) if problem else (),
            action=f"{here}/{node.partition(':')[2]}",
            cancel_href=here,
            about=about,
            reason=reason or holder.held_for,
            seen=seal(held_as(holder)),
        )
    )
