"""One call as the generator makes it, at real sockets on loopback."""

import socket
import threading
from concurrent import futures
from contextlib import contextmanager

import grpc

from experiment.doctor.call import try_call
from experiment.doctor.checks import examine
from experiment.doctor.facts import Facts
from grpc_user.channels import ChannelSettings
from grpc_user.targets import parse_targets

METHOD = "/shop.Quote/Get"


def test_a_server_with_the_method_answers_and_nothing_is_wrong():
    with grpc_server() as port:
        facts = called(port)
    assert facts.code == "OK"
    assert examine(Facts(None, facts)) == ()


def test_the_authority_arrives_at_the_server():
    seen = []
    with grpc_server(seen) as port:
        called(port, authority="quote.example.com")
    assert seen == ["quote.example.com"]


def test_a_server_without_the_method_is_told_from_one_without_the_route():
    with grpc_server() as port:
        facts = called(port, method="/shop.Quote/Nothing")
    assert (facts.code, facts.http_status) == ("UNIMPLEMENTED", None)
    assert "does not know /shop.Quote/Nothing" in finding(facts).fault


def test_a_closed_port_is_named_with_its_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert f"127.0.0.1:{port}" in finding(called(port)).fault


def test_a_server_of_http1_only_does_not_speak_http2():
    with one_answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        assert "HTTP/2" in finding(called(port)).fault


def test_a_server_that_says_nothing_is_given_up_after_the_time_given():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        facts = called(listener.getsockname()[1], timeout_s=0.1)
    assert "within 0.1 s" in facts.problem


def called(port, method=METHOD, authority="", timeout_s=5.0):
    (target,) = parse_targets(f"127.0.0.1:{port}")
    return try_call(target, ChannelSettings(authority=authority), method, b"", timeout_s)


def finding(facts):
    (found,) = examine(Facts(None, facts))
    return found


@contextmanager
def grpc_server(authorities=None):
    class Handler(grpc.GenericRpcHandler):
        def service(self, details):
            if details.method != METHOD:
                return None
            return grpc.unary_unary_rpc_method_handler(answer)

    def answer(request, context):
        if authorities is not None:
            authorities.append(_authority(context))
        return request

    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Handler()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(None).wait()


def _authority(context):
    return context._rpc_event.call_details.host.decode()


@contextmanager
def one_answer(data):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            stream, _ = listener.accept()
            with stream:
                stream.recv(100)
                stream.sendall(data)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
