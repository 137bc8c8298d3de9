"""Where a series becomes steady by its own account, beside the warm-up that was asked for."""

import numpy as np

_BATCH = 5
_FEWEST_BATCHES = 20


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
    cut = int(np.argmin(_squared_error_of_rest(means)[: batches - _BATCH]))
    return cut * _BATCH if cut <= batches // 2 else None


def _squared_error_of_rest(means: np.ndarray) -> np.ndarray:
    """For each d: the sum of squares of means[d:] about their mean, over their number squared."""
    centred = means - means.mean()
    rest = np.arange(len(means), 0, -1)
    total = np.cumsum(centred[::-1])[::-1]
    squares = np.cumsum(centred[::-1] ** 2)[::-1]
    return np.asarray((squares - total**2 / rest) / rest**2)
