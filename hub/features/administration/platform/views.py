"""The whole hub in the browser, for those who run it: its organisations, and adding one."""

from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.features.administration.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.features.administration.forms import OrganisationForm, domains_in, read_organisation, tested
from hub.features.administration.pages import IssuerFields
from hub.features.administration.people.views import page_href
from hub.features.administration.platform import queries as platform_queries
from hub.features.administration.platform.pages import (
    KINDS,
    AddOrganisationPage,
    AllOrganisationsPage,
    OrganisationLine,
)
from hub.features.administration.platform.service import add_whole_organisation
from hub.features.administration.steps import issuer_in_words
from hub.features.signin.issuers import redirect_uri
from hub.features.signin.service import NewIssuer, check_issuer
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.drafts import typed_into, typed_over
from hub.keeping.once import check_sheet, once
from hub.nouns.organisations.service import NewOrganisation
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
LONGEST_QUERY = 200
HERE = f"{PLATFORM}/organisations"
KIND_VALUES = {kind.value for kind in KINDS}


@blueprint.get("/admin/platform")
@declares("platform:administer")
def all_organisations() -> Response:
    """Every organisation, found by name or mail domain."""
    root = platform()
    words, page = request.args.get("q", "").strip()[:LONGEST_QUERY], page_number(request.args.get("page"))
    found, total = platform_queries.organisations(g.db, words, page, ON_A_PAGE)
    return render(
        AllOrganisationsPage(
            tabs=tabs(root, "Organisations"),
            action=PLATFORM,
            add_href=f"{HERE}/add",
            query=words,
            organisations=tuple(
                OrganisationLine(
                    line.place.name,
                    f"{HERE}/{line.place.path}",
                    line.place.path,
                    line.kind,
                    line.people,
                    issuer_in_words(line.issuer),
                    line.place.blocked_at,
                )
                for line in found
            ),
            links=page_links(page, ON_A_PAGE, total, lambda n: page_href(PLATFORM, words, n)),
        )
    )


@blueprint.get("/admin/platform/organisations/add")
@declares("platform:administer")
def new_organisation() -> Response:
    """The form for a new organisation, with the redirect address that its issuer has to know."""
    platform()
    kind = request.args.get("kind", "")
    empty = OrganisationForm(reserved=new_id(), kind=kind if kind in KIND_VALUES else "council")
    return _add_page(replace(typed_into(empty), domains=domains_in(typed_over({"domains": ""})["domains"])))


@blueprint.post("/admin/platform/organisations/add")
@declares("platform:administer")
def add_organisation() -> BaseResponse:
    """Test the issuer, or add the organisation: its issuer is reached first, and its policy is the default one."""
    platform()
    check_sheet()
    form = read_organisation(request.form)
    if request.form.get("do") == "test":
        return _add_page(form, *_tested(form))
    if form.problems:
        return _add_page(form)
    try:
        issuer = _checked(form)
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            new = NewOrganisation(
                form.slug, form.name, form.kind, contact=form.contact, domains=form.domains, next_issuer=form.reserved
            )
            place = add_whole_organisation(uow, parts(), new, issuer)
            answer.location = f"{HERE}/{place.path}"
            drafts.sent(uow)
    except (Invalid, Conflict) as error:
        return _add_page(replace(form, problems=(_beside(error),)))
    say(f"{form.name} takes part. Invite its first administrator." if issuer else f"{form.name} is added.")
    return redirect(answer.location, code=303)


def _tested(form: OrganisationForm) -> tuple[str, tuple[Problem, ...]]:
    """What a test of the issuer says: a sentence, or what is wrong with it."""
    if not form.issuer:
        return "", (Problem("issuer", "Enter the address of the issuer to test it"),)
    return tested(parts(), form.issuer, s256_waived=False)


def _checked(form: OrganisationForm) -> NewIssuer | None:
    if not form.issuer:
        return None
    new = NewIssuer(form.issuer, form.client_id, form.secret)
    return replace(new, metadata=check_issuer(parts(), new))


def _beside(error: Invalid | Conflict) -> Problem:
    """A refusal beside the field that it is about."""
    field = getattr(error, "field", "")
    if isinstance(error, Conflict):
        text = str(error)
        field = "slug" if "place at" in text else "issuer" if "issuer" in text else "domains"
    beside = {"domain": "domains", "tenant_claim": "issuer", "tenant_value": "issuer"}
    return Problem(beside.get(field, field), str(error))


def _add_page(form: OrganisationForm, said: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    root = platform()
    return render(
        AddOrganisationPage(
            crumbs=crumbs(root),
            problems=problems or form.problems if not said else (),
            tabs=tabs(root, "Organisations"),
            action=f"{HERE}/add",
            reserved=form.reserved,
            name=form.name,
            slug=form.slug,
            kind=form.kind,
            contact=form.contact,
            domains="\n".join(form.domains),
            issuer=IssuerFields(redirect_uri(parts(), form.reserved), form.issuer, form.client_id, said),
        )
    )
