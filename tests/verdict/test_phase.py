import numpy as np
import pytest

from shapes.rate_log import RateLog, RateSegment
from tests.verdict.simulated import make_plan, ramp
from verdict.phase import measured_bounds_s, rate_is_constant, whole_windows
from verdict.windows import Windows

STEP = RateLog((RateSegment(0.0, 10.0), RateSegment(30.0, 20.0)))


@pytest.mark.parametrize(
    ("rates", "from_s", "to_s", "constant"),
    [
        (STEP, 0.0, 30.0, True), (STEP, 0.0, 31.0, False), (STEP, 30.0, 60.0, True),
        (STEP, 29.0, 60.0, False), (ramp(0.0, 50.0, 40.0), 0.0, 60.0, False),
        (ramp(0.0, 50.0, 40.0), 10.0, 20.0, False), (ramp(0.0, 50.0, 40.0), 40.0, 60.0, True),
    ],
    ids=[
        "before a step", "over a step", "after a step", "just before it on", "ramp and hold",
        "within a ramp", "after a ramp",
    ],
)  # fmt: skip
def test_a_rate_is_constant_where_it_is_one_number_throughout(rates, from_s, to_s, constant):
    assert rate_is_constant(make_plan(rates=rates), from_s, to_s) is constant


def test_an_edit_to_the_same_rate_changes_nothing():
    assert rate_is_constant(make_plan().with_rate_edit(30.0, 50.0), 0.0, 60.0)


def windows_until(end_s: float) -> Windows:
    windows = Windows()
    for at_s in np.arange(0.5, end_s):
        windows.add_sent(float(at_s))
    return windows


def test_the_measured_phase_lasts_from_the_warm_up_to_the_plans_end():
    plan = make_plan(warm_up_s=20.0)
    assert measured_bounds_s(plan, Windows()) == (20.0, 60.0)


def test_a_run_stopped_in_its_warm_up_has_no_measured_phase():
    plan = make_plan(warm_up_s=20.0).with_stop(10.0)
    assert measured_bounds_s(plan, Windows()) == (10.0, 10.0)


def test_a_plan_without_an_end_ends_with_its_last_send():
    plan = make_plan(duration_s=None)
    assert measured_bounds_s(plan, windows_until(30.0)) == (0.0, 30.0)


@pytest.mark.parametrize(
    ("from_s", "to_s", "expected"),
    [(0.0, 30.0, (0, 30)), (2.5, 9.5, (3, 9)), (2.0, 99.0, (2, 30)), (5.0, 5.0, (5, 5))],
)
def test_only_whole_windows_count(from_s, to_s, expected):
    found = whole_windows(windows_until(30.0), from_s, to_s)
    assert (found.start, found.stop) == expected
