"""Within how many working days an organisation answers reports."""

from typing import Final

from sqlalchemy.orm import Session

from hub.access.models import Place
from hub.features.conduct.models import ConductSettings
from hub.ground.unit_of_work import UnitOfWork

USUAL_DAYS: Final = 2
MOST_DAYS: Final = 30


def answer_within(session: Session, organisation_id: str) -> int:
    """The number of working days."""
    row = session.get(ConductSettings, organisation_id)
    return row.answer_within if row else USUAL_DAYS


def set_answer_within(uow: UnitOfWork, organisation: Place, days: int) -> None:
    """Change that."""
    row = uow.session.get(ConductSettings, organisation.id)
    if row is None:
        uow.session.add(ConductSettings(organisation_id=organisation.id, answer_within=days))
    else:
        row.answer_within = days
    uow.session.flush()
    uow.record("conduct:set", organisation.id, organisation.id, f"answered within {days}")
