"""`--engine process`: what happens to rows when the writer is behind, and who dies then or hangs.

Ring and pipe are small here: what takes 100 000 arrivals elsewhere happens after a hundred.
"""

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from records.reader import open_run
from tests.whole.engines import children_of, command_of, one_engine, wait_for_end
from tests.whole.harness import Together, headless

HERE = Path(__file__).parent
ENGINE = ("--transport", "h2", "--engine", "process")
WRITER = "records.writer_process"
RATE_RPS = 150
PLANNED = 3 * RATE_RPS


class SmallRing:
    """A run with a small ring whose writer stands still from its beginning on."""

    def __init__(self, folder, host, more="--spin 1ms"):
        line = f"--rps {RATE_RPS} --duration 3s --warm-up 0s {more} --host {host}"
        locustfile = HERE / "small_ring_locustfile.py"
        self.running = headless(folder, *line.split(), *ENGINE, locustfile=locustfile)
        self.folder = self.running.wait_for_folder()
        self.engine = one_engine(self.running)
        children = children_of(self.running.process.pid)
        self.writer = next(pid for pid in children if WRITER in command_of(pid))
        os.kill(self.writer, signal.SIGSTOP)

    def let_write(self):
        os.kill(self.writer, signal.SIGCONT)


def run_of_late_writer(folder, host):
    """It goes on when the load is over."""
    run = SmallRing(folder, host)
    time.sleep(5)
    run.let_write()
    return run.running.end()


def run_of_killed_engine(folder, host):
    """kill -9 of the engine while it keeps what there is no room for."""
    run = SmallRing(folder, host)
    time.sleep(2)
    os.kill(run.engine, signal.SIGKILL)
    run.let_write()
    return run.running.end()


def run_of_killed_hub(folder, host):
    """kill -9 of the hub while its engine keeps what there is no room for."""
    run = SmallRing(folder, host)
    time.sleep(2)
    os.kill(run.running.process.pid, signal.SIGKILL)
    run.let_write()
    run.running.process.communicate(timeout=30)
    wait_for_end(run.engine)
    return open_run(run.folder)


def run_of_hung_engine(folder, host):
    """The engine stands still while calls are under way."""
    line = f"--rps 40 --duration 7s --warm-up 0s --spin 600ms --host {host}"
    running = headless(folder, *line.split(), *ENGINE)
    engine = one_engine(running)
    running.wait_for_folder()
    time.sleep(1.5)
    os.kill(engine, signal.SIGSTOP)
    ended = running.end()
    wait_for_end(engine)
    return ended


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    work = {
        "late writer": run_of_late_writer,
        "killed engine": run_of_killed_engine,
        "killed hub": run_of_killed_hub,
        "hung": run_of_hung_engine,
    }
    return Together(
        {
            name: partial(run, folder / name.replace(" ", "-"), waiting_worker.address)
            for name, run in work.items()
        },
        at_once=len(work),
    )


def said(ended):
    return [finding["said"] for finding in ended.summary["verdict"]["findings"]]


def test_a_writer_that_is_behind_until_the_end_costs_no_row(runs):
    ended = runs["late writer"]
    assert ended.counts()["ok"] == PLANNED, ended.err
    assert ended.run.missing_rows == []


def test_what_an_engine_alone_knew_of_when_it_died_is_said_to_be_lost(runs):
    ended = runs["killed engine"]
    lost = PLANNED - ended.run.rows
    assert lost > 0
    assert f"{lost} rows were not recorded: an engine process died" in " ".join(said(ended))
    assert ended.run.missing_rows == [f"member local: {PLANNED - lost} rows are here of {PLANNED}"]


def test_no_row_is_doubled_or_has_a_false_reason_when_an_engine_dies_that_keeps_some(runs):
    rows = runs["killed engine"].rows
    assert len({row["k"] for row in rows}) == len(rows)
    assert {row["failure_class"] for row in rows} <= {None, "generator", "late"}


def test_an_engine_whose_hub_dies_records_also_what_it_kept(runs):
    run = runs["killed hub"]
    assert run.missing_rows == []
    k = sorted(run.table(["k"]).column("k").to_pylist())
    assert k == list(range(len(k)))
    assert len(k) > RATE_RPS


def test_an_engine_that_hangs_is_killed_and_each_arrival_has_one_row(runs):
    ended = runs["hung"]
    assert ended.counts()["planned"] == 280, ended.err
    assert ended.run.missing_rows == []


def test_what_a_hung_engine_had_under_way_says_that_it_hung(runs):
    ended = runs["hung"]
    why = {row["detail"] for row in ended.rows if row["status"] == "unfinished"}
    assert why == {"the engine process hung and was killed"}
    assert "1 engine died during the run (1 hung and was killed)" in said(ended)
    assert "The engine process hung and was killed" in ended.err


def test_the_successor_of_a_hung_engine_sends_the_rest(runs):
    last = [row for row in runs["hung"].rows if row["intended_s"] > 6]
    assert {row["status"] for row in last} == {"ok"}
