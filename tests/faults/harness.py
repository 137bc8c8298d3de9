"""A master and its workers as processes of their own, and what their files say afterwards."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from shlex import split

import pytest

from records.manifest import read_manifest
from records.reader import open_run
from shapes.plan import Plan
from shapes.schedule import Schedule
from tests.whole.harness import LOCUSTFILE, ROOT, Ended, Running, clean_environment, wait_until
from tests.whole.web import WebSession, free_port, web_session
from tests.whole.workers import slow_worker

BEGUN_S = 60.0


@dataclass
class Cluster:
    """A master with its workers."""

    records: Path
    master: Running
    port: int
    locustfile: Path
    workers: list[Running] = field(default_factory=list)

    def add_worker(self, python: str = sys.executable, host: str = "127.0.0.1") -> Running:
        """Start one more worker process."""
        place = ("--worker", "--master-host", host, "--master-port", str(self.port))
        worker = Running(None, *place, locustfile=self.locustfile, python=python)
        self.workers.append(worker)
        return worker

    def wait_for_run(self) -> Path:
        """The run folder, once the plan has its epoch."""
        return self.master.wait_for_folder()

    def end(self) -> Ended:
        """The master's end; its workers have ended with it."""
        ended = self.master.end()
        for worker in self.workers:
            worker.end()
        return ended

    def close(self) -> None:
        """Kill what is left."""
        for running in (self.master, *self.workers):
            with suppress(ProcessLookupError):
                running.process.send_signal(signal.SIGCONT)
            if not running.process.stdout.closed:
                running.kill()


@contextmanager
def cluster(
    records: Path,
    line: str,
    workers: int,
    *,
    locustfile: Path = LOCUSTFILE,
    pythons: Sequence[str] = (),
    master_python: str = sys.executable,
    host: str = "127.0.0.1",
) -> Iterator[Cluster]:
    """A headless master and workers that run one command line; killed at the end if need be.

    Args:
        records: Folder for the run folders.
        line: The master's command line.
        workers: How many.
        locustfile: For all of them.
        pythons: The workers' interpreters, where they are not this one.
        master_python: The master's.
        host: Where the workers find the master.
    """
    port = free_port()
    place = ("--master", "--master-bind-port", str(port), "--expect-workers", str(workers))
    how = ("--headless", "--only-summary")
    master = Running(
        records, *how, *place, *split(line), locustfile=locustfile, python=master_python
    )
    these = Cluster(records, master, port, locustfile)
    try:
        for number in range(workers):
            these.add_worker(pythons[number] if pythons else sys.executable, host)
        yield these
    finally:
        these.close()


@contextmanager
def web_cluster(
    records: Path, line: str, workers: int, *, locustfile: Path = LOCUSTFILE
) -> Iterator[tuple[WebSession, list[Running]]]:
    """A master with its page, and workers; killed at the end if need be."""
    port = str(free_port())
    place = ("--master", "--master-bind-port", port)
    there = ("--worker", "--master-host", "127.0.0.1", "--master-port", port)
    with web_session(records, *place, *split(line), locustfile=locustfile) as session:
        these = [Running(None, *there, locustfile=locustfile) for _ in range(workers)]
        try:
            wait_until(lambda: len(session.stats()["workers"]) == workers)
            yield session, these
        finally:
            for worker in these:
                if not worker.process.stdout.closed:
                    worker.kill()


@dataclass(frozen=True)
class Judged:
    """What `python -m verdict RUN` says."""

    code: int
    out: str


@dataclass
class RecordedRun:
    """A run as its folder has it."""

    folder: Path

    @cached_property
    def rows(self) -> list[dict]:
        return every_row(self.folder)

    @cached_property
    def plan(self) -> Plan:
        return last_plan(self.folder)


@dataclass
class Fault(RecordedRun):
    """A run that a fault was done to.

    Attributes:
        ended: The master's end.
        at_s: When the fault was done, seconds from the epoch.
        workers: How each worker process ended, in the order in which they were started.
        seen: How many calls reached the target.
    """

    ended: Ended
    at_s: float
    workers: list[int]
    seen: int

    @cached_property
    def counts(self) -> dict[str, int]:
        return assert_books_balance(self.folder)

    @cached_property
    def judged(self) -> Judged:
        return judge(self.folder)

    def owners(self) -> list[str]:
        """Whose each arrival was by the last plan, by k."""
        schedule = Schedule(self.plan)
        return schedule.owners(schedule.arrivals(0, len(self.rows))).tolist()


def do_fault(
    records: Path,
    line: str,
    workers: int,
    fault: Callable[[Cluster], float],
    *,
    target_at: str = "127.0.0.1",
    **how,
) -> Fault:
    """Run a command line against a target of its own, do something to it, let it end."""
    with slow_worker("--address", target_at) as target:
        line = f"--host {target.address} {line}"
        with cluster(records, line, workers, **how) as these:
            folder = these.wait_for_run()
            at_s = fault(these)
            ended = these.master.end()
            codes = [worker.end().code for worker in these.workers]
        return Fault(folder, ended, at_s, codes, target.seen())


def judge(folder: Path) -> Judged:
    """Judge a run again from its files alone, as a process."""
    line = [sys.executable, "-m", "verdict", str(folder)]
    ended = subprocess.run(
        line, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode in {0, 3, 4}, ended.stdout + ended.stderr
    return Judged(ended.returncode, ended.stdout)


def last_plan(folder: Path) -> Plan:
    """The plan's last version."""
    return Plan.from_dict(read_manifest(folder).plans[-1])


def edits(folder: Path) -> list[Plan]:
    """The versions of the plan that an edit of the rate made."""
    plans = [Plan.from_dict(plan) for plan in read_manifest(folder).plans]
    pairs = pairwise(plans)
    return [after for before, after in pairs if after.rates_edited_s > before.rates_edited_s]


def assert_arrivals_follow_the_rate(folder: Path) -> None:
    """Equidistant arrivals: k is due where the integral of the last plan's rate reaches k."""
    rates, rows = last_plan(folder).rates, every_row(folder)
    assert [rates.integral(row["intended_s"]) for row in rows] == pytest.approx(
        [row["k"] for row in rows], abs=1e-6
    )


def planned(folder: Path) -> list[tuple[int, float]]:
    """(k, intended) of all arrivals of the last plan: an oracle that no member wrote."""
    plan = last_plan(folder)
    arrivals = Schedule(plan).arrivals(0, Schedule(plan).planned_before(plan.end_s))
    return list(zip(arrivals.k.tolist(), arrivals.intended_s.tolist(), strict=True))


def every_row(folder: Path) -> list[dict]:
    """The rows that count, in the order of k."""
    return open_run(folder).table().sort_by("k").to_pylist()


def assert_books_balance(folder: Path) -> dict[str, int]:
    """From the files alone: one row an arrival, none sent twice, planned = sent + unsent."""
    counts = open_run(folder).counts()
    rows = every_row(folder)
    assert counts["duplicates"] == 0, f"sent twice: {_repeated(rows)}"
    assert [row["k"] for row in rows] == [k for k, _ in planned(folder)]
    assert counts["planned"] == counts["sent"] + counts["unsent"]
    assert counts["sent"] == counts["ok"] + counts["failed"] + counts["unfinished"]
    assert "counts-disagree" not in judge(folder).out
    return counts


def _repeated(rows: list[dict]) -> list[tuple]:
    seen: dict[int, dict] = {}
    twice = []
    for row in rows:
        if row["k"] in seen:
            twice.append((row["k"], row["member"], seen[row["k"]]["member"], row["status"]))
        seen[row["k"]] = row
    return twice


def sent(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["sent_s"] is not None]


def unsent(rows: list[dict]) -> dict[str, list[int]]:
    """The numbers of what was not sent, by reason."""
    by_reason: dict[str, list[int]] = {}
    for row in rows:
        if row["status"] == "unsent":
            by_reason.setdefault(row["failure_class"], []).append(row["k"])
    return by_reason


def plan_time_s(folder: Path) -> float:
    """Seconds since the run's epoch, by the clock that master and tests share on this machine."""
    return time.monotonic() - last_plan(folder).epoch_s


def wait_for_plan_time(folder: Path, moment_s: float) -> None:
    """Sleep until the run is so old."""
    wait_until(lambda: plan_time_s(folder) >= moment_s, patience_s=BEGUN_S)
