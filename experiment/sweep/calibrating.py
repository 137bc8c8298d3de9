"""What calls take alone, measured once before the first run of a sweep and stored with each."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from experiment.launch.processes import end_started, start_tied
from experiment.sweep.ground import Note, TargetGone
from experiment.sweep.spec import SweepSpec
from records.sweeps.ledger import CALIBRATED
from records.sweeps.on_disk import CALIBRATION_NAME
from shapes.quantities import format_duration

END_S = 5.0
_OTHERWISE = ("--call", "--calibration")
"""Options of Locust with which the spin call's calibration is none of the runs'."""


def is_calibrated(spec: SweepSpec) -> bool:
    """Whether the sweep's runs are to have a calibration of the spin call."""
    given = {option.partition("=")[0] for option in spec.locust}
    return spec.calibrate and given.isdisjoint(_OTHERWISE)


def have_calibration(spec: SweepSpec, folder: Path, target: Sequence[str], note: Note) -> None:
    """Measure it where there is none yet.

    Args:
        spec: What is asked for.
        folder: Of the sweep.
        target: Arguments of `calibrate` that say what is called.
        note: Writes a line of the ledger.

    Raises:
        TargetGone: when the calls fail.
    """
    file = folder / CALIBRATION_NAME
    if file.exists():
        return
    spins = ",".join(format_duration(spin_s) for spin_s in spec.spins_s)
    asked = ("calibrate", *target, "--spin", spins, "--out", str(file))
    process = start_tied("experiment", *asked, stderr=subprocess.PIPE)
    try:
        said = process.communicate()[1].decode(errors="replace")
    finally:
        end_started(process, END_S)
    if process.returncode != 0:
        why = said.strip().rpartition("\n")[2].removeprefix("experiment: ")
        raise TargetGone(f"no calibration: {why} (`calibrate: false` does without)")
    note(CALIBRATED, file=CALIBRATION_NAME)
