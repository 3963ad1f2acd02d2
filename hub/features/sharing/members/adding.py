"""Giving somebody a place, changing what they were given, and undoing that."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import ROLES
from hub.access.giving import may_give, most_to_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import AGREED, Question, ask_first
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal, shown
from hub.features.sharing.blueprint import address, blueprint, check_kept, managed, open_to, surroundings
from hub.features.sharing.members.listing import Asked, asked_for
from hub.features.sharing.members.telling import tell
from hub.features.sharing.members.views import ROLE_OF
from hub.features.sharing.pages import AddMemberPage
from hub.features.sharing.queries import (
    Principal,
    ended_on,
    given_on,
    grant_on,
    invited,
    last_manager,
    member_of,
    principal_of,
)
from hub.features.sharing.service import share
from hub.ground.errors import Conflict, NotFound, NotPermitted
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.people.forms import ROLE_CHOICES, MemberForm, read_member
from hub.nouns.people.invitations import accepted_by, fulfil
from hub.nouns.people.service import NewGrant, end_grant, give_again
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

ADDED_AGAIN = "They were added again meanwhile. Look at the members as they are now."
MOST_SAID = 160
"""So much of a name and its organisation is told back."""
UNDONE_WITHIN = timedelta(hours=1)
"""An undo is for what was done a moment ago; later, one adds them again."""


@blueprint.get("/members/<id:place_id>/add")
@declares("place:share")
def choose(place_id: str) -> Response:
    """Role, end date and reason for somebody; of a member, as they are."""
    place = managed(place_id)
    who = _who(place, request.args.get("who", ""))
    known = given_on(g.db, place.id, who.word)
    if not known:
        return _page(place, who, typed_into(_as_invited(place, who)), known)
    grant = known[-1]
    lasts = grant.until is not None and grant.until >= parts().today
    until = grant.until.isoformat() if lasts and grant.until else ""
    form = MemberForm(ROLE_OF.get(grant.can, "reader"), until, grant.reason, grant.until)
    return _page(place, who, typed_into(form), known)


@blueprint.post("/members/<id:place_id>/add")
@declares("place:share")
@acts
def add_member(place_id: str) -> BaseResponse:
    """Give somebody the place, once it is agreed what that shows to whom."""
    place, looked_at = managed(place_id), asked_for()
    check_sheet()
    who = _who(place, request.form.get("who", ""))
    old = given_on(g.db, place.id, who.word)
    form = read_member(request.form, guest=who.kind == "guest", outside=_outside(place, who), today=parts().today)
    since = news(_held(who, old))
    if form.problems:
        return _page(place, who, form, old, since or ())
    if since is not None and AGREED not in request.form:
        return _page(place, who, form, old, since or (NOT_SHOWN,))
    new = _grant(place, who, form)
    check_kept(place, old, new)
    change = audience.grants_given(None, Grant(**new.__dict__, id="new"))
    change = replace(change, ended=frozenset(grant.id for grant in old))
    title = f"Share “{place.name}” with {inside(who.called)}?"
    title = f"Change what {inside(who.called)} may do to “{place.name}”?" if old else title
    asking = question(place, title, "Change it" if old else "Share it")
    notes = last_manager(g.db, place, old, parts().today) if new.can != "manage" else ()
    asking = replace(asking, facts=(*_held(who, old), *asking.facts), notes=notes, always=bool(notes))
    asked = ask_first(change, asking)
    if asked is not None:
        return asked
    back_to = Asked(looked_at.words).address(place.id)  # the newest come first
    with acting() as uow, once(uow) as answer:
        answer.location = back_to
        grant = share(uow, old, new)
        if who.person_id:
            fulfil(uow, place.id, who.person_id)
        tell(uow, parts(), viewer().snapshot, place, grant, what="place", link=address(place))
        undo = undo_of(place, grant, old)
    said = f"is {form.role} here now" if old else f"can see it now, as {form.role}"
    say(f"{who.called[:MOST_SAID]} {said}.", undo=undo)
    return redirect(back_to, code=303)


@blueprint.post("/members/<id:place_id>/undo")
@declares("place:share")
@acts
def undo(place_id: str) -> BaseResponse:
    """End what was just given, and give back what was just taken, as it was; what widens is asked first."""
    place, looked_at = managed(place_id), asked_for()
    end = grant_on(viewer(), place.id, request.form.get("end", ""))
    since = parts().clock.now() - UNDONE_WITHIN
    back = ended_on(viewer(), place.id, request.form.get("back", "").split(), since)
    if end is None and not back:
        raise Conflict("There is nothing left to undo here. Look at the members as they are now.")
    _check_back(place, back, end)
    change = audience.Change(top=place.id, given=tuple(map(as_rule, back)), ended=frozenset({end.id} if end else ()))
    title = f"Undo: share “{place.name}” again as it was?" if back else f"Undo: take “{place.name}” back from them?"
    asking = question(place, title, "Undo")
    asking = replace(asking, facts=(*asking.facts, *_now_held(place, end, back)), undoes=True)
    asked = ask_first(change, asking)
    if asked is not None:
        return asked
    with acting() as uow:
        if end is not None:
            end_grant(uow, end)
        for grant in back:
            give_again(uow, grant)
    say("Undone: the members are as they were before.")
    return redirect(looked_at.address(place.id) if viewer().sees(place) else "/", code=303)


def undo_of(place: Place, end: Grant | None, back: list[Grant], more: tuple[tuple[str, str], ...] = ()) -> Send:
    """The button that ends what was just given and gives back what was just taken, while nothing else was done since.

    To be made within the unit of work that did it.
    """
    seen = shown((*open_to(place), *_now_held(place, end, back)))
    fields = ("end", end.id if end else ""), ("back", " ".join(grant.id for grant in back)), seen
    return Send("Undo", f"/members/{place.id}/undo", (*fields, *more))


def _now_held(place: Place, end: Grant | None, back: list[Grant]) -> tuple[Fact, ...]:
    """What those about whom something is undone have on the place now."""
    words = {grant.principal for grant in (*back, *((end,) if end else ()))}
    held = sorted(grant.id for word in words for grant in given_on(g.db, place.id, word))
    return (Fact("now", digest(*held), lambda: "Somebody changed meanwhile what they may do here."),)


def _check_back(place: Place, back: list[Grant], end: Grant | None) -> None:
    """Nobody gives back more than they hold, nor beside what somebody else has given since."""
    if not all(may_give(viewer(), place, grant.marking, grant.state) for grant in back):
        raise NotPermitted("Policy does not let you give all of that. Add them again: they get what you may give.")
    words = {grant.principal for grant in back}
    now = [grant for word in words for grant in given_on(g.db, place.id, word)]
    if any(end is None or grant.id != end.id for grant in now):
        raise Conflict(ADDED_AGAIN)


def question(place: Place, title: str, button: str) -> Question:
    """What is asked before members of a place change."""
    crumbs, whose = surroundings(place)
    return Question(
        title=title,
        button=button,
        cancel_href=asked_for().address(place.id),
        crumbs=crumbs,
        whose=whose,
        facts=open_to(place),
    )


def _who(place: Place, word: str) -> Principal:
    """Somebody whom the viewer may see, a member, or who said yes to an invitation; NotFound for all others."""
    found = principal_of(viewer(), word) or member_of(viewer(), place.id, word) or invited(viewer(), place.id, word)
    if found is None:
        raise NotFound
    return found


def _as_invited(place: Place, who: Principal) -> MemberForm:
    """The form for somebody new: as their invitation says, where they accepted one."""
    row = accepted_by(g.db, place.id, who.person_id, parts().clock.now()) if who.person_id else None
    if row is None:
        return MemberForm("reader", "", "", None)
    until = row.until.isoformat() if row.until and row.until >= parts().today else ""
    return MemberForm(row.role, until, row.reason, row.until)


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


def _role_of(held: list[Grant]) -> str:
    return ROLE_OF.get(held[-1].can, "") if held else ""


def _held(who: Principal, held: list[Grant]) -> tuple[Fact, ...]:
    """What somebody has on the place: the form is about that, and nothing that was given since."""
    role = _role_of(held)
    said = f"{who.called} is {role} here now." if role else f"{who.called} is no member here any more."
    return (Fact("held", digest(*(grant.id for grant in held)), lambda: said),)


def inside(name: str) -> str:
    """A name within a sentence."""
    return name[0].lower() + name[1:] if name.startswith("Everyone at ") else name


def _page(
    place: Place,
    who: Principal,
    form: MemberForm,
    held: list[Grant],
    found: tuple[str, ...] = (),
) -> Response:
    crumbs, whose = surroundings(place)
    asked, known = asked_for(), bool(held)
    return render(
        AddMemberPage(
            title=f"Change what {inside(who.called)} may do" if known else f"Add {inside(who.called)}",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"/members/{place.id}/add?{urlencode((('who', who.word), *asked.fields))}",
            cancel_href=asked.address(place.id),
            who=who.word,
            name=who.name,
            kind=who.kind,
            roles=ROLE_CHOICES,
            seen=seal((*_held(who, held), *open_to(place))),
            news=found,
            role=form.role,
            until=form.until,
            reason=form.reason,
            needs_reason=_outside(place, who),
            needs_end=who.kind == "guest",
            known=known,
        ),
        409 if found else 200,
    )
