"""`--engine process`: the records of the hub's engine, from a process beside the hub."""

import os
import signal
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from records.reader import open_run
from tests.whole.engines import engine_pids, one_engine, wait_for_end
from tests.whole.harness import Together, counts_of, headless, run_locust, wait_until
from tests.whole.web import web_session
from tests.whole.workers import spin_worker

HERE = Path(__file__).parent
ENGINE = ("--transport", "h2", "--engine", "process")
ALIKE = "--rps 40 --duration 3s --distribution poisson --seed 5 --spin 20ms --warm-up 1s"
OF_THE_CALL = ("k", "intended_s", "phase", "method", "member", "status", "code", "failure_class",
               "detail", "http_status", "spin_s", "request_bytes")  # fmt: skip
SAME_MACHINE_RATIO = 0.6
AT_ONCE = 4
REFUSED = {
    "grpcio": (("--engine", "process"), {}, "--transport grpcio; valid: --transport h2"),
    "own-task": (ENGINE, {"locustfile": HERE / "own_task.py"}, "TwoCalls has its own send"),
    "no-such-engine": (("--engine", "rocket"), {}, "hub"),
}


def engine_run(folder, line, *more, **where):
    return run_locust(folder, *line.split(), *ENGINE, *more, **where)


def refused_run(folder, name):
    given, where, _ = REFUSED[name]
    return run_locust(folder, *["--rps", "1", "--duration", "1s"], *given, **where)


def run_without_target(folder):
    with spin_worker() as worker:
        address = worker.address
    return engine_run(folder, f"--rps 1 --duration 1s --host {address}")


def bereft_run(folder, host):
    """kill -9 of the engine while calls are under way."""
    running = headless(
        folder, *f"--rps 40 --duration 5s --spin 600ms --host {host}".split(), *ENGINE
    )
    engine = one_engine(running)
    running.wait_for_folder()
    time.sleep(1.5)
    os.kill(engine, signal.SIGKILL)
    return running.end()


def hopeless_run(folder, host):
    """kill -9 of each engine."""
    running = headless(folder, *f"--rps 20 --duration 1m --spin 1ms --host {host}".split(), *ENGINE)
    running.wait_for_folder()
    for _ in range(4):
        pid = one_engine(running)
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
    return running.end()


def signalled_run(folder, host, number):
    running = headless(
        folder, *f"--rps 40 --duration 1m --spin 300ms --host {host}".split(), *ENGINE
    )
    engine = one_engine(running)
    running.wait_for_folder()
    time.sleep(1.5)
    running.send(number)
    ended = running.end()
    wait_for_end(engine)
    return ended


def run_of_killed_hub(folder, host):
    """kill -9 of the hub; what its engine leaves."""
    running = headless(
        folder, *f"--rps 40 --duration 1m --spin 500ms --host {host}".split(), *ENGINE
    )
    engine = one_engine(running)
    run_folder = running.wait_for_folder()
    time.sleep(2)
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.communicate(timeout=30)
    wait_for_end(engine)
    return wait_until(lambda: open_run(run_folder).missing_rows == [] and open_run(run_folder))


def web_runs(folder, host):
    """Two runs from the page, the first edited and stopped; their folders, and engines left."""
    with web_session(folder, "--host", host, "--spin", "10ms", *ENGINE) as session:
        session.swarm(user_count=20, spawn_rate=20)
        session.wait_for_state("running")
        time.sleep(0.5)
        session.swarm(user_count=60, spawn_rate=60)
        time.sleep(2.5)
        session.stop()
        session.finished_runs(1)
        left = engine_pids(session.running.process)
        session.swarm(user_count=30, spawn_rate=30, run_time="1s")
        folders = session.finished_runs(2)
        return folders, left + engine_pids(session.running.process)


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    """Runs that do not disturb each other: most of each is waiting."""
    host = waiting_worker.address
    to_host = f" --host {host}"
    listening = {"locustfile": HERE / "listening_locustfile.py"}
    work = {
        "hub": lambda to: run_locust(to, *(ALIKE + to_host).split(), "--transport", "h2"),
        "engine": lambda to: engine_run(to, ALIKE + to_host),
        "own worker": lambda to: engine_run(to, "--rps 10 --duration 1s --spin 1ms"),
        "no target": run_without_target,
        "bereft": lambda to: bereft_run(to, host),
        "hopeless": lambda to: hopeless_run(to, host),
        "SIGTERM": lambda to: signalled_run(to, host, signal.SIGTERM),
        "SIGINT": lambda to: signalled_run(to, host, signal.SIGINT),
        "killed hub": lambda to: run_of_killed_hub(to, host),
        "processes": lambda to: engine_run(
            to, "--processes 2 --rps 40 --duration 3s --spin 10ms" + to_host
        ),
        "listening": lambda to: engine_run(
            to, "--rps 50 --duration 2s --spin 1ms" + to_host, **listening
        ),
        "web": lambda to: web_runs(to, host),
        **{name: partial(refused_run, name=name) for name in REFUSED},
    }
    return Together(
        {name: partial(one, folder / name.replace(" ", "-")) for name, one in work.items()},
        at_once=AT_ONCE,
    )


def test_the_same_arrivals_have_the_same_records(runs):
    hub, engine = runs["hub"].rows, runs["engine"].rows
    assert len(hub) > 80
    assert [{name: row[name] for name in OF_THE_CALL} for row in engine] == [
        {name: row[name] for name in OF_THE_CALL} for row in hub
    ]


def test_the_same_columns_are_known(runs):
    hub, engine = (
        {name for row in runs[which].rows for name, value in row.items() if value is not None}
        for which in ("hub", "engine")
    )
    assert engine == hub


def test_locusts_table_counts_the_same_calls(runs):
    def counted(ended):
        line = next(line for line in ended.err.splitlines() if "Aggregated" in line)
        return line.split()[1]

    assert counted(runs["engine"]) == counted(runs["hub"])


def test_it_runs_with_a_worker_of_its_own(runs):
    ended = runs["own worker"]
    assert ended.counts()["ok"] == 10, ended.err
    assert all(row["worker_cpu_s"] > 0 for row in ended.rows)


def test_each_arrival_of_a_run_whose_engine_died_has_one_row(runs):
    assert runs["bereft"].counts()["planned"] == 200  # or counts() fails
    assert runs["bereft"].run.missing_rows == []


def test_what_a_dead_engine_had_under_way_is_unfinished_and_says_why(runs):
    unfinished = [row for row in runs["bereft"].rows if row["status"] == "unfinished"]
    assert 0 < len(unfinished) < 60
    assert {(row["failure_class"], row["detail"]) for row in unfinished} == {
        ("generator", "the engine process ended: signal 9")
    }


def test_a_successor_sends_the_rest(runs):
    last = [row for row in runs["bereft"].rows if row["intended_s"] > 4]
    assert {row["status"] for row in last} == {"ok"}


def test_the_verdict_names_the_death(runs):
    reasons = [finding["reason"] for finding in runs["bereft"].summary["verdict"]["findings"]]
    assert "engine-died" in reasons
    assert "1 engine died during the run" in runs["bereft"].out + runs["bereft"].err


def test_no_successor_comes_after_the_third(runs):
    ended = runs["hopeless"]
    assert "nothing can send any more" in ended.err
    assert ended.counts()["planned"] < 20 * 40, "the run ended early"
    assert ended.code == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_and_the_engine(runs, number):
    ended = runs[number.name]
    assert ended.code == 128 + number
    assert ended.counts()["ok"] == ended.counts()["planned"] > 20


def test_what_a_killed_hub_had_sent_is_recorded_by_its_engine(runs):
    run = runs["killed hub"]
    assert {row["status"] for row in run.table().to_pylist()} == {"ok"}
    assert run.counts()["duplicates"] == 0
    assert run.rows > 40


def test_each_worker_process_has_an_engine(runs):
    ended = runs["processes"]
    assert ended.counts()["ok"] == 120, ended.err
    assert len({row["member"] for row in ended.rows}) == 2


def test_a_listener_of_the_locustfile_hears_of_each_arrival(runs):
    assert "heard 100 arrivals, no reply: True" in runs["listening"].err


def test_runs_of_the_page_are_edited_and_stopped_and_leave_no_engine(runs):
    (edited, second), left = runs["web"]
    rates = [counts_of(folder)["ok"] for folder in (edited, second)]
    assert rates[0] > 60, "20 a second, then 60"
    assert rates[1] == 30
    assert left == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_engine_cannot_send_is_refused_in_one_line(runs, name):
    ended = runs[name]
    (complaint,) = [line for line in ended.err.splitlines() if ": error: " in line]
    assert REFUSED[name][2] in complaint
    assert (ended.code, ended.folders) == (2, [])
    assert "Traceback" not in ended.err


def test_a_target_that_is_not_there_is_refused_before_the_run(runs):
    ended = runs["no target"]
    assert ended.code == 2
    assert "valid: a target that serves before the run" in ended.err


@pytest.fixture(scope="module")
def busy(folder, waiting_worker):
    """A hub that is kept busy, at the same time without and with an engine."""
    line = f"--rps 100 --duration 4s --spin 1ms --host {waiting_worker.address}"
    where = {"locustfile": HERE / "busy_hub.py"}
    hub = (*line.split(), "--transport", "h2")
    return Together(
        {
            "hub": partial(run_locust, folder / "busy-hub", *hub, **where),
            "engine": partial(engine_run, folder / "busy-engine", line, **where),
        },
        at_once=2,
    )


def test_a_busy_hub_does_not_delay_what_an_engine_sends(busy):
    lags_s = {
        name: np.quantile([row["sent_s"] - row["intended_s"] for row in ended.rows], 0.9)
        for name, ended in busy.items()
    }
    assert lags_s["engine"] < SAME_MACHINE_RATIO * lags_s["hub"], lags_s
