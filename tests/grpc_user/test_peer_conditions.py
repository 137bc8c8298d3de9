"""Each condition of the table, over both transports."""

import pytest

from grpc_user.failures import classify
from grpc_user.transport import H2, CallSpec, Ending
from tests.grpc_user.answers import ANSWER, sends
from tests.grpc_user.peer_conditions import ALLOWED, BREACHES, ENDINGS

FOR_EACH_TRANSPORT = True

SOON = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=0.5)


def in_words(ending: Ending) -> str:
    if ending.code == "OK":
        return "OK"
    failure = classify(ending.code, ending.details)
    http = [f"HTTP {failure.http_status}"] if failure.http_status else []
    return ", ".join([ending.code, failure.failure_class, *http])


@pytest.mark.parametrize(
    "condition", [*ALLOWED, *ENDINGS, *BREACHES], ids=lambda condition: condition.does
)
def test_a_call_ends_as_the_table_says(raw_server, new_transport, transport_name, condition):
    server = raw_server(condition.respond)
    transport = new_transport(f"127.0.0.1:{server.port}", connections="1")
    ending = transport.call(SOON, b"", lambda *_: None)
    assert in_words(ending) == getattr(condition, transport_name), ending.details


@pytest.mark.parametrize("condition", [*ENDINGS, *BREACHES], ids=lambda condition: condition.does)
def test_over_h2_the_next_call_is_answered(raw_server, new_transport, eventually, condition):
    """Whatever came before; over grpcio some breaches keep their connection useless."""
    answers = iter([condition.respond])

    def once(connection, stream):
        next(answers, sends(*ANSWER))(connection, stream)

    server = raw_server(once)
    transport = new_transport(f"127.0.0.1:{server.port}", transport=H2, connections="1")
    transport.call(SOON, b"", lambda *_: None)
    assert eventually(lambda: transport.call(SOON, b"", lambda *_: None).code == "OK")
