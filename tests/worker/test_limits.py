import pytest

from proto.spin_pb2 import SpinRequest
from worker.limits import Kind, Limits, refusal

LIMITS = Limits(max_spin_us=1_000, max_payload_bytes=100, max_concurrency=3)


def refused(request: SpinRequest, running: int = 0, max_replies: int = 5):
    return refusal(request, running, LIMITS, max_replies)


@pytest.mark.parametrize(
    "request_",
    [
        SpinRequest(),
        SpinRequest(spin_us=1_000, reply_bytes=100, payload=bytes(100), replies=5),
        SpinRequest(mode=SpinRequest.WALL, request_id="x" * 256),
    ],
    ids=["empty", "at-each-limit", "wall"],
)
def test_a_request_within_its_limits_is_served(request_):
    assert refused(request_, running=2) is None


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (SpinRequest(spin_us=-1), "spin_us must be 0 to 1000 (--max-spin), got -1"),
        (SpinRequest(spin_us=1_001), "spin_us must be 0 to 1000 (--max-spin), got 1001"),
        (SpinRequest(reply_bytes=-7), "reply_bytes must be 0 to 100 (--max-payload), got -7"),
        (SpinRequest(reply_bytes=101), "reply_bytes must be 0 to 100 (--max-payload), got 101"),
        (SpinRequest(payload=bytes(101)), "payload's length must be 0 to 100 (--max-payload)"),
        (SpinRequest(request_id="x" * 257), "request_id's length must be 0 to 256"),
        (SpinRequest(replies=6), "replies must be 0 to 5"),
        (SpinRequest(replies=-1), "replies must be 0 to 5"),
        (SpinRequest(mode=9), "mode must be one of CPU (0), WALL (1), got 9"),
    ],
    ids=[
        "negative-spin",
        "long-spin",
        "negative-reply",
        "long-reply",
        "long-payload",
        "long-id",
        "many-replies",
        "negative-replies",
        "unknown-mode",
    ],
)
def test_a_wrong_request_is_refused_with_its_limit(request_, words):
    wrong = refused(request_)
    assert wrong.kind is Kind.INVALID_ARGUMENT
    assert words in wrong.reason


def test_one_call_too_many_is_refused_with_the_limit():
    full = refused(SpinRequest(), running=3)
    assert full.kind is Kind.RESOURCE_EXHAUSTED
    assert full.reason == "3 calls are under way; at most 3 (--max-concurrency)"


def test_a_wrong_request_is_called_wrong_even_when_the_worker_is_full():
    assert refused(SpinRequest(spin_us=-1), running=3).kind is Kind.INVALID_ARGUMENT
