import pytest

from simulator.autoscaler.window import average, empty_window, is_empty, record


def window_of(values, length_s=5):
    """A window with what was observed by second."""
    window = empty_window(length_s)
    for second, value in values.items():
        window = record(window, second, value)
    return window


@pytest.mark.parametrize(
    ("values", "at_s", "expected"),
    [
        pytest.param({0: 3.0}, 0, 3.0, id="one second is its own average"),
        pytest.param({0: 3.0, 1: 5.0}, 1, 4.0, id="a young window divides by the seconds it has"),
        pytest.param(dict.fromkeys(range(8), 2.0), 7, 2.0, id="a full one by its length"),
        pytest.param({0: 9.0, 5: 1.0}, 5, 1.0, id="after a window of silence it begins anew"),
        pytest.param({0: 5.0, 4: 5.0}, 4, 2.0, id="inner gaps count as 0"),
        pytest.param({0: 4.0, 1: 2.0}, 3, 3.0, id="trailing silence does not count"),
        pytest.param(
            {0: 100.0, 1: 2.0, 2: 4.0, 3: 6.0}, 6, 5.0, id="trailing silence pushes the oldest out"
        ),
        pytest.param({0: 4.0}, 5, 0.0, id="a window of silence is no load"),
        pytest.param({0: 1.0, 1: 1.0, 2: 2.0}, 2, 1.333333, id="rounded to six decimals"),
        pytest.param({1_000_000: 1.5}, 1_000_000, 1.5, id="seconds may start anywhere"),
    ],
)
def test_the_average_follows_the_bucket_rules(values, at_s, expected):
    assert average(window_of(values), at_s) == pytest.approx(expected, abs=1e-9)


def test_what_is_observed_twice_in_a_second_adds_up():
    window = record(record(empty_window(5), 3, 1.0), 3, 2.0)

    assert average(window, 3) == 3.0


def test_recording_leaves_the_earlier_window_as_it_was():
    before = record(empty_window(5), 0, 1.0)
    record(before, 0, 5.0)

    assert average(before, 0) == 1.0


@pytest.mark.parametrize(("at_s", "empty"), [(2, False), (7, False), (8, True)])
def test_a_window_is_empty_once_silence_is_longer_than_it(at_s, empty):
    assert is_empty(record(empty_window(5), 2, 1.0), at_s) == empty


def test_a_window_nobody_wrote_to_is_empty():
    assert is_empty(empty_window(60), 0)
    assert average(empty_window(60), 0) == 0.0
