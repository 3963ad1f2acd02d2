"""The texts of a policy file that were put in force: listed, compared with today's, brought back by the editor."""

from flask import Response, g, request

from hub.access.guard import declares
from hub.features.administration import queries
from hub.features.administration.blueprint import blueprint, crumbs, tabs
from hub.features.administration.pages import PolicyHistoryPage, PolicyVersionPage, VersionRow
from hub.features.administration.policy.desks import desk_of
from hub.features.writing.difference import compare
from hub.ground.errors import NotFound
from hub.nouns.people.queries import in_names
from hub.web.pages import Crumb
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50


@blueprint.get("/admin/platform/policy/versions", defaults={"organisation": ""})
@blueprint.get("/admin/<slug:organisation>/policy/versions")
@declares("policy:edit")
def policy_versions(organisation: str) -> Response:
    """Every text that was ever in force."""
    desk, page = desk_of(organisation), page_number(request.args.get("page"))
    rows, total = queries.versions_of(g.db, desk.file, page, ON_A_PAGE)
    by = in_names(g.db, {row.accepted_by for _, row in rows})
    here = f"{desk.here}/versions"
    return render(
        PolicyHistoryPage(
            crumbs=crumbs(desk.place, Crumb("Policy", desk.here)),
            tabs=tabs(desk.place, "Policy"),
            file=desk.file,
            versions=tuple(
                VersionRow(number, f"{here}/{number}", row.accepted_at, by[row.accepted_by], in_force=number == total)
                for number, row in rows
            ),
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{here}?page={n}"),
        )
    )


@blueprint.get("/admin/platform/policy/versions/<int:number>", defaults={"organisation": ""})
@blueprint.get("/admin/<slug:organisation>/policy/versions/<int:number>")
@declares("policy:edit", costs="compare")
def policy_version(organisation: str, number: int) -> Response:
    """One text, and what has changed since."""
    desk = desk_of(organisation)
    row, now = queries.version_of(g.db, desk.file, number), queries.policy_text(g.db, desk.file)
    if row is None:
        raise NotFound
    by = in_names(g.db, [row.accepted_by])[row.accepted_by]
    current = now is not None and now.generation == row.generation
    here = f"{desk.here}/versions"
    return render(
        PolicyVersionPage(
            title=f"Version {number} of the policy",
            crumbs=crumbs(desk.place, Crumb("Policy", desk.here), Crumb("Versions", here)),
            tabs=tabs(desk.place, "Policy"),
            file=desk.file,
            version=VersionRow(number, f"{here}/{number}", row.accepted_at, by, in_force=current),
            lines=tuple(row.text.splitlines()),
            difference=compare(row.text, now.text if now else ""),
            back_href="" if current else f"{desk.here}/edit?version={number}",
        )
    )
