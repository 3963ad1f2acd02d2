"""Issuers, the identities that they vouch for, sign-ins under way, and how often somebody tried."""

import hashlib
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment

ACTIVE, DISABLED, QUARANTINED, DRAFT = "active", "disabled", "quarantined", "draft"


class Issuer(Base):
    """An OpenID Connect issuer through which the people of one organisation sign in."""

    __tablename__ = "issuers"
    __table_args__ = (UniqueConstraint("issuer", "tenant_value"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Part of its redirect address, so that no issuer shares one with another."""
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    """Its identifier, compared character by character."""
    client_id: Mapped[str] = mapped_column(String(255))
    auth_method: Mapped[str] = mapped_column(String(30), default="client_secret_basic")
    secret: Mapped[str] = mapped_column(Text, default="")
    """Encrypted: the client secret, or the private key of private_key_jwt as a JWK."""
    status: Mapped[str] = mapped_column(String(12), default=ACTIVE)
    """`active`, `disabled`, `quarantined`, or `draft`: prepared, so that nobody signs in through it but to try it."""
    preset: Mapped[str] = mapped_column(String(12), default="", server_default=text("''"))
    """Which product it is, as its administrators said: a key of `presets.PRESETS`; empty where they did not."""
    par: Mapped[str] = mapped_column(String(8), default="auto")
    """`auto`, `require` or `off`."""
    s256_waived: Mapped[bool] = mapped_column(default=False)
    """On record: it supports S256 without saying so."""
    inner_network: Mapped[bool] = mapped_column(default=False)
    """The operator has said that its exact origin may be on an inner network."""
    tenant_claim: Mapped[str] = mapped_column(String(60), default="")
    tenant_value: Mapped[str] = mapped_column(String(255), default="")
    """Of an issuer that serves many organisations: the claim that names this one, and its value."""
    pin: Mapped[str] = mapped_column(Text, default="")
    """Its checked metadata as JSON; empty until it was first reached."""
    pinned_at: Mapped[datetime | None] = mapped_column(Moment)
    candidate: Mapped[str] = mapped_column(Text, default="")
    """Metadata that differ gravely from the pin and wait for an administrator; empty otherwise."""
    drifted_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its metadata were last compared with the pin, as far as it answered."""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    tells_auth_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it has ever said when somebody proved who they are: then it must, where they have to do so anew."""
    proof_acr: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    """How people prove it who are to do so anew: values of `acr`, with spaces between; empty for as usual."""
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    """When somebody last came in by it, to within some minutes."""
    ahead_seconds: Mapped[int | None]
    """By how much its clock was ahead of the hub's then, by the time of its token; negative where it was behind."""
    secret_until: Mapped[date | None] = mapped_column(Date)
    """The last day of the client secret, as its administrators have said."""
    secret_told: Mapped[int | None]
    """So many days before that day they were last written to."""

    @property
    def candidate_mark(self) -> str:
        """What tells one set of changed metadata from another: whoever accepts some says which they have seen."""
        return hashlib.sha256(self.candidate.encode()).hexdigest()[:16] if self.candidate else ""


class ExternalIdentity(Base):
    """Who a person is at an issuer. (issuer, subject) is the only key; no address, no name ever stands for it."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    issuer_id: Mapped[str] = mapped_column(ForeignKey("issuers.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    bound_by: Mapped[str] = mapped_column(String(12))
    """`subject` (it was expected), `link` (a one-use link was opened) or `word` (somebody said that it is they)."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)


class PendingBinding(Base):
    """A person who was added before their first sign-in: what will show that it is they."""

    __tablename__ = "pending_bindings"
    __table_args__ = (UniqueConstraint("issuer_id", "subject", "link_hash"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    issuer_id: Mapped[str] = mapped_column(ForeignKey("issuers.id"), index=True)
    subject: Mapped[str] = mapped_column(String(255), default="")
    """The `sub` that their issuer will send; empty for a link."""
    link_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    """SHA-256 of a one-use link's secret; empty for an expected subject."""
    address: Mapped[str] = mapped_column(String(254), default="", server_default=text("''"))
    """Whom alone a link lets in: who is vouched for under this mail address. Empty where it was given by hand."""
    made_by: Mapped[str] = mapped_column(String(60), default="")
    """Whose word it is that this is they: an organisation's id, or `platform`; empty where nobody knows any more."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInTransaction(Base):
    """A sign-in under way. Holds hashes of what the browser brings back, never that itself."""

    __tablename__ = "sign_in_transactions"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    issuer_id: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(500))
    redirect_uri: Mapped[str] = mapped_column(String(500))
    nonce: Mapped[str] = mapped_column(String(80))
    verifier: Mapped[str] = mapped_column(Text)
    """Encrypted."""
    return_path: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    consumed_at: Mapped[datetime | None] = mapped_column(Moment)


class Arrival(Base):
    """Somebody who came and could be whom a place was kept for, and is not taken for them before somebody has said so.

    It never changes but by the decision.
    """

    __tablename__ = "arrivals"
    __table_args__ = (UniqueConstraint("person_id", "issuer_id", "subject"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """Whose place it would be."""
    issuer_id: Mapped[str] = mapped_column(ForeignKey("issuers.id"), index=True)
    subject: Mapped[str] = mapped_column(String(255))
    pending_id: Mapped[str | None] = mapped_column(ForeignKey("pending_bindings.id"))
    """The link that was opened; None where the organisation's issuer was replaced, and no link is needed."""
    decider: Mapped[str] = mapped_column(String(60), index=True)
    """Whose administrators decide, besides a guest's sponsor: an organisation's id, or `platform`."""
    name: Mapped[str] = mapped_column(Line(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    """As the issuer said it, in a mail domain of its organisation or not; proves nothing."""
    email_verified: Mapped[bool] = mapped_column(default=False)
    came_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    admitted: Mapped[bool] = mapped_column(default=False)


class FailedSignIn(Base):
    """A sign-in that failed, for the administrators of the issuer's organisation; the last of each issuer are kept."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (Index("ix_failed_sign_ins_issuer_at", "issuer_id", "at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The reference that the person was told."""
    issuer_id: Mapped[str] = mapped_column(ForeignKey("issuers.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    code: Mapped[str] = mapped_column(String(40))
    """Of `federation.errors.CATALOGUE`."""
    detail: Mapped[str] = mapped_column(String(500))
    claims: Mapped[str] = mapped_column(Text, default="")
    """What the issuer had signed by then, as JSON, redacted (`federation.redacted`)."""


class IssuerKeySet(Base):
    """An issuer's signing keys as fetched, shared by all processes."""

    __tablename__ = "issuer_key_sets"

    jwks_uri: Mapped[str] = mapped_column(String(2000), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    forced_at: Mapped[datetime | None] = mapped_column(Moment)


class HeardLogout(Base):
    """That an issuer's notice of a session's end was taken: it is taken once."""

    __tablename__ = "heard_logouts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the issuer's id here and of the notice's own (`jti`)."""
    spent_at: Mapped[datetime] = mapped_column(Moment, index=True)
    """From when on it is too old to be shown again."""


class SignInTries(Base):
    """How often an address or a browser tried to sign in within one window of time."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_window", "window"),)

    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the address or of the browser's secret: no address lies here to be read."""
    window: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    tries: Mapped[int]
