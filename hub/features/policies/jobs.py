"""What the worker does about policy files."""

from threading import Lock
from weakref import WeakKeyDictionary

from hub.access.parts import Parts
from hub.access.snapshots import Snapshots
from hub.features.policies.mirror import Mirror
from hub.features.policies.service import adopt_platform_default
from hub.ground.unit_of_work import unit_of_work

_MIRRORS: WeakKeyDictionary[Snapshots, Mirror] = WeakKeyDictionary()
"""One for each set of parts in this process: a mirror remembers what it saw."""
_ONE = Lock()
"""Held while somebody looks: two jobs do."""


def look_at_files(parts: Parts) -> int:
    """Bring working copies and accepted texts in step once; returns how many files were dealt with."""
    with _ONE:
        return _mirror(parts).look()


def look_at_folder(parts: Parts) -> int:
    """The same, where the folder is not as it was when nothing was left to do: a look that asks no database."""
    with _ONE:
        mirror = _mirror(parts)
        return mirror.look() if mirror.has_stirred() else 0


def _mirror(parts: Parts) -> Mirror:
    return _MIRRORS.get(parts.snapshots) or _MIRRORS.setdefault(parts.snapshots, Mirror(parts))


def settle_platform(parts: Parts) -> None:
    """Give a hub without ceilings the default ones. A file of the admins' own is then adopted as a hand edit."""
    with unit_of_work(parts.database, parts.clock) as uow:
        adopt_platform_default(uow)
