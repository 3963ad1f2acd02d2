"""With whom a document is shared by name, until when, by whom and why; and finding with whom to share it."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, request

from hub.access.guard import declares, viewer
from hub.audience.sealing import facts_of, shown
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.documents.common import address, admitted_ones, managed, node_of, surroundings
from hub.features.sharing.members.listing import LONGEST_WORDS, ON_A_PAGE, asked_for, members_of
from hub.features.sharing.members.views import rows_of
from hub.features.sharing.pages import Offer, ShareDocumentPage
from hub.features.sharing.queries import principals
from hub.nouns.documents.models import Document
from hub.web.paging import page_links
from hub.web.render import render


@blueprint.get("/share/document/<id:document_id>")
@declares("document:share")
def shared_with(document_id: str) -> Response:
    """A page of those with whom the document is shared by name, and whoever is found to share it with."""
    document = managed(document_id)
    crumbs, whose = surroundings(document)
    here, find = address(document), request.args.get("find", "").strip()[:LONGEST_WORDS]
    found = members_of(viewer(), node_of(document), replace(asked_for(), words=""))
    rows = rows_of(here, (*found.held, *found.over), shown(facts_of(viewer(), document)))
    return render(
        ShareDocumentPage(
            title=f"Share “{document.title}”",
            crumbs=crumbs,
            whose=whose,
            document_href=f"/documents/{document.id}",
            audience_href=f"/audience/document/{document.id}",
            given=tuple(row for row in rows if not row.over),
            links=page_links(found.page, ON_A_PAGE, found.total, lambda number: f"{here}?page={number}"),
            over=tuple(row for row in rows if row.over),
            action=here,
            find=find,
            offers=_offers(document, find) if find else (),
        )
    )


def _offers(document: Document, find: str) -> tuple[Offer, ...]:
    here = address(document)
    return tuple(
        Offer(
            p.name,
            ", ".join(filter(None, (p.detail, p.organisation))),
            p.kind,
            f"{here}/add?{urlencode({'who': p.word})}",
        )
        for p in admitted_ones(document, principals(viewer(), find))
    )
