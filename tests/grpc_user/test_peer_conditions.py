"""Each condition of the table, over both transports."""

import pytest

from grpc_user.failures import classify
from grpc_user.transport import H2, CallSpec, Ending
from tests.grpc_user.answers import ANSWER, sends
from tests.grpc_user.peer_conditions import ALLOWED, BREACHES, ENDINGS

FOR_EACH_TRANSPORT = True

PATH = "/probe.v1.Probe/One"
SOON = CallSpec(PATH, False, False, timeout_s=0.5)
IN_TIME = CallSpec(PATH, False, False, timeout_s=10)


def spec_for(expected: str) -> CallSpec:
    """A call that waits no longer than it takes to see that end, on a busy machine too."""
    return SOON if expected.startswith("DEADLINE") else IN_TIME


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
    expected = getattr(condition, transport_name)
    ending = transport.call(spec_for(expected), b"", lambda *_: None)
    assert in_words(ending) == expected, ending.details


@pytest.mark.parametrize("condition", [*ENDINGS, *BREACHES], ids=lambda condition: condition.does)
def test_over_h2_the_next_call_is_answered(raw_server, new_transport, eventually, condition):
    """Whatever came before; over grpcio some breaches keep their connection useless."""
    answers = iter([condition.respond])

    def once(connection, stream):
        next(answers, sends(*ANSWER))(connection, stream)

    server = raw_server(once)
    transport = new_transport(f"127.0.0.1:{server.port}", transport=H2, connections="1")
    transport.call(spec_for(condition.h2), b"", lambda *_: None)
    assert eventually(lambda: transport.call(IN_TIME, b"", lambda *_: None).code == "OK", 20)
