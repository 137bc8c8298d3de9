"""After the load: observations and settings join the records; model, report and first screen."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from experiment.errors import ExperimentError
from experiment.fetching.merge import merge_run
from experiment.kube import Json
from experiment.launch.plan import RunPlan
from experiment.launch.telling import say
from records.manifest import read_manifest, write_manifest
from records.run_folder import RunFolderError
from verdict.checks import Check
from verdict.conclude import conclude_from_files
from verdict.exit_codes import RECORDS_NOT_WRITTEN, highest
from verdict.first_screen import render
from verdict.stored_run import open_stored_run

LONGEST_S = 600.0
_ENVIRONMENT = {"NUMBA_DISABLE_JIT": "1"}
"""The calls of one run are simulated in less time than the simulator is compiled in."""


def finish(
    plan: RunPlan,
    snapshot: Json,
    checks: Sequence[Check],
    run_code: int,
    *,
    with_report: bool = True,
) -> int:
    """Complete the run's folder, model it, report on it, print the first screen; the exit code.

    Args:
        plan: The run, which has ended.
        snapshot: The Service and Knative's settings, as they were before the load.
        checks: The limits that it must keep.
        run_code: What the run itself ended with.
        with_report: Model it and report on it; both can be had later.
    """
    if not plan.folder.exists():
        shutil.rmtree(plan.observed, ignore_errors=True)
        say(f"no records: the run did not begin (exit code {run_code})")
        return run_code
    codes = [run_code, _complete(plan, snapshot)]
    if with_report:
        _model(plan.folder)
        _report(plan.folder)
    return highest([*codes, _conclude(plan.folder, checks)])


def _complete(plan: RunPlan, snapshot: Json) -> int:
    try:
        if plan.observed.exists():
            merge_run(plan.observed, plan.folder)
            shutil.rmtree(plan.observed, ignore_errors=True)
        write_manifest(plan.folder, replace(read_manifest(plan.folder), knative=snapshot))
    except (OSError, ExperimentError, RunFolderError) as error:
        say(f"the records are not complete: {error}")
        return RECORDS_NOT_WRITTEN
    return 0


def _model(folder: Path) -> None:
    """What a model makes of the same load, for the report; a run is no worse for having none."""
    said = _said_by("experiment", "forecast", "--of", str(folder))
    say(f"model: {said.line}" if said.code == 0 else f"no model of this run: {said.line}")


def _report(folder: Path) -> None:
    said = _said_by("analysis", "report", str(folder))
    say(f"report: {said.line}" if said.code == 0 else f"no report: {said.line}")


@dataclass(frozen=True)
class _Said:
    """A program's exit code and the last line that it said."""

    code: int
    line: str


def _said_by(*arguments: str) -> _Said:
    """Run `python -m` with these: whatever happens there is no harm here."""
    command = [sys.executable, "-m", *arguments]
    try:
        done = subprocess.run(
            command,
            env={**_ENVIRONMENT, **os.environ},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Said(-1, f"not done within {LONGEST_S:g} s: python {' '.join(command[1:])}")
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return _Said(done.returncode, lines[-1] if lines else "no word of why")


def _conclude(folder: Path, checks: Sequence[Check]) -> int:
    try:
        stored = open_stored_run(folder)
    except (OSError, RunFolderError, ValueError) as error:
        say(f"no verdict: {error}")
        return RECORDS_NOT_WRITTEN
    conclusion = conclude_from_files(stored.plan, stored.context, list(checks), stored.files)
    lines = [render(conclusion.summary)]
    lines += [f"  missing    {sentence}" for sentence in stored.files.run.missing]
    sys.stdout.write("\n".join(["", *lines, f"Records: {folder}", ""]))
    sys.stdout.flush()
    return conclusion.exit_code
