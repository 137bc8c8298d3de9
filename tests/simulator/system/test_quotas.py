"""CPU limits: a pod gets so much CPU time in each period of 100 ms, and stands still after it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.system.quotas import PERIOD_S, quota_s
from simulator.system.world import ANSWERED, GIVEN_UP
from tests.simulator.system.systems import fixed, poisson_s, run, scaled


def limited(pods=1, cores_a_pod=0.5, **changes):
    return fixed(pods, quota_s=quota_s(cores_a_pod), **{"concurrency": 0, **changes})


def end_alone_s(begin_s, work_s, quota):
    """When one call is done that has a pod for itself: by counting what each period gives."""
    quota = min(quota, PERIOD_S)  # one call uses one core
    to_next_s = PERIOD_S * (math.floor(begin_s / PERIOD_S + 1e-9) + 1) - begin_s
    in_first_s = min(quota, to_next_s)
    if work_s <= in_first_s + 1e-12:
        return begin_s + work_s
    periods = math.ceil((work_s - in_first_s) / quota - 1e-9)
    rest_s = work_s - in_first_s - (periods - 1) * quota
    return begin_s + to_next_s + (periods - 1) * PERIOD_S + rest_s


@pytest.mark.parametrize("cores", [0.1, 0.25, 0.5, 0.9, 1.0, 2.0])
@pytest.mark.parametrize("begin_s", [0.0, 0.03, 0.1, 7.96])
@pytest.mark.parametrize("work_s", [0.004, 0.05, 0.1, 0.33])
def test_one_call_is_done_when_its_periods_have_given_it_its_work(work_s, begin_s, cores):
    found = run([begin_s], work_s, limited(cores_a_pod=cores))

    assert found.end_s[0] == pytest.approx(end_alone_s(begin_s, work_s, cores / 10), abs=1e-9)
    stood_s = found.end_s[0] - begin_s - work_s
    assert found.throttled_s[0] == pytest.approx(stood_s, abs=1e-9)


def test_two_calls_use_up_the_quota_of_their_pod_twice_as_fast():
    # Of 50 ms in each period, two calls have it in 25 ms: 8 periods for 0.2 s each.
    found = run([0.0, 0.0], 0.2, limited(cores_a_pod=0.5))

    assert found.end_s == pytest.approx([0.725, 0.725])
    assert found.throttled_s == pytest.approx([0.525, 0.525])


def test_a_limit_above_a_core_lets_one_call_run_and_stops_three():
    alone = run([0.0], 1.0, limited(cores_a_pod=1.5))
    three = run([0.0, 0.0, 0.0], 1.0, limited(cores_a_pod=1.5))

    assert alone.throttled_s[0] == 0.0
    # 150 ms a period for 3 s of work: 19 periods stand still for 50 ms each.
    assert three.end_s == pytest.approx([1.95] * 3)
    assert three.throttled_s == pytest.approx([0.95] * 3)


def test_what_a_pod_used_before_it_was_idle_counts_until_the_period_is_over():
    found = run([0.0, 0.06], 0.03, limited(cores_a_pod=0.4))

    assert found.end_s == pytest.approx([0.03, 0.12])


def test_a_call_that_comes_while_its_pod_stands_still_waits_for_the_next_period():
    found = run([0.0, 0.08], [0.06, 0.01], limited(cores_a_pod=0.5))

    assert found.end_s == pytest.approx([0.11, 0.11])
    assert found.throttled_s == pytest.approx([0.05, 0.02])


def test_each_pod_has_a_quota_of_its_own():
    found = run([0.0, 0.0], 0.1, limited(2, cores_a_pod=0.5, concurrency=1))

    assert found.end_s == pytest.approx([0.15, 0.15])


def test_a_pod_that_stands_still_leaves_the_cores_to_others():
    # Two pods share a core, each gets half of it; the first needs no more than its quota.
    settings = limited(2, cores_a_pod=0.2, concurrency=1, cores=1.0)
    found = run([0.0, 0.0], [0.02, 0.03], settings)
    # Both use 20 ms until 40 ms, there the second one is stopped and goes on at 100 ms.
    assert found.end_s == pytest.approx([0.04, 0.11])


@pytest.mark.parametrize("cores", [0.3, 1.0, 2.5])
def test_a_busy_pod_uses_its_limit_and_no_more(cores):
    length_s, work_s = 200.0, 0.31
    due_s = poisson_s(2 * cores / work_s, length_s, 1)
    found = run(due_s, work_s, limited(cores_a_pod=cores, concurrency=8, horizon_s=length_s))
    done_s = (found.status == ANSWERED).sum() * work_s
    under_way_s = 8 * work_s

    assert cores * length_s - under_way_s <= done_s <= cores * length_s + 1e-6


def test_a_limit_that_never_binds_changes_nothing():
    due_s = poisson_s(20.0, 100, 1)
    work_s = np.random.default_rng(1).exponential(0.3, len(due_s))
    free = run(due_s, work_s, scaled(0, 100.0, cores=4.0))
    loose = run(due_s, work_s, scaled(0, 100.0, cores=4.0, quota_s=quota_s(1000.0)))

    assert loose.end_s == pytest.approx(free.end_s, abs=1e-9)
    assert loose.throttled_s.max() == 0.0


def test_for_calls_much_longer_than_a_period_a_limit_is_like_so_many_cores():
    due_s = poisson_s(0.05, 4_000, 3)
    stopped = run(due_s, 10.0, limited(cores_a_pod=1.0))
    shared = run(due_s, 10.0, fixed(1, concurrency=0, cores=1.0))

    lasted_s = (stopped.end_s - stopped.due_s).mean()
    assert lasted_s == pytest.approx((shared.end_s - shared.due_s).mean(), rel=0.02)


def test_a_call_that_is_given_up_leaves_its_quota_to_the_other():
    settings = limited(cores_a_pod=0.5, deadline_s=0.25)
    found = run([0.0, 0.2], [5.0, 0.04], settings)

    assert list(found.status) == [GIVEN_UP, ANSWERED]
    # From 200 ms on both run until 225 ms have used the quota; from 300 ms on it is alone.
    assert found.end_s == pytest.approx([0.25, 0.315])
    assert found.throttled_s == pytest.approx([0.125, 0.075])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0.0, 5.0), min_size=1, max_size=30).map(sorted),
    st.sampled_from([0.2, 0.7, 1.3]),
    st.sampled_from([0, 1, 3]),
    st.sampled_from([1.0, 2.5, math.inf]),
)
def test_no_period_gives_a_pod_more_than_its_quota(due_s, cores_a_pod, concurrency, cores):
    found = run(due_s, 0.21, limited(2, cores_a_pod, concurrency=concurrency, cores=cores))

    lasted_s = found.end_s - found.start_s
    assert (lasted_s >= 0.21 + found.throttled_s - 1e-9).all()
    for pod in set(found.pod):
        ours = found.pod == pod
        periods = math.ceil(found.end_s[ours].max() / PERIOD_S)
        assert ours.sum() * 0.21 <= periods * quota_s(cores_a_pod) + 1e-9
