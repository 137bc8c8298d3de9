"""A sweep, read: one row for each planned run, whatever became of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import AnalysisError
from analysis.sweep.measured_run import MeasuredRun, measure_run
from analysis.sweep.row_cache import RowCache, key_of
from analysis.sweep.slowdown_counts import SlowdownCounts
from analysis.sweep.standing import INVALID, MARGINAL, MISSING, SKIPPED, STABLE
from records.json_file import read_json
from records.run_folder import RunFolderError
from records.sweeps import PlannedRun, Sweep, SweepOnDisk, open_sweep
from records.sweeps.on_disk import CALIBRATION_NAME
from shapes.quantities import format_duration
from verdict.checks import Check, parse_check

CELL = ["arm", "law", "spin_s", "rate_rps"]
FULL = 1.0
"""The offered load over the cores from which on there is no steady state."""
CellKey = tuple[str, str, float, float]


@dataclass(frozen=True)
class Study:
    """What a report of a sweep is made of.

    Attributes:
        disk: The sweep's folder.
        checks: That its arms are to meet.
        runs: One row per planned run, in the order of execution: CELL, `run_id`, `block`,
            `repetition`, `rho`, `class`, `said`, `usable` (whether it is in figures) and, where
            there are records, all of `measured_run`.
        slowdowns: Of each cell, its usable runs pooled.
        calibration: As it was measured before the sweep; None where it was not.
    """

    disk: SweepOnDisk
    checks: Sequence[Check]
    runs: pd.DataFrame
    slowdowns: dict[CellKey, SlowdownCounts] = field(default_factory=dict)
    calibration: dict[str, Any] | None = None

    @property
    def sweep(self) -> Sweep:
        """Its plan."""
        return self.disk.sweep

    @property
    def usable(self) -> pd.DataFrame:
        """The runs that figures are made of."""
        return self.runs[self.runs["usable"]]

    @property
    def simulated(self) -> bool:
        """Whether a model made it, or a part of it."""
        return self.sweep.is_simulated or bool(self.usable.get("simulated", pd.Series()).any())


def read_study(folder: Path, cache_folder: Path) -> Study:
    """Read a sweep's folder, run by run; it may be under way, and runs may be missing.

    Args:
        folder: Of the sweep.
        cache_folder: Where rows are kept that were read before.

    Raises:
        AnalysisError: when it is no sweep, or its plan cannot be read.
    """
    try:
        disk = open_sweep(folder)
    except (RunFolderError, OSError) as error:
        raise AnalysisError(str(error)) from None
    checks = [parse_check(text) for text in disk.sweep.spec.get("checks") or ()]
    reader = _Reader(disk, checks, RowCache(cache_folder))
    rows = [reader.row(run) for run in disk.sweep.runs]
    if not rows:
        raise AnalysisError(f"sweep {disk.sweep.sweep_id} has no runs: nothing to report")
    return Study(disk, checks, _typed(pd.DataFrame(rows)), reader.slowdowns, _calibration(folder))


def _typed(runs: pd.DataFrame) -> pd.DataFrame:
    columns = {"sent": 0, "ok": 0, "planned": 0}
    missing = {name: math.nan for name in _MEASURED if name not in runs}
    return runs.assign(**missing).fillna(columns)


_MEASURED = (
    "sent", "ok", "planned", "success_effective_n", "mean_s", "mean_bound_s", "p99_s", "p50_s",
    "slowdown_mean", "slowdown_p99", "deadline_s", "sent_rps", "ok_rps", "pods_start", "pods_most",
    "pods_end", "pod_seconds", "mser5_s", "effective_n", "answered_sum_s", "answered_min_s",
    "verdict", "ideal", "checks", "failures",
)  # fmt: skip


def _calibration(folder: Path) -> dict[str, Any] | None:
    try:
        return read_json(folder / CALIBRATION_NAME)
    except (OSError, ValueError):
        return None


class _Reader:
    """Reads one run after the other and pools the slowdowns of the cells."""

    def __init__(self, disk: SweepOnDisk, checks: Sequence[Check], cache: RowCache) -> None:
        self._disk = disk
        self._checks = checks
        self._cache = cache
        self._asked = ";".join(check.text for check in checks)
        self.slowdowns: dict[CellKey, SlowdownCounts] = {}

    def row(self, run: PlannedRun) -> dict[str, Any]:
        planned = _planned(run)
        folder = self._disk.run_folder(run.run_id)
        if folder is None:
            return planned | self._without_records(run)
        try:
            measured = self._measured(folder)
        except AnalysisError as error:
            return planned | _unused(INVALID, f"its records cannot be used: {error}")
        said = [measured.row["reasons"]]
        left_out = measured.row["left_out"]
        if not left_out:
            self._pool(planned, measured)
        elif left_out != "INVALID":
            said.insert(0, left_out)
        kept = {name: value for name, value in measured.row.items() if name not in planned}
        if kept["class"] == STABLE and planned["rho"] >= FULL:
            kept["class"] = MARGINAL
            said.append("the load is all that the cores can do: what a start left never drains")
        joined = "; ".join(text for text in said if text)
        return planned | kept | {"usable": not left_out, "said": joined}

    def _measured(self, folder: Path) -> MeasuredRun:
        key = key_of(folder, self._asked)
        known = self._cache.get(key)
        if known is None:
            known = measure_run(folder, self._checks)
            self._cache.put(key, known)
        return known

    def _pool(self, planned: dict[str, Any], measured: MeasuredRun) -> None:
        key = tuple(planned[name] for name in CELL)
        there = self.slowdowns.get(key, SlowdownCounts({}, 0))
        self.slowdowns[key] = there.plus(measured.slowdowns)

    def _without_records(self, run: PlannedRun) -> dict[str, Any]:
        standing = self._disk.standings[run.run_id]
        if standing.skipped:
            return _unused(SKIPPED, str(standing.skipped.fields.get("reason", "")))
        if standing.given_up:
            reason = standing.given_up.fields.get("reason", "no reason noted")
            return _unused(MISSING, f"given up: {reason}")
        begun = "begun, not finished" if standing.under_way or standing.attempts else "not begun"
        return _unused(MISSING, begun)


def _planned(run: PlannedRun) -> dict[str, Any]:
    return {
        "index": run.index,
        "run_id": run.run_id,
        "block": run.block,
        "repetition": run.repetition,
        "arm": run.arm,
        "law": run.cell.law,
        "spin_s": run.cell.spin_s,
        "spin": format_duration(run.cell.spin_s),
        "rate_rps": run.cell.rate_rps,
        "rho": math.nan if run.rho is None else run.rho,
        "warm_up_s": run.warm_up_s,
        "duration_s": run.duration_s,
        "is_probe": run.overload == "probe",
    }


def _unused(name: str, said: str) -> dict[str, Any]:
    return {"class": name, "said": said, "usable": False}
