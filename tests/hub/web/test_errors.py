"""Error pages: absent and forbidden are one, and no page tells how the hub is built (D-WEB 57, L15)."""

import logging
import re

import pytest
from flask.testing import FlaskClient

from tests.hub.web.site import make_site
from tests.hub.web.test_pages import headings, parsed


def test_olga_cannot_tell_absent_from_forbidden(client: FlaskClient) -> None:
    absent, forbidden, other = (
        client.get(path) for path in ("/nothing-here", "/raise/not-found", "/examples/none?q=canary")
    )
    assert absent.status_code == 404
    assert absent.data == forbidden.data == other.data
    assert list(absent.headers) == list(forbidden.headers) == list(other.headers)


def test_the_page_not_found_has_nothing_that_varies_and_names_whom_to_ask(client: FlaskClient) -> None:
    client.get("/flash")
    answer = client.get("/nothing-here/canary")
    assert "<form" not in answer.text
    assert "csrf" not in answer.text
    assert "nonce" not in answer.text
    assert "canary" not in answer.text
    assert "hub-admins@leeds.example" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_stranger_is_pointed_to_sign_in(client: FlaskClient) -> None:
    text = client.get("/nothing-here?stranger").text
    assert 'href="/sign-in"' in text
    assert "Leeds" not in text


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("not-permitted", 403, "Only editors of Flood plan may change it."),
        ("conflict", 409, "Ann Lee changed this document a minute ago."),
        ("invalid", 400, "The page is a whole number."),
        ("unavailable", 503, "Try again in a minute."),
        ("down", 503, "Try again in a minute."),
        ("400", 400, "Go back and try again."),
        ("413", 413, "Upload a smaller file."),
        ("429", 429, "Wait a minute"),
        ("503", 503, "Try again in a minute."),
    ],
)
def test_each_error_says_what_to_do(client: FlaskClient, name: str, status: int, says: str) -> None:
    answer = client.get(f"/raise/{name}")
    assert answer.status_code == status
    assert says in answer.text
    assert headings(parsed(answer.text)).count(1) == 1
    assert "<form" not in answer.text
    if status in {429, 503}:
        assert int(answer.headers["Retry-After"]) > 0


def test_a_part_that_is_down_tells_nobody_its_address(client: FlaskClient) -> None:
    """L15: back end down, and neither host, port nor password in body or headers."""
    answer = client.get("/raise/unavailable")
    for secret in ("elastic", "secret", "10.0.0.1", "9200"):
        assert secret not in answer.text + str(answer.headers)


def test_a_fault_of_ours_has_a_reference_that_the_log_has_too(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = client.get("/raise/broken")
    assert answer.status_code == 500
    found = re.search(r"<strong>([a-z0-9]+)</strong>", answer.text)
    assert found
    assert f"reference {found[1]}" in caplog.text
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    parsed(answer.text)


def test_not_even_who_is_asking_need_be_known_for_an_error_page() -> None:
    """The database is down: the viewer cannot be read, and the answer is still a page that says when to come back."""
    from hub.ground.errors import Unavailable
    from hub.web.environment import KEY

    site = make_site()

    def nobody_knows() -> None:
        raise Unavailable("the database at 10.0.0.1 is down")

    site.extensions[KEY] = nobody_knows
    for path in ("/examples/home", "/raise/unavailable"):
        answer = site.test_client().get(path)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "10.0.0.1" not in answer.text


def test_a_form_without_its_token_changes_nothing_and_says_why(client: FlaskClient) -> None:
    answer = client.post("/send")
    assert answer.status_code == 403
    assert "Open the page again from where you came" in answer.text


def test_a_form_with_the_token_of_its_page_is_taken(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/examples/home").text)
    assert token
    assert client.post("/send", data={"csrf_token": token[1]}).status_code == 200


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.get("/send")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
