"""Guests who sign in at the hub itself: addresses, invitations, codes, passkeys. Secrets lie here as hashes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class LocalAccount(Base):
    """That a guest signs in at the hub: they have shown that letters to this address reach them."""

    __tablename__ = "local_accounts"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case. What a person's page shows may be another one: nobody signs in by that."""
    user_handle: Mapped[str] = mapped_column(String(90), unique=True)
    """What their passkeys know them by (Web Authentication Level 2, 5.4.3): random, and nowhere else."""
    bound_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    """When they signed in last."""


class LocalInvitation(Base):
    """A one-use link for a guest, for their first sign-in or for a new one after something was lost."""

    __tablename__ = "local_invitations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    """Whose it is: in lower case."""
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(60))
    """Whose word it is that this is they: an organisation's id, or `platform`."""
    carry_hash: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"), index=True)
    """Of the code by which it goes on in another browser; empty while nobody asked for one."""
    carry_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInCode(Base):
    """That somebody asked for a code at an address, whether or not anybody here has it: the worker finds out."""

    __tablename__ = "sign_in_codes"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Known to the one browser that asked, in its sealed cookie."""
    asked: Mapped[str] = mapped_column(Text)
    """Encrypted: the address; empty once the worker has looked."""
    invitation_id: Mapped[str | None] = mapped_column(String(40))
    """Of a code that shows whose an invitation is."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    """None while the worker has not looked, and where nobody is meant."""
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    """Keyed; empty as long as no code can fit."""
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Passkey(Base):
    """A passkey of a guest (Web Authentication Level 2): only its public half lies here."""

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of its id, which may be long."""
    credential: Mapped[str] = mapped_column(Text)
    """Its id, as base64url."""
    public_key: Mapped[str] = mapped_column(Text)
    """As base64url of COSE (RFC 9052)."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    rp_id: Mapped[str] = mapped_column(String(255))
    """The host for which it was made: it is good for no other."""
    name: Mapped[str] = mapped_column(Line(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)


class PasskeyChallenge(Base):
    """A challenge that was given out and not answered yet. It is answered once."""

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(String(40))
    """Who adds a passkey; None where somebody signs in by one."""
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
