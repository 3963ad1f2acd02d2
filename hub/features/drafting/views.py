"""Keeping a draft, putting it away, and taking that back."""

from flask import Blueprint, Response, jsonify, make_response, redirect, request

from hub.access.guard import declares, parts, person_id, viewer
from hub.features.drafting.things import typed_at
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import TAKEN_BACK_WITHIN, discard, keep
from hub.web.filters import LONDON
from hub.web.flash import say
from hub.web.form_tokens import FIELD
from hub.web.kept import SECRETS, opened_token
from hub.web.pages import Send

blueprint = Blueprint("drafting", __name__)

NOT_KEPT = frozenset({"csrf_token", FIELD, "do", *SECRETS})
MOST_FIELDS = 60


@blueprint.post("/drafts")
@declares("draft:keep")
def keep_draft() -> tuple[Response, int] | Response:
    """Keep what is in the form of `?for=ADDRESS`. The script that sends it hears in JSON when it was saved, or why not.

    The form's own sealed token stands for the one of the session, which changes when they sign in again in another
    window: it names this person and this form, and nobody else can know it.
    """
    address = request.args.get("for", "")
    viewer().visible()
    token = opened_token()
    if token is None or token.address != address.partition("?")[0]:
        raise NotFound
    if token.person != person_id():
        return jsonify(said="somebody else is signed in now"), 403
    sent = {name: text for name, text in request.form.items() if name not in NOT_KEPT}
    if len(sent) > MOST_FIELDS:
        return jsonify(said="it has too many fields"), 422
    typed = typed_at(address, sent)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            keep(uow, person_id(), typed, sent)
    except Invalid as problem:
        return jsonify(said=str(problem)), 422
    return jsonify(saved=f"{uow.now.astimezone(LONDON):%H:%M}")


@blueprint.post("/drafts/discard")
@declares("draft:keep")
def discard_draft() -> Response:
    """Put a draft of one's own away, or take that back."""
    viewer().visible()
    address, back = request.form.get("for", "")[:200], request.form.get("back") == "yes"
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        discard(uow, person_id(), address, back=back)
    if back:
        say("The draft is back.")
    else:
        hours = int(TAKEN_BACK_WITHIN.total_seconds() // 3600)
        undo = Send("Undo", "/drafts/discard", (("for", address), ("back", "yes")))
        say(f"The draft is discarded. For {hours} hours you can take that back here.", undo=undo)
    return make_response(redirect("/", code=303))
