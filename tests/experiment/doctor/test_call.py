"""One call as the generator makes it, at real sockets on loopback."""

import socket
import threading
from concurrent import futures
from contextlib import contextmanager

import grpc
import pytest
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from experiment.doctor.call import try_call
from experiment.doctor.checks import examine
from experiment.doctor.facts import Facts
from experiment.doctor.question import SPIN, Question
from grpc_user.channels import ChannelSettings
from grpc_user.targets import parse_targets
from shapes.errors import InvalidValue

HEALTH = "grpc.health.v1.Health"


def test_a_server_with_the_method_answers_and_nothing_is_wrong():
    with grpc_server() as port:
        facts = called(port)
    assert facts.code == "OK"
    assert examine(Facts("shop/quote", path=facts)) == ()


def test_the_authority_arrives_at_the_server():
    seen = []
    with grpc_server(seen) as port:
        called(port, authority="quote.example.com")
    assert seen == ["quote.example.com"]


def test_a_server_without_the_method_is_told_from_one_without_the_route():
    with grpc_server(method="/shop.Quote/Get") as port:
        facts = called(port)
    assert (facts.code, facts.http_status) == ("UNIMPLEMENTED", None)
    assert f"does not know {SPIN}" in finding(facts).fault


@pytest.mark.parametrize("method", ["Check", "Watch"])
def test_a_method_of_any_service_is_called_as_its_target_describes_it(method):
    with grpc_server(describes_itself=True) as port:
        facts = called(port, Question(f"/{HEALTH}/{method}", '{"service": ""}'))
    assert facts.code == "OK"


def test_a_method_that_the_target_does_not_have_is_named_with_those_it_has():
    with grpc_server(describes_itself=True) as port:
        facts = called(port, Question(f"/{HEALTH}/Chek"))
    assert "valid: Check" in finding(facts).fault


def test_data_that_does_not_fit_is_named():
    with grpc_server(describes_itself=True) as port:
        facts = called(port, Question(f"/{HEALTH}/Check", '{"nothing": 1}'))
    assert "nothing" in finding(facts).fault


def test_a_file_of_data_that_is_not_there_is_bad_input():
    with grpc_server(describes_itself=True) as port, pytest.raises(InvalidValue, match="nowhere"):
        called(port, Question(f"/{HEALTH}/Check", "@nowhere.jsonl"))


def test_a_target_without_reflection_needs_a_protoset():
    with grpc_server() as port:
        found = finding(called(port, Question("/shop.Quote/Get")))
    assert "no server reflection" in found.fault
    assert "--protoset" in found.fix


def test_a_call_without_hope_ends_before_its_deadline():
    with grpc_server(blocks=True) as port:
        facts = called(port, Question(timeout_s=60), hopeless=lambda: True)
    assert "no pod starts" in finding(facts).fault
    assert facts.took_s < 30


def test_a_closed_port_is_named_with_its_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert f"127.0.0.1:{port}" in finding(called(port)).fault


def test_a_server_of_http1_only_does_not_speak_http2():
    with one_answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        assert "HTTP/2" in finding(called(port)).fault


def test_a_server_that_says_nothing_is_given_up_after_the_time_given():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        facts = called(listener.getsockname()[1], Question(timeout_s=0.1))
    assert "within 0.1 s" in facts.problem


def called(port, question=None, authority="", hopeless=lambda: False):
    (target,) = parse_targets(f"127.0.0.1:{port}")
    question = question or Question(timeout_s=10)
    return try_call(target, ChannelSettings(authority=authority), question, hopeless)


def finding(facts):
    (found,) = examine(Facts("shop/quote", path=facts))
    return found


@contextmanager
def grpc_server(authorities=None, method=SPIN, describes_itself=False, blocks=False):
    released = threading.Event()

    class Handler(grpc.GenericRpcHandler):
        def service(self, details):
            if details.method != method:
                return None
            return grpc.unary_unary_rpc_method_handler(answer)

    def answer(request, context):
        if blocks:
            released.wait(30)
        if authorities is not None:
            authorities.append(_authority(context))
        return request

    server = grpc.server(futures.ThreadPoolExecutor(4), handlers=[Handler()])
    if describes_itself:
        health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
        reflection.enable_server_reflection([HEALTH], server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        released.set()
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
