"""A real Elasticsearch for the tests: fetched once, started on a free loopback port, stopped with whoever asked.

`server.py fetch` gets the stripped official distribution with Maven (`mvn`) into `.cache/elasticsearch` and builds the
test-only plugin that gives back the analysis names which that distribution lacks.
`server.py run` starts it (512 MB of heap, unprivileged, no password), prints its URL on a line of its own once it
answers, and stops it when standard input closes, or on SIGTERM or SIGINT.

Needs a JDK of version 21 or newer, looked for in HUB_TEST_JAVA, JAVA_HOME, on the PATH and in the usual places.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

HERE: Final = Path(__file__).resolve().parent
CACHE: Final = HERE.parent.parent / ".cache" / "elasticsearch"
VERSION: Final = "9.5.0"
HEAP: Final = "512m"
OLDEST_JAVA: Final = 21
PATIENCE: Final = 120
"""Seconds that a start may take."""
_PLACES: Final = (
    "/usr/lib/jvm/*", "/usr/local/lib/jvm/*", "/usr/java/*", "/opt/java/*", "/opt/*jdk*", "/opt/homebrew/opt/openjdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home", "~/.sdkman/candidates/java/*", "~/.jdks/*",
)  # fmt: skip
_COMPONENTS: Final = {
    "org.elasticsearch.plugin.analysis.TokenFilterFactory": {
        "asciifolding": "hubtest.AsciiFolding",
        "stemmer": "hubtest.Stemmer",
    },
    "org.elasticsearch.plugin.analysis.TokenizerFactory": {"char_group": "hubtest.CharGroup"},
}
_DESCRIPTOR: Final = f"""name=hub-test-analysis
description=Analysis names that the stripped distribution lacks, for tests
version={VERSION}
elasticsearch.version={VERSION}
java.version=21
"""


class Missing(Exception):
    """Something that the server needs is not on this machine; the text says what."""


def find_jdk() -> Path:
    """The home of a JDK of version 21 or newer: the one asked for, else the oldest that will do. Raises Missing."""
    for name in ("HUB_TEST_JAVA", "JAVA_HOME"):
        if os.environ.get(name) and _java_version(Path(os.environ[name])) >= OLDEST_JAVA:
            return Path(os.environ[name])
    javac = shutil.which("javac")
    homes = [Path(javac).resolve().parent.parent] if javac else []
    for place in _PLACES:
        pattern = Path(place).expanduser()
        with contextlib.suppress(OSError):
            homes += sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    fit = sorted((version, home) for home in homes if (version := _java_version(home)) >= OLDEST_JAVA)
    if not fit:
        raise Missing("a JDK of version 21 or newer: install one, or name its home in HUB_TEST_JAVA")
    return fit[0][1]


def _java_version(home: Path) -> int:
    try:
        match = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match and (home / "bin" / "javac").exists() else 0


def fetch() -> Path:
    """The unpacked distribution with our plugin, from the cache or into it. Raises Missing."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("a") as lock:  # two test runs at once make it once
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _fetched()


def _fetched() -> Path:
    stamp = _sources_stamp()
    home = CACHE / f"elasticsearch-{VERSION}"
    if (home / "complete").exists() and (home / "complete").read_text() == stamp:
        return home
    jdk = find_jdk()
    archive = CACHE / f"elasticsearch-{VERSION}.zip"
    if not archive.exists():
        _download(jdk)
    shutil.rmtree(home, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(CACHE)
    for script in (home / "bin").iterdir():
        script.chmod(0o755)
    _build_plugin(home, jdk)
    (home / "complete").write_text(stamp)
    return home


def _sources_stamp() -> str:
    """Differs whenever what the cache is made from differs."""
    digest = hashlib.sha256()
    for file in [Path(__file__), HERE / "pom.xml", *sorted((HERE / "src" / "hubtest").glob("*.java"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _download(jdk: Path) -> None:
    if not shutil.which("mvn"):
        raise Missing("Maven (`mvn`), which fetches the server: install it")
    command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), f"-Dto={CACHE}", f"-Delasticsearch.version={VERSION}"]
    done = subprocess.run(
        [*command, "package"], env={**os.environ, "JAVA_HOME": str(jdk)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"Elasticsearch {VERSION}: Maven could not fetch it:\n{(done.stdout + done.stderr)[-2000:]}")


def _build_plugin(home: Path, jdk: Path) -> None:
    folder = home / "plugins" / "hub-test-analysis"
    folder.mkdir(parents=True)
    sources = [str(file) for file in sorted((HERE / "src" / "hubtest").glob("*.java"))]
    with tempfile.TemporaryDirectory() as classes:
        compiler = [str(jdk / "bin" / "javac"), "--release", "21", "-cp", f"{home}/lib/*", "-d", classes]
        subprocess.run(compiler + sources, check=True)
        with zipfile.ZipFile(folder / "hub-test-analysis.jar", "w") as jar:
            for file in sorted(Path(classes).rglob("*.class")):
                jar.write(file, file.relative_to(classes))
    (folder / "stable-plugin-descriptor.properties").write_text(_DESCRIPTOR)
    (folder / "named_components.json").write_text(json.dumps(_COMPONENTS))


class Server:
    """A server over a folder of its own, which it finds again when it is started anew, at the same address."""

    def __init__(self, folder: Path) -> None:
        home, self._jdk = fetch(), find_jdk()
        self._folder = folder
        self.url = f"http://127.0.0.1:{_configure(home, folder)}"
        self._owner = _hand_over(folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the launcher, which started the server proper; 0 while there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Return when it answers. Raises RuntimeError with the log's end."""
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self._folder),
            "ES_JAVA_HOME": str(self._jdk),
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
            "ES_TMPDIR": str(self._folder / "tmp"),
            "CLI_JAVA_OPTS": "-Xmx64m",
        }
        with (self._folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [str(self._folder / "server" / "bin" / "elasticsearch")], env=environment, cwd=self._folder,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                **self._owner,
            )  # fmt: skip
        _wait(self._process, self.url, self._folder / "output")

    def stop(self) -> None:
        """Return when it is gone."""
        if self._process is not None:
            _stop(self._process)
            self._process = None


@contextlib.contextmanager
def standing() -> Iterator[Server]:
    """A server that runs, and can be stopped and started; gone with the context. Raises Missing, or RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="hub-elasticsearch-") as name:
        server = Server(Path(name))
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server that lives as long as the context. Raises Missing, or RuntimeError with the log's end."""
    with standing() as server:
        yield server.url


def _configure(home: Path, folder: Path) -> int:
    """A copy of the server in `folder`, to run and be thrown away; its port."""
    shutil.copytree(home, folder / "server")
    for part in ("data", "logs", "tmp"):
        (folder / part).mkdir()
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        port, transport = first.getsockname()[1], second.getsockname()[1]
    settings = {
        "cluster.name": "hub-tests",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "xpack.security.enabled": False,
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
    (folder / "server" / "config" / "elasticsearch.yml").write_text(text)
    return int(port)


def _hand_over(folder: Path) -> dict[str, object]:
    """As root: gives the folder to `nobody`, as the server refuses to run as root; how to start it as that user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for root, folders, files in os.walk(folder):
        for entry in [root, *(os.path.join(root, part) for part in folders + files)]:  # noqa: PTH118 - thousands
            os.chown(entry, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(server: subprocess.Popen[bytes], url: str, output: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if _answers(url):
            return
        time.sleep(0.1)
    raise RuntimeError(f"Elasticsearch did not start; its last words:\n{output.read_text(errors='replace')[-4000:]}")


def _answers(url: str) -> bool:
    health = f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s"
    with contextlib.suppress(OSError), urllib.request.urlopen(health, timeout=10) as answer:
        return bool(answer.status == http.HTTPStatus.OK)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
    with contextlib.suppress(ProcessLookupError):  # the group: the launcher and the server that it started
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)


def _run() -> None:
    stopped = threading.Event()

    def stop(_signal: int = 0, _frame: types.FrameType | None = None) -> None:
        stopped.set()

    def read_to_end() -> None:
        while sys.stdin.buffer.read1(1024):
            pass
        stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with running() as url:
        print(url, flush=True)
        threading.Thread(target=read_to_end, daemon=True).start()
        stopped.wait()


def main() -> NoReturn:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["fetch", "run"])
    try:
        print(fetch()) if parser.parse_args().command == "fetch" else _run()
    except (Missing, RuntimeError) as error:
        sys.exit(f"No Elasticsearch here. It needs {error}" if isinstance(error, Missing) else str(error))
    sys.exit(0)


if __name__ == "__main__":
    main()
