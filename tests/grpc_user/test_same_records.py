"""Whatever makes the calls, the same thing that happens is written down in the same words."""

import contextlib

import pytest

from grpc_user.call_failed import CallFailed
from grpc_user.embedded_workers import EmbeddedWorker
from grpc_user.spin_user import SpinUser
from grpc_user.transport import TRANSPORTS
from tests.grpc_user import raw_server as raw
from tests.grpc_user.probe_pb2 import Ask
from tests.grpc_user.recorded_run import facts


def record(run):
    """What is left of the last call."""
    event = run.events[-1]
    return {
        **facts(run.outcome),
        "exception": str(event["exception"]),
        "events": [event["name"] for event in run.events],
    }


def records(new_run, host, work, user_class=None, **options):
    """What each transport leaves of the same call."""
    made = []
    for name in TRANSPORTS:
        run = new_run(host, transport_name=name, **options)
        user = run.user(user_class) if user_class else run.user()
        with contextlib.suppress(CallFailed):
            run.do(work, user)
        made.append(record(run))
    return made


CALLS = {
    "ok": lambda user: user.stub.One(Ask(text="a")),
    "large-reply": lambda user: user.stub.One(Ask(reply_bytes=3_000_000)),
    "large-request": lambda user: user.stub.One(Ask(text="x" * 3_000_000)),
    "many": lambda user: list(user.stub.Many(Ask(replies=50, reply_bytes=10_000))),
    "many-then-fails": lambda user: list(user.stub.Many(Ask(replies=2, code=9, details="late"))),
    "gather": lambda user: user.stub.Gather(iter([Ask(text="a"), Ask(text="b")])),
    "deadline": lambda user: user.stub.One(Ask(delay_s=5), timeout=0.1),
    "deadline-in-a-stream": lambda user: list(
        user.stub.Many(Ask(replies=9, delay_s=0.15), timeout=0.4)
    ),
    "no-such-method": lambda user: user.grpc.unary_unary("/probe.v1.Probe/None", bytes)(b""),
    **{
        f"code-{code}": lambda user, code=code: user.stub.One(Ask(code=code, details="wörds\n%"))
        for code in range(1, 17)
    },
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_of_a_server(new_run, probe, call):
    first, second = records(new_run, probe.host, call)
    assert first == second


@pytest.mark.parametrize(
    "respond",
    [
        *(
            pytest.param(raw.http_answer(status), id=f"http-{status}")
            for status in (200, 400, 401, 403, 404, 429, 500, 502, 503, 504)
        ),
        *(pytest.param(raw.reset_stream(error), id=f"reset-{error}") for error in range(1, 14)),
        *(
            pytest.param(raw.grpc_status(code, "upstream connect error"), id=f"status-{code}")
            for code in (2, 8, 14, 17)
        ),
        pytest.param(raw.cut_connection, id="cut"),
        pytest.param(raw.reset_connection, id="tcp-reset"),
        pytest.param(raw.go_away, id="goaway"),
    ],
)
def test_of_a_peer_that_misbehaves(new_run, raw_server, respond):
    server = raw_server(respond)
    host = f"127.0.0.1:{server.port}"
    first, second = records(new_run, host, lambda user: user.stub.One(Ask(), timeout=3))
    assert first == second


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-name.invalid.svc:80"])
def test_of_a_target_that_is_not_there(new_run, host):
    first, second = records(new_run, host, lambda user: user.stub.One(Ask()))
    assert first == second


@pytest.fixture(scope="module")
def worker():
    process = EmbeddedWorker()
    yield process
    process.end()


def test_of_the_spin_worker(new_run, worker):
    first, second = records(new_run, worker.address, SpinUser.spin, SpinUser, spin="5ms")
    assert second.pop("instance_seq") == first.pop("instance_seq") + 1
    assert first["instance_id"]
    assert first == second
