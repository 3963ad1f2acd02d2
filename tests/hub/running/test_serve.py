"""`hub serve`, as an operator meets it: real processes on a real port."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.cli import STOP
from hub.ground.db import Database
from hub.ground.errors import Conflict, Unavailable
from hub.ground.migrations.run import downgrade
from hub.ground.schema import HEAD, SchemaState, schema_state
from hub.running.serve import Launch, Program, Supervisor, check_port
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

pytestmark = pytest.mark.long

WAIT = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {**kept, "HUB_DATA": str(data), "HUB_PORT": str(port)}


def hub(data: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hub.cli", *arguments]
    return subprocess.run(
        command, env=environment(data, port), capture_output=True, text=True, timeout=WAIT, check=False
    )


@contextmanager
def serving(data: Path, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "hub.cli", "serve", *arguments]
    with subprocess.Popen(
        command, env=environment(data, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as started:
        try:
            wait_for(lambda: status(port, "/healthz") == 200 or started.poll() is not None, "the hub")
            yield started
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGINT)
                started.wait(WAIT)


def status(port: int, path: str) -> int:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except OSError:
        return 0


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-Ao", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in found.splitlines()]
    direct = [child for child, parent in pairs if parent == pid]
    return direct + [grandchild for child in direct for grandchild in children(child)]


def command_line(pid: int) -> str:
    wide = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(wide, capture_output=True, text=True, check=False).stdout


def alive(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(found.strip()) and not found.strip().startswith("Z")


def test_a_new_hub_starts_in_an_empty_folder_explains_itself_and_ends_within_seconds(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "new"
    with serving(data, port) as running:
        assert status(port, "/healthz") == 200
        assert status(port, "/") == 303
        family = children(running.pid)
        assert len(family) >= 3
        wait_for((data / "policies" / "platform.csv").exists, "the worker")

        second = hub(data, port, "serve")
        assert second.returncode == 1
        assert f"Port {port} is in use by another program" in second.stderr
        assert f"HUB_PORT={port + 1}" in second.stderr
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        assert running.wait(WAIT) == 0
        assert time.monotonic() - began < 10
        assert not any(map(alive, family))
        assert running.stdout
        said = running.stdout.read()
    assert f"The hub is at http://localhost:{port}" in said
    assert f"The hub at http://localhost:{port} is empty" in said
    assert f"export HUB_DATA={data}" in said
    assert 'organisation add leeds --name "Leeds City Council"' in said
    assert "admin invite leeds --role platform" in said
    assert "Traceback" not in said


def test_a_crashed_worker_is_started_again_and_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as running:
        wait_for((tmp_path / "policies" / "platform.csv").exists, "the worker")
        before = children(running.pid)
        worker = next(pid for pid in before if "worker" in command_line(pid))
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: len(set(children(running.pid)) - set(before)) == 1, "another worker")
        family = children(running.pid)
        running.kill()
        running.wait(WAIT)
        wait_for(lambda: not any(map(alive, family)), "the end of all children")


def test_the_same_command_on_a_second_machine_answers_too_and_its_worker_takes_over(tmp_path: Path) -> None:
    """Here the second machine is another port. When the first is gone with all its processes, the second works on."""
    first, second = free_port(), free_port()
    with serving(tmp_path, first) as one:
        wait_for((tmp_path / "policies" / "platform.csv").exists, "the worker")
        with serving(tmp_path, second) as two:
            assert status(first, "/healthz") == status(second, "/healthz") == 200
            refused = hub(tmp_path, first, "migrate")
            assert "is up to date" in refused.stdout
            one.kill()
            one.wait(WAIT)
            (tmp_path / "policies" / "platform.csv").unlink()
            wait_for((tmp_path / "policies" / "platform.csv").exists, "the other worker")
            two.send_signal(signal.SIGINT)
            assert two.wait(WAIT) == 0
            assert two.stdout
            said = two.stdout.read()
    assert "WORKER STANDS BY" in said
    assert "this one takes over within seconds when it ends" in said
    assert "a program ended unasked" not in said


def test_a_machine_may_run_the_worker_alone(tmp_path: Path) -> None:
    assert hub(tmp_path, free_port(), "migrate").returncode == 0
    both = hub(tmp_path, free_port(), "serve", "--web-only", "--worker-only")
    assert both.returncode == 2
    assert "not both" in both.stderr
    port = free_port()
    command = [sys.executable, "-m", "hub.cli", "serve", "--worker-only"]
    with subprocess.Popen(command, env=environment(tmp_path, port), stdout=subprocess.PIPE, text=True) as running:
        wait_for((tmp_path / "policies" / "platform.csv").exists, "the worker")
        assert status(port, "/healthz") == 0
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=WAIT)
    assert running.returncode == 0
    assert "The worker of the hub runs, or stands by." in said


def test_a_database_is_not_migrated_under_a_worker_and_who_meets_a_migrated_one_says_so(
    sqlite_database: Database, tmp_path: Path
) -> None:
    port = free_port()
    with serving(tmp_path, port):
        wait_for((tmp_path / "policies" / "platform.csv").exists, "the worker")
        version(sqlite_database, "0016")
        refused = hub(tmp_path, port, "migrate")
        assert refused.returncode == 1
        assert "A hub is running on" in refused.stderr
        for another in ("9999", "0016"):  # a newer one that takes something away, and an older one
            version(sqlite_database, another, "9999" if another > HEAD else HEAD)
            assert status(port, "/healthz") == 503
        version(sqlite_database, HEAD)
        assert status(port, "/healthz") == 200


def version(database: Database, number: str, works_from: str = "9999") -> None:
    """Let the database be of another schema, with which programs from one on work."""
    with database.writing() as session:
        for statement in (
            f"UPDATE alembic_version SET version_num = '{number}'",
            f"UPDATE hub_state SET works_from = '{works_from}'",
        ):
            session.connection().exec_driver_sql(statement)
        session.commit()


def test_web_processes_go_on_while_a_hub_is_upgraded(sqlite_database: Database, tmp_path: Path) -> None:
    """A newer version has added to the database, and says that this one may go on. Ann reads and writes meanwhile."""
    world = World(make_parts(sqlite_database, EmbeddedEngine(tmp_path / "index"), tmp_path))
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read it")
    world.add_person("leeds/ann")
    world.add_space("leeds/play")
    port = free_port()
    with serving(tmp_path, port, "--web-only"):
        with sqlite_database.writing() as session:
            for statement in (
                "ALTER TABLE documents ADD COLUMN tint VARCHAR(10) NOT NULL DEFAULT ''",
                "CREATE TABLE later (id VARCHAR(40) PRIMARY KEY)",
            ):
                session.connection().exec_driver_sql(statement)
            session.commit()
        version(sqlite_database, "9999", HEAD)
        assert status(port, "/healthz") == 200
        document = world.add_document("leeds/play", "Written meanwhile", "Sluice")
        assert "Written meanwhile" in world.client("leeds/ann").get(f"/documents/{document[4:]}").text
    with serving(tmp_path, port, "--web-only"):  # and one that broke down starts again
        assert status(port, "/healthz") == 200
    for arguments in (("serve", "--worker-only"), ("worker",), ("doctor",)):
        ran = hub(tmp_path, free_port(), *arguments)
        assert ran.returncode != 0
        assert "newer version of the hub" in ran.stdout + ran.stderr, arguments
    version(sqlite_database, "9999")
    assert "newer version of the hub" in hub(tmp_path, free_port(), "serve", "--web-only").stderr


def test_an_operator_is_told_whether_the_version_before_may_go_on(sqlite_database: Database, tmp_path: Path) -> None:
    downgrade(sqlite_database, "0020")
    assert STOP in hub(tmp_path, free_port(), "migrate").stdout
    assert schema_state(sqlite_database) is SchemaState.CURRENT


def test_a_database_of_another_version_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    version(sqlite_database, "9999")
    ran = hub(tmp_path, free_port(), "serve")
    assert ran.returncode == 1
    assert "newer version of the hub" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_busy_port_is_one_sentence_with_the_cure() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Conflict, match=rf"Port {port} is in use .* HUB_PORT={port + 1}"):
            check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_one_sentence() -> None:
    with pytest.raises((Unavailable, Conflict)):
        check_port("192.0.2.1", 8000)
    with pytest.raises(Unavailable, match=r"HUB_HOST is 'nowhere\.invalid'"):
        check_port("nowhere.invalid", 8000)


def test_a_child_that_can_never_start_ends_the_hub() -> None:
    supervisor = Supervisor([Program("worker", (sys.executable, "-c", "raise SystemExit(78)"))])
    supervisor.start()

    def refused() -> bool:
        try:
            supervisor.look()
        except Unavailable as error:
            return "its worker could not start" in str(error)
        return False

    wait_for(refused, "the refusal")
    supervisor.stop()


def test_a_child_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.running.serve.GRACE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    supervisor = Supervisor([Program("deaf", (sys.executable, "-c", deaf))])
    supervisor.start()
    (pid,) = supervisor.pids().values()
    supervisor.stop()
    assert not alive(pid)


def test_a_hub_whose_worker_runs_elsewhere_starts_none(tmp_path: Path) -> None:
    launch = Launch("http://localhost:8000", "127.0.0.1", 8000, tmp_path, worker=False)
    assert [program.name for program in launch.programs] == ["web processes"]


def test_what_a_feature_runs_beside_is_started_first_and_settings_reach_every_child(tmp_path: Path) -> None:
    issuers = Program("sign-in pages", ("true",))
    launch = Launch(
        "http://localhost:8000", "127.0.0.1", 8000, tmp_path, environment={"HUB_DEMO": "1"}, beside=(issuers,)
    )
    assert [program.name for program in launch.programs] == ["sign-in pages", "web processes", "worker"]
    assert all(program.environment == {"HUB_DEMO": "1"} for program in launch.programs[1:])
