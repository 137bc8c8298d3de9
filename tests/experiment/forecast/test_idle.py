"""When it is said that the autoscaler has nothing to do, against what the model makes of it."""

import pytest

from experiment.forecast.idle import goes_to_zero, idle_reason, is_idle
from experiment.forecast.modelled_run import modelled_run
from simulator.service import Service
from tests.experiment.forecast.asking import options, question_values, row

LOW = ("--rps", "6", "--service-time", "100ms")
HIGH = ("--rps", "50", "--service-time", "1s")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((*HIGH, "--cc", "0"), True),
        ((*HIGH, "--cc", "0", "--cores", "60"), True),
        ((*HIGH, "--cc", "0", "--cores", "51"), False),  # so crowded that twice as many are at once
        ((*HIGH, "--cc", "0", "--target", "80"), False),  # 56: the short average goes beyond it
        ((*HIGH, "--cc", "0", "--target", "80", "--law", "uniform"), True),
        ((*HIGH, "--cc", "1", "--max-scale", "1"), True),
        ((*HIGH, "--cc", "0", "--metric", "rps"), True),
        ((*LOW, "--cc", "1", "--law", "uniform"), True),
        ((*LOW, "--cc", "1"), False),  # 0.6 of 0.7, but calls that wait are at once too
        ((*LOW, "--cc", "1", "--target-utilization", "100", "--rps", "3"), False),
        ((*LOW, "--cc", "1", "--min-scale", "6"), True),
        ((*LOW, "--cc", "10"), True),
    ],
)
def test_the_autoscaler_has_nothing_to_do_where_no_average_asks_for_more(arguments, expected):
    assert is_idle(*row(*arguments)) is expected


@pytest.mark.parametrize(
    ("rate", "more", "expected"),
    [
        ("0.01", (), True),
        ("0.2", (), True),
        ("0.5", (), False),
        ("0.2", ("--law", "uniform"), False),  # a call each 5 s
        ("0.01", ("--law", "uniform"), True),
        ("0.01", ("--min-scale", "1"), False),
        ("0.01", ("--no-scale-to-zero",), False),
    ],
)
def test_a_service_goes_to_zero_where_a_window_may_see_no_call(rate, more, expected):
    asked = row("--rps", rate, "--service-time", "100ms", *more)

    assert goes_to_zero(asked[0]) is expected
    assert is_idle(*asked) is not expected


@pytest.mark.parametrize(("rate", "pods"), [("0.02", 0), ("0.5", 1)])
def test_the_model_goes_to_zero_where_it_is_said(rate, pods):
    values = question_values(options("--rps", rate, "--service-time", "100ms", "--duration", "1h"))

    assert modelled_run(values, 1).pods_least == pods


@pytest.mark.parametrize("more", [("--cc", "10"), ("--cc", "1", "--min-scale", "6")])
def test_where_it_is_said_the_model_agrees_from_the_first_second_on(more):
    values = question_values(options(*LOW, *more, "--duration", "6m", "--warm-up", "0s"))
    found = modelled_run(values, 1)

    assert found.pods_least == found.pods_peak == max(values.min_scale, 1)


def test_where_it_is_not_for_calls_that_wait_the_model_agrees_too():
    values = question_values(options(*LOW, "--cc", "1", "--duration", "4m"))

    assert modelled_run(values, 1).pods_peak > 1


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (Service(), "its target is 70 calls at once for each pod, and the largest load is 50"),
        (Service(max_scale=1), "max-scale 1 holds it at 1 pod"),
        (Service(min_scale=2), "its target is 70 calls at once for each pod, min-scale is 2,"),
        (Service(metric="rps"), "its target is 140 calls a second for each pod"),
    ],
)
def test_the_reason_names_the_setting(service, said):
    assert said in idle_reason(service, 50.0)
