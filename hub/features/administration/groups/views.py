"""An organisation's groups and who belongs to them."""

from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Group, Person, Place
from hub.audience.acting import acting, acts
from hub.audience.one_person import gained_by_one, without_word
from hub.audience.sealing import Fact, news, shown
from hub.features.administration import queries
from hub.features.administration.beyond import check_group
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.pages import GroupPage, GroupRow, GroupsPage
from hub.features.administration.people.views import LONGEST_QUERY, ON_A_PAGE, listed, page_href
from hub.features.administration.platform.pages import SurePage
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.administration.seals import joining_as
from hub.features.administration.seconding.service import PROPOSED, administers, put_in
from hub.features.administration.service import LONGEST_TEXT, free_handle, has_letters, short_name
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.once import check_sheet, once
from hub.nouns.people.service import NO_GUESTS, add_group, remove_member
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render

MOST_FOUND = 20
AT_ONCE = "What the group may see and do, they may, from their next click on."
SECOND = "Another administrator has to agree before they look after your organisation, if there is one."


@blueprint.get("/admin/<slug:organisation>/groups")
@declares("organisation:administer")
def groups(organisation: str) -> Response:
    """Every group of the organisation."""
    return _groups_page(administered(organisation))


@blueprint.post("/admin/<slug:organisation>/groups")
@declares("organisation:administer")
def new_group(organisation: str) -> BaseResponse:
    """Add a group; its short name is made from its name."""
    place = administered(organisation)
    check_sheet()
    name = " ".join(request.form.get("name", "").split())
    if not has_letters(name) or len(name) > LONGEST_TEXT:
        return _groups_page(place, name, f"Enter a name of letters and digits, of up to {LONGEST_TEXT} characters")
    own = short_name(name) or _neutral(place)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = f"/admin/{place.path}/groups/{own}"
            add_group(uow, uow.session.get_one(Place, place.id), f"{place.path}/{own}", name)
    except (Conflict, Invalid) as problem:
        return _groups_page(place, name, str(problem))
    say(f"The group {name} is there. Policies call it group:{place.path}/{own}.")
    return redirect(f"/admin/{place.path}/groups/{own}", code=303)


@blueprint.get("/admin/<slug:organisation>/groups/<slug:group>")
@declares("organisation:administer")
def show_group(organisation: str, group: str) -> Response:
    """Who belongs to a group; who could."""
    place = administered(organisation)
    row = _group(place, group)
    here = f"/admin/{place.path}/groups/{group}"
    page = page_number(request.args.get("page"))
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    members = queries.members_of(g.db, row, page, ON_A_PAGE)
    found = queries.could_join(g.db, place, row, words, MOST_FOUND) if "q" in request.args else []
    return render(
        GroupPage(
            title=row.name,
            crumbs=crumbs(place, Crumb("Groups", f"/admin/{place.path}/groups")),
            tabs=tabs(place, "Groups"),
            handle=row.handle,
            action=here,
            members=listed(members.people, lambda person: _remove(here, row, person)),
            links=page_links(page, ON_A_PAGE, members.total, lambda n: page_href(here, "", n)),
            query=words,
            found=listed(found, lambda person: _add(here, row, person)),
        )
    )


@blueprint.post("/admin/<slug:organisation>/groups/<slug:group>/add")
@declares("organisation:administer")
@acts
def join(organisation: str, group: str) -> BaseResponse:
    """Put one of the organisation's own staff into a group."""
    place = administered(organisation)
    row, person = _group(place, group), _named(place)
    here = f"/admin/{place.path}/groups/{group}"
    if person.kind == "guest":
        raise Invalid(NO_GUESTS)
    if (since := news(joining_as(row, person))) is not None:
        return _ask_join(place, row, person, since)
    with acting() as uow:
        check_group(uow, place, row)
        proposal = put_in(uow, parts(), place, row, person)
    if proposal is not None:
        say(PROPOSED.format(person.name))
        return redirect(f"/admin/{place.path}/proposals/{proposal.id}", code=303)
    say(f"{person.name} belongs to {row.name} now.", undo=_send("Undo", f"{here}/remove", row, person))
    return redirect(here, code=303)


@blueprint.post("/admin/<slug:organisation>/groups/<slug:group>/remove")
@declares("organisation:administer")
@acts
def leave(organisation: str, group: str) -> BaseResponse:
    """Take somebody out of a group. Nobody takes away their own administration: somebody has to be left."""
    place = administered(organisation)
    row, person = _group(place, group), _named(place)
    if _is_own_administration(row, person):
        raise Invalid("You cannot take yourself out of the administrators: ask another administrator.")
    taken = _taken(row, person)
    if (since := news((*joining_as(row, person), *taken))) is not None:
        return _ask_leave(place, row, person, taken, since)
    with acting() as uow:
        check_group(uow, place, row)
        remove_member(uow, row, person)
    here = f"/admin/{place.path}/groups/{group}"
    say(f"{person.name} does not belong to {row.name} any more.", undo=_send("Undo", f"{here}/add", row, person))
    return redirect(here, code=303)


def _taken(group: Group, person: Person) -> tuple[Fact, ...]:
    """What leaving a group takes from somebody, of what the viewer may read; nothing where that is nothing."""
    now = parts().snapshots.subject(g.db, person)
    counts = gained_by_one(viewer(), without_word(now, f"group:{group.handle}"), now)
    taken = parts().kinds.in_words(counts)
    return (Fact("taken", taken, lambda: f"It takes {taken} from them now."),) if any(counts.values()) else ()


def _ask_leave(place: Place, group: Group, person: Person, taken: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    what = taken[0].value if taken else "nothing"
    return _ask(
        place,
        group,
        title=f"Take {person.name} out of {group.name}?",
        sentence=f"This takes {what} from {person.name}, from their next click on.",
        since=since,
        send=replace(_send("Take them out", "remove", group, person, taken), kind="warning"),
    )


def _ask_join(place: Place, group: Group, person: Person, since: tuple[str, ...]) -> Response:
    told = ", ".join(text for text in (person.name, person.email, person.job_title, person.status) if text)
    return _ask(
        place,
        group,
        title=f"Put {person.name} into {group.name}?",
        sentence=f"They are {told}. {SECOND if administers(viewer().snapshot, place, group) else AT_ONCE}",
        since=since,
        send=replace(_send("Put them in", "add", group, person), kind="primary"),
    )


def _ask(place: Place, group: Group, *, title: str, sentence: str, since: tuple[str, ...], send: Send) -> Response:
    """The question; `send` leads to a page below the group's."""
    here = f"/admin/{place.path}/groups/{group.handle.partition('/')[2]}"
    return render(
        SurePage(
            title=title,
            crumbs=crumbs(place, Crumb("Groups", f"/admin/{place.path}/groups"), Crumb(group.name, here)),
            tabs=tabs(place, "Groups"),
            sentences=(sentence,),
            news=since,
            send=replace(send, href=f"{here}/{send.href}"),
            cancel_href=here,
        )
    )


def _neutral(place: Place) -> str:
    """A short name for a group whose name has no Latin letters: group, or group-2 and so on."""
    return free_handle(queries.handles_of_groups(g.db, place), f"{place.path}/group")[0].partition("/")[2]


def _group(place: Place, name: str) -> Group:
    found = queries.group_of(g.db, place, name)
    if found is None:
        raise NotFound
    return found


def _named(place: Place) -> Person:
    """The person whom a button names: one of this organisation, whatever was sent."""
    person = queries.person_of(g.db, place, request.form.get("person", "")[:LONGEST_QUERY])
    if person is None:
        raise NotFound
    return person


def _is_own_administration(group: Group, person: Person) -> bool:
    return group.handle.endswith(f"/{ADMINISTRATORS}") and person.id == viewer().person.id


def _add(here: str, group: Group, person: Person) -> Send:
    return _send("Add", f"{here}/add", group, person)


def _remove(here: str, group: Group, person: Person) -> Send | None:
    return None if _is_own_administration(group, person) else _send("Remove", f"{here}/remove", group, person)


def _send(text: str, href: str, group: Group, person: Person, taken: tuple[Fact, ...] = ()) -> Send:
    seen = shown((*joining_as(group, person), *taken))
    return Send(text, href, (("person", person.handle.partition("/")[2]), seen), "link")


def _groups_page(place: Place, name: str = "", problem: str = "") -> Response:
    here = f"/admin/{place.path}/groups"
    return render(
        GroupsPage(
            crumbs=crumbs(place),
            problems=(Problem("name", problem),) if problem else (),
            tabs=tabs(place, "Groups"),
            action=here,
            groups=tuple(
                GroupRow(row.name, f"{here}/{row.handle.partition('/')[2]}", row.handle, members)
                for row, members in queries.groups_of(g.db, place)
            ),
            name=name,
        )
    )
