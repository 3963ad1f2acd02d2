"""Who runs the hub, and who could."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from hub.access.guard import declares, parts, viewer
from hub.access.models import Person, Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import news, shown
from hub.features.administration import queries
from hub.features.administration.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.features.administration.pages import Someone
from hub.features.administration.people.views import listed
from hub.features.administration.platform import queries as platform_queries
from hub.features.administration.platform.pages import PlatformAdministratorsPage, SurePage
from hub.features.administration.platform.service import leave_platform
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.administration.seals import standing_of
from hub.features.administration.seconding.service import PROPOSED, appoint
from hub.features.administration.service import administrators_of
from hub.ground.errors import Invalid, NotFound
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Who
from hub.web.render import render

LONGEST_QUERY = 200
MOST_FOUND = 20
HERE = f"{PLATFORM}/administrators"
NOT_KNOWN = (
    "{} has not signed in yet, so whoever came first by a link of theirs would look after the whole hub. "
    "Ask them to sign in once, then add them."
)


@blueprint.get("/admin/platform/administrators")
@declares("platform:administer")
def platform_administrators() -> Response:
    """Who runs the hub, and who could."""
    root = platform()
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    members = platform_queries.administrators(g.db, f"{ROOT}/{ADMINISTRATORS}")
    found = platform_queries.could_run_the_hub(g.db, words, MOST_FOUND) if "q" in request.args else []
    return render(
        PlatformAdministratorsPage(
            tabs=tabs(root, "Administrators"),
            action=HERE,
            members=_people(members, "Remove", f"{HERE}/remove"),
            query=words,
            found=_people(found, "Add", f"{HERE}/add"),
        )
    )


@blueprint.post("/admin/platform/administrators/add")
@declares("platform:administer")
@acts
def join_platform() -> BaseResponse:
    """Let somebody run the hub: whoever was shown beside the button, as they were shown."""
    root, person = platform(), _named()
    if not queries.has_identity(g.db, person.id):
        raise Invalid(NOT_KNOWN.format(_called(person)))
    if (since := news(standing_of(person))) is not None:
        return _ask(root, person, "Let {} look after the whole hub?", _send("Let them", f"{HERE}/add", person), since)
    with acting() as uow:
        proposal = appoint(uow, parts(), root, administrators_of(uow, root), person)
    if proposal is not None:
        say(PROPOSED.format(_called(person)))
        return redirect(f"{PLATFORM}/proposals/{proposal.id}", code=303)
    say(f"{_called(person)} looks after the whole hub now.", undo=_send("Undo", f"{HERE}/remove", person))
    return redirect(HERE, code=303)


@blueprint.post("/admin/platform/administrators/remove")
@declares("platform:administer")
@acts
def leave_platform_administrators() -> BaseResponse:
    """Take it from them again. Nobody does so to themselves, nor to the last one."""
    root, person = platform(), _named()
    if person.id == viewer().person.id:
        raise Invalid("You cannot take yourself out of the administrators: ask another administrator.")
    if (since := news(standing_of(person))) is not None:
        return _ask(root, person, "Take the hub from {}?", _send("Take it from them", f"{HERE}/remove", person), since)
    with acting() as uow:
        leave_platform(uow, administrators_of(uow, root), person)
    say(f"{_called(person)} does not look after the hub any more.", undo=_send("Undo", f"{HERE}/add", person))
    return redirect(HERE, code=303)


def _ask(root: Place, person: Person, title: str, send: Send, since: tuple[str, ...]) -> Response:
    told = ", ".join(text for text in (person.email, person.job_title, person.status) if text)
    return render(
        SurePage(
            title=title.format(_called(person)),
            crumbs=crumbs(root, Crumb("Administrators", HERE)),
            tabs=tabs(root, "Administrators"),
            sentences=(f"{_called(person)}: {told}.", "It holds from their next click on."),
            news=since,
            send=replace(send, kind="warning"),
            cancel_href=HERE,
        )
    )


def _named() -> Person:
    person = queries.staff_by_handle(g.db, request.form.get("person", "")[:LONGEST_QUERY])
    if person is None:
        raise NotFound
    return person


def _called(person: Person) -> Who:
    return Who(person.name, queries.organisation_names(g.db, [person.organisation_id])[person.organisation_id])


def _send(text: str, href: str, person: Person) -> Send:
    return Send(text, href, (("person", person.handle), shown(standing_of(person))), "link")


def _people(rows: Sequence[Person], text: str, href: str) -> tuple[Someone, ...]:
    """People with a button each, but for the viewer themselves."""
    me = viewer().person.id
    names = queries.organisation_names(g.db, {row.organisation_id for row in rows})
    found = listed(rows, lambda person: None if person.id == me else _send(text, href, person))
    return tuple(replace(one, organisation=names[row.organisation_id]) for one, row in zip(found, rows, strict=True))
