"""Each condition of the table that both transports are held to, by one engine over h2."""

import pytest

from tests.grpc_user.engine.conftest import plan_of
from tests.grpc_user.peer_conditions import ALLOWED, BREACHES, ENDINGS

CONDITIONS = [*ALLOWED, *ENDINGS, *BREACHES]
RATE_RPS = 50.0


@pytest.fixture
def ended(drive, raw_server):
    """What the call to each condition's server ended with, in the table's words."""
    servers = [raw_server(condition.respond) for condition in CONDITIONS]
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    engine = drive(hosts, options={"connections": "1", "grpc_timeout": "5s"})
    engine.follow(plan_of(RATE_RPS, len(servers) / RATE_RPS, law="uniform"))
    engine.finish(drain_s=15.0)
    columns = (engine.column(name) for name in ("channel", "code", "reason", "http_status"))
    return {channel: in_words(*said) for channel, *said in zip(*columns, strict=True)}


def in_words(code, reason, http_status):
    if code == "OK":
        return "OK"
    http = [f"HTTP {http_status}"] if http_status > 0 else []
    return ", ".join([code, reason, *http])


def test_calls_end_as_the_table_says(ended):
    found = {condition.does: ended.get(n) for n, condition in enumerate(CONDITIONS)}
    assert found == {condition.does: condition.h2 for condition in CONDITIONS}
