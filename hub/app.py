"""The composition root: settings become parts, parts become the application."""

from datetime import date, timedelta
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError, SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, PathConverter

from config.logging import set_up_logging
from config.settings import Settings
from hub.access.costs import init_costs
from hub.access.entrance import init_entrance, turns_of
from hub.access.guard import MEETS, init_guard, parts, person_id
from hub.access.inside import init_inside
from hub.access.keys_in_force import keys_of
from hub.access.login import init_login
from hub.access.parts import Parts
from hub.access.snapshots import Snapshots
from hub.feature import ABOUT, JOINING, NEWS, NOTICES, SAYS, TELLS, WAITS
from hub.features.desk.waiting import init_waiting
from hub.ground.clock import Clock, SystemClock
from hub.ground.db import Database
from hub.ground.files import open_files
from hub.ground.schema import SchemaState, check_schema, schema_now
from hub.keeping.drafts import init_drafts
from hub.keeping.once import init_once
from hub.keeping.trail import init_trail
from hub.nouns.kinds import KINDS
from hub.nouns.organisations.shell import Shell
from hub.running.garbage import Tidying, settle
from hub.web.busy import refusals
from hub.web.environment import Environment
from hub.web.form_tokens import FormTokens
from hub.web.hosts import init_hosts
from hub.web.own_pages import CookieRow
from hub.web.pages import Site
from hub.web.setup import init_web
from hub.wiring import FEATURES
from search.engine import Engine

STATEMENT_PREPARED = date(2026, 11, 22)
"""When the accessibility statement was last looked at."""
MEGABYTE = 1_000_000
FORM_ROOM = 8 * MEGABYTE
"""What a form may hold beside its file: the longest text in any script, so that one that is too long is said to be."""


class Hub(Flask):
    """Flask with the hub's own template environment."""

    jinja_environment = Environment


def build_parts(settings: Settings, clock: Clock | None = None, *, web: bool = False) -> Parts:
    """Open everything that a hub works with; raises Unavailable with a sentence when a part cannot be had.

    For the `web` alone the database may be of a newer version that lets this one go on.
    """
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database)
    check_schema(database, web=web)
    return Parts(
        database=database,
        clock=clock or SystemClock(),
        keys=keys_of(settings, database),
        snapshots=Snapshots(database),
        files=open_files(settings.files_url, settings.files_dir),
        engine=open_engine(settings),
        kinds=KINDS,
        policy_dir=settings.policy_dir,
        public_url=settings.public_url,
        mail=settings.mail,
        upload_limit=settings.upload_limit_mb * MEGABYTE,
        session_idle_minutes=settings.session_idle_minutes,
        session_hours=settings.session_hours,
        sessions_at_once=settings.sessions_at_once,
        loopback_issuers=settings.loopback_issuers,
        demo=settings.demo,
        issuer_ca=settings.issuer_ca,
    )


def open_engine(settings: Settings) -> Engine:
    """Elasticsearch where it is set, else the embedded engine."""
    if settings.elasticsearch_url:
        from search.elastic import ElasticEngine

        return ElasticEngine(
            settings.elasticsearch_url, index=settings.elasticsearch_index, api_key=settings.elasticsearch_api_key
        )
    from search.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.index_dir)


def create_app(settings: Settings, made: Parts | None = None) -> Flask:
    """The WSGI application."""
    set_up_logging()
    from hub.upkeep.door import init_measures, measured  # late: commands have no use for it

    found, measures = measured(made or build_parts(settings, web=True), settings.data, processes=settings.web_processes)
    app = Hub("hub", static_folder=None)
    local = settings.is_local
    port = urlsplit(settings.public_url).port or settings.port
    app.config.update(
        SECRET_KEY=found.keys.signing[0],
        SECRET_KEY_FALLBACKS=list(found.keys.signing[1:]),
        # cookies ignore ports: on one machine two hubs would take each other's
        SESSION_COOKIE_NAME=f"hub-{port}" if local else "__Host-hub",
        SESSION_COOKIE_SECURE=not local,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=found.upload_limit + FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=FORM_ROOM,
        MAX_FORM_PARTS=100,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session
        WTF_CSRF_SSL_STRICT=not local,
        PROVIDE_AUTOMATIC_OPTIONS=False,  # an answer about an address that asks no policy; as any other method: 405
    )
    app.extensions["hub"] = found
    app.url_map.converters.update(
        id=IdConverter,
        slug=SlugConverter,
        place_path=PlacePathConverter,
        int=NumberConverter,
        secret=SecretConverter,
        sealed=SealedConverter,
    )
    app.url_map.merge_slashes = False  # a redirect to the address without the doubled ones would come before policy
    init_hosts(app, settings.public_url)
    init_guard(app)
    init_costs(app, found, limits=settings.budgets)
    init_login(app, found)
    init_web(
        app,
        site=Site(settings.name, settings.demo, settings.contact, settings.colour, settings.logo),
        viewer=Shell(found, init_waiting(app, found)).viewer,
        cookies=_cookies(app, settings.session_hours),
        prepared=STATEMENT_PREPARED,
        https=not local,
        tokens=FormTokens(found.keys, person_id),
        down=(OperationalError, InterfaceError, PendingRollbackError),
    )
    init_inside(app, found)
    init_once(app)
    init_drafts(app)
    init_trail(app, found)
    protection = CSRFProtect(app)
    protection.exempt("hub.features.drafting.views.keep_draft")  # it takes the form's own token
    protection.exempt("hub.features.signin.hearing_logout.hear_logout")  # issuers send it, signed
    protection.exempt("hub.features.hearing.stopping.stop")  # mailboxes send it, with the link's own token alone
    app.add_url_rule("/healthz", "healthz", healthz)
    for feature in FEATURES:
        if feature.blueprint is not None:
            app.register_blueprint(feature.blueprint)
    app.extensions[NOTICES] = tuple(notices for feature in FEATURES for notices in feature.notices)
    app.extensions[MEETS] = tuple(feature.meets for feature in FEATURES if feature.meets)
    app.extensions[NEWS] = tuple(feature.news for feature in FEATURES if feature.news)
    app.extensions[WAITS] = tuple(feature.waits for feature in FEATURES if feature.waits)
    app.extensions[TELLS] = tuple(feature.tells for feature in FEATURES if feature.tells)
    app.extensions[SAYS] = tuple(pair for feature in FEATURES for pair in feature.says)
    app.extensions[ABOUT] = dict(pair for feature in FEATURES for pair in feature.about)
    app.extensions[JOINING] = next(feature.joining for feature in FEATURES if feature.joining)
    init_entrance(app, settings.web_threads, refusals(app, https=not local))
    if not local:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    init_measures(app, found, measures, settings.data, settings.metrics_token)
    return app


_HEALTH = {
    SchemaState.CURRENT: ("ok", 200),
    SchemaState.USABLE: ("ok, but the database is of a newer version: replace this process", 200),
}
_ANOTHER = ("database of another version", 503)


def healthz() -> Response:
    """For load balancers: whether this process can answer. Names nothing."""
    try:
        with parts().database.reading() as session:
            found, status = _HEALTH.get(schema_now(session), _ANOTHER)
    except SQLAlchemyError:
        found, status = "database unavailable", 503
    return Response(f"{found}\n", status, content_type="text/plain; charset=utf-8")


def _cookies(app: Flask, hours: int) -> tuple[CookieRow, ...]:
    name = app.config["SESSION_COOKIE_NAME"]
    return (
        CookieRow(
            name,
            "Keeps you signed in, and protects forms against forgery",
            f"When you sign out, or after {hours} hours",
        ),
        CookieRow(
            f"{name}-signin",
            "Ties a sign-in to the browser that began it",
            "When you are signed in, or after 10 minutes",
        ),
        CookieRow(
            f"{name}-organisation",
            "Remembers through which organisation you signed in last, so that you need not choose again",
            "A year after you signed in last",
        ),
    )


def create_app_from_environment() -> Flask:
    """What a WSGI server calls."""
    app = create_app(Settings())
    settle()
    Tidying(turns_of(app).are_free).go_on()
    return app


class IdConverter(BaseConverter):
    """An opaque id (`hub/ground/ids.py`)."""

    regex = r"[a-z][a-z0-9]{11}"


class SlugConverter(BaseConverter):
    """One part of a path or a handle."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class SecretConverter(PathConverter):
    """What stands where a secret address does, whatever it is: a wrong one is answered by whoever knows the right ones.

    Else it would be asked for as a page, by way of signing in, and stand in the address of that.
    """

    regex = ".+"
    part_isolating = False  # slashes too


class SealedConverter(BaseConverter):
    """What the hub has sealed for an address: letters, digits, and what stands between them."""

    regex = r"[A-Za-z0-9._-]{1,300}"


class NumberConverter(BaseConverter):
    """A number counted from 1, in its one spelling, that every database can hold; stands for Werkzeug's `int`."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


class PlacePathConverter(PathConverter):
    """The path of a place: slugs joined by slashes."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*){0,31}"
