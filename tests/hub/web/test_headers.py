"""Security headers on every response (D-WEB 53 to 55)."""

import pytest
from flask.testing import FlaskClient

from hub.web.csp import FILE_POLICY, HEADERS, PAGE_POLICY
from tests.hub.web.site import make_site

PATHS = [
    "/examples/home", "/examples/search-down", "/examples/upload-refused", "/flash", "/help/cookies", "/nothing-here",
    "/raise/not-found",
    "/raise/not-permitted", "/raise/conflict", "/raise/invalid", "/raise/unavailable", "/raise/down",
    "/raise/broken", "/raise/400", "/raise/405", "/raise/413", "/raise/429", "/raise/500", "/raise/503", "/send",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_all_of_them(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert "*" not in PAGE_POLICY
    assert "frame-ancestors 'none'" in PAGE_POLICY


def test_a_downloaded_file_may_run_nothing(client: FlaskClient) -> None:
    """L47: a page that somebody uploaded is not one of ours."""
    answer = client.get("/download")
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_over_https_the_browser_is_told_to_stay_there() -> None:
    answer = make_site(https=True).test_client().get("/nothing-here")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
