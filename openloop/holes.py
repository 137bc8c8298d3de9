"""Arrivals that a lost member left without a row, written down by the conductor.

What the lost member had sent but not yet recorded cannot be told from what it never sent; both are
missing from the results, and both are written as unsent with the reason `member-lost`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from openloop.recorder import phase_of
from records.reader import open_run
from records.schema import CallRecord
from records.sink import RecordSink
from shapes.plan import Plan
from shapes.schedule import Arrivals, Schedule
from verdict.member_summary import MemberSummary

WRITER = "conductor"
REASON = "member-lost"
BLOCK = 65_536
CLOSE_S = 30.0


def fill_holes(folder: Path, plan: Plan, silent: Collection[str]) -> MemberSummary:
    """Write a row for each arrival that a silent member owned and that no file holds.

    Args:
        folder: The run folder, with the files of all members that can be seen from here.
        plan: The plan's last version.
        silent: Members that handed in no report.

    Returns:
        The sums over the rows that were written.
    """
    summary = MemberSummary(plan, WRITER)
    sink = RecordSink.start(folder, WRITER)
    for k, intended_s, member in missing_arrivals(plan, recorded_numbers(folder), silent):
        record = CallRecord(
            k=k,
            phase=phase_of(intended_s, plan.warm_up_s),
            method="",
            member=member,
            intended_s=intended_s,
            status="unsent",
            failure_class=REASON,
        )
        sink.append(record)
        summary.add(record)
    sink.close(timeout_s=CLOSE_S)
    return summary


def recorded_numbers(folder: Path) -> np.ndarray:
    """The k of every row in the folder, sorted."""
    batches = open_run(folder).batches(["k"])
    numbers = [batch.column(0).to_numpy() for batch in batches]
    return np.unique(np.concatenate(numbers)) if numbers else np.empty(0, np.int64)


def missing_arrivals(
    plan: Plan, recorded: np.ndarray, silent: Collection[str]
) -> Iterator[tuple[int, float, str]]:
    """(k, intended_s, member) of planned arrivals of the silent members that are not recorded."""
    schedule = Schedule(plan)
    first_k = 0
    while len((block := schedule.arrivals(first_k, BLOCK)).k):
        yield from _missing_of(block, schedule, recorded, silent)
        first_k = int(block.k[-1]) + 1


def _missing_of(
    block: Arrivals, schedule: Schedule, recorded: np.ndarray, silent: Collection[str]
) -> Iterator[tuple[int, float, str]]:
    owners = schedule.owners(block)
    missing = ~np.isin(block.k, recorded)
    for index in np.flatnonzero(missing).tolist():
        if owners[index] in silent:
            yield int(block.k[index]), float(block.intended_s[index]), owners[index]
