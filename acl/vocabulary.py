"""The closed words of policy, read once from `config/vocabulary.toml`, and the two functions of the matcher."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

_WORDS: Mapping[str, Any] = tomllib.loads(resources.files("config").joinpath("vocabulary.toml").read_text("utf-8"))

MARKINGS: tuple[str, ...] = tuple(_WORDS["markings"])
"""Lowest first."""
STATES: tuple[str, ...] = tuple(_WORDS["states"])
ORDERED_ACTIONS: tuple[str, ...] = tuple(_WORDS["actions"])
"""Highest first: each includes those after it."""
ACTIONS: tuple[str, ...] = ORDERED_ACTIONS + tuple(_WORDS["actions_apart"])
COMES_WITH: Mapping[str, str] = MappingProxyType(dict(_WORDS["comes_with"]))
"""An action that stands apart -> the one that includes it."""
AUDIENCES: tuple[str, ...] = tuple(_WORDS["audiences"])
CLOSED_AUDIENCES = frozenset({"private", "confidential"})
"""Audiences at which the inheritance of allows stops."""
VOICES: tuple[str, ...] = tuple(_WORDS["voices"])
"""Who may write in a space, the fewest first."""
THINGS: tuple[str, ...] = tuple(_WORDS["things"])
"""Prefixes of the nodes of what lies in places, as lines of policy name it."""
ROLES: Mapping[str, str] = MappingProxyType(dict(_WORDS["roles"]))
"""Role of a member -> the action that it allows."""
PERSON, GUEST, GROUP, ORGANISATION = "person:", "guest:", "group:", "org:"
"""What the word for a subject begins with, as in `person:leeds/sam-okafor`: these are no ids of things."""
SOMEBODY = (PERSON, GUEST)
"""Of words that name one human being."""
HOME = "home:"
"""What the node of a place's own page begins with: that of an organisation or a space, just inside it."""
PEOPLE = "people:"
"""What the node begins with in which the pages of an organisation's staff lie, just inside it; guests lie outside."""


def is_inside(node: str) -> bool:
    """Whether a node is of something that lies in a place (`doc:ID`), and not a place, its page or its people."""
    return ":" in node and not node.startswith((HOME, PEOPLE))


def covers(can: str, action: str, effect: str) -> bool:
    """Whether a rule about `can` speaks of `action`: an allow includes the lesser actions, a deny the greater ones."""
    if can == action:
        return True
    if action in COMES_WITH:
        return can in ORDERED_ACTIONS if effect == "deny" else can == COMES_WITH[action]
    if can not in ORDERED_ACTIONS or action not in ORDERED_ACTIONS:
        return False
    higher, lower = (can, action) if effect == "allow" else (action, can)
    return ORDERED_ACTIONS.index(higher) < ORDERED_ACTIONS.index(lower)


def marked(marking: str, wanted: str) -> bool:
    """Whether an object's `marking` meets a rule's column: `any`, `only X`, `up to X` or `X and above`."""
    if marking not in MARKINGS:
        return False
    if wanted == "any":
        return True
    rank = MARKINGS.index(marking)
    if wanted.startswith("only "):
        return marking == wanted.removeprefix("only ")
    if wanted.startswith("up to "):
        word = wanted.removeprefix("up to ")
        return word in MARKINGS and rank <= MARKINGS.index(word)
    if wanted.endswith(" and above"):
        word = wanted.removesuffix(" and above")
        return word in MARKINGS and rank >= MARKINGS.index(word)
    return False
