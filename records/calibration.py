"""What calls take alone on a warm instance: measured before a run, stored with it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from records.json_file import read_json
from records.run_folder import RunFolderError

Floats = NDArray[np.float64]
VALID = '{"ideal_s": SECONDS} or {"by_spin": [[SPIN_S, IDEAL_S], ...]}, a file of `calibrate`'


class InvalidCalibration(RunFolderError):
    """A file or mapping that is no calibration."""


@dataclass(frozen=True)
class Calibration:
    """The isolated time of calls, the denominator of slowdown.

    Attributes:
        ideal_s: The same for every call, seconds; None where it depends on the spin.
        by_spin: Requested spin and isolated time, both seconds, by rising spin.
        how: How it was measured.
    """

    ideal_s: float | None = None
    by_spin: tuple[tuple[float, float], ...] = ()
    how: Mapping[str, Any] = field(default_factory=dict)

    def of(self, spin_s: Floats) -> Floats:
        """The ideal of calls that ask for these spins, seconds; NaN for a spin of NaN.

        Between calibrated spins the part above the spin (connection, server, network) is
        interpolated; outside them it is that of the nearest.
        """
        if self.ideal_s is not None:
            return np.full(np.shape(spin_s), self.ideal_s)
        spins, ideals = np.array(self.by_spin).T
        return np.asarray(spin_s + np.interp(spin_s, spins, ideals - spins), dtype=float)

    def as_dict(self) -> dict[str, Any]:
        """As the manifest has it."""
        if self.ideal_s is not None:
            return {"ideal_s": self.ideal_s, "how": dict(self.how)}
        return {"by_spin": [list(pair) for pair in self.by_spin], "how": dict(self.how)}


def calibration_from(value: Mapping[str, Any]) -> Calibration:
    """The calibration that a manifest or a file holds.

    Raises:
        InvalidCalibration: when it is none.
    """
    ideal_s, by_spin, how = (value.get(key) for key in ("ideal_s", "by_spin", "how"))
    how = how if isinstance(how, Mapping) else {}
    if _is_time(ideal_s) and by_spin is None:
        return Calibration(ideal_s=float(ideal_s), how=how)  # type: ignore[arg-type]
    if ideal_s is None and isinstance(by_spin, Sequence) and by_spin:
        return Calibration(by_spin=_pairs(by_spin), how=how)
    raise InvalidCalibration(f"no calibration; valid: {VALID}")


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file.

    Raises:
        InvalidCalibration: when it cannot be read or is none.
    """
    try:
        return calibration_from(read_json(path))
    except OSError as error:
        raise InvalidCalibration(f"{path}: {error.strerror}") from None
    except (ValueError, InvalidCalibration) as error:
        raise InvalidCalibration(f"{path}: {error}") from None


def _pairs(by_spin: Sequence[Any]) -> tuple[tuple[float, float], ...]:
    for pair in by_spin:
        if not (isinstance(pair, Sequence) and len(pair) == len("ab") and all(map(_is_time, pair))):
            raise InvalidCalibration(f"{pair!r} is no pair of times above 0; valid: {VALID}")
    pairs = sorted((float(spin_s), float(ideal_s)) for spin_s, ideal_s in by_spin)
    if len({spin_s for spin_s, _ in pairs}) < len(pairs):
        raise InvalidCalibration("a spin is there twice; valid: each once")
    return tuple(pairs)


def _is_time(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0  # type: ignore[operator, arg-type]
