"""Sessions in the browser. The only user of Flask-Login, which carries an opaque handle and nothing else.

Each request opens with one query: the session row, its person and the hub's two counters. So sign-out, suspension
and every acknowledged change of policy bind the next request, in every process.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import flask_login
from flask import Flask, g
from sqlalchemy import Select, bindparam, func, select, true, update
from sqlalchemy.orm import Session

from hub.access.models import HubState, Person, Place, SignedInSession
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.ground.ids import new_secret
from hub.ground.unit_of_work import UnitOfWork, unit_of_work

SEEN_EVERY = timedelta(minutes=5)


def hash_of(secret: str) -> str:
    """What the database keeps of a secret (SHA-256, hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass
class SignedIn(flask_login.UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """The user of a request, as Flask-Login sees one."""

    handle: str
    row: SignedInSession
    viewer: Viewer
    indexed_sequence: int

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
    row, person, generation, sequence = found
    return SignedIn(handle, row, parts.viewer(session, person, generation), sequence)


@cache
def _opening() -> Select[SignedInSession, Person, int, int]:
    return (
        select(SignedInSession, Person, HubState.policy_generation, HubState.indexed_sequence)
        .join(Person, Person.id == SignedInSession.person_id)
        .join(Place, Place.id == Person.organisation_id)
        .join(HubState, true())
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


def start_session(
    uow: UnitOfWork, parts: Parts, person: Person, *, issuer_id: str | None, sid: str = "", id_token: str = ""
) -> str:
    """Write a session row; returns its handle, a new one for each sign-in. `id_token` is sealed."""
    handle = new_secret()
    uow.session.add(
        SignedInSession(
            handle_hash=hash_of(handle),
            person_id=person.id,
            issuer_id=issuer_id,
            sid=sid,
            id_token=parts.keys.encrypt(id_token) if id_token else "",
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=uow.now + timedelta(hours=parts.session_hours),
        )
    )
    uow.session.flush()
    return handle


def end_session(uow: UnitOfWork, handle: str) -> None:
    """End a session; its cookie is worth nothing from now on, wherever it was copied to."""
    uow.session.execute(
        update(SignedInSession)
        .where(SignedInSession.handle_hash == hash_of(handle), SignedInSession.ended_at.is_(None))
        .values(ended_at=uow.now)
    )


def remember_in_browser(handle: str) -> None:
    """Put the handle into this browser's (fresh) cookie session."""
    from flask import session as cookie

    cookie.clear()
    flask_login.login_user(_HandleOnly(handle))


def forget_in_browser() -> None:
    """Take the handle out of this browser."""
    from flask import session as cookie

    flask_login.logout_user()
    cookie.clear()


def note_seen(parts: Parts, user: SignedIn) -> None:
    """Note that the session is in use; a write in few requests only."""
    now = parts.clock.now()
    if now - user.row.seen_at < SEEN_EVERY:
        return
    with unit_of_work(parts.database, parts.clock, user.viewer.person.handle) as uow:
        uow.session.execute(
            update(SignedInSession).where(SignedInSession.handle_hash == user.row.handle_hash).values(seen_at=now)
        )


def last_visit(row: SignedInSession, seen: datetime | None) -> datetime | None:
    """When the person of a session was here before it began, to within `SEEN_EVERY`; None where they never were.

    `seen` is what `seen_before` says of them and of the moment at which it began.
    """
    return min(seen, row.created_at) if seen else None


def seen_before(person: Any, begun: Any) -> Select[Any]:
    """When somebody was last seen in a session that began before a moment; a part of another query."""
    own = SignedInSession.person_id == person, SignedInSession.created_at < begun
    return select(func.max(SignedInSession.seen_at)).where(*own)


class _HandleOnly(flask_login.UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """Just enough of a user to be remembered."""

    def __init__(self, handle: str) -> None:
        self._handle = handle

    def get_id(self) -> str:
        """The session's handle."""
        return self._handle
