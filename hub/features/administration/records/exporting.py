"""What is sent when an officer takes records away: an archive made while it is sent, some posts at a time.

Asked for by the person as they are then: whoever loses the right halfway gets no more.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import escape

from hub.access.login import open_session
from hub.access.models import Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.features.administration.records.rows import Told, told
from hub.nouns.talk.held import Sought, posts_held
from hub.web.filters import LONDON
from hub.web.zipped import Packed

AT_ONCE: Final = 100
"""Posts."""
COLUMNS: Final = (
    "conversation",
    "number",
    "said at",
    "name",
    "organisation",
    "about",
    "address",
    "answers",
    "text",
    "edited at",
    "withdrawn",
    "removed",
    "version",
)
"""Of `posts.csv`. They are not renamed, and further ones stand behind them."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would take for a formula."""
HEAD: Final = (
    '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:1rem/1.5 sans-serif;max-width:46rem;margin:1rem auto;padding:0 1rem}}"
    "pre{{white-space:pre-wrap;font:inherit}}article{{border-top:1px solid;padding:.5rem 0}}</style><h1>{title}</h1>"
)
ENDED: Final = b"This is not all of it: your right to it, or your session, ended while it was sent.\n"


@dataclass(frozen=True)
class Export:
    """An export: of which organisation, what of it, and whose session asks."""

    hub: Parts
    handle: str
    organisation: Place
    sought: Sought
    allowed: Callable[[Viewer, Place], bool]
    """Whether somebody may still have it."""
    about: str
    """What `about.txt` says."""

    def files(self) -> Iterator[Packed]:
        """The files of the archive, each asked for when its turn comes."""
        now = self.hub.clock.now()
        yield Packed("about.txt", now, (self.about.encode(),))
        yield Packed("posts.csv", now, self._csv())
        yield Packed("posts.html", now, self._html())
        if self._now(("", 0)) is None:
            yield Packed("not complete.txt", now, (ENDED,))

    def _csv(self) -> Iterator[bytes]:
        yield b"\xef\xbb\xbf" + _line(COLUMNS)
        for some in self._some():
            yield b"".join(_line(row) for each in some for row in _rows(each, self.hub.public_url))

    def _html(self) -> Iterator[bytes]:
        yield HEAD.format(title=escape(f"What {self.organisation.name} holds")).encode()
        for some in self._some():
            yield "".join(_article(each, self.hub.public_url) for each in some).encode()
        yield b"</html>\n"

    def _some(self) -> Iterator[list[Told]]:
        after = ("", 0)
        while some := self._now(after):
            after = some[-1].post.node, some[-1].post.number
            yield some

    def _now(self, after: tuple[str, int]) -> list[Told] | None:
        """Some posts after a node and number, for who asks as they are now; None where they may not any more."""
        with self.hub.database.reading() as session:
            user = open_session(self.hub, session, self.handle)
            if user is None or not self.allowed(user.viewer, self.organisation):
                return None
            posts = posts_held(user.viewer, self.sought, after, AT_ONCE)
            return told(user.viewer, posts, earlier=self.sought.earlier)


def _rows(each: Told, hub: str) -> Iterator[tuple[str, ...]]:
    """A post as it is, then what it said before."""
    now = each.post.edited_at or each.post.at
    for number, (at, text) in enumerate(((now, each.post.body), *reversed(each.earlier))):
        post = each.post
        yield (
            post.node,
            str(post.number),
            _moment(post.at),
            each.name,
            each.organisation,
            each.about,
            f"{hub}{each.href}" if each.href else "",
            str(post.answers_to or ""),
            text,
            _moment(at) if at != post.at else "",
            each.withdrawn,
            " ".join(each.removed),
            "earlier" if number else "current",
        )


def _line(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue().encode()


def _article(each: Told, hub: str) -> str:
    post = each.post
    where = f"{each.about}, {hub}{each.href}" if each.href else f"{post.node}, which you may not read yourself"
    head = f"{post.number} · {each.name}, {each.organisation} · {_moment(post.at)}"
    notes = [*((each.withdrawn,) if each.withdrawn else ()), *each.removed]
    said = [f"<p><b>{escape(note)}</b></p>" for note in notes] + [f"<pre>{escape(post.body)}</pre>"]
    for at, text in reversed(each.earlier):
        said.append(f"<p><b>What it said from {_moment(at)} until its next edit</b></p><pre>{escape(text)}</pre>")
    return f"<article><h2>{escape(head)}</h2><p>{escape(where)}</p>{''.join(said)}</article>\n"


def _moment(at: datetime) -> str:
    return at.astimezone(LONDON).isoformat(timespec="seconds")
