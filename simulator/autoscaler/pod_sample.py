"""How many pods are asked for their load: all of few, a sample of many."""

import math

_ALL_UP_TO = 3
_CONFIDENCE_Z = 1.96
_VARIANCE = 100.0
_MARGIN = 5.0


def pods_asked(pods: int) -> int:
    """Pods that are asked, of so many that are ready.

    The size of a sample from a finite population whose mean is then known within 5 at 95 %
    confidence, were the variance between pods 100.
    """
    if pods <= _ALL_UP_TO:
        return max(0, pods)
    of_endless = _CONFIDENCE_Z**2 * _VARIANCE / _MARGIN**2
    return math.ceil(pods * of_endless / (pods + of_endless - 1))
