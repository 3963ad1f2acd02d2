"""The list of services, for those who run the hub: adding, renaming, merging and retiring, which all can be undone."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal, shown
from hub.features.administration.blueprint import PLATFORM, blueprint, crumbs, platform, tabs
from hub.features.administration.platform.pages import ServiceLine, ServicePage, ServicesPage
from hub.features.administration.services.opening import open_for_all
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.once import check_sheet, once
from hub.nouns.organisations.queries import organisations_for
from hub.nouns.spaces.models import Service
from hub.nouns.spaces.questions import questions_about, who_joined
from hub.nouns.spaces.services import (
    add_service,
    all_services,
    merge_service,
    part_service,
    rename_service,
    retire_service,
)
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.render import render

HERE = f"{PLATFORM}/services"
TAB = "Services"
LONGEST_TYPED = 200


@blueprint.get("/admin/platform/services")
@declares("platform:administer")
def services() -> Response:
    """Every service, how it stands, and a form for another one."""
    platform()
    return _list_page()


@blueprint.post("/admin/platform/services")
@declares("platform:administer")
def new_service() -> BaseResponse:
    """Add a service, which spaces can choose from then on."""
    platform()
    check_sheet()
    name = request.form.get("name", "")[:LONGEST_TYPED]
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            made = add_service(uow, name)
            answer.location = HERE
    except (Invalid, Conflict) as error:
        return _list_page(name, (Problem("name", str(error)),))
    say(f"“{made.name}” is on the list. Spaces can choose it now.")
    return redirect(HERE, code=303)


@blueprint.get("/admin/platform/services/<slug:service>")
@declares("platform:administer")
def service(service: str) -> Response:
    """One service: its name, of which it is a part, and whether spaces may choose it."""
    platform()
    return _page(_service(service))


@blueprint.post("/admin/platform/services/<slug:service>")
@declares("platform:administer")
@acts
def save_service(service: str) -> BaseResponse:
    """Rename it, merge it into another or part it again, retire it or bring it back, open its question space.

    What the button says (`do`).
    """
    platform()
    row = _service(service)
    do, name = request.form.get("do", ""), request.form.get("name", row.name)[:LONGEST_TYPED]
    if (since := news(service_as(row))) is not None:
        return _page(row, name, since or (NOT_SHOWN,))
    before, standing = row.name, row.into_id
    try:
        with acting() as uow:
            _do(uow, row, do, name)
    except (Invalid, Conflict) as error:
        field = getattr(error, "field", "") or "name"
        return _page(row, name, problems=(Problem(field, str(error)),))
    if do == "open":
        say(f"{row.name} has its question space. Those who administer a council join it under “Questions”.")
        return redirect(f"{HERE}/{row.id}", code=303)
    undo = _undo(row, do, before, standing)
    say(f"“{row.name}” is saved. No space has lost what was chosen for it.", undo=undo)
    return redirect(HERE, code=303)


def service_as(service: Service) -> tuple[Fact, ...]:
    """What a service is called and how it stands: a form is about that, and nothing that was done since."""
    standing = digest(service.name, service.into_id or "", str(bool(service.retired_at)))
    return (Fact("service", standing, lambda: f"Nothing was saved: “{service.name}” was changed meanwhile."),)


def _do(uow: UnitOfWork, row: Service, do: str, name: str) -> None:
    if do == "rename":
        rename_service(uow, row, name)
    elif do == "merge":
        into = uow.session.get(Service, request.form.get("into", "")[:LONGEST_TYPED])
        if into is None:
            raise Invalid("Choose the service of which it is to be a part", "into")
        merge_service(uow, row, into)
    elif do == "part":
        part_service(uow, row)
    elif do == "open":
        open_for_all(uow, row)
    elif do in ("retire", "restore"):
        retire_service(uow, row, back=do == "restore")
    else:
        raise Invalid("Choose what is to be done")


def _undo(row: Service, do: str, name: str, into: str | None) -> Send | None:
    """What takes it back; merging what others were a part of is parted one by one, so it offers none."""
    back = {"rename": "rename", "merge": "part", "part": "merge", "retire": "restore", "restore": "retire"}[do]
    fields = {"do": back, "name": name, "into": into or ""}
    return Send("Undo", f"{HERE}/{row.id}", (*fields.items(), shown(service_as(row))))


def _service(word: str) -> Service:
    row = look_up(Service, word)
    if row is None:
        raise NotFound
    return row


def _list_page(name: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    every = all_services(g.db)
    names = {row.id: row.name for row in every}
    return render(
        ServicesPage(
            tabs=tabs(platform(), TAB),
            action=HERE,
            name=name,
            problems=problems,
            services=tuple(
                ServiceLine(row.name, f"{HERE}/{row.id}", names.get(row.into_id or "", ""), row.retired_at)
                for row in every
            ),
        )
    )


def _page(row: Service, name: str = "", found: tuple[str, ...] = (), problems: tuple[Problem, ...] = ()) -> Response:
    root, every, space = platform(), all_services(g.db), questions_about(g.db, row.id)
    part = who_joined(g.db, [space.id], parts().today)[space.id] if space else []
    return render(
        ServicePage(
            title=row.name,
            crumbs=crumbs(root, Crumb(TAB, HERE)),
            problems=problems,
            tabs=tabs(root, TAB),
            action=f"{HERE}/{row.id}",
            seen=seal(service_as(row)),
            news=found,
            name=name or row.name,
            part_of=next((each.name for each in every if each.id == row.into_id), ""),
            parts=tuple(each.name for each in every if each.into_id == row.id),
            others=tuple(
                Choice(each.id, each.name)
                for each in every
                if each.id != row.id and each.into_id is None and each.retired_at is None
            ),
            retired_at=row.retired_at,
            questions_href=f"/places/{space.path}" if space else "",
            taking_part=tuple(own.name for own, _ in organisations_for(viewer()) if own.path in part),
        ),
        409 if found else 200,
    )
