"""One run as a frame of calls beside the facts that are needed to read it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.errors import AnalysisError, NothingMeasuredError
from analysis.frames import frame_of
from analysis.ideal import Ideal, ideal_of
from analysis.metrics.calls import measured, with_durations
from analysis.metrics.cold import with_cold
from analysis.metrics.slowdown import with_slowdown
from analysis.summaries import summary_of
from records.manifest import Manifest
from records.reader import Run, open_run
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from shapes.laws import Law, parse_law
from shapes.plan import Plan
from shapes.quantities import parse_duration_s
from verdict.pods_seen import view_of_run
from verdict.replica_view import ReplicaView

COLUMNS = (
    "k",
    "phase",
    "intended_s",
    "sent_s",
    "received_s",
    "status",
    "code",
    "failure_class",
    "instance_id",
    "instance_seq",
    "pod",
    "spin_s",
    "worker_wall_s",
    "worker_cpu_s",
)
_MOST_EXAMPLES = 100


@dataclass(frozen=True)
class RunData:
    """A run, read.

    Attributes:
        folder: The run's folder.
        manifest: What was run.
        plan: The last version of the plan.
        law: Its law of arrival.
        calls: One row per arrival, `COLUMNS` with `lag_s`, `latency_s`, `service_latency_s`,
            `ideal_s`, `slowdown`, `first_on_instance` and `cold_affected`.
        ideal: The denominator of slowdown.
        summary: The verdict's summary; computed here for a run that was killed before it had one.
        replicas: What an observer saw of the pods; None when nobody watched.
        missing: Sentences: what a complete run would have and this one lacks.
        details: One example text per (status, class, code) that did not come back well.
        model: What a model makes of the same load, on the same clock; None where there is none.
    """

    folder: Path
    manifest: Manifest
    plan: Plan
    law: Law
    calls: pd.DataFrame
    ideal: Ideal
    summary: Mapping[str, Any]
    replicas: ReplicaView | None
    missing: Sequence[str]
    details: Mapping[tuple[str, str, str], str]
    model: "RunData | None" = None

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.manifest.run_id

    @property
    def measured(self) -> pd.DataFrame:
        """The calls of the measured phase."""
        return measured(self.calls)

    @property
    def end_s(self) -> float:
        """Where the run's time axis ends: the plan's end, or the last arrival of an open one."""
        return _end_s(self.plan, self.calls)

    @property
    def deadline_s(self) -> float | None:
        """The calls' deadline; None where the plan states none."""
        return _seconds(self.plan.request.get("grpc_timeout"))

    @property
    def level(self) -> str:
        """VALID, SUSPECT or INVALID."""
        return str(self.summary["verdict"]["level"])

    @property
    def simulated(self) -> bool:
        """Whether a model made it: then nothing was measured."""
        return self.manifest.simulated is not None

    @property
    def usable(self) -> bool:
        """Whether its latencies may be quoted: a number that is shown is a number that is used."""
        return self.level != "INVALID"


def _seconds(text: object) -> float | None:
    try:
        return parse_duration_s(str(text)) if text else None
    except InvalidValue:
        return None


def read_run(path: Path) -> RunData:
    """Read a run folder, finished or not.

    Raises:
        AnalysisError: when it is no run folder, was written by a newer version, lacks its
            manifest, or holds no rows.
        NothingMeasuredError: when no row is of the measured phase.
    """
    try:
        return _read(open_run(path))
    except RunFolderError as error:
        raise AnalysisError(str(error)) from None


def _read(run: Run) -> RunData:
    plan = _last_plan(run.manifest)
    calls = with_durations(frame_of(run, COLUMNS))
    _refuse_empty(run, calls, plan)
    ideal = ideal_of(run.manifest.calibration, calls["spin_s"])
    view, unseen = _view(run)
    calls = with_slowdown(calls, ideal.of(calls["spin_s"]))
    return RunData(
        folder=run.folder,
        manifest=run.manifest,
        plan=plan,
        law=parse_law(plan.law),
        calls=with_cold(calls, view, _end_s(plan, calls)),
        ideal=ideal,
        summary=summary_of(run, plan),
        replicas=view,
        missing=[*run.missing, *unseen],
        details=_examples(run),
    )


def _view(run: Run) -> tuple[ReplicaView | None, list[str]]:
    """What was seen of the pods, and a sentence where its file cannot be read."""
    try:
        return view_of_run(run), []
    except RunFolderError as error:
        return None, [str(error)]


def _end_s(plan: Plan, calls: pd.DataFrame) -> float:
    return float(plan.end_s if plan.end_s != math.inf else calls["intended_s"].max())


def _last_plan(manifest: Manifest) -> Plan:
    if not manifest.plans:
        raise AnalysisError(f"run {manifest.run_id} has no plan in its manifest")
    try:
        return Plan.from_dict(dict(manifest.plans[-1]))
    except ValueError as error:
        raise AnalysisError(f"run {manifest.run_id}: its plan cannot be read: {error}") from None


def _refuse_empty(run: Run, calls: pd.DataFrame, plan: Plan) -> None:
    if not len(calls):
        raise AnalysisError(f"{run.folder} holds no records: nothing to report")
    if not len(measured(calls)):
        raise NothingMeasuredError(
            f"run {run.manifest.run_id} measured nothing: all {len(calls)} arrivals lie in its "
            f"warm-up of {plan.warm_up_s:g} s; nothing to report"
        )


def _examples(run: Run) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], str] = {}
    for batch in run.batches(("status", "failure_class", "code", "detail")):
        rows = batch.filter(pa.compute.not_equal(batch.column("status"), "ok"))
        for row in rows.to_pylist():
            key = (row["status"], row["failure_class"] or "-", row["code"] or "-")
            if row["detail"] and len(found) < _MOST_EXAMPLES:
                found.setdefault(key, row["detail"])
    return found
