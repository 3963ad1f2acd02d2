"""The whole hub in the browser, for those who run it: its organisations and its administrators."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from hub.access.guard import declares, parts, viewer
from hub.access.models import Person, Place
from hub.admin import platform_queries, queries
from hub.admin.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.admin.forms import OrganisationForm, read_organisation, tested
from hub.admin.pages import IssuerFields, LinkOncePage, Someone
from hub.admin.people_views import listed, page_href
from hub.admin.platform_pages import (
    KINDS,
    AddOrganisationPage,
    AllOrganisationsPage,
    OneOrganisationPage,
    OrganisationLine,
    PlatformAdministratorsPage,
    SurePage,
)
from hub.admin.platform_service import INVITED_BY_PAGE, add_whole_organisation, block, leave_platform, unblock
from hub.admin.queries import ADMINISTRATORS
from hub.admin.seals import domains_kept, people_of
from hub.admin.service import Invitation, administrators_of, invite_administrator
from hub.admin.steps import issuer_in_words
from hub.documents.sealing import SEEN, news, seal
from hub.documents.words import counted
from hub.errors import Conflict, Invalid, NotFound
from hub.ids import new_id
from hub.keeping.once import check_sheet, once
from hub.organisations.service import NewOrganisation, set_domains
from hub.people.service import add_member
from hub.policies.service import adopt_platform_default
from hub.signin.issuers import redirect_uri
from hub.signin.queries import issuer_of_organisation
from hub.signin.service import NewIssuer, check_issuer
from hub.spaces.queries import place_by_path
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
LONGEST_QUERY = 200
MOST_FOUND = 20
HERE = f"{PLATFORM}/organisations"
NOT_KNOWN = (
    "{} has not signed in yet, so whoever came first by a link of theirs would look after the whole hub. "
    "Ask them to sign in once, then add them."
)
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
    return _add_page(OrganisationForm(reserved=new_id(), kind=kind if kind in KIND_VALUES else "council"))


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
    except (Invalid, Conflict) as error:
        return _add_page(replace(form, problems=(_beside(error),)))
    say(f"{form.name} takes part. Invite its first administrator." if issuer else f"{form.name} is added.")
    return redirect(answer.location, code=303)


@blueprint.get("/admin/platform/organisations/<slug:organisation>")
@declares("platform:administer")
def one_organisation(organisation: str) -> Response:
    """How an organisation stands, and what the people who run the hub do about it."""
    platform()
    return _one_page(_organisation(organisation))


@blueprint.post("/admin/platform/organisations/<slug:organisation>/domains")
@declares("platform:administer")
def save_domains(organisation: str) -> BaseResponse:
    """Let it have just these mail domains."""
    platform()
    place = _organisation(organisation)
    typed = request.form.get("domains", "")[:10_000]
    if found := news(domains_kept(_kept_domains(place)), request.form.get(SEEN, "")):
        return _one_page(place, domains=typed, problems=(Problem("domains", found[0].rstrip(".")),))
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            set_domains(uow, uow.session.get_one(Place, place.id), typed.replace(",", " ").split())
    except (Invalid, Conflict) as error:
        return _one_page(place, domains=typed, problems=(Problem("domains", str(error)),))
    say(f"The mail domains of {place.name} are saved.")
    return redirect(f"{HERE}/{place.path}", code=303)


@blueprint.post("/admin/platform/organisations/<slug:organisation>/invite")
@declares("platform:administer")
def invite(organisation: str) -> BaseResponse:
    """Invite an administrator of it; the answer shows their one-use link, once."""
    root = platform()
    place = _organisation(organisation)
    check_sheet()
    name, email = (" ".join(request.form.get(field, "").split()) for field in ("name", "email"))
    if not name:
        return _one_page(place, email=email, problems=(Problem("name", "Enter the name of who will look after it"),))
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = f"{HERE}/{place.path}"
            there = uow.session.get_one(Place, place.id)
            wanted = Invitation("organisation", name, email)
            invited = invite_administrator(uow, parts(), there, wanted, INVITED_BY_PAGE)
    except (Invalid, Conflict) as error:
        field = getattr(error, "field", "") or "name"
        problem = Problem(field if field in {"name", "email"} else "name", str(error))
        return _one_page(place, name=name, email=email, problems=(problem,))
    own = invited.person.partition("/")[2]
    return render(
        LinkOncePage(
            title=f"An invitation for {name}",
            crumbs=_crumbs(root, place),
            tabs=tabs(root, "Organisations"),
            person=name,
            organisation=place.name,
            link=invited.link,
            mailed=invited.mailed if parts().mail.server else "",
            lasts="24 hours",
            person_href=f"/admin/{place.path}/people/{own}",
            add_href=f"{HERE}/{place.path}",
        )
    )


@blueprint.get("/admin/platform/organisations/<slug:organisation>/block")
@declares("platform:administer")
def ask_block(organisation: str) -> Response:
    """What blocking it does, before it is done."""
    platform()
    return _ask_block(_organisation(organisation), ())


def _ask_block(place: Place, found: tuple[str, ...]) -> Response:
    root = platform()
    crew = platform_queries.crew_of(g.db, place, parts().clock.now())
    ended = counted(crew.sessions, "open session ends", "open sessions end")
    bound = people_of(crew)
    return render(
        SurePage(
            title=f"Block {place.name}?",
            crumbs=_crumbs(root, place),
            tabs=tabs(root, "Organisations"),
            sentences=(
                f"This keeps out {bound[0].value}, from their next click on. {ended} at once.",
                "What they wrote stays, for everyone whom policy lets see it. You can let them in again at any time.",
            ),
            news=found,
            send=Send(f"Block {place.name}", f"{HERE}/{place.path}/block", ((SEEN, seal(bound)),), "warning"),
            cancel_href=f"{HERE}/{place.path}",
        )
    )


@blueprint.post("/admin/platform/organisations/<slug:organisation>/block")
@declares("platform:administer")
def change_block(organisation: str) -> BaseResponse:
    """Keep everybody of it out, once one is sure, or let them in again (`again`)."""
    platform()
    place = _organisation(organisation)
    here = f"{HERE}/{place.path}"
    found = news(people_of(platform_queries.crew_of(g.db, place, parts().clock.now())), request.form.get(SEEN, ""))
    if not request.form.get("again") and (found or SEEN not in request.form):
        return _ask_block(place, found)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        row = uow.session.get_one(Place, place.id)
        if request.form.get("again"):
            unblock(uow, row)
            say(f"{place.name} is let in again. Its people sign in anew.")
        else:
            done = block(uow, row, viewer().person)
            sessions = counted(done.sessions, "session has", "sessions have")
            undo = Send("Undo", f"{here}/block", (("again", "yes"),))
            say(f"{place.name} is blocked. {sessions} ended.", undo=undo)
    return redirect(here, code=303)


@blueprint.get("/admin/platform/administrators")
@declares("platform:administer")
def platform_administrators() -> Response:
    """Who runs the hub, and who could."""
    root = platform()
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    here = f"{PLATFORM}/administrators"
    members = platform_queries.administrators(g.db, f"{ROOT}/{ADMINISTRATORS}")
    found = platform_queries.could_run_the_hub(g.db, words, MOST_FOUND) if "q" in request.args else []
    return render(
        PlatformAdministratorsPage(
            tabs=tabs(root, "Administrators"),
            action=here,
            members=_people(members, "Remove", f"{here}/remove"),
            query=words,
            found=_people(found, "Add", f"{here}/add"),
        )
    )


@blueprint.post("/admin/platform/administrators/add")
@declares("platform:administer")
def join_platform() -> BaseResponse:
    """Let somebody run the hub."""
    platform()
    person, here = _named(), f"{PLATFORM}/administrators"
    if not queries.has_identity(g.db, person.id):
        raise Invalid(NOT_KNOWN.format(person.name))
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        group = administrators_of(uow, uow.session.get_one(Place, ROOT))
        adopt_platform_default(uow)
        add_member(uow, group, uow.session.get_one(Person, person.id))
    say(f"{person.name} looks after the whole hub now.", undo=_send("Undo", f"{here}/remove", person))
    return redirect(here, code=303)


@blueprint.post("/admin/platform/administrators/remove")
@declares("platform:administer")
def leave_platform_administrators() -> BaseResponse:
    """Take it from them again. Nobody does so to themselves, nor to the last one."""
    platform()
    person, here = _named(), f"{PLATFORM}/administrators"
    if person.id == viewer().person.id:
        raise Invalid("You cannot take yourself out of the administrators: ask another administrator.")
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        group = administrators_of(uow, uow.session.get_one(Place, ROOT))
        leave_platform(uow, group, uow.session.get_one(Person, person.id))
    say(f"{person.name} does not look after the hub any more.", undo=_send("Undo", f"{here}/add", person))
    return redirect(here, code=303)


def _organisation(slug: str) -> Place:
    place = place_by_path(g.db, slug)
    if place is None or place.kind != "organisation":
        raise NotFound
    return place


def _kept_domains(place: Place) -> str:
    return "\n".join(row.domain for row in queries.domains_of(g.db, place))


def _named() -> Person:
    person = queries.staff_by_handle(g.db, request.form.get("person", "")[:LONGEST_QUERY])
    if person is None:
        raise NotFound
    return person


def _send(text: str, href: str, person: Person) -> Send:
    return Send(text, href, (("person", person.handle),), "link")


def _people(rows: Sequence[Person], text: str, href: str) -> tuple[Someone, ...]:
    """People with a button each, but for the viewer themselves."""
    me = viewer().person.id
    return listed(rows, lambda person: None if person.id == me else _send(text, href, person))


def _crumbs(root: Place, place: Place) -> tuple[Crumb, ...]:
    return crumbs(root, Crumb(place.name, f"{HERE}/{place.path}"))


def _tested(form: OrganisationForm) -> tuple[str, tuple[Problem, ...]]:
    """What a test of the issuer says: a sentence, or what is wrong with it."""
    if not form.issuer:
        return "", (Problem("issuer", "Enter the address of the issuer to test it"),)
    return tested(parts(), form.issuer)


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
    return Problem({"domain": "domains"}.get(field, field), str(error))


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


def _one_page(
    place: Place, *, name: str = "", email: str = "", domains: str | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    root, here = platform(), f"{HERE}/{place.path}"
    crew = platform_queries.crew_of(g.db, place, parts().clock.now())
    issuer = issuer_of_organisation(g.db, place.path)
    kept = _kept_domains(place)
    again = Send("Let it in again", f"{here}/block", (("again", "yes"),), "primary")
    own = place.id == viewer().person.organisation_id
    return render(
        OneOrganisationPage(
            title=place.name,
            crumbs=crumbs(root),
            problems=problems,
            tabs=tabs(root, "Organisations"),
            slug=place.path,
            kind=crew.kind,
            people=crew.staff,
            guests=crew.guests,
            sessions=crew.sessions,
            issuer=issuer_in_words(issuer.status if issuer else ""),
            has_issuer=issuer is not None,
            administrators=tuple(
                person.name
                for person in platform_queries.administrators(g.db, f"{place.path}/{ADMINISTRATORS}", MOST_FOUND)
            ),
            blocked_at=place.blocked_at,
            administer_href=f"/admin/{place.path}",
            issuer_href=f"/admin/{place.path}/issuer",
            domains_seen=seal(domains_kept(kept)),
            domains=kept if domains is None else domains,
            domains_action=f"{here}/domains",
            invite_action=f"{here}/invite",
            invite_name=name,
            invite_email=email,
            sends=(again,) if place.blocked_at else (),
            block_href="" if place.blocked_at or own else f"{here}/block",
        )
    )
