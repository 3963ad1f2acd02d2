"""An organisation's guests: whom its spaces have admitted, and an end to what they were given."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import ROLES
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.one_person import gained_by_one, without_grants
from hub.audience.sealing import Fact, digest, news, shown
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.guests import queries as guest_queries
from hub.features.administration.guests.pages import FirmRow, GuestRow, GuestsPage
from hub.features.administration.guests.queries import Admission
from hub.features.administration.guests.service import end_all
from hub.features.administration.platform.pages import SurePage
from hub.features.sponsoring.queries import names_of
from hub.ground.errors import NotFound
from hub.nouns.people.queries import NOBODY
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE = 50
ROLE_OF = {can: role for role, can in ROLES.items()}


@blueprint.get("/admin/<slug:organisation>/guests")
@declares("organisation:administer")
def guests(organisation: str) -> Response:
    """Whom the organisation's spaces have admitted, by whom and until when."""
    place, page = administered(organisation), page_number(request.args.get("page"))
    found, total = guest_queries.admissions(g.db, place, page, ON_A_PAGE)
    here = f"/admin/{place.path}/guests"
    return render(
        GuestsPage(
            crumbs=crumbs(place),
            tabs=tabs(place, "Guests"),
            add_href=f"{here}/add",
            evidence_href=f"{here}/evidence",
            guests=_rows(found, here),
            firms=tuple(
                FirmRow(firm.name, count, f"{here}/end-firm?firm={firm.path}")
                for firm, count in guest_queries.firms_with_guests(g.db, place)
            ),
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{here}?page={n}"),
        )
    )


@blueprint.post("/admin/<slug:organisation>/guests/end")
@declares("organisation:administer")
@acts
def end_guest(organisation: str) -> BaseResponse:
    """End what a guest was given, from their next request on, once it is agreed what that takes from them."""
    place = administered(organisation)
    found = guest_queries.admission(g.db, place, request.form.get("grant", "")[:40])
    here = f"/admin/{place.path}/guests"
    if found is None:  # pressed twice: it is gone already
        return redirect(here, code=303)
    bound = _taken(found)
    if (since := news(bound)) is not None:
        return _ask_end(place, found, bound, since)
    with acting() as uow:
        end_all(uow, [found.grant])
    say(f"Ended: {Who(found.person.name, found.firm.name)} is out of it from their next click on.")
    return redirect(here, code=303)


def _taken(found: Admission) -> tuple[Fact, ...]:
    """What the end of an admission takes from the guest, of what the viewer may read."""
    now = parts().snapshots.subject(g.db, found.person)
    taken = parts().kinds.in_words(gained_by_one(viewer(), without_grants(now, [found.grant.id]), now))
    return (Fact("taken", taken, lambda: f"It takes {taken} from them now."),)


def _ask_end(place: Place, found: Admission, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    here = f"/admin/{place.path}/guests"
    name = names_of(viewer(), [found.grant.node]).get(found.grant.node, ("", ""))[0]
    where_ = f" to “{name}”" if name else ""
    return render(
        SurePage(
            title=f"End the admission of {Who(found.person.name, found.firm.name)}{where_}?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=(
                f"This takes {bound[0].value} from one guest, {found.person.name} of {found.firm.name}.",
                "It holds from their next click on. What they were given elsewhere stays.",
            ),
            news=since,
            send=Send("End it", f"{here}/end", (("grant", found.grant.id), shown(bound)), "warning"),
            cancel_href=here,
        )
    )


@blueprint.get("/admin/<slug:organisation>/guests/end-firm")
@declares("organisation:administer")
def ask_end_firm(organisation: str) -> Response:
    """What ending all guests of a firm does, before it is done."""
    place = administered(organisation)
    found = guest_queries.of_firm(g.db, place, request.args.get("firm", "")[:80])
    if not found:
        raise NotFound
    return _ask_end_firm(place, found, ())


def _ask_end_firm(place: Place, found: list[Admission], since: tuple[str, ...]) -> Response:
    here, firm = f"/admin/{place.path}/guests", found[0].firm
    given = counted(len(found), "admission", "admissions")
    people = counted(len({each.person.id for each in found}), "guest", "guests")
    return render(
        SurePage(
            title=f"End all guests of {firm.name}?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=(
                f"{people} of {firm.name} lose all that {place.name} gave them: {given}.",
                "It holds from their next click on. What other organisations gave them stays.",
            ),
            news=since,
            send=Send(
                f"End all guests of {firm.name}",
                f"{here}/end-firm",
                (("firm", firm.path), shown(_all_given(found))),
                "warning",
            ),
            cancel_href=here,
        )
    )


@blueprint.post("/admin/<slug:organisation>/guests/end-firm")
@declares("organisation:administer")
@acts
def end_firm(organisation: str) -> BaseResponse:
    """End all that the guests of a firm were given here, in one act."""
    place = administered(organisation)
    found = guest_queries.of_firm(g.db, place, request.form.get("firm", "")[:80])
    here = f"/admin/{place.path}/guests"
    if not found:
        say("There was nothing left to end.", "info")
        return redirect(here, code=303)
    if (since := news(_all_given(found))) is not None:
        return _ask_end_firm(place, found, since)
    with acting() as uow:
        ended = end_all(uow, [each.grant for each in found])
    say(f"{counted(ended, 'admission', 'admissions')} ended.")
    return redirect(here, code=303)


def _all_given(found: list[Admission]) -> tuple[Fact, ...]:
    given = digest(*sorted(each.grant.id for each in found))
    return (Fact("given", given, lambda: "Somebody was admitted, or an admission ended, since you were asked."),)


def _rows(found: list[Admission], here: str) -> tuple[GuestRow, ...]:
    names = names_of(viewer(), (each.grant.node for each in found))
    sponsors = guest_queries.sponsors(g.db, (each.grant.given_by for each in found))
    today = parts().today
    away = guest_queries.firms_with_issuers(g.db, (each.firm.id for each in found))
    by = {each.grant.id: sponsors.get(each.grant.given_by, (None, NOBODY)) for each in found}
    return tuple(
        GuestRow(
            name=each.person.name,
            handle=each.person.handle,
            firm=each.firm.name,
            place=names.get(each.grant.node, ("", ""))[0],
            place_href=names.get(each.grant.node, ("", ""))[1],
            role=ROLE_OF.get(each.grant.can, each.grant.can),
            sponsor=str(by[each.grant.id][1]),
            sponsor_gone=(sponsor := by[each.grant.id][0]) is not None and sponsor.status != "active",
            until=each.grant.until,
            over=each.grant.until is not None and each.grant.until < today,
            purpose=each.grant.reason,
            end=Send("End now", f"{here}/end", (("grant", each.grant.id),), "link"),
            anew=None
            if each.firm.id in away or each.person.status != "active"
            else Send("New link", f"{here}/link", (("grant", each.grant.id),), "link"),
        )
        for each in found
    )
