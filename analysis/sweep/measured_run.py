"""One run of a sweep as one row of plain values: all that the report keeps of its records."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.dataset import RunData, read_run
from analysis.metrics.decomposition import PARTS, split_latency
from analysis.metrics.slowdown import sent_slowdowns
from analysis.modelled import with_model
from analysis.report.run_rows import Compared, compared_run
from analysis.statistics.batches import batch_means_interval
from analysis.statistics.warm_up import mser5
from analysis.sweep.slowdown_counts import SlowdownCounts, count_slowdowns
from analysis.sweep.standing import class_of_run
from verdict.checks import Check, evaluate
from verdict.pods_wording import BLOCK

_MODELLED = ("mean_s", "p99_s", "slowdown_mean", "slowdown_p99")


@dataclass(frozen=True)
class MeasuredRun:
    """What a sweep keeps of one run.

    Attributes:
        row: Plain values; `left_out` says why it is in no figure, else "".
        slowdowns: Of the measured phase; empty when left out.
    """

    row: dict[str, Any]
    slowdowns: SlowdownCounts


def measure_run(folder: Path, checks: Sequence[Check]) -> MeasuredRun:
    """Read one run and keep only its row.

    Raises:
        AnalysisError: when it cannot be read or measured nothing.
    """
    run = with_model(read_run(folder))
    found = compared_run(run)
    findings = run.summary["verdict"]["findings"]
    row = {
        **found.row,
        "class": class_of_run(run.level, found.row["overload"], findings),
        "simulated": run.simulated,
        "deadline_s": math.nan if run.deadline_s is None else run.deadline_s,
        "sent_rps": run.summary["sent_rps"],
        "ok_rps": _number(run.summary["ok_rps"]),
        **_pods(run),
        "checks": [(result.text, result.passed) for result in evaluate(checks, run.summary)],
    }
    if row["left_out"]:
        return MeasuredRun(row, SlowdownCounts({}, 0))
    measured = run.measured
    rest = {
        **_steadiness(run.calls, found.latencies_s),
        **_parts(measured),
        **_originals_numbers(measured),
        **_model(found.modelled),
        "failures": _failures(measured),
    }
    return MeasuredRun(row | rest, count_slowdowns(sent_slowdowns(measured)))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _pods(run: RunData) -> dict[str, Any]:
    seen = run.summary.get(BLOCK) or {}
    keys = {"pods_start": "start", "pods_most": "most", "pods_end": "end"}
    pods = {name: _number(seen.get(key)) for name, key in keys.items()}
    return {**pods, "pod_seconds": _number(seen.get("pod_seconds"))}


def _steadiness(calls: pd.DataFrame, latencies_s: np.ndarray) -> dict[str, float]:
    """Where MSER-5 would cut, from the epoch (NaN: it never settled), and the effective number."""
    sent = calls.loc[calls["latency_s"].notna(), ["intended_s", "latency_s"]]
    sent = sent.sort_values("intended_s", kind="stable")
    cut = mser5(sent["latency_s"].to_numpy(dtype=float))
    cut_s = math.nan if cut is None else float(sent["intended_s"].iloc[cut])
    interval = batch_means_interval(latencies_s)
    return {"mser5_s": cut_s, "effective_n": interval.effective_n}


def _parts(measured: pd.DataFrame) -> dict[str, float]:
    """Mean parts of latency; NaN where a call failed: a mean of survivors is no mean."""
    parts = split_latency(measured)
    whole = len(parts) == int(measured["sent_s"].notna().sum())
    return {f"part_{name}": float(parts[name].mean()) if whole else math.nan for name in PARTS}


def _failures(measured: pd.DataFrame) -> list[tuple[str, int]]:
    """Calls that were not answered well by class of failure, else by what became of them."""
    lost = measured.loc[measured["status"].ne("ok"), ["status", "failure_class"]].astype(object)
    named = lost["failure_class"].where(lost["status"].eq("failed"), lost["status"])
    counts = named.fillna("-").value_counts(sort=False)
    return [(str(name), int(count)) for name, count in counts.items()]


def _originals_numbers(measured: pd.DataFrame) -> dict[str, float]:
    """What the original's definition is made of: see `analysis.sweep.original`."""
    service_s = measured.loc[measured["status"].eq("ok"), "service_latency_s"].to_numpy(float)
    smallest = float(service_s.min()) if len(service_s) else math.nan
    return {"answered_sum_s": float(service_s.sum()), "answered_min_s": smallest}


def _model(modelled: Compared | None) -> dict[str, float]:
    """What a model said of the same run, where there is one."""
    row = {} if modelled is None else modelled.row
    return {f"model_{name}": _number(row[name]) for name in _MODELLED if name in row}
