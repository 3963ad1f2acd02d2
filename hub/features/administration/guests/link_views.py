"""A new link for a guest who signs in at the hub itself: the first one was lost, or what they signed in by is."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import Fact, news, shown
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs, whose_word
from hub.features.administration.guests import queries as guest_queries
from hub.features.administration.guests.queries import Admission
from hub.features.administration.guests.service import let_in_by_link
from hub.features.administration.pages import LinkOncePage
from hub.features.administration.people.views import HOURS
from hub.features.administration.platform.pages import SurePage
from hub.features.administration.queries import has_identity
from hub.ground.errors import Invalid
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Who
from hub.web.render import render


@blueprint.post("/admin/<slug:organisation>/guests/link")
@declares("organisation:administer")
@acts
def new_guest_link(organisation: str) -> BaseResponse:
    """Say what a new link does; once that is agreed, make it, and show it once."""
    place = administered(organisation)
    here = f"/admin/{place.path}/guests"
    found = guest_queries.admission(g.db, place, request.form.get("grant", "")[:40])
    if found is None:
        say("That admission has ended meanwhile: a new link would lead nowhere.", "info")
        return redirect(here, code=303)
    if guest_queries.firms_with_issuers(g.db, [found.firm.id]) or found.person.status != "active":
        raise Invalid(f"{found.person.name} signs in through {found.firm.name}: ask its administrators for a new link.")
    bound = _standing(found)
    if (since := news(bound)) is not None:
        return _ask(place, found, bound, since)
    with acting() as uow:
        link, mailed = let_in_by_link(uow, parts(), found.firm, found.person, place.id, by=whose_word(place))
    return render(
        LinkOncePage(
            title=f"A sign-in link for {Who(found.person.name, found.firm.name)}",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            person=found.person.name,
            organisation=found.firm.name,
            link=link,
            lasts=f"{HOURS} hours",
            mailed=mailed if parts().mail.server else "",
            local=True,
            person_href=here,
            add_href=f"{here}/add",
        )
    )


def _standing(found: Admission) -> tuple[Fact, ...]:
    known = "yes" if has_identity(g.db, found.person.id) else "no"
    told = "They have signed in meanwhile." if known == "yes" else "They have not signed in any more."
    return (Fact("known", known, lambda: told),)


def _ask(place: Place, found: Admission, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    here = f"/admin/{place.path}/guests"
    named = Who(found.person.name, found.firm.name)
    known = bound[0].value == "yes"
    sentences = ["The link works once, for 72 hours; one that was made before works no more."]
    if known:
        sentences.append(
            "When it is used, their passkeys and open sessions end. What other organisations gave them, if anything, "
            "makes all of it wait until the hub’s administrators confirm it."
        )
    if parts().mail.server is not None:
        sentences.append("They show by a code to their address that they are meant.")
    else:
        sentences.append("This hub sends no letters: give it to nobody but them, and let a colleague look on.")
    return render(
        SurePage(
            title=f"Let {named} in anew?" if known else f"Make {named} a new link?",
            crumbs=crumbs(place, Crumb("Guests", here)),
            tabs=tabs(place, "Guests"),
            sentences=tuple(sentences),
            news=since,
            send=Send("Make the link", f"{here}/link", (("grant", found.grant.id), shown(bound)), "primary"),
            cancel_href=here,
        )
    )
