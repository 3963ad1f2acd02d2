"""An organisation's people: found, added, suspended, let in again."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person, Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import news, seal, shown
from hub.features.administration import queries
from hub.features.administration.beyond import (
    NAMED,
    check_link,
    is_left_to_the_hub,
    leave_to_the_hub,
    let_in_again,
    may_mail,
)
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs, whose_word
from hub.features.administration.pages import (
    AddPersonPage,
    LinkOncePage,
    PeoplePage,
    PersonAdminPage,
    Someone,
    Tab,
    Wanted,
)
from hub.features.administration.seals import as_problem, shown_as, standing_of
from hub.features.administration.service import add_staff, edit_person, end_sessions, shut_out
from hub.features.signin.local.service import invite_guest
from hub.features.signin.service import LINK_LASTS, mail_link, make_link
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.once import check_sheet, once
from hub.mail.service import forget_links
from hub.nouns.people.invitations import not_added_yet
from hub.nouns.people.service import STATUSES, NewPerson
from hub.web.flash import say, say_news
from hub.web.pages import Crumb, Problem, Send, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
LONGEST_QUERY = 200
FIELDS = ("name", "email", "job", "handle")
HOURS = int(LINK_LASTS.total_seconds() // 3600)


@blueprint.get("/admin/<slug:organisation>/people")
@declares("organisation:administer")
def people(organisation: str) -> Response:
    """Everybody of the organisation."""
    place = administered(organisation)
    words, page = request.args.get("q", "").strip()[:LONGEST_QUERY], page_number(request.args.get("page"))
    only = request.args.get("only", "")
    only = only if only in queries.ONLY else ""
    found = queries.people_of(g.db, place, words, page, ON_A_PAGE, only)
    here = f"/admin/{place.path}/people"
    return render(
        PeoplePage(
            crumbs=crumbs(place),
            tabs=tabs(place, "People"),
            action=here,
            add_href=f"{here}/add",
            query=words,
            only=only,
            parts=tuple(
                Tab(text, _part_href(here, words, key), current=key == only)
                for key, text in {"": "Everybody", **queries.ONLY}.items()
            ),
            people=listed(found.people),
            wanted=() if words or only or page > 1 else _wanted(place),
            links=page_links(page, ON_A_PAGE, found.total, lambda n: page_href(here, words, n, only)),
        )
    )


def _wanted(place: Place) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(
            email=each.invitation.email,
            by=str(Who(each.inviter.name, each.organisation)),
            add_href=f"/admin/{place.path}/people/add?{urlencode({'email': each.invitation.email})}",
        )
        for each in not_added_yet(g.db, place.id, parts().clock.now())
    )


def _meant() -> dict[str, str]:
    """The address of whom a link of the list means."""
    return {"email": request.args.get("email", "").strip()[:LONGEST_QUERY]}


@blueprint.get("/admin/<slug:organisation>/people/add")
@declares("organisation:administer")
def new_person(organisation: str) -> Response:
    """The form for a new person."""
    return _add_page(administered(organisation), drafts.typed_over(dict.fromkeys(FIELDS, "") | _meant()))


@blueprint.post("/admin/<slug:organisation>/people/add")
@declares("organisation:administer")
def add(organisation: str) -> Response:
    """Add a member of staff; the answer shows their one-use link, once."""
    place = administered(organisation)
    check_sheet()
    sent = {name: request.form.get(name, "").strip() for name in FIELDS}
    sent["handle"] = sent["handle"].lower()
    new, by = NewPerson(sent["handle"], sent["name"], sent["email"], sent["job"]), whose_word(place)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            there = uow.session.get_one(Place, place.id)
            person, link = add_staff(uow, parts(), there, new, chosen=bool(sent["handle"]), by=by)
            mailed = mail_link(uow, parts(), person, link) if link else ""
            answer.location = f"/admin/{place.path}/people/{person.handle.partition('/')[2]}"
    except Invalid as problem:
        return _add_page(place, sent, (Problem(problem.field, str(problem)),))
    return _link_page(place, person, link, mailed)


@blueprint.get("/admin/<slug:organisation>/people/<slug:name>")
@declares("organisation:administer")
def show_person(organisation: str, name: str) -> Response:
    """How somebody stands, and what can be done about it."""
    place = administered(organisation)
    person = _person(place, name)
    shown = {"name": person.name, "email": person.email, "job": person.job_title}
    return _person_page(place, person, drafts.typed_over(shown))


@blueprint.post("/admin/<slug:organisation>/people/<slug:name>")
@declares("organisation:administer")
@acts
def save_person(organisation: str, name: str) -> BaseResponse:
    """Change name, e-mail address and job; a sign-in may bring another name and address again."""
    place = administered(organisation)
    person = _person(place, name)
    sent = {field: " ".join(request.form.get(field, "").split()) for field in ("name", "email", "job")}
    if (since := news(shown_as(person))) is not None:
        return _person_page(place, person, sent, (Problem("name", as_problem(since)),))
    try:
        with acting() as uow:
            if (sent["name"], sent["email"]) != (person.name, person.email):
                leave_to_the_hub(uow.session, place, person)
            if sent["email"] != person.email and whose_word(place) == place.id:
                forget_links(uow, person.id)  # letters with a link of the platform's go to no other address
            edit_person(uow, person, sent["name"], sent["email"], sent["job"])
            drafts.sent(uow)
    except Invalid as problem:
        return _person_page(place, person, sent, (Problem(problem.field, str(problem)),))
    say(f"{sent['name']} was saved.")
    return redirect(f"/admin/{place.path}/people/{name}", code=303)


@blueprint.post("/admin/<slug:organisation>/people/<slug:name>/status")
@declares("organisation:administer")
@acts
def change_status(organisation: str, name: str) -> BaseResponse:
    """Suspend somebody, or let them in again. Nobody does either to themselves."""
    place = administered(organisation)
    person = _person(place, name)
    status = request.form.get("status", "")
    if person.id == viewer().person.id:
        raise Invalid("You cannot change your own access: ask another administrator.")
    if status not in STATUSES:
        raise Invalid("A person is active, suspended, or has left.")
    leave_to_the_hub(g.db, place, person)
    if (since := news(standing_of(person))) is not None:
        return _look_again(place, person, since)
    with acting() as uow:
        waits = person.status == "left" and whose_word(place) == place.id
        if status == "active":
            let_in_again(uow, place, person)
        else:
            shut_out(uow, person, status)
    here = f"/admin/{place.path}/people/{name}"
    if status == "active":
        said = " What others gave them, if anything, waits until the hub’s administrators confirm it." if waits else ""
        say(f"{person.name} can sign in again.{said}")
    else:
        again = Send("Let them in again", f"{here}/status", (("status", "active"), shown(standing_of(person))))
        done = "is suspended" if status == "suspended" else "has left"
        say(f"{person.name} {done}, and is out from their next click on.", undo=again)
    return redirect(here, code=303)


@blueprint.post("/admin/<slug:organisation>/people/<slug:name>/sessions")
@declares("organisation:administer")
@acts
def close_sessions(organisation: str, name: str) -> BaseResponse:
    """Sign somebody out everywhere."""
    place = administered(organisation)
    person = _person(place, name)
    leave_to_the_hub(g.db, place, person)
    if (since := news(standing_of(person))) is not None:
        return _look_again(place, person, since)
    with acting() as uow:
        ended = end_sessions(uow, person)
    say(f"{ended} session{'' if ended == 1 else 's'} of {person.name} ended.")
    return redirect(f"/admin/{place.path}/people/{name}", code=303)


@blueprint.post("/admin/<slug:organisation>/people/<slug:name>/link")
@declares("organisation:administer")
@acts
def new_link(organisation: str, name: str) -> BaseResponse:
    """A new one-use link for somebody who has not signed in yet; an older one stops working."""
    place = administered(organisation)
    person = _person(place, name)
    here = _signs_in_here(place, person)
    known = queries.has_identity if here else queries.has_issuers_identity
    if known(g.db, person.id) or person.status != "active":
        raise Invalid(f"{person.name} needs no link: they have signed in before, or are suspended.")
    check_link(g.db, place, person)
    if (since := news(standing_of(person))) is not None:
        return _look_again(place, person, since)
    with acting() as uow:
        link = (invite_guest if here else make_link)(uow, parts(), person, by=whose_word(place))
        mailed = mail_link(uow, parts(), person, link) if not here and may_mail(uow, place, person) else ""
    return _link_page(place, person, link, mailed)


def listed(rows: Sequence[Person], send: Callable[[Person], Send | None] | None = None) -> tuple[Someone, ...]:
    """People as rows, each with the way to their page; `send` makes the button of each."""
    known = queries.signed_in_before(g.db, rows)
    return tuple(
        Someone(
            name=person.name,
            href="/admin/{}/people/{}".format(*person.handle.split("/")),
            handle=person.handle,
            email=person.email,
            job=person.job_title,
            status=person.status,
            kind=person.kind,
            signed_in=person.id in known,
            send=send(person) if send else None,
        )
        for person in rows
    )


def page_href(here: str, words: str, number: int, only: str = "") -> str:
    """The address of one page of a list."""
    asked = ({"q": words} if words else {}) | ({"only": only} if only else {}) | {"page": str(number)}
    return f"{here}?{urlencode(asked)}"


def _part_href(here: str, words: str, only: str) -> str:
    asked = ({"q": words} if words else {}) | ({"only": only} if only else {})
    return f"{here}?{urlencode(asked)}" if asked else here


def _person(place: Place, name: str) -> Person:
    found = queries.person_of(g.db, place, name)
    if found is None:
        raise NotFound
    return found


def _signs_in_here(place: Place, person: Person) -> bool:
    """Whether somebody is a guest whose firm has no issuer."""
    return person.kind == "guest" and not queries.issuer_status(g.db, place)


def _sends(person: Person, here: str, *, known: bool) -> tuple[Send, ...]:
    seen = shown(standing_of(person))
    if person.status != "active":
        return (Send("Let them in again", f"{here}/status", (("status", "active"), seen), "primary"),)
    link = () if known else (Send("Make a new sign-in link", f"{here}/link", (seen,)),)
    return (
        *link,
        Send("End all sessions", f"{here}/sessions", (seen,)),
        Send("Suspend", f"{here}/status", (("status", "suspended"), seen), "warning"),
        Send("They have left", f"{here}/status", (("status", "left"), seen), "warning"),
    )


def _look_again(place: Place, person: Person, since: tuple[str, ...]) -> BaseResponse:
    """Nothing was done: their page, as they are now, with its buttons."""
    say_news(since)
    return redirect(f"/admin/{place.path}/people/{person.handle.partition('/')[2]}", code=303)


def _group_href(place: Place, handle: str) -> str:
    return f"/admin/{place.path}/groups/{handle.partition('/')[2]}"


def _add_page(place: Place, sent: dict[str, str], problems: tuple[Problem, ...] = ()) -> Response:
    here = f"/admin/{place.path}/people"
    return render(
        AddPersonPage(
            title="Add a person",
            crumbs=crumbs(place, Crumb("People", here)),
            problems=problems,
            tabs=tabs(place, "People"),
            action=f"{here}/add",
            prefix=f"{place.path}/",
            **sent,
        )
    )


def _link_page(place: Place, person: Person, link: str, mailed: str) -> Response:
    here = f"/admin/{place.path}/people"
    return render(
        LinkOncePage(
            title=f"A sign-in link for {person.name}" if link else f"{person.name} was added",
            crumbs=crumbs(place, Crumb("People", here)),
            tabs=tabs(place, "People"),
            person=person.name,
            organisation=place.name,
            link=link,
            mailed=mailed if parts().mail.server else "",
            lasts=f"{HOURS} hours",
            local=_signs_in_here(place, person),
            person_href=f"{here}/{person.handle.partition('/')[2]}",
            add_href=f"{here}/add",
        )
    )


def _person_page(place: Place, person: Person, sent: dict[str, str], problems: tuple[Problem, ...] = ()) -> Response:
    here = f"/admin/{person.handle.replace('/', '/people/', 1)}"
    known = queries.has_identity(g.db, person.id)
    can_link = not (known if _signs_in_here(place, person) else queries.has_issuers_identity(g.db, person.id))
    is_viewer = person.id == viewer().person.id
    groups, left = queries.groups_with(g.db, person), is_left_to_the_hub(g.db, person)
    is_anothers = person.kind == "guest" and whose_word(place) == place.id
    return render(
        PersonAdminPage(
            title=person.name,
            problems=problems,
            action=here,
            seen=seal(shown_as(person)),
            typed_name=sent["name"],
            typed_email=sent["email"],
            typed_job=sent["job"],
            crumbs=crumbs(place, Crumb("People", f"/admin/{place.path}/people")),
            tabs=tabs(place, "People"),
            handle=person.handle,
            email=person.email,
            job=person.job_title,
            kind=person.kind,
            status=person.status,
            signed_in=known,
            sessions=queries.open_sessions(g.db, person, parts().clock.now()),
            added=person.created_at,
            groups=tuple(Tab(each.name, _group_href(place, each.handle)) for each in groups),
            sends=() if is_viewer or left else _sends(person, here, known=not can_link or is_anothers),
            left=NAMED.format(person.name, place.name) if left else "",
            is_viewer=is_viewer,
        )
    )
