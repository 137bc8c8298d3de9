"""The autoscaler and the system together."""

import math

import numpy as np
import pytest

from simulator.autoscaler.settings import ScalerSettings
from simulator.system.world import ANSWERED, GIVEN_UP
from tests.simulator.system.systems import poisson_s, run, scaled

UNSETTLED_S = 120


def equidistant_s(rate, length_s):
    return np.arange(int(rate * length_s)) / rate


def ready_late(found):
    return found.decisions["ready"][found.decisions["at_s"] >= UNSETTLED_S]


@pytest.mark.parametrize(("rate", "work_s"), [(5, 0.1), (10, 0.3), (20, 0.5), (40, 0.7)])
def test_equidistant_load_settles_at_its_pods(rate, work_s):
    found = run(equidistant_s(rate, 300), work_s, scaled(duration_s=300))
    pods = math.ceil(rate * work_s / 0.7 - 1e-9)

    assert set(ready_late(found)) <= {pods, pods + 1}


def test_what_the_autoscaler_observes_is_rate_times_latency():
    found = run(poisson_s(20.0, 900, 1), 0.3, scaled(duration_s=900, cores=8.0))
    late = found.decisions["at_s"] >= UNSETTLED_S
    calls = found.due_s >= UNSETTLED_S
    observed = found.decisions["stable_value"][late].mean()
    latency_s = (found.end_s - found.due_s)[calls].mean()

    assert observed == pytest.approx(calls.sum() / (900 - UNSETTLED_S) * latency_s, rel=0.02)


def test_one_pod_without_a_limit_never_scales_below_its_target():
    found = run(poisson_s(50.0, 300, 1), 1.0, scaled(concurrency=0, duration_s=300))

    assert set(found.decisions["ready"]) == {1.0}


def test_from_one_pod_a_burst_overshoots_and_is_held_by_panic():
    found = run(equidistant_s(20, 300), 0.3, scaled(duration_s=300))
    at_s, ready = found.decisions["at_s"], found.decisions["ready"]

    assert ready.max() > 3 * ready[-1]
    assert ready[(at_s > 20) & (at_s < 60)].min() == ready.max()


def test_to_zero_a_call_waits_for_one_cold_start():
    due_s = [0.0, 200.3, 201.0]
    found = run(due_s, 0.1, scaled(duration_s=230), cold_s=[2.5])

    assert found.decisions["replicas"][found.decisions["at_s"] == 100][0] == 0
    assert found.end_s[1] - found.due_s[1] == pytest.approx(2.6)
    assert (found.seq[1], found.seq[2]) == (1, 1)  # from zero, one call asks for two pods


def test_from_zero_pods_are_made_at_the_first_call():
    found = run([7.25], 0.1, scaled(duration_s=10.0, first_pods=0))

    assert found.made_s[0] == 7.25


def test_cold_starts_are_drawn_in_order():
    found = run(equidistant_s(20, 60), 0.3, scaled(duration_s=60), cold_s=[9.0, 1.0, 2.0, 3.0, 4.0])
    starts_s = (found.ready_s - found.made_s)[1:6]

    assert starts_s == pytest.approx([1.0, 2.0, 3.0, 4.0, 9.0])


def test_of_ready_pods_the_youngest_leave_first():
    found = run(equidistant_s(20, 300), 0.3, scaled(duration_s=300))
    left = np.flatnonzero(np.isfinite(found.leaving_s))
    stayed = np.flatnonzero(~np.isfinite(found.leaving_s))

    assert len(left) > 10
    assert stayed.max() < left.min()


def test_a_pod_that_is_not_ready_leaves_before_those_that_are():
    # Wanted at once, not ready for long, and not needed any more a window later.
    scaler = ScalerSettings(0.7, 1.0, stable_window_s=6, panic_window_s=1, min_scale=1)
    settings = scaled(duration_s=60, scaler=scaler)
    found = run([10.0, 10.01, 10.02], 1.0, settings, cold_s=[2.0, 2.0, 100.0, 2.0])
    late = 2

    assert found.ready_s[late] == np.inf
    assert found.leaving_s[late] <= found.leaving_s.min()


def test_there_are_never_more_pods_than_room():
    found = run(equidistant_s(50, 120), 1.0, scaled(duration_s=120, most_pods=40))

    assert found.decisions["ready"].max() == 40
    assert found.decisions["replicas"].max() > 40


def test_calls_a_second_can_be_what_pods_are_counted_by():
    scaler = ScalerSettings(7.0, 10.0)
    found = run(equidistant_s(50, 200), 0.01, scaled(duration_s=200, scaler=scaler, by_rate=True))

    assert set(ready_late(found)) == {math.ceil(50 / 7)}


def test_without_a_burst_to_keep_room_for_the_activator_leaves_the_path():
    scaler = ScalerSettings(0.7, 1.0, target_burst_capacity=0.0)
    found = run(equidistant_s(10, 100), 0.1, scaled(duration_s=100, scaler=scaler))

    assert set(found.decisions["is_proxied"]) == {0.0}


def test_calls_that_their_pods_queue_wait_longer_than_at_the_activator():
    due_s = poisson_s(20.0, 600, 1)
    # Of one length, calls in turns would wait no longer than in one queue.
    work_s = np.random.default_rng(2).exponential(0.5, len(due_s))
    waits_s = []
    for burst in (-1.0, 0.0):
        scaler = ScalerSettings(0.7, 1.0, target_burst_capacity=burst, min_scale=15, max_scale=15)
        found = run(due_s, work_s, scaled(duration_s=600, scaler=scaler, first_pods=15))
        waits_s.append((found.start_s - found.due_s).mean())

    assert waits_s[1] > 2 * waits_s[0]


@pytest.mark.parametrize("stops", [True, False])
def test_a_client_gives_up_at_its_deadline(stops):
    settings = scaled(duration_s=5, deadline_s=1.0, stops_when_cancelled=stops, most_pods=1)
    found = run([0.0, 0.1], 1.5, settings)

    assert list(found.status) == [GIVEN_UP, GIVEN_UP]
    assert found.end_s - found.due_s == pytest.approx([1.0, 1.0])


def test_a_worker_that_does_not_stop_is_busy_to_its_end():
    due_s, work_s = [0.0, 0.9], [1.5, 0.2]
    ended_s = []
    for stops in (True, False):
        settings = scaled(duration_s=5, deadline_s=1.0, stops_when_cancelled=stops, most_pods=1)
        found = run(due_s, work_s, settings)
        assert found.status[1] == ANSWERED
        ended_s.append(found.end_s[1])

    assert ended_s == pytest.approx([1.2, 1.7])


def test_the_same_inputs_give_the_same_run():
    one, other = (
        run(poisson_s(20, 100, 3), 0.4, scaled(concurrency=0, duration_s=100, cores=4.0))
        for _ in range(2)
    )

    assert np.array_equal(one.end_s, other.end_s)
    assert np.array_equal(one.pod, other.pod)
