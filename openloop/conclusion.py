"""The end of a run: manifest and summary written, the verdict made, said and exported."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from openloop.active_run import ActiveRun
from openloop.clock_offset import Offset
from openloop.facts import ProgramFacts
from openloop.holes import Standings, fill_holes
from records.manifest import Manifest, write_manifest
from records.summary_file import write_summary
from shapes.quantities import format_duration
from shapes.schedule import Schedule
from verdict.asked import asked_of_target
from verdict.conclude import Conclusion, conclude
from verdict.first_screen import render
from verdict.ideal import ideal_of_request
from verdict.junit import junit_xml
from verdict.member_summary import MemberSummary
from verdict.run_context import RunContext
from verdict.run_summary import Summarised
from verdict.step_summary import append_step_summary

log = logging.getLogger(__name__)

STEP_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def open_manifest(run: ActiveRun, options: dict[str, Any], facts: ProgramFacts) -> Manifest:
    """Write what is known when a run begins, so that a killed run still says what it was.

    Args:
        run: The run.
        options: Locust's parsed options as plain values; the manifest leaves secrets out.
        facts: The machine and the programs.
    """
    manifest = Manifest(
        run_id=run.plan.run_id,
        started_unix_s=run.started_unix_s,
        versions=facts.versions,
        git=facts.git,
        options=options,
        seed=run.plan.seed,
        plans=list(run.plans),
        members=sorted(run.members),
        host=facts.host,
        calibration=run.config.calibration,
    )
    write_manifest(run.folder, manifest)
    return manifest


def close_run(
    run: ActiveRun, manifest: Manifest, *, offsets: Mapping[str, Offset], stopped_by: str | None
) -> Conclusion:
    """Judge the run and write everything that outlives it.

    Args:
        run: The drained run.
        manifest: What `open_manifest` wrote.
        offsets: What each member measured of its clock.
        stopped_by: The signal or person that ended it early, if any.
    """
    known = known_offsets(run, offsets)
    summaries, unexplained = _summaries(run)
    context = _context(run, known, stopped_by, unexplained)
    conclusion = conclude(run.plan, summaries, context, run.config.checks, run.folder)
    write_manifest(run.folder, _ended(manifest, run, known))
    write_summary(run.folder, conclusion.summary)
    _export(run, conclusion)
    return conclusion


def _summaries(run: ActiveRun) -> tuple[list[Summarised], int]:
    """What the members handed in, and the rows we write for those that handed in nothing.

    Also how many arrivals have no row, and nothing says why.
    """
    summaries: list[Summarised] = [
        MemberSummary.from_dict(report["summary"]) for report in run.reports.values()
    ]
    if not _may_have_holes(run, summaries):
        return summaries, 0
    holes = fill_holes(run.folder, run.plan, _standings(run))
    return [*summaries, holes.filled], holes.unexplained


def _may_have_holes(run: ActiveRun, summaries: list[Summarised]) -> bool:
    """Whether the files must be looked at: whether arrivals changed hands, or the sums differ."""
    recorded = sum(sum(one.totals.whole().statuses.values()) for one in summaries)
    planned = Schedule(run.plan).planned_before(run.plan.end_s)
    return len(run.plan.members) > 1 or recorded != planned


def _standings(run: ActiveRun) -> Standings:
    unreadable = {name for name, report in run.reports.items() if report["record_error"]}
    timely = {name for name, report in run.reports.items() if not report["late_plans"]}
    if len(run.plan.members) > 1:  # arrivals have changed hands
        timely = set()
    return Standings(run.members - run.reports.keys(), set(run.lost), unreadable, timely)


def known_offsets(run: ActiveRun, measured: Mapping[str, Offset]) -> dict[str, dict[str, float]]:
    """By member, the offset it used and how sure that is; for the lost, as last measured."""
    last = {name: asdict(offset) for name, offset in measured.items() if name in run.members}
    reported = {name: report["offset"] for name, report in run.reports.items() if report["offset"]}
    return {**last, **reported}


def _ended(
    manifest: Manifest, run: ActiveRun, offsets: Mapping[str, Mapping[str, float]]
) -> Manifest:
    return replace(
        manifest,
        plans=list(run.plans),
        members=sorted(run.members),
        offsets=dict(offsets),
        finished=True,
    )


def say(conclusion: Conclusion, folder: Path) -> str:
    """The first screen and where the rest is."""
    where = f"Records: {folder}\nReport:  python -m analysis report {folder}"
    return f"{render(conclusion.summary)}\n\n{where}"


def _context(
    run: ActiveRun,
    offsets: Mapping[str, Mapping[str, float]],
    stopped_by: str | None,
    unexplained: int,
) -> RunContext:
    reports = run.reports.values()
    errors = [report["record_error"] for report in reports if report["record_error"]]
    if unexplained:
        errors.append(f"{unexplained} planned arrivals have no row, and nothing says why")
    ideal_s, ideal_source = ideal_of_request(run.config.calibration, run.plan.request)
    return RunContext(
        run_id=run.plan.run_id,
        what=what_is_run(run),
        generator_cpu=max((report["cpu_share"] for report in reports), default=None),
        record_error=errors[0] if errors else None,
        stopped_by=stopped_by,
        members=len(run.members),
        members_lost=len(run.members - run.reports.keys() | set(run.lost)),
        clock_error_s=max((offset["error_s"] for offset in offsets.values()), default=0.0),
        late_plans=sum(report["late_plans"] for report in reports),
        engine_deaths=sum(report["engine_deaths"] for report in reports),
        engine_hangs=sum(report["engine_hangs"] for report in reports),
        ideal_s=ideal_s,
        ideal_source=ideal_source,
    )


def what_is_run(run: ActiveRun) -> dict[str, Any]:
    """What was run, in the words of the first screen."""
    config, request = run.config, run.plan.request
    constant = config.profile.is_constant
    return {
        "target": request.get("host") or "",
        "rate": f"{config.rate_rps:g} rps" if constant else config.profile.text,
        "law": config.law.text,
        "duration": format_duration(config.duration_s) if config.duration_s else "until stopped",
        "warm_up": format_duration(config.warm_up_s),
        **asked_of_target(request),
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
