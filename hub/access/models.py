"""Everything that a decision reads: the state of the hub, the policy texts, the place tree, people, groups, grants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from acl.store import Snapshot
from acl.visibility import Object
from acl.vocabulary import PEOPLE
from hub.access.checks import closed_words
from hub.access.judged import judge_at, judge_place
from hub.ground.db import Base, Line, Moment

_OPEN = text("ended_at IS NULL")


class HubState(Base):
    """One row: the counters by which every process knows whether it is behind."""

    __tablename__ = "hub_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    policy_generation: Mapped[int] = mapped_column(default=0)
    """Grows with every accepted policy file and every change of the place tree."""
    indexed_sequence: Mapped[int] = mapped_column(default=0)
    """Grows with every commit of the index."""
    keys: Mapped[str] = mapped_column(String(140), default="")
    """By what the keys are known that the hub works with (`Keys.check`); empty before its first start."""
    terms_asked: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Grows with every text of terms that people are asked to accept; 0 while there is none."""
    works_from: Mapped[str] = mapped_column(String(8), default="")
    """The oldest schema whose web processes go on with this one (`hub/ground/schema.py`)."""


class WorkerTurn(Base):
    """One row: which turn of working it is, and whose. Units of work of a turn that is over cannot commit."""

    __tablename__ = "worker_turns"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int] = mapped_column(default=0)
    machine: Mapped[str] = mapped_column(String(255), default="")
    """The name of the machine on which that worker runs."""
    since: Mapped[datetime | None] = mapped_column(Moment)


class PolicyText(Base):
    """The accepted text of one policy file: the truth of which the file on disk is a working copy."""

    __tablename__ = "policy_texts"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`platform.csv` or `organisations/<slug>.csv`."""
    scope: Mapped[str] = mapped_column(String(60))
    """Node that its lines may speak of: `platform` or the organisation's place."""
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    generation: Mapped[int] = mapped_column(index=True)
    accepted_at: Mapped[datetime] = mapped_column(Moment)
    accepted_by: Mapped[str] = mapped_column(String(120))


class PolicyVersion(Base):
    """An accepted text that was once in force."""

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str] = mapped_column(Text)
    generation: Mapped[int]
    accepted_at: Mapped[datetime] = mapped_column(Moment)
    accepted_by: Mapped[str] = mapped_column(String(120))


def voices_in_force(audience: str, voices: str) -> str:
    """Who may write in a space of this audience: where nobody has said so, all staff if it is open, else its members.

    Without an audience it is no space, and empty. Of a space that was deleted, its voices stay with its audience.
    """
    usual = ("staff" if audience == "open" else "members") if audience else ""
    return voices or usual


class Place(Base):
    """A node of the tree: the platform, an organisation, a space or a folder."""

    __tablename__ = "places"
    __table_args__ = (Index("ix_places_visible", "kind", "ms"), *closed_words())

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    """The organisation that owns it; an organisation names itself, the platform nobody."""
    slug: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(900), unique=True)
    name: Mapped[str] = mapped_column(Line(200))
    description: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(20), default="")
    """Of a space: open, restricted, private or confidential; else empty."""
    voices: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    """Of a space: who may write in it, once somebody has said so; else empty."""
    marking: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="published")
    ms: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(120), default="")
    generation: Mapped[int] = mapped_column(index=True)
    """The policy generation in which it last changed."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    """Of an organisation: since when all its people, guests too, are kept out; None while they are not."""

    @property
    def node(self) -> str:
        """The node that is given to members, and that lines of policy name; its own page may be another one."""
        return self.id

    @property
    def voices_in_force(self) -> str:
        """Who may write in a space, said or not; of any other place empty."""
        return voices_in_force(self.audience, self.voices)

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The place as policy sees it; of an organisation or a space, its home page. None while it is not known."""
        return judge_place(
            self.id, self.kind, owner=self.owner, marking=self.marking, state=self.state, snapshot=snapshot
        )


class PlaceClosure(Base):
    """Each pair of a place and one of its ancestors (itself included). `open`: no private space lies between them."""

    __tablename__ = "place_closure"
    __table_args__ = (Index("ix_place_closure_down", "ancestor_id", "open", "descendant_id", unique=True),)

    descendant_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    ancestor_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    depth: Mapped[int]
    open: Mapped[bool]


class FormerPath(Base):
    """A path that a place once had: whoever may see the place is led on to where it is now."""

    __tablename__ = "former_paths"

    path: Mapped[str] = mapped_column(String(900), primary_key=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    """The last place that had it."""
    left_at: Mapped[datetime] = mapped_column(Moment)


class GonePlace(Base):
    """That a place was deleted, for processes that still have it in their tree."""

    __tablename__ = "gone_places"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    generation: Mapped[int] = mapped_column(index=True)


class Person(Base):
    """Someone with a handle: staff of their organisation, or a guest who works for a supplier."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_placed", "organisation_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    handle: Mapped[str] = mapped_column(String(160), unique=True)
    """`leeds/sam-okafor`: never reissued, never an e-mail address."""
    kind: Mapped[str] = mapped_column(String(10), default="staff")
    """`staff` or `guest`."""
    name: Mapped[str] = mapped_column(Line(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    job_title: Mapped[str] = mapped_column(Line(200), default="")
    status: Mapped[str] = mapped_column(String(12), default="active")
    """`active`, `suspended` or `left`."""
    access_epoch: Mapped[int] = mapped_column(default=1)
    """Grows with every change to the person's groups, grants or status."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def subject_id(self) -> str:
        """The `who` word that names this person in policy."""
        return f"{'guest' if self.kind == 'guest' else 'person'}:{self.handle}"

    @property
    def node(self) -> str:
        """The node of the person's page."""
        return f"profile:{self.id}"

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The person's page: it lies under their organisation, OFFICIAL, published while they are active.

        That of staff lies among its people, of whom a line of policy can speak alone (`people:leeds`).
        """
        return judge_at(
            self.organisation_id if self.kind == "guest" else f"{PEOPLE}{self.organisation_id}",
            self.node,
            owner=self.subject_id,
            marking="OFFICIAL",
            state="published" if self.status == "active" else "withdrawn",
            snapshot=snapshot,
        )


class Group(Base):
    """People of one organisation, named in policy as `group:<handle>`."""

    __tablename__ = "groups"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    handle: Mapped[str] = mapped_column(String(160), unique=True)
    name: Mapped[str] = mapped_column(Line(200))


class GroupMember(Base):
    """That a person belongs to a group."""

    __tablename__ = "group_members"

    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Grant(Base):
    """A membership, a share or a guest's admission: judged as one allow line."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_principal", "principal", "ended_at"), Index("ix_grants_until", "until", "node"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    principal: Mapped[str] = mapped_column(String(160))
    """A `who` word: person:, guest:, group: or org:."""
    can: Mapped[str] = mapped_column(String(20))
    node: Mapped[str] = mapped_column(String(60), index=True)
    """Place id or `doc:ID`."""
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    """The organisation that owns the thing: the grant's scope."""
    marking: Mapped[str] = mapped_column(String(40), default="any")
    state: Mapped[str] = mapped_column(String(20), default="published")
    until: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(12))
    """`membership`, `share` or `guest`."""
    given_by: Mapped[str] = mapped_column(String(160))
    """Handle of the giver; of a guest's admission, the sponsor."""
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Hold(Base):
    """That rights beyond their organisation wait, one person's or everybody's of it, until the hub confirms them."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_open", "confirmed_at", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """None: everybody of the organisation, its guests elsewhere too."""
    why: Mapped[str] = mapped_column(String(12))
    """A key of `hub.access.holds.REASONS`."""
    detail: Mapped[str] = mapped_column(Text, default="")
    """What changed, as the audit has it."""
    by: Mapped[str] = mapped_column(String(160))
    """Handle of who did it; empty for the hub itself."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str] = mapped_column(String(160), default="")


class SignedInSession(Base):
    """A session in a browser. The browser holds the handle, the database only its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_open", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    handle_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    issuer_id: Mapped[str | None] = mapped_column(String(40), index=True)
    sid: Mapped[str] = mapped_column(String(255), default="")
    """The issuer's own session id, for its logout messages."""
    id_token: Mapped[str] = mapped_column(Text, default="")
    """Encrypted; sent back as a hint when signing out."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person last proved who they are, as far as their issuer says; None where it does not."""
    browser: Mapped[str] = mapped_column(Line(80), default="", server_default=text("''"))
    """In words: “Firefox on Windows”."""
    address: Mapped[str] = mapped_column(String(45), default="", server_default=text("''"))
    """From which address of the network it was begun."""


class SessionLimits(Base):
    """How long sessions of an organisation's people last, where it says so itself: never longer than the hub's."""

    __tablename__ = "session_limits"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    idle_minutes: Mapped[int | None]
    """A session unused for so long ends; None for as long as the hub's."""
    hours: Mapped[int | None]
    """A session ends after so many hours, used or not; None likewise."""
    at_once: Mapped[int | None]
    """So many sessions one person has at a time; None likewise."""


class Fence(Base):
    """A thing that must not appear in answers of the engine until the index has caught up with its message."""

    __tablename__ = "fences"
    __table_args__ = (UniqueConstraint("node", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    node: Mapped[str] = mapped_column(String(60), index=True)
    """An entry's id (`doc:ID`, `space:ID` …), or `within:PLACE` for a subtree."""
    message_id: Mapped[int] = mapped_column(index=True)


class SpentBudget(Base):
    """How many costly requests of one kind somebody made within one minute, beyond what their process let pass."""

    __tablename__ = "spent_budgets"
    __table_args__ = (Index("ix_spent_budgets_window", "window"),)

    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the kind and of the person, or of a stranger's address."""
    window: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    spent: Mapped[int]
