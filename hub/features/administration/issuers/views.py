"""How an organisation's people sign in: its issuer tested, added, given new credentials, accepted when it changed."""

from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts
from hub.access.models import Place
from hub.audience.acting import acting, acts, beforehand
from hub.audience.sealing import news, seal, shown
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs, whose_word
from hub.features.administration.forms import IssuerForm, read_issuer, tested
from hub.features.administration.pages import IssuerFields, IssuerPage
from hub.features.administration.seals import as_it_is, as_problem, changed_as
from hub.features.administration.steps import issuer_in_words
from hub.features.signin.issuers import redirect_uri
from hub.features.signin.models import Issuer
from hub.features.signin.queries import changes_of, issuer_of_organisation
from hub.features.signin.service import NewIssuer, accept_changes, add_issuer, check_issuer, set_credentials
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.organisations.queries import organisation_of
from hub.web.flash import say, say_news
from hub.web.pages import Problem, Send
from hub.web.render import render

WAITS = " What others gave your people by name waits until the administrators of the hub have confirmed this change."


@blueprint.get("/admin/<slug:organisation>/issuer")
@declares("organisation:administer")
def show_issuer(organisation: str) -> Response:
    """How the organisation's people sign in."""
    place = administered(organisation)
    issuer = issuer_of_organisation(g.db, place.path)
    return _issuer_page(place, issuer, typed_into(IssuerForm("", issuer.client_id if issuer else "", "")))


@blueprint.post("/admin/<slug:organisation>/issuer")
@declares("organisation:administer")
@acts
def save_issuer(organisation: str) -> BaseResponse:
    """Test an issuer, or let the organisation sign in through it; of one that is there, change what proves the hub."""
    place = administered(organisation)
    check_sheet()
    issuer = issuer_of_organisation(g.db, place.path)
    form = read_issuer(request.form if issuer is None else {**request.form, "issuer": issuer.issuer})
    if (since := news(as_it_is(issuer))) is not None:
        field = "issuer" if issuer is None else "client_id"
        return _issuer_page(place, issuer, replace(form, problems=(Problem(field, as_problem(since)),)))
    if request.form.get("do") == "test" and form.issuer:
        said, problems = tested(parts(), form.issuer)
        return _issuer_page(place, issuer, replace(form, problems=problems), said)
    if form.problems:
        return _issuer_page(place, issuer, form)
    try:
        new = NewIssuer(form.issuer, form.client_id, form.secret)
        checked = beforehand(lambda: replace(new, metadata=check_issuer(parts(), new))) if issuer is None else new
        by, before = whose_word(place), issuer.client_id if issuer else ""
        with acting() as uow, once(uow) as answer:
            answer.location = f"/admin/{place.path}/issuer"
            drafts.sent(uow)
            if issuer is None:
                add_issuer(uow, parts(), place, checked)
            else:
                set_credentials(uow, parts(), issuer, form.client_id, form.secret, by=by)
    except (Invalid, Conflict) as error:
        return _issuer_page(place, issuer, replace(form, problems=(Problem("issuer", str(error)),)))
    if issuer is None:
        say(f"The people of {place.name} can sign in.")
    else:
        waits = form.client_id != before and by == place.id
        say(f"The hub proves itself anew at the issuer.{WAITS if waits else ''}")
    return redirect(f"/admin/{place.path}/issuer", code=303)


@blueprint.post("/admin/<slug:organisation>/issuer/accept")
@declares("organisation:administer")
@acts
def accept_issuer(organisation: str) -> BaseResponse:
    """Accept what the issuer has changed: just what was shown."""
    place = administered(organisation)
    issuer, by = issuer_of_organisation(g.db, place.path), whose_word(place)
    if issuer is None:
        raise NotFound
    if (since := news(changed_as(issuer))) is not None:
        say_news(since)
        return redirect(f"/admin/{place.path}/issuer", code=303)
    with acting() as uow:
        accept_changes(uow, issuer, by=by)
    say(f"Accepted. Your people can sign in.{WAITS if by == place.id else ''}")
    return redirect(f"/admin/{place.path}/issuer", code=303)


@blueprint.post("/admin/<slug:organisation>/issuer/test")
@declares("organisation:administer")
def try_issuer(organisation: str) -> BaseResponse:
    """Reach the issuer now, and say whether it is fit."""
    place = administered(organisation)
    issuer = issuer_of_organisation(g.db, place.path)
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
    return redirect(f"/admin/{place.path}/issuer", code=303)


def _issuer_page(place: Place, issuer: Issuer | None, form: IssuerForm, said: str = "") -> Response:
    found = organisation_of(g.db, place.id)
    if found is None:
        raise NotFound
    here = f"/admin/{place.path}/issuer"
    typed = IssuerFields(
        redirect_uri(parts(), issuer.id if issuer else found[1].next_issuer),
        form.issuer,
        form.client_id,
        said,
    )
    problems = form.problems if not said else ()
    page = IssuerPage(
        crumbs=crumbs(place),
        problems=problems,
        tabs=tabs(place, "Sign-in"),
        slug=place.path,
        action=here,
        typed=typed,
        seen=seal(as_it_is(issuer)),
    )
    if issuer is None:
        return render(page)
    accept = (Send("Accept these changes", f"{here}/accept", (shown(changed_as(issuer)),), "warning"),)
    return render(
        replace(
            page,
            issuer=issuer.issuer,
            status=issuer_in_words(issuer.status),
            redirect=typed.redirect,
            client_id=issuer.client_id,
            answered=issuer.answered_at,
            changes=tuple(changes_of(issuer)),
            sends=(*(accept if issuer.candidate else ()), Send("Test it", f"{here}/test")),
        )
    )
