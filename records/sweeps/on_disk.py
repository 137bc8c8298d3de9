"""A sweep as its folder has it: plan, ledger, and the folders of its runs."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from records.sweeps.ledger import LedgerEntry, read_ledger
from records.sweeps.planned import Sweep
from records.sweeps.standing import RunStanding, attempt_name, standings
from records.sweeps.sweep_file import read_sweep

RUNS = "runs"
REPORT = "report"
CALIBRATION_NAME = "calibration.json"


@dataclass(frozen=True)
class SweepOnDisk:
    """What a sweep's folder says.

    Attributes:
        folder: Of the sweep.
        sweep: Its plan.
        entries: The ledger when it was read, oldest line first.
    """

    folder: Path
    sweep: Sweep
    entries: tuple[LedgerEntry, ...]

    @cached_property
    def standings(self) -> dict[str, RunStanding]:
        """How each planned run stands, by its id."""
        known = standings(self.entries)
        return {run.run_id: known.get(run.run_id, RunStanding()) for run in self.sweep.runs}

    def run_folder(self, run_id: str) -> Path | None:
        """The folder of the attempt that counts; None where no attempt has finished.

        Raises:
            KeyError: when the sweep has no such run.
        """
        finished = self.standings[run_id].finished
        return self.attempt_folder(run_id, finished.attempt) if finished else None

    def attempt_folder(self, run_id: str, attempt: int) -> Path:
        """The folder of an attempt, from 1."""
        return self.folder / RUNS / attempt_name(run_id, attempt)


def open_sweep(folder: Path) -> SweepOnDisk:
    """Read a sweep's folder; it may be under way.

    Raises:
        NewerSchema: when a later version wrote it.
        RunFolderError: when it is no folder of a sweep, or its plan is damaged.
        OSError: when the ledger cannot be read.
    """
    return SweepOnDisk(folder, read_sweep(folder), read_ledger(folder))
