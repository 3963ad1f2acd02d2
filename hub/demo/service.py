"""What the tour's buttons do: through the use cases by which people do the same, in the name of those who may."""

from datetime import timedelta

from sqlalchemy import select

from acl.rules import read_rules
from hub.access.models import Person, Place, PolicyText
from hub.access.parts import Parts
from hub.demo.content_files import read_policies
from hub.demo.queries import FILE, SHARE_DAYS, SHARE_REASON, SHARED_TITLE, WHO, is_the_line, open_shares
from hub.features.policies.service import Accepted, adopt
from hub.ground.errors import Conflict, NotFound, NotPermitted
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.documents.models import Document
from hub.nouns.people.service import NewGrant, end_grant, give

ADMINISTRATOR = "leeds/daniel-whitaker"
"""Who changes Leeds' policy on the tour: the line that he may is in the same file."""
OWNER = "leeds/tomasz-nowak"
"""Who shares the document: it is his."""


def take_out(parts: Parts) -> Accepted:
    """Put Leeds' policy in force without the lines by which York reads the joint flood plan.

    Raises Conflict where there is none.
    """
    with unit_of_work(parts.database, parts.clock, ADMINISTRATOR) as uow:
        _require_policy(parts, uow)
        text = _text(uow)
        lines = _york(text)
        if not lines:
            raise Conflict("York's line is out already: put it back first.")
        kept = [line for number, line in enumerate(text.splitlines(keepends=True), start=1) if number not in lines]
        return adopt(uow, FILE, "".join(kept), ADMINISTRATOR)


def bring_back(parts: Parts) -> Accepted:
    """Put York's line in again, where it stood; the rest of the file stays as it is. Nothing happens if it is there."""
    with unit_of_work(parts.database, parts.clock, ADMINISTRATOR) as uow:
        _require_policy(parts, uow)
        return adopt(uow, FILE, with_line(_text(uow)), ADMINISTRATOR)


def share(parts: Parts) -> None:
    """Share the document of the tour with everyone at York for some weeks; raises Conflict where it is shared."""
    with unit_of_work(parts.database, parts.clock, OWNER) as uow:
        document = _document(uow)
        _require(parts, uow, OWNER, "manage", document)
        if uow.session.scalar(open_shares(document).limit(1)) is not None:
            raise Conflict("It is shared already: take it back first.")
        new = NewGrant(
            principal=WHO,
            can="read",
            node=f"doc:{document.id}",
            organisation_id=document.organisation_id,
            given_by=OWNER,
            source="share",
            reason=SHARE_REASON,
            until=parts.today + timedelta(days=SHARE_DAYS),
        )
        give(uow, new)


def take_back(parts: Parts) -> None:
    """End every share that the tour has made."""
    with unit_of_work(parts.database, parts.clock, OWNER) as uow:
        for grant in uow.session.scalars(open_shares(_document(uow))):
            end_grant(uow, grant)


def put_everything_back(parts: Parts) -> None:
    """Leeds' policy file as the demo came with, and no share of the tour's: as when the demo was written."""
    with unit_of_work(parts.database, parts.clock) as uow:
        adopt(uow, FILE, original(), "demo")
    take_back(parts)


def original() -> str:
    """Leeds' policy file as the demo came with."""
    return read_policies()[FILE]


def with_line(text: str) -> str:
    """A text of Leeds' policy with York's line: where it stood, or at the end where its neighbours are gone."""
    if _york(text):
        return text
    first = original().splitlines()
    at = min(_york(original())) - 1
    lines = text.splitlines()
    before = next((lines.index(line) + 1 for line in reversed(first[:at]) if line in lines), len(lines))
    return "\n".join([*lines[:before], first[at], *lines[before:]]) + "\n"


def _york(text: str) -> set[int]:
    return {rule.line for rule in read_rules(text, file=FILE, scope="leeds") if is_the_line(rule)}


def _text(uow: UnitOfWork) -> str:
    row = uow.session.get(PolicyText, FILE)
    if row is None:
        raise NotFound
    return row.text


def _document(uow: UnitOfWork) -> Document:
    document = uow.session.scalar(select(Document).where(Document.title == SHARED_TITLE).order_by(Document.created_at))
    if document is None:
        raise NotFound
    return document


def _require_policy(parts: Parts, uow: UnitOfWork) -> None:
    place = uow.session.scalar(select(Place).where(Place.path == "leeds"))
    if place is None:
        raise NotFound
    _require(parts, uow, ADMINISTRATOR, "administer", place)


def _require(parts: Parts, uow: UnitOfWork, handle: str, action: str, thing: Place | Document) -> None:
    """Ask policy whether the one in whose name the tour acts may do so; raises NotPermitted."""
    person = uow.session.scalar(select(Person).where(Person.handle == handle))
    if person is None:
        raise NotFound
    decision = parts.viewer(uow.session, person).decide(action, thing)
    if decision is None or not decision.allowed:
        raise NotPermitted(f"{person.name} may no longer do this: put everything back, or restore the policy file.")
