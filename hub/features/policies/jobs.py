"""What the worker does about policy files."""

from weakref import WeakKeyDictionary

from hub.access.parts import Parts
from hub.access.snapshots import Snapshots
from hub.features.policies.mirror import Mirror
from hub.features.policies.service import adopt_platform_default
from hub.ground.unit_of_work import unit_of_work

_MIRRORS: WeakKeyDictionary[Snapshots, Mirror] = WeakKeyDictionary()
"""One for each set of parts in this process: a mirror remembers what it saw."""


def look_at_files(parts: Parts) -> int:
    """Bring working copies and accepted texts in step once; returns how many files were dealt with."""
    mirror = _MIRRORS.get(parts.snapshots)
    if mirror is None:
        mirror = _MIRRORS.setdefault(parts.snapshots, Mirror(parts))
    return mirror.look()


def settle_platform(parts: Parts) -> None:
    """Give a hub without ceilings the default ones. A file of the admins' own is then adopted as a hand edit."""
    with unit_of_work(parts.database, parts.clock) as uow:
        adopt_platform_default(uow)
