"""What a process that makes hundreds of hubs works out once: what depends on code alone, and on no hub.

Each application writes functions that spell its addresses, and each database's engine compiles every statement that it
is given. Together that is two thirds of what a test costs that makes a world and opens one page.
"""

from typing import Any

from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from hub.ground.db import Database

_engines: dict[str, Engine] = {}


def open_database(url: str) -> Database:
    """A database that shares compiled statements with those of its kind before it, and nothing else.

    SQLite does not wait for its disk here: what a power cut would lose is made anew by the next run.
    """
    database = Database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return sharing(database)


def sharing(database: Database) -> Database:
    """The database, which shares compiled statements from now on.

    The dialect goes with them: it is in the key of each, and knows nothing but the version of the server.
    """
    engine = database.engine
    if engine.dialect.name not in _engines:
        engine.connect().close()  # now the dialect knows its server
        _engines[engine.dialect.name] = engine
    first = _engines[engine.dialect.name]
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return database


def pytest_configure() -> None:
    """Let rules that say the same share what routing makes of them."""
    made: dict[tuple[Any, ...], tuple[dict[str, Any], tuple[Any, Any]]] = {}
    compile_rule = Rule.compile

    def remembered(rule: Rule) -> None:
        known = (rule.rule, rule.merge_slashes, rule.subdomain, rule.host, rule.map.host_matching)
        key = (*known, *sorted((rule.defaults or {}).items()), *rule.map.converters.items())
        if key not in made:
            compile_rule(rule)
            shared = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            made[key] = shared, (rule._build.__func__, rule._build_unknown.__func__)  # type: ignore[attr-defined]
        shared, builders = made[key]
        vars(rule).update(shared)
        rule._build, rule._build_unknown = (build.__get__(rule, None) for build in builders)

    Rule.compile = remembered  # type: ignore[method-assign]
