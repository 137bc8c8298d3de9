"""A run beside its model: the table of the gap, and what the model took as given."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.metrics.calls import sent_latencies_s
from analysis.metrics.latency import percentiles
from analysis.metrics.model_gap import COLUMNS, Outcome, model_gap
from analysis.metrics.slowdown import mean_slowdown
from analysis.metrics.timeline import in_flight
from analysis.report.beside import Beside, head_of
from analysis.report.page import Cell, Table
from verdict.pods_needed import PodTarget, pod_target
from verdict.pods_wording import BLOCK
from verdict.wording import say_number, say_share, say_time

MODEL = "Beside the model"
_FILE = "model"
_NOT_COMPARED = "The run is INVALID: it is not put beside its model in numbers."
_WHAT = (
    "The model is no measurement: the same arrivals, by the same settings of the Service, through"
    " a simulator of Knative's autoscaler. It is drawn as thin lines in ink."
)


_HOW_TO_READ = (
    "Where more calls are under way than modelled, each took longer: the node's cores were not all"
    " ours, or the network was slower. Where the pods that these ask for are those that were seen,"
    " the autoscaler did as modelled."
)


def model_part(run: RunData) -> Beside | None:
    """The section on the model; None for a run without one."""
    if run.model is None:
        return None
    texts = [_WHAT, *_taken(run.model)]
    if not run.usable:
        return Beside(MODEL, [_NOT_COMPARED, *texts])
    target = pod_target(run.manifest.knative)
    gap = model_gap(outcome_of(run.model, target), outcome_of(run, target))
    return Beside(MODEL, [*texts, _HOW_TO_READ], [gap_table(gap)], {_FILE: gap})


def outcome_of(run: RunData, target: PodTarget | None) -> Outcome:
    """What is compared of a run, or of a model.

    Args:
        run: Either.
        target: What the Service keeps each pod at; None where it is not known.
    """
    pods, most_pods = _steady_pods(run)
    calls, asked_pods = _asked_for(run, target)
    p50_s, p99_s = percentiles(sent_latencies_s(run.measured), (0.5, 0.99))["latency_s"]
    seen: Mapping[str, Any] = run.summary.get(BLOCK) or {}
    cold: Mapping[str, Any] = seen.get("cold") or {}
    per_success = seen.get("per_success")
    return Outcome(
        pods=pods,
        most_pods=most_pods,
        in_flight=calls,
        asked_pods=asked_pods,
        p50_s=float(p50_s),
        p99_s=float(p99_s),
        slowdown=mean_slowdown(run.measured, run.deadline_s).value,
        cold_share=cold["affected"] / cold["sent"] if cold.get("sent") else math.nan,
        per_success=math.nan if per_success is None else per_success,
    )


def _half_s(run: RunData) -> float:
    """Where the second half of the measured phase begins."""
    return (run.plan.warm_up_s + run.end_s) / 2


def _asked_for(run: RunData, target: PodTarget | None) -> tuple[float, float]:
    """Calls under way on average in the second half, and the pods that the load there asks for."""
    edges = np.array([_half_s(run), run.end_s])
    calls = float(in_flight(run.calls, edges)[0])
    if target is None:
        return calls, math.nan
    rate_rps = float(np.diff(run.plan.rates.integral(edges))[0] / np.diff(edges)[0])
    if target.metric == "rps":
        return calls, target.forecast(rate_rps, 1.0)
    return calls, target.forecast(calls, 1.0)


def _steady_pods(run: RunData) -> tuple[float, float]:
    from_s = _half_s(run)
    view = run.replicas
    if view is None or not view.covers(from_s, run.end_s) or from_s >= run.end_s:
        return math.nan, math.nan
    mean = view.ready.area(from_s, run.end_s) / (run.end_s - from_s)
    return mean, view.ready.largest(from_s, run.end_s)


def _taken(model: RunData) -> list[str]:
    said = (model.manifest.simulated or {}).get("taken") or ()
    return [f"Taken from the run: {'; '.join(map(str, said))}."] if said else []


def gap_table(gap: pd.DataFrame) -> Table:
    """Modelled, measured and the gap between them, in words."""
    rows = [
        [
            Cell(quantity),
            Cell(_say(modelled, unit), "number"),
            Cell(_say(measured, unit), "number"),
            Cell(_say_gap(difference, ratio, unit), "number"),
        ]
        for quantity, unit, modelled, measured, difference, ratio in zip(
            *(gap[name].tolist() for name in COLUMNS), strict=True
        )
    ]
    numbers = ("modelled", "measured", "gap")
    return Table(rows, head_of(("quantity", *numbers), numbers), file=f"{_FILE}.csv")


_UNITS: dict[str, Callable[[float], str]] = {
    "s": say_time,
    "share": say_share,
    "times": say_number,
    "pods": say_number,
    "calls": say_number,
    "pod-s": say_number,
}


def _say(value: float, unit: str) -> str:
    if math.isnan(value):
        return "not known"
    return "not reached" if math.isinf(value) else _UNITS[unit](value)


def _say_gap(gap: float, ratio: float, unit: str) -> str:
    """Measured over modelled: "+12 ms (1.08 times)"; for pods and shares the difference alone."""
    if math.isnan(gap):
        return "-"
    sign = "+" if gap > 0 else "-" if gap < 0 else ""
    difference = f"{sign}{_UNITS[unit](abs(gap))}"
    if unit == "share":
        return f"{sign}{say_number(100 * abs(gap))} points"
    if unit == "pods" or math.isnan(ratio):
        return difference
    return f"{difference} ({say_number(ratio)} times)"
