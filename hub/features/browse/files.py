"""The files of a space or a folder, as a table that is sorted by its headings."""

from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.membership import sees_inside, standings
from hub.access.models import Place
from hub.access.why import why
from hub.features.browse.heads import head_of, place_row, thing_row
from hub.features.browse.queries import MOST_LISTED, by_owner, how_many, listed, right_here
from hub.features.browse.views import blueprint
from hub.ground.errors import NotFound
from hub.nouns.people.admissions import admitted
from hub.nouns.people.queries import named
from hub.nouns.spaces.pages import Column, FileRow, FilesPage
from hub.nouns.spaces.queries import children_of, line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of
from hub.nouns.spaces.tabs import FILES, files_href
from hub.things.listing import KEYS, Order
from hub.things.thing import AsFile, Lying
from hub.web.pages import Action
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
COLUMNS = {"title": "Title", "state": "State", "type": "Type", "changed": "Changed", "owner": "Owner"}
FIRST_DOWN = frozenset({"changed"})
"""Of what one asks for the newest first."""
USUAL = "title"


@blueprint.get("/files/<id:place_id>")
@declares("place:show")
def list_files(place_id: str) -> BaseResponse:
    """What lies in a space. Of a folder, that is the folder's own page."""
    place = viewer().read(place_by_id(g.db, place_id))
    if place.kind == "folder":
        asked = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
        return redirect(f"/places/{place.path}{asked}")
    if place.kind != "space":
        raise NotFound
    return files(place)


def files(place: Place) -> BaseResponse:
    """The table of a space or a folder that the viewer may see, a page at a time."""
    looker, here = viewer(), files_href(place)
    order, asked = _order()
    page = page_number(request.args.get("page"))
    total = how_many(looker, right_here, place)
    things = listed(looker, right_here, place, order, page, ON_A_PAGE) if total else []
    children = [each for each in children_of(looker, place) if each.kind == "folder" or place.kind == "folder"]
    standing = standings(looker, (place, *children))
    if place.kind == "space" and not (things or children or sees_inside(looker, place)):
        return redirect(f"/places/{place.path}", code=303)
    line = line_of(looker, place.id)
    return render(
        FilesPage(
            title=place.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=head_of(place, line, standing.get(place.id, ""), FILES),
            here=place.id,
            description=place.description if place.kind == "folder" else "",
            folders=tuple(place_row(p, standing=standing.get(p.id, "")) for p in children) if page == 1 else (),
            columns=tuple(_column(here, key, asked) for key in COLUMNS),
            files=_rows(things),
            together=_together(place, things),
            take_all=f"/files/{place.id}/zip" if things or children else "",
            links=page_links(page, ON_A_PAGE, total, lambda n: _href(here, asked, n)),
            many=total >= MOST_LISTED,
            admitted=admitted(looker, place),
            why=why(looker, place, page=f"/places/{place.path}", edited=True),
        )
    )


def _together(place: Place, things: list[Lying]) -> tuple[Action, ...]:
    """Whoever may change something on the page may do so with several at once; all may take away what they read."""
    here, changes = f"/files/{place.id}", any(viewer().sees(thing, "edit") for thing in things)
    words = (("Move", "move"), ("Change marking", "mark"), ("Publish", "publish"), ("Archive", "archive"))
    found = tuple(Action(text, f"{here}/{name}") for text, name in words if changes)
    return (*found, Action("Download", f"{here}/zip")) if things else ()


def _rows(things: list[Lying]) -> tuple[FileRow, ...]:
    """The rows of a page: one query for their owners, and one a kind for what they are as files."""
    owners, kept = named(viewer(), {thing.owner for thing in things}), _as_files(things)
    return tuple(
        FileRow(
            row=thing_row(thing, owners),
            node=thing.node,
            owner=owners.get(thing.owner),
            size=file.size if (file := kept.get(thing.node)) and file.name else 0,
        )
        for thing in things
    )


def _as_files(things: list[Lying]) -> dict[str, AsFile]:
    found: dict[str, AsFile] = {}
    for kind in viewer().kinds.filed:
        ids = [thing.id for thing in things if viewer().kinds.of(thing) is kind]
        if kind.files is not None and ids:
            found |= {f"{kind.columns.node_prefix}{own}": file for own, file in kind.files(g.db, ids).items()}
    return found


def _order() -> tuple[Order, str]:
    """In which order the address asks for them, and how that is said: `-changed` is from the end."""
    asked = request.args.get("sort", USUAL)
    name = asked.removeprefix("-")
    if name not in COLUMNS:
        name = asked = USUAL
    keys = {**KEYS, "owner": by_owner}
    return Order(keys[name], down=asked.startswith("-")), asked


def _column(here: str, key: str, asked: str) -> Column:
    """A heading: it leads to its own order, and to the other way round where that is the order now."""
    down = f"-{key}"
    if asked not in (key, down):
        return Column(COLUMNS[key], _href(here, down if key in FIRST_DOWN else key))
    other, way = (key, "descending") if asked == down else (down, "ascending")
    return Column(COLUMNS[key], _href(here, other), way)


def _href(here: str, sort: str, page: int = 1) -> str:
    asked = {**({"sort": sort} if sort != USUAL else {}), **({"page": str(page)} if page > 1 else {})}
    return f"{here}?{urlencode(asked)}" if asked else here
