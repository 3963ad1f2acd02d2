"""Every route says what it asks of policy, or is exempt by name; every part of an address has a type."""

import io
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from hub.access.guard import ACTIONS, OPEN, PROVES, declares
from tests.hub.world import World

METHODS_WITHOUT_FORMS = {"HEAD", "OPTIONS"}


def undeclared(app: Flask) -> list[str]:
    """Endpoints that neither declare an action nor are exempt."""
    return sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN and getattr(view, "declared_action", None) not in ACTIONS
    )


def untyped(rules: Iterable[Rule]) -> list[str]:
    """Addresses with a part that takes anything."""
    return sorted(
        rule.rule
        for rule in rules
        for name, converter in rule._converters.items()
        if type(converter).__name__ in {"UnicodeConverter", "PathConverter"}
        and rule.endpoint not in {"static", "assets"}
    )


def test_every_route_declares_its_action_or_is_exempt_by_name(app: Flask) -> None:
    assert undeclared(app) == []


def test_no_exemption_is_stale(app: Flask) -> None:
    assert OPEN - set(app.view_functions) == set()


def test_a_route_without_a_declaration_is_caught() -> None:
    planted = Flask("planted")

    @planted.get("/secret")
    def secret() -> str:
        return "told"

    assert undeclared(planted) == ["secret", "static"] or undeclared(planted) == ["secret"]


def test_an_action_that_the_table_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="add it there"):
        declares("document:shred")


def test_every_part_of_an_address_has_a_type(app: Flask) -> None:
    assert untyped(app.url_map.iter_rules()) == []


def test_an_untyped_part_is_caught() -> None:
    planted = Flask("planted")
    planted.add_url_rule("/things/<thing>", "thing", lambda thing: "")
    assert untyped(planted.url_map.iter_rules()) == ["/things/<thing>"]


def test_a_page_that_asked_for_no_decision_fails_closed(app: Flask, sign_in: Callable[..., object]) -> None:
    """A response whose request asked nothing of policy is a fault of ours, whoever looks."""
    app.view_functions["documents.show"] = lambda document_id: "a page that forgot to ask"
    client = sign_in("leeds/ann-clerk")
    answer = client.get("/documents/aaaaaaaaaaaa")
    assert answer.status_code == 500
    assert b"forgot" not in answer.data


@pytest.mark.parametrize("number", ["9" * 24, "9999999999", "2147483648", "0", "01", "-1", "1e3", "%D9%A3"])
def test_a_number_that_no_database_holds_is_not_found(
    sign_in: Callable[[str], FlaskClient], small: World, number: str
) -> None:
    """Ann types over the number of a revision: neither SQLite nor PostgreSQL is asked for what it cannot hold."""
    small.add_space("leeds/housing")
    document = small.add_document("leeds/housing", "Plan").removeprefix("doc:")
    client = sign_in("leeds/ann-clerk")
    assert client.get(f"/documents/{document}/revisions/1").status_code == 200
    for rest in ("", "/file"):
        assert client.get(f"/documents/{document}/revisions/{number}{rest}").status_code == 404


@pytest.mark.parametrize("address", ["/places//leeds", "/places/leeds//", "/documents//x/file"])
def test_an_address_with_doubled_slashes_is_one_that_is_not_there(
    sign_in: Callable[[str], FlaskClient], address: str
) -> None:
    client = sign_in("leeds/ann-clerk")
    answer = client.get(f"http://localhost:8000{address}")
    assert (answer.status_code, answer.data) == (404, client.get("/no/such/page").data)


def test_a_stranger_cannot_fill_the_disk_with_what_the_chooser_never_takes(app: Flask) -> None:
    """Large files rest on disk while a form is read: whoever is not signed in sends none."""
    client = app.test_client()
    for data in ({"next": "x" * 200_000}, {"next": "/", "file": (io.BytesIO(b"x" * 200_000), "a.bin")}):
        assert client.post("/sign-in/leeds", data=data).status_code == 413
    assert client.post("/sign-in/leeds", data={"next": "/"}).status_code == 403  # read, and found to be forged


NEEDS_NO_PROOF = {
    "admin.put_away": "takes a finished list off the home pages, or puts it back",
}
"""Forms of administration that are taken whenever their person signed in."""


def unproved(app: Flask) -> set[str]:
    """Endpoints that take a form of administration from whoever is signed in, however long ago."""
    looks = {"GET", *METHODS_WITHOUT_FORMS}
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - looks}
    views = {endpoint: app.view_functions[endpoint] for endpoint in taking}
    ours = {
        endpoint
        for endpoint, view in views.items()
        if getattr(view, "declared_action", "") in PROVES or endpoint.startswith("admin.")
    }
    return {endpoint for endpoint in ours if not getattr(views[endpoint], "proves", False)}


def test_every_form_of_administration_needs_a_sign_in_of_late_or_is_exempt_by_name(app: Flask) -> None:
    assert unproved(app) == set(NEEDS_NO_PROOF)


def test_a_form_of_administration_that_asks_for_no_proof_is_caught() -> None:
    planted = Flask("planted")

    @planted.post("/planted")
    @declares("policy:edit", proves=False)
    def careless() -> str:
        return "done"

    assert unproved(planted) == {"careless"}
