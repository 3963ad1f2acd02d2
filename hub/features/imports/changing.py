"""An import is stopped, goes on, or is taken back: by whoever brings it in, and nobody else."""

from flask import Response, redirect
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.audience.acting import acting, acts
from hub.audience.pages import SurePage
from hub.audience.sealing import Fact, digest, news, shown
from hub.features.imports.bringing import go_on, stop
from hub.features.imports.models import Bringing
from hub.features.imports.undoing import undo, untouched
from hub.features.imports.views import BUSY, blueprint, own
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Send, Whose
from hub.web.render import render

NOTHING = "There is nothing to take back: what came in was published, changed, moved or shared since, or is gone."
KEPT = "What you or others published, changed, moved, shared or commented on since stays as it is."
PLACES = "Folders and a space that were made for it go too, where nothing else is in them."


@blueprint.post("/imports/<id:import_id>/stop")
@declares("document:add")
def stop_it(import_id: str) -> BaseResponse:
    """Let the file at hand be the last."""
    own(import_id)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        stop(uow, uow.session.get_one(Bringing, import_id, with_for_update=True))
    return redirect(f"/imports/{import_id}", code=303)


@blueprint.post("/imports/<id:import_id>/go-on")
@declares("document:add", costs="write")
def go_on_with_it(import_id: str) -> BaseResponse:
    """Let the worker file the rest."""
    own(import_id)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            go_on(uow, uow.session.get_one(Bringing, import_id, with_for_update=True))
    except IntegrityError:
        raise Conflict(BUSY) from None
    return redirect(f"/imports/{import_id}", code=303)


@blueprint.get("/imports/<id:import_id>/undo")
@declares("document:add")
def ask_undo(import_id: str) -> Response:
    """What taking it back means."""
    return _sure(own(import_id))


@blueprint.post("/imports/<id:import_id>/undo")
@declares("document:add", costs="write")
@acts
def undo_it(import_id: str) -> BaseResponse:
    """Let the worker take back just what was shown."""
    found = own(import_id)
    drafts = _drafts(found)
    if (since := news((_fact(drafts),))) is not None:
        return _sure(found, since)
    with acting() as uow:
        undo(uow, found)
    say("It is being taken back.")
    return redirect(f"/imports/{import_id}", code=303)


def _drafts(found: Bringing) -> list[str]:
    """What would go; raises Conflict where it is not over, or nothing would."""
    if found.ended_at is None:
        raise Conflict("It is still coming in: stop it first.")
    drafts = sorted(viewer().session.scalars(untouched(viewer(), found)))
    if found.undo_at is not None or not (drafts or found.made):
        raise Conflict(NOTHING)
    return drafts


def _fact(drafts: list[str]) -> Fact:
    said = f"It is {counted(len(drafts), 'draft', 'drafts')} that would go now."
    return Fact("drafts", digest(*drafts), lambda: said)


def _sure(found: Bringing, since: tuple[str, ...] = ()) -> Response:
    drafts, here, line = _drafts(found), f"/imports/{found.id}", line_of(viewer(), found.place_id)
    return render(
        SurePage(
            title=f"Take back “{found.name}”?",
            crumbs=crumbs_of(line.seen),
            whose=whose(line) if line.seen else Whose(""),
            lede=f"{counted(len(drafts), 'draft', 'drafts')} that came in with it will be deleted, for good.",
            notes=(KEPT, *((PLACES,) if found.made else ())),
            news=since,
            send=Send("Take it back", f"{here}/undo", (shown((_fact(drafts),)),), "warning"),
            cancel_href=here,
        )
    )
