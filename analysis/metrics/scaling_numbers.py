"""The numbers of an autoscaler: each with its unit and its meaning."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import pandas as pd

from analysis.metrics.scaling import (
    Scaling,
    Span,
    Value,
    against_need,
    mean_pods,
    panic_time,
    panics,
    per_success,
    pod_seconds,
    pods,
    proxied,
    swung,
    time_to,
    to_zero,
    turns,
    waiting,
    without_pods,
)


@dataclass(frozen=True)
class Metric:
    """One number of a span.

    Attributes:
        key: Its name in the CSV.
        name, unit, meaning: In words.
        of: Takes it.
        hidden_by: Which gaps in the watch make it doubtful: those "within" the span, those
            "before" the moment that it names, or "none".
    """

    key: str
    name: str
    unit: str
    meaning: str
    of: Callable[[Scaling, Span], Value]
    hidden_by: Literal["within", "before", "none"] = "within"


def scaling_numbers(scaling: Scaling, span: Span) -> pd.DataFrame:
    """All numbers of a span.

    Returns:
        Columns `metric`, `name`, `unit`, `meaning`, `value` (NaN where there is none), `why_none`,
        `doubtful` (whether a gap in the watch may hide more).
    """
    found = [(metric, metric.of(scaling, span)) for metric in METRICS]
    return pd.DataFrame(
        [
            _row(metric, value) | {"doubtful": _is_doubtful(scaling, span, metric, value)}
            for metric, value in found
        ]
    )


def _is_doubtful(scaling: Scaling, span: Span, metric: Metric, value: Value) -> bool:
    if isinstance(value, str) or metric.hidden_by == "none":
        return False
    to_s = span.from_s + value if metric.hidden_by == "before" else span.to_s
    return scaling.view.gap_s(span.from_s, to_s) > 0


def _row(metric: Metric, value: Value) -> dict[str, object]:
    said = {
        "metric": metric.key,
        "name": metric.name,
        "unit": metric.unit,
        "meaning": metric.meaning,
    }
    if isinstance(value, str):
        return said | {"value": math.nan, "why_none": value}
    return said | {"value": value, "why_none": "not seen all the time" if math.isnan(value) else ""}


METRICS = (
    Metric(
        "pods_at_start",
        "ready at the start",
        "pods",
        "of all revisions together",
        partial(pods, at="start"),
        hidden_by="none",
    ),
    Metric(
        "pods_at_end",
        "ready at the end",
        "pods",
        "the same, when it was over",
        partial(pods, at="end"),
        hidden_by="none",
    ),
    Metric(
        "most_pods",
        "ready at most",
        "pods",
        "as many were ready at once",
        partial(pods, at="most"),
    ),
    Metric("mean_pods", "ready on average", "pods", "averaged over time", mean_pods),
    Metric(
        "time_to_first_pod",
        "first pod ready",
        "s after the start",
        "0 where one was ready before",
        partial(time_to, most=False),
        hidden_by="before",
    ),
    Metric(
        "time_to_most_pods",
        "most pods ready",
        "s after the start",
        "when the largest number was ready at once for the first time",
        partial(time_to, most=True),
        hidden_by="before",
    ),
    Metric(
        "waiting_for_pods_s",
        "pods under way",
        "s",
        "time in which pods that were wanted or begun were not ready yet",
        waiting,
    ),
    Metric(
        "short_of_pods_s",
        "short of pods",
        "s",
        "time with fewer ready pods than the offered rate asks for",
        partial(against_need, part="short_s"),
    ),
    Metric(
        "missing_pod_seconds",
        "under-provisioned",
        "pod-seconds",
        "pods that the offered rate asked for and that were not ready, times their time",
        partial(against_need, part="under_s"),
    ),
    Metric(
        "idle_pod_seconds",
        "over-provisioned",
        "pod-seconds",
        "ready pods beyond what the offered rate asked for, times their time",
        partial(against_need, part="over_s"),
    ),
    Metric("pod_seconds", "ready pods over time", "pod-seconds", "what was paid for", pod_seconds),
    Metric(
        "pod_seconds_per_success",
        "price of a success",
        "pod-seconds",
        "the same for each call that came back well",
        per_success,
    ),
    Metric("panic_entries", "panics", "times", "how often the autoscaler began to panic", panics),
    Metric("panic_s", "time in panic", "s", "while it panics it takes no pod away", panic_time),
    Metric(
        "turns_of_desired",
        "turns of desired pods",
        "times",
        "changes of direction, up after down or down after up",
        partial(turns, desired=True),
    ),
    Metric(
        "turns_of_ready",
        "turns of ready pods",
        "times",
        "the same, of the pods that were ready",
        partial(turns, desired=False),
    ),
    Metric(
        "swung_pods",
        "pods to and fro",
        "pods",
        "added to be taken away again, or the other way round",
        swung,
    ),
    Metric(
        "scaled_to_zero", "scaled to zero", "times", "how often the last ready pod went", to_zero
    ),
    Metric(
        "without_pods_s",
        "without a ready pod",
        "s",
        "calls that came in it waited for a pod",
        without_pods,
    ),
    Metric(
        "activator_in_path",
        "activator in the path",
        "share of time",
        "mode Proxy: calls go through the activator, which holds them while pods are missing",
        proxied,
    ),
)
"""In the order of the report."""
