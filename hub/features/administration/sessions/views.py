"""An organisation's own limits for the sessions of its people, within the hub's."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts
from hub.access.models import Place, SessionLimits
from hub.access.sessions import Wanted, set_limits
from hub.audience.acting import acting, acts
from hub.audience.sealing import Fact, news, seal
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.seals import as_problem
from hub.features.administration.sessions.pages import SessionLimitsPage
from hub.ground.errors import Invalid
from hub.keeping import drafts
from hub.web.fields import number_in
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

FIELDS = ("idle_minutes", "hours", "at_once")


@blueprint.get("/admin/<slug:organisation>/sessions")
@declares("organisation:administer")
def session_limits(organisation: str) -> Response:
    """The limits that hold."""
    return _page(administered(organisation))


@blueprint.post("/admin/<slug:organisation>/sessions")
@declares("organisation:administer")
@acts
def save_session_limits(organisation: str) -> BaseResponse:
    """Change them; whoever has a longer session finds it ended with their next click."""
    place = administered(organisation)
    sent = {name: request.form.get(name, "").strip()[:20] for name in FIELDS}
    if (since := news(_kept(place))) is not None:
        return _page(place, sent, Problem("idle_minutes", as_problem(since)))
    numbers = {name: number_in(text) if text else None for name, text in sent.items()}
    wrong = next((name for name, text in sent.items() if text and numbers[name] is None), "")
    if wrong:
        return _page(place, sent, Problem(wrong, "Enter a whole number, or leave it empty"))
    try:
        with acting() as uow:
            set_limits(uow, parts(), place, Wanted(**numbers))
            drafts.sent(uow)
    except Invalid as refused:
        return _page(place, sent, Problem(refused.field, str(refused)))
    say("The limits are saved. They hold from everybody’s next click on.")
    return redirect(f"/admin/{place.path}/sessions", code=303)


def _own(place: Place) -> dict[str, str]:
    row = g.db.get(SessionLimits, place.id)
    return {name: str(getattr(row, name, None) or "") for name in FIELDS}


def _kept(place: Place) -> tuple[Fact, ...]:
    """The limits that the form replaces."""
    own = _own(place)
    told = f"they are {own['idle_minutes'] or 'the hub’s'} minutes, {own['hours'] or 'the hub’s'} hours and "
    told += f"{own['at_once'] or 'the hub’s'} at once now"
    return (Fact("limits", " ".join(own.values()), lambda: f"Nothing was saved: somebody changed them, {told}."),)


def _page(place: Place, sent: dict[str, str] | None = None, *problems: Problem) -> Response:
    hub = parts()
    shown = drafts.typed_over(_own(place)) if sent is None else sent
    return render(
        SessionLimitsPage(
            crumbs=crumbs(place),
            tabs=tabs(place, "Sessions"),
            problems=problems,
            action=f"/admin/{place.path}/sessions",
            seen=seal(_kept(place)),
            most_idle_minutes=hub.session_idle_minutes,
            most_hours=hub.session_hours,
            most_at_once=hub.sessions_at_once,
            **shown,
        )
    )
