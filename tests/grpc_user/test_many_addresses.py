"""A `dns:///` name over h2: connections go to its addresses in turn, as they are at that moment."""

import socket

import pytest

from grpc_user.targets import in_turns, parse_targets
from grpc_user.transport import H2, CallSpec

ONE = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=5)
NAME = "spin.many.svc"


@pytest.fixture
def transport_name():
    return H2


@pytest.fixture
def behind(monkeypatch):
    """The addresses of the name; a test may change them."""
    addresses = []
    resolve = socket.getaddrinfo

    def resolved(host, port, *args, **kwargs):
        if host != NAME:
            return resolve(host, port, *args, **kwargs)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        # As resolvers do: in any order, and one for each kind of socket.
        return [one for address in reversed(addresses) for one in 2 * resolve(address, port)]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return addresses


@pytest.fixture
def servers(start_probe, behind):
    """Three of them, on one port of three addresses."""
    started = [start_probe("--address", "127.0.0.1:0")]
    for k in (2, 3):
        started.append(start_probe("--address", f"127.0.0.{k}:{started[0].port}"))
        started[-1].host = f"127.0.0.{k}:{started[0].port}"
    behind += ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    return started


def call(transport):
    return transport.call(ONE, b"", lambda *_: None).code


def test_each_address_gets_its_share_of_the_calls(servers, seen, new_transport):
    transport = new_transport(f"dns:///{NAME}:{servers[0].port}")
    assert {call(transport) for _ in range(12)} == {"OK"}
    assert [seen(server).started for server in servers] == [4, 4, 4]


def test_as_many_connections_as_asked_for_are_made_also_to_more_addresses(
    servers, new_transport, seen
):
    transport = new_transport(f"dns:///{NAME}:{servers[0].port}", connections="1")
    assert {call(transport) for _ in range(6)} == {"OK"}
    assert sorted(seen(server).started for server in servers) == [0, 0, 6]


def test_a_connection_that_is_lost_goes_to_an_address_that_is_there_now(
    servers, behind, new_transport, seen, eventually
):
    transport = new_transport(f"dns:///{NAME}:{servers[0].port}")
    assert call(transport) == "OK"
    behind.remove("127.0.0.2")
    servers[1].kill()
    assert eventually(lambda: {call(transport) for _ in range(6)} == {"OK"})
    before = [seen(servers[at]).started for at in (0, 2)]
    assert {call(transport) for _ in range(12)} == {"OK"}
    after = [seen(servers[at]).started for at in (0, 2)]
    assert sum(after) - sum(before) == 12
    assert min(then - now for then, now in zip(after, before, strict=True)) >= 4


def test_a_name_without_addresses_is_said(behind, new_transport):
    host = f"dns:///{NAME}:50"
    transport = new_transport(host)
    assert transport.open() == (f"cannot connect to {host}: Name or service not known",)
    ending = transport.call(ONE, b"", lambda *_: None)
    assert ending.code == "UNAVAILABLE"
    assert ending.details == f"DNS resolution failed for {host}: Name or service not known"


@pytest.mark.parametrize("text", ["127.0.0.1:50", "grpcs://spin.svc:50", "unix:/a/dns:///b"])
def test_other_targets_stay_as_they_are(text):
    (target,) = parse_targets(text)
    assert in_turns(target) is target


def test_the_authority_of_a_name_is_the_name():
    (target,) = parse_targets("dns:///spin.svc:50")
    assert in_turns(target).address == "spin.svc:50"
