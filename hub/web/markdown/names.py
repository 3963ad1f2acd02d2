"""People who are named in a text: as they are typed, `@york/bo-reed`, and as they are kept, `@who:ID`.

What is kept names nobody: neither search, nor a quotation, nor a copy tells whom a text names to those who may not see
them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from hub.web.markdown.addresses import HANDLE, WHO
from hub.web.markdown.inside import SOMEBODY

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_TYPED: Final = re.compile(rf"(?<!`)(?P<tick>`{{1,9}})(?!`)[^\n]{{1,300}}?(?<!`)(?P=tick)(?!`)|{HANDLE}")
"""A handle, or code, in which there is none."""


def handles_in(source: str) -> tuple[str, ...]:
    """The handles that a text has behind an @, each once, in order."""
    found: dict[str, None] = {}

    def note(handle: str) -> str:
        found[handle] = None
        return ""

    _each_handle(source, note)
    return tuple(found)


def ids_in(source: str) -> tuple[str, ...]:
    """The ids of those whom a text names, each once, in order."""
    return tuple(dict.fromkeys(found["who"] for found in WHO.finditer(source)))


def as_kept(source: str, ids: Mapping[str, str]) -> str:
    """A text that was typed, as it is kept; handles of nobody among these stay what they are."""
    return _each_handle(source, lambda handle: f"@who:{ids[handle]}" if handle in ids else f"@{handle}")


def to_edit(source: str, handles: Mapping[str, str]) -> str:
    """A text that was kept, as it is typed, with the handles of these people by their ids."""
    return WHO.sub(lambda found: f"@{handles[found['who']]}" if found["who"] in handles else found[0], source)


def in_plain(source: str, names: Mapping[str, str]) -> str:
    """The same with the names of these people by their ids; of others, as of nobody."""
    return WHO.sub(lambda found: names.get(found["who"], SOMEBODY), source)


def _each_handle(source: str, change: Callable[[str], str]) -> str:
    """A text with something else for each handle in it, but for those in code."""
    lines, fence = [], ""
    for line in source.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if not fence and not mark:
            lines.append(_TYPED.sub(lambda found: change(found["handle"]) if found["handle"] else found[0], line))
            continue
        if mark:
            fence = mark[1] if not fence else "" if mark[1].startswith(fence) else fence
        lines.append(line)
    return "".join(lines)
