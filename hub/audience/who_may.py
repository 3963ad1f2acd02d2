"""Who may do something to some things, by name: for letters, and for whatever has to reach somebody."""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from acl.audience import Sight
from acl.lines import Lines
from hub.access.judged import node_of
from hub.access.models import Grant, Place
from hub.access.parts import Parts
from hub.access.subjects import as_rule
from hub.things.columns import among
from hub.things.thing import Lying

Thing = Lying | Place
MOST_LETTERS = 20
"""So many managers get a letter; the others find what waits in their lists all the same."""


def who_may(
    parts: Parts, session: Session, action: str, things: Iterable[Thing], most: int = MOST_LETTERS
) -> dict[str, tuple[str, ...]]:
    """For each thing (by id) the ids of people who may do `action` to it, at most so many, nearest first.

    Nearest are those whom the line for the fewest lets in. The same few queries however many things there are.
    """
    snapshot, crowd = parts.snapshots.latest(session), parts.snapshots.crowd(session)
    known = [(thing, seat, node) for thing in things for seat, node in (_seat(thing),) if snapshot.tree.get(seat)]
    nodes = {node for _, seat, own in known for node in (own, *snapshot.tree.chain(seat))}
    in_force = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= parts.today)
    grants = session.scalars(select(Grant).where(in_force, among(Grant.node, nodes))).all() if nodes else []
    lines = Lines.of(snapshot, map(as_rule, grants))
    organisations = {snapshot.tree.organisation_of(seat) for _, seat, _ in known}
    crowd.look_up(rule.who for node in nodes for each in organisations for rule in lines.at(node, each))
    sight = Sight(lines, crowd, parts.today, action)
    found: dict[str, tuple[str, ...]] = {}
    for thing, seat, node in known:
        owner = crowd.owner(thing.owner, snapshot.tree.organisation_of(seat))
        because = sorted(sight.because(node, seat, thing.ms, owner), key=lambda each: each.people.bit_count())
        ids = (person for each in because for person in crowd.directory.ids_of(each.people)[:most])
        found[thing.id] = tuple(islice(ids, most))
    return found


def _seat(thing: Thing) -> tuple[str, str]:
    """Where a thing lies, and its own node."""
    return (thing.id, node_of(thing.id, thing.kind)) if isinstance(thing, Place) else (thing.place_id, thing.node)
