"""`python -m tests.e2e.recorded_calls`: spin calls over each transport, and what is left of them.

Standard input is a JSON object: `address`, `options` as on Locust's command line, and `calls`, a
list of `transport`, `after_s`, `spin_ms` and `timeout_s`. It says `begun` when all calls are on
their way, and at the end a JSON list, one object for each call in the same order.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402 - patched before anything else
import sys  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from grpc_user.call_failed import CallFailed  # noqa: E402
from grpc_user.session import close_session  # noqa: E402
from grpc_user.spin_user import SpinUser  # noqa: E402
from grpc_user.transport import TRANSPORTS  # noqa: E402
from grpc_user.user import GrpcUser  # noqa: E402
from openloop.arrival import ArrivalGreenlet  # noqa: E402
from proto.spin_pb2 import SpinRequest  # noqa: E402
from tests.grpc_user.recorded_run import Run, facts, open_run  # noqa: E402

MICROSECONDS_A_MS = 1000


def spin(user: GrpcUser, call: dict[str, Any]) -> list[tuple[str, str]]:
    """One call that keeps its pod busy for `spin_ms`, however much of a CPU that pod gets.

    Returns:
        The metadata before its reply.
    """
    wanted = SpinRequest(spin_us=round(call["spin_ms"] * MICROSECONDS_A_MS), mode=SpinRequest.WALL)
    gevent.sleep(call["after_s"])
    try:
        _, done = user.stub.Spin.with_call(wanted, timeout=call["timeout_s"])
    except CallFailed as failed:
        return list(failed.initial_metadata())
    return list(done.initial_metadata())


def make_calls(runs: dict[str, Run], calls: list[dict[str, Any]]) -> list[ArrivalGreenlet]:
    """Begin all of them; those of one transport share its connections."""
    users = {name: run.user() for name, run in runs.items()}
    for user in users.values():
        user.on_start()
    return [runs[each["transport"]].start(spin, users[each["transport"]], each) for each in calls]


def left_of(greenlet: ArrivalGreenlet, call: dict[str, Any]) -> dict[str, Any]:
    """What is written down of a call; its failure's own words and its headers beside it."""
    headers, outcome = dict(greenlet.get()), greenlet.arrival.outcome
    return {**call, "facts": facts(outcome), "detail": outcome.detail, "headers": headers}


def main() -> None:
    """Make the calls of standard input."""
    asked = json.load(sys.stdin)
    address, options = asked["address"], asked["options"]
    runs = {name: open_run(address, SpinUser, name, **options) for name in TRANSPORTS}
    begun = make_calls(runs, asked["calls"])
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    sys.stdout.write(
        json.dumps([left_of(*pair) for pair in zip(begun, asked["calls"], strict=True)])
    )
    for run in runs.values():
        close_session(run.environment)


if __name__ == "__main__":
    main()
