"""Whole numbers as one short text: what a trace holds, inside a plan."""

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue

MOST_NUMBERS = 2_000_000
_BYTES = 8
_LEVEL = 9

Numbers = NDArray[np.int64]


def packed(values: Numbers) -> str:
    """The numbers as base64 of their compressed bytes; of each, the same byte stands together."""
    planes = np.ascontiguousarray(values, dtype="<i8").view(np.uint8).reshape(-1, _BYTES).T
    return base64.b64encode(zlib.compress(planes.tobytes(), _LEVEL)).decode()


def unpacked(text: str) -> Numbers:
    """The numbers that `packed` wrote.

    Raises:
        InvalidValue: for any other text, and for more than `MOST_NUMBERS` numbers.
    """
    try:
        found = zlib.decompressobj().decompress(
            base64.b64decode(text, validate=True), MOST_NUMBERS * _BYTES + 1
        )
    except (binascii.Error, zlib.error, ValueError):
        raise InvalidValue("a trace's numbers cannot be read; valid: as a plan has them") from None
    if len(found) > MOST_NUMBERS * _BYTES or len(found) % _BYTES:
        raise InvalidValue(f"a trace's numbers are damaged; valid: at most {MOST_NUMBERS:,}")
    planes = np.frombuffer(found, np.uint8).reshape(_BYTES, -1).T
    return np.ascontiguousarray(planes).view("<i8").ravel().astype(np.int64)
