"""The folder of a sweep: what was planned, what happened, and where each run's records are."""

from records.sweeps.ledger import LedgerEntry
from records.sweeps.on_disk import SweepOnDisk, open_sweep
from records.sweeps.planned import Arm, Cell, PlannedRun, Sweep

__all__ = ["Arm", "Cell", "LedgerEntry", "PlannedRun", "Sweep", "SweepOnDisk", "open_sweep"]
