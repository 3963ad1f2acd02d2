"""Members of a space or a folder: who they are, until when, by whom and why; and finding whom to add."""

from urllib.parse import urlencode

from flask import Response, g, request
from sqlalchemy import select

from acl.vocabulary import ROLES
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Person, Place
from hub.access.subjects import as_rule
from hub.access.why import names_for
from hub.clock import day_of
from hub.sharing.blueprint import address, blueprint, managed, surroundings
from hub.sharing.pages import MemberRow, MembersPage, Offer
from hub.sharing.queries import grants_on, principals
from hub.web.pages import Send
from hub.web.render import render

ROLE_OF = {can: role for role, can in ROLES.items()}
KINDS = {"org": "organisation"}
LONGEST_WORDS = 100


@blueprint.get("/members/<id:place_id>")
@declares("place:share")
def members(place_id: str) -> Response:
    """Everyone to whom the place was given, and whoever is found by name."""
    place = managed(place_id)
    crumbs, whose = surroundings(place)
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    here = f"/members/{place.id}"
    rows = _rows(place)
    return render(
        MembersPage(
            title=f"Members of “{place.name}”",
            crumbs=crumbs,
            whose=whose,
            place_href=address(place),
            audience_href=f"/audience/place/{place.id}",
            members=tuple(row for row in rows if not row.over),
            over=tuple(row for row in rows if row.over),
            action=here,
            find=find,
            offers=tuple(
                Offer(p.name, p.detail, p.kind, _change_href(place, p.word))
                for p in (principals(viewer(), find) if find else ())
            ),
        )
    )


def _rows(place: Place) -> tuple[MemberRow, ...]:
    grants = grants_on(viewer(), place.id)
    names = names_for(g.db, tuple(as_rule(grant) for grant in grants))
    handles = {
        grant.principal.partition(":")[2] for grant in grants if grant.principal.startswith(("person:", "guest:"))
    }
    people = g.db.scalars(select(Person).where(Person.handle.in_(handles))).all() if handles else []
    seen = {person.subject_id for person in viewer().kept(list(people))}
    return tuple(_row(place, grant, names, seen) for grant in grants)


def _row(place: Place, grant: Grant, names: dict[str, str], seen: set[str]) -> MemberRow:
    kind, _, handle = grant.principal.partition(":")
    name = names.get(grant.principal) or handle
    limits = [text for text in (grant.marking, grant.state) if text != "any"]
    return MemberRow(
        name=f"Everyone at {name}" if kind == "org" else name,
        href=f"/people/{handle}" if grant.principal in seen else "",
        kind=KINDS.get(kind, kind),
        role=ROLE_OF.get(grant.can, grant.can),
        given_by=names.get(f"grants:{grant.id}") or grant.given_by,
        given=day_of(grant.created_at),
        until=grant.until,
        over=grant.until is not None and grant.until < parts().today,
        reason=grant.reason,
        limits=", ".join(limits),
        remove=Send("Remove", f"/members/{place.id}/remove", (("grant", grant.id),), "link"),
        change_href=_change_href(place, grant.principal),
    )


def _change_href(place: Place, word: str) -> str:
    return f"/members/{place.id}/add?{urlencode({'who': word})}"
