"""Sessions in the browser. The only user of Flask-Login, which carries an opaque handle and nothing else.

Each request opens with one query: the session row, its person and the hub's two counters. So sign-out, suspension
and every acknowledged change of policy bind the next request, in every process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import flask_login
from flask import Flask, g
from sqlalchemy import Select, bindparam, func, select, true, update
from sqlalchemy.orm import Session

from hub.access.models import HubState, Person, Place, SessionLimits, SignedInSession
from hub.access.parts import Parts
from hub.access.sessions import Limits, in_force, limits_of
from hub.access.viewer import Viewer
from hub.ground.ids import hash_of, new_secret
from hub.ground.unit_of_work import UnitOfWork, alone, unit_of_work

FORMS = "csrf_token"
"""Under this name Flask-WTF keeps in the cookie what its tokens are made of."""
SEEN_EVERY = timedelta(minutes=5)
"""More often where a session ends early: nobody who is at work is taken for idle."""


@dataclass
class SignedIn(flask_login.UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """The user of a request, as Flask-Login sees one."""

    handle: str
    row: SignedInSession
    viewer: Viewer
    indexed_sequence: int
    terms_asked: int
    """How often anybody was asked to accept terms: while it is 0, nobody is."""
    limits: Limits

    def get_id(self) -> str:
        """The session's handle: never the person's id."""
        return self.handle


def init_login(app: Flask, parts: Parts) -> None:
    """Let Flask-Login load sessions through `open_session`."""
    manager = flask_login.LoginManager()
    manager.session_protection = None  # the row is the truth; a changed user agent is no proof of theft
    manager.init_app(app)
    manager.user_loader(lambda handle: open_session(parts, g.db, handle))


def open_session(parts: Parts, session: Session, handle: str) -> SignedIn | None:
    """The one query that opens a request; None for a session that is unknown, ended, idle or too old."""
    now = parts.clock.now()
    idle = now - timedelta(minutes=parts.session_idle_minutes)
    found = session.execute(_opening(), {"handle": hash_of(handle), "now": now, "idle": idle}).one_or_none()
    if found is None:
        return None
    row, person, generation, sequence, terms_asked, own = found
    limits = in_force(parts, own)
    if not limits.hold(row, now):
        return None
    return SignedIn(handle, row, parts.viewer(session, person, generation), sequence, terms_asked, limits)


@cache
def _opening() -> Select[SignedInSession, Person, int, int, int, SessionLimits]:
    state = HubState.policy_generation, HubState.indexed_sequence, HubState.terms_asked
    return (
        select(SignedInSession, Person, *state, SessionLimits)
        .join(Person, Person.id == SignedInSession.person_id)
        .join(Place, Place.id == Person.organisation_id)
        .join(HubState, true())
        .outerjoin(SessionLimits, SessionLimits.organisation_id == Person.organisation_id)
        .where(
            SignedInSession.handle_hash == bindparam("handle"),
            SignedInSession.ended_at.is_(None),
            SignedInSession.expires_at > bindparam("now"),
            SignedInSession.seen_at > bindparam("idle"),
            Person.status == "active",
            Place.blocked_at.is_(None),
        )
    )


def signed_in() -> SignedIn | None:
    """The user of this request, or None for a stranger."""
    user: Any = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None  # noqa: SLF001  # the object behind the proxy


@dataclass(frozen=True)
class Begun:
    """What is known of a sign-in besides who it is. `id_token` is sealed before it is kept."""

    issuer_id: str | None
    sid: str = ""
    id_token: str = ""
    proved_before: timedelta | None = timedelta()
    """How long before it the person proved who they are; None where their issuer does not say."""
    browser: str = ""
    address: str = ""


def start_session(uow: UnitOfWork, parts: Parts, person: Person, *, issuer_id: str | None = None) -> str:
    """Begin a session of whom the hub has just made sure of by itself; returns its handle."""
    return begin_session(uow, parts, person, Begun(issuer_id))


def begin_session(uow: UnitOfWork, parts: Parts, person: Person, begun: Begun) -> str:
    """Write a session row; returns its handle, a new one for each sign-in. Beyond so many at once the oldest end."""
    handle = new_secret()
    limits = limits_of(uow.session, parts, person.organisation_id)
    uow.session.add(
        SignedInSession(
            handle_hash=hash_of(handle),
            person_id=person.id,
            issuer_id=begun.issuer_id,
            sid=begun.sid,
            id_token=parts.keys.encrypt(begun.id_token) if begun.id_token else "",
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=uow.now + limits.lasts,
            proved_at=None if begun.proved_before is None else uow.now - begun.proved_before,
            browser=begun.browser,
            address=begun.address,
        )
    )
    uow.session.flush()
    _end_oldest(uow, person, handle, limits)
    return handle


def _end_oldest(uow: UnitOfWork, person: Person, handle: str, limits: Limits) -> None:
    """Leave a person so many sessions as they may have at once, the one of this `handle` among them."""
    alone(uow, f"sessions of {person.id}")
    older = (
        select(SignedInSession.handle_hash)
        .where(
            SignedInSession.person_id == person.id,
            SignedInSession.ended_at.is_(None),
            SignedInSession.expires_at > uow.now,
            SignedInSession.handle_hash != hash_of(handle),
        )
        .order_by(SignedInSession.created_at.desc(), SignedInSession.seen_at.desc(), SignedInSession.handle_hash)
    )
    spent = uow.session.scalars(older).all()[limits.at_once - 1 :]
    if spent:
        ended = update(SignedInSession).where(SignedInSession.handle_hash.in_(spent)).values(ended_at=uow.now)
        uow.session.execute(ended)
        uow.record("session:too-many", person.subject_id, person.organisation_id, str(len(spent)))


def end_session(uow: UnitOfWork, handle: str) -> None:
    """End a session; its cookie is worth nothing from now on, wherever it was copied to."""
    uow.session.execute(
        update(SignedInSession)
        .where(SignedInSession.handle_hash == hash_of(handle), SignedInSession.ended_at.is_(None))
        .values(ended_at=uow.now)
    )


def remember_in_browser(handle: str, *, same_person: bool = False) -> None:
    """Put the handle into this browser's (fresh) cookie session.

    Of the `same_person` as before, forms that are open in other windows stay theirs: they go on being taken.
    """
    from flask import session as cookie

    kept = cookie.get(FORMS) if same_person else None
    cookie.clear()
    if kept is not None:
        cookie[FORMS] = kept
    flask_login.login_user(_HandleOnly(handle))


def forget_in_browser() -> None:
    """Take the handle out of this browser."""
    from flask import session as cookie

    flask_login.logout_user()
    cookie.clear()


def note_seen(parts: Parts, user: SignedIn) -> None:
    """Note that the session is in use; a write in few requests only."""
    now = parts.clock.now()
    if now - user.row.seen_at < min(SEEN_EVERY, user.limits.idle / 5):
        return
    with unit_of_work(parts.database, parts.clock, user.viewer.person.handle) as uow:
        uow.session.execute(
            update(SignedInSession).where(SignedInSession.handle_hash == user.row.handle_hash).values(seen_at=now)
        )


@cache
def last_visit() -> Select[datetime]:
    """When the `person` of a session was here before it was `begun`, to within `SEEN_EVERY`; NULL for never."""
    own = SignedInSession.person_id == bindparam("person"), SignedInSession.created_at < bindparam("begun")
    return select(func.max(SignedInSession.seen_at)).where(*own)


class _HandleOnly(flask_login.UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """Just enough of a user to be remembered."""

    def __init__(self, handle: str) -> None:
        self._handle = handle

    def get_id(self) -> str:
        """The session's handle."""
        return self._handle
