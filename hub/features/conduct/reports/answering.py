"""Reporting a thing that people comment on, and what those who see to it say about that."""

from hub.access.models import Person
from hub.features.conduct.reports.service import NewReport, check_report, checked_note
from hub.features.conduct.reports.things import own_thing_report, reports_of_thing
from hub.features.conduct.reports.words import DONE, LEFT
from hub.ground.errors import Conflict
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter
from hub.mail.service import post as send
from hub.nouns.people.queries import person_by_handle
from hub.nouns.talk.models import ThingReport
from hub.nouns.threads.withdrawing import NEWS, tell_reporters
from hub.things.thing import Lying

OWNS = "You get this because it is yours."
SEEN_TO = "Something was done about a thing of yours that was reported. What it was stands in the hub."


def still_holds(before: ThingReport, revision: int) -> bool:
    """Whether a report is of the thing as it reads now, or waits for an answer: then another adds nothing."""
    return not before.outcome or before.revision >= revision


def report_thing(
    uow: UnitOfWork, thing: Lying, revision: int, reporter: Person, new: NewReport, *, passed_on: bool
) -> bool:
    """Keep a report; False, and nothing changes, where they reported it before, as it reads now.

    `passed_on`: nobody but its owner manages it. What a manager passed on already, goes there too.
    """
    check_report(new.why, new.words)
    before = own_thing_report(uow.session, reporter.id, thing.node)
    if before is not None:
        if still_holds(before, revision):
            return False
        uow.session.delete(before)
        uow.session.flush()
    others = reports_of_thing(uow.session, thing.node, lock=True)
    passed_by = next((each.passed_by for each in others if each.passed_by and not each.outcome), "")
    row = ThingReport(
        id=new_id(),
        node=thing.node,
        reporter_id=reporter.id,
        why=new.why,
        words=new.words.strip(),
        revision=min(new.revision, revision),
        at=uow.now,
        passed_on=passed_on or bool(passed_by),
        passed_by=passed_by,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("thing:report", thing.node, thing.organisation_id)
    return True


def answer(uow: UnitOfWork, thing: Lying, by: str, outcome: str, note: str) -> None:
    """Say that it stays, or what was done about it; who reported it hears of that by letter, of the latter its owner.

    Raises Invalid without a reason, Conflict where nothing waits any more.
    """
    note, reports = checked_note(note), _open_of(uow, thing)
    for each in reports:
        each.outcome, each.note, each.outcome_at, each.outcome_by = outcome, note, uow.now, by
    uow.session.flush()
    tell_reporters(uow, [each.reporter_id for each in reports])
    uow.record("thing:leave" if outcome == LEFT else "thing:moderate", thing.node, thing.organisation_id)
    owner = person_by_handle(uow.session, thing.owner.partition(":")[2]) if outcome == DONE and thing.owner else None
    if owner is not None:
        send(uow, Letter(owner, "Something of yours was seen to", (SEEN_TO,), NEWS, why=OWNS))


def pass_on(uow: UnitOfWork, thing: Lying, by: str) -> None:
    """Leave the decision to those who look after the organisation."""
    for each in _open_of(uow, thing):
        each.passed_on, each.passed_by = True, by
    uow.session.flush()
    uow.record("thing:pass-on", thing.node, thing.organisation_id)


def _open_of(uow: UnitOfWork, thing: Lying) -> list[ThingReport]:
    found = [each for each in reports_of_thing(uow.session, thing.node, lock=True) if not each.outcome]
    if not found:
        raise Conflict("Somebody saw to this meanwhile. Open it again to read what they did.")
    return found
