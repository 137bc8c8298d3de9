"""How a worker process starts, or says why not."""

import socket
import struct

import pytest

from proto.spin_pb2 import SpinRequest
from tests.worker.fakes import refused_to_start, running_worker

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
MAX_CONCURRENT_STREAMS = 3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_of(address: str) -> dict[int, int]:
    """The first SETTINGS frame of an HTTP/2 server (RFC 9113, 6.5)."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(PREFACE)
        stream = connection.makefile("rb")
        head = stream.read(9)
        body = stream.read(int.from_bytes(head[:3], "big"))
        stream.close()
    return dict(struct.iter_unpack(">HI", body))


def test_it_serves_the_port_it_was_given():
    port = free_port()
    with running_worker(f"--port={port}") as worker:
        assert worker.address == f"127.0.0.1:{port}"
        assert worker.stub.Spin(SpinRequest()).instance_id == worker.instance_id


def test_it_serves_every_address_on_the_platforms_port():
    port = free_port()
    with running_worker("--max-spin=1s", environment={"PORT": str(port)}) as worker:
        assert worker.address == f"[::]:{port}"
        assert worker.stub.Spin(SpinRequest()).instance_id == worker.instance_id


def test_an_explicit_port_wins_over_the_platforms():
    with running_worker("--port=0", environment={"PORT": "1"}) as worker:
        assert not worker.address.endswith(":1")


def test_a_port_in_use_is_one_line_and_code_2(worker):
    port = worker.address.rpartition(":")[2]
    code, (line,) = refused_to_start(f"--port={port}")
    assert code == 2
    assert line == (
        f"spin worker: cannot listen on 127.0.0.1 port {port}: Address already in use; "
        "valid: --host an address of this machine, --port a free one or 0"
    )


@pytest.mark.parametrize("host", ["203.0.113.9", "no-such-host.invalid"], ids=["foreign", "name"])
def test_an_address_of_another_machine_is_one_line_and_code_2(host):
    code, (line,) = refused_to_start("--port=0", f"--host={host}")
    assert code == 2
    assert line.startswith(f"spin worker: cannot listen on {host} port 0: ")


def test_a_bad_flag_is_one_line_and_code_2():
    code, (line,) = refused_to_start("--port=ten")
    assert code == 2
    assert line.startswith("spin worker: argument --port: 'ten' is not valid; valid: ")


@pytest.mark.parametrize(
    ("flags", "limit"),
    [(["--max-concurrent-streams=20"], 20), ([], None)],
    ids=["as-given", "no-limit"],
)
def test_the_stream_limit_is_told_to_clients(flags, limit):
    with running_worker("--port=0", *flags) as worker:
        told = settings_of(worker.address).get(MAX_CONCURRENT_STREAMS)
    assert told == limit or (limit is None and told >= 2**31 - 1)
