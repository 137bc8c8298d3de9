import math
import time
from types import SimpleNamespace

import numpy as np
import pytest
import trustme

from grpc_user.embedded_workers import WORKER, EmbeddedWorker
from grpc_user.engine.handle import EngineHandle
from grpc_user.json_rows import row_index
from grpc_user.pool_rules import HEADROOM
from openloop.clock import SYSTEM_CLOCK
from proto.spin_pb2 import SpinRequest
from shapes.plan import MemberChange
from shapes.schedule import Schedule
from tests.grpc_user.engine.conftest import MEMBER, RUN_ID, plan_of, spec_of
from tests.grpc_user.raw_server import (
    cut_connection,
    go_away,
    grpc_status,
    http_answer,
    never_answer,
    reset_stream,
)
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def tls_worker(tmp_path_factory):
    """A spin worker with a certificate for localhost, and the file of whom to trust."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    server = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    files = ("--tls-cert", str(folder / "server.pem"), "--tls-key", str(folder / "server.pem"))
    worker = EmbeddedWorker((*WORKER, *files))
    port = worker.address.rpartition(":")[2]
    yield SimpleNamespace(host=f"localhost:{port}", ca=folder / "ca.pem")
    worker.end()


ONE_STREAM = b"\x00\x03\x00\x00\x00\x01"


def test_each_planned_arrival_has_one_row_at_its_intended_time(drive, spin_host):
    plan = plan_of(300, 1.0)
    engine = drive(spin_host)
    engine.follow(plan)
    engine.finish()
    planned = Schedule(plan).arrivals(0, 1000)
    order = np.argsort(engine.ended["k"])
    assert engine.ended["k"][order].tolist() == planned.k.tolist()
    assert engine.ended["intended_s"][order].tolist() == planned.intended_s.tolist()
    assert engine.sent["k"].tolist() == planned.k.tolist()
    assert set(engine.column("status")) == {"ok"}


def test_only_the_members_own_arrivals_are_sent(drive, spin_host):
    plan = plan_of(300, 0.5, members=(MemberChange(0.0, ("other", MEMBER)),))
    engine = drive(spin_host)
    engine.follow(plan)
    engine.finish()
    schedule = Schedule(plan)
    planned = schedule.arrivals(0, 1000)
    assert engine.sent["k"].tolist() == planned.k[schedule.owned(planned, MEMBER)].tolist()


def test_a_row_says_what_the_worker_said_and_what_went_over_the_wire(drive, spin_host):
    engine = drive(spin_host, options={"spin": "3ms"})
    engine.follow(plan_of(20, 0.5, law="uniform"))
    engine.finish()
    assert set(engine.column("code")) == {"OK"}
    assert set(engine.column("spin_s")) == {0.003}
    assert min(engine.column("worker_cpu_s")) >= 0.003
    assert len(set(engine.column("instance_id"))) == 1
    assert sorted(engine.column("instance_seq"))[1] - min(engine.column("instance_seq")) == 1
    sizes = dict(zip(engine.column("k"), engine.column("request_bytes"), strict=True))
    for k, size in sizes.items():
        assert size == len(
            SpinRequest(request_id=f"{RUN_ID}/{k}", spin_us=3000).SerializeToString()
        )
    assert np.all(engine.ended["received_s"] > engine.ended["sent_s"])


def test_nothing_is_sent_after_the_plans_stop(drive, spin_host):
    plan = plan_of(500, 60.0)
    engine = drive(spin_host)
    engine.follow(plan)
    wait_for("some calls", lambda: engine.handle.next_k > 50, 5, every_s=0.01)
    stop_s = SYSTEM_CLOCK.monotonic_s() - engine.epoch_s
    engine.follow(plan.with_stop(stop_s))
    engine.finish()
    assert engine.sent["intended_s"].max() < stop_s
    assert len(engine.ended) == Schedule(plan.with_stop(stop_s)).planned_before(stop_s)


def test_what_is_under_way_at_the_end_of_the_drain_is_cut_off(drive, raw_server):
    server = raw_server(never_answer)
    engine = drive(f"127.0.0.1:{server.port}")
    engine.follow(plan_of(50, 0.2, law="uniform"))
    assert engine.finish(drain_s=0.1) == 10
    assert set(engine.column("status")) == {"unfinished"}
    assert set(engine.column("reason")) == {"cancelled"}
    assert all(map(math.isnan, engine.column("received_s")))
    assert engine.handle.in_flight == 0


def test_a_deadline_counts_from_the_sending(drive, raw_server):
    server = raw_server(never_answer)
    engine = drive(f"127.0.0.1:{server.port}", options={"grpc_timeout": "200ms"})
    engine.follow(plan_of(50, 0.2, law="uniform"))
    engine.finish()
    assert set(engine.column("reason")) == {"deadline"}
    took_s = engine.ended["received_s"] - engine.ended["sent_s"]
    assert np.all(took_s >= 0.2)
    assert np.median(took_s) < 0.3


@pytest.mark.parametrize(
    ("respond", "code", "reason"),
    [
        (grpc_status(14, "no healthy upstream"), "UNAVAILABLE", "platform"),
        (grpc_status(3, "too much"), "INVALID_ARGUMENT", "app"),
        (http_answer(503), "UNAVAILABLE", "platform"),
        (reset_stream(7), "UNAVAILABLE", "stream-limit"),
        (cut_connection, "UNAVAILABLE", "reset"),
    ],
)
def test_failures_are_sorted_as_in_the_hub(drive, raw_server, respond, code, reason):
    server = raw_server(respond)
    engine = drive(f"127.0.0.1:{server.port}")
    engine.follow(plan_of(20, 0.1, law="uniform"))
    engine.finish()
    assert set(engine.column("status")) == {"failed"}
    assert (set(engine.column("code")), set(engine.column("reason"))) == ({code}, {reason})


def test_a_server_that_leaves_is_connected_to_again(drive, raw_server):
    server = raw_server(go_away)
    engine = drive(f"127.0.0.1:{server.port}", options={"connections": "1"})
    engine.follow(plan_of(10, 0.5, law="uniform"))
    engine.finish()
    assert len(engine.ended) == 5
    assert server.connections > 2  # asked for its limit, connected, connected again


def test_calls_fail_while_the_server_is_down_and_go_through_when_it_is_back(drive):
    plan, worker = plan_of(50, 60.0), EmbeddedWorker()
    engine = drive(worker.address)
    engine.follow(plan)
    wait_for("an answer", lambda: engine.collect() or "ok" in engine.column("status"), 10)
    worker.end()
    wait_for("a refusal", lambda: engine.collect() or "refused" in engine.column("reason"), 10)
    port = worker.address.rpartition(":")[2]
    worker = EmbeddedWorker(("worker", "--port", port, "--host", "127.0.0.1"))
    wait_for("an answer", lambda: engine.collect() or engine.column("status")[-1] == "ok", 10)
    engine.follow(plan.with_stop(SYSTEM_CLOCK.monotonic_s() - engine.epoch_s))
    engine.finish()
    worker.end()
    assert sorted(engine.column("k")) == list(range(len(engine.ended)))
    assert set(engine.column("reason")) <= {None, "refused", "reset"}


def test_a_call_without_a_stream_waits_and_its_wait_is_lag(drive, raw_server):
    server = raw_server(never_answer, settings=ONE_STREAM)
    options = {"connections": "1", "grpc_timeout": "300ms"}
    engine = drive(f"127.0.0.1:{server.port}", options=options)
    engine.follow(plan_of(20, 0.15, law="uniform"))
    engine.finish()
    assert engine.waiting["k"].tolist() == [1, 2]
    rows = {row["k"]: row for row in engine.ended}
    reasons = dict(zip(engine.column("k"), engine.column("reason"), strict=True))
    assert reasons[0] == "deadline"
    assert "deadline" in reasons.values()
    assert "stream-limit" in reasons.values()
    assert rows[2]["sent_s"] - rows[2]["intended_s"] > 0.2


def test_connections_are_added_as_calls_pile_up_and_no_more_than_the_rules_want(drive, raw_server):
    server = raw_server(never_answer, settings=ONE_STREAM)
    engine = drive(f"127.0.0.1:{server.port}")
    engine.follow(plan_of(50, 0.2, law="uniform"))
    wait_for("all sent", lambda: engine.collect() or len(engine.sent) == 10, 10, every_s=0.01)
    assert 10 <= server.connections - 1 <= HEADROOM * 10  # one only asked for the limit
    assert engine.finish(drain_s=0.0) == 10


def test_no_more_than_so_many_are_under_way(drive, raw_server):
    server = raw_server(never_answer)
    engine = drive(f"127.0.0.1:{server.port}", max_in_flight=3)
    engine.follow(plan_of(50, 0.2, law="uniform"))
    engine.finish(drain_s=0.0)
    assert engine.column("reason").count("max-in-flight") == 7


def test_without_a_lease_that_holds_nothing_is_sent(drive, spin_host):
    engine = drive(spin_host)
    engine.handle.renew(SYSTEM_CLOCK.monotonic_s() - 10)
    engine.follow(plan_of(50, 0.2, law="uniform"))
    engine.finish()
    assert set(engine.column("reason")) == {"no-master"}


def test_nothing_is_lost_while_the_hub_reads_nothing_and_the_ring_is_full(drive, spin_host):
    engine = drive(spin_host, slots=64)
    engine.follow(plan_of(200, 1.0, law="uniform"))
    time.sleep(1.2)
    engine.collect()
    assert len(engine.sent) < 100
    wait_for("all rows", lambda: engine.collect() or len(engine.ended) == 200, 5, every_s=0.01)
    assert engine.sent["k"].tolist() == list(range(200))


def test_a_target_that_cannot_be_reached_is_named_before_the_run():
    handle = EngineHandle.start(spec_of("127.0.0.1:1"))
    (problem,) = handle.wait_until_ready(20)
    handle.close()
    assert problem == (
        "cannot connect to 127.0.0.1:1: Connection refused; "
        "valid: a target that serves before the run"
    )


def test_an_option_that_is_not_valid_is_named_before_the_run(spin_host):
    handle = EngineHandle.start(spec_of(spin_host, options={"grpc_timeout": "soon"}))
    (problem,) = handle.wait_until_ready(20)
    handle.close()
    assert "soon" in problem


def test_it_ends_when_it_is_told_to(drive, spin_host):
    engine = drive(spin_host)
    engine.follow(plan_of(100, 60.0))
    engine.handle.close()
    assert engine.handle.death() == "the engine process ended: exit code 0"


def test_a_call_by_name_sends_the_row_that_each_arrival_takes(drive, probe, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a"}\n{"text": "bb"}\n', encoding="utf-8")
    engine = drive(probe.host, options={"call": "probe.v1.Probe/One", "data": f"@{rows}"})
    engine.follow(plan_of(50, 0.4, law="uniform"))
    engine.finish()
    assert engine.column("status") == ["ok"] * 20
    for k, size in zip(engine.column("k"), engine.column("request_bytes"), strict=True):
        assert size == (3, 4)[row_index(7, k, 2)]
    assert set(engine.column("instance_id")) == {None}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"call": "probe.v1.Probe/Many"}, "probe.v1.Probe/Many is one; valid: a method with one"),
        ({"call": "probe.v1.Probe/Gather"}, "--engine process has no streams"),
        ({"call": "probe.v1.Probe/None"}, "has no method 'None'"),
        ({"call": "probe.v1.None/One"}, "None"),
        ({"call": "probe.v1.Probe/One", "data": '{"what": 1}'}, "what"),
    ],
)
def test_a_call_that_cannot_be_made_is_named_before_the_run(probe, options, said):
    handle = EngineHandle.start(spec_of(probe.host, options=options))
    (problem,) = handle.wait_until_ready(20)
    handle.close()
    assert said in problem


def test_calls_go_over_tls_with_the_same_trust_as_the_hubs(drive, tls_worker):
    options = {"grpc_tls_ca": str(tls_worker.ca)}
    engine = drive(tls_worker.host, options=options)
    engine.follow(plan_of(100, 0.3, law="uniform"))
    engine.finish()
    assert engine.column("status") == ["ok"] * 30


def test_a_certificate_that_is_not_trusted_is_named_before_the_run(tls_worker):
    handle = EngineHandle.start(spec_of(f"grpcs://{tls_worker.host}"))
    (problem,) = handle.wait_until_ready(20)
    handle.close()
    assert "TLS failed" in problem
