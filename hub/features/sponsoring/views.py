"""The page of those who answer for guests, and what they press there."""

from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import Fact, news, shown
from hub.features.signin.local.opening import ASLEEP_AFTER
from hub.features.sponsoring.blueprint import blueprint
from hub.features.sponsoring.pages import SponsoredPage, SponsoredRow
from hub.features.sponsoring.queries import SOON, Sponsored, names_of, one_sponsored, sponsored_by
from hub.features.sponsoring.service import renew, renewed_until, wake
from hub.ground.errors import NotFound, NotPermitted
from hub.nouns.people.service import end_grant
from hub.web.filters import day
from hub.web.flash import say, say_news
from hub.web.pages import Send, Who
from hub.web.render import render

HERE: Final = "/me/guests"
UNSEEN: Final = "You may not see any more what they were admitted to, so those decide who manage it."


@blueprint.get(HERE)
@declares("guest:sponsor")
def sponsored() -> Response:
    """The guests for whom the viewer answers."""
    viewer().visible()
    found = sponsored_by(g.db, viewer().person, parts().today)
    names = names_of(viewer(), (each.grant.node for each in found))
    return render(SponsoredPage(rows=tuple(_row(each, names.get(each.grant.node, ("", ""))) for each in found)))


@blueprint.post(f"{HERE}/renew")
@declares("guest:sponsor")
@acts
def renew_guest() -> BaseResponse:
    """Let an admission last longer, while its sponsor may see what it is to."""
    found = _found()
    if not names_of(viewer(), [found.grant.node]):
        raise NotPermitted(UNSEEN)
    until = renewed_until(found.grant, parts().today)
    if (since := news(_standing(found))) is not None:
        return _look_again(since)
    with acting() as uow:
        renew(uow, found.grant, until)
    say(f"{Who(found.guest.name, found.firm.name)} may come in until {day(until).striptags()}.")
    return _back()


@blueprint.post(f"{HERE}/wake")
@declares("guest:sponsor")
@acts
def wake_guest() -> BaseResponse:
    """Let a guest sign in again who was away for long."""
    found = _found()
    if (since := news(_standing(found))) is not None:
        return _look_again(since)
    with acting() as uow:
        wake(uow, found.guest, found.grant.organisation_id)
    say(f"{Who(found.guest.name, found.firm.name)} can sign in again.")
    return _back()


@blueprint.post(f"{HERE}/end")
@declares("guest:sponsor")
@acts
def end_guest() -> BaseResponse:
    """End an admission today: nobody else is needed for that."""
    found = _found()
    if (since := news(_standing(found))) is not None:
        return _look_again(since)
    with acting() as uow:
        end_grant(uow, found.grant)
    say(f"Ended: {Who(found.guest.name, found.firm.name)} is out of it from their next click on.")
    return _back()


def _found() -> Sponsored:
    """The admission that a button names, if the viewer answers for it."""
    viewer().visible()
    wanted, writes = request.form.get("grant", "")[:40], bool(g.get("acting"))
    found = one_sponsored(g.db, viewer().person, parts().today, wanted, lock=writes)
    if found is None:
        raise NotFound
    return found


def _standing(found: Sponsored) -> tuple[Fact, ...]:
    """How an admission stood when its button was made: a press that comes twice does nothing twice."""
    until = found.grant.until or parts().today
    return (
        Fact(
            "admission",
            f"{until} {found.seen_at}",
            lambda: f"It lasts until {day(until).striptags()} now, or was looked after meanwhile.",
        ),
    )


def _row(found: Sponsored, named: tuple[str, str]) -> SponsoredRow:
    today, grant = parts().today, found.grant
    until, longer = grant.until or today, renewed_until(grant, today)
    asleep = found.seen_at is not None and parts().clock.now() - found.seen_at > ASLEEP_AFTER
    fields = (("grant", grant.id), shown(_standing(found)))
    sends = [Send(f"Renew until {day(longer).striptags()}", f"{HERE}/renew", fields)] if named[0] else []
    return SponsoredRow(
        name=found.guest.name,
        firm=found.firm.name,
        place=named[0],
        place_href=named[1],
        purpose=grant.reason,
        until=until,
        over=until < today,
        soon=today <= until <= today + SOON,
        asleep=asleep,
        seen=found.seen_at,
        sends=(
            *(sends if longer > until else ()),
            *((Send("Wake", f"{HERE}/wake", fields),) if asleep else ()),
            *(() if until < today else (Send("End now", f"{HERE}/end", fields),)),
        ),
    )


def _look_again(since: tuple[str, ...]) -> BaseResponse:
    say_news(since)
    return _back()


def _back() -> BaseResponse:
    return redirect(HERE, code=303)
