"""Where somebody is signed in, for themselves alone: they end one session, or all but the one that they look from."""

from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.login import SignedIn
from hub.access.models import SignedInSession
from hub.access.sessions import end_sessions_of, still_open
from hub.features.signin.blueprint import blueprint
from hub.features.signin.browsers import UNKNOWN
from hub.features.signin.pages import SessionRow, SessionsPage
from hub.ground.unit_of_work import unit_of_work
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

HERE: Final = "/me/sessions"
LONGEST_MARK: Final = 64


@blueprint.get(HERE)
@declares("session:keep")
def own_sessions() -> Response:
    """Each of the viewer's open sessions: where, since when, when it was used last."""
    viewer().visible()
    rows, limits = _open(), _user().limits
    others = Send("Sign out everywhere else", f"{HERE}/end-others", kind="warning") if len(rows) > 1 else None
    return render(
        SessionsPage(
            sessions=tuple(map(_row, rows)),
            others=others,
            idle=counted(int(limits.idle.total_seconds()) // 60, "minute", "minutes"),
            lasts=counted(int(limits.lasts.total_seconds()) // 3600, "hour", "hours"),
            at_once=limits.at_once,
        )
    )


@blueprint.post(f"{HERE}/end")
@declares("session:keep")
def end_one() -> BaseResponse:
    """End one of them, if it is the viewer's and open still."""
    viewer().visible()
    mark = request.form.get("session", "")[:LONGEST_MARK]
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        ended = end_sessions_of(uow, viewer().person, SignedInSession.handle_hash == mark)
    say("That session is ended." if ended else "That session had ended already.")
    return redirect(HERE, code=303)


@blueprint.post(f"{HERE}/end-others")
@declares("session:keep")
def end_others() -> BaseResponse:
    """End all of them but this one."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        other = SignedInSession.handle_hash != _user().row.handle_hash
        ended = end_sessions_of(uow, viewer().person, other)
    say(f"{counted(ended, 'other session is', 'other sessions are')} ended. You are signed in only here.")
    return redirect(HERE, code=303)


def _open() -> list[SignedInSession]:
    """The viewer's open sessions, this one first, then those used last."""
    now, user = parts().clock.now(), _user()
    wanted = (SignedInSession.person_id == viewer().person.id, SignedInSession.expires_at > now)
    rows = still_open(g.db.scalars(select(SignedInSession).where(*wanted)), user.limits, now)
    here = user.row.handle_hash
    return sorted(rows, key=lambda row: (row.handle_hash == here, row.seen_at, row.created_at), reverse=True)


def _row(row: SignedInSession) -> SessionRow:
    this = row.handle_hash == _user().row.handle_hash
    return SessionRow(
        browser=row.browser or UNKNOWN,
        address=row.address,
        since=row.created_at,
        seen=row.seen_at,
        end=None if this else Send("End", f"{HERE}/end", (("session", row.handle_hash),), "link"),
    )


def _user() -> SignedIn:
    user: SignedIn = g.user
    return user
