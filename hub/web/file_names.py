"""Names of files that every system can keep: of one part, no longer than it bears, each once in its folder.

What may not be in a name: Microsoft, "Naming Files, Paths, and Namespaces"; what leads out of a folder when an archive
is unpacked: APPNOTE.TXT 4.4.17 and CWE-22. Two names that differ in large and small letters alone are one on some.
"""

import re
import unicodedata
from typing import Final

from hub.ground.letters import one_line

LONGEST: Final = 120
"""Characters of a name without its ending, so that some folders deep fit into the 260 of Windows."""
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


def safe_name(title: str, ending: str = "") -> str:
    """A title as the name of a file with an ending (`.pdf`), or of a folder; never empty, `.` or `..`."""
    name = _FORBIDDEN.sub("-", one_line(unicodedata.normalize("NFC", title)))
    if ending and name.lower().endswith(ending.lower()):
        name = name[: -len(ending)]
    name = name[:LONGEST].strip(" .") or "untitled"
    return f"_{name}{ending}" if _RESERVED.fullmatch(f"{name}{ending}") else f"{name}{ending}"


def ending_of(file_name: str) -> str:
    """The ending of a file's name, with its dot; empty where it has none that is one."""
    found = _ENDING.fullmatch(f".{file_name.rpartition('.')[2]}") if "." in file_name else None
    return found[0] if found else ""


class Names:
    """The names of one folder; each is given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, title: str, ending: str = "") -> str:
        """The name for a title, with a number behind it where another has that: `Plan (2).pdf`."""
        number, name = 1, safe_name(title, ending)
        while (key := unicodedata.normalize("NFC", name.casefold())) in self._taken:
            number += 1
            bare = safe_name(title, ending).removesuffix(ending)[: LONGEST - 8]
            name = f"{bare.rstrip(' .')} ({number}){ending}"
        self._taken.add(key)
        return name
