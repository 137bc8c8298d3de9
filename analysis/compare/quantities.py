"""What is compared: each quantity of one run, and how two of them are set against each other."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.metrics.latency import mean_latency, percentiles
from analysis.metrics.slowdown import mean_slowdown, sent_slowdowns
from verdict.pods_wording import BLOCK

ValueOf = Callable[[RunData, pd.DataFrame], float]
RATIO, DIFFERENCE = "ratio", "difference"


@dataclass(frozen=True)
class Quantity:
    """One thing that is compared.

    Attributes:
        name: As `--fail-if` has it: "p99_ratio".
        words: As a person reads it: "p99 latency".
        kind: RATIO for B over A, DIFFERENCE for B minus A.
        value_of: The value of one run, from it and its calls after the warm-up. NaN where it is
            not known, +inf where failures push it out of reach.
    """

    name: str
    words: str
    kind: str
    value_of: ValueOf


def sent_s(calls: pd.DataFrame) -> np.ndarray:
    """Latencies of what was sent, +inf for failures."""
    return calls["latency_s"].dropna().to_numpy(dtype=float)


def _mean(run: RunData, calls: pd.DataFrame) -> float:
    mean = mean_latency(sent_s(calls), run.deadline_s)
    # Without a deadline the bound would be another in each run.
    return math.nan if mean.censored and run.deadline_s is None else mean.value


def _percentile(quantile: float) -> ValueOf:
    def value_of(_: RunData, calls: pd.DataFrame) -> float:
        return float(percentiles(sent_s(calls), (quantile,))["latency_s"].iloc[0])

    return value_of


def _mean_slowdown(run: RunData, calls: pd.DataFrame) -> float:
    mean = mean_slowdown(calls, run.deadline_s)
    return math.nan if mean.censored and run.deadline_s is None else mean.value


def _p99_slowdown(_: RunData, calls: pd.DataFrame) -> float:
    slowdowns = sent_slowdowns(calls)
    if not len(slowdowns):
        return math.nan
    return float(percentiles(slowdowns, (0.99,))["latency_s"].iloc[0])


def _success(_: RunData, calls: pd.DataFrame) -> float:
    sent = calls["status"].ne("unsent")
    return float(calls.loc[sent, "status"].eq("ok").mean()) if sent.any() else math.nan


def _pod_seconds(run: RunData, _: pd.DataFrame) -> float:
    found = (run.summary.get(BLOCK) or {}).get("pod_seconds")
    return math.nan if found is None else float(found)


def _cost(run: RunData, calls: pd.DataFrame) -> float:
    # Over the whole run, as the pods are.
    answered = int(run.calls["status"].eq("ok").sum())
    return _pod_seconds(run, calls) / answered if answered else math.nan


MEAN = Quantity("mean_ratio", "mean latency", RATIO, _mean)
SUCCESS = Quantity("success_diff", "success", DIFFERENCE, _success)
P99 = Quantity("p99_ratio", "p99 latency", RATIO, _percentile(0.99))
SLOWDOWN = Quantity("slowdown_ratio", "mean slowdown", RATIO, _mean_slowdown)
QUANTITIES = (
    P99,
    MEAN,
    Quantity("p50_ratio", "median latency", RATIO, _percentile(0.5)),
    Quantity("p90_ratio", "p90 latency", RATIO, _percentile(0.9)),
    Quantity("p95_ratio", "p95 latency", RATIO, _percentile(0.95)),
    SLOWDOWN,
    Quantity("slowdown_p99_ratio", "p99 slowdown", RATIO, _p99_slowdown),
    SUCCESS,
    Quantity("pods_ratio", "pod-seconds", RATIO, _pod_seconds),
    Quantity("cost_ratio", "pod-seconds for each success", RATIO, _cost),
)
BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}
