"""Asking those whose policy file names a thing to let go of it.

A place, so that it can be deleted; what lies in one, so that it can go to another organisation. Whoever manages the
thing is told whose administrators to ask, and nothing of what the file says. Those see their own lines, who asks, and
since when: the place or the node of a wish they have named themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.features.sharing.models import LineWish
from hub.ground.errors import Conflict
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.things.columns import among
from hub.things.kinds import Kinds, lying_at
from hub.things.thing import Lying

MOST = 20
"""So many wishes of one person may wait at a time."""
MOST_SHOWN = 50
TOO_MANY = "You have asked about {} things already. Take one of these back, or wait for an answer."


@dataclass(frozen=True)
class Waiting:
    """A wish, who has it, how the file calls what it is about, and the lines of the file that do."""

    wish: LineWish
    asker: Person
    where: str
    lines: tuple[Rule, ...]


def naming(snapshot: Snapshot, place: Place) -> list[PolicyFile]:
    """The files of a place's organisation and of the hub with lines that name just it."""
    scopes = {place.organisation_id, ROOT}
    files = (file for file in snapshot.files.values() if file.scope in scopes)
    return [file for file in files if any(rule.where == place.path for rule in file.rules)]


def denying(snapshot: Snapshot, thing: Lying, today: date) -> list[PolicyFile]:
    """The files of its organisation with a deny in force that names just a thing, and would be lost where it left."""
    files = (file for file in snapshot.files.values() if file.scope == thing.organisation_id)
    return [file for file in files if any(_denies(rule, thing.node, today) for rule in file.rules)]


def _denies(rule: Rule, node: str, today: date) -> bool:
    return rule.effect == "deny" and rule.where == node and (rule.until == "-" or today.isoformat() <= rule.until)


def ask_to_let_go(uow: UnitOfWork, files: Iterable[PolicyFile], node: str, asker: Person) -> None:
    """Ask those who look after the files; whoever asks again has asked once. Raises Conflict for the twenty-first."""
    uow.session.get_one(Person, asker.id, with_for_update=True)  # one at a time, in every process
    before = {wish.file for wish in wishes_on(uow.session, node, asker)}
    waiting = select(func.count()).select_from(LineWish)
    mine = LineWish.asker_id == asker.id, LineWish.refused_at.is_(None)
    new = [file for file in files if file.name not in before]
    if (uow.session.scalar(waiting.where(*mine)) or 0) + len(new) > MOST:
        raise Conflict(TOO_MANY.format(MOST))
    for file in new:
        uow.session.add(LineWish(id=new_id(), file=file.name, node=node, asker_id=asker.id, asked_at=uow.now))
        uow.record("wish:ask", node, None if file.scope == ROOT else file.scope, file.name)
    uow.session.flush()


def take_back(uow: UnitOfWork, node: str, organisation_id: str | None, asker: Person) -> None:
    """Want it no more."""
    uow.session.execute(delete(LineWish).where(LineWish.node == node, LineWish.asker_id == asker.id))
    uow.record("wish:take-back", node, organisation_id)


def refuse(uow: UnitOfWork, wish: LineWish, organisation_id: str | None) -> None:
    """Say no: the lines stay."""
    if wish.refused_at is None:
        wish.refused_at = uow.now
        uow.record("wish:refuse", wish.node, organisation_id, wish.file)


def wishes_on(session: Session, node: str, asker: Person) -> list[LineWish]:
    """What somebody has asked about a place, by its id, or about a thing, by its node."""
    mine = select(LineWish).where(LineWish.node == node, LineWish.asker_id == asker.id)
    return list(session.scalars(mine.order_by(LineWish.asked_at, LineWish.id)))


def waiting_on(session: Session, kinds: Kinds, file: PolicyFile) -> list[Waiting]:
    """What waits for those who look after a file, the oldest first: of things that are there, and its lines name."""
    rows = session.execute(
        select(LineWish, Person)
        .join(Person, Person.id == LineWish.asker_id)
        .where(LineWish.file == file.name, LineWish.refused_at.is_(None), Person.status == "active")
        .order_by(LineWish.asked_at, LineWish.id)
    ).all()
    called = _called(session, kinds, [wish.node for wish, _ in rows])
    lines: dict[str, list[Rule]] = {}
    for rule in file.rules:
        lines.setdefault(rule.where, []).append(rule)
    found = ((wish, asker, called.get(wish.node, "")) for wish, asker in rows)
    return [Waiting(wish, asker, at, tuple(lines[at])) for wish, asker, at in found if at in lines][:MOST_SHOWN]


def wish_by_id(session: Session, file: str, wish_id: str) -> LineWish | None:
    """One of a file's wishes."""
    return session.scalar(select(LineWish).where(LineWish.file == file, LineWish.id == wish_id))


def tidy(parts: Parts) -> int:
    """Forget wishes about what is gone, or what no line of the file names any more; returns how many."""
    with unit_of_work(parts.database, parts.clock) as uow:
        snapshot = parts.snapshots.latest(uow.session)
        rows = uow.session.execute(select(LineWish.id, LineWish.file, LineWish.node)).all()
        called = _called(uow.session, parts.kinds, [node for _, _, node in rows])
        named = {(file.name, rule.where) for file in snapshot.files.values() for rule in file.rules}
        over = [wish for wish, file, node in rows if (file, called.get(node, "")) not in named]
        uow.session.execute(delete(LineWish).where(LineWish.id.in_(over)))
    return len(over)


def _called(session: Session, kinds: Kinds, nodes: Iterable[str]) -> dict[str, str]:
    """How lines call those of some places and things that are there: a place by its path, a thing by its node."""
    wanted = set(nodes)
    paths = select(Place.id, Place.path).where(among(Place.id, wanted))
    places = {row.id: row.path for row in session.execute(paths)} if wanted else {}
    return places | {node: node for node in lying_at(session, kinds, wanted)}
