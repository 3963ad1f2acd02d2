"""Figures for Prometheus: who may have them, what they count, and that they name nobody."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from hub.app import create_app
from hub.upkeep.measures import Measures
from tests.hub.running.test_serve import free_port, status, wait_for
from tests.hub.upkeep.town import Town
from tests.hub.world import World

TOKEN = "a-long-token"


@pytest.fixture
def world(small_town: Town) -> Iterator[World]:
    """Leeds, whose hub has a token for figures."""
    with small_town.world() as found:
        settings = small_town.settings.model_copy(update={"metrics_token": TOKEN})
        found._app = create_app(settings, found.parts)
        yield found


def figures(text: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def asked(app: Flask, **environ: str) -> dict[str, float]:
    answer = app.test_client().get("/metrics", environ_overrides=environ)
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    return figures(answer.text)


AWAY = {"REMOTE_ADDR": "203.0.113.9"}
BY_PROXY = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
BY_NAME = {"HTTP_HOST": "hub.example.gov.uk"}
WRONG = {**AWAY, "HTTP_AUTHORIZATION": "Bearer a-long-tokem"}


@pytest.mark.parametrize("environ", [AWAY, BY_PROXY, BY_NAME, WRONG, {**AWAY, "HTTP_AUTHORIZATION": "Bearer "}])
@pytest.mark.parametrize("person", ["", "leeds/ann"])
def test_to_everybody_else_it_is_like_any_address_that_is_not_there(
    world: World, person: str, environ: dict[str, str]
) -> None:
    answers = []
    for path in ("/metrics", "/metrick"):
        answer = world.client(person).get(path, environ_overrides=environ)
        headers = {name: value for name, value in answer.headers if name not in {"Date", "Set-Cookie"}}
        plain = re.sub(r"nonce-[\w-]+|nonce=\"[\w-]+\"", "", f"{headers}{answer.text}")
        answers.append((answer.status_code, plain.replace("metrick", "metrics")))
    assert answers[0] == answers[1]
    assert answers[0][0] == (421 if "HTTP_HOST" in environ else 404 if person else 303)


def test_this_machine_and_whoever_has_the_token_may_read_it(world: World) -> None:
    assert asked(world.app)["hub_database_up"] == 1
    assert asked(world.app, **AWAY, **BY_NAME, HTTP_AUTHORIZATION=f"Bearer {TOKEN}")["hub_database_up"] == 1
    assert asked(world.app, REMOTE_ADDR="::1", HTTP_HOST="[::1]:8000")["hub_database_up"] == 1


def test_without_a_token_in_the_settings_none_opens(small_town: Town) -> None:
    with small_town.world() as world:
        for given in ("Bearer ", "Bearer None", ""):
            answer = world.client().get("/metrics", environ_overrides={**AWAY, "HTTP_AUTHORIZATION": given})
            assert answer.status_code == 303


def test_it_counts_answers_searches_refusals_and_what_waits(world: World) -> None:
    ann = world.client("leeds/ann")
    assert ann.get("/search?q=rent").status_code == 200
    assert ann.get("/documents/zzzzzzzzzzzz").status_code == 404
    assert world.client().get("/sign-in/callback/zzzzzzzzzzzz").status_code in {400, 404}
    world.add_document("leeds/housing", "Rent strike")
    found = asked(world.app)
    assert found["hub_requests_total{method=GET,route=find.search,status=200}"] == 1
    assert found["hub_search_seconds_count"] >= 1
    assert found["hub_refusals_total{kind=absent_or_hidden}"] == 1
    assert found["hub_sign_ins_total{result=refused}"] == 1
    assert found["hub_outbox_waiting"] >= 1
    assert found["hub_outbox_oldest_seconds"] >= 0
    assert found["hub_worker_up"] == 0
    assert found["hub_policy_generation"] > 1
    assert found["hub_sessions"] == 1
    assert {"hub_outbox_parked", "hub_fences", "hub_policy_files_refused"} < set(found)
    assert any(name.startswith("hub_request_seconds_bucket") for name in found)


def test_no_id_title_name_or_word_that_somebody_typed_is_in_it(world: World) -> None:
    ann = world.client("leeds/ann")
    with world.parts.database.reading() as session:
        from hub.nouns.documents.models import Document

        document = session.query(Document).filter_by(title="Rent review").one()
    for path in (f"/documents/{document.id}", "/search?q=kestrel", "/o/leeds", "/never/typed-this"):
        ann.get(path)
    ann.open("/", method="BREW")
    text = world.app.test_client().get("/metrics").text
    for word in (document.id, "Rent", "kestrel", "leeds", "ann", "typed-this", "BREW"):
        assert word not in re.sub(r"^# .*$", "", text, flags=re.MULTILINE), word


def test_a_database_that_is_down_is_a_figure_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.client().get("/sign-in")
    path = world.parts.policy_dir.parent / "hub.sqlite3"
    world.parts.database.close()
    path.rename(path.with_name("away"))
    path.mkdir()
    try:
        found = asked(world.app)
    finally:
        path.rmdir()
        path.with_name("away").rename(path)
    assert found["hub_database_up"] == 0
    assert "hub_outbox_waiting" not in found
    assert any(name.startswith("hub_requests_total") for name in found)


def test_processes_are_added_up_also_those_that_are_gone(tmp_path: Path, world: World) -> None:
    folder = tmp_path / "figures"
    one, two = Measures(folder), Measures(folder)
    for measures, times in ((one, 3), (two, 4)):
        for _ in range(times):
            measures.answered("home.show", "GET", 200, 0.03, signed_in=True)
    for measures in (one, two, one):
        data = measures.page(world.parts, tmp_path)
    found = figures(data.decode())
    assert found["hub_requests_total{method=GET,route=home.show,status=200}"] == 7
    assert found["hub_request_seconds_bucket{le=0.05,route=home.show}"] == 7
    assert found["hub_request_seconds_bucket{le=0.025,route=home.show}"] == 0
    assert list(folder.glob(".*")) == []


def test_a_full_disk_ends_no_process(tmp_path: Path, world: World) -> None:
    """Here: a folder that cannot be made."""
    (tmp_path / "file").write_text("no folder", "utf-8")
    measures = Measures(tmp_path / "file" / "figures")
    measures.answered("home.show", "GET", 200, 0.03, signed_in=True)
    assert b'hub_requests_total{method="GET",route="home.show",status="200"} 1.0' in measures.page(
        world.parts, tmp_path
    )


@pytest.mark.long
def test_two_web_processes_of_a_real_hub_tell_one_sum(tmp_path: Path) -> None:
    from tests.hub.running import test_serve

    port = free_port()

    def count() -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            return figures(answer.read().decode()).get(
                "hub_requests_total{method=GET,route=signin.choose,status=200}", 0
            )

    before: Callable[[Path, int], dict[str, str]] = test_serve.environment
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(test_serve, "environment", lambda data, p: {**before(data, p), "HUB_WEB_PROCESSES": "2"})
        with test_serve.serving(tmp_path, port):
            for _ in range(12):
                assert status(port, "/sign-in") == 200
            wait_for(lambda: count() == 12, "both processes' figures")
            assert len(list((tmp_path / "metrics").glob("*.prom"))) >= 1
