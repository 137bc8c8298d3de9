"""Planned arrivals that nobody left a row for, written down by the conductor.

A lost member leaves such holes: what it had sent but not yet recorded cannot be told from what it
never sent; both are missing from the results, and both are unsent with the reason `member-lost`. So
do members that learn too late whose turn it is (`late-plan`). Where neither can be, a row was lost
that nobody has said to be lost: it stays a hole, and is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openloop.recorder import phase_of
from records.reader import Run, open_run
from records.schema import CallRecord
from records.sink import RecordSink
from shapes.plan import Plan
from shapes.schedule import Arrivals, Schedule
from verdict.member_summary import MemberSummary

WRITER = "conductor"
LOST, LATE = "member-lost", "late-plan"
BLOCK = 65_536
CLOSE_S = 30.0

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Standings:
    """What became of a run's members.

    Attributes:
        silent: They handed in no report.
        lost: They fell silent while it was their turn, for good or not.
        unreadable: They handed in a report and could not write all their rows.
        timely: They handed in a report, knew each plan in time, and none of their arrivals ever
            was another's.
    """

    silent: Collection[str]
    lost: Collection[str]
    unreadable: Collection[str] = ()
    timely: Collection[str] = ()

    def reason(self, member: str) -> str | None:
        """Why an arrival of this member has no row; None when nothing is known that explains it."""
        if member in self.silent or member in self.lost:
            return LOST
        return None if member in self.timely else LATE


@dataclass(frozen=True)
class Holes:
    """Planned arrivals that no file held.

    Attributes:
        filled: The sums over the rows that were written for them.
        unexplained: How many have no row yet, for nothing is known that would explain it.
    """

    filled: MemberSummary
    unexplained: int


def fill_holes(folder: Path, plan: Plan, standings: Standings) -> Holes:
    """Write a row for each planned arrival that no file holds and whose reason is known.

    Arrivals of members that handed in a report and whose files are not here stay as they are.

    Args:
        folder: The run folder, with the files of all members that can be seen from here.
        plan: The plan's last version.
        standings: What became of the members.
    """
    run = open_run(folder)
    visible = {segment.member for segment in run.segments if segment.fault is None}
    owners = (visible - set(standings.unreadable)) | set(standings.silent)
    summary = MemberSummary(plan, WRITER)
    missing = list(missing_arrivals(plan, recorded_numbers(run), owners))
    holes = [
        (k, intended_s, member, reason)
        for k, intended_s, member in missing
        if (reason := standings.reason(member)) is not None
    ]
    if holes:
        sink = RecordSink.start(folder, WRITER)
        for k, intended_s, member, reason in holes:
            record = _row(k, intended_s, member, plan, reason)
            sink.append(record)
            summary.add(record)
        sink.close(timeout_s=CLOSE_S)
    return Holes(summary, unexplained=len(missing) - len(holes))


def _row(k: int, intended_s: float, member: str, plan: Plan, reason: str) -> CallRecord:
    return CallRecord(
        k=k,
        phase=phase_of(intended_s, plan.warm_up_s),
        method="",
        member=member,
        intended_s=intended_s,
        status="unsent",
        failure_class=reason,
    )


def recorded_numbers(run: Run) -> Numbers:
    """The k of every row in the folder, sorted."""
    numbers = [batch.column(0).to_numpy() for batch in run.batches(["k"])]
    return np.unique(np.concatenate(numbers)) if numbers else np.empty(0, np.int64)


def missing_arrivals(
    plan: Plan, recorded: Numbers, owners: Collection[str]
) -> Iterator[tuple[int, float, str]]:
    """(k, intended_s, member) of planned arrivals of these members that are not recorded."""
    schedule = Schedule(plan)
    first_k = 0
    while len((block := schedule.arrivals(first_k, BLOCK)).k):
        upto_k = int(block.k[-1]) + 1
        here = slice(*np.searchsorted(recorded, [first_k, upto_k]).tolist())
        yield from _missing_of(block, schedule, recorded[here], owners)
        first_k = upto_k


def _missing_of(
    block: Arrivals, schedule: Schedule, recorded: Numbers, members: Collection[str]
) -> Iterator[tuple[int, float, str]]:
    if recorded.size == block.k.size:
        return
    owners = schedule.owners(block)
    for index in np.flatnonzero(~np.isin(block.k, recorded)).tolist():
        if owners[index] in members:
            yield int(block.k[index]), float(block.intended_s[index]), owners[index]
