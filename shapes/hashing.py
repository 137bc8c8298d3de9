"""Counter-based hashing: a value for each (seed, k, stream) without drawing the ones before it.

Integer arithmetic modulo 2^64 alone, so the same on every CPU, and the same for a scalar k
and for an array of them. The mixing steps are those of splitmix64 (Steele, Lea and Flood,
"Fast splittable pseudorandom number generators", OOPSLA 2014; constants by Stafford, mix 13).
"""

from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

OWNER_STREAM = 0
"""Which member owns arrival k. Streams 0 to 15 are this package's; other packages use others."""

TRACE_STREAM = 1
"""The seed of each function of a trace."""

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15
_MULTIPLIER_1 = 0xBF58476D1CE4E5B9
_MULTIPLIER_2 = 0x94D049BB133111EB
_DOUBLE_STEP = 2.0**-53


@overload
def hash64(seed: int, k: int, stream: int) -> int: ...
@overload
def hash64(seed: int, k: NDArray[Any], stream: int) -> NDArray[np.uint64]: ...
def hash64(seed: int, k: int | NDArray[Any], stream: int) -> int | NDArray[np.uint64]:
    """64 well-mixed bits of (seed, k, stream).

    Args:
        seed: Taken modulo 2^64.
        k: An integer, or an integer array of any shape; the result has its shape.
        stream: What the bits decide; different streams are independent of each other.
    """
    base = _mix((_mix(seed & _MASK) + _mix(stream + _GOLDEN)) & _MASK)
    if isinstance(k, np.ndarray):
        # As a vector: numpy warns of the wrapping that is meant here when there is no axis.
        return _mix_array(k.astype(np.uint64).reshape(-1), base).reshape(k.shape)
    return _mix((base + (int(k) + 1) * _GOLDEN) & _MASK)


@overload
def unit_interval(seed: int, k: int, stream: int) -> float: ...
@overload
def unit_interval(seed: int, k: NDArray[Any], stream: int) -> NDArray[np.float64]: ...
def unit_interval(seed: int, k: int | NDArray[Any], stream: int) -> float | NDArray[np.float64]:
    """The top 53 bits of `hash64` as a double in [0, 1), exactly."""
    if isinstance(k, np.ndarray):
        return (hash64(seed, k, stream) >> np.uint64(11)).astype(np.float64) * _DOUBLE_STEP
    return (hash64(seed, k, stream) >> 11) * _DOUBLE_STEP


def _mix(word: int) -> int:
    word = ((word ^ (word >> 30)) * _MULTIPLIER_1) & _MASK
    word = ((word ^ (word >> 27)) * _MULTIPLIER_2) & _MASK
    return word ^ (word >> 31)


def _mix_array(k: NDArray[np.uint64], base: int) -> NDArray[np.uint64]:
    # Unsigned array arithmetic wraps modulo 2^64 by definition, as the masks do above.
    word = (k + np.uint64(1)) * np.uint64(_GOLDEN) + np.uint64(base)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(_MULTIPLIER_1)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(_MULTIPLIER_2)
    return word ^ (word >> np.uint64(31))
