"""The numbers that decide what arrival k does, made for many arrivals at once."""

import numpy as np

from shapes.hashing import unit_interval

LOOK_AHEAD = 512


class Shares:
    """`unit_interval` of one stream: an array of it costs little more than a single value.

    Args:
        seed: The run's.
        stream: What the numbers decide.
    """

    def __init__(self, seed: int, stream: int) -> None:
        self._seed = seed
        self._stream = stream
        self._first_k = 0
        self._shares: list[float] = []

    def of(self, k: int) -> float:
        """A number in [0, 1); of the same arrival always the same."""
        place = k - self._first_k
        if not 0 <= place < len(self._shares):
            place, self._first_k = 0, k
            block = np.arange(k, k + LOOK_AHEAD)
            self._shares = unit_interval(self._seed, block, self._stream).tolist()
        return self._shares[place]
