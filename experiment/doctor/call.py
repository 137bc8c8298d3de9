"""One connection and one call, made as the generator makes them, turned into facts."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc

from experiment.doctor.facts import PathFacts
from experiment.doctor.question import Question, prepare
from grpc_user.channels import ChannelSettings, open_channel
from grpc_user.errors import DescriptorError
from grpc_user.failures import classify, one_line
from grpc_user.method import Method
from grpc_user.reachability import reach
from grpc_user.targets import Target

CONNECT_S = 5.0
LOOK_S = 1.0
Hopeless = Callable[[], bool]


def try_call(
    target: Target,
    settings: ChannelSettings,
    question: Question,
    hopeless: Hopeless = lambda: False,
) -> PathFacts:
    """Connect, and where the other side speaks HTTP/2 make one call.

    Args:
        target: Where to.
        settings: As the run has them; its authority is what the ingress routes by.
        question: What is called; its deadline bounds the call, and connecting too.
        hopeless: Asked every second of a call that waits; True ends the wait.

    Raises:
        InvalidValue: when the data cannot be read.
    """
    facts = PathFacts(target.text, authority=settings.authority, method=question.method)
    reached = reach(target, settings, min(question.timeout_s, CONNECT_S))
    if reached.problem:
        return replace(facts, problem=reached.problem)
    if reached.stream_limit is None:
        return replace(facts, speaks_http2=False)
    began_s = time.monotonic()
    with open_channel(target, settings) as channel, ThreadPoolExecutor(1) as threads:
        over = threading.Event()
        watching = threads.submit(_close_when_hopeless, channel, hopeless, over)
        try:
            ended = _called(channel, facts, question)
        finally:
            over.set()
        if watching.result():
            ended = replace(ended, code="UNAVAILABLE", details="no pod starts to answer it")
    return replace(ended, took_s=time.monotonic() - began_s)


def _close_when_hopeless(channel: grpc.Channel, hopeless: Hopeless, over: threading.Event) -> bool:
    while not over.wait(LOOK_S):
        if hopeless():
            channel.close()
            return True
    return False


def _called(channel: grpc.Channel, facts: PathFacts, question: Question) -> PathFacts:
    try:
        method, bodies = prepare(channel, question)
    except DescriptorError as error:
        return replace(facts, undescribed=str(error))
    except grpc.RpcError as error:
        ended = _failed(facts, error)
        if (ended.code, ended.http_status) == ("UNIMPLEMENTED", None):
            why = f"it has no server reflection to describe {question.method}"
            return replace(facts, undescribed=why)
        return ended
    try:
        # A call that merely waits for a pod to start is no fault: it waits up to its deadline.
        _make(channel, method, bodies, question)
    except grpc.RpcError as error:
        return _failed(facts, error)
    except ValueError:  # the channel was closed in between
        return replace(facts, code="CANCELLED")
    return replace(facts, code="OK")


def callable_of(channel: grpc.Channel, method: Method) -> Any:
    """What makes calls of this method, from bytes to bytes."""
    kinds = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    return kinds[method.streams_requests, method.streams_replies](method.path)


def _make(
    channel: grpc.Channel, method: Method, bodies: tuple[bytes, ...], question: Question
) -> None:
    make = callable_of(channel, method)
    request = iter(bodies) if method.streams_requests else bodies[0]
    reply = make(request, timeout=question.timeout_s, metadata=question.metadata)
    if method.streams_replies:
        next(reply, None)
        reply.cancel()


def _failed(facts: PathFacts, error: grpc.RpcError) -> PathFacts:
    code, details = error.code().name, error.details() or ""
    failure = classify(code, details)
    return replace(
        facts,
        code=code,
        details=one_line(details),
        failure_class=failure.failure_class,
        http_status=failure.http_status,
    )
