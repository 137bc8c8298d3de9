import pytest

from simulator.autoscaler.settings import ScalerSettings
from tests.simulator.autoscaler.scaled import ONE_CALL, run

BUSY = [0.5] * 70


def went_at_s(made):
    """Seconds from the last load to the decision that tells the deployment to have no pods."""
    return next((2 * i - len(BUSY) for i, one in enumerate(made) if one.replicas == 0), None)


def test_the_last_pod_goes_a_stable_window_after_the_last_call():
    made, _ = run(BUSY + [0.0] * 100)

    assert 58 <= went_at_s(made) <= 64


def test_it_is_wanted_no_more_before_it_goes():
    settings = ONE_CALL._replace(target_burst_capacity=0.0)
    made, _ = run(BUSY + [0.0] * 200, settings)
    wanted = next(2 * i - len(BUSY) for i, one in enumerate(made) if one.wanted == 0)

    assert went_at_s(made) - wanted == pytest.approx(settings.grace_s, abs=2)


def test_with_the_activator_in_the_path_before_it_goes_at_once():
    made, _ = run(BUSY + [0.0] * 100)
    wanted = next(2 * i - len(BUSY) for i, one in enumerate(made) if one.wanted == 0)

    assert went_at_s(made) == wanted


def test_it_stays_for_its_retention():
    made, _ = run(BUSY + [0.0] * 300, ONE_CALL._replace(retention_s=120.0))

    assert went_at_s(made) == pytest.approx(60 + 120, abs=4)


def test_where_scaling_to_zero_is_off_one_pod_stays():
    made, _ = run(BUSY + [0.0] * 200, ONE_CALL._replace(scales_to_zero=False))

    assert made[-1].replicas == 1


def test_the_least_scale_stays():
    made, _ = run(BUSY + [0.0] * 200, ONE_CALL._replace(min_scale=2))

    assert made[-1].replicas == 2


def test_a_revision_that_has_just_come_to_life_keeps_one_pod_for_a_stable_window():
    settings = ScalerSettings(0.7, 1.0, stable_window_s=60, panic_window_s=6)
    made, _ = run([0.0] * 58, settings)

    assert {one.replicas for one in made} == {1}


def test_at_zero_the_activator_is_in_the_path():
    made, _ = run(BUSY + [0.0] * 100, ONE_CALL._replace(target_burst_capacity=0.0))

    assert all(one.is_proxied for one in made if one.wanted == 0)
    assert not made[0].is_proxied


def test_load_on_nothing_asks_for_pods_at_once():
    made, state = run(BUSY + [0.0] * 100)
    again, _ = run([3.0], ready=0, state=state, from_s=170)

    assert made[-1].replicas == 0
    assert again[0].replicas >= 1
