import math

import numpy as np
import pytest

from analysis.metrics.scaling import Scaling, watched_span
from analysis.metrics.scaling_numbers import scaling_numbers
from tests.replica_rows import (
    STARTED_UNIX_S,
    end_of,
    gap,
    mode,
    ordered,
    panic,
    row,
    scale,
    start_of,
)
from verdict.pods_needed import PodTarget
from verdict.replica_view import view_of

ONE_CALL_A_POD = PodTarget("concurrency", 1.0)
BEFORE = [scale(-1.0, 0), mode(-1.0, "Proxy")]


def numbers(*groups, from_s=0.0, to_s=100.0, ended=True, rate_rps=20.0, needed=None, ok=200):
    """Of a constant rate of calls of 100 ms."""
    view = view_of(ordered(*groups), STARTED_UNIX_S, ended=ended)
    scaling = Scaling(
        view,
        to_s,
        rates_between=lambda edges: np.full(len(edges) - 1, rate_rps),
        needed=needed or (lambda rates: ONE_CALL_A_POD.needed(rates, 0.1)),
        ok_between=lambda _from_s, _to_s: ok,
    )
    return scaling_numbers(scaling, watched_span(view, from_s, to_s)).set_index("metric")


def test_a_start_from_zero_in_numbers():
    found = numbers(BEFORE, scale(0.5, 2), start_of("a", 1.0, 4.0), start_of("b", 1.0, 6.0))
    expected = {
        "pods_at_start": 0,
        "pods_at_end": 2,
        "most_pods": 2,
        "time_to_first_pod": 4.0,
        "time_to_most_pods": 6.0,
        "waiting_for_pods_s": 5.5,
        "short_of_pods_s": 6.0,
        "missing_pod_seconds": 2 * 4 + 2,
        "idle_pod_seconds": 0.0,
        "pod_seconds": 96 + 94,
        "pod_seconds_per_success": 190 / 200,
        "without_pods_s": 4.0,
        "activator_in_path": 1.0,
        "turns_of_desired": 0,
        "scaled_to_zero": 0,
    }
    assert found["value"].loc[list(expected)].to_dict() == pytest.approx(expected)
    assert not found["doubtful"].any()


def test_scaling_to_zero_and_back_within_the_run_is_counted():
    found = numbers(
        BEFORE, start_of("a", 1.0, 4.0), end_of("a", 40.0, 70.0), start_of("b", 80.0, 83.0)
    )["value"]
    assert found["scaled_to_zero"] == 1
    assert found["without_pods_s"] == pytest.approx(4 + 43)
    assert found["turns_of_ready"] == 2
    assert found["swung_pods"] == 1


def test_where_nobody_tells_of_panic_it_is_not_known():
    found = numbers(BEFORE, start_of("a", 1.0, 4.0)).loc["panic_entries"]
    assert math.isnan(found["value"])
    assert found["why_none"].startswith("nobody told")


def test_a_panic_that_began_in_the_warm_up_and_lasts_counts_in_the_measured_phase():
    rows = [BEFORE, start_of("a", 1.0, 4.0), panic(2.0, True), panic(62.0, False)]
    found = numbers(*rows, from_s=20.0)["value"]
    assert (found["panic_entries"], found["panic_s"]) == (1, pytest.approx(42.0))


def test_without_the_services_settings_what_is_needed_is_not_known():
    found = numbers(BEFORE, start_of("a", 1.0, 4.0), needed="no settings")
    assert found.loc["missing_pod_seconds", "why_none"] == "no settings"
    assert found.loc["pod_seconds", "value"] == pytest.approx(96.0)


def test_without_a_success_a_success_has_no_price():
    found = numbers(BEFORE, start_of("a", 1.0, 4.0), ok=0)
    assert found.loc["pod_seconds_per_success", "why_none"] == "no call came back well"


def test_pods_that_never_get_ready_are_waited_for_to_the_end():
    begun = [row(1.0, "pod", pod="a", phase="created", said_unix_s=None, node="")]
    found = numbers(BEFORE, scale(0.5, 1), begun)
    assert found.loc["time_to_first_pod", "why_none"] == "no pod was ready"
    assert found.loc["waiting_for_pods_s", "value"] == pytest.approx(99.5)
    assert found.loc["most_pods", "value"] == 0


def test_a_gap_makes_doubtful_what_it_may_hide():
    found = numbers(BEFORE, start_of("a", 1.0, 4.0), gap(40.0, 46.0))["doubtful"]
    assert found["pod_seconds"]
    assert found["most_pods"]
    assert not found["time_to_first_pod"]
    assert not found["pods_at_start"]


def test_an_observer_that_came_late_does_not_know_when_the_first_pod_was_ready():
    rows = [scale(30.0, 1), *start_of("a", 30.0, 30.0)]
    found = numbers([{**each, "said_unix_s": STARTED_UNIX_S + 2.0} for each in rows])
    assert found.loc["time_to_first_pod", "why_none"] == "nobody watched before 30 s"
    assert found.loc["pod_seconds", "value"] == pytest.approx(70.0)


def test_a_span_that_nobody_watched_has_no_numbers():
    view = view_of(ordered(scale(0.0, 1), scale(10.0, 1)), STARTED_UNIX_S, ended=False)
    assert watched_span(view, 20.0, 60.0) is None


def test_where_only_the_mode_was_seen_there_are_no_numbers():
    assert watched_span(view_of([mode(-1.0, "Proxy")], STARTED_UNIX_S, ended=True), 0, 60) is None
