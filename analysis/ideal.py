"""What a call takes alone on a warm instance: the denominator of slowdown, and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

REQUESTED_SPIN = "the requested spin (no calibration was made)"
CALIBRATED = "the calibration: median of isolated calls on a warm instance"
UNKNOWN = "not known: no calibration, and the call asks for no spin"


@dataclass(frozen=True)
class Ideal:
    """The isolated time of calls.

    Attributes:
        source: Where it comes from, in words for the report.
        one_s: The same for every call, seconds; None where it depends on the spin.
        by_spin_s: Requested spin to isolated time, both seconds.
    """

    source: str
    one_s: float | None = None
    by_spin_s: Mapping[float, float] = field(default_factory=dict)

    def of(self, spin_s: pd.Series) -> pd.Series:
        """The ideal of each call in seconds; NaN where none is known."""
        if self.one_s is not None:
            return pd.Series(self.one_s, index=spin_s.index, dtype=float)
        if self.by_spin_s:
            return spin_s.map(dict(self.by_spin_s)).astype(float)
        return spin_s.astype(float)


def ideal_of(calibration: Mapping[str, Any] | None, spin_s: pd.Series) -> Ideal:
    """The ideal of a run: its calibration where one was stored, else the spin its calls asked for.

    Args:
        calibration: `{"ideal_s": seconds}` for calls of one kind, or `{"by_spin": [[spin_s,
            ideal_s], ...]}`; None where none was made.
        spin_s: Requested spin of each call.
    """
    if calibration and calibration.get("ideal_s"):
        return Ideal(CALIBRATED, one_s=float(calibration["ideal_s"]))
    if calibration and calibration.get("by_spin"):
        return Ideal(CALIBRATED, by_spin_s={float(a): float(b) for a, b in calibration["by_spin"]})
    return Ideal(REQUESTED_SPIN if (spin_s > 0).any() else UNKNOWN)
