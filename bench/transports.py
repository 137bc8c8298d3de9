"""CPU that a call costs, by transport, in turns against the same server.

    python -m bench.transports [--seconds 4] [--repeats 3] [--at-once 64]

A number of greenlets call as fast as they can, in a process of its own for each measurement, on a
core of its own; the server (bench/canned_server.py) on another. What is measured is the transport
alone: no Locust event, no record. The best of the repeats, as other work on the machine only adds,
and the ratio of h2's to grpcio's.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402 - after the patching
import gc  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402

from bench.processes import ROOT, on_core, served, with_our_packages  # noqa: E402
from grpc_user.config import GrpcConfig  # noqa: E402
from grpc_user.session import make_transport  # noqa: E402
from grpc_user.transport import GRPCIO, H2, TRANSPORTS, CallSpec, Transport  # noqa: E402

CLIENT_CORE, SERVER_CORE = 0, 1
WARM_UP_S = 0.5
BODY = bytes(20)
METADATA = (("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),)
SPEC = CallSpec("/noop.Noop/Call", False, False, timeout_s=30.0, metadata=METADATA)
US = 1e6


def calls_until(transport: Transport, ends_s: float) -> int:
    """Calls one greenlet makes by then; every one has to end well."""
    count = 0
    while time.monotonic() < ends_s:
        ending = transport.call(SPEC, BODY, lambda *_: None)
        if ending.code != "OK":
            raise SystemExit(f"{ending.code}: {ending.details}")
        count += 1
    return count


def saturate(transport: Transport, at_once: int, seconds: float) -> int:
    """Calls made by so many greenlets."""
    ends_s = time.monotonic() + seconds
    greenlets = [gevent.spawn(calls_until, transport, ends_s) for _ in range(at_once)]
    gevent.joinall(greenlets, raise_error=True)
    return sum(greenlet.value for greenlet in greenlets)


def cpu_s() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(name: str, host: str, at_once: int, seconds: float) -> dict[str, float]:
    """One measurement in this process."""
    transport = make_transport(GrpcConfig(host=host, transport=name, connections=1), host)
    transport.open()
    saturate(transport, at_once, WARM_UP_S)
    gc.collect()
    gc.freeze()  # as before a run's first arrival
    before_s, began_s = cpu_s(), time.monotonic()
    count = saturate(transport, at_once, seconds)
    wall_s = time.monotonic() - began_s
    made = {"cpu_us": (cpu_s() - before_s) / count * US, "rps": count / wall_s}
    transport.close()
    return made


def measured_apart(name: str, host: str, at_once: int, seconds: float) -> dict[str, float]:
    """One measurement in a process of its own."""
    with on_core(CLIENT_CORE):
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "bench.transports", "--one", name, "--host", host),
                *("--at-once", str(at_once), "--seconds", str(seconds)),
            ],
            cwd=ROOT,
            env=with_our_packages(),
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode:
        raise SystemExit(ended.stderr)
    made: dict[str, float] = json.loads(ended.stdout)
    return made


def compare(at_once: int, seconds: float, repeats: int) -> dict[str, dict[str, float]]:
    """Each transport's best figures, from measurements in turns."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in TRANSPORTS}
    with on_core(SERVER_CORE), served("bench.canned_server") as host:
        for _ in range(repeats):
            for name in TRANSPORTS:
                found[name].append(measured_apart(name, host, at_once, seconds))
    return {
        name: {"cpu_us": min(one["cpu_us"] for one in made), "rps": max(one["rps"] for one in made)}
        for name, made in found.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measurement")
    parser.add_argument("--repeats", type=int, default=3, help="measurements of each transport")
    parser.add_argument("--at-once", type=int, default=64, help="calls under way at a time")
    parser.add_argument("--one", choices=TRANSPORTS, help=argparse.SUPPRESS)
    parser.add_argument("--host", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, asked.host, asked.at_once, asked.seconds)))
        return
    found = compare(asked.at_once, asked.seconds, asked.repeats)
    print("| transport | CPU µs a call | calls a second |\n| --- | --- | --- |")
    for name, made in found.items():
        print(f"| {name} | {made['cpu_us']:.1f} | {made['rps']:.0f} |")
    print(f"h2 costs {found[H2]['cpu_us'] / found[GRPCIO]['cpu_us']:.3f} of grpcio's CPU a call")


if __name__ == "__main__":
    main()
