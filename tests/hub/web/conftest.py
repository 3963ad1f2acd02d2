"""The example site, once in memory and once behind a socket, and the browser."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browser import serving
from tests.hub.web.site import make_site


@pytest.fixture(scope="package")
def site() -> Flask:
    return make_site()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture(scope="package")
def address(site: Flask) -> Iterator[str]:
    with serving(site) as url:
        yield url
