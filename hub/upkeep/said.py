"""What the doctor says of one part of the hub."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Line:
    """How one part is. `cure` says what to do, and is empty where all is well. Neither ever holds a secret."""

    part: str
    level: Level
    says: str
    cure: str = ""


def ok(part: str, says: str) -> Line:
    """All is well."""
    return Line(part, "ok", says)


def warning(part: str, says: str, cure: str) -> Line:
    """It works, and will not for ever, or less well than it should."""
    return Line(part, "warning", says, cure)


def fault(part: str, says: str, cure: str) -> Line:
    """It does not work, or is not safe."""
    return Line(part, "fault", says, cure)
