"""What is wrong with working copies, and what people wrote in them that is not in force."""

import json
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from acl.rules import Fault
from hub.ground.db import Base, Moment


class PolicyAlarm(Base):
    """A policy file on disk that was not adopted. The row goes when the file is right again."""

    __tablename__ = "policy_alarms"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of the refused content (SHA-256)."""
    faults_json: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, by line."""
        return tuple(Fault(*fault) for fault in json.loads(self.faults_json))

    @faults.setter
    def faults(self, faults: tuple[Fault, ...]) -> None:
        self.faults_json = json.dumps([[f.file, f.line, f.column, f.message] for f in faults])


class HandEdit(Base):
    """A text that stood in a policy file on disk and was not put in force: kept, whatever is saved over it."""

    __tablename__ = "policy_hand_edits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of the bytes on disk (SHA-256)."""
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    """A sentence: what is wrong, or what it would lose."""
    state: Mapped[str] = mapped_column(String(12))
    """`refused`; `held` until somebody agrees; `put back` until the file is written over; then `kept`."""
    seen_at: Mapped[datetime] = mapped_column(Moment)
