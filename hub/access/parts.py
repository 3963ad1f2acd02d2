"""What a running hub is made of: put together once by `hub/app.py`, passed to whoever works with it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from acl.gate import Gate
from config.mail import Mailing
from hub.access.models import Person
from hub.access.snapshots import Snapshots
from hub.access.viewer import Viewer
from hub.ground.clock import Clock, day_of
from hub.ground.db import Database
from hub.ground.files import FileStore
from hub.ground.keys import Keys
from hub.ground.names import Names, SystemNames
from hub.things.kinds import Kinds
from search.engine import Engine


@dataclass(frozen=True)
class Parts:
    """The parts, and the few settings that use cases need."""

    database: Database
    clock: Clock
    keys: Keys
    snapshots: Snapshots
    files: FileStore
    engine: Engine
    kinds: Kinds
    policy_dir: Path
    public_url: str
    mail: Mailing
    """What letters are sent with."""
    upload_limit: int
    """Bytes."""
    session_idle_minutes: int
    session_hours: int
    sessions_at_once: int
    loopback_issuers: bool
    demo: bool
    names: Names = field(default_factory=SystemNames)
    """The domain name system."""
    issuer_ca: Path | None = None
    """Certificates of the authorities of inner networks, trusted for issuers there."""

    @property
    def today(self) -> date:
        """The day in London."""
        return day_of(self.clock.now())

    def viewer(self, session: Session, person: Person, generation: int | None = None) -> Viewer:
        """The person as someone who looks, with the newest snapshot that the session knows of."""
        snapshots = self.snapshots
        snapshot = snapshots.latest(session) if generation is None else snapshots.at_least(generation)
        return Viewer(
            person=person,
            subject=snapshots.subject(session, person),
            snapshot=snapshot,
            today=self.today,
            session=session,
            kinds=self.kinds,
        )

    def gate(self, session: Session) -> Gate:
        """The gate of the snapshot in force."""
        return Gate(self.snapshots.latest(session), self.today)
