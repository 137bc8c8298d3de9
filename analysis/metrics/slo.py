"""For how long a promise was broken, window by window."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.metrics.latency import percentiles
from verdict.checks import QUANTILES, Check, holds

WINDOW_S = 10.0


@dataclass(frozen=True)
class Violation:
    """How long a check was missed.

    Attributes:
        minutes: Length of the windows that missed it.
        of_minutes: Length of all windows in which something was sent.
    """

    minutes: float
    of_minutes: float


def is_windowed(check: Check) -> bool:
    """Whether a check speaks of a percentile of latency or of success: those are judged here."""
    return check.metric in QUANTILES or check.metric == "success"


def slo_violation(calls: pd.DataFrame, check: Check, from_s: float, to_s: float) -> Violation:
    """The minutes of [from, to) whose calls miss the check, in windows of 10 s by intended time.

    Calls that failed or did not finish are infinitely late; windows in which nothing was sent
    neither keep nor break a promise.
    """
    sent = calls[calls["latency_s"].notna()]
    window = ((sent["intended_s"] - from_s) // WINDOW_S).astype(int)
    measure = _measure(check)
    missed_s = sent_s = 0.0
    for number, latencies_s in sent["latency_s"].groupby(window):
        start_s = from_s + WINDOW_S * float(str(number))
        length_s = min(WINDOW_S, to_s - start_s)
        sent_s += length_s
        if not holds(check, measure(latencies_s.to_numpy(dtype=float))):
            missed_s += length_s
    return Violation(missed_s / 60, sent_s / 60)


def _measure(check: Check) -> Callable[[np.ndarray], float]:
    if check.metric == "success":
        return lambda latencies_s: float(np.isfinite(latencies_s).mean())
    quantile = QUANTILES[check.metric]
    return lambda latencies_s: float(percentiles(latencies_s, (quantile,))["latency_s"].iloc[0])
