"""Skills that are suggested while one is typed: those of `config/skills.toml`, and others that the caller knows."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from hub.nouns.people.profile_keeping import distinct_skills


@cache
def known_skills() -> tuple[str, ...]:
    """The skills with which the hub comes, in no order that means anything."""
    groups = tomllib.loads(resources.files("config").joinpath("skills.toml").read_text("utf-8"))
    return tuple(name for names in groups.values() for name in names)


def suggested(seen: Iterable[str]) -> tuple[str, ...]:
    """Those and what the viewer is shown of others, each once, by name: as people write it where they do."""
    return tuple(sorted(distinct_skills([*seen, *known_skills()]).values(), key=str.casefold))
