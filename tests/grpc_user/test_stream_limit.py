import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.channels import ChannelSettings
from grpc_user.reachability import Reached, reach
from grpc_user.stream_limit import UNLIMITED, declared_limit, exchange_settings
from grpc_user.targets import parse_targets
from tests.grpc_user.raw_server import SETTINGS, frame


class ScriptedStream:
    """A connection that gives its bytes in pieces of a chosen size."""

    def __init__(self, data, piece=1 << 20):
        self.data, self.piece, self.sent = data, piece, b""

    def sendall(self, data):
        self.sent += data

    def recv(self, size):
        part = self.data[: min(size, self.piece)]
        self.data = self.data[len(part) :]
        return part


def settings(*pairs):
    return b"".join(struct.pack(">HI", *pair) for pair in pairs)


@pytest.mark.parametrize(
    ("payload", "limit"),
    [
        pytest.param(b"", UNLIMITED, id="empty"),
        pytest.param(settings((4, 65535)), UNLIMITED, id="others-only"),
        pytest.param(settings((4, 65535), (3, 250)), 250, id="declared"),
        pytest.param(settings((3, 10), (3, 20)), 20, id="last-counts"),
        pytest.param(settings((3, 0)), 1, id="zero-for-now"),
        pytest.param(settings((3, 7)) + b"\x00", 7, id="torn-tail"),
    ],
)
def test_the_limit_is_read_from_settings(payload, limit):
    assert declared_limit(payload) == limit


@given(st.integers(1, 2**31 - 1), st.integers(1, 7))
def test_the_limit_is_read_however_the_bytes_arrive(limit, piece):
    stream = ScriptedStream(frame(SETTINGS, 0, 0, settings((3, limit))), piece)
    assert exchange_settings(stream) == limit
    assert stream.sent.startswith(b"PRI * HTTP/2.0")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="http-1"),
        pytest.param(frame(SETTINGS, 0, 0, settings((3, 5)))[:-1], id="cut-short"),
        pytest.param(frame(6, 0, 0, bytes(8)), id="another-frame"),
        pytest.param(b"\xff\xff\xff\x04\x00\x00\x00\x00\x00", id="monstrous"),
    ],
)
def test_what_is_no_http2_server_declares_nothing(data):
    assert exchange_settings(ScriptedStream(data)) is None


@pytest.mark.parametrize("limit", [1, 10, 250])
def test_a_real_servers_limit_is_read(start_probe, limit):
    (target,) = parse_targets(start_probe("--max-streams", str(limit)).host)
    assert reach(target, ChannelSettings(), timeout_s=5) == Reached(stream_limit=limit)


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        pytest.param("127.0.0.1:1", "cannot connect to 127.0.0.1:1: Connection refused", id="port"),
        pytest.param("no-name.invalid:80", "cannot connect to no-name.invalid:80", id="name"),
        pytest.param("unix:/no/such.sock", "cannot connect to unix:/no/such.sock", id="socket"),
    ],
)
def test_a_target_that_is_not_there_is_said_in_one_line(host, problem):
    (target,) = parse_targets(host)
    reached = reach(target, ChannelSettings(), timeout_s=2)
    assert reached.problem.startswith(problem)
    assert "\n" not in reached.problem
