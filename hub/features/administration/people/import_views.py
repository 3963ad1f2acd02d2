"""People from a table: every fault by line, a preview, and then all of them or nobody."""

from collections.abc import Iterator

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.access.texts import digest_of
from hub.features.administration.beyond import closed_groups
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs, whose_word
from hub.features.administration.pages import Said
from hub.features.administration.people.import_pages import ImportPeoplePage, NewRow
from hub.features.administration.people.import_service import Plan, import_people, plan_import
from hub.features.administration.people.table import HEADINGS, MOST_BYTES, Table, decode, read_table
from hub.features.administration.seconding.queries import groups_of_administrators
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import typed_over
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import lines_of
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Crumb, Problem
from hub.web.render import render

MOST_SHOWN = 50
MOST_FAULTS = 200
MOST_HEADINGS = 10


@blueprint.get("/admin/<slug:organisation>/people/import")
@declares("organisation:administer")
def new_table(organisation: str) -> Response:
    """The form for a table."""
    place = administered(organisation)
    return _page(place, typed_over({"text": ""})["text"])


@blueprint.post("/admin/<slug:organisation>/people/import")
@declares("organisation:administer", costs="check")
def take_table(organisation: str) -> BaseResponse:
    """Check a table and show what it would do; add everybody when just this table was shown before."""
    place = administered(organisation)
    check_sheet()
    try:
        text = _sent()
    except Invalid as problem:
        return _page(place, "", problems=(Problem("file", str(problem)),))
    table, by = read_table(text), whose_word(place)
    make = request.form.get("make") == "yes"
    closed = closed_groups(g.db, place) | groups_of_administrators(viewer().snapshot, place)
    if request.form.get("do") != "add" or request.form.get("checked") != digest_of(text) or table.wrong:
        return _planned(place, text, table, make=make, plan=plan_import(g.db, place, table, closed, make=make))
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = f"/admin/{place.path}/people?only=waiting"
            done = import_people(uow, uow.session.get_one(Place, place.id), table, by=by, closed=closed, make=make)
    except Invalid:
        return _planned(place, text, table, make=make, plan=plan_import(g.db, place, table, closed, make=make))
    say(f"{counted(len(done.new), 'person was', 'people were')} added.")
    return redirect(f"/admin/{place.path}/people?only=waiting", code=303)


def _sent() -> str:
    """The uploaded file, or the lines that were typed."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return lines_of(decode(file.stream.read(MOST_BYTES + 1)))
    return lines_of(request.form.get("text", ""))


def _planned(place: Place, text: str, table: Table, *, make: bool, plan: Plan) -> Response:
    faults = _first([Said(each.line, each.column, each.message) for each in plan.wrong])
    notes = _first(list(_notes(table, plan)))
    if plan.wrong:
        problem = Problem("text", f"{counted(len(plan.wrong), 'thing is', 'things are')} wrong with the table")
        return _page(place, text, make=make, faults=faults, advice=plan.advice, notes=notes, problems=(problem,))
    return _page(place, text, make=make, plan=plan, notes=notes)


def _first(said: list[Said]) -> tuple[Said, ...]:
    more = [Said(0, "", f"And {len(said) - MOST_FAULTS:,} more.")] if len(said) > MOST_FAULTS else []
    return (*said[:MOST_FAULTS], *more)


def _notes(table: Table, plan: Plan) -> Iterator[Said]:
    """What is left out, who is left as they are, and who has the name of somebody else: nothing to be mended."""
    if table.left_out:
        more = f" and {len(table.left_out) - MOST_HEADINGS:,} more" if len(table.left_out) > MOST_HEADINGS else ""
        named = ", ".join(f"“{heading}”" for heading in table.left_out[:MOST_HEADINGS])
        yield Said(0, "", f"Columns that are left out: {named}{more}. The hub reads: {HEADINGS}.")
    column = table.called.get("email", "")
    for row, handle in plan.known:
        yield Said(row.line, column, f"{row.name} is there already, by this address ({handle}), and left as they are.")
    for row, handle in plan.namesakes:
        if row.email or row.subject:
            said = f"{row.name} is there already ({handle}), with another address: this would be a second person."
            yield Said(row.line, table.called.get("name", ""), said)


def _sentences(plan: Plan) -> tuple[str, ...]:
    said = [f"It adds {counted(len(plan.new), 'person', 'people')}."]
    if plan.known:
        there = counted(len(plan.known), "person is", "people are")
        said.append(f"{there} there already, by their e-mail address, and left as they are.")
    if plan.groups:
        said.append(f"It makes {counted(len(plan.groups), 'group', 'groups')}: {', '.join(plan.groups)[:500]}.")
    return tuple(said)


def _page(
    place: Place,
    text: str,
    *,
    make: bool = False,
    notes: tuple[Said, ...] = (),
    plan: Plan | None = None,
    faults: tuple[Said, ...] = (),
    advice: str = "",
    problems: tuple[Problem, ...] = (),
) -> Response:
    here = f"/admin/{place.path}/people"
    rows = plan.new[:MOST_SHOWN] if plan else ()
    return render(
        ImportPeoplePage(
            crumbs=crumbs(place, Crumb("People", here)),
            problems=problems,
            tabs=tabs(place, "People"),
            action=f"{here}/import",
            cancel_href=here,
            text=text,
            make=make,
            notes=notes,
            checked=digest_of(text) if plan and plan.new else "",
            faults=faults,
            advice=advice,
            sentences=_sentences(plan) if plan else (),
            rows=tuple(NewRow(r.line, r.name, handle, r.email, r.job, ", ".join(r.groups)) for r, handle in rows),
            more=len(plan.new) - len(rows) if plan else 0,
        )
    )
