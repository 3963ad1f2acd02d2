"""A policy file, an organisation's or the hub's: read by line, edited, checked, foretold, adopted, brought back.

Nothing typed is ever lost.
"""

from dataclasses import dataclass

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from acl.lint import Remark
from acl.rules import Fault, PolicyError
from acl.store import PolicyFile
from hub.access.guard import declares, parts, viewer
from hub.access.known_crowd import AsKnown
from hub.access.texts import digest_of
from hub.access.this_request import ThisRequest
from hub.audience.confirming import RECOUNTED
from hub.audience.foreseeing import Foretold
from hub.features.administration import queries
from hub.features.administration.blueprint import (
    blueprint,
    crumbs,
    tabs,
)
from hub.features.administration.pages import HandEditRow, PolicyEditPage, PolicyPage, Said, Touched
from hub.features.administration.policy.desks import Desk, desk_of
from hub.features.administration.policy.foretold import about_what_is_seen, sentences_of, touched_by
from hub.features.administration.policy.offers import FIND_OUR_PEOPLE, line_offered
from hub.features.administration.policy.wish_views import wishes_of
from hub.features.policies.checking import check_text
from hub.features.policies.foretelling import as_adopted, could_undo, foretell
from hub.features.policies.holding import edit_by_id, edits_of
from hub.features.policies.models import HandEdit, PolicyAlarm
from hub.features.policies.naming import judge_through
from hub.features.policies.service import adopt
from hub.features.policies.standing import refuse
from hub.features.writing.difference import compare
from hub.ground.errors import Conflict, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import lines_of
from hub.nouns.people.queries import in_names
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.render import render

MOST_SAID = 250
"""Faults or remarks on one page; of faults no more are found."""


@dataclass(frozen=True)
class _Sent:
    text: str
    replacing: str
    checked: str

    def is_checked(self) -> bool:
        """Whether just this text was shown before."""
        return self.checked.partition(".")[0] == digest_of(self.text)


@blueprint.get("/admin/platform/policy", defaults={"organisation": ""})
@blueprint.get("/admin/<slug:organisation>/policy")
@declares("policy:edit", costs="check")
def show_policy(organisation: str) -> Response:
    """The file in force, and what is doubtful in it."""
    desk = desk_of(organisation)
    row, alarms = queries.policy_text(g.db, desk.file), queries.policy_alarms(g.db, desk.file)
    edits = edits_of(g.db, desk.file)
    by = in_names(g.db, {*(edit.by for edit in edits), row.accepted_by if row else ""})
    remarks = (
        check_text(parts(), g.db, desk.file, row.text, snapshot=viewer().snapshot, looker=viewer()).remarks
        if row
        else ()
    )
    return render(
        PolicyPage(
            title="Policy of the hub" if desk.place.id == ROOT else "Policy",
            crumbs=crumbs(desk.place),
            tabs=tabs(desk.place, "Policy"),
            file=desk.file,
            lines=tuple(row.text.splitlines()) if row else (),
            edit_href=f"{desk.here}/edit",
            accepted_at=row.accepted_at if row else None,
            accepted_by=by[row.accepted_by] if row else "",
            remarks=_said(remarks),
            refused=_refused(desk.file, alarms),
            hand_edits=tuple(row_of(desk, edit, by[edit.by]) for edit in edits),
            history_href=f"{desk.here}/versions",
            whole_hub=desk.place.id == ROOT,
            wishes=wishes_of(desk, viewer()),
            people_href=f"{desk.here}/edit?add={FIND_OUR_PEOPLE}" if _offered(desk) else "",
        )
    )


@blueprint.get("/admin/platform/policy/edit", defaults={"organisation": ""})
@blueprint.get("/admin/<slug:organisation>/policy/edit")
@declares("policy:edit", costs="check")
def edit_policy(organisation: str) -> Response:
    """The text in force, to be changed; with `?version=` an older one, with `?saved=` one that stood on disk.

    With `?add=` it has the line that is offered.
    """
    desk = desk_of(organisation)
    text, digest = _in_force(desk.file)
    wanted, saved = request.args.get("version", ""), request.args.get("saved", "")
    if saved:
        edit = edit_by_id(g.db, desk.file, int(saved)) if _is_number(saved) else None
        if edit is None:
            raise NotFound
        return _checked_page(desk, _Sent(lines_of(edit.text), digest, ""), edit=edit)
    if wanted:
        version = queries.version_of(g.db, desk.file, int(wanted)) if _is_number(wanted) else None
        if version is None:
            raise NotFound
        return _checked_page(desk, _Sent(version.text, digest, ""))
    if request.args.get("add") == FIND_OUR_PEOPLE and (line := _offered(desk)):
        return _checked_page(desk, _Sent(f"{text}{line}\n", digest, ""))
    sent = typed_into(_Sent(text, digest, ""))
    return _edit_page(desk, sent) if sent.text == text else _checked_page(desk, sent)


@blueprint.post("/admin/platform/policy/edit", defaults={"organisation": ""})
@blueprint.post("/admin/<slug:organisation>/policy/edit")
@declares("policy:edit", costs="check")
def save_policy(organisation: str) -> BaseResponse:
    """Check the text that was sent and show what it changes; adopt it when just this text and change were shown."""
    desk = desk_of(organisation)
    check_sheet()
    text = lines_of(request.form.get("text", ""))
    sent = _Sent(text, request.form.get("replacing", ""), request.form.get("checked", ""))
    if request.form.get("do") != "adopt" or not sent.is_checked():
        return _checked_page(desk, sent)
    checked = check_text(parts(), g.db, desk.file, text, snapshot=viewer().snapshot, looker=viewer())
    file = checked.adoptable
    if file is None or not _can_undo(desk, file):
        return _checked_page(desk, sent)
    if sent.checked != _shown(sent, None if checked.in_force else _foretold(file)):
        return _checked_page(desk, sent, recounted=True)
    person = viewer().person
    try:
        with unit_of_work(parts().database, parts().clock, person.handle) as uow, once(uow) as answer:
            answer.location = desk.here
            judge = judge_through(viewer())
            accepted = adopt(uow, desk.file, text, person.handle, replacing=sent.replacing, judge=judge)
    except PolicyError:
        return _checked_page(desk, sent)
    except Conflict as conflict:
        return _checked_page(desk, sent, str(conflict))
    say("The policy is in force, from everybody's next click on." if accepted.changed else "Nothing was changed.")
    return redirect(desk.here, code=303)


@blueprint.post("/admin/platform/policy/put-back", defaults={"organisation": ""})
@blueprint.post("/admin/<slug:organisation>/policy/put-back")
@declares("policy:edit")
def put_back(organisation: str) -> BaseResponse:
    """Say no to the hand edit that is held: the accepted text is written over it."""
    desk = desk_of(organisation)
    refuse(parts(), desk.file, request.form.get("digest", ""), viewer().person.handle)
    say("The file on disk is put back within a second. What was saved there is kept below.")
    return redirect(desk.here, code=303)


def row_of(desk: Desk, edit: HandEdit, by: str) -> HandEditRow:
    """A hand edit as the page lists it, with who saved it, in names."""
    return HandEditRow(f"{desk.here}/edit?saved={edit.id}", edit.seen_at, by, edit.why, held=edit.state == "held")


def _refused(file: str, alarms: list[PolicyAlarm]) -> tuple[Said, ...]:
    """What is wrong on disk; of a file beside this one, with its name."""
    found = []
    for alarm in alarms:
        beside = "" if alarm.name == file else f"{alarm.name.rpartition('/')[2]} "
        found += [Said(0 if beside else f.line, f.column, f"{beside}{f.message}") for f in alarm.faults]
    return tuple(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) <= 9  # noqa: PLR2004


def _in_force(file: str) -> tuple[str, str]:
    row = queries.policy_text(g.db, file)
    return (row.text, row.digest) if row else ("", "")


def _offered(desk: Desk) -> str:
    return line_offered(desk.place, viewer().snapshot.files.get(desk.file))


def _can_undo(desk: Desk, file: PolicyFile) -> bool:
    """Whether whoever puts a text in force could take it back: else a second person has to do it."""
    looker = viewer()
    return could_undo(as_adopted(looker.snapshot, file), looker.today, looker.subject, desk.object)


def _foretold(file: PolicyFile) -> Foretold:
    """What a text changes, as far as its editor may know: lines that name what they may not see are as if not there."""
    looker = viewer()
    crowd = AsKnown(ThisRequest(), looker).crowd(g.db)
    now = looker.snapshot.files.get(file.name)
    then, before = about_what_is_seen(looker, file, now)
    snapshot = looker.snapshot.with_files({file.name: before}, looker.snapshot.generation) if now else looker.snapshot
    return foretell(g.db, crowd, parts().kinds, snapshot, looker.today, then or file, told=looker.person)


def _record(desk: Desk, text: str) -> None:
    """Note who looked at what a text would change, of which file and how long: not what it says."""
    scope = None if desk.place.id == ROOT else desk.place.id
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        uow.record("policy:preview", desk.file, scope, f"{len(text.splitlines())} lines")


def _shown(sent: _Sent, foretold: Foretold | None) -> str:
    """What was checked and shown, in short: the text, and whom it shows and takes what."""
    return f"{digest_of(sent.text)}.{foretold.print if foretold else ''}"


def _checked_page(
    desk: Desk, sent: _Sent, conflict: str = "", edit: HandEdit | None = None, *, recounted: bool = False
) -> Response:
    """The text with what the checker says, and what adopting it would change of the text that is in force now.

    Where somebody else was faster, the difference is from their text, and only another look at it adopts this one.
    """
    now, digest = _in_force(desk.file)
    if sent.replacing != digest and not conflict:
        conflict = f"{desk.file} was changed meanwhile"
    checked = check_text(parts(), g.db, desk.file, sent.text, snapshot=viewer().snapshot, looker=viewer())
    problems = [Problem("text", _at(fault)) for fault in checked.faults[:20]]
    file = checked.adoptable
    locked = file is not None and not _can_undo(desk, file)
    if locked:
        advice = "so you could not take this back. Another administrator has to make this change"
        problems.append(Problem("text", f"With this text you could not administer {desk.name} any more, and {advice}"))
    if conflict:
        advice = "Your text is kept below. The difference is from the text in force now: put in what you want to keep"
        problems.insert(0, Problem("text", f"{conflict.rstrip('.')}. {advice}"))
    foretold = _foretold(file) if file and not checked.in_force else None
    _record(desk, sent.text)
    return _edit_page(
        desk,
        _Sent(sent.text, digest, "" if checked.faults or locked else _shown(sent, foretold)),
        before=now,
        faults=checked.faults,
        remarks=checked.remarks,
        problems=tuple(problems),
        sentences=sentences_of(foretold) if file else (),
        touched=touched_by(viewer(), foretold) if foretold else (),
        edit=edit,
        news=(RECOUNTED,) if recounted and not conflict else (),
    )


def _edit_page(
    desk: Desk,
    sent: _Sent,
    *,
    before: str | None = None,
    faults: tuple[Fault, ...] = (),
    remarks: tuple[Remark, ...] = (),
    problems: tuple[Problem, ...] = (),
    sentences: tuple[str, ...] = (),
    touched: tuple[Touched, ...] = (),
    edit: HandEdit | None = None,
    news: tuple[str, ...] = (),
) -> Response:
    held = edit is not None and edit.state == "held"
    return render(
        PolicyEditPage(
            title="Edit the policy of the hub" if desk.place.id == ROOT else "Edit the policy",
            crumbs=crumbs(desk.place, Crumb("Policy", desk.here)),
            problems=problems,
            news=news,
            tabs=tabs(desk.place, "Policy"),
            file=desk.file,
            action=f"{desk.here}/edit",
            cancel_href=desk.here,
            text=sent.text,
            replacing=sent.replacing,
            checked=sent.checked,
            faults=_said(faults),
            remarks=_said(remarks),
            difference=compare(before, sent.text) if before is not None else None,
            sentences=sentences,
            touched=touched,
            hand_edit=row_of(desk, edit, in_names(g.db, [edit.by])[edit.by]) if edit else None,
            put_back=Send("Put the accepted text back", f"{desk.here}/put-back", (("digest", edit.digest),))
            if edit and held
            else None,
        )
    )


def _at(fault: Fault) -> str:
    """A fault as one sentence: "Line 3, until: '31/02/2026' is not a day …"; one of the whole text has no line."""
    where = ", ".join(part for part in (f"Line {fault.line}" if fault.line else "", fault.column) if part)
    return f"{where}: {fault.message}" if where else fault.message


def _said(found: tuple[Fault, ...] | tuple[Remark, ...]) -> tuple[Said, ...]:
    said = tuple(Said(each.line, each.column, each.message) for each in found[:MOST_SAID])
    if len(found) <= MOST_SAID:
        return said
    return *said, Said(found[MOST_SAID].line, "", f"and {len(found) - MOST_SAID:,} more remarks from here on.")
