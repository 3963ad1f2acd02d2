"""An error as one sentence that a council administrator understands, for the command line."""

import errno
import os
import traceback

from acl.rules import PolicyError
from hub.ground.errors import HubError

TRACE = "HUB_TRACE"
"""Set it to see where in the program an unforeseen error arose."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def sentence_for(error: Exception) -> str:
    """What to print for an error. Anything unforeseen is called a fault of the hub, never of the person."""
    if isinstance(error, HubError):
        return str(error) or "That is not there, or not for you to see."
    if isinstance(error, PolicyError):
        return "\n".join(map(str, error.faults))
    module = type(error).__module__.partition(".")[0]
    if module == "pydantic_core":
        return _settings_sentence(error)
    if module == "sqlalchemy":
        return _database_sentence(error)
    if isinstance(error, OSError):
        return _file_sentence(error)
    if os.environ.get(TRACE):
        return "".join(traceback.format_exception(error)).rstrip()
    return (
        "This is a fault in the hub, not in what you typed. "
        f"Run it again with {TRACE}=1 and send what it prints to the people who look after this hub."
    )


def _settings_sentence(error: Exception) -> str:
    """Each setting that does not hold, by the name of its environment variable."""
    lines = []
    for fault in error.errors():  # type: ignore[attr-defined]  # pydantic's ValidationError, not imported for speed
        name = "_".join(str(part) for part in fault["loc"]).upper()
        message = str(fault["msg"]).removeprefix("Value error, ")
        given = f" It is {fault['input']!r} now." if name else ""
        lines.append(f"{f'HUB_{name}: ' if name else ''}{message}.{given}")
    return "\n".join(lines)


def _database_sentence(error: Exception) -> str:
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    if "database or disk is full" in reason:
        return "The disk is full: make room where HUB_DATA lies. Nothing of this was written."
    if "locked" in reason:
        return "The database is busy with another program's work. Try again in a minute."
    return f"The database did not do it: {reason}. Nothing of this was written."


def _file_sentence(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _NO_ROOM:
        return f"The disk is full{where}: make room and try again."
    return f"{error.strerror or error}{where}."
