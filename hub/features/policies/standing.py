"""How each policy file stands, and yes or no to a hand edit that is held."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.rules import Fault
from acl.store import PLATFORM_FILE
from hub.access.models import PolicyText
from hub.access.parts import Parts
from hub.access.places import bump_generation, place_at
from hub.features.policies.checking import check_text, office_of
from hub.features.policies.foretelling import foretell
from hub.features.policies.holding import held_edit, settle_edits
from hub.features.policies.models import HandEdit, PolicyAlarm
from hub.features.policies.naming import judge_through
from hub.features.policies.service import adopt, file_of
from hub.ground.clock import LONDON
from hub.ground.errors import Conflict, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.things.words import people_in_words


@dataclass(frozen=True)
class Stands:
    """One file: `state` is in force, refused or held; the latter two speak of the copy on disk."""

    file: str
    state: str
    since: str
    by: str
    faults: tuple[Fault, ...]

    def row(self) -> tuple[str, str, str, str]:
        """For a table."""
        return self.file, self.state, self.since, self.by

    def as_value(self) -> dict[str, Any]:
        """For `--json`."""
        said = [{"line": f.line, "column": f.column, "message": f.message} for f in self.faults]
        return {"file": self.file, "state": self.state, "since": self.since, "by": self.by, "faults": said}


def how_they_stand(session: Session) -> list[Stands]:
    """Every accepted file, and whatever else in the folder there is an alarm about."""
    alarms = {alarm.name: alarm.faults for alarm in session.scalars(select(PolicyAlarm))}
    held = set(session.scalars(select(HandEdit.name).where(HandEdit.state == "held")))
    texts = {text.name: text for text in session.scalars(select(PolicyText))}
    found = []
    for name in sorted(alarms.keys() | texts.keys()):
        state = "held" if name in held else "refused" if name in alarms else "in force"
        text = texts.get(name)
        since = f"{text.accepted_at.astimezone(LONDON):%Y-%m-%d %H:%M}" if text else ""
        found.append(Stands(name, state, since, text.accepted_by if text else "", alarms.get(name, ())))
    return found


def file_named(session: Session, organisation: str) -> str:
    """The policy file of an organisation, by its slug, or of the platform; raises NotFound."""
    if organisation == ROOT:
        return PLATFORM_FILE
    place = place_at(session, organisation)
    if place is None or place.kind != "organisation":
        raise NotFound(f"There is no organisation {organisation}.")
    return file_of(place)


def what_it_changes(parts: Parts, session: Session, name: str, edit: HandEdit) -> list[str]:
    """Who would gain and who would lose sight of how many documents; of a text that has faults, those."""
    snapshot = parts.snapshots.latest(session)
    checked = check_text(parts, session, name, edit.text, snapshot=snapshot)
    if checked.adoptable is None:
        return [str(fault) for fault in checked.faults]
    found = foretell(session, parts.snapshots.crowd(session), parts.kinds, snapshot, parts.today, checked.adoptable)
    said = [
        f"It {does} {shown.things_in_words} {way} "
        f"{people_in_words(shown.staff, len(shown.organisations), shown.guests)}."
        for does, way, shown in (("shows", "to", found.gained), ("takes", "from", found.lost))
        if shown.things
    ]
    return said or ["Nobody gains or loses sight of a document by it."]


def agree(parts: Parts, name: str, edit: HandEdit, by: str, replacing: str) -> None:
    """Put a held hand edit in force in place of the text of that digest.

    Raises PolicyError, and Conflict where the file was changed or decided about meanwhile.
    """
    with parts.database.reading() as session:
        judge = judge_through(office_of(parts, session, name))
    with unit_of_work(parts.database, parts.clock, by) as uow:
        _check_held(uow.session, name, edit.digest)
        adopt(uow, name, edit.text, f"{by}: {edit.by}", replacing=replacing, judge=judge)
        settle_edits(uow, name)


def refuse(parts: Parts, name: str, digest: str, by: str) -> None:
    """Have the accepted text written over the held hand edit of that digest, which is kept; raises Conflict."""
    with unit_of_work(parts.database, parts.clock, by) as uow:
        _check_held(uow.session, name, digest)
        settle_edits(uow, name, "put back")
        bump_generation(uow)  # whoever watches the folder looks again
        uow.record("policy:put-back", name, detail="a hand edit on disk")


def _check_held(session: Session, name: str, digest: str) -> None:
    now = held_edit(session, name)
    if now is None or now.digest != digest:
        raise Conflict(f"{name} was changed on disk meanwhile, or somebody else has decided. Look at it again.")
