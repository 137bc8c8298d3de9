import os

import pytest
import trustme

from grpc_user.call_failed import CallFailed
from grpc_user.channels import ChannelSettings, channel_options
from grpc_user.targets import parse_targets
from grpc_user.tls import TlsFiles, check_tls_files, probe_context
from shapes.errors import InvalidValue
from tests.grpc_user.probe_pb2 import Ask

FOR_EACH_TRANSPORT = True


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def folder(authority, tmp_path_factory):
    """What a TLS server and its clients keep in files."""
    folder = tmp_path_factory.mktemp("tls")
    server = authority.issue_cert("localhost", "spin.example.com")
    client = authority.issue_cert("client")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server.private_key_pem.write_to_path(folder / "server.key")
    server.cert_chain_pems[0].write_to_path(folder / "server.pem")
    client.private_key_pem.write_to_path(folder / "client.key")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    return folder


def call(run):
    user = run.user()
    return run.do(lambda: user.stub.One(Ask(text="private")))


def local(server):
    return f"localhost:{server.port}"


def test_a_call_goes_over_tls(new_run, start_probe, folder):
    server = start_probe("--tls", str(folder), "--max-streams", "50")
    run = new_run(local(server), grpc_tls_ca=str(folder / "ca.pem"))
    assert call(run).text == "private"
    transport = run.user()._caller._transport
    assert transport.keeper.pool.rules[0].stream_limit == 50


def test_both_sides_show_certificates(new_run, start_probe, folder):
    server = start_probe("--tls", str(folder), "--client-ca")
    files = {
        "grpc_tls_cert": str(folder / "client.pem"),
        "grpc_tls_key": str(folder / "client.key"),
    }
    run = new_run(local(server), grpc_tls_ca=str(folder / "ca.pem"), **files)
    assert call(run).text == "private"


def test_a_client_without_a_certificate_is_turned_away(new_run, start_probe, folder):
    server = start_probe("--tls", str(folder), "--client-ca")
    run = new_run(local(server), grpc_tls_ca=str(folder / "ca.pem"))
    with pytest.raises(CallFailed, match="UNAVAILABLE"):
        call(run)


def test_a_server_of_another_authority_is_not_trusted(
    new_run, new_transport, start_probe, folder, tmp_path
):
    server = start_probe("--tls", str(folder))
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    run = new_run(local(server), grpc_tls_ca=str(other))
    with pytest.raises(CallFailed, match="UNAVAILABLE: refused"):
        call(run)
    (problem,) = new_transport(local(server), grpc_tls_ca=str(other)).open()
    assert "TLS failed: " in problem
    assert "certificate" in problem


def test_the_certificate_is_held_against_the_authority(new_run, start_probe, folder):
    server = start_probe("--tls", str(folder))
    address = f"127.0.0.1:{server.port}"
    files = {"grpc_tls_ca": str(folder / "ca.pem")}
    named = new_run(address, authority="spin.example.com", **files)
    assert call(named).text == "private"
    with pytest.raises(CallFailed):
        call(new_run(address, authority="elsewhere.example.com", **files))


def test_plain_text_is_never_a_fall_back(new_run, probe, folder):
    run = new_run(local(probe), grpc_tls_ca=str(folder / "ca.pem"))
    with pytest.raises(CallFailed, match="UNAVAILABLE: refused"):
        call(run)


def test_a_scheme_alone_asks_for_tls():
    (target,) = parse_targets("grpcs://example.com")
    assert ChannelSettings().secures(target)


def test_a_file_that_holds_no_pem_is_named(tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("hello")
    with pytest.raises(InvalidValue, match=r"--grpc-tls-ca .*ca\.pem: no PEM text"):
        check_tls_files(TlsFiles(ca=str(path)))


def test_channels_share_nothing_and_hide_nothing():
    (target,) = parse_targets("127.0.0.1:1")
    options = dict(channel_options(target, ChannelSettings(authority="spin.svc")))
    assert options["grpc.use_local_subchannel_pool"] == 1
    assert options["grpc.enable_retries"] == 0
    assert options["grpc.max_reconnect_backoff_ms"] <= 1000
    assert options["grpc.default_authority"] == "spin.svc"


def test_a_name_with_several_addresses_is_spread_over_all(new_transport):
    (target,) = parse_targets("dns:///localhost:1")
    options = dict(channel_options(target, ChannelSettings()))
    assert "round_robin" in options["grpc.service_config"]


def test_roots_are_read_once_until_their_file_changes(folder, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_bytes((folder / "ca.pem").read_bytes())
    first = probe_context(TlsFiles(ca=str(path)))
    assert probe_context(TlsFiles(ca=str(path))) is first
    trustme.CA().cert_pem.write_to_path(path)
    os.utime(path, ns=(0, 0))
    assert probe_context(TlsFiles(ca=str(path))) is not first
