"""The checklist, the organisation itself, and how its people sign in."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.admin import queries
from hub.admin.blueprint import administered, blueprint, crumbs, tabs
from hub.admin.pages import ChecklistPage, IssuerPage, OrganisationAdminPage, Step
from hub.errors import Invalid, NotFound
from hub.organisations.queries import organisation_of
from hub.organisations.service import edit_organisation
from hub.policies.service import file_of
from hub.signin.issuers import redirect_uri
from hub.signin.models import ACTIVE, QUARANTINED, Issuer
from hub.signin.queries import changes_of, issuer_of_organisation
from hub.signin.service import NewIssuer, accept_changes, check_issuer
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Problem, Send
from hub.web.render import render

IN_WORDS = {ACTIVE: "On", QUARANTINED: "Stopped: it changed, and nobody has accepted that yet"}


@blueprint.get("/admin/<slug:organisation>")
@declares("organisation:administer")
def checklist(organisation: str) -> Response:
    """Where an administrator begins."""
    place = administered(organisation)
    steps = _steps(place)
    return render(
        ChecklistPage(
            title=f"Administration of {place.name}",
            tabs=tabs(place, "Overview"),
            steps=steps,
            done=sum(step.done for step in steps),
        )
    )


def _steps(place: Place) -> tuple[Step, ...]:
    here, counts = f"/admin/{place.path}", queries.counts_of(g.db, place)
    found = organisation_of(g.db, place.id)
    contact = found[1].contact if found else ""
    issuer = issuer_of_organisation(g.db, place.path)
    file = file_of(place)
    text, alarm = queries.policy_text(g.db, file), queries.policy_alarm(g.db, file)
    policy = "In force" if text else "None: nobody may do anything"
    return (
        Step(
            "Organisation",
            f"People reach you at {contact}" if contact else "Say how your people reach you",
            bool(contact),
            f"{here}/organisation",
        ),
        Step(
            "Domains",
            _counted(counts.domains, "mail domain") if counts.domains else "No mail domain is proved yet",
            counts.domains > 0,
            f"{here}/organisation",
        ),
        Step("Sign-in", _issuer_state(issuer), bool(issuer and issuer.status == ACTIVE), f"{here}/issuer"),
        Step(
            "People",
            _counted(counts.people, "person", "people") if counts.people > 1 else "Only you so far",
            counts.people > 1,
            f"{here}/people",
        ),
        Step(
            "Groups",
            _counted(counts.groups, "group") if counts.groups else "None yet: policies speak of groups",
            counts.groups > 0,
            f"{here}/groups",
        ),
        Step(
            "Spaces",
            _counted(counts.spaces, "space") if counts.spaces else "None yet: documents live in spaces",
            counts.spaces > 0,
            f"/places/{place.path}" if viewer().sees(place) else "",
        ),
        Step(
            "Policy",
            "The copy on disk has faults and is not in force" if alarm else policy,
            text is not None and alarm is None,
            f"{here}/policy",
        ),
    )


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _issuer_state(issuer: Issuer | None) -> str:
    return IN_WORDS.get(issuer.status, "Off") if issuer else "No issuer yet: the operator of this hub adds it"


@blueprint.get("/admin/<slug:organisation>/organisation")
@declares("organisation:administer")
def show_organisation(organisation: str) -> Response:
    """What the organisation is called, and how it is reached."""
    place = administered(organisation)
    return _organisation_page(place, dict.fromkeys(("name", "description", "contact")))


@blueprint.post("/admin/<slug:organisation>/organisation")
@declares("organisation:administer")
def save_organisation(organisation: str) -> BaseResponse:
    """Change name, description and contact; nothing else that may be sent."""
    place = administered(organisation)
    sent = {name: request.form.get(name, "").strip() for name in ("name", "description", "contact")}
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            edit_organisation(uow, uow.session.get_one(Place, place.id), **sent)
    except Invalid as problem:
        return _organisation_page(place, dict(sent), (Problem(problem.field, str(problem)),))
    say("The organisation was saved.")
    return redirect(f"/admin/{place.path}/organisation", code=303)


def _organisation_page(place: Place, sent: dict[str, str | None], problems: tuple[Problem, ...] = ()) -> Response:
    found = organisation_of(g.db, place.id)
    if found is None:
        raise NotFound
    known = {"name": place.name, "description": found[1].description, "contact": found[1].contact}
    shown = {name: known[name] if value is None else value for name, value in sent.items()}
    return render(
        OrganisationAdminPage(
            crumbs=crumbs(place),
            problems=problems,
            tabs=tabs(place, "Organisation"),
            action=f"/admin/{place.path}/organisation",
            domains=tuple((row.domain, row.verified) for row in queries.domains_of(g.db, place)),
            **shown,
        )
    )


@blueprint.get("/admin/<slug:organisation>/issuer")
@declares("organisation:administer")
def show_issuer(organisation: str) -> Response:
    """How the organisation's people sign in."""
    place = administered(organisation)
    issuer = issuer_of_organisation(g.db, place.path)
    page = IssuerPage(crumbs=crumbs(place), tabs=tabs(place, "Sign-in"), slug=place.path)
    if issuer is None:
        return render(page)
    here, changes = f"/admin/{place.path}/issuer", tuple(changes_of(issuer))
    accept = (Send("Accept these changes", f"{here}/accept", (("seen", issuer.candidate_mark),), "warning"),)
    return render(
        IssuerPage(
            crumbs=page.crumbs,
            tabs=page.tabs,
            slug=place.path,
            issuer=issuer.issuer,
            status=_issuer_state(issuer),
            redirect=redirect_uri(parts(), issuer.id),
            client_id=issuer.client_id,
            answered=issuer.answered_at,
            changes=changes,
            sends=(*(accept if issuer.candidate else ()), Send("Test it", f"{here}/test")),
        )
    )


@blueprint.post("/admin/<slug:organisation>/issuer/accept")
@declares("organisation:administer")
def accept_issuer(organisation: str) -> BaseResponse:
    """Accept what the issuer has changed: just what was shown."""
    place = administered(organisation)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        issuer = issuer_of_organisation(uow.session, place.path)
        if issuer is None:
            raise NotFound
        if issuer.candidate_mark != request.form.get("seen"):
            raise Invalid("The issuer has changed again meanwhile. Go back, reload the page and look at it again.")
        accept_changes(uow, issuer)
    say("Accepted. Your people can sign in.")
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
