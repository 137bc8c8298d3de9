import pytest

from simulator.autoscaler.weighted import newest_weight, weighted_average
from simulator.autoscaler.window import empty_window, record


@pytest.mark.parametrize(
    ("length_s", "weight"),
    [
        pytest.param(6, 1 - 1e-4 ** (1 / 6), id="short windows hold 99.99 % of the weight"),
        pytest.param(41, 0.20119, id="just above the least"),
        pytest.param(60, 0.2, id="long ones weigh the newest second a fifth"),
    ],
)
def test_the_newest_second_weighs_by_the_windows_length(length_s, weight):
    assert newest_weight(length_s) == pytest.approx(weight, abs=1e-5)


def test_a_steady_load_is_nearly_its_own_average():
    window = empty_window(60)
    for second in range(60):
        window = record(window, second, 10.0)

    assert weighted_average(window, 59) == pytest.approx(10.0, rel=1e-5)


def test_each_older_second_weighs_four_fifths_of_the_next():
    window = record(record(empty_window(60), 0, 100.0), 1, 10.0)

    assert weighted_average(window, 1) == pytest.approx(0.2 * 10 + 0.16 * 100)


def test_silence_is_as_much_load_of_nothing():
    window = record(empty_window(60), 0, 100.0)

    assert weighted_average(window, 2) == pytest.approx(100 * 0.2 * 0.8**2)


def test_after_more_than_a_window_of_silence_there_is_no_load():
    assert weighted_average(record(empty_window(6), 0, 100.0), 7) == 0.0
