import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.schema import CallRecord
from verdict.littles_law import littles_residual
from verdict.windows import COLUMNS, MOST_WINDOWS, Windows


def lasting(most_s: int):
    """Times in whole milliseconds: a duration of 1e-16 s is lost in the sum with its start."""
    return st.integers(0, 1000 * most_s).map(lambda time_ms: time_ms / 1000)


calls = st.lists(
    st.tuples(lasting(5000), lasting(2), st.one_of(st.none(), lasting(50))),
    min_size=1,
    max_size=50,
)


def record(intended_s: float, lag_s: float, service_s: float | None) -> CallRecord:
    sent_s = intended_s + lag_s
    received_s = None if service_s is None else sent_s + service_s
    status = "unfinished" if service_s is None else "ok"
    return CallRecord(0, "measured", "", "a", intended_s, sent_s, received_s, status)


def windows_of(rows) -> Windows:
    windows = Windows()
    for row in rows:
        windows.add_sent(row[0] + row[1])
        windows.add(record(*row))
    return windows


@given(calls)
def test_their_number_is_bounded_and_nothing_is_lost(rows):
    windows = windows_of(rows)
    assert len(windows.rows) <= MOST_WINDOWS
    assert windows.column("sends").sum() == len(rows)
    assert windows.column("ends").sum() + windows.column("cut").sum() == len(rows)


@given(calls, calls)
def test_merging_is_the_same_as_adding_everything_in_one_place(first, second):
    merged = windows_of(first)
    merged.merge(windows_of(second))
    whole = windows_of(first + second)
    assert merged.width_s == whole.width_s
    for name in COLUMNS:
        assert merged.column(name) == pytest.approx(whole.column(name), abs=1e-6)


@given(calls)
def test_in_flight_area_and_latencies_agree_however_wide_the_windows(rows):
    windows = windows_of(rows)
    residual = littles_residual(windows)
    assert residual is None or residual == pytest.approx(0, abs=1e-6)


def fifty_calls() -> list[tuple[float, float, float]]:
    return [(second, 0.001, 0.5) for second in np.arange(0.0, 50.0)]


def test_a_send_that_is_never_recorded_breaks_littles_law():
    windows = windows_of(fifty_calls())
    windows.add_sent(1.0)
    residual = littles_residual(windows)
    assert residual is not None
    assert residual > 0.02


def test_an_end_stamped_wrongly_breaks_littles_law():
    windows = windows_of(fifty_calls())
    windows.add(record(1.0, 0.001, 30.0))
    residual = littles_residual(windows)
    assert residual is not None
    assert residual > 0.02


def test_nothing_sent_is_not_judged():
    assert littles_residual(Windows()) is None
