"""One organisation, for those who run the hub: its mail domains, its first administrators, blocking it."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import news, seal, shown
from hub.features.administration import queries
from hub.features.administration.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.features.administration.pages import LinkOncePage
from hub.features.administration.platform import queries as platform_queries
from hub.features.administration.platform.pages import (
    OneOrganisationPage,
    SurePage,
)
from hub.features.administration.platform.service import INVITED_BY_PAGE, block, unblock
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.administration.seals import as_problem, domains_kept, people_of, standing_as
from hub.features.administration.seconding.service import check_first
from hub.features.administration.service import Invitation, invite_administrator
from hub.features.administration.steps import issuer_in_words
from hub.features.signin.queries import issuer_of_organisation
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.once import check_sheet, once
from hub.nouns.organisations.service import set_domains
from hub.nouns.spaces.queries import place_by_path
from hub.things.words import counted
from hub.web.flash import say, say_news
from hub.web.pages import Crumb, Problem, Send
from hub.web.render import render

MOST_SHOWN = 20
HERE = f"{PLATFORM}/organisations"


@blueprint.get("/admin/platform/organisations/<slug:organisation>")
@declares("platform:administer")
def one_organisation(organisation: str) -> Response:
    """How an organisation stands, and what the people who run the hub do about it."""
    platform()
    return _one_page(_organisation(organisation))


@blueprint.post("/admin/platform/organisations/<slug:organisation>/domains")
@declares("platform:administer")
@acts
def save_domains(organisation: str) -> BaseResponse:
    """Let it have just these mail domains."""
    platform()
    place = _organisation(organisation)
    typed = request.form.get("domains", "")[:10_000]
    if (since := news(domains_kept(_kept_domains(place)))) is not None:
        return _one_page(place, domains=typed, problems=(Problem("domains", as_problem(since)),))
    try:
        with acting() as uow:
            set_domains(uow, place, typed.replace(",", " ").split())
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
            check_first(uow, parts(), there)
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
    bound = people_of(place, crew)
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
            send=Send(f"Block {place.name}", f"{HERE}/{place.path}/block", (shown(bound),), "warning"),
            cancel_href=f"{HERE}/{place.path}",
        )
    )


@blueprint.post("/admin/platform/organisations/<slug:organisation>/block")
@declares("platform:administer")
@acts
def change_block(organisation: str) -> BaseResponse:
    """Keep everybody of it out, once one is sure, or let them in again (`again`)."""
    platform()
    place, again = _organisation(organisation), bool(request.form.get("again"))
    here, crew = f"{HERE}/{place.path}", platform_queries.crew_of(g.db, place, parts().clock.now())
    since = news(standing_as(place) if again else people_of(place, crew))
    if since is not None:
        return _look_again(place, since) if again else _ask_block(place, since)
    with acting() as uow:
        if again:
            unblock(uow, place)
            say(f"{place.name} is let in again. Its people sign in anew.")
        else:
            done = block(uow, place, viewer().person)
            sessions = counted(done.sessions, "session has", "sessions have")
            say(f"{place.name} is blocked. {sessions} ended.", undo=_let_in("Undo", place, "secondary"))
    return redirect(here, code=303)


def _let_in(text: str, place: Place, kind: str) -> Send:
    return Send(text, f"{HERE}/{place.path}/block", (("again", "yes"), shown(standing_as(place))), kind)


def _look_again(place: Place, since: tuple[str, ...]) -> BaseResponse:
    say_news(since)
    return redirect(f"{HERE}/{place.path}", code=303)


def _organisation(slug: str) -> Place:
    place = place_by_path(g.db, slug)
    if place is None or place.kind != "organisation":
        raise NotFound
    return place


def _kept_domains(place: Place) -> str:
    return "\n".join(row.domain for row in queries.domains_of(g.db, place))


def _crumbs(root: Place, place: Place) -> tuple[Crumb, ...]:
    return crumbs(root, Crumb(place.name, f"{HERE}/{place.path}"))


def _one_page(
    place: Place, *, name: str = "", email: str = "", domains: str | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    root, here = platform(), f"{HERE}/{place.path}"
    crew = platform_queries.crew_of(g.db, place, parts().clock.now())
    issuer = issuer_of_organisation(g.db, place.path)
    kept = _kept_domains(place)
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
                for person in platform_queries.administrators(g.db, f"{place.path}/{ADMINISTRATORS}", MOST_SHOWN)
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
            sends=(_let_in("Let it in again", place, "primary"),) if place.blocked_at else (),
            block_href="" if place.blocked_at or own else f"{here}/block",
        )
    )
