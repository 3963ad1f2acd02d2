"""What the worker does by the schedules of organisations: it calls conversations due, and lets go of what waited."""

from typing import Final

from sqlalchemy import select

from hub.access.parts import Parts
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.talk.models import RecordsSchedule
from hub.nouns.threads import retention

AT_ONCE: Final = 100
"""Conversations of an organisation that go in one round, each in a transaction of its own."""


def retention_round(parts: Parts) -> int:
    """Do so for every organisation that has a schedule; returns how many conversations changed."""
    with parts.database.reading() as session:
        asked = select(RecordsSchedule.organisation_id).where(RecordsSchedule.months.is_not(None))
        organisations = list(session.scalars(asked.order_by(RecordsSchedule.organisation_id)))
    return sum(_round_of(parts, organisation) for organisation in organisations)


def _round_of(parts: Parts, organisation: str) -> int:
    with unit_of_work(parts.database, parts.clock) as uow:
        done = retention.call_due(uow, organisation, retention.rule_of(uow.session, organisation))
        going = retention.over(uow.session, organisation, uow.now, AT_ONCE)
    for node in going:
        with unit_of_work(parts.database, parts.clock) as uow:
            done += retention.let_go(uow, organisation, node)
    return done
