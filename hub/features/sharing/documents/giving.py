"""Sharing a document with somebody, once it is agreed what that shows to whom; and changing what they were given."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import ROLES
from hub.access.giving import most_to_give
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Place
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import AGREED, ask_first
from hub.audience.sealing import NOT_SHOWN, facts_of, in_words, news, seal
from hub.features.sharing.blueprint import blueprint, check_kept
from hub.features.sharing.documents import common
from hub.features.sharing.documents.common import held_facts, is_outside, managed, node_of, role_of, someone
from hub.features.sharing.members.adding import MOST_SAID, inside
from hub.features.sharing.members.telling import receiver_of, tell
from hub.features.sharing.pages import AddMemberPage
from hub.features.sharing.queries import Principal, given_on
from hub.features.sharing.service import share
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.models import Document
from hub.nouns.people.forms import ROLE_CHOICES, MemberForm, read_member
from hub.nouns.people.service import NewGrant
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render

KEPT_OUT = "They would still not see it: a line of policy keeps it from them. Nothing was shared"


@blueprint.get("/share/document/<id:document_id>/add")
@declares("document:share")
def choose_for_document(document_id: str) -> Response:
    """Role, end date and reason for somebody; of one who has it already, as they are."""
    document = managed(document_id)
    who = someone(document, request.args.get("who", ""))
    known = given_on(g.db, node_of(document), who.word)
    if not known:
        return _page(document, who, typed_into(MemberForm("reader", "", "", None)), known)
    grant = known[-1]
    until = grant.until.isoformat() if grant.until and grant.until >= parts().today else ""
    form = MemberForm(role_of(known) or "reader", until, grant.reason, grant.until)
    return _page(document, who, typed_into(form), known)


@blueprint.post("/share/document/<id:document_id>/add")
@declares("document:share")
@acts
def share_document(document_id: str) -> BaseResponse:
    """Give somebody the document, in place of what they had on it before."""
    document = managed(document_id)
    check_sheet()
    who = someone(document, request.form.get("who", ""))
    old = given_on(g.db, node_of(document), who.word)
    form = _read(document, who)
    facts = held_facts(who, old)
    since = news((*facts_of(viewer(), document), *facts))
    if form.problems:
        return _page(document, who, form, old, since or ())
    if since is not None and AGREED not in request.form:
        return _page(document, who, form, old, since or (NOT_SHOWN,))
    new = _grant(document, who, form)
    check_kept(document, old, new)
    change = audience.grants_given(document, Grant(**new.__dict__, id="new"))
    change = replace(change, ended=frozenset(grant.id for grant in old))
    title = f"Share “{document.title}” with {inside(who.called)}?"
    title = f"Change what {inside(who.called)} may do to “{document.title}”?" if old else title
    asked = ask_first(change, common.question(document, title, "Share it" if not old else "Change it", facts))
    if asked is not None:
        return asked
    try:
        undo = _give(document, old, new)
    except Invalid as problem:
        return _page(document, who, replace(form, problems=(Problem(problem.field, str(problem)),)), old)
    said = f"is {form.role} of it now" if old else f"can see it now, as {form.role}"
    say(f"{who.called[:MOST_SAID]} {said}.", undo=undo)
    return redirect(common.address(document), code=303)


def _give(document: Document, old: list[Grant], new: NewGrant) -> Send:
    """Returns the button that undoes it. Raises Invalid."""
    with acting() as uow, once(uow) as answer:
        answer.location = common.address(document)
        grant = share(uow, old, new)
        _check_seen(uow, document, grant)
        tell(uow, parts(), viewer().snapshot, document, grant, what="document", link=f"/documents/{document.id}")
        return common.undo_of(document, grant, old)


def _check_seen(uow: UnitOfWork, document: Document, grant: Grant) -> None:
    """Raise Invalid where a person whom it was given would not see it all the same: they are told of nothing."""
    receiver = receiver_of(uow, parts(), viewer().snapshot, grant)
    if receiver is not None and not receiver.sees(document):
        raise Invalid(KEPT_OUT)


def _read(document: Document, who: Principal) -> MemberForm:
    guest, outside = who.kind == "guest", is_outside(document, who)
    form = read_member(request.form, guest=guest, outside=outside, today=parts().today)
    problems = list(form.problems)
    if form.role and form.role not in {choice.value for choice in _roles()}:
        problems = [each for each in problems if each.field != "role"]
        problems.insert(0, Problem("role", "Select a role"))
    elif ROLES.get(form.role) in ("read", "comment") and document.state != "published":
        said = f"Readers read what is published, and this is {in_words(document.state)}: publish it, or choose Editor"
        problems.insert(0, Problem("role", said))
    return replace(form, problems=tuple(problems))


def _roles() -> tuple[Choice, ...]:
    """Whoever is to manage a document is made so in its place."""
    return tuple(choice for choice in ROLE_CHOICES if choice.value != "manager")


def _grant(document: Document, who: Principal, form: MemberForm) -> NewGrant:
    node, can = node_of(document), ROLES[form.role]
    place = g.db.get_one(Place, document.place_id)
    most = most_to_give(viewer(), place, can, node=node, owner=document.owner, highest=document.marking)
    return NewGrant(
        principal=who.word,
        can=can,
        node=node,
        organisation_id=document.organisation_id,
        given_by=viewer().person.handle,
        source="guest" if who.kind == "guest" else "share",
        reason=form.reason,
        marking=most.marking,
        state=most.state,
        until=form.end,
    )


def _page(
    document: Document, who: Principal, form: MemberForm, held: list[Grant], found: tuple[str, ...] = ()
) -> Response:
    crumbs, whose = common.surroundings(document)
    here, name = common.address(document), inside(who.called)
    return render(
        AddMemberPage(
            title=f"Change what {name} may do" if held else f"Share “{document.title}” with {name}",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            about="Sharing",
            action=f"{here}/add?{urlencode({'who': who.word})}",
            cancel_href=here,
            who=who.word,
            name=who.name,
            kind=who.kind,
            roles=_roles(),
            seen=seal((*facts_of(viewer(), document), *held_facts(who, held))),
            news=found,
            role=form.role,
            until=form.until,
            reason=form.reason,
            needs_reason=is_outside(document, who),
            needs_end=who.kind == "guest",
            known=bool(held),
        ),
        409 if found else 200,
    )
