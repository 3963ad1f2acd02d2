"""Members of a space or a folder: who they are, until when, by whom and why; and finding whom to add."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, g, request

from acl.vocabulary import PERSON, ROLES, SOMEBODY
from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant
from hub.access.subjects import as_rule
from hub.access.why import names_for
from hub.audience.sealing import shown
from hub.features.sharing.blueprint import address, blueprint, managed, open_to, surroundings
from hub.features.sharing.members.inviting import invitations_of
from hub.features.sharing.members.listing import LONGEST_WORDS, MOST_OVER, ON_A_PAGE, asked_for, members_of
from hub.features.sharing.pages import MemberRow, MembersPage, Offer
from hub.features.sharing.queries import principals
from hub.ground.clock import day_of
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.tabs import PEOPLE, tabs_of
from hub.web.pages import Send, Who
from hub.web.paging import page_links
from hub.web.render import render

ROLE_OF = {can: role for role, can in ROLES.items()}
KINDS = {"org": "organisation"}
FEW = 10
"""So many are found by looking: longer lists have a box to find a member by name."""


@blueprint.get("/members/<id:place_id>")
@declares("place:share")
def members(place_id: str) -> Response:
    """A page of those to whom the place was given, by name where asked, and whoever is found to be added."""
    place = managed(place_id)
    crumbs, whose = surroundings(place)
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    asked = asked_for()
    found = members_of(viewer(), place.id, asked)
    asked = replace(asked, page=found.page)
    rows = rows_of(f"/members/{place.id}", (*found.held, *found.over), shown(open_to(place)), asked.fields)
    return render(
        MembersPage(
            title=f"Members of “{place.name}”",
            crumbs=crumbs,
            whose=whose,
            tabs=tabs_of(viewer(), place, PEOPLE),
            place_href=address(place),
            audience_href=f"/audience/place/{place.id}",
            members=tuple(row for row in rows if not row.over),
            links=page_links(
                found.page, ON_A_PAGE, found.total, lambda number: replace(asked, page=number).address(place.id)
            ),
            query=asked.words,
            filtered=bool(asked.words) or found.total > FEW or found.total_over > MOST_OVER,
            over=tuple(row for row in rows if row.over),
            total_over=found.total_over,
            action=f"/members/{place.id}",
            find=find,
            invite_href=f"/members/{place.id}/invite" if viewer().person.kind == "staff" else "",
            invitations=invitations_of(place),
            offers=tuple(
                Offer(
                    p.name,
                    ", ".join(filter(None, (p.detail, p.organisation))),
                    p.kind,
                    _change_href(f"/members/{place.id}", p.word),
                )
                for p in (principals(viewer(), find) if find else ())
            ),
        )
    )


def rows_of(
    here: str, grants: Iterable[Grant], seen: tuple[str, str], fields: tuple[tuple[str, str], ...] = ()
) -> tuple[MemberRow, ...]:
    """Some who were given something, with the buttons of the list at `here`: of what it shows, they send the seal."""
    names = names_for(g.db, viewer().snapshot, tuple(as_rule(grant) for grant in grants))
    given = (grant.principal for grant in grants if grant.principal.startswith(SOMEBODY))
    people = named(viewer(), {*given, *(f"{PERSON}{grant.given_by}" for grant in grants)})
    return tuple(_row(here, grant, names, people, seen, fields) for grant in grants)


def _row(
    here: str,
    grant: Grant,
    names: dict[str, str],
    people: dict[str, Who],
    seen: tuple[str, str],
    fields: tuple[tuple[str, str], ...],
) -> MemberRow:
    kind, _, handle = grant.principal.partition(":")
    member = people.get(grant.principal, Who(names.get(grant.principal) or handle))
    limits = [text for text in (grant.marking, grant.state) if text != "any"]
    return MemberRow(
        name=f"Everyone at {member.name}" if kind == "org" else member.name,
        organisation=member.organisation,
        href=member.href,
        kind=KINDS.get(kind, kind),
        role=ROLE_OF.get(grant.can, grant.can),
        given_by=str(people.get(f"{PERSON}{grant.given_by}", NOBODY)),
        given=day_of(grant.created_at),
        until=grant.until,
        over=grant.until is not None and grant.until < parts().today,
        reason=grant.reason,
        limits=", ".join(limits),
        remove=Send("Remove", f"{here}/remove", (("grant", grant.id), seen, *fields), "link"),
        change_href=_change_href(here, grant.principal, fields),
    )


def _change_href(here: str, word: str, fields: tuple[tuple[str, str], ...] = ()) -> str:
    return f"{here}/add?{urlencode((('who', word), *fields))}"
