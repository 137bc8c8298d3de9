import pytest

from simulator.autoscaler.pod_counts import (
    at_least_activation,
    pods_for,
    within_bounds,
    within_rates,
)
from simulator.autoscaler.settings import ScalerSettings

SETTINGS = ScalerSettings(10.0, 14.3, max_scale_up_rate=1.1, max_scale_down_rate=2.0)


@pytest.mark.parametrize(("load", "pods"), [(0.0, 0), (0.1, 1), (10.0, 1), (10.1, 2), (95.0, 10)])
def test_load_asks_for_as_many_pods_as_keep_each_at_its_target(load, pods):
    assert pods_for(load, 10.0) == pods


@pytest.mark.parametrize(
    ("pods", "ready", "allowed"),
    [
        pytest.param(3, 2, 3, id="at least one more is always allowed"),
        pytest.param(50, 20, 22, id="at most by the rate up"),
        pytest.param(1, 9, 4, id="at least one less is always allowed"),
        pytest.param(8, 9, 8, id="in between it is free"),
        pytest.param(0, 1, 0, id="the last one may go"),
    ],
)
def test_one_decision_goes_no_further_than_the_rates(pods, ready, allowed):
    assert within_rates(pods, ready, SETTINGS) == allowed


def test_what_no_route_leads_to_goes_down_at_once():
    assert within_rates(1, 100, SETTINGS._replace(is_reachable=False)) == 1


@pytest.mark.parametrize(
    ("pods", "asked", "scale", "expected"),
    [(1, 1, 5, 5), (0, 0, 5, 0), (7, 7, 5, 7), (1, 1, 1, 1)],
)
def test_any_load_at_all_gets_the_activation_scale(pods, asked, scale, expected):
    settings = SETTINGS._replace(activation_scale=scale)

    assert at_least_activation(pods, asked, settings) == expected


@pytest.mark.parametrize(("pods", "expected"), [(0, 2), (5, 5), (99, 8)])
def test_bounds_hold(pods, expected):
    assert within_bounds(pods, 2, 8) == expected


def test_a_largest_scale_of_0_is_none():
    assert within_bounds(99, 0, 0) == 99
