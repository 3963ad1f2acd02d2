"""A search engine whose searches are timed."""

import time
from typing import Protocol

from search.engine import Answer, Engine, EngineError, QueryRefused
from search.request import SearchRequest


class Counts(Protocol):
    """Who counts them."""

    def searched(self, seconds: float) -> None:
        """One was answered."""
        ...

    def search_failed(self) -> None:
        """One was not."""
        ...


class TimedEngine:
    """The engine that it is given, and a count of each search."""

    def __init__(self, engine: Engine, counts: Counts) -> None:
        self._engine, self._counts = engine, counts
        self.write = engine.write
        self.commit = engine.commit
        self.reload_if_behind = engine.reload_if_behind
        self.begin_rebuild = engine.begin_rebuild
        self.count = engine.count
        self.healthy = engine.healthy
        self.aside = engine.aside
        self.plain = engine.plain
        self.close = engine.close

    def search(self, request: SearchRequest) -> Answer:
        """As the engine; counted, with the time that it took."""
        began = time.perf_counter()
        try:
            answer = self._engine.search(request)
        except QueryRefused:
            raise
        except EngineError:
            self._counts.search_failed()
            raise
        self._counts.searched(time.perf_counter() - began)
        return answer
