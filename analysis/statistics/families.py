"""Many tests at once: the more there are, the more find something where nothing is."""

import numpy as np


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values for all tests of a family together (Holm 1979).

    Below 0.05 they are true of all at once with 95 %. NaN, a test that was not made, stays NaN and
    does not count.
    """
    p = np.asarray(p_values, float)
    adjusted = np.full(len(p), np.nan)
    made = np.flatnonzero(np.isfinite(p))
    order = made[np.argsort(p[made], kind="stable")]
    weights = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * weights), 1.0)
    return adjusted
