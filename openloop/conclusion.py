"""The end of a run: manifest and summary written, the verdict made, said and exported."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from openloop.conductor import ActiveRun
from openloop.facts import git_commit, host_facts, program_versions
from records.manifest import Manifest, write_manifest
from records.summary_file import write_summary
from shapes.quantities import format_duration
from verdict.conclude import Conclusion, conclude
from verdict.first_screen import render
from verdict.junit import junit_xml
from verdict.member_summary import MemberSummary
from verdict.run_context import RunContext
from verdict.step_summary import append_step_summary

log = logging.getLogger(__name__)

STEP_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def open_manifest(run: ActiveRun, options: dict[str, Any]) -> Manifest:
    """Write what is known when a run begins, so that a killed run still says what it was.

    Args:
        run: The run.
        options: Locust's parsed options as plain values; the manifest leaves secrets out.
    """
    manifest = Manifest(
        run_id=run.plan.run_id,
        started_unix_s=run.started_unix_s,
        versions=program_versions(),
        git=git_commit(),
        options=options,
        seed=run.plan.seed,
        plans=list(run.plans),
        members=[member for change in run.plan.members for member in change.ids],
        offsets={},
        host=host_facts(),
        calibration=None,
        knative=None,
        finished=False,
    )
    write_manifest(run.folder, manifest)
    return manifest


def close_run(run: ActiveRun, manifest: Manifest, *, stopped_by: str | None) -> Conclusion:
    """Judge the run and write everything that outlives it.

    Args:
        run: The drained run.
        manifest: What `open_manifest` wrote.
        stopped_by: The signal or person that ended it early, if any.
    """
    summaries = [MemberSummary.from_dict(report["summary"]) for report in run.reports.values()]
    context = _context(run, stopped_by)
    conclusion = conclude(run.plan, summaries, context, run.config.checks, run.folder)
    write_manifest(run.folder, replace(manifest, plans=list(run.plans), finished=True))
    write_summary(run.folder, conclusion.summary)
    _export(run, conclusion)
    return conclusion


def say(conclusion: Conclusion, folder: Path) -> str:
    """The first screen and where the rest is."""
    where = f"Records: {folder}\nReport:  python -m analysis report {folder}"
    return f"{render(conclusion.summary)}\n\n{where}"


def _context(run: ActiveRun, stopped_by: str | None) -> RunContext:
    reports = run.reports.values()
    errors = [report["record_error"] for report in reports if report["record_error"]]
    return RunContext(
        run_id=run.plan.run_id,
        what=_what(run),
        generator_cpu=max((report["cpu_share"] for report in reports), default=None),
        members_lost=0,
        clock_error_s=0.0,
        late_plans=0,
        record_error=errors[0] if errors else None,
        stopped_by=stopped_by,
        queued_client_side=0,
        members=len(run.reports),
        ideal_s=None,
        ideal_source="requested spin",
    )


def _what(run: ActiveRun) -> dict[str, Any]:
    """What was run, in the words of the first screen."""
    config, request = run.config, run.plan.request
    constant = config.profile.is_constant
    return {
        "target": request.get("host") or "",
        "rate": f"{config.rate_rps:g} rps" if constant else config.profile.text,
        "law": config.law.text,
        "duration": format_duration(config.duration_s) if config.duration_s else "until stopped",
        "warm_up": format_duration(config.warm_up_s),
        "call": request.get("call") or "spin",
        "spin": request.get("spin") or "",
        "seed": run.plan.seed,
    }


def _export(run: ActiveRun, conclusion: Conclusion) -> None:
    if run.config.junit:
        path = Path(run.config.junit)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(junit_xml(conclusion.summary), encoding="utf-8")
    step_summary = os.environ.get(STEP_SUMMARY_VARIABLE)
    if step_summary:
        append_step_summary(Path(step_summary), conclusion.summary)
