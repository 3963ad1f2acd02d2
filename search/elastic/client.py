"""Calls to the server, each with a limit of time, and each failure as one of our errors in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError, UnsupportedProductError

from search.engine import EngineDown, EngineError, EngineSlow, QueryRefused

_T = TypeVar("_T")

SEARCH_SECONDS: Final = 1.5
"""For an answer, so that its page is there within two seconds."""
WRITE_SECONDS: Final = 60.0


def connect(
    url: str, *, user: str = "", password: str = "", api_key: str = "", ca_certs: str | None = None
) -> Elasticsearch:
    """A client of the server at `url`; nothing is sent yet. Raises ValueError for what is no address.

    No retries: the page says that search is away, and the worker comes again on its own.
    """
    named: dict[str, Any] = {"ca_certs": ca_certs} if ca_certs else {}
    if api_key:
        named["api_key"] = api_key
    elif user:
        named["basic_auth"] = (user, password)
    return Elasticsearch(
        url,
        max_retries=0,
        retry_on_timeout=False,
        retry_on_status=(),
        request_timeout=WRITE_SECONDS,
        connections_per_node=32,  # the pool makes callers wait without limit where it is empty
        **named,
    )


def place_of(url: str) -> str:
    """The address without a name or password that may stand in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


@contextmanager
def sentences(place: str) -> Iterator[None]:
    """Turns what the client raises into an EngineError; `place` is where the server is."""
    try:
        yield
    except ConnectionTimeout as error:
        raise EngineSlow(f"Elasticsearch at {place} did not answer in time: see whether it is overloaded") from error
    except UnsupportedProductError as error:
        raise EngineDown(f"what answers at {place} is not Elasticsearch: check the address in the settings") from error
    except ApiError as error:
        raise _from_status(place, error) from error
    except TransportError as error:
        sentence = f"Elasticsearch at {place} cannot be reached: see that it runs, and that the address is right"
        raise EngineDown(sentence) from error


def _from_status(place: str, error: ApiError) -> EngineError:
    kind = error_type(error)
    if kind == "media_type_header_exception":
        return EngineDown(
            f"Elasticsearch at {place} is older than version 9, which this hub's client speaks: upgrade the server, or "
            'install the older client (`pip install "elasticsearch>=8.19,<9"`), which speaks to both'
        )
    if error.status_code in {401, 403}:
        return EngineDown(f"Elasticsearch at {place} refuses our name and password: check them in the settings")
    if kind == "index_not_found_exception":
        return EngineDown(f"there is no search index at {place} yet: run `hub index rebuild`")
    if error.status_code in {408, 429, 503, 504}:
        return EngineSlow(f"Elasticsearch at {place} is overloaded or starting: it will be asked again")
    if error.status_code == 400:  # noqa: PLR2004 - Bad Request
        return QueryRefused(f"This search cannot be run ({kind}). Use fewer or simpler words.")
    return EngineDown(f"Elasticsearch at {place} failed with {kind or error.status_code}: its log says why")


def error_type(error: ApiError) -> str:
    """The server's name for an error, or ''. Never its text, which may hold what was searched for."""
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return str(body["error"].get("type", ""))
    return ""


def quietly(act: Callable[[], _T], otherwise: _T) -> _T:
    """What `act` returns, or `otherwise` where the server says that the thing is not there."""
    try:
        return act()
    except ApiError as error:
        if error.status_code == 404:  # noqa: PLR2004 - Not Found
            return otherwise
        raise


def unless_there(act: Callable[[], object]) -> None:
    """Makes an index, or leaves the one of that name that another made first."""
    try:
        act()
    except ApiError as error:
        if error_type(error) != "resource_already_exists_exception":
            raise
