"""However a run of several workers is stopped, what was sent is counted alike everywhere."""

import os
import re
import signal
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.faults.harness import assert_books_balance, cluster, last_plan, web_cluster
from tests.whole.harness import Together, headless, wait_until
from tests.whole.web import forked_workers
from tests.whole.workers import slow_worker

RATE = 40
SPIN_S = 0.6
LINE = f"--rps {RATE} --spin {SPIN_S}s --distribution poisson --seed 4"
AGGREGATED = re.compile(r"Aggregated\s+(\d+)")
LONG_S = 40


@dataclass
class Stopped:
    """A run that was stopped.

    Attributes:
        folder: Its run folder.
        code: Locust's exit code.
        locust: Requests in Locust's own totals.
        seen: Calls that reached the target.
        took_s: From the stop to the end.
    """

    folder: Path
    code: int
    locust: int
    seen: int
    took_s: float


def stop_cluster(records: Path, duration: str, line: str, number: int | None) -> Stopped:
    """Master and workers apart; stopped by the master's signal, or the run time."""
    with slow_worker() as target:
        line = f"{LINE} {line} --host {target.address} --duration {duration}"
        with cluster(records, line, 2) as these:
            folder = these.wait_for_run()
            wait_until(lambda: time.monotonic() - last_plan(folder).epoch_s > 2.0)
            asked_s = time.monotonic()
            if number is not None:
                these.master.send(number)
            ended = these.end()
            took_s = time.monotonic() - asked_s
        locust = int(AGGREGATED.search(ended.out + ended.err)[1])
        return Stopped(folder, ended.code, locust, target.seen(), took_s)


def stop_processes(records: Path) -> Stopped:
    """Ctrl-C on the terminal reaches the master and the workers that it forked."""
    with slow_worker() as target:
        line = f"{LINE} --host {target.address} --duration 1m"
        running = headless(records, *line.split(), *forked_workers(2))
        folder = running.wait_for_folder()
        wait_until(lambda: time.monotonic() - last_plan(folder).epoch_s > 2.0)
        asked_s = time.monotonic()
        os.killpg(running.process.pid, signal.SIGINT)
        ended = running.end()
        took_s = time.monotonic() - asked_s
        locust = int(AGGREGATED.search(ended.out + ended.err)[1])
        return Stopped(folder, ended.code, locust, target.seen(), took_s)


def stop_on_the_page(records: Path, line: str) -> Stopped:
    with slow_worker() as target:
        line = f"{LINE} --host {target.address} {line}"
        with web_cluster(records, line, 2) as (session, _):
            form = {"user_count": RATE, "spawn_rate": RATE, "spin": f"{SPIN_S}s"}
            assert session.swarm(**form, rps="", duration="")["success"]
            folder = wait_until(lambda: next(iter(session.folders), None))
            wait_until((folder / "manifest.json").exists)
            wait_until(lambda: time.monotonic() - last_plan(folder).epoch_s > 2.0)
            asked_s = time.monotonic()
            session.stop()
            wait_until(lambda: {one["state"] for one in session.stats()["workers"]} == {"ready"})
            took_s = time.monotonic() - asked_s
            locust = session.stats()["stats"][-1]["num_requests"]
            code = session.end().code
        return Stopped(folder, code, locust, target.seen(), took_s)


CASES = {
    "run-time": lambda records: stop_cluster(records, "4s", "", None),
    "run-time-with-stop-timeout": lambda records: stop_cluster(
        records, "4s", f"--stop-timeout {LONG_S}", None
    ),
    "sigterm": lambda records: stop_cluster(records, "1m", "", signal.SIGTERM),
    "ctrl-c": lambda records: stop_cluster(records, "1m", "", signal.SIGINT),
    "ctrl-c-forked": stop_processes,
    "page": lambda records: stop_on_the_page(records, ""),
    "page-with-stop-timeout": lambda records: stop_on_the_page(records, f"--stop-timeout {LONG_S}"),
}


RUNS = 20
SETTLED_AFTER = 6
GREENLETS = re.compile(r"greenlets alive: (\d+)")


@dataclass
class Repeated:
    """Twenty short runs on the same processes.

    Attributes:
        folders: The run folders.
        memory_mib: By process, resident memory after each run.
        descriptors: By process, open descriptors after each run.
        greenlets: By process, greenlets alive at the end of each run.
    """

    folders: list[Path]
    memory_mib: list[list[float]]
    descriptors: list[list[int]]
    greenlets: list[list[int]]


def resident_mib(pid: int) -> float:
    return (
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
    )


def open_descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def run_twenty_times(records: Path) -> Repeated:
    with slow_worker() as target:
        return _run_on_the_same_processes(records, target.address)


def _run_on_the_same_processes(records: Path, address: str) -> Repeated:
    line = f"--host {address} --spin 5ms"
    counting = Path(__file__).with_name("counting.py")
    form = {"user_count": 60, "spawn_rate": 60, "run_time": "1s", "rps": "", "duration": ""}
    with web_cluster(records, line, 2, locustfile=counting) as (session, workers):
        processes = [session.running, *workers]
        pids = [one.process.pid for one in processes]
        memory, descriptors = [], []
        for number in range(RUNS):
            assert session.swarm(**form)["success"]
            folders = session.finished_runs(number + 1)
            memory.append([resident_mib(pid) for pid in pids])
            descriptors.append([open_descriptors(pid) for pid in pids])
        logs = [session.end().err, *(worker.end().err for worker in workers)]
    greenlets = [[int(n) for n in GREENLETS.findall(log)] for log in logs]
    transposed = [list(zip(*table, strict=True)) for table in (memory, descriptors)]
    return Repeated(folders, *transposed, greenlets)


@pytest.fixture(scope="module")
def stopped(folder):
    work = {"repeated": run_twenty_times, **CASES}
    return Together({name: partial(work[name], folder / name) for name in work}, at_once=4)


@pytest.fixture
def repeated(stopped) -> Repeated:
    return stopped["repeated"]


@pytest.mark.parametrize("name", CASES)
def test_locust_the_records_and_the_target_count_the_same_calls(stopped, name):
    run = stopped[name]
    counts = assert_books_balance(run.folder)
    assert counts["sent"] == counts["ok"] > RATE
    assert (run.locust, run.seen) == (counts["ok"], counts["ok"])


@pytest.mark.parametrize("name", CASES)
def test_nothing_that_was_due_before_the_stop_is_left_out(stopped, name):
    counts = assert_books_balance(stopped[name].folder)
    assert counts["unsent"] == 0
    assert counts["planned"] == counts["sent"]


@pytest.mark.parametrize("name", ["run-time-with-stop-timeout", "page-with-stop-timeout"])
def test_locust_does_not_wait_for_the_stop_timeout_when_all_is_drained(stopped, name):
    assert stopped[name].took_s < LONG_S


@pytest.mark.parametrize(
    ("name", "code"), [("run-time", 0), ("sigterm", 143), ("ctrl-c", 130), ("ctrl-c-forked", 130)]
)
def test_the_exit_code_says_how_it_ended(stopped, name, code):
    assert stopped[name].code in {code, 3}


def test_twenty_runs_on_the_same_processes_are_each_complete(repeated):
    assert len(repeated.folders) == RUNS
    for folder in repeated.folders:
        counts = assert_books_balance(folder)
        assert counts["ok"] == counts["planned"] > 0


def risen(series: list[int]) -> int:
    """How much the floor rose: what one run leaves rises by one a run, what is passing does not."""
    assert len(series) == RUNS
    return min(series[-SETTLED_AFTER:]) - min(series[:SETTLED_AFTER])


def test_twenty_runs_leave_no_descriptor_behind(repeated):
    assert max(risen(series) for series in repeated.descriptors) <= 2, repeated.descriptors


def test_twenty_runs_leave_no_greenlet_behind(repeated):
    assert max(risen(series) for series in repeated.greenlets) <= 2, repeated.greenlets


def test_twenty_runs_leave_no_memory_behind(repeated):
    for series in repeated.memory_mib:
        assert series[-1] - series[SETTLED_AFTER] < 1.0 * (RUNS - SETTLED_AFTER) / 4
