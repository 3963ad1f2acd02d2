"""Members of a space or a folder: who they are, adding one, removing one."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import ROLES
from hub.access.giving import most_to_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Person, Place
from hub.access.subjects import as_rule
from hub.access.why import names_for
from hub.clock import day_of
from hub.documents import audience
from hub.documents.confirming import Question, ask_first
from hub.errors import NotFound
from hub.people.forms import ROLE_CHOICES, MemberForm, read_member
from hub.people.service import NewGrant, end_grant
from hub.sharing.blueprint import address, blueprint, locked, managed, surroundings
from hub.sharing.pages import AddMemberPage, MemberRow, MembersPage, Offer
from hub.sharing.queries import Principal, grant_on, grants_on, principal_of, principals
from hub.sharing.service import share
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

ROLE_OF = {can: role for role, can in ROLES.items()}
KINDS = {"org": "organisation"}
LONGEST_WORDS = 100


@blueprint.get("/members/<id:place_id>")
@declares("place:share")
def members(place_id: str) -> Response:
    """Everyone to whom the place was given, and whoever is found by name."""
    place = managed(place_id)
    crumbs, whose = surroundings(place)
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    here = f"/members/{place.id}"
    return render(
        MembersPage(
            title=f"Members of “{place.name}”",
            crumbs=crumbs,
            whose=whose,
            place_href=address(place),
            audience_href=f"/audience/place/{place.id}",
            members=_rows(place),
            action=here,
            find=find,
            offers=tuple(
                Offer(p.name, p.detail, p.kind, f"{here}/add?{urlencode({'who': p.word})}")
                for p in (principals(viewer(), find) if find else ())
            ),
        )
    )


@blueprint.get("/members/<id:place_id>/add")
@declares("place:share")
def choose(place_id: str) -> Response:
    """Role, end date and reason for somebody."""
    place = managed(place_id)
    who = _who(request.args.get("who", ""))
    return _add_page(place, who, MemberForm("reader", "", "", None))


@blueprint.post("/members/<id:place_id>/add")
@declares("place:share")
def add_member(place_id: str) -> BaseResponse:
    """Give somebody the place, once it is agreed what that shows to whom."""
    place = managed(place_id)
    who = _who(request.form.get("who", ""))
    form = read_member(request.form, guest=who.kind == "guest", outside=_outside(place, who), today=parts().today)
    if form.problems:
        return _add_page(place, who, form)
    new = _grant(place, who, form)
    old = [grant for grant in grants_on(viewer(), place.id) if grant.principal == who.word]
    change = audience.grants_given(None, Grant(**new.__dict__, id="new"))
    change = replace(change, ended=frozenset(grant.id for grant in old))
    crumbs, whose = surroundings(place)
    question = Question(
        title=f"Share “{place.name}” with {_inside(who.name)}?",
        button="Share it",
        cancel_href=f"/members/{place.id}",
        crumbs=crumbs,
        whose=whose,
    )
    asked = ask_first(change, question)
    if asked is not None:
        return asked
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        locked(uow, place_id)
        share(uow, [uow.session.get_one(Grant, grant.id) for grant in old], new)
    say(f"{who.name[:80]} can see it now, as {form.role}.")
    return redirect(f"/members/{place.id}", code=303)


@blueprint.post("/members/<id:place_id>/remove")
@declares("place:share")
def remove(place_id: str) -> BaseResponse:
    """Take back what was given; it binds their next request."""
    place = managed(place_id)
    found = grant_on(viewer(), place.id, request.form.get("grant", ""))
    if found is not None:  # pressed twice: it is gone already
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            locked(uow, place_id)
            end_grant(uow, uow.session.get_one(Grant, found.id))
        say("Removed. What they see through policy or another membership stays.")
    return redirect(f"/members/{place.id}" if viewer().sees(place) else "/", code=303)


def _who(word: str) -> Principal:
    """Somebody whom the viewer may see; NotFound for others, whether or not they are there."""
    found = principal_of(viewer(), word)
    if found is None:
        raise NotFound
    return found


def _outside(place: Place, who: Principal) -> bool:
    return who.kind == "guest" or who.organisation_id != place.organisation_id


def _grant(place: Place, who: Principal, form: MemberForm) -> NewGrant:
    can = ROLES[form.role]
    most = most_to_give(viewer(), place, can)
    return NewGrant(
        principal=who.word,
        can=can,
        node=place.id,
        organisation_id=place.organisation_id or "",
        given_by=viewer().person.handle,
        source="guest" if who.kind == "guest" else "membership",
        reason=form.reason,
        marking=most.marking,
        state=most.state,
        until=form.end,
    )


def _rows(place: Place) -> tuple[MemberRow, ...]:
    grants = grants_on(viewer(), place.id)
    names = names_for(g.db, tuple(as_rule(grant) for grant in grants))
    handles = {
        grant.principal.partition(":")[2] for grant in grants if grant.principal.startswith(("person:", "guest:"))
    }
    people = g.db.scalars(select(Person).where(Person.handle.in_(handles))).all() if handles else []
    seen = {person.subject_id for person in viewer().kept(list(people))}
    return tuple(_row(place, grant, names, seen) for grant in grants)


def _row(place: Place, grant: Grant, names: dict[str, str], seen: set[str]) -> MemberRow:
    kind, _, handle = grant.principal.partition(":")
    name = names.get(grant.principal) or handle
    limits = [text for text in (grant.marking, grant.state) if text != "any"]
    return MemberRow(
        name=f"Everyone at {name}" if kind == "org" else name,
        href=f"/people/{handle}" if grant.principal in seen else "",
        kind=KINDS.get(kind, kind),
        role=ROLE_OF.get(grant.can, grant.can),
        given_by=names.get(f"grants:{grant.id}") or grant.given_by,
        given=day_of(grant.created_at),
        until=grant.until,
        over=grant.until is not None and grant.until < parts().today,
        reason=grant.reason,
        limits=", ".join(limits),
        remove=Send("Remove", f"/members/{place.id}/remove", (("grant", grant.id),), "link"),
    )


def _inside(name: str) -> str:
    return name[0].lower() + name[1:] if name.startswith("Everyone at ") else name


def _add_page(place: Place, who: Principal, form: MemberForm) -> Response:
    crumbs, whose = surroundings(place)
    return render(
        AddMemberPage(
            title=f"Add {_inside(who.name)}",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"/members/{place.id}/add",
            cancel_href=f"/members/{place.id}",
            who=who.word,
            name=who.name,
            kind=who.kind,
            roles=ROLE_CHOICES,
            role=form.role,
            until=form.until,
            reason=form.reason,
            needs_reason=_outside(place, who),
            needs_end=who.kind == "guest",
        )
    )
