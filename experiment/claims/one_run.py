"""One simulated run as a row of plain values, as `analysis.sweep` has rows of measured ones."""

import math
from typing import Any

import numpy as np

from analysis.sweep.standing import MARGINAL, OVERLOAD, STABLE
from records.sweeps.planned import PlannedRun
from shapes.quantities import format_duration
from simulator.system.simulate import Simulated
from simulator.system.world import ANSWERED
from verdict.overload import TIMED_OUT

FULL = 1.0


def row_of(run: PlannedRun, simulated: Simulated, deadline_s: float) -> dict[str, Any]:
    """What the claims need to know of a run, its warm-up left out; failed calls took for ever."""
    counted = (simulated.due_s >= run.warm_up_s) & (simulated.due_s < run.duration_s)
    answered = simulated.status[counted] == ANSWERED
    lasted_s = np.where(answered, (simulated.end_s - simulated.due_s)[counted], math.inf)
    sent, ok = len(answered), int(answered.sum())
    return {
        **_planned(run),
        "class": class_of(1 - ok / sent, run.rho),
        "usable": True,
        "sent": sent,
        "ok": ok,
        "success_effective_n": float(sent),
        "deadline_s": deadline_s,
        **_latency(lasted_s, run.cell.spin_s),
        "answered_sum_s": float(lasted_s[answered].sum()),
        "answered_min_s": float(lasted_s.min()),
        "pods": _mean_pods(simulated, run),
    }


def class_of(failed: float, rho: float | None) -> str:
    """The class of a run by the share of calls that failed and the load over the cores.

    At a load that is all that the cores can do, what a start left behind never drains: what comes
    of it depends on the history. More than that, and more fail the longer the run is.
    """
    if failed > TIMED_OUT:
        return OVERLOAD
    is_full = rho is not None and rho >= FULL
    return MARGINAL if failed > 0 or is_full else STABLE


def _planned(run: PlannedRun) -> dict[str, Any]:
    return {
        "arm": run.arm,
        "law": run.cell.law,
        "spin_s": run.cell.spin_s,
        "spin": format_duration(run.cell.spin_s),
        "rate_rps": run.cell.rate_rps,
        "load": run.cell.rate_rps * run.cell.spin_s,
        "rho": math.nan if run.rho is None else run.rho,
        "repetition": run.repetition,
    }


def _latency(lasted_s: np.ndarray, spin_s: float) -> dict[str, float]:
    mean_s = float(lasted_s.mean())
    p99_s = float(np.quantile(lasted_s, 0.99, method="higher"))
    return {
        "mean_s": mean_s,
        "p99_s": p99_s,
        "mean_bound_s": math.nan,
        "slowdown_mean": mean_s / spin_s,
        "slowdown_p99": p99_s / spin_s,
    }


def _mean_pods(simulated: Simulated, run: PlannedRun) -> float:
    """Ready pods on average over the decisions; those of the start where none are made."""
    at_s = simulated.decisions["at_s"]
    counted = (at_s >= run.warm_up_s) & (at_s <= run.duration_s)
    if not counted.any():
        return float((simulated.ready_s <= 0.0).sum())
    return float(simulated.decisions["ready"][counted].mean())
