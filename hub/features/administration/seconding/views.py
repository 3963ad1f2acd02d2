"""What waits for a second person, for those who administer an organisation or the hub; and where they decide."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from hub.access.guard import declares, parts, viewer
from hub.access.models import Person, Place
from hub.features.administration.blueprint import administered, blueprint, crumbs, platform, tabs
from hub.features.administration.seconding.pages import ProposalPage, ProposalRow, ProposalsPage
from hub.features.administration.seconding.queries import people_named, proposals_at
from hub.features.administration.seconding.service import agree, may_not, say_no
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.models import Proposal
from hub.keeping.proposals import APPROVED, KINDS, REFUSED, WITHDRAWN, proposal_of
from hub.web.flash import say
from hub.web.pages import Crumb, Problem
from hub.web.render import render

TAB = "Second person"
STANDS = {APPROVED: "Done", REFUSED: "Refused", WITHDRAWN: "Withdrawn"}
SAID = {"approve": "It is done.", "refuse": "It is refused, and whoever proposed it is told why."}


@blueprint.get("/admin/<slug:organisation>/proposals")
@declares("organisation:administer")
def proposals(organisation: str) -> Response:
    """What was proposed for an organisation, or the hub (`platform`), where all that waits elsewhere stands too."""
    place = _place(organisation)
    rows = tuple(_row(*each) for each in proposals_at(g.db, place, parts().clock.now()))
    return render(ProposalsPage(crumbs=crumbs(place), tabs=tabs(place, TAB), rows=rows))


@blueprint.get("/admin/<slug:organisation>/proposals/<id:proposal_id>")
@declares("organisation:administer")
def show_proposal(organisation: str, proposal_id: str) -> Response:
    """One of them: what, by whom, and whether the viewer may agree."""
    place = _place(organisation)
    return _page(place, _found(place, proposal_id))


@blueprint.post("/admin/<slug:organisation>/proposals/<id:proposal_id>")
@declares("organisation:administer")
def decide_proposal(organisation: str, proposal_id: str) -> BaseResponse:
    """Agree (`do` is approve), refuse with a reason, or take one's own back (withdraw)."""
    place = _place(organisation)
    _found(place, proposal_id)
    do, note = request.form.get("do", ""), request.form.get("reason", "").strip()
    if do not in {"approve", "refuse", "withdraw"}:
        raise Invalid("Open the proposal and choose what becomes of it.")
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            row = proposal_of(uow.session, place.id, proposal_id, locked=True)
            if row is None or (do == "withdraw") != (row.by_id == viewer().person.id and do != "approve"):
                raise NotFound
            if do == "approve":
                agree(uow, parts(), row, viewer().person)
            else:
                say_no(uow, row, viewer().person, note)
    except Invalid as refused:
        if refused.field != "reason":
            raise
        return _page(place, _found(place, proposal_id), note, Problem("reason", str(refused)))
    say(SAID.get(do, "You have taken it back."))
    return redirect(f"/admin/{place.path or ROOT}/proposals", code=303)


def _place(slug: str) -> Place:
    return platform() if slug == ROOT else administered(slug)


def _found(place: Place, proposal_id: str) -> Proposal:
    row = proposal_of(g.db, place.id, proposal_id)
    if row is None:
        raise NotFound
    return row


def _stands(row: Proposal) -> tuple[str, bool]:
    """How a proposal stands, in words, and whether it waits still."""
    if row.outcome:
        return STANDS[row.outcome], False
    waits = row.until > parts().clock.now()
    return ("Waits for a second person", True) if waits else ("Waited for too long: propose it anew", False)


def _row(row: Proposal, by: Person, scope: Place) -> ProposalRow:
    stands, waits = _stands(row)
    where = scope.name if scope.path else "The whole hub"
    return ProposalRow(
        row.summary, f"/admin/{scope.path or ROOT}/proposals/{row.id}", where, by.name, row.at, stands, waits
    )


def _page(place: Place, row: Proposal, typed: str = "", *problems: Problem) -> Response:
    me = viewer().person
    people = people_named(g.db, [row.by_id, *([row.decided_by_id] if row.decided_by_id else [])])
    stands, waits = _stands(row)
    reason = may_not(g.db, parts(), row, me) if waits else ""
    here = f"/admin/{place.path or ROOT}/proposals"
    return render(
        ProposalPage(
            title=KINDS[row.kind].words,
            crumbs=crumbs(place, Crumb("Proposals", here)),
            tabs=tabs(place, TAB),
            problems=problems,
            kind=KINDS[row.kind].words,
            summary=row.summary,
            reason=row.reason,
            by=people[row.by_id].name,
            at=row.at,
            until=row.until,
            stands=stands,
            decided=row.decided_at,
            decided_by=people[row.decided_by_id].name if row.decided_by_id else "",
            note=row.note,
            action=f"{here}/{row.id}",
            may=waits and not reason,
            may_not=reason,
            is_own=row.by_id == me.id,
            waits=waits,
            typed=typed,
        )
    )
