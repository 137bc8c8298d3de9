"""The run in view as Prometheus metrics: counters of the run, histograms of its measured phase."""

from __future__ import annotations

import math
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from openloop.live_board import LiveBoard, LiveRun
from openloop.live_view import state
from verdict.histogram import Histogram
from verdict.judge import LEVELS

PREFIX = "open_loop"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LAG_BOUNDS_S = (1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
LATENCY_BOUNDS_S = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
    *(2.5, 5.0, 10.0, 30.0, 60.0, 300.0),
)


def metrics_text(board: LiveBoard) -> bytes:
    """What `/metrics` answers, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(BoardCollector(board))
    return generate_latest(registry)


class BoardCollector(Collector):
    """Reads the board when it is asked.

    Args:
        board: What is known of the run in view.
    """

    def __init__(self, board: LiveBoard) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """All metrics; before the first run only that nothing is offered."""
        board, run = self._board, self._board.run
        under_way = float(board.is_under_way)
        yield _gauge("run_under_way", "1 while a run sends or drains", under_way)
        yield _gauge("offered_rps", "Planned requests a second, now", board.offered_rps)
        if run is None:
            return
        yield _info(board, run)
        yield from _counters(run)
        yield from _by_member(board, run)
        yield _histogram("lag_seconds", _LAG_HELP, run.sums.measured.lag, LAG_BOUNDS_S)
        yield _histogram(
            "latency_seconds", _LATENCY_HELP, run.sums.measured.latency, LATENCY_BOUNDS_S
        )
        yield _verdict(board)


_LAG_HELP = "Sent minus intended, of the measured phase"
_LATENCY_HELP = (
    "Received minus intended, of the measured phase; calls that did not succeed count as +Inf and "
    "not in the sum"
)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, value=value)


def _info(board: LiveBoard, run: LiveRun) -> Metric:
    plan = run.active.plan
    labels = {"run_id": run.run_id, "law": plan.law, "state": state(board)}
    return InfoMetricFamily(f"{PREFIX}_run", "The run that the metrics are of", value=labels)


def _counters(run: LiveRun) -> Iterator[Metric]:
    whole = run.sums.whole
    yield CounterMetricFamily(f"{PREFIX}_sent", "Calls that left", value=whole.sent)
    ended = {"ok": whole.ok, "failed": whole.failed, "unfinished": whole.unfinished}
    yield _counter("ended", "Calls that are over", "status", ended)
    yield _counter("failed", "Calls that failed", "class", whole.failures)
    yield _counter("unsent", "Arrivals that were not sent", "reason", whole.unsent)


def _counter(name: str, text: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{name}", text, labels=[label])
    for key, count in sorted(counts.items()):
        family.add_metric([key], count)
    return family


def _by_member(board: LiveBoard, run: LiveRun) -> Iterator[Metric]:
    sending = run.active.plan.members[-1].ids if board.is_under_way else ()
    yield _gauge("members", "Members that send", len(sending))
    yield _gauge("members_lost", "Members that were lost in the run", len(run.active.lost))
    flight = {name: float(one.in_flight) for name, one in run.states.items() if name in sending}
    yield _members_gauge("in_flight", "Calls under way", flight)
    errors = {
        name: error_s for name, (_, error_s) in board.clocks_s.items() if name in run.active.members
    }
    yield _members_gauge("clock_error_seconds", "How sure a member's clock offset is", errors)
    cpu = {name: one.cpu_share for name, one in run.states.items()}
    yield _members_gauge("cpu_share", "CPU seconds of a member's process a second", cpu)


def _members_gauge(name: str, text: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=["member"])
    for member, value in sorted(values.items()):
        family.add_metric([member], value)
    return family


def _histogram(name: str, text: str, histogram: Histogram, bounds_s: tuple[float, ...]) -> Metric:
    buckets = [(f"{bound:g}", histogram.total - _above(histogram, bound)) for bound in bounds_s]
    return HistogramMetricFamily(
        f"{PREFIX}_{name}",
        text,
        buckets=[*buckets, ("+Inf", histogram.total)],
        sum_value=histogram.sum_s,
    )


def _above(histogram: Histogram, bound_s: float) -> int:
    share = histogram.share_above(bound_s)
    return round(share * histogram.total) if math.isfinite(share) else 0


def _verdict(board: LiveBoard) -> Metric:
    said = board.conclusion
    level = said.verdict.level if said else board.verdict_so_far().level
    family = GaugeMetricFamily(
        f"{PREFIX}_verdict", "1 for the verdict, so far or in the end", labels=["level"]
    )
    for name in LEVELS:
        family.add_metric([name], float(name == level))
    return family
