"""`--engine process`: the records of the hub's engine, from a process beside the hub."""

import os
import signal
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.whole.harness import Together, headless, open_run, run_locust, wait_until
from tests.whole.workers import spin_worker

HERE = Path(__file__).parent
ENGINE = ("--transport", "h2", "--engine", "process")
ALIKE = "--rps 40 --duration 3s --distribution poisson --seed 5 --spin 20ms --warm-up 1s"
OF_THE_CALL = ("k", "intended_s", "phase", "method", "member", "status", "code", "failure_class",
               "detail", "http_status", "spin_s", "request_bytes")  # fmt: skip
SAME_MACHINE_RATIO = 0.6


def engine_pids(process) -> list[int]:
    """The engines among the children of a Locust process, and of its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if "grpc_user.engine.process" in command_of(pid)]


def command_of(pid) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def one_engine(running) -> int:
    return wait_until(lambda: engine_pids(running.process))[0]


def wait_for_end(pid: int) -> None:
    wait_until(lambda: "grpc_user.engine.process" not in command_of(pid))


@pytest.fixture(scope="module")
def alike(folder, waiting_worker):
    """The same plan from the hub and from an engine."""
    host = ("--host", waiting_worker.address)
    return Together(
        {
            "hub": partial(run_locust, folder / "hub", *ALIKE.split(), *host, "--transport", "h2"),
            "engine": partial(run_locust, folder / "engine", *ALIKE.split(), *host, *ENGINE),
        },
        at_once=2,
    )


def test_the_same_arrivals_have_the_same_records(alike):
    hub, engine = alike["hub"].rows, alike["engine"].rows
    assert len(hub) > 80
    assert [{name: row[name] for name in OF_THE_CALL} for row in engine] == [
        {name: row[name] for name in OF_THE_CALL} for row in hub
    ]


def test_the_same_columns_are_known(alike):
    hub, engine = (
        {name for row in alike[which].rows for name, value in row.items() if value is not None}
        for which in ("hub", "engine")
    )
    assert engine == hub


def test_locusts_table_counts_the_same_calls(alike):
    def counted(ended):
        (line,) = [line for line in ended.err.splitlines() if "Aggregated" in line][:1]
        return line.split()[1]

    assert counted(alike["engine"]) == counted(alike["hub"])


def test_it_runs_with_a_worker_of_its_own(folder):
    line = "--rps 10 --duration 1s --spin 1ms"
    ended = run_locust(folder / "own", *line.split(), *ENGINE)
    assert ended.counts()["ok"] == 10, ended.err
    assert all(row["worker_cpu_s"] > 0 for row in ended.rows)


@pytest.fixture(scope="module")
def busy(folder, waiting_worker):
    """A hub that is kept busy, at the same time without and with an engine."""
    line = f"--rps 100 --duration 5s --spin 1ms --host {waiting_worker.address}".split()
    where = {"locustfile": HERE / "busy_hub.py"}
    return Together(
        {
            "hub": partial(run_locust, folder / "busy-hub", *line, "--transport", "h2", **where),
            "engine": partial(run_locust, folder / "busy-engine", *line, *ENGINE, **where),
        },
        at_once=2,
    )


def test_a_busy_hub_does_not_delay_what_an_engine_sends(busy):
    lags_s = {
        name: np.quantile([row["sent_s"] - row["intended_s"] for row in ended.rows], 0.9)
        for name, ended in busy.items()
    }
    assert lags_s["engine"] < SAME_MACHINE_RATIO * lags_s["hub"], lags_s


@pytest.fixture(scope="module")
def bereft(folder, waiting_worker):
    """kill -9 of the engine while calls are under way."""
    line = f"--rps 40 --duration 5s --spin 600ms --host {waiting_worker.address}".split()
    running = headless(folder / "bereft", *line, *ENGINE)
    engine = one_engine(running)
    running.wait_for_folder()
    time.sleep(1.5)
    os.kill(engine, signal.SIGKILL)
    return running.end()


def test_each_arrival_of_a_run_whose_engine_died_has_one_row(bereft):
    assert bereft.counts()["planned"] == 200  # or counts() fails
    assert bereft.run.missing_rows == []


def test_what_a_dead_engine_had_under_way_is_unfinished_and_says_why(bereft):
    unfinished = [row for row in bereft.rows if row["status"] == "unfinished"]
    assert 0 < len(unfinished) < 60
    assert {(row["failure_class"], row["detail"]) for row in unfinished} == {
        ("generator", "the engine process ended: signal 9")
    }


def test_a_successor_sends_the_rest(bereft):
    last = [row for row in bereft.rows if row["intended_s"] > 4]
    assert {row["status"] for row in last} == {"ok"}


def test_the_verdict_names_the_death(bereft):
    reasons = [finding["reason"] for finding in bereft.summary["verdict"]["findings"]]
    assert "engine-died" in reasons
    assert "1 engine died during the run" in bereft.out + bereft.err


def test_no_successor_comes_after_the_third(folder, waiting_worker):
    line = f"--rps 20 --duration 1m --spin 1ms --host {waiting_worker.address}".split()
    running = headless(folder / "hopeless", *line, *ENGINE)
    running.wait_for_folder()
    for _ in range(4):
        pid = one_engine(running)
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
    ended = running.end()
    assert "nothing can send any more" in ended.err
    assert ended.counts()["planned"] < 20 * 40, "the run ended early"
    assert ended.code == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_and_the_engine(folder, waiting_worker, number):
    line = f"--rps 40 --duration 1m --spin 300ms --host {waiting_worker.address}".split()
    running = headless(folder / f"signal-{number}", *line, *ENGINE)
    engine = one_engine(running)
    running.wait_for_folder()
    time.sleep(1.5)
    running.send(number)
    ended = running.end()
    assert ended.code == 128 + number
    assert ended.counts()["ok"] == ended.counts()["planned"] > 20
    wait_for_end(engine)


def test_what_a_killed_hub_had_sent_is_recorded_by_its_engine(folder, waiting_worker):
    line = f"--rps 40 --duration 1m --spin 500ms --host {waiting_worker.address}".split()
    running = headless(folder / "killed", *line, *ENGINE)
    engine = one_engine(running)
    run_folder = running.wait_for_folder()
    time.sleep(2)
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.communicate(timeout=30)
    wait_for_end(engine)
    rows = wait_until(lambda: open_run(run_folder).missing_rows == [] and open_run(run_folder))
    statuses = {row["status"] for row in rows.table().to_pylist()}
    assert statuses == {"ok"}
    assert rows.counts()["duplicates"] == 0
    assert rows.rows > 40


def test_each_worker_process_has_an_engine(folder, waiting_worker):
    line = f"--processes 2 --rps 40 --duration 3s --spin 10ms --host {waiting_worker.address}"
    ended = run_locust(folder / "processes", *line.split(), *ENGINE)
    assert ended.counts()["ok"] == 120, ended.err
    assert len({row["member"] for row in ended.rows}) == 2


def test_a_listener_of_the_locustfile_hears_of_each_arrival(folder, waiting_worker):
    line = f"--rps 50 --duration 2s --spin 1ms --host {waiting_worker.address}".split()
    where = {"locustfile": HERE / "listening_locustfile.py"}
    ended = run_locust(folder / "listening", *line, *ENGINE, **where)
    assert "heard 100 arrivals, no reply: True" in ended.err


REFUSED = {
    "grpcio": (("--engine", "process"), {}, "--transport grpcio; valid: --transport h2"),
    "own-task": (ENGINE, {"locustfile": HERE / "own_task.py"}, "TwoCalls has"),
    "no-such-engine": (("--engine", "rocket"), {}, "hub"),
}


@pytest.fixture(scope="module")
def refused(folder):
    line = "--rps 1 --duration 1s"
    return Together(
        {
            name: partial(run_locust, folder / name, *line.split(), *given, **where)
            for name, (given, where, _) in REFUSED.items()
        }
    )


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_engine_cannot_send_is_refused_in_one_line(refused, name):
    ended = refused[name]
    (complaint,) = [line for line in ended.err.splitlines() if ": error: " in line]
    assert REFUSED[name][2] in complaint
    assert (ended.code, ended.folders) == (2, [])
    assert "Traceback" not in ended.err


def test_a_target_that_is_not_there_is_refused_before_the_run(folder):
    with spin_worker() as worker:
        address = worker.address
    line = f"--rps 1 --duration 1s --host {address}".split()
    ended = run_locust(folder / "nowhere", *line, *ENGINE)
    assert ended.code == 2
    assert address in ended.err
    assert "valid: a target that serves before the run" in ended.err
