"""A run folder as something to judge: its plan, its context and its rows."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from records.reader import Run, open_run
from records.run_folder import RunFolderError
from shapes.plan import Plan
from verdict.asked import asked_of_target
from verdict.from_files import FileView, look_at_files
from verdict.ideal import ideal_of_request
from verdict.run_context import RunContext


@dataclass(frozen=True)
class StoredRun:
    """What is needed to judge a run again.

    Attributes:
        plan: The last version of its plan.
        context: As it was at the run's end, or what the manifest alone can say.
        files: Its rows.
    """

    plan: Plan
    context: RunContext
    files: FileView


def open_stored_run(folder: Path) -> StoredRun:
    """Open a run folder to judge it.

    Raises:
        RunFolderError: when it is no run folder, has no plan or no rows.
        ValueError: when its plan is damaged.
    """
    run = open_run(folder)
    if not run.manifest.plans:
        raise RunFolderError(f"{folder} has no plan in its manifest: nothing to judge it by")
    plan = Plan.from_dict(run.manifest.plans[-1])
    files = look_at_files(folder)
    if files is None:
        raise RunFolderError(f"{folder} has no readable calls-*.parquet: nothing to judge")
    return StoredRun(plan, _context(run, plan, files), files)


def _context(run: Run, plan: Plan, files: FileView) -> RunContext:
    try:
        summary: dict[str, Any] = run.summary
    except RunFolderError:
        return _context_of_manifest(run, plan, files)
    known = {field.name for field in fields(RunContext)}
    stored = {key: value for key, value in summary["context"].items() if key in known}
    return RunContext(**{**stored, "run_id": summary["run_id"], "what": summary["what"]})


def _context_of_manifest(run: Run, plan: Plan, files: FileView) -> RunContext:
    options, host = run.manifest.options, plan.request.get("host")
    rate = options.get("rate_profile") or f"{plan.rates.rate_at(0.0):g} rps"
    what = {
        "rate": rate if rate != "constant" else f"{plan.rates.rate_at(0.0):g} rps",
        "law": plan.law,
        "duration": options.get("duration"),
        "warm_up": options.get("warm_up"),
        **asked_of_target(plan.request),
        "target": host,
        "simulated": run.manifest.simulated is not None,
    }
    ideal_s, source = ideal_of_request(run.manifest.calibration, plan.request)
    return RunContext(
        run.manifest.run_id,
        what,
        members=len(files.members),
        ideal_s=ideal_s,
        ideal_source=source,
    )
