"""How an organisation's people sign in: its issuer prepared, tried, switched on, given new credentials, accepted."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from federation.errors import FederationError
from federation.transaction import new_secret
from hub.access.guard import declares, parts
from hub.access.models import Place
from hub.audience.acting import acting, acts, beforehand
from hub.audience.sealing import news
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs, whose_word
from hub.features.administration.forms import IssuerForm, read_issuer, tested
from hub.features.administration.issuers.pages import FailedPage
from hub.features.administration.issuers.showing import form_of, here, issuer_on_page, issuer_page
from hub.features.administration.seals import as_it_is, as_problem, changed_as
from hub.features.signin.cookies import browser_secret, set_browser_secret
from hub.features.signin.failures import failures_of
from hub.features.signin.models import DRAFT, Issuer
from hub.features.signin.pages import LeavingPage
from hub.features.signin.registering import change_credentials, prepare_issuer, put_away, switch_on
from hub.features.signin.service import (
    NewIssuer,
    accept_changes,
    add_issuer,
    check_issuer,
    set_rule,
)
from hub.features.signin.signing import begin_sign_in
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.things.words import counted
from hub.web.flash import say, say_news
from hub.web.pages import Crumb, Problem
from hub.web.render import render

WAITS = " What others gave your people by name waits until the administrators of the hub have confirmed this change."
PAGE = "/admin/<slug:organisation>/issuer"
NEXT = f"{PAGE}/<any(next):which>"


@blueprint.get(PAGE)
@blueprint.get(NEXT)
@declares("organisation:administer")
def show_issuer(organisation: str, which: str = "") -> Response:
    """How the organisation's people sign in, or will."""
    place = administered(organisation)
    return issuer_page(place, which, typed_into(form_of(issuer_on_page(place, which))))


@blueprint.post(PAGE)
@blueprint.post(NEXT)
@declares("organisation:administer")
@acts
def save_issuer(organisation: str, which: str = "") -> BaseResponse:
    """Test an issuer, prepare it, or sign in through it at once; of one that is on, change what proves the hub."""
    place = administered(organisation)
    check_sheet()
    issuer = issuer_on_page(place, which)
    changes = issuer is not None and issuer.status != DRAFT
    form = read_issuer({**request.form, "issuer": issuer.issuer} if issuer is not None and changes else request.form)
    if (since := news(as_it_is(issuer))) is not None:
        field = "client_id" if changes else "issuer"
        return issuer_page(place, which, replace(form, problems=(Problem(field, as_problem(since)),)))
    if request.form.get("do") == "test" and form.issuer:
        said, problems = tested(parts(), form.issuer, s256_waived=bool(form.s256_waived))
        return issuer_page(place, which, replace(form, problems=problems), said)
    if form.problems:
        return issuer_page(place, which, form)
    try:
        said = _change(place, which, issuer, form) if issuer is not None and changes else _prepare(place, which, form)
    except (Invalid, Conflict) as error:
        field = getattr(error, "field", "") or "issuer"
        return issuer_page(place, which, replace(form, problems=(Problem(field, str(error)),)))
    say(said)
    return redirect(here(place, which), code=303)


def _prepare(place: Place, which: str, form: IssuerForm) -> str:
    """Keep the issuer that was typed, or let people sign in through it at once."""
    new = form.wanted()
    checked = beforehand(lambda: replace(new, metadata=check_issuer(parts(), new)))
    at_once = request.form.get("do") == "add" and not which
    with acting() as uow, once(uow) as answer:
        answer.location = here(place, which)
        drafts.sent(uow)
        if not at_once:
            prepare_issuer(uow, parts(), place, checked)
        elif issuer_on_page(place, which) is not None:
            switch_on(uow, prepare_issuer(uow, parts(), place, checked))
        else:
            add_issuer(uow, parts(), place, checked)
    return (
        f"The people of {place.name} can sign in." if at_once else "It is kept. Nobody signs in through it yet: try it."
    )


def _change(place: Place, which: str, issuer: Issuer, form: IssuerForm) -> str:
    """Change what the hub proves itself with at an issuer that is on, and whose people are meant."""
    by, before = whose_word(place), issuer.client_id
    with acting() as uow, once(uow) as answer:
        answer.location = here(place, which)
        drafts.sent(uow)
        set_rule(uow, issuer, form.tenant_claim, form.tenant_value, s256_waived=bool(form.s256_waived))
        change_credentials(
            uow, parts(), issuer, form.client_id, form.secret, by=by, auth_method=form.auth_method or "auto"
        )
    return f"The hub proves itself anew at the issuer.{WAITS if form.client_id != before and by == place.id else ''}"


@blueprint.post(f"{PAGE}/on")
@blueprint.post(f"{NEXT}/on")
@declares("organisation:administer")
@acts
def switch_issuer_on(organisation: str, which: str = "") -> BaseResponse:
    """Let people sign in through the issuer that is prepared: just the one that was shown."""
    place = administered(organisation)

    def on(uow: UnitOfWork, issuer: Issuer) -> str:
        ended = switch_on(uow, issuer)
        ends = f" {counted(ended, 'session', 'sessions')} of before ended." if ended else ""
        return f"The people of {place.name} sign in through {issuer.issuer}.{ends}"

    return _with_prepared(place, which, on)


@blueprint.post(f"{PAGE}/off")
@blueprint.post(f"{NEXT}/off")
@declares("organisation:administer")
@acts
def put_issuer_away(organisation: str, which: str = "") -> BaseResponse:
    """Forget the issuer that is prepared."""
    place = administered(organisation)

    def off(uow: UnitOfWork, issuer: Issuer) -> str:
        put_away(uow, issuer)
        return "It is put away."

    return _with_prepared(place, which, off)


def _with_prepared(place: Place, which: str, do: Callable[[UnitOfWork, Issuer], str]) -> BaseResponse:
    issuer = issuer_on_page(place, which)
    if issuer is None:
        raise NotFound
    if (since := news(as_it_is(issuer))) is not None:
        say_news(since)
        return redirect(here(place, which), code=303)
    try:
        with acting() as uow:
            said = do(uow, issuer)
    except (Invalid, Conflict) as problem:
        say(str(problem), "error")
    else:
        say(said)
    return redirect(here(place, ""), code=303)


@blueprint.post(f"{PAGE}/accept")
@blueprint.post(f"{NEXT}/accept")
@declares("organisation:administer")
@acts
def accept_issuer(organisation: str, which: str = "") -> BaseResponse:
    """Accept what the issuer has changed: just what was shown."""
    place = administered(organisation)
    issuer, by = issuer_on_page(place, which), whose_word(place)
    if issuer is None:
        raise NotFound
    if (since := news(changed_as(issuer))) is not None:
        say_news(since)
        return redirect(here(place, which), code=303)
    with acting() as uow:
        accept_changes(uow, issuer, by=by)
    say(f"Accepted. Your people can sign in.{WAITS if by == place.id else ''}")
    return redirect(here(place, which), code=303)


@blueprint.post(f"{PAGE}/test")
@blueprint.post(f"{NEXT}/test")
@declares("organisation:administer")
def try_issuer(organisation: str, which: str = "") -> BaseResponse:
    """Reach the issuer now, and say whether it is fit."""
    place = administered(organisation)
    issuer = issuer_on_page(place, which)
    if issuer is None:
        raise NotFound
    asked = NewIssuer(
        issuer.issuer, issuer.client_id, s256_waived=issuer.s256_waived, inner_network=issuer.inner_network
    )
    try:
        check_issuer(parts(), asked)
    except Invalid as problem:
        say(str(problem), "error")
    else:
        say("The issuer answers, and what it says of itself is fit for signing in.")
    return redirect(here(place, which), code=303)


@blueprint.post(f"{PAGE}/try")
@blueprint.post(f"{NEXT}/try")
@declares("organisation:administer")
def try_sign_in(organisation: str, which: str = "") -> BaseResponse:
    """Send the administrator to the issuer, to see what a sign-in there would come to. It signs nobody in."""
    place = administered(organisation)
    issuer = issuer_on_page(place, which)
    if issuer is None:
        raise NotFound
    secret = browser_secret() or new_secret()
    try:
        href = begin_sign_in(parts(), issuer, browser_secret=secret, return_path=here(place, which), purpose="test")
    except FederationError as error:
        say(f"{error.entry.admin} ({error.detail or error.code})", "error")
        return redirect(here(place, which), code=303)
    response = render(LeavingPage(title="Trying a sign-in", destination=place.name, href=href))
    set_browser_secret(response, secret)
    return response


@blueprint.get(f"{PAGE}/failed")
@declares("organisation:administer")
def failed_sign_ins(organisation: str) -> Response:
    """The last sign-ins that failed, each with what to do about it."""
    place = administered(organisation)
    return render(
        FailedPage(
            crumbs=crumbs(place, Crumb("Sign-in", here(place, ""))),
            tabs=tabs(place, "Sign-in"),
            failures=failures_of(g.db, place.id),
        )
    )
