"""Did the latency stand still in the measured phase, and if not, when did it settle?"""

import numpy as np
from numpy.typing import NDArray

from verdict.facts import Steadiness
from verdict.limits import LIMITS
from verdict.trend import mann_kendall_p, mser_cut, theil_sen_slope
from verdict.windows import Windows

FEWEST_BATCHES = 10
MOST_BATCHES = 40
FEWEST_PER_BATCH = 5
OUTSIDE_SDS = 3.0
TREND_P_VALUE = 1e-3
_LARGEST_CHANGE = LIMITS["not-steady"].suspect or 0.0

Floats = NDArray[np.float64]


def judge_steadiness(windows: Windows, measured: slice) -> Steadiness:
    """Compare the mean latency of the whole measured phase with that of its settled part.

    Latencies of all calls that ended are used, by intended time, in up to 40 batches. MSER says
    how much could be left out; of that, what comes before the last batch that lies 3 standard
    deviations from the rest counts as unsettled. Where a Mann-Kendall test at 0.1 % finds that what
    is left still drifts, by more than the limit over half its length, it never settled.

    Args:
        windows: The run over time.
        measured: The windows wholly inside the measured phase.
    """
    waits = windows.column("waited")[measured]
    sums = windows.column("waited_s")[measured]
    size = _windows_a_batch(waits)
    batches = len(waits) // size
    if batches < FEWEST_BATCHES:
        return Steadiness(why_not_judged=_too_short(waits))
    counts = _grouped(waits, size)
    means = _grouped(sums, size)[counts > 0] / counts[counts > 0]
    if len(means) < FEWEST_BATCHES:
        return Steadiness(why_not_judged=_too_short(waits))
    start_s = (measured.start or 0) * windows.width_s
    return _steadiness(means, start_s, size * windows.width_s)


def _too_short(waits: Floats) -> str:
    return (
        f"{round(waits.sum())} calls are too few for"
        f" {FEWEST_BATCHES} windows of {FEWEST_PER_BATCH}, each 1 s or longer"
    )


def _windows_a_batch(waits: Floats) -> int:
    if not len(waits) or not waits.sum():
        return 1
    enough_calls = int(np.ceil(FEWEST_PER_BATCH / waits.mean()))
    return max(1, enough_calls, -(-len(waits) // MOST_BATCHES))


def _grouped(values: Floats, size: int) -> Floats:
    whole = len(values) // size * size
    return np.asarray(values[:whole].reshape(-1, size).sum(axis=1))


def _steadiness(means: Floats, start_s: float, batch_s: float) -> Steadiness:
    cut = _unsettled_batches(means)
    drift = _drift(means[cut:])
    if cut == len(means) // 2 or drift > _LARGEST_CHANGE:
        return Steadiness(max(drift, _change_without(means, cut)))
    return Steadiness(_change_without(means, cut), start_s + cut * batch_s if cut else None)


def _unsettled_batches(means: Floats) -> int:
    longest = mser_cut(means)
    rest = means[longest:]
    outside = np.abs(means[:longest] - rest.mean()) > OUTSIDE_SDS * rest.std(ddof=1)
    return int(np.flatnonzero(outside)[-1]) + 1 if outside.any() else 0


def _change_without(means: Floats, cut: int) -> float:
    settled = means[cut:].mean()
    return float(abs(means.mean() - settled) / settled)


def _drift(means: Floats) -> float:
    """How far half the series' length carries it, over its median; 0 without a trend."""
    if mann_kendall_p(means) >= TREND_P_VALUE:
        return 0.0
    return float(abs(theil_sen_slope(means)) * len(means) / 2 / np.median(means))
