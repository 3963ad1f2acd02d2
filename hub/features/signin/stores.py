"""The tables behind `federation`'s Protocols, and the throttle.

Each call is a transaction of its own: no lock is held while an issuer is spoken to.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, exists, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from federation.jwks import CachedKeys
from federation.transaction import Purpose, Transaction
from hub.access.models import SignedInSession
from hub.access.parts import Parts
from hub.features.signin.models import (
    Arrival,
    FailedSignIn,
    HeardLogout,
    IssuerKeySet,
    PendingBinding,
    SignInTransaction,
    SignInTries,
)
from hub.ground.db import Base
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import unit_of_work

KEPT = timedelta(hours=1)
"""How long spent transactions and old windows stay before `tidy` removes them."""
KEPT_OVER = timedelta(days=90)
"""The same of sessions and of what bound somebody to their sign-in, after they were over."""

FAILURES_KEPT = timedelta(days=90)
"""How long it is kept, at most, that a sign-in failed, and who came by another's link."""


class KeySets:
    """A `federation.jwks.KeyStore`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def load(self, jwks_uri: str) -> CachedKeys | None:
        """What was saved last."""
        with self._parts.database.reading() as session:
            row = session.get(IssuerKeySet, jwks_uri)
            return CachedKeys(row.document, row.fetched_at, row.expires_at) if row else None

    def save(self, jwks_uri: str, cached: CachedKeys) -> None:
        """Keep, instead of what was there."""
        values = {"document": cached.document, "fetched_at": cached.fetched, "expires_at": cached.expires}
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            first = _insert(uow.session, IssuerKeySet).values(jwks_uri=jwks_uri, **values)
            uow.session.execute(first.on_conflict_do_update(index_elements=["jwks_uri"], set_=values))

    def claim_refresh(self, jwks_uri: str, now: datetime, every: timedelta) -> bool:
        """Whether the caller may fetch out of turn: one in each span of time, over all processes."""
        claim = (
            update(IssuerKeySet)
            .where(
                IssuerKeySet.jwks_uri == jwks_uri,
                or_(IssuerKeySet.forced_at.is_(None), IssuerKeySet.forced_at <= now - every),
            )
            .values(forced_at=now)
        )
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            return cast("CursorResult[tuple[()]]", uow.session.execute(claim)).rowcount == 1


class Transactions:
    """A `federation.transaction.TransactionStore`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add(self, transaction: Transaction) -> None:
        """Keep a new transaction."""
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            uow.session.add(
                SignInTransaction(
                    state_hash=transaction.state_hash,
                    browser_hash=transaction.browser_hash,
                    issuer_id=transaction.issuer_id,
                    issuer=transaction.issuer,
                    redirect_uri=transaction.redirect_uri,
                    nonce=transaction.nonce,
                    verifier=self._parts.keys.encrypt(transaction.verifier),
                    return_path=transaction.return_path,
                    purpose=transaction.purpose,
                    created_at=transaction.created,
                    expires_at=transaction.expires,
                )
            )

    def consume(self, *, state_hash: str, browser_hash: str, issuer_id: str, now: datetime) -> Transaction | None:
        """The one open transaction that all three fit, taken by one update: of two callers one gets it."""
        row = SignInTransaction
        take = (
            update(row)
            .where(
                row.state_hash == state_hash,
                row.browser_hash == browser_hash,
                row.issuer_id == issuer_id,
                row.expires_at > now,
                row.consumed_at.is_(None),
            )
            .values(consumed_at=now)
            .returning(row)
        )
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            found = uow.session.scalar(take)
            return self._read(found) if found is not None else None

    def _read(self, row: SignInTransaction) -> Transaction:
        return Transaction(
            state_hash=row.state_hash,
            browser_hash=row.browser_hash,
            issuer_id=row.issuer_id,
            issuer=row.issuer,
            redirect_uri=row.redirect_uri,
            nonce=row.nonce,
            verifier=self._parts.keys.decrypt(row.verifier),
            return_path=row.return_path,
            purpose=cast("Purpose", row.purpose),
            created=row.created_at,
            expires=row.expires_at,
        )


@dataclass(frozen=True)
class Limit:
    """So many tries in a window of so many seconds."""

    kind: str
    tries: int
    seconds: int


PER_BROWSER = Limit("browser", 20, 600)
PER_ADDRESS = Limit("address", 300, 60)
"""Many: a whole council may come from one address, at nine o'clock. Nothing is counted for a person or an organisation,
so that no stranger can lock anybody out from elsewhere; and from the same address for a minute at most."""
PER_PERSON = Limit("person", 20, 600)
"""Of somebody who is signed in, and proves it anew."""
NOTICES = Limit("notices", 600, 60)
"""Notices of sessions that have ended, from one address; a council may sign everybody out at once."""
REFUSALS_KEPT = Limit("refusals", 30, 3600)
"""Of each kind, at each issuer: so many tell an administrator what is wrong. The log has them all, and is rotated."""


def note_try(parts: Parts, limit: Limit, who: str) -> bool:
    """Count a try of an address or a browser; False when its window is used up."""
    now = parts.clock.now()
    window = datetime.fromtimestamp(now.timestamp() // limit.seconds * limit.seconds, UTC)
    keyed = hmac.new(parts.keys.signing[0].encode(), f"{limit.kind}:{who}".encode(), "sha256").hexdigest()
    with unit_of_work(parts.database, parts.clock) as uow:
        first = _insert(uow.session, SignInTries).values(who=keyed, window=window, tries=1)
        counted = first.on_conflict_do_update(
            index_elements=["who", "window"],
            set_={"tries": SignInTries.tries + 1},
            where=SignInTries.tries < limit.tries,
        ).returning(SignInTries.tries)
        return uow.session.scalar(counted) is not None  # one statement: exact, however many processes count


def tidy(parts: Parts) -> int:
    """Remove what is spent; returns how many rows went."""
    before = parts.clock.now() - KEPT
    now = parts.clock.now()
    over: tuple[tuple[type[Base], ColumnElement[bool]], ...] = (
        (SignInTransaction, SignInTransaction.expires_at < before),
        (SignInTries, SignInTries.window < before),
        (HeardLogout, HeardLogout.spent_at < now),
        (FailedSignIn, FailedSignIn.at < now - FAILURES_KEPT),
        (Arrival, Arrival.came_at < now - FAILURES_KEPT),
    )
    return sum(forget(parts.database, parts.clock, table, old) for table, old in over)


def tidy_long_over(parts: Parts) -> int:
    """Remove what was over long ago; returns how many rows went.

    That is: sessions, but for everybody's last one; links and subjects that bound somebody to their sign-in; keys of
    issuers that nobody fetches any more.
    """
    long_ago = parts.clock.now() - KEPT_OVER
    newer = aliased(SignedInSession)
    not_last = exists().where(
        newer.person_id == SignedInSession.person_id, newer.created_at > SignedInSession.created_at
    )  # of the last one people are told when they were here before (`hub/access/login.py`)
    over: tuple[tuple[type[Base], tuple[ColumnElement[bool], ...]], ...] = (
        (SignedInSession, (SignedInSession.expires_at < long_ago, not_last)),
        (PendingBinding, (or_(PendingBinding.used_at < long_ago, PendingBinding.expires_at < long_ago),)),
        (IssuerKeySet, (IssuerKeySet.expires_at < long_ago,)),
    )
    return sum(forget(parts.database, parts.clock, table, *old) for table, old in over)


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what to do when the row is there already: both databases know it, each in its dialect."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)
