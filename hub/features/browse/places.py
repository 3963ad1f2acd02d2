"""The page of a place by its address: an organisation’s spaces, the overview of a space, the files of a folder."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.membership import standings
from hub.access.models import Place
from hub.access.places import place_once_at
from hub.access.why import why
from hub.features.browse.files import files
from hub.features.browse.heads import head_of, place_row
from hub.features.browse.overview import overview
from hub.features.browse.views import blueprint
from hub.nouns.people.admissions import admitted
from hub.nouns.spaces.pages import PlacePage
from hub.nouns.spaces.queries import children_of, line_of, place_by_path
from hub.nouns.spaces.surroundings import crumbs_of
from hub.nouns.spaces.tabs import files_href
from hub.web.render import render


@blueprint.get("/places/<place_path:path>")
@declares("place:show")
def place(path: str) -> BaseResponse:
    """An organisation, a space or a folder; an old address of one leads whoever may see it to where it is now."""
    found = place_by_path(g.db, path)
    asked = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    if found is None or not viewer().sees(found):
        once = viewer().read(place_once_at(g.db, path))
        return redirect(f"/places/{once.path}{asked}")
    there = viewer().read(found)
    if there.kind == "folder":
        return files(there)
    if there.kind == "space":  # whose page was a list once
        return redirect(f"{files_href(there)}{asked}") if "page" in request.args else overview(there)
    return _organisation(there)


def _organisation(there: Place) -> Response:
    line, children = line_of(viewer(), there.id), children_of(viewer(), there)
    standing = standings(viewer(), children)
    return render(
        PlacePage(
            title=there.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=head_of(there, line, "", ""),
            here=there.id,
            description=there.description,
            children=tuple(place_row(p, standing=standing.get(p.id, "")) for p in children),
            admitted=admitted(viewer(), there),
            why=why(viewer(), there, page=f"/places/{there.path}", edited=False),
        )
    )
