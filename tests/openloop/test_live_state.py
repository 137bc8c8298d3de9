import random

import msgpack
import pytest

from openloop.live_state import MemberState, thinned
from tests.openloop.live_fakes import member_state, second
from verdict.histogram import Histogram


def filled(values_s):
    histogram = Histogram()
    for value_s in values_s:
        histogram.add(value_s)
    return histogram


@pytest.mark.parametrize("q", [0.5, 0.9, 0.99])
def test_thin_buckets_keep_quantiles_to_three_per_cent(q):
    draw = random.Random(1)
    fine = filled([draw.lognormvariate(-3, 2) for _ in range(5000)])
    thin = filled([])
    thin.merge(fine)
    thin.counts = thinned(fine.counts)
    assert thin.quantile(q) == pytest.approx(fine.quantile(q), rel=0.03)


def test_thin_buckets_are_few_whatever_the_times():
    every_time = filled([1e-6 * 1.003**n for n in range(7000)])
    assert len(every_time.counts) > 4000
    assert len(thinned(every_time.counts)) < 900


def test_no_call_is_lost_by_thinning():
    fine = filled([0.00001 * n for n in range(3000)])
    assert sum(thinned(fine.counts).values()) == 3000


def test_a_state_survives_the_message_to_the_master():
    told = member_state("w1", [second(3, in_flight=4, ok=2, failed=1, unsent={"lease": 2})])
    heard = MemberState.from_dict(msgpack.unpackb(msgpack.packb(told.to_dict())))
    assert heard.to_dict() == told.to_dict()
    assert heard.seconds[0].amounts.latency.quantile(1.0) == float("inf")


def test_what_is_no_state_is_refused():
    with pytest.raises((KeyError, TypeError, ValueError)):
        MemberState.from_dict({"run_id": "run"})
