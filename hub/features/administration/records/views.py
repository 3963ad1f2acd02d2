"""Finding what an organisation holds of what was said, and taking it away. Each look is in the audit, with why."""

from collections.abc import Iterator
from typing import Final

from flask import Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.costs import held_until_sent
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.features.administration.blueprint import blueprint, crumbs, tabs
from hub.features.administration.records.erase_views import erase_href
from hub.features.administration.records.exporting import Export
from hub.features.administration.records.forms import RecordsForm, read_form
from hub.features.administration.records.pages import HeldRow, RecordsPage
from hub.features.administration.records.rows import Told, told
from hub.features.administration.records.whose import keeps, kept
from hub.features.administration.records.words import about_text, asked_in_words, found_in_words
from hub.features.documents.sending import disposition
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.talk.held import Sought, how_much, page_of_held
from hub.web.file_names import safe_name
from hub.web.pages import ONE_PAGE, Problem
from hub.web.paging import page_links, page_number
from hub.web.render import render
from hub.web.zipped import zipped

ON_A_PAGE: Final = 20
SHORT: Final = 300
"""Characters of a post in the list."""
TAB: Final = "Records"


@blueprint.get("/admin/<slug:organisation>/records")
@declares("records:keep", costs="search")
def records(organisation: str) -> Response:
    """What the organisation holds, by words, person and days; nothing is shown before it is said what for."""
    place, form = kept(organisation), read_form(request.args)
    if not form.asked:
        return _page(place, form)
    sought, problems = form.read(place.id)
    if problems:
        return _page(place, form, problems)
    return _page(place, form, sought=sought)


@blueprint.get("/admin/<slug:organisation>/records/zip")
@declares("records:keep", costs="search")
def take_records(organisation: str) -> BaseResponse:
    """The same as a ZIP archive; that somebody took it away is in the audit before its first byte goes out."""
    place, form = kept(organisation), read_form(request.args)
    sought, problems = form.read(place.id)
    if problems:
        raise Invalid(f"{problems[0].message}.", problems[0].field)
    held, person, hub = how_much(viewer(), sought), viewer().person, parts()
    content: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        _record("records:take", place, form, held.posts)
        about = about_text(place.name, person.name, person.handle, hub.clock.now(), form, found_in_words(held))
        export = Export(hub, g.user.handle, place, sought, keeps, about)
        content = iter(held_until_sent(zipped(export.files())))
    response = Response(content, mimetype="application/zip", direct_passthrough=True)
    name = safe_name(f"Records of {place.name}, {hub.today}", ".zip")
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _record(act: str, place: Place, form: RecordsForm, count: int) -> None:
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        said = f"{count} posts; {asked_in_words(form, words=False)}; for: {form.why}"
        uow.record(act, place.id, place.id, said)


def _page(
    place: Place, form: RecordsForm, problems: tuple[Problem, ...] = (), sought: Sought | None = None
) -> Response:
    here, found, links, export = f"/admin/{place.path}/records", "", ONE_PAGE, ""
    rows: tuple[HeldRow, ...] = ()
    if sought is not None:
        page, held = page_number(request.args.get("page")), how_much(viewer(), sought)
        posts = page_of_held(viewer(), sought, page, ON_A_PAGE) if held.posts else []
        rows = tuple(_row(place, each) for each in told(viewer(), posts, earlier=False))
        links = page_links(page, ON_A_PAGE, held.posts, lambda n: f"{here}?{form.query(page=str(n))}")
        found, export = found_in_words(held), f"{here}/zip?{form.query()}" if held.posts else ""
        _record("records:look", place, form, held.posts)
    return render(
        RecordsPage(
            crumbs=crumbs(place),
            tabs=tabs(place, TAB),
            problems=problems,
            action=here,
            words=form.words,
            who=form.who,
            since=form.since,
            until=form.until,
            earlier=form.earlier == "yes",
            why=form.why,
            found=found,
            rows=rows,
            links=links,
            export_href=export,
        )
    )


def _row(place: Place, each: Told) -> HeldRow:
    post = each.post
    cut = post.body[:SHORT].rsplit(" ", 1)[0] + " …" if len(post.body) > SHORT else post.body
    return HeldRow(
        name=each.name,
        organisation=each.organisation,
        at=post.at,
        text=cut,
        about=each.about,
        about_href=each.href,
        withdrawn=post.withdrawn_at is not None,
        removed=bool(each.removed),
        erase_href=erase_href(place, post, each.thing),
    )
