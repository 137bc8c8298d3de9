"""What a run folder alone can say: the same sums as the members kept, from the rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from records.reader import Run, open_run
from records.run_folder import RunFolderError
from records.schema import COLUMNS, CallRecord
from shapes.plan import Plan
from verdict.facts import InstanceShare, LawFit, RunFacts
from verdict.member_summary import MemberSummary
from verdict.phase import measured_bounds_s
from verdict.pods_seen import not_watched, view_of_run, with_pods_seen
from verdict.replica_view import ReplicaView
from verdict.run_summary import RunSummary
from verdict.sent_gaps import SentGaps

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FileView:
    """What the visible files hold.

    Attributes:
        run: The opened folder.
        rows: Rows in it, without superseded ones.
        superseded: Rows of arrivals that another row accounts for (`records/superseded.py`).
        repeated: Rows beyond the first of an arrival.
        members: Members that have rows.
    """

    run: Run
    rows: int
    superseded: int
    repeated: int
    members: frozenset[str]

    def summarise(self, plan: Plan) -> RunSummary:
        """Sums of all rows, as the members' own would be: about 10 s for a million."""
        return summarise(self.run, plan)

    def fit_law(self, plan: Plan, mean_gap_s: float) -> LawFit | None:
        """The distance to the law of all members' sends together, in the order of sending."""
        return fit_law(self.run, plan, mean_gap_s)

    def with_ready_pods(self, facts: RunFacts, plan: Plan, totals: RunSummary) -> RunFacts:
        """The facts with what an observer saw of the pods beside what their replies tell."""
        if self.view is None:
            return facts
        bounds_s = measured_bounds_s(plan, totals.windows)
        return replace(facts, instances=beside(self.view, bounds_s, facts.instances))

    def with_pods_seen(self, summary: dict[str, Any], plan: Plan) -> dict[str, Any]:
        """The summary with its block `replicas`."""
        return with_pods_seen(summary, self.run, plan)

    @cached_property
    def view(self) -> ReplicaView | None:
        """What an observer saw; None when nobody watched, or its file cannot be read."""
        try:
            return view_of_run(self.run)
        except RunFolderError:
            return None


def beside(
    view: ReplicaView, bounds_s: tuple[float, float], replied: InstanceShare
) -> InstanceShare:
    """How replies were spread over pods that are known to have been ready."""
    from_s, to_s = bounds_s
    if not_watched(view, from_s, to_s) or from_s >= to_s:
        return replied
    lengths_s, ready = view.ready.cut(from_s, to_s)
    several = float(lengths_s[ready > 1].sum()) / (to_s - from_s)
    return replace(replied, others_present=several, ready=int(ready.max()))


def look_at_files(folder: Path | None) -> FileView | None:
    """The rows of a run folder; None when there is none, it is empty or it cannot be read."""
    if folder is None:
        return None
    try:
        run = open_run(folder)
        counts = run.counts()
    except (OSError, RunFolderError):
        return None
    members = frozenset(segment.member for segment in run.segments if segment.fault is None)
    return (
        FileView(run, counts["rows"], counts["superseded"], counts["duplicates"], members)
        if members
        else None
    )


def summarise(run: Run, plan: Plan) -> RunSummary:
    """See `FileView.summarise`."""
    summary = MemberSummary(plan, "all")
    for record in read_records(run):
        summary.add(record)
    totals = summary.totals
    k, intended_s, sent_s = sends_in_order(run)
    for at_s in sent_s.tolist():
        totals.windows.add_sent(at_s)
    _add_measured(totals.gaps, plan, (k, intended_s, sent_s))
    totals.members = tuple(sorted({segment.member for segment in run.segments}))
    return totals


def fit_law(run: Run, plan: Plan, mean_gap_s: float) -> LawFit | None:
    """See `FileView.fit_law`."""
    gaps = SentGaps(plan.law, plan.warm_up_s)
    _add_measured(gaps, plan, sends_in_order(run))
    return gaps.fit(mean_gap_s)


def _add_measured(gaps: SentGaps, plan: Plan, sends: tuple[Floats, Floats, Floats]) -> None:
    k, intended_s, sent_s = sends
    measured = intended_s >= plan.warm_up_s
    if measured.any():
        gaps.add_ordered(
            k[measured], intended_s[measured], sent_s[measured], plan.rates, alone=True
        )
        gaps.bins.finish(plan.rates)


def read_records(run: Run) -> Iterator[CallRecord]:
    """Every row as a record, in the order of the files."""
    for batch in run.batches(rows=4096):
        columns = [batch.column(name).to_pylist() for name in COLUMNS]
        yield from map(CallRecord._make, zip(*columns, strict=True))


def sends_in_order(run: Run) -> tuple[Floats, Floats, Floats]:
    """k, intended and sent times of all that was sent, by the time of the send."""
    table = run.table(["k", "intended_s", "sent_s"])
    k, intended_s, sent_s = (
        table.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
        for name in ("k", "intended_s", "sent_s")
    )
    sent = ~np.isnan(sent_s)
    order = np.argsort(sent_s[sent], kind="stable")
    return k[sent][order], intended_s[sent][order], sent_s[sent][order]
