"""A transport without Locust's users, events and records: so many calls under way, for some time.

    python -m bench.peers.transport_loop --transport h2 --host 127.0.0.1:PORT --seconds 5 --out FILE

Writes what it did as JSON. With `--rate` each greenlet sleeps between its calls.
"""

from gevent import monkey

monkey.patch_all()  # before anything else is imported, as Locust does

# ruff: noqa: E402 - the patching comes first
import gc
import time

import gevent

from bench.peers.client import METHOD, OUTSTANDING, REQUEST
from bench.peers.loop_options import loop_parser, pause_s, write
from grpc_user.config import GrpcConfig
from grpc_user.gevent_ready import make_grpc_ready
from grpc_user.session import make_transport
from grpc_user.transport import CallSpec, Transport

_TIMEOUT_S = 30.0


def caller(transport: Transport, until_s: float, rest_s: float, latencies_s: list[float]) -> int:
    """Call again and again until the time is up; how many calls failed."""
    spec = CallSpec(f"/{METHOD}", False, False, _TIMEOUT_S)
    failed = 0
    while (begun_s := time.monotonic()) < until_s:
        ending = transport.call(spec, REQUEST.SerializeToString(), lambda *_: None)
        latencies_s.append(ending.received_s - begun_s)
        failed += ending.code != "OK"
        if rest_s:
            gevent.sleep(rest_s)
    return failed


def main() -> None:
    """Call and write what came of it."""
    parser = loop_parser(__doc__.splitlines()[0])
    parser.add_argument("--transport", required=True)
    options = parser.parse_args()
    make_grpc_ready()
    transport = make_transport(GrpcConfig(transport=options.transport, connections=1), options.host)
    transport.open()
    gc.freeze()
    latencies_s: list[float] = []
    until_s = time.monotonic() + options.seconds
    each_s = pause_s(options.rate)
    callers = [
        gevent.spawn(caller, transport, until_s, each_s, latencies_s) for _ in range(OUTSTANDING)
    ]
    gevent.joinall(callers, raise_error=True)
    transport.close()
    write(options.out, latencies_s, sum(one.value for one in callers))


if __name__ == "__main__":
    main()
