"""What must hold for any load on any system."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.autoscaler.settings import ScalerSettings
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import ANSWERED, GIVEN_UP, REFUSED
from tests.simulator.system.systems import run

loads = st.lists(st.floats(0.0, 80.0), min_size=1, max_size=150).map(sorted)
works_s = st.sampled_from([0.05, 0.4, 3.0])
scalers = st.builds(
    lambda target, burst, least, most: ScalerSettings(
        target, target / 0.7, burst, min_scale=least, max_scale=most, stable_window_s=10
    ),
    st.sampled_from([0.7, 1.4]),
    st.sampled_from([-1.0, 0.0, 3.0, 211.0]),
    st.integers(0, 2),
    st.sampled_from([0, 3]),
)
systems = st.builds(
    lambda scaler, **rest: SystemSettings(scaler=scaler, duration_s=80.0, most_pods=20, **rest),
    scaler=scalers,
    concurrency=st.sampled_from([0, 1, 2, 5]),
    cores=st.sampled_from([1.0, 4.0, ENDLESS]),
    is_wall=st.booleans(),
    deadline_s=st.sampled_from([1.0, 30.0]),
    stops_when_cancelled=st.booleans(),
    first_pods=st.sampled_from([0, 1, 3]),
    is_scaled=st.just(True),
)


def most_at_once(starts_s, ends_s):
    """The largest number of intervals that overlap; one may begin where another ends."""
    times_s = np.concatenate([ends_s, starts_s])
    steps = np.concatenate([-np.ones(len(ends_s)), np.ones(len(starts_s))])
    order = np.lexsort((steps, np.round(times_s, 9)))
    return steps[order].cumsum().max(initial=0)


@settings(deadline=None)
@given(loads, works_s, systems)
def test_every_call_is_answered_given_up_or_refused(due_s, work_s, system):
    found = run(due_s, work_s, system)

    assert set(found.status) <= {ANSWERED, GIVEN_UP, REFUSED}
    waited_s = found.end_s - found.due_s
    assert waited_s.max() <= system.deadline_s + 1e-9
    assert (waited_s[found.status == ANSWERED] >= work_s - 1e-9).all()


@settings(deadline=None)
@given(loads, works_s, systems)
def test_no_pod_works_at_more_calls_than_its_limit(due_s, work_s, system):
    found = run(due_s, work_s, system)
    for pod in set(found.pod[found.status == ANSWERED]):
        ours = (found.pod == pod) & (found.status == ANSWERED)
        limit = system.concurrency or len(due_s)
        assert most_at_once(found.start_s[ours], found.end_s[ours]) <= limit


@settings(deadline=None)
@given(loads, works_s, systems)
def test_pods_are_made_get_ready_leave_and_go_in_that_order(due_s, work_s, system):
    found = run(due_s, work_s, system)

    assert (found.made_s <= found.ready_s).all()
    assert (found.made_s <= found.leaving_s).all()
    assert (found.leaving_s <= found.gone_s).all()


@settings(deadline=None)
@given(loads, works_s, systems)
def test_calls_run_on_pods_that_are_ready_and_are_counted_there(due_s, work_s, system):
    found = run(due_s, work_s, system)
    ran = found.pod >= 0
    assert (found.start_s[ran] >= found.ready_s[found.pod[ran]] - 1e-9).all()
    for pod in set(found.pod[ran]):
        seq = found.seq[found.pod == pod]
        assert sorted(seq) == list(range(1, len(seq) + 1))


@settings(deadline=None)
@given(loads, works_s, systems)
def test_the_cores_do_no_more_work_than_they_can(due_s, work_s, system):
    found = run(due_s, work_s, system)
    if system.is_wall:
        return
    done_s = work_s * (found.status == ANSWERED).sum()
    assert done_s <= system.cores * found.end_of_run_s + 1e-6
