"""Pages of those who answer: the list of open requests, and granting one."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.misses import spoken
from acl.vocabulary import ROLES
from hub.access.giving import most_to_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Person, Place
from hub.access.subjects import load_subject
from hub.access.viewer import Viewer
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import Question, ask_first
from hub.audience.sealing import Fact, digest, facts_of, seal, shown
from hub.audience.who_may import who_may
from hub.features.asking.blueprint import address_of, blueprint, kind_of, name_of
from hub.features.asking.models import AccessRequest
from hub.features.asking.pages import AnsweredRow, AnswerPage, RequestRow, RequestsPage
from hub.features.asking.queries import (
    KEPT_OPEN,
    Asked,
    Thing,
    answered_requests,
    grants_before,
    left_over_requests,
    managed_requests,
    open_request,
)
from hub.features.asking.service import Unseen, grant
from hub.ground.clock import day_of
from hub.ground.errors import NotFound
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.people.forms import LONGEST_REASON, ROLE_CHOICES, MemberForm, read_member
from hub.nouns.people.service import NewGrant
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import whose
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
PREFILLED = timedelta(days=90)
OFFERED = tuple(choice for choice in ROLE_CHOICES if choice.value != "manager")
"""Whoever is to manage a thing is not made so by their own asking."""
ROLE_OF = {can: role for role, can in ROLES.items()}
LIST = Crumb("Requests for access", "/requests")


@dataclass(frozen=True)
class Answering:
    """A request, and what of it the viewer may do."""

    asked: Asked
    manages: bool

    @property
    def here(self) -> str:
        """The request's page."""
        return f"/requests/{self.asked.request.id}"


@blueprint.get("/requests")
@declares("request:list")
def requests() -> Response:
    """Who asks for what the viewer manages now, and for what nobody manages in their organisations."""
    now, page = parts().clock.now(), page_number(request.args.get("page"))
    rows, total = managed_requests(viewer(), now, page, ON_A_PAGE)
    return render(
        RequestsPage(
            rows=tuple(row_of(asked, manages=True) for asked in rows),
            links=page_links(page, ON_A_PAGE, total, lambda n: f"/requests?page={n}"),
            left_over=tuple(row_of(asked, manages=False) for asked in _left_over()),
            answered=tuple(_answered(asked) for asked in answered_requests(viewer(), now - KEPT_OPEN)),
        )
    )


def _answered(asked: Asked) -> AnsweredRow:
    row, request = row_of(asked, manages=True), asked.request
    answered = day_of(request.answered_at or request.created_at)
    return AnsweredRow(row, request.answer, answered, reopening(request, "Take back"))


def reopening(request: AccessRequest, text: str) -> Send:
    """The button that takes an answer back, while it is this one."""
    return Send(text, f"/requests/{request.id}/reopen", (shown(answered_as(request)),), "link")


def answered_as(request: AccessRequest) -> tuple[Fact, ...]:
    """What a request was answered, and when."""
    now = digest(request.answer, request.answered_at.isoformat() if request.answered_at else "", request.note)
    return (Fact("answer", now, lambda: "It was answered again meanwhile."),)


def _left_over() -> list[Asked]:
    """Those that have still nobody who manages them: asked of policy as it is now."""
    rows = left_over_requests(viewer(), parts().clock.now())
    things = [asked.thing for asked in rows if asked.thing is not None]
    managers = who_may(parts(), g.db, "manage", things, most=1) if things else {}
    return [asked for asked in rows if asked.thing is not None and not managers.get(asked.thing.id)]


@blueprint.get("/requests/<id:request_id>")
@declares("request:answer")
def answer(request_id: str) -> Response:
    """One request, and the form that grants it, filled in as far as it can be."""
    found = mine_to_answer(request_id)
    until = (parts().today + PREFILLED).isoformat()
    reason = f"Asked on {spoken(day_of(found.asked.request.created_at).isoformat())}: {found.asked.request.reason}"
    return _answer_page(found, typed_into(MemberForm("reader", until, reason[:LONGEST_REASON], None)))


@blueprint.post("/requests/<id:request_id>")
@declares("request:answer")
@acts
def give_access(request_id: str) -> BaseResponse:
    """Give what is asked for, once it is agreed what that shows to whom."""
    viewer().visible("manage")
    check_sheet()
    found = mine_to_answer(request_id)
    asked, thing = found.asked, found.asked.thing
    if thing is None or not found.manages:
        raise NotFound
    guest = asked.asker.kind == "guest"
    form = read_member(request.form, guest=guest, outside=_outside(asked), today=parts().today)
    if form.problems or form.role not in {choice.value for choice in OFFERED}:
        return _answer_page(found, form)
    new = _new_grant(asked, form)
    old = grants_before(g.db, new.principal, new.node)
    change = audience.grants_given(None if isinstance(thing, Place) else thing, Grant(**new.__dict__, id="new"))
    waits = ask_first(replace(change, ended=frozenset(each.id for each in old)), _question(found))
    if waits is not None:
        return waits
    try:
        _give(asked, old, new)
    except Unseen as problem:
        return _answer_page(found, replace(form, problems=(Problem(problem.field, str(problem)),)))
    say(f"{asked.by[:160]} can see it now, as {form.role}, and is told.", undo=reopening(asked.request, "Undo"))
    return redirect("/requests", code=303)


def _give(asked: Asked, old: list[Grant], new: NewGrant) -> None:
    with acting() as uow, once(uow) as answer:
        answer.location = "/requests"
        drafts.sent(uow)

        def sees(person: Person) -> bool:
            subject, snapshot = load_subject(uow.session, person), viewer().snapshot
            looker = Viewer(person, subject, snapshot, parts().today, uow.session, viewer().kinds)
            return asked.thing is not None and looker.sees(asked.thing)

        grant(uow, asked.request, old, new, sees)


def mine_to_answer(request_id: str) -> Answering:
    """An open request that the viewer may answer; raises NotFound."""
    return judged(open_request(g.db, parts().kinds, request_id, parts().clock.now()))


def answered_about(request_id: str) -> tuple[Thing | Place | None, str]:
    """By what an answer to an open request is judged: what is asked for, or whose it is where nobody manages it.

    Raises NotFound.
    """
    found = mine_to_answer(request_id)
    if found.manages or found.asked.thing is None:
        return found.asked.thing, "manage"
    return g.db.get(Place, found.asked.thing.organisation_id), "administer"


def judged(asked: Asked | None) -> Answering:
    """A request, if the viewer may answer it as things are now; to everybody else it is not there: raises NotFound."""
    viewer().visible("manage")
    if asked is None or asked.thing is None or asked.asker.id == viewer().person.id:
        raise NotFound
    decision = viewer().decide("manage", asked.thing)
    if decision is not None and decision.allowed:
        return Answering(asked, manages=True)
    owner = g.db.get(Place, asked.thing.organisation_id)
    administers = viewer().decide("administer", owner) if owner else None
    if administers is None or not administers.allowed:
        raise NotFound
    if who_may(parts(), g.db, "manage", [asked.thing], most=1).get(asked.thing.id):
        raise NotFound
    return Answering(asked, manages=False)


def _outside(asked: Asked) -> bool:
    owner = asked.thing.organisation_id if asked.thing else ""
    return asked.asker.kind == "guest" or asked.asker.organisation_id != owner


def _new_grant(asked: Asked, form: MemberForm) -> NewGrant:
    thing, can = asked.thing, ROLES[form.role]
    place = g.db.get_one(Place, place_of(asked))
    if thing is None or isinstance(thing, Place):
        most, member = most_to_give(viewer(), place, can), "membership"
    else:
        most = most_to_give(viewer(), place, can, node=thing.node, owner=thing.owner, highest=thing.marking)
        member = "share"
    return NewGrant(
        principal=asked.asker.subject_id,
        can=can,
        node=asked.request.node,
        organisation_id=place.organisation_id or "",
        given_by=viewer().person.handle,
        source="guest" if asked.asker.kind == "guest" else member,
        reason=form.reason,
        marking=most.marking,
        state=most.state,
        until=form.end,
    )


def _question(found: Answering) -> Question:
    asked = found.asked
    line = line_of(viewer(), place_of(asked))
    name = name_of(asked.thing) if asked.thing else ""
    return Question(
        title=f"Share “{name}” with {asked.by}?",
        button="Share it",
        cancel_href=found.here,
        crumbs=(LIST, Crumb(asked.by, found.here)),
        whose=whose(line),
        thing=asked.thing,
    )


def place_of(asked: Asked) -> str:
    """The place that the thing is, or lies at."""
    thing = asked.thing
    return asked.request.node if thing is None or isinstance(thing, Place) else str(thing.place_id)


def row_of(asked: Asked, *, manages: bool) -> RequestRow:
    """A request in the list; what the viewer does not manage is shown as it was typed."""
    thing = asked.thing if manages else None
    return RequestRow(
        name=asked.asker.name,
        organisation=asked.organisation.name,
        guest=asked.asker.kind == "guest",
        thing=name_of(thing) if thing else asked.request.address,
        kind=kind_of(thing) if thing else "",
        thing_href=address_of(thing) if thing else "",
        reason=asked.request.reason,
        asked=day_of(asked.request.created_at),
        href=f"/requests/{asked.request.id}",
    )


def _answer_page(found: Answering, form: MemberForm) -> Response:
    asked = found.asked
    line = line_of(viewer(), place_of(asked)) if found.manages else None
    before = grants_before(g.db, asked.asker.subject_id, asked.request.node) if found.manages else []
    return render(
        AnswerPage(
            title=f"{asked.by} asks for access",
            crumbs=(LIST,),
            problems=form.problems,
            whose=whose(line) if line else None,
            row=row_of(asked, manages=found.manages),
            address=asked.request.address,
            asked=asked.request.created_at,
            job=asked.asker.job_title,
            has_role=", ".join(ROLE_OF.get(each.can, each.can) for each in before),
            action=found.here,
            seen=seal(facts_of(viewer(), asked.thing)) if found.manages and asked.thing else "",
            decline_href=f"{found.here}/decline",
            roles=OFFERED if found.manages else (),
            role=form.role,
            until=form.until,
            reason=form.reason,
            needs_reason=_outside(asked),
            needs_end=asked.asker.kind == "guest",
        )
    )
