"""The evidence pack about an organisation's guests: a page to print, a timeline, and a table as CSV."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from flask import Response, g, request

from acl.vocabulary import ROLES
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.guests import queries as guest_queries
from hub.features.administration.guests.evidence import WORDS, Happened, happened
from hub.features.administration.guests.pages import EvidencePage, EvidenceRow, Span
from hub.features.sponsoring.queries import names_of
from hub.ground.unit_of_work import unit_of_work
from hub.web.filters import LONDON
from hub.web.pages import Crumb
from hub.web.render import render

ON_THE_PAGE: Final = 200
MOST_SPANS: Final = 50
HIDDEN: Final = "Something that you may not see"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
HEADINGS: Final = ("at", "what", "guest", "firm", "thing", "role", "purpose", "sponsor", "by", "last day")
ROLE_OF: Final = {can: role for role, can in ROLES.items()}


@blueprint.get("/admin/<slug:organisation>/guests/evidence")
@declares("organisation:administer")
def guest_evidence(organisation: str) -> Response:
    """Who had access to what, by whose word, and what they opened; the newest first. That it was looked at is kept."""
    place, firm = administered(organisation), _firm()
    here = f"/admin/{place.path}/guests"
    found = happened(g.db, place, firm, ON_THE_PAGE)
    _record(place, firm, len(found))
    asked = f"?firm={firm}" if firm else ""
    return render(
        EvidencePage(
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            rows=_rows(found),
            more=len(found) == ON_THE_PAGE,
            spans=_spans(place, firm),
            csv_href=f"{here}/evidence.csv{asked}",
        )
    )


@blueprint.get("/admin/<slug:organisation>/guests/evidence.csv")
@declares("organisation:administer")
def take_guest_evidence(organisation: str) -> Response:
    """All of it as a table (RFC 4180); no cell begins as a formula would."""
    place, firm = administered(organisation), _firm()
    found = happened(g.db, place, firm)
    _record(place, firm, len(found))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in _cells(found))
    response = Response(out.getvalue().encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="guests-{place.path}.csv"'
    return response


def _firm() -> str:
    return request.args.get("firm", "")[:80]


def _record(place: Place, firm: str, count: int) -> None:
    if request.method == "HEAD":
        return
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        uow.record("guests:evidence", place.id, place.id, f"{firm or 'all'}: {count}")


def _rows(found: list[Happened]) -> tuple[EvidenceRow, ...]:
    names = names_of(viewer(), (each.node for each in found))
    return tuple(
        EvidenceRow(
            at=each.at,
            what=WORDS[each.act],
            guest=each.guest.name,
            firm=each.firm.name,
            thing=names.get(each.node, (HIDDEN, ""))[0],
            thing_href=names.get(each.node, ("", ""))[1],
            purpose=each.grant.reason if each.grant else "",
            by=each.by if each.grant else "",
            until=each.grant.until if each.grant else None,
        )
        for each in found
    )


def _cells(found: list[Happened]) -> Iterator[tuple[str, ...]]:
    names = names_of(viewer(), (each.node for each in found))
    for each in found:
        grant = each.grant
        yield (
            each.at.astimezone(LONDON).isoformat(timespec="seconds"),
            WORDS[each.act],
            f"{each.guest.name} ({each.guest.handle})",
            each.firm.name,
            names.get(each.node, (HIDDEN, ""))[0],
            ROLE_OF.get(grant.can, grant.can) if grant else "",
            grant.reason if grant else "",
            grant.given_by if grant else "",
            each.by if grant else "",
            grant.until.isoformat() if grant and grant.until else "",
        )


def _spans(place: Place, firm: str) -> tuple[Span, ...]:
    """The admissions that have not ended as parts of one line of time, in hundredths of it."""
    found, _ = guest_queries.admissions(g.db, place, 1, MOST_SPANS)
    lasting = [each for each in found if each.grant.until and (not firm or each.firm.path == firm)]
    if not lasting:
        return ()
    ends = [each.grant.until for each in lasting if each.grant.until]
    first, last = min(each.grant.created_at.date() for each in lasting), max(*ends, parts().today)
    whole = max((last - first).days, 1)
    return tuple(
        Span(
            name=each.person.name,
            firm=each.firm.name,
            begins=each.grant.created_at.date(),
            until=each.grant.until or last,
            left=round(1000 * (each.grant.created_at.date() - first).days / whole),
            width=max(round(1000 * ((each.grant.until or last) - each.grant.created_at.date()).days / whole), 4),
            today=round(1000 * (parts().today - first).days / whole),
        )
        for each in lasting
    )
