"""One connection and one call, made as the generator makes them, turned into facts."""

from dataclasses import replace

import grpc

from experiment.doctor.facts import PathFacts
from grpc_user.channels import ChannelSettings, open_channel
from grpc_user.failures import classify, one_line
from grpc_user.reachability import reach
from grpc_user.targets import Target


def try_call(
    target: Target, settings: ChannelSettings, method: str, request: bytes, timeout_s: float
) -> PathFacts:
    """Connect, and where the other side speaks HTTP/2 make one call.

    Args:
        target: Where to.
        settings: As the run has them; its authority is what the ingress routes by.
        method: "/package.Service/Method", with one request and one reply.
        request: The encoded request.
        timeout_s: Bound on connecting, and the deadline of the call.
    """
    facts = PathFacts(target.text, authority=settings.authority, method=method)
    reached = reach(target, settings, timeout_s)
    if reached.problem:
        return replace(facts, problem=reached.problem)
    if reached.stream_limit is None:
        return replace(facts, speaks_http2=False)
    with open_channel(target, settings) as channel:
        return _called(channel, facts, request, timeout_s)


def _called(channel: grpc.Channel, facts: PathFacts, request: bytes, timeout_s: float) -> PathFacts:
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(facts.method)
    try:
        # A call that merely waits for a pod to start is no fault: it waits up to its deadline.
        call(request, timeout=timeout_s)
    except grpc.RpcError as error:
        code, details = error.code().name, error.details() or ""
        failure = classify(code, details)
        return replace(
            facts,
            code=code,
            details=one_line(details),
            failure_class=failure.failure_class,
            http_status=failure.http_status,
        )
    return replace(facts, code="OK")
