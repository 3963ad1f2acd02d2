"""How an organisation's issuer is: when it answered, how old its metadata and keys are, its clock, its secret's end."""

from datetime import datetime, timedelta
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import Fact, news, seal
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.issuers.expiring import DAYS
from hub.features.administration.issuers.health_page import IssuerHealthPage, Sign
from hub.features.administration.seals import as_problem
from hub.features.signin.models import Issuer, IssuerKeySet
from hub.features.signin.queries import changes_of, issuer_of_organisation, keys_of
from hub.features.signin.service import set_secret_until
from hub.ground.dates import read_day
from hub.ground.errors import Invalid, NotFound
from hub.things.words import counted
from hub.web.filters import day, moment
from hub.web.flash import say
from hub.web.pages import Crumb, Problem
from hub.web.render import render

ANSWERS_WITHIN: Final = timedelta(hours=26)
"""It is asked once a day."""
FAR_OFF: Final = 30
"""Seconds by which clocks may differ before somebody should look: at 60, people are refused."""
KEYS_OLD: Final = timedelta(hours=24)


@blueprint.get("/admin/<slug:organisation>/issuer/health")
@declares("organisation:administer")
def issuer_health(organisation: str) -> Response:
    """Each sign in words, with what to do where something is wrong."""
    return _page(administered(organisation))


@blueprint.post("/admin/<slug:organisation>/issuer/health")
@declares("organisation:administer")
@acts
def save_secret_until(organisation: str) -> BaseResponse:
    """Note the last day of the client secret, or that nobody knows it (empty)."""
    place = administered(organisation)
    issuer, typed = _issuer(place), request.form.get("until", "").strip()[:40]
    if (since := news(_until(issuer))) is not None:
        return _page(place, typed, Problem("until", as_problem(since)))
    try:
        until = read_day(typed, "until") if typed else None
    except Invalid as refused:
        return _page(place, typed, Problem("until", str(refused)))
    with acting() as uow:
        set_secret_until(uow, look_up(Issuer, issuer.id) or issuer, until)
    say("The last day is saved. You are written to before it." if until else "No last day is noted any more.")
    return redirect(f"/admin/{place.path}/issuer/health", code=303)


def _issuer(place: Place) -> Issuer:
    issuer = issuer_of_organisation(g.db, place.path)
    if issuer is None:
        raise NotFound
    return issuer


def _until(issuer: Issuer) -> tuple[Fact, ...]:
    now = issuer.secret_until.isoformat() if issuer.secret_until else ""
    return (Fact("until", f"{issuer.id} {now}", lambda: f"Nothing was saved: it is {now or 'no day'} now."),)


def _page(place: Place, typed: str | None = None, *problems: Problem) -> Response:
    issuer = _issuer(place)
    now = parts().clock.now()
    until = issuer.secret_until.isoformat() if issuer.secret_until else ""
    return render(
        IssuerHealthPage(
            crumbs=crumbs(place, Crumb("Sign-in", f"/admin/{place.path}/issuer")),
            tabs=tabs(place, "Sign-in"),
            problems=problems,
            issuer=issuer.issuer,
            signs=(
                _came_in(issuer),
                _answered(issuer, now),
                _says(issuer),
                _keys(keys_of(g.db, issuer), now),
                _clock(issuer),
                _secret(issuer),
            ),
            action=f"/admin/{place.path}/issuer/health",
            seen=seal(_until(issuer)),
            until=until if typed is None else typed,
        )
    )


def _when(at: datetime) -> str:
    return str(moment(at).striptags())


def _came_in(issuer: Issuer) -> Sign:
    return Sign("Last good sign-in", _when(issuer.signed_in_at) if issuer.signed_in_at else "Nobody has come in yet")


def _answered(issuer: Issuer, now: datetime) -> Sign:
    if issuer.answered_at is None:
        return Sign("Last answer", "Never", well=False, cure="Look whether its address is right and can be reached.")
    well = now - issuer.answered_at < ANSWERS_WITHIN
    cure = "" if well else "It is asked every day and did not answer: look whether it can be reached from the hub."
    return Sign("Last answer", _when(issuer.answered_at), well, cure)


def _says(issuer: Issuer) -> Sign:
    if changes := changes_of(issuer):
        cure = "Look at them under Sign-in and accept them, if you meant them."
        return Sign("What it says of itself", f"{counted(len(changes), 'change waits', 'changes wait')}", False, cure)
    since = _when(issuer.pinned_at) if issuer.pinned_at else "it was not reached yet"
    return Sign("What it says of itself", f"The same since {since}" if issuer.pinned_at else since.capitalize())


def _keys(keys: IssuerKeySet | None, now: datetime) -> Sign:
    if keys is None:
        return Sign("Its signing keys", "Not fetched yet: they are when somebody signs in")
    stands = f"Fetched {_when(keys.fetched_at)}"
    if now >= keys.expires_at:
        return Sign("Its signing keys", f"{stands}; they are fetched anew when somebody signs in")
    return Sign("Its signing keys", f"{stands}; good until {_when(keys.expires_at)}", now - keys.fetched_at < KEYS_OLD)


def _clock(issuer: Issuer) -> Sign:
    ahead = issuer.ahead_seconds
    if ahead is None:
        return Sign("Its clock", "Not known yet: it is seen when somebody signs in")
    told = "ahead of" if ahead > 0 else "behind"
    stands = f"{counted(abs(ahead), 'second', 'seconds')} {told} the hub’s" if ahead else "As the hub’s"
    well = abs(ahead) <= FAR_OFF
    return Sign(
        "Its clock", stands, well, "" if well else "Set both by a time server: at 60 seconds people are refused."
    )


def _secret(issuer: Issuer) -> Sign:
    if not issuer.secret:
        return Sign("Client secret", "None is needed")
    if issuer.secret_until is None:
        return Sign("Client secret", "Nobody has said when it ends", False, "Enter its last day below.")
    left = (issuer.secret_until - parts().today).days
    stands = f"Ends on {day(issuer.secret_until).striptags()}"
    well = left > DAYS[-1]
    return Sign("Client secret", stands, well, "" if well else "Make a new one there, and enter it under Sign-in.")
