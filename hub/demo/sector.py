"""The question spaces of the demo, which belong to all councils: who opened them, and who joined, in this order."""

from collections.abc import Mapping
from typing import Final

from hub.access.models import Person, Place
from hub.features.administration.services.opening import open_for_all
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.models import Service
from hub.nouns.spaces.questions import join, what_joining_gives

JOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "housing": (
        "leeds/daniel-whitaker",
        "york/charlotte-hall",
        "bradford/sofia-greenwood",
        "kirklees/omar-farooq",
    ),
    "flood-risk": ("york/charlotte-hall", "leeds/daniel-whitaker", "kirklees/omar-farooq"),
    "waste": ("bradford/sofia-greenwood", "wakefield/gary-lockwood", "kirklees/omar-farooq"),
}
"""Handles of those who administer a council and joined for it, by the service."""


def open_to_all(uow: UnitOfWork, people: Mapping[str, Person], councils: Mapping[str, Place]) -> dict[str, Place]:
    """Open the question spaces and let councils join; of a smaller world, those of it. The spaces by their paths."""
    found: dict[str, Place] = {}
    for word, joining in JOINED.items():
        space = open_for_all(uow, uow.session.get_one(Service, word))
        here = [people[handle] for handle in joining if handle in people]
        for number, person in enumerate(here):
            council = councils[person.handle.partition("/")[0]]
            join(uow, space, council, what_joining_gives(space, council, person, first=number == 0))
        found[space.path] = space
    return found
