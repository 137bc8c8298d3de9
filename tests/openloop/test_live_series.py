from openloop.live_series import MOST_WINDOWS, OPEN_SECONDS, LiveSeries
from tests.openloop.live_fakes import second


def sent(series):
    return [window.amounts.sent for window in series.windows()]


def test_members_add_up_by_second():
    series = LiveSeries()
    series.take("w0", [second(0, ok=2, in_flight=1), second(1, ok=3)])
    series.take("w1", [second(0, ok=5, in_flight=4), second(1, ok=7)])
    assert sent(series) == [7, 10]
    assert series.windows()[0].in_flight == 5


def test_a_second_told_twice_counts_once():
    series = LiveSeries()
    series.take("w0", [second(0, ok=2)])
    series.take("w0", [second(0, ok=2), second(1, ok=3)])
    assert sent(series) == [2, 3]


def test_a_newest_second_waits_for_the_others():
    series = LiveSeries()
    series.take("w0", [second(0, ok=1), second(1, ok=1)])
    series.take("w1", [second(0, ok=1)])
    assert sent(series) == [2]


def test_a_member_that_falls_silent_holds_nothing_up():
    series = LiveSeries()
    series.take("w1", [second(0, ok=1)])
    series.take("w0", [second(at, ok=1) for at in range(4)])
    assert sent(series) == [2, 1, 1, 1]


def test_a_second_that_is_long_over_stays_as_it_is():
    series = LiveSeries()
    series.take("w0", [second(at, ok=1) for at in range(OPEN_SECONDS + 2)])
    series.take("w0", [second(0, ok=100)])
    assert sent(series)[0] == 1


def test_a_day_of_seconds_stays_bounded_and_loses_no_call():
    series = LiveSeries()
    for at in range(24 * 3600):
        series.take("w0", [second(at, ok=1, in_flight=at)])
    windows = series.windows()
    assert len(windows) <= MOST_WINDOWS + OPEN_SECONDS
    assert sum(window.amounts.sent for window in windows) == 24 * 3600
    assert [window.start_s for window in windows] == [n * series.width for n in range(len(windows))]
    assert windows[0].in_flight == series.width - 1, "as at the window's end"


def test_a_page_can_ask_for_the_newest_alone():
    series = LiveSeries()
    series.take("w0", [second(at, ok=1) for at in range(30)])
    assert [window.start_s for window in series.windows(from_s=28.0)] == [28, 29]


def test_looking_changes_nothing():
    series = LiveSeries()
    series.take("w0", [second(at, ok=1) for at in range(700)])
    assert sent(series) == sent(series)
