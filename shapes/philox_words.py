"""Random words by position: any run of them, without the ones before it.

Philox is a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
SC 2011): a key names a sequence and the counter a place in it. Only raw words are used, whose
values NumPy's stream-compatibility policy fixes, unlike those of its distributions.
"""

import numpy as np
from numpy.typing import NDArray

POISSON_COUNTS, POISSON_POSITIONS, UNIFORM_GAPS, BURSTY_PHASES, BURSTY_GAPS = range(5)
TRACE_COUNTS, TRACE_PHASES, TRACE_POSITIONS, TRACE_SPINS = range(5, 9)
"""The streams of a seed: one for each thing that is drawn."""

WORDS_A_COUNT = 4
"""Philox makes four words for each value of its counter."""

_STREAM_BITS = 56
_UNIT_BITS_DROPPED = np.uint64(11)


def words(
    seed: int, stream: int, count: int, *, sequence: int = 0, first: int = 0
) -> NDArray[np.uint64]:
    """Words `first` to `first + count - 1` of one sequence of a stream of a seed.

    Args:
        seed: 0 to 2^64 - 1.
        stream: One of the streams above.
        count: How many words.
        sequence: Which of the stream's sequences, below 2^56.
        first: A multiple of `WORDS_A_COUNT`.
    """
    key = np.array([seed, stream << _STREAM_BITS | sequence], dtype=np.uint64)
    generator = np.random.Philox(key=key, counter=first // WORDS_A_COUNT)
    return generator.random_raw(count)


def top_53_bits(raw: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The top 53 bits of each word as a whole number in a double: exact."""
    return (raw >> _UNIT_BITS_DROPPED).astype(np.float64)
