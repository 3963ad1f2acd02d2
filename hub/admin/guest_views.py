"""An organisation's guests: whom its spaces have admitted, one more of them, and an end to what they were given."""

from dataclasses import dataclass, replace
from datetime import date

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import Subject, subject_for
from acl.vocabulary import ROLES
from hub.access.giving import most_to_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Person, Place
from hub.access.subjects import as_rule
from hub.admin import guest_queries, queries
from hub.admin.blueprint import PLATFORM, administered, administers_platform, blueprint, crumbs, tabs, whose_word
from hub.admin.guest_pages import GUEST_ROLES, AdmitPage, FirmRow, GuestRow, GuestsPage
from hub.admin.guest_queries import Admission
from hub.admin.guest_service import admit, check_guest, end_all, known_guest
from hub.admin.pages import LinkOncePage
from hub.admin.people_views import HOURS
from hub.admin.platform_pages import SurePage
from hub.documents.one_person import gained_by_one, without_grants
from hub.documents.sealing import SEEN, Fact, digest, facts_of, news, seal
from hub.documents.words import counted
from hub.errors import Invalid, NotFound
from hub.keeping.drafts import typed_over
from hub.keeping.once import check_sheet, once
from hub.people.forms import read_member
from hub.people.queries import NOBODY
from hub.people.service import NewGrant, NewPerson
from hub.sharing.queries import given_on
from hub.unit_of_work import unit_of_work
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
FIELDS = ("firm", "name", "email", "space", "role", "reason", "until", "sponsor")
ROLE_OF = {can: role for role, can in ROLES.items()}


@dataclass(frozen=True)
class _Wanted:
    """Who is to be admitted to what, read and checked."""

    firm: Place
    space: Place
    grant: NewGrant
    new: NewPerson
    known: Person | None
    until: date


@blueprint.get("/admin/<slug:organisation>/guests")
@declares("organisation:administer")
def guests(organisation: str) -> Response:
    """Whom the organisation's spaces have admitted, by whom and until when."""
    place, page = administered(organisation), page_number(request.args.get("page"))
    found, total = guest_queries.admissions(g.db, place, page, ON_A_PAGE)
    here = f"/admin/{place.path}/guests"
    return render(
        GuestsPage(
            crumbs=crumbs(place),
            tabs=tabs(place, "Guests"),
            add_href=f"{here}/add",
            guests=_rows(found, here),
            firms=tuple(
                FirmRow(firm.name, count, f"{here}/end-firm?firm={firm.path}")
                for firm, count in guest_queries.firms_with_guests(g.db, place)
            ),
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{here}?page={n}"),
        )
    )


@blueprint.get("/admin/<slug:organisation>/guests/add")
@declares("organisation:administer")
def new_guest(organisation: str) -> Response:
    """The form for a guest. The sponsor is the viewer, unless they name somebody else."""
    place = administered(organisation)
    own = viewer().person
    sponsor = own.handle.partition("/")[2] if own.organisation_id == place.id else ""
    return _admit_page(place, typed_over(dict.fromkeys(FIELDS, "") | {"role": "reader", "sponsor": sponsor}))


@blueprint.post("/admin/<slug:organisation>/guests/add")
@declares("organisation:administer")
def add_guest(organisation: str) -> BaseResponse:
    """Say what it shows them; once that is agreed, admit them. The answer shows their one-use link, once."""
    place = administered(organisation)
    check_sheet()
    sent = {name: " ".join(request.form.get(name, "").split()) for name in FIELDS}
    wanted = _read(place, sent)
    if not isinstance(wanted, _Wanted):
        return _admit_page(place, sent, wanted)
    bound = _bound(wanted)
    found = news(bound, request.form.get(SEEN, ""))
    if found or SEEN not in request.form:
        return _ask(place, sent, wanted, bound, found)
    here = f"/admin/{place.path}/guests"
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
        answer.location = here
        firm = uow.session.get_one(Place, wanted.firm.id)
        done = admit(uow, parts(), firm, wanted.new, wanted.grant, by=whose_word(place))
        person, link, mailed = done.person, done.link, done.mailed
        waits = not link and not queries.has_identity(uow.session, person.id)
    if not link:
        advice = (
            " They have not signed in yet: whoever admitted them first gave them a link. "
            "If it ran out, the administrators of the hub can make another."
        )
        until = day(wanted.until).striptags()
        called = Who(person.name, wanted.firm.name)
        say(f"{called} is admitted to {wanted.space.name} until {until}.{advice if waits else ''}")
        return redirect(here, code=303)
    return render(
        LinkOncePage(
            title=f"A sign-in link for {Who(person.name, wanted.firm.name)}",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            person=person.name,
            organisation=wanted.firm.name,
            link=link,
            lasts=f"{HOURS} hours",
            mailed=mailed if parts().mail.server else "",
            person_href=here,
            add_href=f"{here}/add",
        )
    )


@blueprint.post("/admin/<slug:organisation>/guests/end")
@declares("organisation:administer")
def end_guest(organisation: str) -> BaseResponse:
    """End what a guest was given, from their next request on, once it is agreed what that takes from them."""
    place = administered(organisation)
    found = guest_queries.admission(g.db, place, request.form.get("grant", "")[:40])
    here = f"/admin/{place.path}/guests"
    if found is None:  # pressed twice: it is gone already
        return redirect(here, code=303)
    bound = _taken(found)
    since = news(bound, request.form.get(SEEN, ""))
    if since or SEEN not in request.form:
        return _ask_end(place, found, bound, since)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        end_all(uow, [uow.session.get_one(Grant, found.grant.id)])
    say(f"Ended: {Who(found.person.name, found.firm.name)} is out of it from their next click on.")
    return redirect(here, code=303)


def _taken(found: Admission) -> tuple[Fact, ...]:
    """What the end of an admission takes from the guest, of what the viewer may read."""
    now = parts().snapshots.subject(g.db, found.person)
    taken = counted(gained_by_one(viewer(), without_grants(now, [found.grant.id]), now), "document", "documents")
    return (Fact("taken", taken, lambda: f"It takes {taken} from them now."),)


def _ask_end(place: Place, found: Admission, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    here = f"/admin/{place.path}/guests"
    name = guest_queries.names_of(viewer(), [found.grant.node]).get(found.grant.node, ("", ""))[0]
    where_ = f" to “{name}”" if name else ""
    return render(
        SurePage(
            title=f"End the admission of {Who(found.person.name, found.firm.name)}{where_}?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=(
                f"This takes {bound[0].value} from one guest, {found.person.name} of {found.firm.name}.",
                "It holds from their next click on. What they were given elsewhere stays.",
            ),
            news=since,
            send=Send("End it", f"{here}/end", (("grant", found.grant.id), (SEEN, seal(bound))), "warning"),
            cancel_href=here,
        )
    )


@blueprint.get("/admin/<slug:organisation>/guests/end-firm")
@declares("organisation:administer")
def ask_end_firm(organisation: str) -> Response:
    """What ending all guests of a firm does, before it is done."""
    place = administered(organisation)
    found = guest_queries.of_firm(g.db, place, request.args.get("firm", "")[:80])
    if not found:
        raise NotFound
    return _ask_end_firm(place, found, ())


def _ask_end_firm(place: Place, found: list[Admission], since: tuple[str, ...]) -> Response:
    here, firm = f"/admin/{place.path}/guests", found[0].firm
    given = counted(len(found), "admission", "admissions")
    people = counted(len({each.person.id for each in found}), "guest", "guests")
    return render(
        SurePage(
            title=f"End all guests of {firm.name}?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=(
                f"{people} of {firm.name} lose all that {place.name} gave them: {given}.",
                "It holds from their next click on. What other organisations gave them stays.",
            ),
            news=since,
            send=Send(
                f"End all guests of {firm.name}",
                f"{here}/end-firm",
                (("firm", firm.path), (SEEN, seal(_all_given(found)))),
                "warning",
            ),
            cancel_href=here,
        )
    )


@blueprint.post("/admin/<slug:organisation>/guests/end-firm")
@declares("organisation:administer")
def end_firm(organisation: str) -> BaseResponse:
    """End all that the guests of a firm were given here, in one act."""
    place = administered(organisation)
    found = guest_queries.of_firm(g.db, place, request.form.get("firm", "")[:80])
    since = news(_all_given(found), request.form.get(SEEN, ""))
    if found and (since or SEEN not in request.form):
        return _ask_end_firm(place, found, since)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        ended = end_all(uow, [uow.session.get_one(Grant, each.grant.id) for each in found])
    say(f"{counted(ended, 'admission', 'admissions')} ended." if ended else "There was nothing left to end.")
    return redirect(f"/admin/{place.path}/guests", code=303)


def _all_given(found: list[Admission]) -> tuple[Fact, ...]:
    given = digest(*sorted(each.grant.id for each in found))
    return (Fact("given", given, lambda: "Somebody was admitted, or an admission ended, since you were asked."),)


def _rows(found: list[Admission], here: str) -> tuple[GuestRow, ...]:
    names = guest_queries.names_of(viewer(), (each.grant.node for each in found))
    sponsors = guest_queries.sponsors(g.db, (each.grant.given_by for each in found))
    today = parts().today
    by = {each.grant.id: sponsors.get(each.grant.given_by, (None, NOBODY)) for each in found}
    return tuple(
        GuestRow(
            name=each.person.name,
            handle=each.person.handle,
            firm=each.firm.name,
            place=names.get(each.grant.node, ("", ""))[0],
            place_href=names.get(each.grant.node, ("", ""))[1],
            role=ROLE_OF.get(each.grant.can, each.grant.can),
            sponsor=str(by[each.grant.id][1]),
            sponsor_gone=(sponsor := by[each.grant.id][0]) is not None and sponsor.status != "active",
            until=each.grant.until,
            over=each.grant.until is not None and each.grant.until < today,
            purpose=each.grant.reason,
            end=Send("End now", f"{here}/end", (("grant", each.grant.id),), "link"),
        )
        for each in found
    )


def _read(place: Place, sent: dict[str, str]) -> _Wanted | tuple[Problem, ...]:
    """What is wanted, or every problem with it. Only what the viewer was offered can be chosen."""
    form = read_member(request.form, guest=True, outside=True, today=parts().today)
    problems = list(form.problems)
    firm = next((each for each in guest_queries.firms(viewer(), place) if each.path == sent["firm"]), None)
    space = next((each for each in guest_queries.spaces_to_open(viewer(), place) if each.id == sent["space"]), None)
    if firm is None:
        problems.append(Problem("firm", "Choose the firm that they work for"))
    elif queries.issuer_status(g.db, firm) == "":
        problems.append(Problem("firm", "This firm has no issuer yet, so nobody can sign in from there"))
    if space is None:
        problems.append(Problem("space", "Choose a space"))
    if form.role not in {choice.value for choice in GUEST_ROLES} and form.role in ROLES:
        problems.append(Problem("role", "A guest manages nothing: choose another role"))
    sponsor = queries.person_of(g.db, place, sent["sponsor"].lower())
    if sponsor is None or sponsor.kind != "staff" or sponsor.status != "active":
        problems.append(Problem("sponsor", f"Enter the short name of an active member of staff of {place.name}"))
    known = None
    try:
        check_guest(sent["name"], sent["email"])
        known = known_guest(g.db, firm, sent["email"]) if firm else None
    except Invalid as problem:
        problems.append(Problem(problem.field, str(problem)))
    if problems or firm is None or space is None or sponsor is None or form.end is None:
        return tuple(problems)
    can = ROLES[form.role]
    most = most_to_give(viewer(), space, can)
    grant = NewGrant(
        principal="guest:x/x",
        can=can,
        node=space.id,
        organisation_id=place.id,
        given_by=sponsor.handle,
        source="guest",
        reason=form.reason,
        marking=most.marking,
        state=most.state,
        until=form.end,
    )
    return _Wanted(firm, space, grant, NewPerson("", sent["name"], sent["email"], kind="guest"), known, form.end)


def _bound(wanted: _Wanted) -> tuple[Fact, ...]:
    """What is said of an admission before it is agreed to."""
    shown = counted(_shown(wanted), "document", "documents")
    known = wanted.known.id if wanted.known else ""
    held = given_on(g.db, wanted.space.id, wanted.known.subject_id) if wanted.known else []
    return (
        Fact("shown", shown, lambda: f"It shows {shown} to them now."),
        Fact("guest", digest(known, *(grant.id for grant in held)), lambda: "What they hold has changed."),
        *facts_of(viewer(), wanted.space),
    )


def _ask(
    place: Place, sent: dict[str, str], wanted: _Wanted, bound: tuple[Fact, ...], found: tuple[str, ...]
) -> Response:
    here = f"/admin/{place.path}/guests"
    named = Who(wanted.known.name if wanted.known else wanted.new.name, wanted.firm.name)
    until = day(wanted.until).striptags()
    shown = bound[0].value
    sentences = [f"This shows {shown} to one guest, {named}, until {until}, and what comes later."]
    if wanted.known is not None:
        sentences.append(f"{named} is a guest of the hub already, by this address, and needs no new account.")
    return render(
        SurePage(
            title=f"Admit {named} to “{wanted.space.name}”?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=tuple(sentences),
            news=found,
            send=Send("Admit them", f"{here}/add", (*sent.items(), (SEEN, seal(bound))), "primary", once=True),
            cancel_href=here,
        )
    )


def _shown(wanted: _Wanted) -> int:
    """How many documents the guest would read that they cannot read now, of those that the viewer may read."""
    before = parts().snapshots.subject(g.db, wanted.known) if wanted.known else _stranger(wanted.firm)
    given = Grant(**{**wanted.grant.__dict__, "principal": before.id}, id="new")
    return gained_by_one(viewer(), before, replace(before, grants=(*before.grants, as_rule(given))))


def _stranger(firm: Place) -> Subject:
    return subject_for(f"guest:{firm.path}/somebody-new")


def _admit_page(place: Place, sent: dict[str, str], problems: tuple[Problem, ...] = ()) -> Response:
    here = f"/admin/{place.path}/guests"
    looker, typed = viewer(), {name: sent[name] for name in FIELDS}
    page = AdmitPage(
        crumbs=crumbs(place, Crumb("Guests", here)),
        problems=problems,
        tabs=tabs(place, "Guests"),
        action=f"{here}/add",
        firms=tuple(Choice(firm.path, firm.name) for firm in guest_queries.firms(looker, place)),
        spaces=tuple(
            Choice(space.id, f"{space.name} ({space.path})") for space in guest_queries.spaces_to_open(looker, place)
        ),
        prefix=f"{place.path}/",
        add_firm_href=f"{PLATFORM}/organisations/add?kind=supplier" if administers_platform() else "",
        make_space_href=f"/make/{place.id}" if looker.sees(place, "manage") else "",
    )
    return render(replace(page, **typed))  # type: ignore[arg-type]  # texts all of them
