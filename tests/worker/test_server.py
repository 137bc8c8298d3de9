import asyncio

import grpc
import pytest

from worker import server
from worker.errors import CannotServe
from worker.options import parse_options
from worker.server import bind, channel_arguments, plain_host


@pytest.mark.parametrize(
    ("host", "has_ipv6", "plain"),
    [
        ("[::]", True, "::"),
        ("[::]", False, "0.0.0.0"),  # noqa: S104 - not bound
        ("::1", True, "::1"),
        ("10.1.2.3", True, "10.1.2.3"),
        ("localhost", False, "localhost"),
    ],
    ids=["every", "every-without-ipv6", "ipv6", "ipv4", "name"],
)
def test_a_host_is_freed_of_its_brackets(host, has_ipv6, plain):
    assert plain_host(host, has_ipv6=has_ipv6) == plain


async def bind_twice() -> None:
    options = parse_options(["--port=0"], {})
    first = grpc.aio.server(options=channel_arguments(options))
    port = bind(first, options).rpartition(":")[2]
    await first.start()
    try:
        second = grpc.aio.server(options=channel_arguments(options))
        bind(second, parse_options([f"--port={port}"], {}))
    finally:
        await first.stop(None)


def test_two_workers_never_share_a_port_even_when_both_found_it_free(monkeypatch):
    monkeypatch.setattr(server, "check_free", lambda host, port: None)
    with pytest.raises(CannotServe, match="cannot listen on 127"):
        asyncio.run(bind_twice())


def test_a_stream_limit_is_set_only_when_given():
    name = "grpc.max_concurrent_streams"
    limited = channel_arguments(parse_options(["--max-concurrent-streams=9"], {}))
    assert dict(limited)[name] == 9
    assert name not in dict(channel_arguments(parse_options([], {})))
