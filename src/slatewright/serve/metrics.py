"""Prometheus metrics of one server."""

from collections import Counter as Tally
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
Over = Literal["livemax", "livesum", "livemostrecent"]
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Metrics:
    """The numbers behind ``/metrics``. Every server has its own registry, so two may run in one process.

    Where a server has several workers, ``shared`` is the folder in which each keeps its numbers, and any of them tells
    those of all. It must be in ``PROMETHEUS_MULTIPROC_DIR`` when the process starts. What a dead worker counted stays.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._shared, self._version = shared, ""
        registry = CollectorRegistry(auto_describe=True)
        self._registry = registry
        self._requests = Counter(
            "slatewright_requests_total", "Requests answered.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "slatewright_request_seconds", "Time to answer a request.", ("route",), buckets=BUCKETS, registry=registry
        )
        self._events = Counter(
            "slatewright_events_total",
            "Events and updates of items and users received, by whether they were new.",
            ("outcome",),
            registry=registry,
        )
        self._items = Counter(
            "slatewright_slate_items_total", "Items put into slates, by the source.", ("source",), registry=registry
        )
        self._slates = Counter(
            "slatewright_slates_total", "Slates answered, by the fallback used.", ("fallback",), registry=registry
        )
        self._notes = Counter(
            "slatewright_stage_failures_total",
            "Stages that broke or were too late while a slate was made.",
            ("stage", "name"),
            registry=registry,
        )
        self._failures = Counter(
            "slatewright_failures_total",
            "Background work that failed and is tried again.",
            ("work",),
            registry=registry,
        )
        self._tell_of_now(registry)

    def _tell_of_now(self, registry: CollectorRegistry) -> None:
        """What is live, what waits, what is kept: of all workers together, those that are dead left out."""

        def gauge(name: str, about: str, over: Over, labels: tuple[str, ...] = ()) -> Gauge:
            return Gauge(f"slatewright_{name}", about, labels, registry=registry, multiprocess_mode=over)

        self._live = gauge("live_bundle", "1 for the bundle that answers.", "livemax", ("version",))
        self.pending = gauge("journal_pending", "Events that wait for the log.", "livemostrecent")
        self.workers = gauge("workers", "Processes that answer.", "livesum")
        self._cached = Counter(
            "slatewright_cache_total",
            "Questions by where a fresh answer was found: memory, redis, none.",
            ("where",),
            registry=registry,
        )
        self.cache_bytes = gauge("cache_bytes", "Bytes of answers held in memory.", "livesum")
        self.waiting = gauge("waiting", "Questions that wait for a thread or have one.", "livesum")
        self.intake = gauge("intake", "Events that wait for the disk.", "livesum")
        self.stuck = gauge("stuck_threads", "Threads that did not come back in time.", "livesum")
        self._shed = Counter(
            "slatewright_shed_total", "Requests refused because too many were open.", registry=registry
        )
        self.fresh = gauge("live_events", "Fresh events held in memory, by each worker.", "livemax")

    def saw(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(method if method in METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def took(self, accepted: int, duplicates: int) -> None:
        """One batch of events is durable."""
        self._events.labels("accepted").inc(accepted)
        self._events.labels("duplicate").inc(duplicates)

    def noted(self, stage: str, name: str) -> None:
        """A stage broke or was too late, and a slate was made without it."""
        self._notes.labels(stage, name).inc()

    def made(self, sources: list[str], fallback: str | None) -> None:
        """One slate was made."""
        self._slates.labels(fallback or "none").inc()
        for source, items in Tally(sources).items():
            self._items.labels(source).inc(items)

    def cached(self, where: str) -> None:
        """A question was asked; ``where`` a fresh answer was found."""
        self._cached.labels(where).inc()

    def shed(self) -> None:
        """A request was refused because too many were open."""
        self._shed.inc()

    def failed(self, work: str) -> None:
        """Background work failed."""
        self._failures.labels(work).inc()

    def swapped(self, version: str) -> None:
        """Another bundle answers from now on."""
        if self._shared is None:
            self._live.clear()
        elif self._version not in ("", version):  # the library takes nothing back that others read
            self._live.labels(self._version).set(0)
        self._live.labels(version).set(1)
        self._version = version

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        if self._shared is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(registry)
