"""One run as one row of a comparison, and the latencies that its distribution is pooled from."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.dataset import RunData, read_run
from analysis.errors import NothingMeasuredError
from analysis.metrics.calls import by_intended_time, count_by_status, sent_latencies_s
from analysis.metrics.latency import mean_latency, percentiles
from analysis.metrics.slowdown import mean_slowdown, sent_slowdowns
from analysis.modelled import with_model
from analysis.statistics.shares import success_interval
from verdict.asked import asked_of_target
from verdict.phase import rate_is_constant

VARYING_RATE = "rate not constant"


@dataclass(frozen=True)
class Compared:
    """What a comparison keeps of one run.

    Attributes:
        row: One row of the table of runs; `left_out` says why it is in no figure, else "".
        latencies_s: Of the measured phase, +inf for failures; empty when left out.
        modelled: The same of its model; None where it has none, or one of them is in no figure.
    """

    row: dict[str, Any]
    latencies_s: np.ndarray
    modelled: "Compared | None" = None


def compared(path: Path) -> Compared:
    """Read one run and keep only its row and its latencies.

    Raises:
        AnalysisError: when it cannot be read; a run that measured nothing is a row that says so.
    """
    try:
        run = with_model(read_run(path))
    except NothingMeasuredError as error:
        nothing = {"left_out": "nothing measured", "reasons": str(error)}
        return Compared({"run_id": path.resolve().name, **nothing}, np.empty(0))
    return compared_run(run)


def compared_run(run: RunData) -> Compared:
    """The row and the latencies of a run that was read."""
    found = _compared(run)
    if run.model is None or found.row["left_out"]:
        return found
    model = _compared(run.model)
    if model.row["left_out"]:
        return found
    # In the cell of the run that it is beside.
    own = {"run_id": run.run_id, "law": found.row["law"], "spin": found.row["spin"]}
    return replace(found, modelled=replace(model, row=model.row | own))


def _compared(run: RunData) -> Compared:
    row = _identity(run) | _counts(run)
    left_out = _left_out(run)
    if left_out:
        return Compared(row | {"left_out": left_out}, np.empty(0))
    latencies_s = sent_latencies_s(run.measured)
    return Compared(row | _latency(run, latencies_s) | {"left_out": ""}, latencies_s)


def _identity(run: RunData) -> dict[str, Any]:
    rates = run.plan.rates
    return {
        "run_id": run.run_id,
        "verdict": run.level,
        "reasons": "; ".join(finding["said"] for finding in run.summary["verdict"]["findings"]),
        "overload": run.summary["overload"]["level"],
        # Never in one panel, nor pooled, with what was measured.
        "law": f"{run.law.text}-simulated" if run.simulated else run.law.text,
        "rate_rps": rates.rate_at(min(run.plan.warm_up_s, run.end_s)),
        "rate": str(run.summary["what"].get("rate", "")),
        "spin": asked_of_target(run.plan.request)["spin"] or "-",
        "seed": str(run.plan.seed),
        "measured_s": max(run.end_s - run.plan.warm_up_s, 0.0),
        "warm_up_s": run.plan.warm_up_s,
        "complete": not run.missing,
    }


def _counts(run: RunData) -> dict[str, Any]:
    counts = count_by_status(run.measured)
    ordered = by_intended_time(run.measured)
    sent = ordered.loc[ordered["status"].ne("unsent"), "status"]
    interval = success_interval(sent.eq("ok").to_numpy())
    success = counts["ok"] / counts["sent"] if counts["sent"] else float("nan")
    return {**counts, "success": success, "success_effective_n": interval.effective_n}


def _left_out(run: RunData) -> str:
    if run.level == "INVALID":
        return "INVALID"
    if not run.measured["sent_s"].notna().any():
        return "nothing was sent"
    if not rate_is_constant(run.plan, run.plan.warm_up_s, run.end_s):
        return VARYING_RATE
    return ""


def _latency(run: RunData, latencies_s: np.ndarray) -> dict[str, Any]:
    mean = mean_latency(latencies_s, run.deadline_s)
    p50, p90, p95, p99 = percentiles(latencies_s, (0.5, 0.9, 0.95, 0.99))["latency_s"]
    return {
        "mean_s": mean.value,
        "mean_bound_s": float("nan") if mean.bound_s is None else mean.bound_s,
        "p50_s": p50,
        "p90_s": p90,
        "p95_s": p95,
        "p99_s": p99,
        **_slowdown(run),
    }


def _slowdown(run: RunData) -> dict[str, Any]:
    slowdowns = sent_slowdowns(run.measured)
    if not len(slowdowns):
        unknown = float("nan")
        return {"slowdown_mean": unknown, "slowdown_p99": unknown, "ideal": run.ideal.source}
    return {
        "slowdown_mean": mean_slowdown(run.measured, run.deadline_s).value,
        "slowdown_p99": percentiles(slowdowns, (0.99,))["latency_s"].iloc[0],
        "ideal": run.ideal.source,
    }
