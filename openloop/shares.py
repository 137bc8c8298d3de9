"""The numbers that decide what arrival k does."""

import numpy as np

from openloop.look_ahead import LookAhead
from shapes.hashing import unit_interval


class Shares(LookAhead):
    """`unit_interval` of one stream: a number in [0, 1), of the same arrival always the same.

    Args:
        seed: The run's.
        stream: What the numbers decide.
    """

    def __init__(self, seed: int, stream: int) -> None:
        def make(first_k: int, count: int) -> list[float]:
            block = np.arange(first_k, first_k + count)
            shares: list[float] = unit_interval(seed, block, stream).tolist()
            return shares

        super().__init__(make)
