"""Where a series becomes steady by its own account, beside the warm-up that was asked for."""

from dataclasses import dataclass

import numpy as np

_BATCH = 5
_FEWEST_BATCHES = 20
_ROUNDING = 1e-12


@dataclass(frozen=True)
class WarmUp:
    """What is left out at the begin of a run.

    Attributes:
        used_s: What is left out: the larger of the two below.
        fixed_s: What was asked for.
        mser5_s: Where MSER-5 cuts, from the run's begin; None where it finds no cut.
        warning: What a reader must know of it; '' for nothing.
    """

    used_s: float
    fixed_s: float
    mser5_s: float | None
    warning: str = ""


def warm_up_of(fixed_s: float, times_s: np.ndarray, values: np.ndarray) -> WarmUp:
    """The larger of a fixed warm-up and the cut of MSER-5.

    Args:
        fixed_s: The warm-up that was asked for.
        times_s: Of the values, in order, from the run's begin.
        values: Of the whole run, its warm-up too.
    """
    if not np.isfinite(values).all():
        return WarmUp(fixed_s, fixed_s, None, "MSER-5 cannot judge a run with failed calls")
    cut = mser5(values)
    if cut is None:
        return WarmUp(
            fixed_s, fixed_s, None, "MSER-5 finds no cut after which the latency is steady"
        )
    cut_s = float(times_s[cut]) if cut else 0.0
    longer = "MSER-5 cuts later than the warm-up that was asked for" if cut_s > fixed_s else ""
    return WarmUp(max(cut_s, fixed_s), fixed_s, cut_s, longer)


def mser5(values: np.ndarray) -> int | None:
    """How many leading values MSER-5 would leave out (White, Cobb and Spratt 2000).

    The cut minimises the squared standard error of what remains, over means of five values.
    None where there are fewer than 20 batches or the minimum lies in the last half: the series
    then never settled, and no cut helps.
    """
    batches = len(values) // _BATCH
    if batches < _FEWEST_BATCHES or not np.isfinite(values).all():
        return None
    means = values[: batches * _BATCH].reshape(batches, _BATCH).mean(axis=1)
    errors = _squared_error_of_rest(means)[: batches - _BATCH]
    # The first of those that rounding alone tells apart: a constant rest has no error at all.
    rounding = _ROUNDING * (errors.max() + float(np.square(means).mean()) / batches)
    cut = int(np.flatnonzero(errors <= errors.min() + rounding)[0])
    return cut * _BATCH if cut <= batches // 2 else None


def _squared_error_of_rest(means: np.ndarray) -> np.ndarray:
    """For each d: the sum of squares of means[d:] about their mean, over their number squared."""
    centred = means - means.mean()
    rest = np.arange(len(means), 0, -1)
    total = np.cumsum(centred[::-1])[::-1]
    squares = np.cumsum(centred[::-1] ** 2)[::-1]
    return np.asarray((squares - total**2 / rest) / rest**2)
