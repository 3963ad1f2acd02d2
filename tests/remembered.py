"""What a process that makes hundreds of hubs works out once: what depends on code alone, and on no hub.

Each application writes functions that spell its addresses, and each database's engine compiles every statement that it
is given. Together that is two thirds of what a test costs that makes a world and opens one page.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from werkzeug.routing import Rule

from hub.ground.db import Database

_engines: dict[str, Engine] = {}


def open_database(url: str) -> Database:
    """A database that shares compiled statements with those of its kind before it, and nothing else.

    The dialect goes with them: it is in the key of each, and knows nothing but the version of the server.
    """
    database = Database(url)
    engine = database.engine
    if engine.dialect.name not in _engines:
        engine.connect().close()  # now the dialect knows its server
        _engines[engine.dialect.name] = engine
    first = _engines[engine.dialect.name]
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return database


def pytest_configure() -> None:
    """Let rules of the same text share the functions that spell addresses; each is bound to its own rule and map."""
    made: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)  # their values are written in
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
