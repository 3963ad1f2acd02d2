"""A real Keycloak for the tests: fetched once, started on a loopback address, stopped with whoever asked.

`server.py fetch` gets the official distribution with Maven (`mvn`) into `.cache/keycloak` (or the folder that
HUB_TEST_KEYCLOAK names) and checks that it is the one that was looked at. Needs Java 17 or newer.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
VERSION: Final = "26.4.0"
SHA256: Final = "1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a"
ADMIN: Final = ("admin", "only-for-tests")
OLDEST_JAVA: Final = 17
PATIENCE: Final = 280
"""Seconds that a start may take."""


class Missing(Exception):
    """Something that the server needs is not on this machine; the text says what."""


def fetch() -> Path:
    """The unpacked distribution, from the cache or into it. Raises Missing."""
    cache = Path(os.environ.get("HUB_TEST_KEYCLOAK") or HERE.parent.parent / ".cache" / "keycloak")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("a") as lock:  # two test runs at once make it once
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = cache / f"keycloak-{VERSION}"
        if not (home / "complete").exists():
            _unpack(_downloaded(cache), cache, home)
        return home


def _downloaded(cache: Path) -> Path:
    archive = cache / f"keycloak-quarkus-dist-{VERSION}.zip"
    if not archive.exists():
        if not shutil.which("mvn"):
            raise Missing("Maven (`mvn`), which fetches the server: install it")
        command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), f"-Dto={cache}", f"-Dkeycloak.version={VERSION}"]
        done = subprocess.run([*command, "package"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"Keycloak {VERSION}: Maven could not fetch it:\n{(done.stdout + done.stderr)[-2000:]}")
    with archive.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != SHA256:
        archive.unlink()
        raise Missing(f"Keycloak {VERSION}: what was fetched is another file (SHA-256 {found}), and was deleted")
    return archive


def _unpack(archive: Path, cache: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(cache)
    for script in (home / "bin").glob("*.sh"):
        script.chmod(0o755)
    # built once here: a start that builds takes a minute more
    built = subprocess.run(
        [str(home / "bin" / "kc.sh"), "build", "--db=dev-mem"], capture_output=True, text=True, check=False
    )
    if built.returncode:
        raise Missing(f"Keycloak {VERSION}: it could not be built:\n{(built.stdout + built.stderr)[-2000:]}")
    (home / "complete").write_text(SHA256)


class Server:
    """One running Keycloak; `url` is its address. Its data live in memory."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        home = fetch()
        if _java() < OLDEST_JAVA:
            raise Missing(f"Java {OLDEST_JAVA} or newer: install it")
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = probe.getsockname()[1]
        self.url = f"http://{host}:{port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        given = {
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN[0],
            "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN[1],
            "JAVA_OPTS_KC_HEAP": "-Xms64m -Xmx512m",
        }
        command = [str(home / "bin" / "kc.sh"), "start", "--optimized", f"--http-host={host}", f"--http-port={port}"]
        self.process = subprocess.Popen(
            [*command, "--http-enabled=true", "--hostname-strict=false", "--cache=local"],
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self.process.poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"{self.url}/realms/master", timeout=2).close()
                return
            time.sleep(0.3)
        self.stop()
        self._log.seek(0)
        raise RuntimeError(f"Keycloak did not start: {self._log.read()[-2000:]!r}")

    def stop(self) -> None:
        """End it, with everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


def _java() -> int:
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else shutil.which("java")
    if not java:
        return 0
    told = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["fetch"])
    parser.parse_args()
    try:
        fetch()
    except Missing as missing:
        print(f"Needs {missing}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
