"""What was observed in the last seconds, a bucket a second, and its plain average."""

import math
from typing import NamedTuple

from simulator.compiled import Floats, compiled, same_floats

_DIGITS = 1e6
NEVER = -(10**9)
"""A second before all others: nothing was written yet."""


class Window(NamedTuple):
    """Buckets of one second each, the second `s` in bucket `s` modulo their number.

    Attributes:
        buckets: What was observed in each of the last seconds.
        total: Their sum, kept as they come and go: its rounding is the original's too.
        first_s: The first second written since the last silence of a whole window.
        last_s: The last second written.
    """

    buckets: Floats
    total: float
    first_s: int
    last_s: int


def empty_window(length_s: int) -> Window:
    """A window in which nothing was observed yet."""
    return Window(same_floats(0.0, length_s), 0.0, NEVER, NEVER)


@compiled
def record(window: Window, second: int, value: float) -> Window:
    """The window with what was observed in a second, added to what is there of the same second.

    Seconds come in order. Those left out count as 0, unless a whole window of them was silent:
    then the window begins anew.
    """
    length = len(window.buckets)
    buckets = window.buckets.copy()
    total, first_s = window.total, window.first_s
    if second - window.last_s >= length:
        for place in range(length):
            buckets[place] = 0.0
        total, first_s = 0.0, second
    else:
        for gone in range(window.last_s + 1, second + 1):
            total -= buckets[gone % length]
            buckets[gone % length] = 0.0
    buckets[second % length] += value
    return Window(buckets, total + value, first_s, second)


@compiled
def is_empty(window: Window, second: int) -> bool:
    """Whether nothing was observed for longer than the window."""
    return second - window.last_s > len(window.buckets)


@compiled
def average(window: Window, second: int) -> float:
    """The average over the seconds from the first written to the last one, at most the window's.

    Seconds after the last written one do not count, nor do those that they push out; after a whole
    window of silence it is 0. Rounded to six decimals.
    """
    length = len(window.buckets)
    silent = max(0, second - window.last_s)
    if silent >= length:
        return 0.0
    total = window.total
    for gone in range(window.last_s + 1, second + 1):
        total -= window.buckets[gone % length]
    seconds = min(window.last_s - window.first_s + 1, length - silent)
    return math.floor(total / seconds * _DIGITS + 0.5) / _DIGITS
