"""Pages of somebody who asks. What is there and what is not is answered alike, and takes the same few queries."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.features.asking.blueprint import address_of, blueprint, name_of
from hub.features.asking.forms import LONGEST_ADDRESS, AskForm, read_ask
from hub.features.asking.models import DECLINED, GRANTED, AccessRequest
from hub.features.asking.pages import AskPage, MinePage, OwnRow
from hub.features.asking.queries import KEPT_OPEN, Thing, own_requests, sees_already, things_sought
from hub.features.asking.service import NewRequest, TooOften, ask, put_away
from hub.ground.clock import day_of
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.web.flash import say
from hub.web.pages import Action, Problem
from hub.web.render import render

TOO_MANY = 429
SAID = "Your request is kept. If there is something at that address, those who manage it will see it."
SAID_BEFORE = "You have asked for that already. If there is something at that address, those who manage it see it."


@blueprint.get("/ask-for-access")
@declares("access:ask")
def form() -> Response:
    """The form, with an address in it when a page sent them here."""
    viewer().visible()
    return _page(typed_into(AskForm(request.args.get("for", "").strip()[:LONGEST_ADDRESS], "")))


@blueprint.post("/ask-for-access")
@declares("access:ask")
def send() -> BaseResponse:
    """Keep what was pasted; say so in the same words whatever is there. Who sees it already is told where."""
    viewer().visible()
    check_sheet()
    sent = read_ask(request.form, parts().kinds, parts().public_url)
    if sent.problems:
        return _page(sent)
    sought = things_sought(g.db, parts().kinds, sent.sought)
    already = next((thing for thing in sought if sees_already(viewer(), thing)), None)
    if already is not None:  # of a place that moved away too, though something hidden has its old address now
        return _page(sent, already=already)
    new = NewRequest(sent.address, sent.sought, sent.reason)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = "/my-requests"
            kept = ask(uow, viewer().person.id, new)
            again = kept.created_at != uow.now
    except TooOften as problem:
        said = Problem("", str(problem))
        return _page(AskForm(sent.address, sent.reason, problems=(said,)), status=TOO_MANY)
    say(SAID_BEFORE if again else SAID, "info" if again else "success")
    return redirect("/my-requests", code=303)


@blueprint.get("/my-requests")
@declares("access:ask")
def mine() -> Response:
    """What the viewer asked for, and what they were told."""
    viewer().visible()
    return render(MinePage(rows=tuple(_row(asked, thing) for asked, thing in own_requests(viewer()))))


@blueprint.post("/my-requests/<id:request_id>/put-away")
@declares("access:ask")
def seen(request_id: str) -> BaseResponse:
    """Show a notice no more."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        put_away(uow, viewer().person.id, request_id)
    return redirect("/", code=303)


def _page(sent: AskForm, already: Thing | None = None, status: int = 200) -> Response:
    page = AskPage(
        problems=sent.problems,
        address=sent.address,
        reason=sent.reason,
        example=f"{parts().public_url}/documents/…",
        guest=viewer().person.kind == "guest",
        already=Action(name_of(already), address_of(already)) if already else None,
    )
    return render(page, status)


def _row(asked: AccessRequest, thing: Thing | None) -> OwnRow:
    """A request as the viewer may know it: by what they typed, when, and by an answer in words."""
    spoken = asked.answer in (GRANTED, DECLINED)
    run_out = asked.created_at <= parts().clock.now() - KEPT_OPEN
    return OwnRow(
        address=asked.address,
        reason=asked.reason,
        asked=day_of(asked.created_at),
        status=asked.answer if spoken else "expired" if run_out else "waiting",
        answered=day_of(asked.answered_at) if spoken and asked.answered_at else None,
        note=asked.note if asked.answer == DECLINED else "",
        thing=name_of(thing) if thing else "",
        href=address_of(thing) if thing else "",
    )
