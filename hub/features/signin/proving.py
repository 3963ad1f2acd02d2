"""Before an act of administration is done, its person proves who they are once more, unless they have lately.

One gate for all of them: `declares` says which routes (`hub/access/guard.py`). What they sent is held meanwhile, and
stands before them when they come back, to be sent with one press.
"""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, g, request
from werkzeug.wrappers import Response as BaseResponse

from federation.errors import FederationError
from federation.transaction import new_secret, safe_return_path
from hub.access.guard import declares, parts, viewer
from hub.access.login import SignedIn
from hub.access.sessions import proved_lately
from hub.features.signin.blueprint import blueprint
from hub.features.signin.cookies import browser_secret, set_browser_secret
from hub.features.signin.pages import GoOnPage, LeavingPage, ProvePage
from hub.features.signin.queries import issuer_by_id, name_and_contact
from hub.features.signin.signing import begin_sign_in
from hub.features.signin.stores import PER_PERSON, note_try
from hub.features.signin.views import problem
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.holding import held, hold
from hub.web.kept import given_back, sent_form
from hub.web.render import render

HERE: Final = "/me/sessions/prove"
GO_ON: Final = "/me/sessions/go-on/"


def meets(user: SignedIn) -> Response | None:
    """Asks whoever sends a form of administration, and has not proved lately who they are, to do so."""
    if request.method in {"GET", "HEAD"} or request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "proves", False) or proved_lately(user.row, parts().clock.now()):
        return None
    return _ask(user, _held(user))


@blueprint.post(HERE)
@declares("session:keep")
def prove() -> BaseResponse:
    """Send the browser to the issuer of this session; from there it comes back to what was being done."""
    viewer().visible()
    user: SignedIn = g.user
    issuer = issuer_by_id(g.db, user.row.issuer_id) if user.row.issuer_id else None
    form_id, back = request.form.get("form", "")[:40], safe_return_path(request.form.get("next"))
    if issuer is None:
        raise NotFound
    secret = browser_secret() or new_secret()
    if not note_try(parts(), PER_PERSON, viewer().person.id):
        return problem(FederationError("too_many_attempts"), issuer, "")
    try:
        href = begin_sign_in(
            parts(),
            issuer,
            browser_secret=secret,
            return_path=f"{GO_ON}{form_id}" if form_id else back,
            purpose="prove",
        )
    except FederationError as error:
        return problem(error, issuer, "")
    name, _ = name_and_contact(g.db, issuer.organisation_id)
    response = render(LeavingPage(title="Signing in again", destination=name, href=href))
    set_browser_secret(response, secret)
    return response


@blueprint.get(f"{GO_ON}<id:form_id>")
@declares("session:keep")
def go_on(form_id: str) -> Response:
    """What they sent, to be sent now; once more the question, where they have not proved who they are."""
    viewer().visible()
    user: SignedIn = g.user
    form = held(g.db, parts(), viewer().person.id, form_id)
    if form is None:
        raise NotFound
    if not proved_lately(user.row, parts().clock.now()):
        return _ask(user, form_id)
    kept, secrets = given_back(form)
    return render(GoOnPage(kept=kept, secrets=secrets))


def _held(user: SignedIn) -> str:
    form = sent_form()
    if form is None:
        return ""
    with unit_of_work(parts().database, parts().clock, user.viewer.person.handle) as uow:
        return hold(uow, parts(), user.viewer.person.id, form)


def _ask(user: SignedIn, form_id: str) -> Response:
    issuer = issuer_by_id(g.db, user.row.issuer_id) if user.row.issuer_id else None
    name = name_and_contact(g.db, issuer.organisation_id)[0] if issuer else ""
    page = ProvePage(organisation=name, action=HERE if issuer else "", form=form_id, next=_came_from())
    return render(page, HTTPStatus.FORBIDDEN)


def _came_from() -> str:
    """The page of ours from which a form was sent, where the browser says so."""
    where = urlsplit(request.referrer or "")
    if where.netloc != request.host:
        return "/"
    return safe_return_path(f"{where.path}?{where.query}" if where.query else where.path)
