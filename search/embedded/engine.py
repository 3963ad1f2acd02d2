"""The engine over a folder: readers that follow commits and generations, and the one writer."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import tantivy
from tantivy import Query

from search.embedded.answer import answer
from search.embedded.plain import PlainIndex
from search.embedded.schema import LAYOUT, SCHEMA, made, opened
from search.embedded.writer import Writer
from search.engine import Answer, Change, Closing, EngineDown, IndexUnfit, ItemError, Plain, Rebuild, SecondIndexer
from search.entry import ACL_VERSION, Entry
from search.generations import Generations, OtherLayout, WriterLock
from search.request import SearchRequest

_T = TypeVar("_T")

REBUILD_HEAPS: Final = 4
"""Heaps of memory that a rebuild may fill: it leaves the fewer segments, for as long as its index is in force."""


@dataclass(slots=True)
class _Open:
    """A generation as this process has it open."""

    folder: Path
    stamp: tuple[int, int]
    index: tantivy.Index
    entries: int | None = None
    """How many there are, once they were counted; None again when it is reloaded."""


class EmbeddedEngine(Closing):
    """The engine over the folder `root`; `heap` is the memory in bytes that a writer may fill before it writes out."""

    def __init__(self, root: Path, *, heap: int = 64_000_000) -> None:
        self._heap = heap
        self.guard = threading.RLock()
        self._generations = Generations(root, LAYOUT)
        self._lock: WriterLock | None = None
        self._writer: Writer | None = None
        self._rebuild: _EmbeddedRebuild | None = None
        self._open: _Open | None = None
        self._sequence = -1

    # reading

    def search(self, request: SearchRequest) -> Answer:
        """See `Engine.search`."""
        return _read(lambda: answer(self._searcher(), request))

    def count(self) -> int:
        """See `Engine.count`."""
        with self.guard:
            current = self._current()
            if current.entries is None:
                current.entries = _read(lambda: _entries(current.index.searcher()))
            return current.entries

    def healthy(self) -> None:
        """See `Engine.healthy`."""
        self._searcher()

    def reload_if_behind(self, sequence: int) -> None:
        """See `Engine.reload_if_behind`. The commit came before the sequence, so that a reload now sees it."""
        with self.guard:
            if sequence > self._sequence:
                self._reload()
                self._sequence = sequence

    def _reload(self) -> None:
        current = self._current()
        try:
            current.index.reload()
            current.entries = None
        except (ValueError, OSError):
            # Its folder may have been swept away by the second rebuild since: what is opened anew is up to date.
            self._open = None
            self._current()

    def _searcher(self) -> tantivy.Searcher:
        return self._current().index.searcher()

    def _current(self) -> _Open:
        with self.guard:
            stamp = self._generations.stamp()
            if self._open is None or self._open.stamp != stamp:
                self._open = self._opened_current()
            return self._open

    def _opened_current(self) -> _Open:
        for _ in range(3):  # a generation may be replaced between reading the pointer and opening its folder
            stamp = self._generations.stamp()
            try:
                folder = self._generations.current() or self._first()
                if stamp == self._generations.stamp():
                    return _Open(folder, stamp, opened(folder))
            except OtherLayout as error:
                sentence = "the search index was made by another version of the hub: run `hub index rebuild`"
                raise IndexUnfit(sentence) from error
            except (ValueError, OSError) as error:
                fault: Exception = error
        raise IndexUnfit(f"the search index cannot be opened ({fault}): run `hub index rebuild`") from fault

    def _first(self) -> Path:
        with self._generations.making_first():
            folder = self._generations.current()
            if folder is None:
                folder = self._generations.new()
                made(folder)
                self._generations.put_in_force(folder)
        return folder

    def aside(self) -> "EmbeddedEngine":
        """See `Engine.aside`."""
        return _Aside(self._heap)

    def plain(self, texts: Iterable[tuple[str, str]]) -> Plain:
        """See `Engine.plain`."""
        return PlainIndex(texts)

    # writing

    def write(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """See `Engine.write`."""
        with self.guard:
            errors = self._writing(lambda: self._claimed().write(changes))
            if self._rebuild is not None:
                self._rebuild.add(changes)
            return errors

    def commit(self) -> None:
        """See `Engine.commit`: on disk when it returns."""
        with self.guard:
            if self._writer is not None:
                self._writing(self._writer.commit)
                self._reload()

    def begin_rebuild(self) -> Rebuild:
        """See `Engine.begin_rebuild`."""
        with self.guard:
            self._claim()
            if self._rebuild is not None:
                self._rebuild.abandon()
            kept = [] if self._open is None else [self._open.folder]
            try:
                kept += [folder for folder in [self._generations.current()] if folder is not None]
            except OtherLayout:
                pass  # what cannot be read is replaced by the rebuild, and swept away by the next
            else:
                self._generations.remove_others(*kept)
            folder = self._generations.new()
            self._rebuild = _EmbeddedRebuild(folder, made(folder), self._heap * REBUILD_HEAPS, self)
            return self._rebuild

    def close(self) -> None:
        """See `Engine.close`. What was not committed is lost, and comes again through the outbox."""
        with self.guard:
            if self._rebuild is not None:
                self._rebuild.abandon()
            self._drop_writer()
            if self._lock is not None:
                self._lock.release()
                self._lock = None
            self._open = None

    def _claim(self) -> None:
        if self._lock is None:
            try:
                self._lock = WriterLock(self._generations.root)
            except BlockingIOError as error:
                raise SecondIndexer(
                    "another process writes to this search index: stop it, or let it do this work (one indexer only)"
                ) from error

    def _claimed(self) -> Writer:
        self._claim()
        if self._writer is None:
            self._writer = Writer(self._current().index, self._heap)
        return self._writer

    def _writing(self, act: Callable[[], _T]) -> _T:
        try:
            return act()
        except (ValueError, OSError) as error:
            self._drop_writer()  # tantivy's writer is of no use after a failed write: the next one starts afresh
            raise EngineDown(
                f"the search index cannot be written ({error}): check the disk's space and rights"
            ) from error

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def adopt(self, rebuild: "_EmbeddedRebuild") -> int:
        """Puts a filled generation in force (for `_EmbeddedRebuild` alone)."""
        with self.guard:
            self._writing(rebuild.writer.commit)
            rebuild.over = True
            rebuild.writer.close()
            self._drop_writer()
            self._rebuild = None
            self._generations.put_in_force(rebuild.folder)
            return self.count()

    def forget(self, rebuild: "_EmbeddedRebuild") -> None:
        """Drops a generation being filled (for `_EmbeddedRebuild` alone)."""
        with self.guard:
            if not rebuild.over:
                rebuild.over = True
                rebuild.writer.close()
            if self._rebuild is rebuild:
                self._rebuild = None


class _Aside(EmbeddedEngine):
    """An engine over a folder that goes with it."""

    def __init__(self, heap: int) -> None:
        self._folder = TemporaryDirectory(prefix="hub-index-")
        super().__init__(Path(self._folder.name), heap=heap)

    def close(self) -> None:
        """Lets go of everything, and deletes it."""
        super().close()
        self._folder.cleanup()


class _EmbeddedRebuild:
    """A generation being filled; changes that the engine writes meanwhile go there too, and win over older entries."""

    def __init__(self, folder: Path, index: tantivy.Index, heap: int, owner: EmbeddedEngine) -> None:
        self.folder = folder
        self.writer = Writer(index, heap)
        self.over = False
        self._index = index
        self._heap = heap
        self._late: list[Change] | None = None  # what came while the index settles
        self._adopt = owner.adopt
        self._forget = owner.forget
        self._guard = owner.guard

    def write(self, entries: Iterable[Entry]) -> tuple[ItemError, ...]:
        """See `Rebuild.write`."""
        with self._guard:
            return self.add(tuple(entries))

    def add(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """Entries and deletions into this generation; abandons it where the disk fails."""
        self._refuse_if_over()
        if self._late is not None:
            self._late += changes
            return ()
        return self._writing(lambda: self.writer.write(changes))

    def finish(self) -> int:
        """See `Rebuild.finish`. Searches and writes go on while the new index settles."""
        with self._guard:
            self._refuse_if_over()
            self._writing(self.writer.commit)
            self._late = []
        self._writing(self.writer.settle)
        with self._guard:
            self._refuse_if_over()
            late, self._late = self._late, None
            self.writer = Writer(self._index, self._heap)
            self.add(late)
            return self._adopt(self)

    def _writing(self, act: Callable[[], _T]) -> _T:
        try:
            return act()
        except (ValueError, OSError) as error:
            self.abandon()
            raise _unwritable(error) from error

    def abandon(self) -> None:
        """See `Rebuild.abandon`."""
        self._forget(self)

    def _refuse_if_over(self) -> None:
        if self.over:
            raise EngineDown("this rebuild is over or was given up: start another")


def _entries(searcher: tantivy.Searcher) -> int:
    findable = Query.term_query(SCHEMA, "acl_v", ACL_VERSION, "basic")
    return int(searcher.aggregate(findable, {"entries": {"value_count": {"field": "order"}}})["entries"]["value"])


def _unwritable(error: Exception) -> EngineDown:
    return EngineDown(f"the search index cannot be written ({error}): check the disk's space and rights")


def _read(act: Callable[[], _T]) -> _T:
    try:
        return act()
    except (ValueError, OSError) as error:
        raise EngineDown(f"the search index cannot be read ({error}): run `hub index rebuild`") from error
