"""Figures for Prometheus. Each web process counts for itself; the one that is asked adds up what all have counted.

A process leaves its counts in a file, two seconds after it last had something to count. (The client library's own way
to share, files mapped into memory, would end a process on a full disk.) No figure has an id, a name or a word that
somebody typed in it: routes are named as the program names them.
"""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.access.models import HubState, SignedInSession
from hub.access.parts import Parts
from hub.features.policies.models import PolicyAlarm
from hub.mail.queries import counts_of
from hub.upkeep.work import waiting_in, worker_runs

log = structlog.get_logger(__name__)
disable_created_metrics()  # type: ignore[no-untyped-call]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PAUSE = 2.0
"""Seconds after which a process leaves what it has counted for the others."""
METHODS = frozenset({"GET", "HEAD", "POST"})


class Measures:
    """What one process has counted. `folder` is where it shares it; None where it is the only one."""

    def __init__(self, folder: Path | None) -> None:
        self._own = CollectorRegistry()
        self._folder = folder
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}.prom"
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._requests = self._counter("hub_requests", "Answered requests.", "route", "method", "status")
        self._refusals = self._counter("hub_refusals", "Answers to signed-in people that policy refused.", "kind")
        self._sign_ins = self._counter("hub_sign_ins", "People who came back from their issuer.", "result")
        self._failures = self._counter("hub_search_failures", "Searches that the engine did not answer.")
        self._took = self._histogram("hub_request_seconds", "Time to the first byte of the answer.", "route")
        self._searched = self._histogram("hub_search_seconds", "Time that the search engine took.")

    def answered(self, route: str, method: str, status: int, seconds: float, *, signed_in: bool) -> None:
        """Count an answer to a request."""
        self._requests.labels(route, method if method in METHODS else "other", str(status)).inc()
        self._took.labels(route).observe(seconds)
        if signed_in and status in {403, 404}:
            self._refusals.labels("absent_or_hidden" if status == 404 else "not_permitted").inc()  # noqa: PLR2004
        if route == "signin.complete":
            self._sign_ins.labels("done" if status == 303 else "refused").inc()  # noqa: PLR2004
        self._share_soon()

    def searched(self, seconds: float) -> None:
        """Count a search that the engine answered."""
        self._searched.observe(seconds)

    def search_failed(self) -> None:
        """Count one that it did not."""
        self._failures.inc()

    def page(self, parts: Parts, data: Path) -> bytes:
        """All figures, in Prometheus' text format: those of every process, and how the hub stands now."""
        self._share()
        shown = CollectorRegistry(auto_describe=False)
        shown.register(_Together([generate_latest(self._own).decode(), *self._of_others()]))
        shown.register(_Now(parts, data))
        return generate_latest(shown)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self._own)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(name, says, labels, buckets=SECONDS, registry=self._own)

    def _of_others(self) -> Iterator[str]:
        for path in sorted(self._folder.glob("*.prom")) if self._folder else ():
            if path.name != self._name:
                with suppress(FileNotFoundError):  # another `hub serve` on this folder has begun anew
                    yield path.read_text("utf-8")

    def _share_soon(self) -> None:
        if self._folder is None or self._timer is not None:
            return
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(PAUSE, self._share)
                self._timer.daemon = True
                self._timer.start()

    def _share(self) -> None:
        self._timer = None
        if self._folder is None:
            return
        try:
            self._folder.mkdir(exist_ok=True)
            partial = self._folder / f".{self._name}.{secrets.token_hex(4)}"
            partial.write_bytes(generate_latest(self._own))
            partial.replace(self._folder / self._name)
        except OSError as error:  # a full disk: figures are late, and the hub goes on
            log.warning("figures cannot be left for the other processes", reason=error.strerror)


class _Together(Collector):
    """The counts of several processes, added up: counters and histograms alike are sums."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def collect(self) -> Iterator[Metric]:
        found: dict[str, Metric] = {}
        sums: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = {}
        for text in self._texts:
            for family in text_string_to_metric_families(text):
                found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                into = sums.setdefault(family.name, {})
                for sample in family.samples:
                    key = (sample.name, tuple(sample.labels.items()))
                    into[key] = into.get(key, 0.0) + sample.value
        for name, metric in found.items():
            for (sample_name, labels), value in sums[name].items():
                metric.add_sample(sample_name, dict(labels), value)
            yield metric


class _Now(Collector):
    """How the hub stands, asked of the database for each look."""

    def __init__(self, parts: Parts, data: Path) -> None:
        self._parts, self._data = parts, data

    def collect(self) -> Iterator[Metric]:
        try:
            with self._parts.database.reading() as session:
                values = {"hub_database_up": ("Whether the database answers.", 1.0)} | self._values(session)
        except SQLAlchemyError:
            values = {"hub_database_up": ("Whether the database answers.", 0.0)}
        for name, (says, value) in values.items():
            yield GaugeMetricFamily(name, says, value)

    def _values(self, session: Session) -> dict[str, tuple[str, float]]:
        waiting, now = waiting_in(session), self._parts.clock.now()
        age = max(0.0, (now - waiting.oldest).total_seconds()) if waiting.oldest else 0.0
        letters = counts_of(session)
        runs = worker_runs(self._parts.database, self._data)
        refused = select(func.count()).select_from(PolicyAlarm)
        return {
            "hub_worker_up": ("Whether a worker is running.", float(runs)),
            "hub_outbox_waiting": ("Messages that wait for the worker.", waiting.count),
            "hub_outbox_oldest_seconds": ("How long the oldest of them has waited.", age),
            "hub_outbox_parked": ("Messages that were set aside.", waiting.parked),
            "hub_fences": ("Things that search hides until the index has them.", waiting.fences),
            "hub_policy_generation": ("Grows with each change of policy or place.", self._generation(session)),
            "hub_policy_files_refused": ("Policy files that are refused.", session.scalar(refused) or 0),
            "hub_letters_waiting": ("Letters that wait to be sent.", letters.waiting),
            "hub_letters_failed": ("Letters that could not be sent.", letters.failed),
            "hub_sessions": ("People's sessions that are open.", sessions_open(session, now)),
        }

    def _generation(self, session: Session) -> int:
        return session.execute(select(HubState.policy_generation)).scalar_one()


def sessions_open(session: Session, now: datetime) -> int:
    """How many sessions of people have neither ended nor grown too old."""
    is_open = SignedInSession.ended_at.is_(None), SignedInSession.expires_at > now
    return session.scalar(select(func.count()).where(*is_open)) or 0
