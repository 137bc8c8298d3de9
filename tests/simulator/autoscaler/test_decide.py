import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.autoscaler.decide import decide
from simulator.autoscaler.settings import ScalerSettings
from simulator.autoscaler.state import Observed, first_state, record
from tests.simulator.autoscaler.scaled import ONE_CALL, run

loads = st.lists(st.floats(0.0, 200.0), min_size=2, max_size=90)
settings_drawn = st.builds(
    ONE_CALL._replace,
    target_value=st.sampled_from([0.7, 7.0, 70.0]),
    max_scale_up_rate=st.sampled_from([1.1, 2.0, 1000.0]),
    max_scale_down_rate=st.sampled_from([1.1, 2.0, 10.0]),
    scale_down_delay_s=st.sampled_from([0.0, 10.0, 60.0]),
    is_weighted=st.booleans(),
    activation_scale=st.sampled_from([1, 3]),
    min_scale=st.integers(0, 3),
    max_scale=st.sampled_from([0, 5, 20]),
)


@pytest.mark.parametrize(("load", "pods"), [(0.5, 1), (0.8, 2), (5.0, 8), (50.0, 72)])
def test_a_steady_load_is_given_its_pods(load, pods):
    made, _ = run([load] * 200)

    assert made[-1].wanted == pods


def test_without_data_nothing_changes():
    _, decision = decide(first_state(ONE_CALL, 3), Observed(3, 4), ONE_CALL, 0.0)

    assert (decision.is_valid, decision.replicas) == (False, 4)


def test_a_burst_is_answered_by_the_short_window():
    made, _ = run([1.0] * 60 + [20.0] * 7)

    assert made[-1].in_panic
    assert made[-1].wanted == math.ceil(20 / 0.7)


def test_in_panic_pods_never_go():
    made, _ = run([1.0] * 60 + [20.0] * 7 + [0.0] * 40)

    assert all(later.wanted == math.ceil(20 / 0.7) for later in made[33:])


def test_panic_ends_a_stable_window_after_its_last_cause():
    made, _ = run([1.0] * 60 + [20.0] * 7 + [1.0] * 90)
    panicking = [2 * i for i, decision in enumerate(made) if decision.in_panic]
    last_cause_s = 62  # 15 pods asked for where 6 are ready; at 64 s it is 25 of 15

    assert panicking[-1] == last_cause_s + 60


def test_a_new_autoscaler_that_finds_pods_keeps_them_for_a_stable_window():
    made, _ = run([0.1] * 70, ready=9)

    assert [decision.wanted for decision in made[:31]] == [9] * 31
    assert made[-1].wanted < 9


def test_scale_down_waits_for_the_delay():
    settings = ONE_CALL._replace(scale_down_delay_s=40.0, stable_window_s=6, panic_window_s=1)
    made, _ = run([3.0] * 60 + [0.5] * 60, settings)
    wanted = [decision.wanted for decision in made]

    assert wanted[29:48] == [5] * 19
    assert wanted[-1] < 5


def test_until_it_was_reached_once_the_initial_scale_is_the_least():
    made, _ = run([0.1] * 10, ONE_CALL._replace(initial_scale=5), pods_follow=False)

    assert {decision.wanted for decision in made} == {5}


def test_a_revision_may_be_weighed_by_rate_instead():
    settings = ScalerSettings(140.0, 200.0)

    assert run([600.0] * 70, settings)[0][-1].wanted == math.ceil(600 / 140)


@given(loads, settings_drawn)
def test_wanted_pods_lie_inside_the_bounds(load, settings):
    made, _ = run(load, settings)

    for decision in made:
        assert decision.wanted >= min(settings.min_scale, settings.max_scale or math.inf)
        assert decision.wanted <= (settings.max_scale or math.inf) or (
            settings.min_scale > settings.max_scale
        )


@given(loads, settings_drawn)
def test_decisions_depend_on_nothing_but_their_arguments(load, settings):
    assert run(load, settings)[0] == run(load, settings)[0]


@given(st.lists(st.floats(0.0, 200.0), min_size=2, max_size=60), st.integers(0, 59), settings_drawn)
def test_from_one_state_more_load_never_asks_for_fewer_pods(load, where, settings):
    more = [value + (10.0 if i == where % len(load) else 0.0) for i, value in enumerate(load)]
    second = len(load) - 1
    desired = []
    for values in (load, more):
        state = first_state(settings, 1)
        for at, value in enumerate(values):
            state = record(state, at, value)
        desired.append(decide(state, Observed(4, 4), settings, float(second))[1].desired)

    assert desired[0] <= desired[1]


@given(loads, st.integers(1, 50))
def test_more_ready_pods_leave_more_room_for_a_burst(load, ready):
    state = first_state(ONE_CALL, 1)
    for second, value in enumerate(load):
        state = record(state, second, value)
    few, many = (
        decide(state, Observed(pods, pods), ONE_CALL, float(len(load) - 1))[1].excess
        for pods in (ready, ready + 1)
    )

    assert many == few + 1
