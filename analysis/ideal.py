"""What a call takes alone on a warm instance: the denominator of slowdown, and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from records.calibration import Calibration, calibration_from
from verdict.ideal import CALIBRATED

REQUESTED_SPIN = "the requested spin (no calibration was made)"
UNKNOWN = "not known: no calibration, and the call asks for no spin"


@dataclass(frozen=True)
class Ideal:
    """The isolated time of calls.

    Attributes:
        source: Where it comes from, in words for the report.
        calibration: As it was measured; None where it was not.
    """

    source: str
    calibration: Calibration | None = None

    def of(self, spin_s: pd.Series) -> pd.Series:
        """The ideal of each call in seconds; NaN where none is known."""
        if self.calibration is None:
            return spin_s.astype(float)
        ideals_s = self.calibration.of(spin_s.to_numpy(dtype=float))
        return pd.Series(ideals_s, index=spin_s.index, dtype=float)


def ideal_of(calibration: Mapping[str, Any] | None, spin_s: pd.Series) -> Ideal:
    """The ideal of a run: its calibration where one was stored, else the spin its calls asked for.

    Args:
        calibration: Of the manifest; None where none was made.
        spin_s: Requested spin of each call.

    Raises:
        InvalidCalibration: when it is none.
    """
    if calibration:
        return Ideal(CALIBRATED, calibration_from(calibration))
    return Ideal(REQUESTED_SPIN if (spin_s > 0).any() else UNKNOWN)
