"""No name that somebody chooses can hide a page of the hub, or be hidden by one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.access import reserved
from hub.ground.errors import Invalid
from tests.hub.world import World

NAMED = {
    "organisation": reserved.ORGANISATIONS - reserved.PLACES,
    "path": reserved.PLACES,
    "name": reserved.PEOPLE,
    "group": frozenset[str](),
}
"""What people name, by the part of an address that holds it."""


def beside(app: Flask) -> dict[str, set[str]]:
    """For each of `NAMED` the words that stand, in some route, where its name stands in another."""
    found: dict[str, set[str]] = {part: set() for part in NAMED}
    split = [rule.rule.strip("/").split("/") for rule in app.url_map.iter_rules()]
    for one in split:
        for place, segment in enumerate(one):
            part = segment.rstrip(">").partition(":")[2] if segment.startswith("<") else ""
            if part not in found:
                continue
            where = place + 1 if part == "path" else place  # a path takes as many parts as it likes, up to a word
            for other in split:
                if len(other) > where and not other[where].startswith("<") and alike(one[:where], other[:where]):
                    found[part].add(other[where])
    return found


def alike(one: list[str], other: list[str]) -> bool:
    """Whether one address may begin as the other does."""
    return all(a == b or a.startswith("<") or b.startswith("<") for a, b in zip(one, other, strict=True))


def test_the_words_that_nobody_may_be_called_are_those_of_the_addresses(app: Flask) -> None:
    assert beside(app) == {part: set(words) for part, words in NAMED.items()}


def test_a_new_route_beside_a_name_is_noticed(app: Flask) -> None:
    app.add_url_rule("/admin/<slug:organisation>/groups/archive", "planted")
    app.add_url_rule("/places/<place_path:path>/files", "planted too")
    found = beside(app)
    assert found["group"] == {"archive"}
    assert "files" in found["path"]


@pytest.mark.parametrize("slug", sorted(reserved.ORGANISATIONS))
def test_no_organisation_takes_the_address_of_a_page(small: World, slug: str) -> None:
    with pytest.raises(Invalid, match="the hub’s own addresses"):
        small.add_organisation(slug)


def test_no_folder_space_or_person_does(small: World) -> None:
    small.add_space("leeds/housing")
    for make in (small.add_space, small.add_folder):
        with pytest.raises(Invalid, match="the hub’s own addresses"):
            make("leeds/housing/why")
    for name in reserved.PEOPLE:
        with pytest.raises(Invalid, match="longer short name"):
            small.add_person(f"leeds/{name}")


def test_no_method_but_those_of_a_page_is_answered(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    """An answer to OPTIONS asked no policy, and so was closed as a fault of the hub's."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    ann = sign_in("leeds/ann-clerk")
    for address in ("/", "/search", "/places/leeds", "/sign-out", "/sign-in"):
        for method in ("OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND"):
            answer = ann.open(address, method=method)
            assert (method, answer.status_code) == (method, 405)
            assert "OPTIONS" not in answer.headers["Allow"]
    there, hidden = (ann.open(f"/places/{path}", method="OPTIONS") for path in ("leeds", "leeds/nothing"))
    assert there.data == hidden.data


def test_only_the_hubs_own_host_is_answered(small: World) -> None:
    """RFC 9110, 7.2: a proxy may keep a page under whatever name it was asked for, a browser be led here by any."""
    stranger = small.client()
    for host in ("localhost:8000", "LOCALHOST:8000", "localhost", "127.0.0.1:8000", "[::1]:8000", "localhost:9000"):
        assert stranger.get("/sign-in", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "localhost.evil.example", "evil.example:8000", "127.0.0.1.nip.example", "10.0.0.1"):
        for address in ("/sign-in", "/", "/nothing"):
            answer = stranger.get(address, headers={"Host": host})
            assert (host, answer.status_code) == (host, 421)
            assert answer.text == "This hub is at http://localhost:8000. Open it there.\n"
        assert stranger.get("/healthz", headers={"Host": host}).status_code == 200


def test_over_https_only_the_public_name_is_answered(small: World, tmp_path: Path) -> None:
    from dataclasses import replace

    small.parts = replace(small.parts, public_url="https://hub.example.gov.uk", loopback_issuers=False)
    from config.settings import Settings
    from hub.app import create_app

    client = create_app(Settings(data=tmp_path, url="https://hub.example.gov.uk"), small.parts).test_client()
    for host, status in (("hub.example.gov.uk", 200), ("hub.example.gov.uk:443", 200), ("localhost", 421)):
        assert client.get("/sign-in", base_url=f"https://{host}").status_code == status
