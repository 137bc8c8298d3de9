import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine.headers import header_maker
from grpc_user.engine.requests import SpinRequests
from grpc_user.h2.headers import HeaderEncoder
from grpc_user.spin_figures import spin_figures
from grpc_user.trace_context import traceparent
from openloop.planned_spins import PlannedSpins
from proto.spin_pb2 import SpinReply, SpinRequest
from tests.grpc_user.engine.conftest import plan_of

ENCODER = HeaderEncoder("http", "here", "test")


class Numbered:
    """Numbers texts by what they are."""

    def __init__(self):
        self.texts = []

    def number(self, text):
        self.texts.append(text)
        return -1 if text is None else len(self.texts) - 1


def requests(run_id="run", spin_s=0.1, texts=None):
    return SpinRequests(run_id, spin_s, PlannedSpins(plan_of(1, 1)), texts or Numbered())


@given(
    st.text("abc-", min_size=1, max_size=96), st.integers(0, 10**12), st.integers(0, 3_600_000_000)
)
def test_a_request_is_what_protobuf_makes_of_it(run_id, k, spin_us):
    body, spin_s = requests(run_id, spin_us / 1e6).request(k)
    expected = SpinRequest(request_id=f"{run_id}/{k}", spin_us=spin_us)
    assert body == expected.SerializeToString()
    assert spin_s == spin_us / 1e6


WHOLE = st.integers(0, 2**40)


@given(
    st.builds(
        SpinReply,
        queue_us=WHOLE,
        wall_us=WHOLE,
        cpu_us=WHOLE,
        throttled_us=WHOLE,
        instance_seq=WHOLE,
        instance_id=st.just("it"),
        pod=st.sampled_from(["", "one"]),
    )
)
def test_the_figures_of_a_reply_are_the_hubs(reply):
    texts = Numbered()
    found = requests(texts=texts).figures(reply.SerializeToString())
    named = found._asdict()
    named["instance_id"] = texts.texts[named["instance_id"]]
    named["pod"] = None if named["pod"] < 0 else texts.texts[named["pod"]]
    assert named == spin_figures(reply)


def test_each_call_bears_its_arrivals_trace():
    make = header_maker("/a/B", 5.0, (("x", "1"),), "run")
    expected = ENCODER.block("/a/B", 5.0, (("x", "1"), ("traceparent", traceparent("run", 7))))
    assert make(ENCODER, 7) == expected


def test_a_trace_of_ones_own_is_left_as_it_is():
    metadata = (("traceparent", traceparent("another", 1)),)
    assert header_maker("/a/B", 5.0, metadata, "run")(ENCODER, 7) == ENCODER.block(
        "/a/B", 5.0, metadata
    )


def test_what_is_no_reply_is_refused():
    with pytest.raises(Exception, match="parsing"):
        requests().figures(b"\xff")
