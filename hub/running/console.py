"""What `hub/cli.py` puts into the click context. Imports next to nothing, for every command pays for it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hub.access.parts import Parts


@dataclass
class Console:
    """What `hub/cli.py` puts into the click context."""

    open_parts: Callable[[], "AbstractContextManager[Parts]"]
    """Opens the hub; refuses a database of another schema."""
    settings: Callable[[], Any]
    """The settings, read when first asked for."""
    parts: "Parts | None" = None


def console_of(ctx: click.Context) -> Console:
    """The console of this run."""
    found = ctx.find_object(Console)
    if found is None:
        raise RuntimeError("a command runs under the group of hub/cli.py")
    return found
