"""Many calls into one entry of Locust's statistics: the sums that its `log` makes of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import locust.stats
import numpy as np
from locust.stats import StatsError
from numpy.typing import NDArray

from records.slots import Slots

MS = 1000.0
HUNDRED, THOUSAND, TEN_THOUSAND = 100.0, 1000.0, 10_000.0


def add_to_entry(entry: Any, calls: Slots, *, failures: int, unix_s: float) -> None:
    """Add calls that ended within one second.

    Args:
        entry: Locust's `StatsEntry`.
        calls: At least one.
        failures: How many of them failed.
        unix_s: When the last of them ended, by the wall clock.
    """
    second = int(unix_s)
    last_s = entry.last_request_timestamp
    if entry.use_response_times_cache and last_s and second > int(last_s):
        entry._cache_response_times(second - 1)  # noqa: SLF001 - as `StatsEntry.log` does
    entry.num_requests += len(calls)
    entry.num_reqs_per_sec[second] += len(calls)
    entry.last_request_timestamp = unix_s
    entry.total_content_length += int(calls["reply_bytes"][calls["reply_bytes"] > 0].sum())
    if failures:
        entry.num_failures += failures
        entry.num_fail_per_sec[second] += failures
    _add_times(entry, (calls["received_s"] - calls["intended_s"]) * MS)


def _add_times(entry: Any, times_ms: NDArray[np.float64]) -> None:
    least, most = float(times_ms.min()), float(times_ms.max())
    entry.total_response_time += float(times_ms.sum())
    before = entry.min_response_time
    entry.min_response_time = least if before is None else min(before, least)
    entry.max_response_time = max(entry.max_response_time, most)
    for rounded_ms, count in _rounded(times_ms):
        entry.response_times[rounded_ms] += count


def _rounded(times_ms: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Times as Locust rounds them, and how often each comes."""
    if locust.stats.bucket_response_time.__module__ != "locust.stats":  # a locustfile's own
        rounded = np.array([locust.stats.bucket_response_time(one) for one in times_ms.tolist()])
    else:
        rounded = two_digits(times_ms)
    found, counts = np.unique(rounded, return_counts=True)
    return zip(found.tolist(), counts.tolist(), strict=True)


def two_digits(times_ms: NDArray[np.float64]) -> NDArray[np.int64]:
    """`locust.stats.bucket_response_time` of each: whole ms, beyond 100 ms two digits."""
    step = np.select(
        [times_ms < HUNDRED, times_ms < THOUSAND, times_ms < TEN_THOUSAND], [1, 10, 100], 1000
    )
    rounded: NDArray[np.int64] = np.rint(times_ms / step).astype(np.int64) * step
    return rounded


def add_to_errors(stats: Any, key: tuple[str, str, str], times_s: NDArray[np.float64]) -> None:
    """Add failures of one kind to Locust's table of them.

    Args:
        stats: Locust's `RequestStats`.
        key: Request type, name and text of the failure.
        times_s: When each ended, by the wall clock, in their order.
    """
    name = StatsError.create_key(*key)
    error = stats.errors.setdefault(name, StatsError(*key))
    error.occurrences += len(times_s)
    if error.first_seen is None:
        error.first_seen = float(times_s[0])
    error.last_seen = float(times_s[-1])
