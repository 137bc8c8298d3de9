"""What is drawn before a simulation, from the run's seed: apart from the arrivals, and by place."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shapes.philox_words import WORDS_A_COUNT, top_53_bits, words
from simulator.system.world import COINS

_COINS, _COLD_STARTS = 101, 102
"""Streams of the seed; those of arrivals are below."""
_COLD_STARTS_DRAWN = 4096
_UNIT = 2.0**-53


def uniforms(seed: int, stream: int, count: int) -> NDArray[np.float64]:
    """Numbers from 0 to 1, 1 excluded."""
    whole = -(-count // WORDS_A_COUNT) * WORDS_A_COUNT
    return top_53_bits(words(seed, stream, whole))[:count] * _UNIT


def draw_coins(seed: int, calls: int) -> NDArray[np.float64]:
    """`COINS` numbers for each call."""
    return uniforms(seed, _COINS, COINS * calls)


def draw_cold_starts_s(seed: int, seen_s: Sequence[float]) -> NDArray[np.float64]:
    """Cold starts in the order of the pods: always the one there is, or drawn from those seen."""
    seen = np.asarray(seen_s, np.float64)
    if len(seen) == 1:
        return seen
    places = uniforms(seed, _COLD_STARTS, _COLD_STARTS_DRAWN) * len(seen)
    return seen[places.astype(np.int64)]
