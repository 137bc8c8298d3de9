"""Counts and histograms of the arrivals of one phase."""

from typing import Any

from records.schema import CallRecord
from verdict.histogram import Histogram
from verdict.instances import Instances

_HISTOGRAMS = ("lag", "latency", "service")
_COUNTERS = ("statuses", "unsent", "failure_classes", "failure_codes")


class Parts:
    """Where the latency of successful calls went, as sums; only calls whose worker said so.

    latency = lag + network and queue (received - sent - worker wall) + contention (wall - CPU)
    + CPU, exactly.
    """

    __slots__ = ("calls", "contention_s", "cpu_s", "lag_s", "network_and_queue_s", "worker_queue_s")

    def __init__(self) -> None:
        self.calls = 0
        self.lag_s = 0.0
        self.network_and_queue_s = 0.0
        self.contention_s = 0.0
        self.cpu_s = 0.0
        self.worker_queue_s = 0.0

    def merge(self, other: "Parts") -> None:
        """Add another's sums."""
        for name in Parts.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_dict(self) -> dict[str, float]:
        """Plain values."""
        return {name: getattr(self, name) for name in Parts.__slots__}


class Tally:
    """What one phase adds up to. Latency histograms hold +inf for calls that did not succeed."""

    __slots__ = (
        *_COUNTERS,
        *_HISTOGRAMS,
        "first_on_instance",
        "instances",
        "parts",
        "spin_calls",
        "spin_s",
    )

    def __init__(self) -> None:
        self.statuses: dict[str, int] = {}
        self.unsent: dict[str, int] = {}
        self.failure_classes: dict[str, int] = {}
        self.failure_codes: dict[str, int] = {}
        self.lag = Histogram()
        self.latency = Histogram()
        self.service = Histogram()
        self.parts = Parts()
        self.instances = Instances()
        self.first_on_instance = 0
        self.spin_s = 0.0
        self.spin_calls = 0

    def add(self, record: CallRecord) -> None:
        """Count one record."""
        status, sent_s = record.status, record.sent_s
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if sent_s is None:
            count_key(self.unsent, record.failure_class or "unknown")
            return
        self.lag.add(sent_s - record.intended_s)
        if record.spin_s is not None:
            self.spin_s += record.spin_s
            self.spin_calls += 1
        if status == "ok" and record.received_s is not None:
            self._add_success(record, sent_s, record.received_s)
        else:
            self._add_failure(record)

    def _add_success(self, record: CallRecord, sent_s: float, received_s: float) -> None:
        service_s = received_s - sent_s
        self.latency.add(received_s - record.intended_s)
        self.service.add(service_s)
        if record.instance_id is not None:
            self.instances.add(record.instance_id, sent_s)
            self.first_on_instance += record.instance_seq == 1
        self._add_parts(record, sent_s - record.intended_s, service_s)

    def _add_parts(self, record: CallRecord, lag_s: float, service_s: float) -> None:
        wall_s, cpu_s = record.worker_wall_s, record.worker_cpu_s
        if wall_s is None or cpu_s is None:
            return
        parts = self.parts
        parts.calls += 1
        parts.lag_s += lag_s
        parts.network_and_queue_s += service_s - wall_s
        parts.contention_s += wall_s - cpu_s
        parts.cpu_s += cpu_s
        parts.worker_queue_s += record.worker_queue_s or 0.0

    def _add_failure(self, record: CallRecord) -> None:
        self.latency.add_infinite()
        self.service.add_infinite()
        if record.status == "failed":
            count_key(self.failure_classes, record.failure_class or "unknown")
            count_key(self.failure_codes, record.code or "unknown")

    def merge(self, other: "Tally") -> None:
        """Pool another tally into this one."""
        for name in _COUNTERS:
            mine = getattr(self, name)
            for key, count in getattr(other, name).items():
                mine[key] = mine.get(key, 0) + count
        for name in (*_HISTOGRAMS, "parts", "instances"):
            getattr(self, name).merge(getattr(other, name))
        self.first_on_instance += other.first_on_instance
        self.spin_s += other.spin_s
        self.spin_calls += other.spin_calls

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message."""
        return {
            **{name: dict(getattr(self, name)) for name in _COUNTERS},
            **{name: getattr(self, name).to_dict() for name in (*_HISTOGRAMS, "parts")},
            "instances": self.instances.to_dict(),
            "first_on_instance": self.first_on_instance,
            "spin_s": self.spin_s,
            "spin_calls": self.spin_calls,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Tally":
        """The tally that `to_dict` described."""
        tally = cls()
        for name in _COUNTERS:
            setattr(tally, name, dict(values[name]))
        for name in _HISTOGRAMS:
            setattr(tally, name, Histogram.from_dict(values[name]))
        for name in Parts.__slots__:
            setattr(tally.parts, name, values["parts"][name])
        tally.instances = Instances.from_dict(values["instances"])
        for name in ("first_on_instance", "spin_s", "spin_calls"):
            setattr(tally, name, values[name])
        return tally


def count_key(counts: dict[str, int], key: str, number: int = 1) -> None:
    """Count a key of a small set; beyond 64 of them, what is new counts as "other"."""
    if key not in counts and len(counts) >= 64:  # noqa: PLR2004 - codes of other protocols are any text
        key = "other"
    counts[key] = counts.get(key, 0) + number
