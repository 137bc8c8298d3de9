"""A worker process that serves TLS."""

from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import trustme

from proto.spin_pb2 import SpinRequest
from proto.spin_pb2_grpc import SpinnerStub
from tests.worker.fakes import connected, refused_to_start, running_worker


@dataclass(frozen=True)
class Pki:
    ca: trustme.CA
    folder: Path

    def files(self, name: str, *hosts: str) -> tuple[Path, Path]:
        leaf = self.ca.issue_cert(*hosts)
        cert, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        cert.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        key.write_bytes(leaf.private_key_pem.bytes())
        return cert, key

    @property
    def ca_file(self) -> Path:
        path = self.folder / "ca.pem"
        path.write_bytes(self.ca.cert_pem.bytes())
        return path


@pytest.fixture(scope="module")
def pki(tmp_path_factory) -> Pki:
    return Pki(trustme.CA(), tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def server_flags(pki) -> list[str]:
    cert, key = pki.files("server", "127.0.0.1", "localhost")
    return ["--port=0", f"--tls-cert={cert}", f"--tls-key={key}"]


def code_of(stub: SpinnerStub) -> grpc.StatusCode:
    try:
        stub.Spin(SpinRequest(), timeout=10)
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def test_a_client_that_trusts_the_ca_is_served(pki, server_flags):
    trusting = grpc.ssl_channel_credentials(pki.ca.cert_pem.bytes())
    with running_worker(*server_flags, credentials=trusting) as worker:
        assert worker.stub.Spin(SpinRequest(spin_us=500)).cpu_us >= 500


def test_a_client_that_trusts_another_ca_is_not_served(server_flags):
    other = grpc.ssl_channel_credentials(trustme.CA().cert_pem.bytes())
    with running_worker(*server_flags, credentials=other) as worker:
        assert code_of(worker.stub) is grpc.StatusCode.UNAVAILABLE


def test_a_client_without_tls_is_not_served(server_flags):
    with running_worker(*server_flags) as worker:
        assert code_of(worker.stub) is grpc.StatusCode.UNAVAILABLE


def test_with_a_client_ca_only_its_clients_are_served(pki, server_flags):
    ca = pki.ca.cert_pem.bytes()
    cert, key = (path.read_bytes() for path in pki.files("client", "client.test"))
    known = grpc.ssl_channel_credentials(ca, key, cert)
    anonymous = grpc.ssl_channel_credentials(ca)
    flags = [*server_flags, f"--tls-client-ca={pki.ca_file}"]
    with running_worker(*flags, credentials=known) as worker:
        with connected(worker.address, anonymous) as channel:
            assert code_of(SpinnerStub(channel)) is grpc.StatusCode.UNAVAILABLE
        assert code_of(worker.stub) is grpc.StatusCode.OK


def bad_files(pki: Pki, fault: str) -> list[str]:
    cert, key = pki.files("one", "localhost")
    _, other_key = pki.files("two", "localhost")
    no_pem = pki.folder / "no.pem"
    no_pem.write_text("no certificate")
    pairs = {
        "missing": (pki.folder / "missing.pem", key),
        "no-pem": (no_pem, key),
        "not-a-pair": (cert, other_key),
    }
    cert, key = pairs.get(fault, (cert, key))
    flags = ["--port=0", f"--tls-cert={cert}", f"--tls-key={key}"]
    return [*flags, f"--tls-client-ca={no_pem}"] if fault == "client-ca" else flags


@pytest.mark.parametrize("fault", ["missing", "no-pem", "not-a-pair", "client-ca"])
def test_certificates_that_cannot_be_used_are_one_line_and_code_2(pki, fault):
    code, (line,) = refused_to_start(*bad_files(pki, fault))
    assert code == 2
    assert line.startswith("spin worker: --tls-")
    assert "cannot be used" in line
    assert "valid: " in line
