"""What is no gRPC server is the same failure over both transports."""

import ssl

import pytest
import trustme
from gevent.server import StreamServer

from grpc_user import connection_keeper
from tests.grpc_user.no_connections import NO_CONNECTIONS
from tests.grpc_user.test_peer_conditions import IN_TIME, in_words, spec_for

FOR_EACH_TRANSPORT = True

BY_DOES = {condition.does: condition for condition in NO_CONNECTIONS}


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def serve(authority):
    """Starts what a condition describes; its port."""
    started = []

    def start(condition):
        options = {}
        if condition.tls is not None:
            options["ssl_context"] = context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("localhost").configure_cert(context)
            context.set_alpn_protocols(list(condition.tls))
        server = Quiet(("127.0.0.1", 0), lambda stream, _: condition.serve(stream), **options)
        server.start()
        started.append(server)
        if condition.does == "nothing listens":
            server.stop()
        return server.server_port

    yield start
    for server in started:
        server.stop(timeout=0.1)


class Quiet(StreamServer):
    """Keeps to itself that a client spoke plain text."""

    def wrap_socket_and_handle(self, client_socket, address):
        try:
            super().wrap_socket_and_handle(client_socket, address)
        except ssl.SSLError:
            client_socket.close()


@pytest.fixture
def roots(authority, tmp_path, monkeypatch):
    """A file of roots to trust; also makes the look at a server beforehand short."""
    monkeypatch.setattr(connection_keeper, "CONNECT_TIMEOUT_S", 0.2)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


@pytest.mark.parametrize("condition", NO_CONNECTIONS, ids=lambda condition: condition.does)
def test_a_call_ends_as_the_table_says(serve, roots, new_transport, transport_name, condition):
    tls = {"grpc_tls_ca": roots} if condition.client_tls else {}
    transport = new_transport(f"localhost:{serve(condition)}", connections="1", **tls)
    expected = getattr(condition, transport_name)
    ending = transport.call(spec_for(expected), b"", lambda *_: None)
    assert in_words(ending) == expected, ending.details


def test_a_server_over_tls_that_offers_no_http_2_is_named_over_h2(serve, roots, new_transport):
    host = f"localhost:{serve(BY_DOES['TLS without ALPN'])}"
    transport = new_transport(host, transport="h2", grpc_tls_ca=roots)
    ending = transport.call(IN_TIME, b"", lambda *_: None)
    why = "TLS failed: the server does not offer h2 (ALPN)"
    assert ending.details == f"failed to connect to {host}: {why}"
