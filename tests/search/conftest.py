"""Both engines, for every test of search."""

from tests.engines import elasticsearch_url, engine, engines

__all__ = ["elasticsearch_url", "engine", "engines"]
