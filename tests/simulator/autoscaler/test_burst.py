import pytest

from simulator.autoscaler.burst import activators_asked, excess_burst_capacity, is_proxied
from simulator.autoscaler.settings import ScalerSettings

ONE_CALL = ScalerSettings(0.7, 1.0)
HUNDRED_CALLS = ScalerSettings(70.0, 100.0)


@pytest.mark.parametrize(
    ("settings", "ready", "load", "excess"),
    [
        pytest.param(ONE_CALL, 5, 3.0, -209, id="one call a pod is far from the burst of 211"),
        pytest.param(ONE_CALL, 214, 3.0, 0, id="until there are burst and load pods"),
        pytest.param(HUNDRED_CALLS, 2, 0.0, -11, id="a hundred a pod: not with two"),
        pytest.param(HUNDRED_CALLS, 3, 50.5, 38, id="but with three, rounded down"),
        pytest.param(ONE_CALL._replace(target_burst_capacity=0.0), 0, 9.0, 0, id="0: never"),
        pytest.param(ONE_CALL._replace(target_burst_capacity=-1.0), 999, 0.0, -1, id="-1: always"),
    ],
)
def test_room_for_a_burst_is_what_is_left_beyond_load_and_burst(settings, ready, load, excess):
    assert excess_burst_capacity(ready, load, settings) == excess


@pytest.mark.parametrize(
    ("wanted", "excess", "proxied"), [(1, -1, True), (1, 0, False), (0, 50, True)]
)
def test_the_activator_is_in_the_path_at_zero_and_where_room_lacks(wanted, excess, proxied):
    assert is_proxied(wanted, excess) == proxied


@pytest.mark.parametrize(("ready", "activators"), [(0, 3), (1, 4), (10, 13)])
def test_activators_are_for_the_capacity_and_the_burst(ready, activators):
    assert activators_asked(ready, HUNDRED_CALLS) == activators


def test_two_activators_are_the_least():
    assert activators_asked(1, ONE_CALL._replace(target_burst_capacity=0.0)) == 2
