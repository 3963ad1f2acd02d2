"""The template environment: strict, compiled at start, knowing the shell and how values are written."""

from collections.abc import Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app
from flask.templating import Environment as FlaskEnvironment
from jinja2 import FunctionLoader, StrictUndefined

from hub.web import filters
from hub.web.assets import init_assets
from hub.web.compiled import CompiledTemplates
from hub.web.flash import said
from hub.web.house import house_of
from hub.web.icons import icon
from hub.web.markdown import Prose, Shown, apart, as_typed, unnamed
from hub.web.markdown.names import in_plain
from hub.web.pages import Site, Viewer

HUB: Final = Path(__file__).parent.parent
KEY: Final = "hub.web"

ViewerSource = Callable[[], Viewer | None]
"""Who is signed in for the current request; None for nobody."""
_SHOWN: Final = Shown()


class Environment(FlaskEnvironment):
    """Templates share the globals of their environment as they are: none of ours has globals of its own.

    Jinja lays an empty mapping over them for each, and copies what it finds through that for each import and page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return super().make_globals(d) if d else self.globals


@cache
def template_folders() -> tuple[Path, ...]:
    """`hub/web/templates`, then the `templates` folder of every feature that has pages."""
    features = sorted(path.parent for path in HUB.glob("*/**/templates") if path.parent.name != "web")
    return (HUB / "web" / "templates", *(feature / "templates" for feature in features))


def init_templates(app: Flask, *, site: Site, viewer: ViewerSource) -> None:
    """Give `app` its templates and static files.

    Every template is compiled as the first application of a process starts: a fault in one shows then.
    """
    house, own = house_of(site)
    assets = init_assets(app, own)
    app.extensions[KEY] = viewer
    env = app.jinja_env
    env.loader = FunctionLoader(_written)
    env.bytecode_cache = CompiledTemplates()
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.auto_reload = False
    env.filters.update(
        day=filters.day,
        short_day=filters.short_day,
        moment=filters.moment,
        size=filters.size,
        initials=filters.initials,
    )
    env.globals.update(
        site=site, house=house, icon=icon, flashes=said, asset=lambda name: assets[name].href, prose=prose_of
    )
    _prove(env)


_PROVEN: Final[set[str]] = set()
"""The templates that this process has compiled."""


def _prove(env: FlaskEnvironment) -> None:
    for name in templates().keys() - _PROVEN:
        env.get_template(name)
        _PROVEN.add(name)


@cache
def templates() -> dict[str, Path]:
    """Where each template lies, by the name that pages call it."""
    files = ((folder, path) for folder in reversed(template_folders()) for path in sorted(folder.rglob("*.html")))
    return {path.relative_to(folder).as_posix(): path for folder, path in files}


@cache
def _written(name: str) -> tuple[str, str, None] | None:
    """The source of a template and its file, read once in a process; None where there is none."""
    path = templates().get(name)
    return (path.read_text(), str(path), None) if path else None


def prose_of(source: str, revision: str = "", within: str = "", *, said: bool = False) -> Prose:
    """A text as it is shown to whoever is signed in. `revision` names it where it is stored, and only there.

    `within` begins its anchors where it stands on a page with others. People are named in what is `said`.
    """
    viewer: Viewer | None = current_app.extensions[KEY]()
    shown = _SHOWN.show(source, viewer.href if viewer else "", revision)
    if not said:
        shown = unnamed(shown)
    elif shown.said:
        shown = as_typed(in_plain(source, {}), shown.said)
    return apart(shown, within) if within else shown
