"""What others wish of a policy file: that its lines let go of a thing, so that it can be deleted or taken elsewhere."""

from flask import g, redirect
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.viewer import Viewer
from hub.features.administration.blueprint import blueprint
from hub.features.administration.pages import WishRow
from hub.features.administration.policy.desks import Desk, desk_of
from hub.features.sharing.wishes import refuse, waiting_on, wish_by_id
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.queries import named
from hub.web.flash import say
from hub.web.pages import Send

NOT_KNOWN = "Somebody who looks after it"


def wishes_of(desk: Desk, viewer: Viewer) -> tuple[WishRow, ...]:
    """What waits for an answer, each with the lines that it is about; names as far as the viewer may know them."""
    file = viewer.snapshot.files.get(desk.file)
    found = waiting_on(g.db, viewer.kinds, file) if file else []
    seen = {each.asker.id for each in found if viewer.sees(each.asker)}
    people = named(viewer, {each.asker.subject_id for each in found if each.asker.id in seen})
    return tuple(
        WishRow(
            by=str(people.get(each.asker.subject_id, NOT_KNOWN)),
            asked_at=each.wish.asked_at,
            wanted=_wanted(viewer, each.wish.node).format(each.where),
            lines=tuple(rule.line for rule in each.lines),
            refuse=Send("Say no", f"{desk.here}/wishes/{each.wish.id}/refuse", (), "link"),
        )
        for each in found
    )


def _wanted(viewer: Viewer, node: str) -> str:
    """What they want to do to it."""
    return "take {} to another organisation" if viewer.kinds.lying_as(node) else "delete {}"


@blueprint.post("/admin/platform/policy/wishes/<id:wish_id>/refuse", defaults={"organisation": ""})
@blueprint.post("/admin/<slug:organisation>/policy/wishes/<id:wish_id>/refuse")
@declares("policy:edit")
def refuse_wish(organisation: str, wish_id: str) -> BaseResponse:
    """Say no: the lines stay, and whoever asked is told so where they asked."""
    desk = desk_of(organisation)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        wish = wish_by_id(uow.session, desk.file, wish_id)
        if wish is not None:
            refuse(uow, wish, desk.place.id)
    say("They are told that the lines stay." if wish is not None else "That was answered already.", "info")
    return redirect(desk.here, code=303)
