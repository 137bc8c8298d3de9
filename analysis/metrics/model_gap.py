"""What a model said and what was measured, side by side, and how far apart they are."""

import math
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Outcome:
    """What is compared of a run and its model; NaN for what is not known.

    Attributes:
        pods: Ready pods, averaged over the second half of the measured phase.
        most_pods: Ready at most in that half.
        in_flight: Calls under way on average in that half.
        asked_pods: Pods that so many calls, or the rate, ask for by the Service's settings.
        p50_s, p99_s: Of latency, +inf where not reached.
        slowdown: Mean, or a lower bound of it where calls failed.
        cold_share: Share of the sent calls that waited for pods.
        per_success: Pod-seconds for each good answer.
    """

    pods: float
    most_pods: float
    in_flight: float
    asked_pods: float
    p50_s: float
    p99_s: float
    slowdown: float
    cold_share: float
    per_success: float


COLUMNS = ("quantity", "unit", "modelled", "measured", "gap", "ratio")
QUANTITIES = (
    ("pods", "steady pods, average of the second half", "pods"),
    ("most_pods", "steady pods, at most", "pods"),
    ("in_flight", "calls under way, average of that half", "calls"),
    ("asked_pods", "pods that these, or the rate, ask for", "pods"),
    ("p50_s", "latency p50", "s"),
    ("p99_s", "latency p99", "s"),
    ("slowdown", "slowdown, mean", "times"),
    ("cold_share", "cold-affected calls", "share"),
    ("per_success", "pod-seconds per success", "pod-s"),
)
"""Field of an outcome, its name in words, its unit."""


def model_gap(modelled: Outcome, measured: Outcome) -> pd.DataFrame:
    """Each quantity of both, and the gap between them.

    Returns:
        Columns `quantity`, `unit`, `modelled`, `measured`, `gap` (measured - modelled) and `ratio`
        (measured / modelled); NaN where either is not known or, for the two, not finite.
    """
    rows = []
    for name, said, unit in QUANTITIES:
        model, real = getattr(modelled, name), getattr(measured, name)
        finite = math.isfinite(model) and math.isfinite(real)
        gap = real - model if finite else math.nan
        ratio = real / model if finite and model > 0 else math.nan
        rows.append((said, unit, model, real, gap, ratio))
    return pd.DataFrame(rows, columns=list(COLUMNS))
