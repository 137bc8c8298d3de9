import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.targets import check_authority, check_plain_text, parse_targets
from shapes.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "address", "secure"),
    [
        pytest.param("127.0.0.1:50051", "127.0.0.1:50051", False, id="address"),
        pytest.param("spin.default.svc:80", "spin.default.svc:80", False, id="name"),
        pytest.param("grpc://spin.svc", "spin.svc:80", False, id="grpc-default-port"),
        pytest.param("grpcs://spin.example.com", "spin.example.com:443", True, id="grpcs"),
        pytest.param("grpcs://spin.example.com:8443/", "spin.example.com:8443", True, id="slash"),
        pytest.param("dns:///spin.svc:80", "dns:///spin.svc:80", False, id="dns"),
        pytest.param("[::1]:50051", "[::1]:50051", False, id="ipv6"),
        pytest.param("unix:/run/spin.sock", "unix:/run/spin.sock", False, id="unix"),
    ],
)
def test_every_documented_form_is_read(text, address, secure):
    (target,) = parse_targets(text)
    assert (target.address, target.secure) == (address, secure)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spin",
        "spin:",
        "spin:0",
        "spin:65536",
        "spin:x",
        ":80",
        "http://spin:80",
        "unix:",
        "grpc://",
        "[::1",
        "[nonsense]:80",
        "a b:80",
        "spin:80,",
        "dns:///spin",
        "-spin:80",
    ],
)
def test_anything_else_is_refused_with_the_valid_forms(text):
    with pytest.raises(InvalidValue, match=r"is not a target; valid: host:port, grpc://"):
        parse_targets(text)


def test_commas_separate_targets():
    assert [target.port for target in parse_targets("a.svc:1, b.svc:2,c.svc:3")] == [1, 2, 3]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:1",
        "localhost:1",
        "[::1]:1",
        "127.8.8.8:1",
        "unix:/x",
        "a.b.svc:80",
        "a.b.svc.cluster.local:80",
        "a.knative.local:80",
        "grpcs://example.com",
    ],
)
def test_plain_text_stays_on_the_machine_or_in_the_cluster(host):
    check_plain_text(parse_targets(host), tls=False, insecure=False)


@pytest.mark.parametrize("host", ["10.0.0.1:80", "example.com:80", "localhost.example.com:80"])
def test_plain_text_elsewhere_is_refused_unless_told(host):
    targets = parse_targets(host)
    with pytest.raises(InvalidValue, match="plain text"):
        check_plain_text(targets, tls=False, insecure=False)
    check_plain_text(targets, tls=False, insecure=True)
    check_plain_text(targets, tls=True, insecure=False)


def test_one_open_target_among_many_is_refused():
    with pytest.raises(InvalidValue, match=r"example\.com:80"):
        check_plain_text(parse_targets("localhost:1,example.com:80"), tls=False, insecure=False)


@pytest.mark.parametrize("text", ["", "a b", "host:", "host:x", "http://host"])
def test_an_authority_is_host_or_host_and_port(text):
    check_authority("spin.default.example.com")
    check_authority("spin.default.example.com:8080")
    with pytest.raises(InvalidValue, match="authority"):
        check_authority(text)


@given(st.text(max_size=40))
def test_no_text_makes_the_parser_fail_otherwise(text):
    with contextlib.suppress(InvalidValue):
        assert all(target.address for target in parse_targets(text))
