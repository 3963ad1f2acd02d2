"""The checklist, the organisation itself, and how its people sign in."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import news, seal
from hub.features.administration import queries
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.pages import ChecklistPage, OrganisationAdminPage, ProvingRow
from hub.features.administration.seals import as_problem, told_of
from hub.features.administration.steps import steps_of
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.mail.queries import unreachable
from hub.nouns.organisations.leaving import LEAVES
from hub.nouns.organisations.models import DomainClaim, Organisation
from hub.nouns.organisations.proving import claims_of, record_name, record_text
from hub.nouns.organisations.queries import organisation_of
from hub.nouns.organisations.service import edit_organisation, note_set_up, set_leaving
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render


@blueprint.get("/admin/<slug:organisation>")
@declares("organisation:administer")
def checklist(organisation: str) -> Response:
    """Where an administrator begins."""
    place = administered(organisation)
    standing = queries.standing_of(viewer(), place.id)
    if standing is None:
        raise NotFound
    steps = steps_of(viewer(), standing)
    done = sum(step.done for step in steps)
    away = Send("Dismiss", f"/admin/{place.path}/set-up")
    return render(
        ChecklistPage(
            title=f"Administration of {place.name}",
            tabs=tabs(place, "Overview"),
            steps=steps,
            done=done,
            sends=(away,) if done == len(steps) and standing.set_up_at is None else (),
        )
    )


@blueprint.post("/admin/<slug:organisation>/set-up")
@declares("organisation:administer", proves=False)
def put_away(organisation: str) -> BaseResponse:
    """Put the finished checklist away from the home pages of administrators, or back (`again`)."""
    place = administered(organisation)
    standing = queries.standing_of(viewer(), place.id)
    again = bool(request.form.get("again"))
    if standing is None:
        raise NotFound
    if not again and not all(step.done for step in steps_of(viewer(), standing)):
        raise Invalid("Not everything on the list is done yet: it stays on your home page until it is.")
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        note_set_up(uow, uow.session.get_one(Place, place.id), done=not again)
    here = f"/admin/{place.path}/set-up"
    if again:
        say("The list is on the home pages of your administrators again.")
    else:
        undo = Send("Undo", here, (("again", "yes"),))
        say("The list is dismissed. It comes back by itself when something of it is open again.", undo=undo)
    return redirect(f"/admin/{place.path}" if again else "/", code=303)


@blueprint.get("/admin/<slug:organisation>/organisation")
@declares("organisation:administer")
def show_organisation(organisation: str) -> Response:
    """What the organisation is called, and how it is reached."""
    place = administered(organisation)
    return _organisation_page(place)


@blueprint.post("/admin/<slug:organisation>/organisation")
@declares("organisation:administer")
@acts
def save_organisation(organisation: str) -> BaseResponse:
    """Change name, description, contact and what may leave by mail; nothing else that may be sent."""
    place = administered(organisation)
    sent = {name: request.form.get(name, "").strip() for name in ("name", "description", "contact")}
    leaves = request.form.get("leaves", "") or _more(place).leaves
    if (since := news(told_of(place, _more(place)))) is not None:
        return _organisation_page(place, sent | {"leaves": leaves}, (Problem("name", as_problem(since)),))
    try:
        with acting() as uow:
            edit_organisation(uow, place, **sent)
            set_leaving(uow, place, leaves)
            drafts.sent(uow)
    except Invalid as problem:
        return _organisation_page(place, sent | {"leaves": leaves}, (Problem(problem.field, str(problem)),))
    say("The organisation was saved.")
    return redirect(f"/admin/{place.path}/organisation", code=303)


def _more(place: Place) -> Organisation:
    found = organisation_of(g.db, place.id)
    if found is None:
        raise NotFound
    return found[1]


def _organisation_page(
    place: Place, sent: dict[str, str] | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    more = _more(place)
    known = {"name": place.name, "description": more.description, "contact": more.contact, "leaves": more.leaves}
    shown = drafts.typed_over(known) if sent is None else sent
    return render(
        OrganisationAdminPage(
            crumbs=crumbs(place),
            problems=problems,
            tabs=tabs(place, "Organisation"),
            action=f"/admin/{place.path}/organisation",
            seen=seal(told_of(place, more)),
            unreachable=unreachable(g.db, place.id),
            choices=tuple(Choice(key, text) for key, text in LEAVES.items()),
            domains=tuple((row.domain, row.proved_at) for row in queries.domains_of(g.db, place)),
            proving=tuple(_proving(place, claim) for claim in claims_of(g.db, place.id)),
            **shown,
        )
    )


def _proving(place: Place, claim: DomainClaim) -> ProvingRow:
    here, domain = f"/admin/{place.path}/organisation/domains", ("domain", claim.domain)
    return ProvingRow(
        claim.domain,
        record_name(claim),
        record_text(claim),
        Send("Look whether it is there", here, (domain, ("do", "check"))),
        Send("Do not prove it", here, (domain, ("do", "drop")), "link"),
    )
