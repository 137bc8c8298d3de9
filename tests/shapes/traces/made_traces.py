"""Traces made in memory, and the plan that sends each."""

import numpy as np

from shapes.plan import MemberChange, Plan
from shapes.traces.asked import UNIFORM_POINTS
from shapes.traces.count_trace import CountTrace
from shapes.traces.source import TraceSource

SOURCE = TraceSource("made.csv", "0" * 64, "made", 1)
BIN_S = 60.0


def count_trace(table, mode=UNIFORM_POINTS, *, rate_factor=1.0, keys=None, spins_us=None):
    counts = np.array(table, dtype=np.int64)
    names = np.arange(len(counts)) * 7919 - 3 if keys is None else np.array(keys)
    return CountTrace.of(
        bin_s=BIN_S,
        mode=mode,
        rate_factor=rate_factor,
        keys=names,
        counts=counts,
        spins_us=spins_us,
        source=SOURCE,
    )


def plan_of(trace, seed=1, members=1):
    return Plan(
        run_id="run",
        version=0,
        seed=seed,
        law="trace",
        epoch_s=0.0,
        rates=trace.rates,
        members=(MemberChange(0.0, tuple(f"m{i}" for i in range(members))),),
        duration_s=trace.length_s,
        trace=trace,
    )
