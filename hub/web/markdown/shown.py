"""What pages ask: a text as it is shown to somebody, kept for the next reader where it is a stored one."""

import sys
import threading
from collections import OrderedDict
from hashlib import sha256
from typing import Final

from hub.ground.errors import Invalid
from hub.web.markdown.elsewhere import Busy, Elsewhere, Failed
from hub.web.markdown.prose import Prose, as_typed
from hub.web.markdown.reading import render
from hub.web.markdown.weight import AT_ONCE, check_weight

KEPT_BYTES: Final = 64_000_000
"""Of texts that were laid out, in each web process."""
_AS_TYPED: Final = "It is shown here as it was typed."
BUSY: Final = (
    f"Several long texts are being laid out already, so this one waits. {_AS_TYPED} Reload the page in a moment."
)
FAILED: Final = f"This text takes too long to lay out. {_AS_TYPED} Divide it into several documents."


class Kept:
    """The texts that were laid out last, up to a number of bytes: a document is read far more often than changed."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[Prose, int]] = OrderedDict()

    def get(self, key: bytes) -> Prose | None:
        """What is kept under the key."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: bytes, prose: Prose) -> None:
        """Keep it, in place of what was not asked for the longest."""
        size = sys.getsizeof(prose.html) + sum(sys.getsizeof(part) for row in prose.sections for part in row) + 1000
        if size > self._most:
            return
        with self._lock:
            self._size += size - self._kept.pop(key, (prose, 0))[1]
            self._kept[key] = prose, size
            while self._size > self._most:
                self._size -= self._kept.popitem(last=False)[1][1]


class Shown:
    """Lays out texts for people: short ones at once, long ones elsewhere. Safe to share between threads."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.elsewhere = Elsewhere()

    def show(self, source: str, person: str, revision: str = "") -> Prose:
        """The text as it is shown to `person`; what cannot be laid out is shown as it was typed, and says why.

        `revision` names what is stored; without it nothing is kept, and nothing that is kept is used: how long a text
        takes must not tell whether somebody else has the same one.
        """
        key = sha256(f"{revision}\n{source}".encode("utf-8", "surrogatepass")).digest()
        found = self.kept.get(key) if revision else None
        if found is None:
            found, final = self._laid_out(source, person)
            if revision and final:
                self.kept.put(key, found)
        return found

    def _laid_out(self, source: str, person: str) -> tuple[Prose, bool]:
        """The text, and whether it would be the same another time."""
        try:
            units = check_weight(source)
        except Invalid as refusal:
            return as_typed(source, f"{refusal}. {_AS_TYPED}"), True
        if units <= AT_ONCE:
            return render(source), True
        try:
            return self.elsewhere.render(source, person), True
        except Busy:
            return as_typed(source, BUSY), False
        except Failed:
            return as_typed(source, FAILED), True
