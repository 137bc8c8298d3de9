import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from grpc_user.engine.handle import HUNG_AFTER_S, SLOW_START_S, EngineHandle
from records.completeness import missing_rows, scan_segments
from records.reader import open_run
from shapes.schedule import Schedule
from tests.grpc_user.engine.conftest import plan_of, spec_of
from tests.grpc_user.raw_server import never_answer
from tests.records.fakes import wait_for_exit
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]


def test_a_killed_engine_is_said_to_be_dead_in_one_line(drive, spin_host):
    engine = drive(spin_host)
    assert engine.handle.death() is None
    os.kill(engine.handle.pid, signal.SIGKILL)
    wait_for("its death", engine.handle.death, 5, every_s=0.01)
    assert engine.handle.death() == "the engine process ended: signal 9"
    assert not engine.handle.is_sending
    assert engine.handle.drain(5.0) == 0


def test_a_successor_goes_on_where_a_killed_engine_left_off(drive, spin_host):
    plan = plan_of(800, 1.5)
    first = drive(spin_host)
    first.follow(plan)
    wait_for("some calls", lambda: first.handle.next_k > 200, 5, every_s=0.001)
    os.kill(first.handle.pid, signal.SIGKILL)
    wait_for("its death", first.handle.death, 5, every_s=0.01)
    first.collect()
    seen = max(first.sent["k"].max(), first.ended["k"].max()) + 1
    second = drive(spin_host, first_k=max(first.handle.next_k, seen))
    second.epoch_s = first.epoch_s
    second.follow(plan)
    second.finish()
    sent = np.concatenate((first.sent["k"], second.sent["k"]))
    unsent = second.ended["k"][np.isnan(second.ended["sent_s"])]
    planned = Schedule(plan).arrivals(0, 10_000).k
    assert sorted([*sent.tolist(), *unsent.tolist()]) == planned.tolist()


def test_what_a_killed_hub_did_not_record_its_engine_records(tmp_path, spin_host):
    hub = subprocess.Popen(
        [sys.executable, "-m", "tests.grpc_user.engine.dying_hub", spin_host, str(tmp_path), "500"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    engine_pid = int(hub.stdout.readline())
    with contextlib.suppress(subprocess.TimeoutExpired):
        hub.wait(1.2)
    hub.kill()
    said = hub.communicate(timeout=20)[1]
    assert "recorded the" in said
    wait_for_exit(engine_pid)
    segments = scan_segments(tmp_path)
    assert missing_rows(tmp_path, segments) == []
    k = np.sort(open_run(tmp_path).table(["k"]).column("k").to_numpy())
    assert k.tolist() == list(range(len(k)))
    assert len(k) > 300


def test_an_engine_whose_hub_dies_before_the_run_just_ends(spin_host):
    handle = EngineHandle.start(spec_of(spin_host))
    assert handle.wait_until_ready(20) == ()
    handle.abandon()
    wait_for("its end", handle.death, 5, every_s=0.01)
    assert handle.death() == "the engine process ended: exit code 0"


def test_an_orphan_ends_what_is_under_way_and_no_later_than_its_deadline(
    drive, raw_server, tmp_path
):
    server = raw_server(never_answer)
    options = {"grpc_timeout": "500ms"}
    engine = drive(f"127.0.0.1:{server.port}", options=options, folder=str(tmp_path), writer_pid=0)
    engine.follow(plan_of(100, 60.0))
    wait_for("some calls", lambda: engine.handle.next_k > 10, 5, every_s=0.01)
    engine.handle.abandon()
    wait_for("its end", engine.handle.death, 10, every_s=0.01)
    table = open_run(tmp_path).table(["failure_class", "sent_s"])
    assert set(table.column("failure_class").to_pylist()) == {"deadline"}
    assert missing_rows(tmp_path, scan_segments(tmp_path)) == []


def looks_still(handle, seconds):
    """Whether its heart stands still to somebody who looks ten times a second, for so long."""
    return [handle.is_still(0.1 * n) for n in range(round(seconds / 0.1) + 1)][-1]


def test_an_engine_that_is_stopped_has_no_heartbeat_and_is_killed_for_good(drive, spin_host):
    engine = drive(spin_host)
    engine.follow(plan_of(100, 60.0))
    wait_for("some calls", lambda: engine.handle.next_k > 10, 5, every_s=0.01)
    os.kill(engine.handle.pid, signal.SIGSTOP)
    assert not looks_still(engine.handle, HUNG_AFTER_S / 2)
    assert looks_still(engine.handle, HUNG_AFTER_S + 1)
    engine.handle.kill_hung()
    assert engine.handle.death() == "the engine process hung and was killed"


def test_an_engine_may_be_slow_before_its_first_call(drive, spin_host):
    engine = drive(spin_host)
    os.kill(engine.handle.pid, signal.SIGSTOP)
    assert not looks_still(engine.handle, HUNG_AFTER_S + 1)
    assert looks_still(engine.handle, SLOW_START_S + 1)
    engine.handle.kill_hung()


def test_an_engine_that_died_before_it_could_be_killed_did_not_hang(drive, spin_host):
    engine = drive(spin_host)
    os.kill(engine.handle.pid, signal.SIGKILL)
    wait_for("its death", engine.handle.death, 5, every_s=0.01)
    engine.handle.kill_hung()
    assert engine.handle.death() == "the engine process ended: signal 9"


def test_the_drain_of_an_engine_that_hangs_is_not_waited_out(drive, spin_host):
    engine = drive(spin_host)
    engine.follow(plan_of(100, 0.2))
    wait_for("the plan's end", lambda: not engine.handle.is_sending, 5, every_s=0.01)
    os.kill(engine.handle.pid, signal.SIGSTOP)
    began_s = time.monotonic()
    engine.handle.drain(600.0)
    assert time.monotonic() - began_s < 60
    assert not engine.handle.is_drained
    engine.handle.kill_hung()


def test_what_a_small_ring_had_no_room_for_is_told_after_the_drain(drive, spin_host):
    plan = plan_of(400, 0.5)
    engine = drive(spin_host, slots=16)
    engine.follow(plan)
    wait_for("the plan's end", lambda: not engine.handle.is_sending, 5, every_s=0.01)
    engine.handle.drain(5.0)
    assert engine.handle.kept > 0

    def is_all_told():
        keeps = engine.handle.kept
        engine.collect()
        return not keeps

    wait_for("the rest", is_all_told, 20, every_s=0.001)
    planned = Schedule(plan).arrivals(0, 10_000).k
    assert sorted(engine.ended["k"].tolist()) == planned.tolist()
    assert engine.sent["k"].tolist() == planned.tolist()
