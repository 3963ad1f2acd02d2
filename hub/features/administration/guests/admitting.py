"""Admitting a guest: the form, whom it means by its sponsor, and the page that says what it shows them."""

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
from hub.audience.acting import acting, acts
from hub.audience.one_person import gained_by_one
from hub.audience.sealing import Fact, digest, facts_of, news, shown
from hub.features.administration import queries
from hub.features.administration.blueprint import (
    PLATFORM,
    administered,
    administers_platform,
    blueprint,
    crumbs,
    tabs,
    whose_word,
)
from hub.features.administration.guests import queries as guest_queries
from hub.features.administration.guests.pages import GUEST_ROLES, AdmitPage
from hub.features.administration.guests.service import admit, check_guest, known_guest
from hub.features.administration.pages import LinkOncePage
from hub.features.administration.people.views import HOURS
from hub.features.administration.platform.pages import SurePage
from hub.features.sharing.queries import given_on
from hub.features.signin.local.codes import canonical_address
from hub.features.signin.local.service import check_invited
from hub.ground.errors import Invalid
from hub.keeping.drafts import typed_over
from hub.keeping.once import check_sheet, once
from hub.nouns.people.forms import read_member
from hub.nouns.people.service import NewGrant, NewPerson
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send, Who
from hub.web.render import render

FIELDS = ("firm", "name", "email", "space", "role", "reason", "until", "sponsor", "sponsor_is")


@dataclass(frozen=True)
class _Wanted:
    """Who is to be admitted to what, read and checked."""

    firm: Place
    space: Place
    grant: NewGrant
    new: NewPerson
    known: Person | None
    until: date
    sponsor: Person


@blueprint.get("/admin/<slug:organisation>/guests/add")
@declares("organisation:administer")
def new_guest(organisation: str) -> Response:
    """The form for a guest. The sponsor is the viewer, unless they name somebody else."""
    place = administered(organisation)
    own = viewer().person
    sponsor = own.name if own.organisation_id == place.id else ""
    return _admit_page(place, typed_over(dict.fromkeys(FIELDS, "") | {"role": "reader", "sponsor": sponsor}))


@blueprint.post("/admin/<slug:organisation>/guests/add")
@declares("organisation:administer")
@acts
def add_guest(organisation: str) -> BaseResponse:
    """Say what it shows them; once that is agreed, admit them. The answer shows their one-use link, once."""
    place = administered(organisation)
    check_sheet()
    sent = {name: " ".join(request.form.get(name, "").split()) for name in FIELDS}
    wanted = _read(place, sent)
    if not isinstance(wanted, _Wanted):
        return _admit_page(place, sent, wanted)
    bound = _bound(wanted)
    if (since := news(bound)) is not None:
        return _ask(place, sent, wanted, bound, since)
    here = f"/admin/{place.path}/guests"
    with acting() as uow, once(uow) as answer:
        answer.location = here
        done = admit(uow, parts(), wanted.firm, wanted.new, wanted.grant, by=whose_word(place))
        person, link, mailed = done.person, done.link, done.mailed
    if not link:
        until = day(wanted.until).striptags()
        called = Who(person.name, wanted.firm.name)
        say(f"{called} is admitted to {wanted.space.name} until {until}.")
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
            local=link_is_ours(link),
            person_href=here,
            add_href=f"{here}/add",
        )
    )


def link_is_ours(link: str) -> bool:
    """Whether a guest's link leads to no issuer: they sign in at the hub itself."""
    return "/sign-in/guest/" in link


def _read(place: Place, sent: dict[str, str]) -> _Wanted | tuple[Problem, ...]:
    """What is wanted, or every problem with it. Only what the viewer was offered can be chosen."""
    form = read_member(request.form, guest=True, outside=True, today=parts().today)
    problems = list(form.problems)
    firm = next((each for each in guest_queries.firms(viewer(), place) if each.path == sent["firm"]), None)
    space = next((each for each in guest_queries.spaces_to_open(viewer(), place) if each.id == sent["space"]), None)
    if firm is None:
        problems.append(Problem("firm", "Choose the firm that they work for"))
    if space is None:
        problems.append(Problem("space", "Choose a space"))
    if form.role not in {choice.value for choice in GUEST_ROLES} and form.role in ROLES:
        problems.append(Problem("role", "A guest manages nothing: choose another role"))
    sponsor = _sponsor(place, sent)
    if isinstance(sponsor, Problem):
        problems.append(sponsor)
    known = None
    try:
        check_guest(sent["name"], sent["email"])
        if firm is not None and not queries.issuer_status(g.db, firm):
            check_invited(g.db, canonical_address(sent["email"]))
        known = known_guest(g.db, place.id, firm, sent["email"]) if firm else None
    except Invalid as problem:
        problems.append(Problem(problem.field, str(problem)))
    if problems or firm is None or space is None or isinstance(sponsor, Problem) or form.end is None:
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
    return _Wanted(
        firm, space, grant, NewPerson("", sent["name"], sent["email"], kind="guest"), known, form.end, sponsor
    )


def _sponsor(place: Place, sent: dict[str, str]) -> Person | Problem:
    """Whoever is meant by what was typed and chosen, or what to do."""
    found = guest_queries.could_sponsor(g.db, place, sent["sponsor"])
    chosen = found if len(found) == 1 else [person for person in found if person.id == sent["sponsor_is"]]
    if chosen:
        return chosen[0]
    if not sent["sponsor"]:
        return Problem("sponsor", f"Enter the name of an active member of staff of {place.name}")
    if not found:
        return Problem(
            "sponsor",
            f"Nobody who is active on the staff of {place.name} is found by that. "
            "Enter part of their name, or their work e-mail address.",
        )
    more = len(found) > guest_queries.MOST_OFFERED
    return Problem("sponsor_is", f"Choose one of them{', or enter more of the name: there are others' if more else ''}")


def _sponsors(place: Place, sent: dict[str, str]) -> tuple[Choice, ...]:
    """Whom the name may mean that was typed, where it is not one alone."""
    found = guest_queries.could_sponsor(g.db, place, sent["sponsor"])[: guest_queries.MOST_OFFERED]
    if len(found) < 2:  # noqa: PLR2004  # one alone is taken
        return ()
    return tuple(
        Choice(one.id, str(Who(one.name, place.name)), ", ".join(filter(None, (one.job_title, one.email))))
        for one in found
    )


def _bound(wanted: _Wanted) -> tuple[Fact, ...]:
    """What is said of an admission before it is agreed to."""
    sees = parts().kinds.in_words(_shown(wanted))
    known = wanted.known.id if wanted.known else ""
    held = given_on(g.db, wanted.space.id, wanted.known.subject_id) if wanted.known else []
    return (
        Fact("shown", sees, lambda: f"It shows {sees} to them now."),
        Fact("sponsor", wanted.sponsor.id, lambda: f"{wanted.sponsor.name} would be the sponsor now."),
        Fact("guest", digest(known, *(grant.id for grant in held)), lambda: "What they hold has changed."),
        *facts_of(viewer(), wanted.space),
    )


def _ask(
    place: Place, sent: dict[str, str], wanted: _Wanted, bound: tuple[Fact, ...], found: tuple[str, ...]
) -> Response:
    here = f"/admin/{place.path}/guests"
    named = Who(wanted.known.name if wanted.known else wanted.new.name, wanted.firm.name)
    until = day(wanted.until).striptags()
    sentences = [f"This shows {bound[0].value} to one guest, {named}, until {until}, and what comes later."]
    sentences.append(f"{Who(wanted.sponsor.name, place.name)} answers for them, as their sponsor.")
    sent = sent | {"sponsor_is": wanted.sponsor.id}
    if wanted.known is not None:
        sentences.append(f"{named} is a guest of yours already, by this address, and needs no new account.")
    return render(
        SurePage(
            title=f"Admit {named} to “{wanted.space.name}”?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=tuple(sentences),
            news=found,
            send=Send("Admit them", f"{here}/add", (*sent.items(), shown(bound)), "primary", once=True),
            cancel_href=here,
        )
    )


def _shown(wanted: _Wanted) -> dict[str, int]:
    """How many things the guest would read that they cannot now, of those that the viewer may; by kind."""
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
        sponsors=_sponsors(place, sent),
        add_firm_href=f"{PLATFORM}/organisations/add?kind=supplier" if administers_platform() else "",
        make_space_href=f"/make/{place.id}" if looker.sees(place, "manage") else "",
    )
    return render(replace(page, **typed))  # type: ignore[arg-type]  # texts all of them
