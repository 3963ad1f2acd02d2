"""An organisation's policy file: read by line, edited, checked, compared, adopted. Nothing typed is ever lost."""

from dataclasses import dataclass

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.lint import Remark
from acl.rules import Fault, PolicyError
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.admin import queries
from hub.admin.blueprint import administered, blueprint, crumbs, tabs
from hub.admin.pages import PolicyEditPage, PolicyPage, Said
from hub.documents.forms import lines_of
from hub.errors import Conflict
from hub.policies.checking import check_text
from hub.policies.service import adopt, digest_of, file_of
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Crumb, Problem
from hub.web.render import render
from hub.writing.difference import compare


@dataclass(frozen=True)
class _Sent:
    text: str
    replacing: str
    checked: str


@blueprint.get("/admin/<slug:organisation>/policy")
@declares("policy:edit")
def show_policy(organisation: str) -> Response:
    """The file in force, and what is doubtful in it."""
    place = administered(organisation)
    file = file_of(place)
    row, alarm = queries.policy_text(g.db, file), queries.policy_alarm(g.db, file)
    remarks = check_text(parts(), g.db, file, row.text).remarks if row else ()
    return render(
        PolicyPage(
            crumbs=crumbs(place),
            tabs=tabs(place, "Policy"),
            file=file,
            lines=tuple(row.text.splitlines()) if row else (),
            edit_href=f"/admin/{place.path}/policy/edit",
            accepted_at=row.accepted_at if row else None,
            accepted_by=row.accepted_by if row else "",
            remarks=_said(remarks),
            refused=_said(alarm.faults if alarm else ()),
        )
    )


@blueprint.get("/admin/<slug:organisation>/policy/edit")
@declares("policy:edit")
def edit_policy(organisation: str) -> Response:
    """The text in force, to be changed."""
    place = administered(organisation)
    text, digest = _in_force(file_of(place))
    return _edit_page(place, _Sent(text, digest, ""))


@blueprint.post("/admin/<slug:organisation>/policy/edit")
@declares("policy:edit")
def save_policy(organisation: str) -> BaseResponse:
    """Check the text that was sent and show the difference; adopt it when just this text was shown before."""
    place = administered(organisation)
    text = lines_of(request.form.get("text", ""))
    sent = _Sent(text, request.form.get("replacing", ""), request.form.get("checked", ""))
    if request.form.get("do") != "adopt" or sent.checked != digest_of(text):
        return _checked_page(place, sent)
    file, person = file_of(place), viewer().person
    try:
        with unit_of_work(parts().database, parts().clock, person.handle) as uow:
            accepted = adopt(uow, file, text, person.handle, replacing=sent.replacing)
    except PolicyError:
        return _checked_page(place, sent)
    except Conflict as conflict:
        return _checked_page(place, sent, str(conflict))
    say("The policy is in force, from everybody's next click on." if accepted.changed else "Nothing was changed.")
    return redirect(f"/admin/{place.path}/policy", code=303)


def _in_force(file: str) -> tuple[str, str]:
    row = queries.policy_text(g.db, file)
    return (row.text, row.digest) if row else ("", "")


def _checked_page(place: Place, sent: _Sent, conflict: str = "") -> Response:
    """The text with what the checker says, and what adopting it would change of the text that is in force now.

    Where somebody else was faster, the difference is from their text, and only another look at it adopts this one.
    """
    file = file_of(place)
    now, digest = _in_force(file)
    if sent.replacing != digest and not conflict:
        conflict = f"{file} was changed meanwhile"
    checked = check_text(parts(), g.db, file, sent.text)
    problems = [Problem("text", f"Line {fault.line}: {fault.message}") for fault in checked.faults[:20]]
    if conflict:
        advice = "Your text is kept below. The difference is from the text in force now: put in what you want to keep"
        problems.insert(0, Problem("text", f"{conflict.rstrip('.')}. {advice}"))
    return _edit_page(
        place,
        _Sent(sent.text, digest, "" if checked.faults else digest_of(sent.text)),
        before=now,
        faults=checked.faults,
        remarks=checked.remarks,
        problems=tuple(problems),
    )


def _edit_page(
    place: Place,
    sent: _Sent,
    *,
    before: str | None = None,
    faults: tuple[Fault, ...] = (),
    remarks: tuple[Remark, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> Response:
    here = f"/admin/{place.path}/policy"
    return render(
        PolicyEditPage(
            title="Edit the policy",
            crumbs=crumbs(place, Crumb("Policy", here)),
            problems=problems,
            tabs=tabs(place, "Policy"),
            file=file_of(place),
            action=f"{here}/edit",
            cancel_href=here,
            text=sent.text,
            replacing=sent.replacing,
            checked=sent.checked,
            faults=_said(faults),
            remarks=_said(remarks),
            difference=compare(before, sent.text) if before is not None else None,
        )
    )


def _said(found: tuple[Fault, ...] | tuple[Remark, ...]) -> tuple[Said, ...]:
    return tuple(Said(each.line, each.column, each.message) for each in found)
