"""What a call of a run takes alone, as one figure, and where that is from."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from records.calibration import calibration_from
from shapes.quantities import parse_duration_s
from verdict.asked import asked_of_target

CALIBRATED = "the calibration: median of isolated calls on a warm instance"
REQUESTED_SPIN = "the requested spin"
MEAN_SPIN = "the mean of the requested spins"
NOT_KNOWN = "not known"


def ideal_of_request(
    calibration: Mapping[str, Any] | None, request: Mapping[str, Any]
) -> tuple[float | None, str]:
    """The isolated time in seconds, None where nothing tells it, and its source.

    Args:
        calibration: Of the manifest; None where none was made.
        request: Of the plan.

    Raises:
        InvalidCalibration: when it is none.
    """
    spin = asked_of_target(request)["spin"]
    spin_s = parse_duration_s(spin) if spin else 0.0
    if calibration:
        measured = calibration_from(calibration)
        if measured.ideal_s is not None or spin_s:
            return float(measured.of(np.array([spin_s]))[0]), CALIBRATED
    return (spin_s, REQUESTED_SPIN) if spin_s else (None, NOT_KNOWN)
