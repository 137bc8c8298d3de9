"""What a server is told with a call: the same by both transports."""

import re

import hpack
import pytest

from grpc_user.transport import TRANSPORTS, CallSpec
from tests.grpc_user.answers import ANSWER, sends

PATH = "/probe.v1.Probe/One"
OWN_WORDS = {"user-agent", "grpc-timeout", "grpc-accept-encoding", "accept-encoding"}


@pytest.fixture
def told(raw_server, new_transport):
    """The headers of a call over a transport, as its server reads them."""

    def call(name, spec, **options):
        server = raw_server(sends(*ANSWER))
        host = f"127.0.0.1:{server.port}"
        transport = new_transport(host, transport=name, connections="1", **options)
        assert transport.call(spec, b"", lambda *_: None).code == "OK"
        ((block,),) = server.blocks.values()
        pairs = hpack.Decoder().decode(block, raw=True)
        return [(key.decode(), value.decode()) for key, value in pairs], host

    return call


def without_own_words(pairs):
    return sorted(pair for pair in pairs if pair[0] not in OWN_WORDS)


METADATA = (("mine", "x y"), ("twice", "1"), ("twice", "2"), ("raw-bin", b"\x00\xff\xfe"))


@pytest.mark.parametrize("metadata", [(), METADATA], ids=["bare", "metadata"])
def test_path_authority_and_metadata_are_told_alike(told, metadata):
    spec = CallSpec(PATH, False, False, timeout_s=5, metadata=metadata)
    (first, first_host), (second, second_host) = [told(name, spec) for name in TRANSPORTS]
    assert dict(first)[":authority"] == first_host
    assert dict(second)[":authority"] == second_host
    first, second = [
        [pair for pair in without_own_words(pairs) if pair[0] != ":authority"]
        for pairs in (first, second)
    ]
    assert first == second
    assert dict(second)[":path"] == PATH


def test_an_authority_that_was_asked_for_is_told_alike(told):
    spec = CallSpec(PATH, False, False, timeout_s=5)
    first, second = [told(name, spec, authority="spin.example.com")[0] for name in TRANSPORTS]
    assert without_own_words(first) == without_own_words(second)
    assert dict(second)[":authority"] == "spin.example.com"


UNITS_S = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "S": 1.0, "M": 60.0, "H": 3600.0}


@pytest.mark.parametrize("timeout_s", [0.5, 2.0, 3600.0])
@pytest.mark.parametrize("name", TRANSPORTS)
def test_the_deadline_is_told_within_two_percent(told, name, timeout_s):
    said = dict(told(name, CallSpec(PATH, False, False, timeout_s))[0])["grpc-timeout"]
    digits, unit = re.fullmatch(r"(\d{1,8})([numSMH])", said).groups()
    assert int(digits) * UNITS_S[unit] == pytest.approx(timeout_s, rel=0.02)


@pytest.mark.parametrize("name", TRANSPORTS)
def test_a_call_without_a_deadline_tells_none(told, name):
    assert "grpc-timeout" not in dict(told(name, CallSpec(PATH, False, False, timeout_s=None))[0])
