import pytest

from simulator.autoscaler.panic import CALM, Panic, first_panic, updated_panic, with_pods
from simulator.autoscaler.settings import ScalerSettings

SETTINGS = ScalerSettings(0.7, 1.0)


@pytest.mark.parametrize(
    ("panic", "excess", "since_s"),
    [
        pytest.param(Panic(CALM, 0), 1.9, CALM, id="below the threshold nothing begins"),
        pytest.param(Panic(CALM, 0), 2.0, 100.0, id="at the threshold it begins"),
        pytest.param(Panic(90.0, 5), 2.0, 100.0, id="each excess renews it"),
        pytest.param(Panic(40.0, 5), 1.0, 40.0, id="it lasts a whole stable window"),
        pytest.param(Panic(39.9, 5), 1.0, CALM, id="then it is over"),
    ],
)
def test_panic_begins_is_renewed_and_ends(panic, excess, since_s):
    assert updated_panic(panic, excess, SETTINGS, 100.0).since_s == since_s


def test_when_panic_ends_its_pods_are_forgotten():
    assert updated_panic(Panic(0.0, 9), 0.0, SETTINGS, 61.0).most_pods == 0


def test_in_panic_the_most_pods_are_remembered():
    assert with_pods(Panic(1.0, 9), 4).most_pods == 9
    assert with_pods(Panic(1.0, 9), 12).most_pods == 12


@pytest.mark.parametrize(("ready", "since_s"), [(0, CALM), (1, CALM), (2, 7.0)])
def test_a_new_autoscaler_panics_where_it_finds_several_pods(ready, since_s):
    assert first_panic(ready, 7.0) == Panic(since_s, ready)
