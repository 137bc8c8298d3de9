"""A number for each arrival, made for many of them at once as they fall due."""

import math
from collections.abc import Callable, Sequence

LOOK_AHEAD = 512
"""Arrivals that are made ready at once: an array of numbers costs little more than a single one."""

Make = Callable[[int, int], Sequence[float]]
"""From the first k and how many are wanted to their numbers; fewer where there are no more."""


class LookAhead:
    """What some function says of arrivals that are asked for in their order.

    Args:
        make: The function.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._first_k = 0
        self._numbers: Sequence[float] = ()

    def of(self, k: int) -> float:
        """The number of arrival k; NaN where there is none."""
        if not self._first_k <= k < self._first_k + len(self._numbers):
            self._first_k, self._numbers = k, self._make(k, LOOK_AHEAD)
        return self._numbers[k - self._first_k] if self._numbers else math.nan
