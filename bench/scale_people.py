"""What everybody at once costs: the people as bits, their groups, and who can see this."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from acl.store import adopt
from bench.country import Country
from bench.slopes import Part, least
from bench.weight import weight
from hub.access.crowd import Crowd, Directory, stamp_of
from hub.access.login import open_session, start_session
from hub.access.models import Person
from hub.access.parts import Parts
from hub.access.subjects import load_subject
from hub.audience.changes import policy_changed
from hub.audience.counting import Counting
from hub.audience.looking import Looking
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.kinds import KINDS

TODAY = date(2026, 11, 20)
PEOPLE: Final = (
    Part("a request is opened", "s", 0.01, "an index"),
    Part("somebody is loaded, with their groups", "s", 0.02, "an index"),
    Part("has anybody's access changed?", "s", 0.02, "a counter beside policy_generation"),
    Part("everybody is loaded", "s", 1.0, "only those loaded whose access changed"),
    Part("everybody in memory", "B", 250e6, "handles and ids as one table"),
    Part("all groups are loaded", "s", 1.0, "members as sorted numbers"),
    Part("all groups in memory", "B", 250e6, "members as sorted numbers"),
    Part("who will see this: one organisation's lines", "s", 1.0, "sets of people by organisation"),
    Part("who will see this, in memory, each place", "B", 1e6, "sets of people by organisation"),
)


def people_costs(country: Country, parts: Parts) -> Mapping[str, float]:
    """What hangs on the number of people."""
    with unit_of_work(parts.database, parts.clock) as uow:
        person = uow.session.scalars(select(Person).where(Person.handle == "council-1/p1")).one()
        handle = start_session(uow, parts, person, issuer_id=None)
    found: dict[str, float] = {}
    with parts.database.reading() as session:
        open_session(parts, session, handle)
        found["a request is opened"] = least(lambda: open_session(parts, session, handle))
        found["somebody is loaded, with their groups"] = least(lambda: load_subject(session, person))
        found["has anybody's access changed?"] = least(lambda: stamp_of(session))
        stamp = stamp_of(session)
        found["everybody is loaded"] = least(lambda: Directory(session, stamp), 2)
        directory = Directory(session, stamp)
        found["everybody in memory"] = weight(directory)
        words, crowd = country.words(), Crowd(directory, session)
        found["all groups are loaded"] = least(lambda: crowd.look_up(words), 1)
        found["all groups in memory"] = sum(sys.getsizeof(directory.sets[word]) for word in words)
        snapshots = parts.snapshots
        snapshot = snapshots.latest(session)
        name, line = "organisations/council-0.csv", "allow,all-staff,read,council-0,any,any,-,All of it\n"
        change = policy_changed(snapshot, {name: adopt(name, snapshot.files[name].text + line, "o0")})
        looking: list[Looking] = []

        def ask() -> None:
            looking.append(Looking(session, snapshots, KINDS, TODAY, change))
            Counting(looking[-1], looking[-1].crowd.everyone).shown()

        found["who will see this: one organisation's lines"] = least(ask, 3)
        last = looking[-1]
        shared = (last.crowd, last.before.lines, last.after.lines, last.crowd.directory, snapshot.tree)
        held = weight(last.before._layers, last.after._layers, without=shared)  # noqa: SLF001  # what it keeps
        found["who will see this, in memory, each place"] = held / (country.places / country.organisations)
    return found
