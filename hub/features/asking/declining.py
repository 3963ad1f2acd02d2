"""Declining a request, with or without a word, and taking that back."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import news
from hub.features.asking.answering import (
    LIST,
    Answering,
    answered_as,
    judged,
    mine_to_answer,
    place_of,
    reopening,
    row_of,
)
from hub.features.asking.blueprint import blueprint
from hub.features.asking.forms import TELL_CHOICES, DeclineForm, read_decline
from hub.features.asking.models import AccessRequest
from hub.features.asking.pages import DeclinePage
from hub.features.asking.queries import Asked, answered_request
from hub.features.asking.service import decline, take_back
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.web.flash import say, say_news
from hub.web.pages import Crumb
from hub.web.render import render


@blueprint.get("/requests/<id:request_id>/decline")
@declares("request:answer")
def ask_why_not(request_id: str) -> Response:
    """A note, and whether to say anything."""
    return _decline_page(mine_to_answer(request_id), typed_into(DeclineForm("", "yes")))


@blueprint.post("/requests/<id:request_id>/decline")
@declares("request:answer")
def refuse(request_id: str) -> BaseResponse:
    """Answer no."""
    found = mine_to_answer(request_id)
    form = read_decline(request.form, may_tell=not _is_confidential(found.asked))
    if form.problems:
        return _decline_page(found, form)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        drafts.sent(uow)
        row = uow.session.get_one(AccessRequest, request_id)
        decline(uow, row, form.note, tell=form.tell == "yes")
    told = "They can read your note." if form.tell == "yes" else "Nothing is said to them."
    say(f"Declined. {told}", undo=reopening(row, "Undo"))
    return redirect("/requests", code=303)


@blueprint.post("/requests/<id:request_id>/reopen")
@declares("request:answer")
@acts
def reopen(request_id: str) -> BaseResponse:
    """Take back an answer, and what was given with it."""
    asked = judged(answered_request(g.db, parts().kinds, request_id)).asked
    if (since := news(answered_as(asked.request))) is not None:
        say_news(since)
        return redirect("/requests", code=303)
    with acting() as uow:
        take_back(uow, asked.request, asked.asker)
    say("Taken back: the request is open again.")
    return redirect("/requests", code=303)


def _is_confidential(asked: Asked) -> bool:
    """Whether it lies in a confidential space, of which nobody outside learns."""
    tree = viewer().snapshot.tree
    above = [tree.get(node) for node in tree.chain(place_of(asked))]
    return not above or any(place is not None and place.audience == "confidential" for place in above)


def _decline_page(found: Answering, form: DeclineForm) -> Response:
    return render(
        DeclinePage(
            title=f"Decline the request of {found.asked.by}?",
            crumbs=(LIST, Crumb(found.asked.by, found.here)),
            problems=form.problems,
            row=row_of(found.asked, manages=found.manages),
            action=f"{found.here}/decline",
            cancel_href=found.here,
            choices=() if _is_confidential(found.asked) else TELL_CHOICES,
            note=form.note,
            tell=form.tell,
        )
    )
